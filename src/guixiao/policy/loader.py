"""From a pack's data (already parsed) to a :class:`Pack`. The vocabulary is closed; a rule without a clause
does not load. Reading files is the business of ``guixiao.packs``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from guixiao.facts.posts import Level

from . import law as lex
from .acts import ACTS
from .parameters import read_deadline, read_value
from .reading import At, PackError
from .terms_reader import read_test, read_trigger, subject_of

__all__ = ["PackError", "load_pack"]

_PACK = {
    "pack", "version", "title", "issuer", "source", "adoptable_at", "effective", "extends", "parameters",
    "escalation",
}  # fmt: skip
_RULE = {
    "rule", "title", "covers", "clause", "when", "who", "together_with", "must", "by", "counted_from",
    "mid_term", "report_to", "met_by", "status", "readings", "note",
}  # fmt: skip
_PARAMETER = {"title", "unit", "stricter", "comparator", "values", "written", "clause", "note"}
_UNITS = {"days", "times", "people", "percent", "deadline", "counted_in"}


def load_pack(
    header: Mapping[str, Any],
    rules: Mapping[str, Sequence[Any]],
    base: lex.Pack | None = None,
    file: str = "pack.yaml",
) -> lex.Pack:
    """Build a pack from its header and its rule files (name → list of rules).

    ``base`` is the pack it extends: its rules and parameters stand unless replaced by name.
    Raises :class:`PackError`.
    """
    at = At(header, file)
    at.only(_PACK)
    if (at.data.get("extends") or None) != (base.code if base else None):
        raise at.fail(f"extends {at.data.get('extends')!r}, but was given {base.code if base else None!r}")
    parameters = {**(base.parameters if base else {}), **_parameters(at)}
    read = [(_rule(raw, parameters, name), name) for name, raws in rules.items() for raw in raws]
    own = [rule for rule, _file in read]
    _unique(own, at)
    named = {rule.code for rule in own}
    kept = [rule for rule in (base.rules if base else ()) if rule.code not in named]
    every = (*kept, *own)
    for rule, name in read:
        _follows(rule, {each.code: each for each in every}, At({}, name, rule.code))
    return lex.Pack(
        code=at.get("pack", str),
        version=at.get("version", str),
        title=at.get("title", str),
        issuer=at.get("issuer", str),
        source=at.get("source", str),
        levels=frozenset(_level(at, level) for level in at.words("adoptable_at", required=True)),
        effective=None if at.data.get("effective") == "undated" else at.day("effective"),
        rules=every,
        parameters=parameters,
        extends=base.code if base else None,
        escalation=_escalation(at),
    )


def _level(at: At, level: str) -> Level:
    try:
        return Level(level)
    except ValueError:
        raise at.fail(f"{level!r} is not a level", "adoptable_at") from None


def _unique(rules: Sequence[lex.Rule], at: At) -> None:
    seen: set[str] = set()
    for rule in rules:
        if rule.code in seen:
            raise at.fail(f"two rules are called {rule.code}")
        seen.add(rule.code)


def _follows(rule: lex.Rule, rules: Mapping[str, lex.Rule], at: At) -> None:
    """A rule that comes after another: that one exists, is about a child, and the chain begins somewhere."""
    seen = {rule.code}
    last, still = rule, False
    while isinstance(last.when, lex.After):
        still = still or last.when.still_absent
        if last.when.rule not in rules:
            raise at.fail(f"no such rule: {last.when.rule}", "when.after")
        last = rules[last.when.rule]
        if last.code in seen:
            raise at.fail("comes after itself", "when.after")
        seen.add(last.code)
    if last is rule:
        return
    if last.subject is not lex.SubjectKind.STUDENT:
        raise at.fail(f"{last.code} is not about a child", "when.after")
    if still and not isinstance(last.when, lex.AbsentWithoutLeave):
        raise at.fail(f"{last.code} does not count absence", "when.after.still")


def _escalation(at: At) -> lex.Escalation:
    if "escalation" not in at.data:
        return lex.Escalation()
    child = at.child("escalation")
    child.only({"rungs", "every"})
    try:
        return lex.Escalation(child.get("rungs", int), read_deadline(child.data.get("every")))
    except ValueError as wrong:
        raise child.fail(str(wrong), "every") from None


# --- parameters ------------------------------------------------------------------------------------


def _parameters(at: At) -> dict[str, lex.Parameter]:
    if "parameters" not in at.data:
        return {}
    child = at.child("parameters")
    return {name: _parameter(child.at(raw, name), name) for name, raw in child.data.items()}


def _parameter(at: At, name: str) -> lex.Parameter:
    at.only(_PARAMETER)
    unit = at.get("unit", str)
    if unit not in _UNITS:
        raise at.fail(f"{unit!r} is not one of: {', '.join(sorted(_UNITS))}", "unit")
    comparator = at.word("comparator", lex.Comparator) if "comparator" in at.data else None
    if unit in ("days", "times", "percent") and comparator is None:
        raise at.fail("needs a comparator: ge, gt, le or lt", "comparator")
    return lex.Parameter(
        code=name,
        title=at.get("title", str),
        unit=unit,
        stricter=at.word("stricter", lex.Stricter),
        values=_dated(at, unit),
        comparator=comparator,
        written=at.get("written", bool, True),
        clause=clause(at.child("clause")) if "clause" in at.data else None,
        note=at.get("note", str, ""),
    )


def _dated(at: At, unit: str) -> tuple[lex.Dated, ...]:
    raws = at.get("values", list)
    if not raws:
        raise at.fail("needs at least one value with its date", "values")
    found: list[lex.Dated] = []
    for raw in raws:
        value = at.at(raw, "values")
        value.only({"from", "value"})
        try:
            found.append(lex.Dated(value.day("from"), read_value(value.data.get("value"), unit)))
        except ValueError as wrong:
            raise wrong if isinstance(wrong, PackError) else value.fail(str(wrong), "value") from None
    return tuple(sorted(found, key=lambda dated: dated.first))


# --- rules -----------------------------------------------------------------------------------------


def _rule(raw: Any, parameters: Mapping[str, lex.Parameter], file: str) -> lex.Rule:
    at = At({}, file).at(raw, "")
    at = replace(at, rule=str(at.data.get("rule", "?")))
    at.only(_RULE)
    if "clause" not in at.data:
        raise at.fail("a rule without a clause does not load", "clause")
    covers = at.words("covers", required=True)
    must = at.get("must", str)
    if must not in ACTS:
        raise at.fail(f"no such act: {must}; see guixiao/policy/acts.py", "must")
    report_to = at.posts("report_to")
    when = read_trigger(at.child("when"))
    rule = lex.Rule(
        code=at.get("rule", str),
        title=at.get("title", str),
        subject=subject_of(when),
        covers=covers,
        clause=replace(clause(at.child("clause")), ids=covers),
        when=when,
        who=at.post("who"),
        must=must,
        by=deadline(at, "by"),
        met_by=read_test(at, report_to),
        together_with=at.posts("together_with"),
        report_to=report_to,
        counted_from=at.word("counted_from", lex.CountedFrom, lex.CountedFrom.KNOWN),
        mid_term=deadline(at, "mid_term") if "mid_term" in at.data else None,
        status=at.word("status", lex.Status, lex.Status.IN_FORCE),
        readings=at.words("readings"),
        note=at.get("note", str, ""),
    )
    if rule.status is not lex.Status.IN_FORCE and not (rule.note or rule.readings):
        raise at.fail("a rule that is not in force needs its readings or a note", "readings")
    _references(at, rule, parameters)
    return rule


def clause(at: At) -> lex.Clause:
    at.only({"title", "article", "ids", "effective", "says"})
    effective = at.day("effective") if "effective" in at.data else None
    return lex.Clause(
        at.get("title", str), at.get("article", str), at.words("ids"), effective, at.get("says", str, "")
    )


def deadline(at: At, name: str) -> lex.Deadline | lex.Param:
    """A deadline or a reference to a parameter that is one."""
    raw = at.data.get(name)
    if isinstance(raw, Mapping) and set(raw) == {"param"}:
        return lex.Param(str(raw["param"]))
    try:
        return read_deadline(raw)
    except ValueError as wrong:
        raise at.fail(str(wrong), name) from None


def _references(at: At, rule: lex.Rule, parameters: Mapping[str, lex.Parameter]) -> None:
    """Every parameter a rule names exists and has the unit its field needs."""
    wanted: list[tuple[str, object, set[str]]] = [("by", rule.by, {"deadline"})]
    wanted.append(("mid_term", rule.mid_term, {"deadline"}))
    when, test = rule.when, rule.met_by
    if isinstance(when, lex.AbsentWithoutLeave):
        wanted += [("when.days", when.days, {"days"}), ("when.counted_in", when.counted_in, {"counted_in"})]
    if isinstance(when, lex.PersuasionFailed):
        wanted.append(("when.times", when.times, {"times"}))
    if isinstance(test, lex.HomeVisit):
        wanted += [("met_by.school", test.school, {"people"}), ("met_by.village", test.village, {"people"})]
    if isinstance(test, lex.Quota):
        wanted += [("met_by.at_least", test.at_least, {"people", "times"})]
        wanted += [("met_by.percent", test.percent, {"percent"})]
    for field, value, units in wanted:
        if not isinstance(value, lex.Param):
            continue
        if value.name not in parameters:
            raise at.fail(f"no such parameter: {value.name}", field)
        if parameters[value.name].unit not in units:
            raise at.fail(f"parameter {value.name} is in {parameters[value.name].unit}", field)
