"""One child's way through a regulation by the verbs people use: roll, visit, case, plan, report. Then settled."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import uuid4

from guixiao.cases import actions as cases
from guixiao.cases.models import Case
from guixiao.duties.actions import answer
from guixiao.duties.models import Duty
from guixiao.duties.settle import settle
from guixiao.facts.clock import at, day_of
from guixiao.facts.codes import Mark, Means, Outcome, Session
from guixiao.journal.append import Touched
from guixiao.people.rosters import roster
from guixiao.rollcall.actions import take
from guixiao.testing.cast import Cast
from guixiao.visits import actions as visits
from guixiao.visits.content import Content


class Walk:
    """The verbs, each by the person who does it, at a moment of one's choice."""

    def __init__(self, cast: Cast) -> None:
        self.cast, self.child = cast, cast.child
        self.case: Case | None = None

    def settle(self, now: datetime) -> None:
        self.child.refresh_from_db()
        places = {Touched("place", self.cast.school.pk), Touched("place", self.cast.klass.pk)}
        settle({Touched("student", self.child.pk)} | places, now)

    def roll(
        self, day: date, absent: bool, post: str = "class_teacher", sent: datetime | None = None
    ) -> None:
        self.cast.klass.refresh_from_db()
        taken, now = at(day, 8, 5), sent or at(day, 8, 5)
        enrolled = [child.pk for child in roster(self.cast.klass) if child.status == "enrolled"]
        missing = Mark.NONE if absent else Mark.PRESENT
        take(
            by=self.cast.actor(post, now).by("rollcall.take", self.cast.klass.path),
            now=now,
            klass=self.cast.klass,
            day=day,
            session=Session.MORNING,
            roster_version=self.cast.klass.roster_version,
            marks={pk: missing if pk == self.child.pk else Mark.PRESENT for pk in enrolled},
            client_id=uuid4(),
            device_time=taken,
            sent_at=now,
        )
        self.settle(now)

    def visit(
        self, now: datetime, posts: Sequence[str], outcome: Outcome = Outcome.WILL_RETURN, phone: bool = False
    ) -> None:
        author = self.cast.actor(posts[0], now)
        visits.record(
            by=author.by("visit.record", self.child.path),
            now=now,
            student=self.child,
            means=Means.PHONE if phone else Means.VISIT,
            purpose="问清为什么没来",
            outcome=outcome,
            day=day_of(now),
            went=[self.cast.holdings[post] for post in posts],
            client_id=uuid4(),
            content=Content(child_words="想出去打工", guardian_words="劝不动"),
        )
        self.settle(now)

    def open_case(self, now: datetime) -> None:
        by = self.cast.actor("dean", now).by("case.open", self.child.path)
        self.case = cases.open_case(
            by=by, now=now, student=self.child, ground="连着没来，家访过了", day=day_of(now)
        )
        self.settle(now)

    def confirm(self, now: datetime) -> None:
        assert self.case is not None
        by = self.cast.actor("principal", now).by("case.approve", self.child.path)
        cases.confirm_dropout(by=by, now=now, case=self.case, reason="家访两次，确认不读了", day=day_of(now))
        self.settle(now)

    def plan(self, now: datetime, posts: Sequence[str]) -> None:
        assert self.case is not None
        row = cases.NewRow("村干部", "跟父亲谈清法律责任", day_of(now), "父亲答应送回来")
        by = self.cast.actor("principal", now).by("case.plan", self.child.path)
        cases.make_plan(by=by, now=now, case=self.case, rows=[row], with_posts=posts)
        self.settle(now)

    def report(self, rule: str, post: str, now: datetime, to: Sequence[str]) -> None:
        duty = self.duty(rule)
        by = self.cast.actor(post, now).by_virtue_of()
        person = self.cast.holdings[post].person_id
        answer.report(by=by, now=now, duty=duty, person=person, to=to, at=now, how="in_person")
        self.settle(now)

    def duty(self, rule: str) -> Duty:
        """The latest duty of a rule, about the child or the school."""
        found = Duty.objects.filter(rule=rule, subject__in=(self.child.pk, self.cast.school.pk))
        return found.latest("pk")

    def states(self) -> dict[str, str]:
        """Rule → state of everything asked about the child and the school, the latest of each."""
        rows = Duty.objects.exclude(kind="class").order_by("pk")
        return {duty.rule: duty.state + ("*" if duty.late else "") for duty in rows}
