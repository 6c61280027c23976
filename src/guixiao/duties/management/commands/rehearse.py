"""``guixiao rehearse PACK``: what would this regulation have demanded? Nothing is written."""

from argparse import ArgumentParser
from collections import Counter
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from guixiao.conf import edge
from guixiao.duties.adopted import packs
from guixiao.duties.rehearsal import rehearse
from guixiao.facts.clock import day_of
from guixiao.places.models import Place

WORDS = {"met": "met", "missed": "missed", "open": "open", "withdrawn": "withdrawn", "cannot_tell": "unclear"}


class Command(BaseCommand):
    help = "Run a regulation over past facts and count what it would have demanded."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("pack", help="the pack's code")
        parser.add_argument("--place", required=True, help="id or name of a school or a place above it")
        parser.add_argument("--from", dest="first", required=True, type=date.fromisoformat)
        parser.add_argument("--to", dest="last", type=date.fromisoformat, default=None)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["pack"] not in packs():
            raise CommandError(f"no pack {options['pack']!r}; there are: {', '.join(sorted(packs()))}")
        place = _place(options["place"])
        last = options["last"] or day_of(edge.now())
        if last < options["first"]:
            raise CommandError("--to lies before --from")
        pack = packs()[options["pack"]]
        outcomes = rehearse(pack, place, options["first"], last)
        counted: dict[str, Counter[str]] = {}
        for outcome in outcomes:
            counted.setdefault(outcome.rule, Counter())[outcome.state.value] += 1
        self.stdout.write(
            f"《{pack.title}》 {place.name} {options['first']} … {last}: {len(outcomes)} duties"
        )
        for rule in pack.rules:
            if rule.code in counted:
                words = ", ".join(f"{n} {WORDS.get(state, state)}" for state, n in counted[rule.code].items())
                self.stdout.write(f"  {rule.title}（{rule.clause.article}）: {words}")


def _place(text: str) -> Place:
    found = Place.objects.filter(pk=int(text)) if text.isdigit() else Place.objects.filter(name=text)
    places = list(found[:2])
    if len(places) != 1:
        raise CommandError(f"{text!r} names {'no place' if not places else 'several places: use the id'}")
    return places[0]
