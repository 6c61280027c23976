"""The closed lists of words that facts use."""

from enum import StrEnum


class Session(StrEnum):
    """When on a day the roll is taken."""

    MORNING = "morning"  # 上午（晨检）
    AFTERNOON = "afternoon"  # 下午
    EVENING = "evening"  # 晚自习


class Mark(StrEnum):
    """What a roll call says of one child."""

    PRESENT = "present"  # 到校
    LATE = "late"  # 迟到（到校）
    SICK = "sick"  # 病假
    PERSONAL = "personal"  # 事假
    NONE = "none"  # 未请假


class LeaveKind(StrEnum):
    SICK = "sick"
    PERSONAL = "personal"


class Means(StrEnum):
    """How a family was reached."""

    VISIT = "visit"  # 家访
    PHONE = "phone"
    MESSAGE = "message"
    SCHOOL = "school"  # 家长到校
    HOSPITAL = "hospital"  # 到医院探望


class Outcome(StrEnum):
    """How a contact ended."""

    WILL_RETURN = "will_return"  # 答应返校
    RETURNED = "returned"  # 已返校
    SICK = "sick"  # 确因病
    REFUSES = "refuses"  # 拒绝返校
    WORKING = "working"  # 外出务工
    MOVED = "moved"  # 已随迁或转学
    NOBODY = "nobody"  # 没找到人
    OTHER = "other"


class VisitContent(StrEnum):
    """What a home visit talks about: the six items of A10-17."""

    IN_SCHOOL = "in_school"  # 在校情况汇报
    AT_HOME = "at_home"  # 在家情况询问
    FAMILY = "family"  # 家庭结构、经济、环境、教育
    MEASURES = "measures"  # 共育措施
    RELATION = "relation"  # 亲子关系
    FEELINGS = "feelings"  # 情感交流


class Risk(StrEnum):
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Stage(StrEnum):
    """Where a case stands. Only ``CLOSED`` takes a child out of the count."""

    OPEN = "open"  # 立案
    SUSPECTED = "suspected"  # 疑似辍学
    CONFIRMED = "confirmed"  # 辍学登记
    PERSUADING = "persuading"  # 劝返中
    RETURNED = "returned"  # 已返校
    FOLLOWING = "following"  # 跟踪
    CLOSING = "closing"  # 待销号核准
    CLOSED = "closed"  # 已销号


class EnrolmentChange(StrEnum):
    """The register's eight kinds of change (D16), promotion with the school year, and corrections."""

    ENTERED = "entered"  # 入学
    TRANSFERRED_IN = "transferred_in"  # 转入
    TRANSFERRED_OUT = "transferred_out"  # 转出
    SUSPENDED = "suspended"  # 休学
    RESUMED = "resumed"  # 复学
    DROPPED_OUT = "dropped_out"  # 辍学
    BORROWED = "borrowed"  # 借读
    REPEATED = "repeated"  # 留级
    GRADUATED = "graduated"  # 毕业结业
    MOVED_CLASS = "moved_class"  # 调班
    PROMOTED = "promoted"  # 升级（学年更替）
    DIED = "died"
    REMOVED = "removed"  # 误建撤销


class FalseMark(StrEnum):
    """Why a mark was false. Only these are corrections (policy.md, semantics 4)."""

    WRONG_CHILD = "wrong_child"  # 点错人
    WRONG_DAY = "wrong_day"  # 点错天
    WAS_PRESENT = "was_present"  # 当时其实在校


class SignStep(StrEnum):
    """The four steps of the monthly return (A11-15…17)."""

    PREPARED = "prepared"  # 学生科统计
    CHECKED = "checked"  # 班主任核对
    REVIEWED = "reviewed"  # 分管副校长复核
    SIGNED = "signed"  # 校长签发
