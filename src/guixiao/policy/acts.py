"""The closed list of acts a rule may demand (``must``), with the words a teacher uses.

Rules of different packs that mean the same act use the same code, so that they compose into one task.
"""

ACTS: dict[str, str] = {
    "take_roll": "点名",
    "report_absence": "报告缺勤",
    "home_visit": "上门家访",
    "joint_home_visit": "一起上门家访",
    "collective_home_visit": "会同村委会上门",
    "contact_family": "联系家长，问清原因",
    "register_and_notify": "登记并通知联系班级的领导",
    "report_to_principal": "报告校长",
    "report_to_leaders": "报告中层领导和校长",
    "report_up": "上报乡镇政府和县教育局",
    "notify_village": "通知村委会主任",
    "inform_deputy_director": "向分管副局长通报",
    "make_plan": "拟定一人一案",
    "approve_plan": "主持会议，批准方案",
    "organise_persuasion": "组织劝返，落实去向",
    "village_persuasion": "会同村组干部劝返",
    "report_to_village": "向村委会包保领导汇报",
    "mark_suspected_dropout": "标记疑似辍学",
    "persuade_return": "登记并劝返复学",
    "written_report": "书面报告教育行政部门",
    "monthly_report": "报送月报",
    "prepare_return": "统计月报",
    "check_return": "核对月报",
    "review_return": "复核月报",
    "sign_return": "签发月报",
    "visit_quota": "完成家访",
    "clear_unknown_days": "查清没点名的日子",
}
