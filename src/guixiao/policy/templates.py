"""The Chinese sentences of reasons, by code. Source text of the catalogue; no logic here."""

from guixiao.facts.marking import gettext_noop

AND_MORE = gettext_noop(" 等 {n} 天")
WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")

TEMPLATES: dict[str, str] = {
    # the tree
    "duty": gettext_noop("{title}：{act}"),
    "cannot_tell": gettext_noop("有几天没人点名，说不准，要先查清"),
    "rule_says": gettext_noop("制度这样写：《{title}》{article} {says}"),
    "count_reached": gettext_noop("数到了 {n}，要求是满 {needed}"),
    "absent_on": gettext_noop("{day} 没请假没来，每个没来的上课日都要"),
    "count_unclear": gettext_noop("数到 {n}，还有 {unknown} 天没人点名；要求是满 {needed}，现在说不准"),
    "days_counted": gettext_noop("算：{days}，没请假没来"),
    "days_off_counted": gettext_noop("也算：{days}，这份制度连休息日一起数"),
    "days_leave": gettext_noop("不算也不断：{days}，有假"),
    "days_off": gettext_noop("不算也不断：{days}，不上课"),
    "days_unknown": gettext_noop("不明：{days} 没人点名，不能算缺，也不能算到"),
    "days_unannounced": gettext_noop("不明：{days} 所在年份的放假安排还没公布"),
    "leave_refused": gettext_noop("事后才准的假不往回算：{days}"),
    "since_present": gettext_noop("没有断过：{day} 到校以后，没有一次到校记录"),
    "since_unknown": gettext_noop("此前没有可查的到校记录"),
    "day": gettext_noop("{day} {kind}{note}"),
    "strip": gettext_noop("哪几天算数"),
    "every_school_day": gettext_noop("每个上课日都要做：{last}{note}"),
    "every_month": gettext_noop("每月一次：{first} 至 {last}"),
    "every_term": gettext_noop("每学期一次：{first} 至 {last}"),
    "every_school_year": gettext_noop("每学年一次：{first} 至 {last}"),
    "stage_reached": gettext_noop("个案在 {day} 到了“{stage}”"),
    "persuasion_failed": gettext_noop("劝返 {n} 次没有成功，最近一次在 {day}"),
    "after_met": gettext_noop("“{title}”{at} 已办，接着要办这一件"),
    "after_still_absent": gettext_noop("“{title}”{at} 已办，{day} 还是没来"),
    "who": gettext_noop("归{post} {person}"),
    "nobody": gettext_noop("{asked}没有人，往上各级也都空缺，请马上补人"),
    "via_deputy": gettext_noop("{vacancies}空缺，由代理人承担"),
    "via_stands_in": gettext_noop("{vacancies}空缺或没有设，由{post}承担"),
    "via_climbed": gettext_noop("{vacancies}空缺，往上由{post}承担"),
    "via_nobody": gettext_noop("{vacancies}都空缺"),
    "together_with": gettext_noop("会同：{post} {person}"),
    "reports_to": gettext_noop("结果报：{post} {person}"),
    "due": gettext_noop("{due} 前"),
    "from_event": gettext_noop("从事情发生算起：{at}"),
    "from_known": gettext_noop("从系统收到算起：{at}"),
    "from_calendar": gettext_noop("按校历，从 {at} 起"),
    "mid_term": gettext_noop("产生时开学的期限已过，按学期中途的期限"),
    "by_receipt": gettext_noop("以记录交到系统的时间为准"),
    "chosen_by": gettext_noop("{title}：{place}{place_name}选定 {value}，自 {since} 起"),
    "as_written": gettext_noop("{title}：按制度原文，{value}"),
    "not_written": gettext_noop("{title}：原文没有写，暂按 {value}"),
    "met_home_visit": gettext_noop(
        "怎样算办完：一份家访记录，到场的有{posts}；学校至少 {school} 人，村里至少 {village} 人"
    ),
    "met_contact": gettext_noop("怎样算办完：联系上家长，有一份联系记录"),
    "met_reported": gettext_noop("怎样算办完：向{posts}报告，留有记录"),
    "met_roll_report": gettext_noop("怎样算办完：点名一提交，就是报告"),
    "met_plan": gettext_noop("怎样算办完：一份方案，参加的有{posts}"),
    "met_plan_approved": gettext_noop("怎样算办完：方案经批准"),
    "met_roll_call": gettext_noop("怎样算办完：这个班的点名已提交"),
    "met_return_step": gettext_noop("怎样算办完：月报走完“{step}”这一步"),
    "met_return_submitted": gettext_noop("怎样算办完：报表签发锁定，零报告也算"),
    "met_stage": gettext_noop("怎样算办完：个案标到“{stage}”"),
    "met_quota": gettext_noop("怎样算办完：家访满 {needed}，已有 {done}"),
    "then_told": gettext_noop("过了时限没办：告诉{post}，每一级只告诉一次，一直挂着"),
    "rung": gettext_noop("{at} 已告诉{post} {person}（第 {n} 级）"),
    "received_later": gettext_noop("{at} 办的，{known} 系统才收到"),
    "state_met": gettext_noop("已办完：{at}"),
    "state_met_late": gettext_noop("已办完，但迟了：{at}"),
    "state_missed": gettext_noop("已经逾期，还要办"),
    "state_open": gettext_noop("还在办"),
    "state_upcoming": gettext_noop("还没到时候"),
    "state_cannot_tell": gettext_noop("现在说不准"),
    "missed_then_ended": gettext_noop("{due} 没有办完，逾期记着；孩子 {at} 回来后不再催"),
    "ended_present": gettext_noop("孩子 {at} 到校，还没到期的撤回"),
    "ended_case": gettext_noop("{at} 已确认辍学，转由个案继续"),
    "ended_left": gettext_noop("{at} 学籍已变动，不再按天催"),
    "ended_case_over": gettext_noop("{at} 已返校或销号"),
    "mark_corrected": gettext_noop("{day} 的点名有误（{why}），已更正，因此产生的都撤回"),
    "leave_backdated": gettext_noop("{first} 起的假由{post}补准，职务不低于已通知到的最高一级，撤回"),
    "was_present": gettext_noop("补来的点名说 {day} 到了校，不再连着算"),
    "year_not_announced": gettext_noop("{day} 所在年份的放假安排还没公布，期限算不出来；不猜"),
    # refusals
    "loosening_refused": gettext_noop(
        "不能放宽：“{parameter}”{set_by}{clause}定为 {old}，{place}{own_clause}要改成 {new}。只能更严"
    ),
    "fixed_refused": gettext_noop(
        "不能改：“{parameter}”由{set_by}{clause}定为 {old}，{place}{own_clause}要改成 {new}"
    ),
    # one sentence
    "headline": gettext_noop("{child}{reason}，{who} 要在 {due} 前{act}"),
    "headline_unclear": gettext_noop("{child}{reason}，{who} 今天要{act}"),
    "short_count_reached": gettext_noop(" {n} 天没请假没来"),
    "short_absent_on": gettext_noop(" {day} 没请假没来"),
    "short_count_unclear": gettext_noop(" {n} 天没请假没来，另有 {unknown} 天没人点名"),
    "short_every_school_day": gettext_noop(" {last} 上课"),
    "short_every_month": gettext_noop(" {first} 起的这个月"),
    "short_every_term": gettext_noop(" 本学期"),
    "short_every_school_year": gettext_noop(" 本学年"),
    "short_stage_reached": gettext_noop("的个案到了“{stage}”"),
    "short_persuasion_failed": gettext_noop("劝返 {n} 次没有成功"),
    "short_after_met": gettext_noop("“{title}”已办"),
    "short_after_still_absent": gettext_noop("“{title}”已办，{day} 还是没来"),
}

KINDS: dict[str, str] = {
    "present": gettext_noop("到校"),
    "absent": gettext_noop("未请假"),
    "returned": gettext_noop("未请假，当天到校"),
    "leave": gettext_noop("有假"),
    "unknown": gettext_noop("没点名"),
    "pending": gettext_noop("还没点名"),
    "off": gettext_noop("不上课"),
    "unannounced": gettext_noop("未公布"),
    "held": gettext_noop("个案办理中"),
}

STAGES: dict[str, str] = {
    "open": gettext_noop("立案"),
    "suspected": gettext_noop("疑似辍学"),
    "confirmed": gettext_noop("辍学登记"),
    "persuading": gettext_noop("劝返中"),
    "returned": gettext_noop("已返校"),
    "following": gettext_noop("跟踪"),
    "closing": gettext_noop("待销号核准"),
    "closed": gettext_noop("已销号"),
}

STEPS: dict[str, str] = {
    "prepared": gettext_noop("学生科统计"),
    "checked": gettext_noop("班主任核对"),
    "reviewed": gettext_noop("分管副校长复核"),
    "signed": gettext_noop("校长签发"),
}

WHY_FALSE: dict[str, str] = {
    "wrong_child": gettext_noop("点错了人"),
    "wrong_day": gettext_noop("点错了天"),
    "was_present": gettext_noop("当时其实在校"),
}

NOTATIONS: dict[str, str] = {
    "same_day": gettext_noop("当天"),
    "next_school_day": gettext_noop("下一个上课日"),
    "month_end": gettext_noop("当月最后一天"),
    "period_end": gettext_noop("每期结束后 {0}"),
    "term_start": gettext_noop("开学起 {0}"),
    "within": gettext_noop("{0}内"),
    "at": gettext_noop("当天 {0} 前"),
    "school_days": gettext_noop("{0} 个上课日内"),
    "working_days": gettext_noop("{0} 个工作日内"),
    "natural_days": gettext_noop("{0} 天内"),
}

# The same notation with nothing after it: a deadline without more, or which days count.
ALONE: dict[str, str] = {
    "period_end": gettext_noop("每期最后一天"),
    "school_days": gettext_noop("只数上课日"),
    "working_days": gettext_noop("只数工作日"),
    "natural_days": gettext_noop("每一天都数"),
}

LENGTHS: tuple[tuple[int, str], ...] = (
    (86400, gettext_noop("{0} 天")),
    (3600, gettext_noop("{0} 小时")),
    (60, gettext_noop("{0} 分钟")),
    (1, gettext_noop("{0} 秒")),
)
