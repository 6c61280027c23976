"""The packs on disk: what they must carry, and what the loader refuses."""

from __future__ import annotations

import copy
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest

from guixiao.packs import load_all, load_folder, pack, read_override
from guixiao.packs.loading import folders, read_yaml
from guixiao.policy import Pack, PackError, load_pack
from guixiao.policy.law import Deadline, DueKind, Status

HEADER: dict[str, Any] = {
    "pack": "made_up",
    "version": "1.0",
    "title": "试写的制度",
    "issuer": "某校",
    "source": "made up",
    "adoptable_at": ["school"],
    "effective": date(2026, 9, 1),
    "parameters": {
        "days": {
            "title": "几天",
            "unit": "days",
            "comparator": "ge",
            "stricter": "lower",
            "values": [{"from": date(2026, 9, 1), "value": 2}],
        }
    },
}
RULE: dict[str, Any] = {
    "rule": "visit",
    "title": "家访",
    "covers": ["X-01"],
    "clause": {"title": "试写的制度", "article": "一", "says": "上门。"},
    "when": {"absent_without_leave": {"school_days": {"param": "days"}}},
    "who": "class_teacher",
    "must": "home_visit",
    "by": "same_day",
    "met_by": {"home_visit": {"with": ["class_teacher"]}},
}


def build(header: dict[str, Any] | None = None, **rule: Any) -> Pack:
    return load_pack({**HEADER, **(header or {})}, {"rules/a.yaml": [{**RULE, **rule}]})


def test_the_packs_load() -> None:
    ladders = {"student_affairs_ladder", "two_three_seven_ladder", "one_hour_ladder", "one_hour_dean_ladder"}
    assert set(load_all()) >= {*ladders, "bobai_report", "national"}
    assert [folder.name for folder in folders()] == sorted(load_all())


def test_every_rule_cites_its_clause_and_covers_ids() -> None:
    for loaded in load_all().values():
        for rule in loaded.rules:
            assert rule.clause.title, rule.code
            assert rule.clause.article, rule.code
            assert rule.clause.ids == rule.covers, rule.code


def test_ambiguous_rules_are_silent_and_show_their_readings() -> None:
    ladder = pack("two_three_seven_ladder")
    for code in ("seventh_day_team", "seventh_day_reason"):
        rule = ladder.rule(code)
        assert rule.status is Status.TO_BE_DECIDED
        assert len(rule.readings) == 2


def test_no_rule_computes_a_penalty() -> None:
    text = "".join(
        path.read_text(encoding="utf-8") for folder in folders() for path in folder.rglob("*.yaml")
    )
    assert "罚款" not in text.replace("没有罚款", "")


def test_a_well_formed_rule_loads() -> None:
    assert build().rule("visit").who == "class_teacher"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"clause": None}, "clause"),
        ({"covers": []}, "covers"),
        ({"who": "headmaster"}, "who"),
        ({"must": "punish"}, "must"),
        ({"by": "soon"}, "by"),
        ({"by": {"param": "nothing"}}, "by"),
        ({"by": {"param": "days"}}, "by"),
        ({"when": {"absent": 2}}, "when"),
        ({"when": {"absent_without_leave": {"school_days": {"le": 2}}}}, "le"),
        ({"when": {"absent_without_leave": {"school_days": {"ge": "two"}}}}, "ge"),
        ({"when": {"absent_without_leave": {"school_days": {"param": "nothing"}}}}, "when.days"),
        ({"met_by": {"home_visit": {"with": ["somebody"]}}}, "with"),
        ({"met_by": "reported"}, "met_by"),
        ({"met_by": {"telepathy": {}}}, "telepathy"),
        ({"report_to": "dean"}, "report_to"),
        ({"status": "to_be_decided"}, "readings"),
        ({"unless": "raining"}, "unless"),
        ({"when": {"after": "nothing"}}, "when.after"),
        ({"when": {"after": "visit"}}, "when.after"),
        ({"when": {"after": {"rule": "visit", "still": "here"}}}, "still"),
        ({"when": {"absent_without_leave": {"natural_days": {"ge": 1}, "each_day": True}}}, "each_day"),
        ({"mid_term": "sometime"}, "mid_term"),
        ({"met_by": {"roll_report": {"heard": True}}}, "heard"),
    ],
)
def test_a_bad_rule_is_refused_naming_file_rule_and_field(change: dict[str, Any], field: str) -> None:
    with pytest.raises(PackError) as refused:
        build(**change)
    message = str(refused.value)
    assert "rules/a.yaml" in message
    assert "rule visit" in message
    assert field in message


def test_a_rule_without_a_clause_does_not_load() -> None:
    without = {name: value for name, value in RULE.items() if name != "clause"}
    with pytest.raises(PackError, match="without a clause"):
        load_pack(HEADER, {"rules/a.yaml": [without]})


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": 5}, "title"),
        ({"effective": "soon"}, "effective"),
        ({"adoptable_at": ["moon"]}, "adoptable_at"),
        ({"extends": "other"}, "extends"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_bad_header_is_refused(change: dict[str, Any], field: str) -> None:
    with pytest.raises(PackError, match=field):
        build(change)


@pytest.mark.parametrize(
    "change", [{"comparator": None}, {"unit": "furlongs"}, {"values": []}, {"stricter": "sideways"}]
)
def test_a_bad_parameter_is_refused(change: dict[str, Any]) -> None:
    header = copy.deepcopy(HEADER)
    header["parameters"]["days"].update(change)
    if change.get("comparator", 1) is None:
        del header["parameters"]["days"]["comparator"]
    with pytest.raises(PackError, match=r"parameters\.days"):
        load_pack(header, {"rules/a.yaml": [RULE]})


def test_two_rules_of_one_name_are_refused() -> None:
    with pytest.raises(PackError, match="two rules"):
        load_pack(HEADER, {"rules/a.yaml": [RULE, RULE]})


def test_a_rule_after_another_needs_one_about_a_child_and_absence_where_it_waits_for_it() -> None:
    every = {**RULE, "rule": "roll", "when": {"every": "school_day", "of": "class"}, "met_by": "roll_call"}
    after = {**RULE, "rule": "next", "when": {"after": "roll"}}
    with pytest.raises(PackError, match="not about a child"):
        load_pack(HEADER, {"rules/a.yaml": [every, after]})
    staged = {**RULE, "rule": "staged", "when": {"case_stage": "confirmed"}}
    waits = {**RULE, "rule": "next", "when": {"after": {"rule": "staged", "still": "absent"}}}
    with pytest.raises(PackError, match="does not count absence"):
        load_pack(HEADER, {"rules/a.yaml": [staged, waits]})
    first, second = ({**RULE, "rule": a, "when": {"after": b}} for a, b in (("x", "y"), ("y", "x")))
    with pytest.raises(PackError, match="after itself"):
        load_pack(HEADER, {"rules/a.yaml": [first, second]})


def test_the_two_one_hour_versions_share_no_clause_and_neither_extends_the_other() -> None:
    school, dean = pack("one_hour_ladder"), pack("one_hour_dean_ladder")
    assert (school.extends, dean.extends) == (None, None)
    assert {c for r in school.rules for c in r.covers}.isdisjoint(c for r in dean.rules for c in r.covers)
    assert school.rule("written_report").report_to == ("central_school_head", "township_education")
    assert dean.rule("written_report").report_to == ("inspectorate", "township_education")


def test_extending_replaces_rules_by_name_and_keeps_the_rest() -> None:
    base = load_pack(HEADER, {"rules/a.yaml": [RULE, {**RULE, "rule": "other"}]})
    header = {**HEADER, "pack": "stricter", "extends": "made_up", "parameters": {}}
    extended = load_pack(header, {"rules/a.yaml": [{**RULE, "who": "principal"}]}, base)
    assert extended.rule("visit").who == "principal"
    assert extended.rule("other").who == "class_teacher"
    assert extended.parameters["days"] is base.parameters["days"]


def test_a_folder_must_be_named_for_its_pack(tmp_path: Path) -> None:
    folder = tmp_path / "another"
    folder.mkdir()
    (folder / "pack.yaml").write_text((folders()[0] / "pack.yaml").read_text("utf-8"), "utf-8")
    with pytest.raises(PackError, match="folder"):
        load_folder(folder)


def test_broken_yaml_names_its_file(tmp_path: Path) -> None:
    path = tmp_path / "pack.yaml"
    path.write_text("a: [", "utf-8")
    with pytest.raises(PackError, match=r"pack\.yaml"):
        read_yaml(path)


def test_an_override_is_read_in_the_parameters_unit() -> None:
    ladder = pack("student_affairs_ladder")
    assert read_override(ladder, "roll_call_by", {"at": "09:00"}) == Deadline(DueKind.AT, at=time(9, 0))
    assert read_override(ladder, "first_visit_by", "same_day") == Deadline(DueKind.SAME_DAY)
    with pytest.raises(ValueError, match="not a deadline"):
        read_override(ladder, "roll_call_by", "soon")
    with pytest.raises(KeyError):
        read_override(ladder, "nothing", 1)
