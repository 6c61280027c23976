"""Which backups stay, which go, and when the next one is due."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guixiao.conf import backups
from guixiao.operations import schedule, shelf
from guixiao.operations.shelf import Keep, Kept, too_many

NIGHT = datetime(2026, 11, 24, 18, 30, tzinfo=UTC)  # 02:30 in Shanghai


def kept(at: datetime, *, verified: bool = True) -> Kept:
    return Kept(
        f"guixiao-{at:%Y%m%d-%H%M%S}.gxb", at, 1, "", "sqlite", "0.1.0", verified=verified, rows=1, files=0
    )


def nights(number: int) -> list[Kept]:
    return [kept(NIGHT - timedelta(days=day)) for day in range(number)]


def test_a_year_of_nights_comes_down_to_days_weeks_and_months() -> None:
    found = nights(365)
    gone = {one.file for one in too_many(found, Keep(7, 4, 12))}
    stay = [one for one in found if one.file not in gone]
    assert [one.at for one in stay[:7]] == [NIGHT - timedelta(days=day) for day in range(7)]
    assert len({f"{one.at:%Y-%m}" for one in stay}) == 12
    assert 7 + 12 < len(stay) <= 7 + 4 + 12


def test_the_same_again_changes_nothing() -> None:
    found = nights(365)
    gone = {one.file for one in too_many(found, Keep(7, 4, 12))}
    assert too_many([one for one in found if one.file not in gone], Keep(7, 4, 12)) == []


@given(
    st.lists(
        st.tuples(st.integers(0, 500), st.booleans()), min_size=1, max_size=40, unique_by=lambda one: one[0]
    ),
    st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 3)),
)
def test_the_last_verified_one_never_goes(taken: list[tuple[int, bool]], most: tuple[int, int, int]) -> None:
    found = [kept(NIGHT - timedelta(days=day), verified=verified) for day, verified in taken]
    gone = too_many(found, Keep(*most))
    verified = sorted((one.at for one in found if one.verified), reverse=True)
    if not verified:
        assert gone == []
    assert all(one.at != verified[0] for one in gone if one.verified)
    assert all(one.at < verified[0] - timedelta(days=7) for one in gone if not one.verified)


def test_a_backup_without_its_note_is_listed_and_not_trusted(tmp_path: Any) -> None:
    (tmp_path / "guixiao-20261124-183000.gxb").write_bytes(b"x")
    (tmp_path / "holiday.jpg").write_bytes(b"x")
    (only,) = shelf.listing(tmp_path)
    assert (only.at, only.verified) == (NIGHT, False)


@pytest.fixture
def half_past_two(settings: Any) -> None:
    settings.GUIXIAO_BACKUP_AT = time(2, 30)


@pytest.mark.usefixtures("half_past_two")
@pytest.mark.parametrize(
    ("last", "now", "wanted"),
    [
        (NIGHT - timedelta(days=1), NIGHT - timedelta(minutes=1), False),
        (NIGHT - timedelta(days=1), NIGHT, True),
        (NIGHT + timedelta(minutes=5), NIGHT + timedelta(minutes=6), False),
        (NIGHT - timedelta(days=9), NIGHT + timedelta(hours=7), True),  # slept through the night: made up for
        (None, NIGHT - timedelta(minutes=1), False),
        (None, NIGHT + timedelta(minutes=1), True),
    ],
)
def test_one_is_due_once_a_night(last: datetime | None, now: datetime, wanted: bool) -> None:
    since = NIGHT - timedelta(hours=3)
    status = {"at": last.isoformat()} if last else {}
    assert schedule.due(now, since, status) is wanted


@pytest.mark.usefixtures("half_past_two")
def test_a_try_that_failed_is_repeated_an_hour_later() -> None:
    status = {
        "at": (NIGHT - timedelta(days=1)).isoformat(),
        "failed": {"at": NIGHT.isoformat(), "why": "full"},
    }
    assert not schedule.due(NIGHT + timedelta(minutes=59), NIGHT, status)
    assert schedule.due(NIGHT + timedelta(minutes=61), NIGHT, status)


def test_off_is_off(settings: Any) -> None:
    settings.GUIXIAO_BACKUP_AT = backups.at("off")
    assert not schedule.due(NIGHT, NIGHT - timedelta(days=9), {})


@pytest.mark.parametrize("text", ["25:00", "night", ""])
def test_a_time_that_is_none_is_refused_by_name(text: str) -> None:
    with pytest.raises(ValueError, match="GUIXIAO_BACKUP_AT"):
        backups.at(text)


@pytest.mark.parametrize("text", ["7", "7,4,x", "7,4,-1"])
def test_numbers_that_are_none_are_refused_by_name(text: str) -> None:
    with pytest.raises(ValueError, match="GUIXIAO_BACKUP_KEEP"):
        backups.keep(text)


@pytest.mark.usefixtures("half_past_two")
def test_the_worker_starts_one_process_and_not_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    class Running:
        code: int | None = None
        started: list[list[str]] = []

        def __init__(self, command: list[str], **_: Any) -> None:
            self.started.append(command)

        def poll(self) -> int | None:
            return self.code

    monkeypatch.setattr("guixiao.operations.schedule.subprocess.Popen", Running)
    monkeypatch.setattr(shelf, "last", dict)
    nightly = schedule.Nightly()
    assert not nightly.start_if_due(NIGHT - timedelta(minutes=1))
    assert nightly.start_if_due(NIGHT)
    assert not nightly.start_if_due(NIGHT + timedelta(minutes=1))
    assert [command[-2:] for command in Running.started] == [["backup", "--json"]]
