"""Six children of 石板河初级中学 and the six ways their stories go."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import partial

from guixiao.cases import actions as cases
from guixiao.facts.codes import EnrolmentChange, FalseMark, Mark, Means, Outcome, Risk, Session, Stage
from guixiao.people import actions as people
from guixiao.people.models import Student
from guixiao.places.models import Place
from guixiao.rollcall import actions as rollcall
from guixiao.rollcall.models import RollCall
from guixiao.visits.content import Content

from .deeds import Deeds
from .script import Script

Story = Callable[[Script, Deeds, Student], None]
TEACHER, LEADER, VILLAGE = "class_teacher", "liaison_leader", "village_head"


def _sep(day: int) -> date:
    return date(2026, 9, day)


def _oct(day: int) -> date:
    return date(2026, 10, day)


def _nov(day: int) -> date:
    return date(2026, 11, day)


def on_the_ladder(script: Script, deeds: Deeds, child: Student) -> None:
    """李小满: away since Monday 16 November; today is decided by whoever takes the roll of 八（3）班."""
    script.absent(child.pk, _nov(16), _nov(17))
    nobody = Content(
        child_absent_why="奶奶说一早出了门，不知道去哪里，邻居也没看见。",
        guardian_words="奶奶：爸妈都在广东，我管不住这孩子。",
        contents={"at_home": "父母都在外地，跟奶奶住。"},
        place="岩脚村第三组",
        next_step="明天和联系领导再去，先给父亲打电话。",
        next_day=_nov(17),
    )
    script.then(_nov(16), 17, 40, lambda now: deeds.visit(now, child, (TEACHER,), Outcome.NOBODY, nobody))
    met = Content(
        child_words="不想读了，作业跟不上，上课像听天书。",
        guardian_words="父亲在电话里说：还是要读，劝孩子明天去。",
        contents={"in_school": "数学从期中起掉了一大截。", "measures": "约定先补两周数学。"},
        causes=["learning"],
        met=["child", "elder"],
        place="岩脚村第三组",
        next_step="明早在校门口等。",
        next_day=_nov(18),
    )
    script.then(
        _nov(17), 18, 5, lambda now: deeds.visit(now, child, (LEADER, TEACHER), Outcome.WILL_RETURN, met)
    )
    for day in (16, 17):
        script.then(_nov(day), 20, 10, lambda now: deeds.answer(now, child))


def dropped_out(script: Script, deeds: Deeds, child: Student) -> None:
    """覃晓峰: away from 8 September, suspected after a week, confirmed on the 25th, persuaded ever since."""
    away = [_sep(day) for day in (8, 9, 10, 11, 14, 15, 16, 17, 18, 20, 21, 22, 23, 24)]
    script.absent(child.pk, *away)
    gone = Content(
        child_absent_why="家里只有爷爷，说去了县城亲戚家。",
        guardian_words="爷爷：他说坐不住，要去学修车。",
        causes=["weary"],
        next_step="请村主任一起去县城找。",
    )
    script.then(_sep(8), 17, 20, lambda now: deeds.visit(now, child, (TEACHER,), Outcome.NOBODY, gone))
    script.then(_sep(9), 18, 0, lambda now: deeds.visit(now, child, (LEADER, TEACHER), Outcome.NOBODY, gone))
    script.then(_sep(10), 10, 0, lambda now: deeds.plan(now, child, *_tasks()))
    script.then(_sep(10), 15, 30, lambda now: deeds.approve(now, child))
    found = Content(
        child_words="坐不住，想去县城学修车，学校里没意思。",
        guardian_words="父亲：他不读我也没办法。",
        causes=["weary", "work"],
        met=["child"],
        place="县城南门修车铺",
        next_step="请镇里一起劝。",
    )
    together = ("student_affairs", LEADER, TEACHER, VILLAGE)
    script.then(_sep(10), 18, 30, lambda now: deeds.visit(now, child, together, Outcome.REFUSES, found))
    for day in (8, 9, 10, 16):
        script.then(_sep(day), 20, 0, lambda now: deeds.answer(now, child))
    script.then(_sep(25), 9, 30, partial(_confirm, deeds, child))
    for when, hour in ((_oct(15), 18), (_nov(4), 17)):
        script.then(
            when, hour, 0, lambda now: deeds.visit(now, child, (TEACHER, VILLAGE), Outcome.WORKING, found)
        )
    script.then(
        _nov(12),
        19,
        0,
        lambda now: deeds.visit(
            now, child, (TEACHER,), Outcome.REFUSES, found, "问近况，讲职校复学班", Means.PHONE
        ),
    )


def _confirm(deeds: Deeds, child: Student, now: datetime) -> None:
    by = deeds.by("principal", child)
    case = deeds.case(child)
    cases.set_risk(by=by, now=now, case=case, risk=Risk.HIGH, reason="离校十几天，想打工，家里不反对。")
    if case.stage != Stage.CONFIRMED:
        cases.confirm_dropout(
            by=by, now=now, case=case, reason="四次上门和电话劝返都没有回来，本人在县城修车铺。", day=_sep(25)
        )


def fell_ill(script: Script, deeds: Deeds, child: Student) -> None:
    """何美琪: pneumonia for six school days; the class teacher went to see her."""
    script.mark(child.pk, Mark.SICK, *(_nov(day) for day in (9, 10, 11, 12, 13, 16)))
    ill = Content(
        child_words="还在咳嗽，想早点回来，怕落下课。",
        guardian_words="母亲：医生说再休息两天。",
        contents={"at_home": "母亲请了假在家照顾。", "measures": "每天把课堂笔记发给她。"},
        met=["child", "mother"],
        next_step="周二看她能不能来。",
    )
    script.then(
        _nov(11),
        17,
        0,
        lambda now: deeds.visit(now, child, (TEACHER,), Outcome.SICK, ill, "看望，问病情，说补课"),
    )


def came_back(script: Script, deeds: Deeds, child: Student) -> None:
    """罗天佑: three days away in October, a plan, back on the fourth; the case is closed by the principal."""
    script.absent(child.pk, _oct(12), _oct(13), _oct(14))
    _three_days(script, deeds, child, [_oct(12), _oct(13), _oct(14)])
    script.then(
        _nov(2),
        16,
        0,
        lambda now: deeds.propose(now, child, "returned_stays", "10月15日起天天到校，数学补上来了。"),
    )
    script.then(_nov(3), 9, 10, lambda now: deeds.close(now, child, "看了点名记录，和孩子谈过，同意销号。"))


def away_again(script: Script, deeds: Deeds, child: Student) -> None:
    """韦思敏: away in September, back and closed; away again in November, so a second case is linked."""
    script.absent(child.pk, _sep(14), _sep(15), _sep(16), _nov(11), _nov(12), _nov(13))
    _three_days(script, deeds, child, [_sep(14), _sep(15), _sep(16)])
    script.then(
        _sep(29), 16, 0, lambda now: deeds.propose(now, child, "returned_stays", "9月17日起天天到校。")
    )
    script.then(_sep(30), 9, 0, lambda now: deeds.close(now, child, "点名记录连续，同意销号。"))
    _three_days(script, deeds, child, [_nov(11), _nov(12), _nov(13)])


def moved_away(script: Script, deeds: Deeds, child: Student) -> None:
    """黄梓轩: marked absent by mistake on 20 October; on 2 November moved to 双河初级中学 with a receipt."""
    script.absent(child.pk, _oct(20))
    script.then(_oct(20), 8, 55, partial(_mistaken, deeds, child))
    script.then(_nov(2), 15, 0, partial(_transfer, deeds, child))


def _mistaken(deeds: Deeds, child: Student, now: datetime) -> None:
    roll_call = RollCall.objects.get(klass=child.klass_id, day=_oct(20), session=Session.MORNING)
    rollcall.correct(
        by=deeds.by(TEACHER, child),
        now=now,
        roll_call=roll_call,
        student=child,
        mark=Mark.PRESENT,
        why=FalseMark.WAS_PRESENT,
    )


def _transfer(deeds: Deeds, child: Student, now: datetime) -> None:
    target = Place.objects.get(kind="class", name="八（2）班", path__startswith=_school("双河初级中学").path)
    people.move(
        by=deeds.by("registrar", child),
        now=now,
        student=child,
        klass=target,
        school=_school("双河初级中学"),
        day=_nov(2),
        change=EnrolmentChange.TRANSFERRED_IN,
    )


def _school(name: str) -> Place:
    return Place.objects.get(kind="school", name=name)


def _three_days(script: Script, deeds: Deeds, child: Student, days: list[date]) -> None:
    """The ladder done properly: visited on the first, jointly on the second, with the village on the third."""
    first, second, third = days
    said = Content(
        child_words="跟同学闹了别扭，不想见他们。",
        guardian_words="母亲：不知道他没去学校，会送他来。",
        contents={"relation": "母亲在镇上做工，晚上才回来。", "measures": "换了座位，同学来道歉。"},
        causes=["family"],
        met=["child", "mother"],
        next_step="明天一早来接。",
    )
    script.then(first, 17, 30, lambda now: deeds.visit(now, child, (TEACHER,), Outcome.WILL_RETURN, said))
    script.then(
        second, 18, 0, lambda now: deeds.visit(now, child, (LEADER, TEACHER), Outcome.WILL_RETURN, said)
    )
    script.then(third, 10, 0, lambda now: deeds.plan(now, child, *_tasks()))
    script.then(third, 14, 0, lambda now: deeds.approve(now, child))
    together = ("student_affairs", LEADER, TEACHER, VILLAGE)
    script.then(third, 18, 0, lambda now: deeds.visit(now, child, together, Outcome.WILL_RETURN, said))
    for day in days:
        script.then(day, 20, 0, lambda now: deeds.answer(now, child))


def _tasks() -> tuple[tuple[str, str, int, str], ...]:
    return (
        (VILLAGE, "跟家长谈法律责任，劝孩子回来", 7, "家长签字知情"),
        ("counsellor", "每周谈一次，共四次", 28, "记录四份"),
        (TEACHER, "安排同桌补课，每天放学看一次", 14, "作业能交齐"),
    )


STORIES: dict[str, Story] = {
    "李小满": on_the_ladder,
    "覃晓峰": dropped_out,
    "何美琪": fell_ill,
    "罗天佑": came_back,
    "韦思敏": away_again,
    "黄梓轩": moved_away,
}
