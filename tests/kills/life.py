"""One life of an installation: it is served, people work, something dies again and again, and then we look."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial

from guixiao.conf import edge
from guixiao.demo.accounts import PASSWORD
from guixiao.facts.clock import at, day_of

from .base import BEGINS, Home
from .browser import Browser
from .hands import Hand, Registrar
from .jobs import Job, Room, Supply
from .keeper import Keeper
from .points.kill_points import POINTS, Point
from .service import Service

HOURS = ((8, 5), (9, 40), (16, 10))
TARGETS = (("web", 5), ("worker", 4), ("server", 1), ("everything", 2), ("backup", 1))
PATIENCE = {"backup": 30.0, "import": 8.0}  # seconds for somebody to come to an armed point; 4 for most
ROLLS, VISITS = ("dean", "affairs", "teacher"), ("vice", "liaison")
SHEETS = (12, 120, 260, 320)
POSTS = {
    "dean": "dean", "affairs": "student_affairs", "teacher": "class_teacher", "vice": "vice_principal",
    "liaison": "liaison_leader",
}  # fmt: skip


@dataclass(slots=True)
class Round:
    """One kill: what was to die, when after the last, what did, in the middle of how many submissions."""

    number: int
    aim: str
    after: float
    died: str = ""
    busy: int = 0
    back: float = 0.0
    reached: bool = True

    def __str__(self) -> str:
        missed = "" if self.reached else " (nobody came there)"
        return (
            f"{self.number:>4}  {self.aim:<24}{missed} after {self.after:4.2f} s: {self.died}, "
            f"{self.busy} submissions on their way; answered again after {self.back:.1f} s"
        )


@dataclass(slots=True)
class Turned:
    """The clock was turned from ``old`` to ``new``."""

    old: datetime
    new: datetime


@dataclass
class Life:
    """``rounds`` kills of the installation at ``home``; the same seed makes the same choices."""

    home: Home
    service: Service
    seed: int
    first: int
    rounds: int
    say: Callable[[Round], None]
    done: list[Round] = field(default_factory=list)
    turned: list[Turned] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)
        self.station = BEGINS
        self.wanted = threading.Semaphore(0)  # sheets the registrar is asked to import
        self.hands: list[Hand] = []
        self.keeper = Keeper(self.home, self.service.points)

    @property
    def jobs(self) -> list[Job]:
        return [job for hand in self.hands for job in hand.jobs]

    def run(self) -> None:
        """All rounds, then an orderly end: everybody gets an answer, the service is asked to stop."""
        edge.stand_at(BEGINS)
        self.service.keep_up()
        self._sign_in()
        self.keeper.start()
        try:
            for number in range(self.first, self.first + self.rounds):
                self.done.append(self._round(number))
                self.say(self.done[-1])
        finally:
            self.service.disarm()
            for hand in self.hands:
                hand.leaving.set()
                hand.asleep.clear()
        self.service.keep_up()
        self._join([hand for hand in self.hands if hand.who != "registrar"])
        self.service.whole_round()
        self._turn_to(
            max(self.station, edge.now()) + timedelta(minutes=17)
        )  # an import that stands still is revived
        self.keeper.leaving.set()
        self._join(self.hands)
        self.problems += [problem for hand in self.hands for problem in hand.problems]
        self.keeper.join(400)
        self.service.stop()

    def _join(self, hands: list[Hand]) -> None:
        for hand in hands:
            hand.join(400)
            if hand.is_alive():
                self.problems.append(f"{hand.who} never got an answer")

    # --- people ---

    def _sign_in(self) -> None:
        supply = supply_of()
        for who in (*ROLLS, *VISITS, "registrar"):
            browser = Browser(self.service.root)
            browser.sign_in(who, PASSWORD)
            dice = random.Random(self.dice.getrandbits(32))
            kind = Registrar if who == "registrar" else Hand
            self.hands.append(
                kind(who, browser, partial(self._next, supply, who, dice), self.dice.getrandbits(32))
            )
        for hand in self.hands:
            hand.start()

    def _next(self, supply: Supply, who: str, dice: random.Random) -> Job | None:
        today = day_of(edge.now())
        if who == "registrar":
            return supply.sheet(dice.choice(SHEETS)) if self.wanted.acquire(blocking=False) else None
        if who in VISITS:
            return supply.visit(who, dice, today)
        return supply.roll(who, dice, today, (edge.now() - edge.offset()).isoformat())

    # --- kills ---

    def _round(self, number: int) -> Round:
        point = self.dice.choice(POINTS) if self.dice.random() < 0.6 else None
        who = self.dice.choices([name for name, _weight in TARGETS], [weight for _name, weight in TARGETS])[0]
        this = Round(number, point.name if point else who, self.dice.uniform(0.05, 1.2))
        sheet, turn, skip = self.dice.random() < 0.3, self.dice.random() < 0.4, self.dice.randint(0, 2)
        day = point is not None and point.who == "day"
        night = day or (turn and (point.who if point else who) in ("worker", "server", "everything"))
        if night:
            self._fall_asleep()
        if point:
            self.service.arm(point.name, 0 if night or point.who in ("import", "backup") else skip)
        if (point and point.who == "import") or (sheet and not point):
            self.wanted.release()
        if (point.who if point else who) == "backup":
            self.keeper.wanted.release()
        if night:
            self._turn_to(following(self.station, whole_day=day))
        time.sleep(this.after)
        self._die(this, point, who)
        if night:
            self._wake_up()
        return this

    def _die(self, this: Round, point: Point | None, who: str) -> None:
        this.busy = sum(hand.busy for hand in self.hands)
        if point and self._reached(point):
            this.died = "it died there"
        else:
            this.reached = point is None
            this.died = self._kill(who)
        self.service.disarm()
        began = time.monotonic()
        self.service.keep_up()
        this.back = time.monotonic() - began

    def _kill(self, who: str) -> str:
        if who == "backup":
            time.sleep(self.dice.uniform(0, 4))  # a backup takes some seconds: any of them
            return self.keeper.kill()
        return self.service.kill(who)

    def _fall_asleep(self) -> None:
        """Nobody hands anything in while the clock is turned, and everything before is settled: what a deadline
        finds must not depend on the second at which it passes."""
        for hand in self.hands:
            hand.asleep.set()
        self.service.keep_up()
        until = time.monotonic() + 300
        while any(hand.busy for hand in self.hands if hand.who != "registrar") and time.monotonic() < until:
            time.sleep(0.02)
        self.service.whole_round()

    def _wake_up(self) -> None:
        self.service.whole_round()
        for hand in self.hands:
            hand.asleep.clear()

    def _reached(self, point: Point) -> bool:
        until = time.monotonic() + PATIENCE.get(point.who, 4.0)
        while time.monotonic() < until:
            if self.service.hit(point.name):
                return True
            time.sleep(0.02)
        return False

    def _turn_to(self, moment: datetime) -> None:
        self.turned.append(Turned(edge.now(), moment))
        edge.stand_at(moment)
        self.station = moment


def following(moment: datetime, whole_day: bool) -> datetime:
    """The next hour at which something falls due, on a school day."""
    day = day_of(moment)
    if not whole_day:
        for hour, minute in HOURS:
            if at(day, hour, minute) > moment:
                return at(day, hour, minute)
    day = next_weekday(day)
    return at(day, *HOURS[0])


def next_weekday(day: date) -> date:
    day += timedelta(days=1)
    while day.weekday() > 4:
        day += timedelta(days=1)
    return day


def supply_of() -> Supply:
    """What the pages would show these people."""
    from guixiao.access.models import Account
    from guixiao.people.models import Student
    from guixiao.places.models import Kind, Place

    from .base import SCHOOL

    school = Place.objects.get(name=SCHOOL)
    classes = Place.objects.filter(kind=Kind.CLASS, path__startswith=school.path).order_by("pk")
    rooms = [
        Room(
            klass.pk,
            klass.name,
            klass.roster_version,
            tuple(Student.objects.filter(klass=klass).order_by("pk").values_list("pk", flat=True)),
        )
        for klass in classes
    ]
    people = {
        account.username: (account.person_id, POSTS[account.username])
        for account in Account.objects.filter(username__in=POSTS)
    }
    return Supply(rooms, people, school.pk)
