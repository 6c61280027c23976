"""What was told of a child after an import wrote it. An import with such a trace stays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Min
from django.utils.translation import gettext as _

from guixiao.facts import REGISTRY
from guixiao.facts.clock import local
from guixiao.journal.models import Entry
from guixiao.people.models import Enrolment, ImportBatch, ImportRow, RowState, Student

NAMED = 5


@dataclass(frozen=True, slots=True)
class Trace:
    """Why one row cannot be undone."""

    row: int
    student: int
    fact: str
    when: datetime | None


def later(rows: Sequence[ImportRow]) -> list[Trace]:
    """For each applied row, the first later fact that refers to its child, if there is one."""
    wrote = {row.student: row for row in rows if row.student}
    found: dict[int, Trace] = {}
    entries = (
        Entry.objects.filter(student__in=list(wrote))
        .exclude(chain__name__startswith="looks:")
        .order_by("-pk")
    )
    for pk, student, kind, when in entries.values_list("pk", "student", "kind", "happened_at"):
        row = wrote[student or 0]
        if pk > (row.entry or 0):
            found[row.number] = Trace(row.number, student or 0, title(kind), when)
    for trace in (*_roll_calls(wrote), *_other_records(wrote)):
        found.setdefault(trace.row, trace)
    return [found[number] for number in sorted(found)]


def holding(batch: ImportBatch) -> list[Trace]:
    """What holds the batch, at most a few."""
    found: list[Trace] = []
    applied = ImportRow.objects.filter(batch=batch, state=RowState.APPLIED).order_by("number")
    rows = list(applied.defer("payload", "before"))
    for start in range(0, len(rows), 1000):
        found += later(rows[start : start + 1000])
        if len(found) >= NAMED:
            break
    return found[:NAMED]


def explain_held(held: list[Trace]) -> str:
    """The refusal, naming the first few children and facts."""
    held = held[:NAMED]
    names = dict(Student.objects.filter(pk__in=[one.student for one in held]).values_list("pk", "name"))
    said = "；".join(
        _("第 %(row)d 行%(name)s：%(when)s%(fact)s")
        % {
            "row": one.row,
            "name": names.get(one.student, ""),
            "fact": one.fact,
            "when": f"{local(one.when):%Y-%m-%d %H:%M} " if one.when else "",
        }
        for one in held
    )
    return _("不能撤销，写入以后已经有了别的记录：%(said)s。请在学生页上单个更正。") % {"said": said}


def _roll_calls(wrote: dict[int, ImportRow]) -> list[Trace]:
    """Roll calls over a roster that lists the child: also those at which it was simply there."""
    listed = Enrolment.objects.filter(student__in=list(wrote), last=None)
    earliest = dict(listed.values_list("klass").annotate(Min("entry_version")))
    calls: dict[int, list[tuple[int, datetime]]] = {}
    first = min((row.entry or 0 for row in wrote.values()), default=0)
    entries = Entry.objects.filter(place__in=list(earliest), kind="roll_call_taken", pk__gt=first)
    for place, payload, when in entries.values_list("place", "payload", "happened_at"):
        calls.setdefault(int(place or 0), []).append((int(payload["roster_version"]), when))
    found = []
    for klass, student, version in listed.values_list("klass", "student", "entry_version"):
        called = next((at for seen, at in calls.get(klass, ()) if seen >= version), None)
        if called is not None:
            found.append(Trace(wrote[student].number, student, title("roll_call_taken"), called))
    return found


def _other_records(wrote: dict[int, ImportRow]) -> list[Trace]:
    """Rows of other parts of the house that point at the child, whatever the journal says."""
    found = []
    for relation in Student._meta.related_objects:
        model = relation.related_model
        if model._meta.app_label == "people":
            continue
        name = relation.field.attname
        rows = model._base_manager.filter(**{f"{name}__in": list(wrote)}).values_list(name, flat=True)
        word = str(model._meta.verbose_name)
        found += [Trace(wrote[student].number, student, word, None) for student in rows.distinct()]
    return found


def title(kind: str) -> str:
    return REGISTRY[kind].title if kind in REGISTRY else kind
