"""A week without a worker over a holiday, then one round: as if it had never been away.

Two runs of the same fortnight, drawn from a seed, in the fixed cast: one with a round at every telling moment, one
whose worker is silent from 30 September, 10:00, until after the National Day holiday. Equal afterwards:

- every duty that stands: identity, state, whether it is still demanded, deadline, moment missed and met, whom it
  counts against, who holds it, and every rung with its post, person and moment;
- the last word (new, overdue, escalated, withdrawn) that each person had about each task that is demanded at the
  end, or of which this person was told before the silence. What opened and ended in the silence is told to nobody;
- the late round told nobody of anything the undisturbed one did not, and each person in one digest, without the
  daily reminders of the days that are over.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from guixiao.duties.models import Duty
from guixiao.duties.tick import tick
from guixiao.facts.clock import at
from guixiao.journal.models import Entry
from guixiao.journal.verify import verify
from guixiao.notify.models import Kind, Notice
from guixiao.testing.cast import Cast

from .county import FIRST, SILENT, Deed, Found, adopted, deeds, found, live, rounds, task_of, told, undone

pytestmark = pytest.mark.django_db
SEEDS, MODES = (20261001, 7, 3391), ("off", "web", "lost")


@dataclass(frozen=True)
class Story:
    """``off``: the whole server slept, nothing happened. ``web``: only the worker did, requests settled what they
    committed. ``lost``: and every request was killed between its commit and its settling."""

    seed: int
    mode: str
    back: datetime

    def script(self) -> list[Deed]:
        random = Random(self.seed)
        until = self.back.date() if self.mode != "off" else SILENT.date()
        found = deeds(random, FIRST, until)
        return [deed for deed in found if deed[0] < (self.back if self.mode != "off" else SILENT)]


ENDS = (at(date(2026, 10, 9), 8, 10), at(date(2026, 10, 12), 7, 30))


def stories() -> list[Story]:
    """One of each kind; with ``GUIXIAO_SEEDS`` (numbers) every kind for each of them."""
    asked = [int(word) for word in os.environ.get("GUIXIAO_SEEDS", "").split()]
    if asked:
        return [Story(seed, mode, ENDS[seed % 2]) for seed in asked for mode in MODES]
    return [
        Story(seed, mode, ENDS[number % 2])
        for number, (seed, mode) in enumerate(zip(SEEDS, MODES, strict=True))
    ]


STORIES = stories()


def before(moment: datetime) -> list[datetime]:
    return rounds(at(FIRST, 0), moment)


@pytest.mark.slow
@pytest.mark.parametrize("story", STORIES, ids=lambda story: f"{story.mode}-{story.seed}")
def test_a_week_of_silence_over_a_holiday_leaves_no_trace(cast: Cast, tmp_path: Path, story: Story) -> None:
    seed = f"seed {story.seed}, {story.mode}, back {story.back}"
    adopted(cast)
    with undone():
        live(cast, story.script(), [*before(story.back), story.back], tmp_path / "undisturbed")
        undisturbed = found()
    live(
        cast, story.script(), [m for m in before(story.back) if m < SILENT] + [story.back], tmp_path / "late"
    )
    late, told_before = found(), earlier()
    assert len(late.standing()) > 60, f"{seed}: too quiet a fortnight to show anything"
    assert late.standing() == undisturbed.standing(), seed
    assert late.demanded == undisturbed.demanded
    assert words(late, told_before) == words(undisturbed, told_before), seed
    assert tasks(late) <= tasks(undisturbed), "told of what an undisturbed round tells nobody"
    one_digest_each(story.back)
    once_each()


def earlier() -> set[tuple[int, str]]:
    """Who had been told of which task before the silence."""
    return {place for place, _kind in told(Notice.objects.filter(at__lt=SILENT))}


def words(run: Found, before: set[tuple[int, str]]) -> dict[tuple[int, str], str]:
    """The last words that must be the same: on what is demanded at the end, and to whom it was known before.
    (That something is unclear is asked on the first day anybody is awake to ask: another task, the same question.)"""
    return {place: word for place, word in run.words.items() if place[1] in run.demanded or place in before}


def tasks(run: Found) -> set[tuple[int, str]]:
    return {(person, task_of(key)) for person, key in run.words}


def one_digest_each(back: datetime) -> None:
    new = Notice.objects.filter(at=back)
    assert new.exists()
    for person in new.values_list("person", flat=True).distinct():
        shown = new.filter(person=person, folded=None)
        assert shown.count() == 1, f"person {person} got {shown.count()} notices at once"
    assert not new.filter(kind=Kind.AFTER, duty__in=new.filter(kind=Kind.DUE).values("duty")).exists()


def once_each() -> None:
    """Nothing twice: rows, entries, notices; and a second round has nothing to do."""
    opened = Entry.objects.filter(kind="duty_opened").values_list("payload__duty", flat=True)
    assert set(opened) == set(Duty.objects.values_list("pk", flat=True))
    keys = list(Notice.objects.exclude(key="").values_list("key", flat=True))
    assert len(keys) == len(set(keys))
    assert verify().problems == []


def test_the_round_after_silence_is_the_only_one(cast: Cast, tmp_path: Path) -> None:
    story = STORIES[0]
    adopted(cast)
    live(cast, story.script(), [m for m in before(story.back) if m < SILENT] + [story.back], tmp_path)
    counted = (Duty.objects.count(), Notice.objects.count(), Entry.objects.count())
    again = tick(story.back + timedelta(minutes=1), anchor_file=tmp_path / "anchors.jsonl")
    assert again.done.nothing
    assert again.digests == again.reminders == 0
    assert counted == (Duty.objects.count(), Notice.objects.count(), Entry.objects.count())
