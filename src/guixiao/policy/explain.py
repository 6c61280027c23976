"""The tree of reasons behind an outcome (semantics 10), and its form in storage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from . import law as lex
from .acts import ACTS
from .parameters import notation
from .values import Assignee, Message, Progress, Reason, Rung, State, Value, Via, Weight, reason
from .who import line_above

if TYPE_CHECKING:
    from .in_force import Law
    from .judge import Demand, Scene, Staff, Standpoint
    from .met import Met


def tree(
    scene: Scene,
    demand: Demand,
    deadline: datetime,
    staff: Staff,
    found: Met | None,
    stands: Standpoint,
    fired: Sequence[Rung],
    progress: Progress | None,
) -> Reason:
    """Why this duty: what the rule says, why now, whose, by when, what meets it, how it stands."""
    rule = demand.rule
    children = (
        _says(demand),
        demand.because,
        staff.because,
        _due(scene, demand, deadline),
        _meets(demand, staff.who, progress),
        _stands(stands, found, fired),
    )
    return reason("duty", Weight.FOR, children, act=rule.must, title=rule.title, subject=scene.subject.id)


def unclear(says: Reason, because: Reason, clears: Assignee, deadline: datetime) -> Reason:
    """Why it cannot be told, and who must find out today."""
    who = reason(
        "who", Weight.FOR, asked=clears.asked, post=clears.post, person=clears.person, place=clears.place
    )
    children = (says, because, who, reason("due", Weight.FOR, due=deadline))
    return reason("cannot_tell", Weight.UNKNOWN, children)


def withdrawn(tree_before: Reason, why: Message) -> Reason:
    """The tree as it stood, with what took its ground away."""
    return Reason(
        tree_before.message,
        Weight.AGAINST,
        (*tree_before.children[:-1], Reason(why, Weight.AGAINST)),
        tree_before.entries,
    )


def _says(demand: Demand) -> Reason:
    """What the rule says where it binds: the same for every child, so it is made once."""
    return demand.law.told(("says", demand.rule.code), lambda: _said(demand))


def _said(demand: Demand) -> Reason:
    clause, adoption = demand.rule.clause, demand.law.adoption
    return reason(
        "rule_says",
        Weight.FOR,
        title=clause.title,
        article=clause.article,
        says=clause.says,
        effective=clause.effective,
        pack=demand.law.pack.code,
        version=demand.law.pack.version,
        place=adoption.place_id,
        place_name=adoption.place_name,
        since=adoption.first_day,
    )


def whose(rule: lex.Rule, who: Assignee, with_people: Sequence[Assignee], told: Sequence[Assignee]) -> Reason:
    """Whose duty it is, how it came to them, who goes along and who hears of it."""
    children = [_way(who)] if who.via is not Via.HOLDER else []
    for other in with_people:
        way = [_way(other)] if other.via is not Via.HOLDER else []
        children.append(reason("together_with", Weight.NEUTRAL, way, post=other.post, person=other.person))
    children += [reason("reports_to", post=to.post, person=to.person) for to in told]
    code = "who" if who.person is not None else "nobody"
    return reason(
        code, Weight.FOR, children, asked=rule.who, post=who.post, person=who.person, place=who.place
    )


def _way(who: Assignee) -> Reason:
    return reason(
        f"via_{who.via.value}", Weight.NEUTRAL, asked=who.asked, post=who.post, vacancies=who.vacancies
    )


def _due(scene: Scene, demand: Demand, deadline: datetime) -> Reason:
    rule, law = demand.rule, demand.law
    by = law.binding(rule, demand.start, scene.calendar)
    start = "from_event" if rule.counted_from is lex.CountedFrom.EVENT else "from_known"
    if isinstance(rule.when, lex.Every):
        start = "from_calendar"
    children = [reason(start, Weight.FOR, at=demand.start)]
    if by is rule.mid_term:
        children.append(reason("mid_term", Weight.FOR))
    if isinstance(by, lex.Param):
        name = by.name
        children.append(law.told(("chosen", name), lambda: _chosen(law, name)))
    return reason("due", Weight.FOR, children, due=deadline)


def _chosen(law: Law, name: str) -> Reason:
    """A parameter's value, and who chose it or whether the text says it."""
    parameter = law.pack.parameters[name]
    value, chosen = law.chosen(name)
    return reason(
        "chosen_by" if chosen else "as_written" if parameter.written else "not_written",
        title=parameter.title,
        value=notation(value),
        place=chosen.place_id if chosen else None,
        place_name=chosen.place_name if chosen else "",
        since=chosen.first_day if chosen else None,
    )


def _meets(demand: Demand, who: Assignee, progress: Progress | None) -> Reason:
    if progress is not None:
        return _met_by(demand, who, progress)
    key = ("meets", demand.rule.code, who.post)
    return demand.law.told(key, lambda: _met_by(demand, who, None))


def _met_by(demand: Demand, who: Assignee, progress: Progress | None) -> Reason:
    line = line_above(who.post)
    children = [reason("then_told", post=line[0])] if line else []
    test, law = demand.rule.met_by, demand.law
    params: dict[str, Value] = {"act": demand.rule.must, "words": ACTS[demand.rule.must]}
    match test:
        case lex.HomeVisit():
            params["posts"] = test.with_posts
            params["school"], params["village"] = law.count(test.school), law.count(test.village)
        case lex.Contact() | lex.PlanWith():
            params["posts"] = test.with_posts
        case lex.ReportedTo():
            params["posts"] = test.to
        case lex.ReturnStepTest():
            params["step"] = test.step.value
        case lex.StageReached():
            params["stage"] = test.stage.value
    if getattr(test, "received", False):
        children.append(reason("by_receipt"))
    if progress is not None:
        params["done"], params["needed"] = progress.done, progress.needed
    return Reason(Message(f"met_{_TEST_CODES[type(test)]}", params), Weight.FOR, tuple(children))


_TEST_CODES: dict[type[Any], str] = {
    lex.HomeVisit: "home_visit",
    lex.Contact: "contact",
    lex.ReportedTo: "reported",
    lex.RollReport: "roll_report",
    lex.PlanWith: "plan",
    lex.PlanApprovedTest: "plan_approved",
    lex.RollCallTest: "roll_call",
    lex.ReturnStepTest: "return_step",
    lex.ReturnSubmittedTest: "return_submitted",
    lex.StageReached: "stage",
    lex.Quota: "quota",
}


def _stands(stands: Standpoint, found: Met | None, fired: Sequence[Rung]) -> Reason:
    told = [reason("rung", n=r.n, at=r.at, post=r.post, person=r.person) for r in fired]
    if found is not None:
        code = "state_met_late" if stands.late else "state_met"
        if found.known > found.at and (found.known - found.at).total_seconds() >= 300:
            told.append(reason("received_later", at=found.at, known=found.known))
        return reason(code, Weight.FOR, told, (found.entry,), at=found.at)
    if stands.why is not None:
        weight = Weight.UNKNOWN if stands.state is State.CANNOT_TELL else Weight.AGAINST
        return Reason(stands.why, weight, tuple(told))
    return reason(f"state_{stands.state.value}", Weight.NEUTRAL, told)


# --- storage ---------------------------------------------------------------------------------------


def dump(node: Reason) -> dict[str, Any]:
    """A tree of reasons as JSON, to be stored with the duty."""
    data: dict[str, Any] = {"code": node.message.code, "weight": node.weight.value}
    if node.message.params:
        data["params"] = {name: _out(value) for name, value in node.message.params.items()}
    if node.entries:
        data["entries"] = list(node.entries)
    if node.children:
        data["children"] = [dump(child) for child in node.children]
    return data


def load(data: Mapping[str, Any]) -> Reason:
    """Read back what :func:`dump` wrote."""
    params = {name: _in(value) for name, value in data.get("params", {}).items()}
    return Reason(
        Message(data["code"], params),
        Weight(data["weight"]),
        tuple(load(child) for child in data.get("children", ())),
        tuple(data.get("entries", ())),
    )


def _out(value: Value) -> Any:
    if isinstance(value, datetime):
        return {"t": value.isoformat()}
    if isinstance(value, date):
        return {"d": value.isoformat()}
    if isinstance(value, tuple):
        return [_out(item) for item in value]
    return value


def _in(value: Any) -> Value:
    if isinstance(value, dict):
        return datetime.fromisoformat(value["t"]) if "t" in value else date.fromisoformat(value["d"])
    if isinstance(value, list):
        return tuple(_in(item) for item in value)
    plain: Value = value
    return plain
