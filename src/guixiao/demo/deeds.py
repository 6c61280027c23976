"""What people in the county do: visits, reports, plans, approvals. Each through the product's own actions."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from django.core.files.uploadedfile import SimpleUploadedFile

from guixiao.cases import actions as cases
from guixiao.cases.models import Case
from guixiao.duties.actions import answer as duties
from guixiao.duties.models import Duty
from guixiao.facts import By
from guixiao.facts.clock import day_of
from guixiao.facts.codes import Means, Outcome
from guixiao.files.intake import received
from guixiao.people.models import Student
from guixiao.places.models import Place
from guixiao.places.paths import ids
from guixiao.visits import actions as visits
from guixiao.visits.content import Companion, Content
from guixiao.visits.models import Visit

from .staff import Staff

PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
REPORTS = (
    "register_and_notify", "report_to_leaders", "notify_village", "inform_deputy_director", "report_to_principal",
    "report_up", "report_to_village", "mark_suspected_dropout", "organise_persuasion",
)  # fmt: skip


@dataclass
class Deeds:
    """Acts on behalf of whoever holds a post over a child."""

    staff: Staff
    accounts: dict[int, int]
    dice: Random
    places: dict[int, Place] = field(default_factory=dict)

    def seat(self, post: str, student: Student) -> Place:
        """The place along the child's two lines where ``post`` is held."""
        line = [*reversed(ids(student.path)), *reversed(ids(student.home_path))]
        return next(self.places[number] for number in line if (post, number) in self.staff.held)

    def by(self, post: str, student: Student) -> By:
        seat = self.seat(post, student)
        return By(self.accounts.get(self.staff.person(post, seat).pk, 0), post, seat.org_id)

    def visit(
        self,
        now: datetime,
        student: Student,
        posts: tuple[str, ...],
        outcome: Outcome,
        content: Content,
        purpose: str = "弄清为什么没来，劝孩子回校",
        means: Means = Means.VISIT,
    ) -> Visit:
        """Those posts go to the home together; the first of them writes it down."""
        went = [Companion(self.staff.person(post, self.seat(post, student)).pk, post) for post in posts]
        return visits.record(
            by=self.by(posts[0], student),
            now=now,
            student=student,
            means=means,
            purpose=purpose,
            outcome=outcome,
            day=day_of(now),
            went=went,
            client_id=uuid.UUID(int=self.dice.getrandbits(128), version=4),
            content=content,
        )

    def answer(self, now: datetime, student: Student) -> None:
        """Everybody who owes a report, notice or registration about the child gives it."""
        owed = Duty.objects.filter(kind="student", subject=student.pk, demanded=True, act__in=REPORTS)
        for duty in owed.order_by("due", "pk"):
            duties.report(
                by=self.by(duty.post, student),
                now=now,
                duty=duty,
                person=duty.holder_id,
                to=[who["asked"] for who in duty.report_to] or [duty.post],
                at=now,
                how="当面",
            )

    def case(self, student: Student) -> Case:
        return Case.objects.filter(student=student).order_by("-pk")[:1].get()

    def plan(self, now: datetime, student: Student, *tasks: tuple[str, str, int, str]) -> None:
        """Student affairs, the liaison leader, the principal and the village head make a plan."""
        cases.make_plan(
            by=self.by("student_affairs", student),
            now=now,
            case=self.case(student),
            rows=[
                cases.NewRow(
                    who=self.staff.person(post, self.seat(post, student)).name,
                    task=task,
                    by_day=day_of(now) + timedelta(days=within),
                    standard=standard,
                    person_id=self.staff.person(post, self.seat(post, student)).pk,
                )
                for post, task, within, standard in tasks
            ],
            with_posts=("liaison_leader", "principal", "village_head"),
        )

    def approve(self, now: datetime, student: Student) -> None:
        plan = self.case(student).plans.order_by("-version")[:1].get()
        cases.approve_plan(by=self.by("principal", student), now=now, plan=plan)

    def propose(self, now: datetime, student: Student, reason: str, text: str) -> None:
        """The class teacher asks for the case to be closed, with a paper."""
        with received([SimpleUploadedFile("班主任说明.pdf", PDF, "application/pdf")]) as evidence:
            cases.propose_closing(
                by=self.by("class_teacher", student),
                now=now,
                case=self.case(student),
                reason=reason,
                text=text,
                evidence=evidence,
            )

    def close(self, now: datetime, student: Student, answer: str) -> None:
        cases.close(by=self.by("principal", student), now=now, case=self.case(student), answer=answer)
