"""Reads ``when`` and ``met_by``: one word each from a closed set."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from guixiao.facts.codes import Session, SignStep, Stage

from . import law as lex
from .reading import At

_DAYS = tuple(kind.value for kind in lex.CountedIn)


def read_trigger(at: At) -> lex.Trigger:
    """``absent_without_leave``, ``after``, ``case_stage``, ``persuasion_failed`` or ``every`` (with ``of``)."""
    if "every" in at.data:
        at.only({"every", "of", "session", "opens_before"})
        session = at.word("session", Session) if "session" in at.data else None
        return lex.Every(
            at.word("every", lex.Period),
            at.word("of", lex.SubjectKind),
            session,
            at.get("opens_before", int, 0),
        )
    readers: Mapping[str, Callable[[At, Any], lex.Trigger]] = {
        "absent_without_leave": _absent,
        "after": _after,
        "case_stage": lambda here, raw: lex.StageReached(_stage(here, raw)),
        "persuasion_failed": _failed,
    }
    return at.one_of(readers, "trigger")


def subject_of(trigger: lex.Trigger) -> lex.SubjectKind:
    return trigger.of if isinstance(trigger, lex.Every) else lex.SubjectKind.STUDENT


def _absent(at: At, raw: Any) -> lex.Trigger:
    child = at.at(raw, "absent_without_leave")
    child.only({*_DAYS, "days", "counted_in", "each_day"})
    named = [name for name in _DAYS if name in child.data]
    if len(named) + ("days" in child.data) != 1:
        raise child.fail(f"say exactly one of: {', '.join((*_DAYS, 'days'))}")
    each_day = child.get("each_day", bool, False)
    if each_day and named != [lex.CountedIn.SCHOOL_DAYS]:
        raise child.fail(
            "a demand of every day counts school_days: nobody is marked on the others", "each_day"
        )
    if named:
        return lex.AbsentWithoutLeave(_threshold(child, named[0]), lex.CountedIn(named[0]), each_day)
    counted_in = child.data.get("counted_in")
    if isinstance(counted_in, Mapping) and set(counted_in) == {"param"}:
        return lex.AbsentWithoutLeave(_threshold(child, "days"), lex.Param(str(counted_in["param"])))
    return lex.AbsentWithoutLeave(_threshold(child, "days"), child.word("counted_in", lex.CountedIn))


def _after(at: At, raw: Any) -> lex.Trigger:
    """``after: rule`` or ``after: {rule: …, still: absent}``."""
    if isinstance(raw, str):
        return lex.After(raw)
    child = at.at(raw, "after")
    child.only({"rule", "still"})
    if child.data.get("still", "absent") != "absent":
        raise child.fail("only: absent", "still")
    return lex.After(child.get("rule", str), "still" in child.data)


def _failed(at: At, raw: Any) -> lex.Trigger:
    child = at.at(raw, "persuasion_failed")
    child.only({"times"})
    return lex.PersuasionFailed(_threshold(child, "times"))


def _threshold(at: At, name: str) -> lex.Threshold | lex.Param:
    child = at.child(name)
    if set(child.data) == {"param"}:
        return lex.Param(child.get("param", str))
    if len(child.data) != 1:
        raise child.fail("say exactly one comparator: ge or gt")
    word = next(iter(child.data))
    if word not in ("ge", "gt"):
        raise child.fail("a count is reached by ge (满) or gt (超过)", str(word))
    return lex.Threshold(lex.Comparator(word), child.get(word, int))


def _stage(at: At, raw: Any) -> Stage:
    try:
        return Stage(raw)
    except ValueError:
        raise at.fail(f"{raw!r} is not a stage", "case_stage") from None


# --- met by ----------------------------------------------------------------------------------------


def read_test(at: At, report_to: tuple[str, ...]) -> lex.Test:
    """What meets the rule. A bare word takes no settings; ``reported`` means the rule's own recipients."""
    raw = at.data.get("met_by")
    if isinstance(raw, str):
        if raw == "reported" and report_to:
            return lex.ReportedTo(report_to)
        if raw in _BARE:
            return _BARE[raw]
        raise at.fail(f"unknown test {raw!r}; one of: {', '.join(sorted({*_BARE, *_READERS}))}", "met_by")
    return at.at(raw, "met_by").one_of(_READERS, "test")


_BARE: dict[str, lex.Test] = {
    "contact": lex.Contact(),
    "roll_report": lex.RollReport(),
    "roll_call": lex.RollCallTest(),
    "plan_made": lex.PlanWith(),
    "plan_approved": lex.PlanApprovedTest(),
    "return_submitted": lex.ReturnSubmittedTest(),
}


def _home_visit(at: At, raw: Any) -> lex.Test:
    child = at.at(raw, "home_visit")
    child.only({"with", "school", "village", "contents", "received"})
    return lex.HomeVisit(
        child.posts("with"),
        _number(child, "school"),
        _number(child, "village"),
        child.words("contents"),
        child.get("received", bool, False),
    )


def _contact(at: At, raw: Any) -> lex.Test:
    child = at.at(raw, "contact")
    child.only({"with", "reached", "received"})
    return lex.Contact(
        child.posts("with"), child.get("reached", bool, True), child.get("received", bool, False)
    )


def _roll_report(at: At, raw: Any) -> lex.Test:
    child = at.at(raw, "roll_report")
    child.only({"received"})
    return lex.RollReport(child.get("received", bool, False))


def _plan(at: At, raw: Any) -> lex.Test:
    child = at.at(raw, "plan_made")
    child.only({"with"})
    return lex.PlanWith(child.posts("with"))


def _roll_call(at: At, raw: Any) -> lex.Test:
    child = at.at(raw, "roll_call")
    child.only({"session"})
    return lex.RollCallTest(child.word("session", Session))


def _reported(at: At, raw: Any) -> lex.Test:
    child = at.at(raw, "reported")
    child.only({"to"})
    return lex.ReportedTo(child.posts("to"))


def _step(at: At, raw: Any) -> lex.Test:
    try:
        return lex.ReturnStepTest(SignStep(raw))
    except ValueError:
        raise at.fail(f"{raw!r} is not a step of the return", "return_step") from None


def _quota(at: At, raw: Any) -> lex.Test:
    child = at.at(raw, "quota")
    child.only({"by", "at_least", "percent"})
    by = child.get("by", str)
    if by not in ("head", "visit"):
        raise child.fail("counted by head or by visit", "by")
    return lex.Quota(by, _number(child, "at_least"), _number(child, "percent"))


def _number(at: At, name: str) -> int | lex.Param:
    raw = at.data.get(name, 0)
    if isinstance(raw, Mapping) and set(raw) == {"param"}:
        return lex.Param(str(raw["param"]))
    return at.get(name, int, 0)


_READERS: dict[str, Callable[[At, Any], lex.Test]] = {
    "home_visit": _home_visit,
    "contact": _contact,
    "plan_made": _plan,
    "roll_call": _roll_call,
    "roll_report": _roll_report,
    "reported": _reported,
    "return_step": _step,
    "quota": _quota,
    "case_stage": lambda at, raw: lex.StageReached(_stage(at, raw)),
}
