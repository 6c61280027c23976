"""The closed list of acts a rule may demand (``must``), with the words a teacher uses.

Rules of different packs that mean the same act use the same code, so that they compose into one task.
"""

from guixiao.facts.marking import gettext_noop

ACTS: dict[str, str] = {
    "take_roll": gettext_noop("点名"),
    "report_absence": gettext_noop("报告缺勤"),
    "home_visit": gettext_noop("上门家访"),
    "joint_home_visit": gettext_noop("一起上门家访"),
    "collective_home_visit": gettext_noop("会同村委会上门"),
    "contact_family": gettext_noop("联系家长，问清原因"),
    "register_and_notify": gettext_noop("登记并通知联系班级的领导"),
    "report_to_principal": gettext_noop("报告校长"),
    "report_to_leaders": gettext_noop("报告中层领导和校长"),
    "report_up": gettext_noop("上报乡镇政府和县教育局"),
    "notify_village": gettext_noop("通知村委会主任"),
    "inform_deputy_director": gettext_noop("向分管副局长通报"),
    "make_plan": gettext_noop("拟定一人一案"),
    "approve_plan": gettext_noop("主持会议，批准方案"),
    "organise_persuasion": gettext_noop("组织劝返，落实去向"),
    "village_persuasion": gettext_noop("会同村组干部劝返"),
    "report_to_village": gettext_noop("向村委会包保领导汇报"),
    "mark_suspected_dropout": gettext_noop("标记疑似辍学"),
    "persuade_return": gettext_noop("登记并劝返复学"),
    "written_report": gettext_noop("书面报告教育行政部门"),
    "monthly_report": gettext_noop("报送月报"),
    "prepare_return": gettext_noop("统计月报"),
    "check_return": gettext_noop("核对月报"),
    "review_return": gettext_noop("复核月报"),
    "sign_return": gettext_noop("签发月报"),
    "visit_quota": gettext_noop("完成家访"),
    "clear_unknown_days": gettext_noop("查清没点名的日子"),
}
