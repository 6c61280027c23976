"""``guixiao rehearse PACK [OTHER]``: what would one regulation have demanded, and what another? Writes nothing."""

from argparse import ArgumentParser
from collections import Counter
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from guixiao.conf import edge
from guixiao.duties.adopted import packs
from guixiao.duties.rehearsal import rehearse_each
from guixiao.facts.clock import day_of
from guixiao.places.models import Place
from guixiao.policy import Pack
from guixiao.policy.acts import ACTS
from guixiao.policy.rehearse import Difference, Rehearsed, compare

WORDS = {"met": "met", "missed": "missed", "open": "open", "withdrawn": "withdrawn", "cannot_tell": "unclear"}


class Command(BaseCommand):
    help = (
        "Run a regulation over past facts and count what it would have demanded; with a second one, compare."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("pack", help="the pack's code")
        parser.add_argument("other", nargs="?", help="another pack's code, to compare")
        parser.add_argument("--place", required=True, help="id or name of a school or a place above it")
        parser.add_argument("--from", dest="first", required=True, type=date.fromisoformat)
        parser.add_argument("--to", dest="last", type=date.fromisoformat, default=None)

    def handle(self, *args: Any, **options: Any) -> None:
        asked = [code for code in (options["pack"], options["other"]) if code]
        for code in asked:
            if code not in packs():
                raise CommandError(f"no pack {code!r}; there are: {', '.join(sorted(packs()))}")
        place = _place(options["place"])
        last = options["last"] or day_of(edge.now())
        if last < options["first"]:
            raise CommandError("--to lies before --from")
        found = rehearse_each([packs()[code] for code in asked], place, options["first"], last)
        when = f"{place.name} {options['first']} … {last}"
        for code in asked:
            self._counts(packs()[code], found[code], when)
        if len(asked) == 2:
            self._differences(asked, compare(found[asked[0]], found[asked[1]]))

    def _counts(self, pack: Pack, found: Rehearsed, when: str) -> None:
        counted: dict[str, Counter[str]] = {}
        for outcome in found.outcomes:
            counted.setdefault(outcome.rule, Counter())[outcome.state.value] += 1
        self.stdout.write(f"《{pack.title}》 {when}: {len(found.outcomes)} duties")
        for rule in pack.rules:
            if rule.code in counted:
                words = ", ".join(f"{n} {WORDS.get(state, state)}" for state, n in counted[rule.code].items())
                self.stdout.write(f"  {rule.title}（{rule.clause.article}）: {words}")

    def _differences(self, asked: list[str], between: Difference) -> None:
        for code, only in zip(asked, (between.only_first, between.only_second), strict=True):
            acts = ", ".join(f"{ACTS[act]} {n}" for act, n in Counter(o.act for o in only).most_common())
            self.stdout.write(
                f"only 《{packs()[code].title}》: {len(only)} duties" + (f"（{acts}）" if acts else "")
            )
        earlier = sum(second.due < first.due for first, second in between.due_moved)
        self.stdout.write(
            f"same act, subject and day: {between.both}; deadline moved: {len(between.due_moved)} "
            f"({earlier} earlier, {len(between.due_moved) - earlier} later in the second)"
        )


def _place(text: str) -> Place:
    found = Place.objects.filter(pk=int(text)) if text.isdigit() else Place.objects.filter(name=text)
    places = list(found[:2])
    if len(places) != 1:
        raise CommandError(f"{text!r} names {'no place' if not places else 'several places: use the id'}")
    return places[0]
