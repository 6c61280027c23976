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
    "written_report": gettext_noop("书面上报辍学学生情况"),
    "send_to_visit": gettext_noop("派教师当天家访"),
    "hand_in_visit": gettext_noop("交家访记录，报告情况"),
    "report_to_central_school": gettext_noop("向中心学校汇报"),
    "joint_persuasion": gettext_noop("会同村干部劝返"),
    "go_on_persuading": gettext_noop("协助乡镇、村继续劝返"),
    "opening_report": gettext_noop("报开学辍学和劝返情况"),
    "register_dropout": gettext_noop("登记造册，研究返校措施"),
    "enter_procedure": gettext_noop("进入辍学处理程序"),
    "report_to_government": gettext_noop("了解原因，向当地政府汇报"),
    "ask_government": gettext_noop("请当地政府依法督促监护人"),
    "track_child": gettext_noop("跟踪辍学学生，问清去向"),
    "season_report": gettext_noop("报春秋两季辍学情况"),
    "moving_report": gettext_noop("报流动学生情况"),
    "monthly_report": gettext_noop("报送月报"),
    "prepare_return": gettext_noop("统计月报"),
    "check_return": gettext_noop("核对月报"),
    "review_return": gettext_noop("复核月报"),
    "sign_return": gettext_noop("签发月报"),
    "visit_quota": gettext_noop("完成家访"),
    "clear_unknown_days": gettext_noop("查清没点名的日子"),
}
