"""What holds an opening: a roll call of a new class, or a child that has gone another way since."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext as _

from guixiao.access.models import Account
from guixiao.journal import queries as journal
from guixiao.people.models import Enrolment, Status
from guixiao.places.models import Place
from guixiao.places.wording import moment, title_of

from .checks import SHOWN, several
from .models import YearOpening


def first_roll(row: YearOpening) -> list[str]:
    """The first roll call of any new class as a sentence; nothing when there is none."""
    told = journal.of_places(row.made["classes"].values(), ["roll_call_taken"])
    if not told:
        return []
    first = told[0]
    klass = Place.objects.get(pk=getattr(first.fact, "class_id", 0))
    account = Account.objects.select_related("person").filter(pk=first.account).first()
    who = f"{title_of(first.post)}{account.person.name}" if account else title_of(first.post)
    return [
        _(
            "%(klass)s已经在 %(when)s 点过名（%(who)s）。点过名的学年不能撤销；个别学生可以调班，老师可以换人。"
        )
        % {"klass": klass.name, "when": moment(first.happened_at), "who": who}
    ]


def later_changes(row: YearOpening) -> list[str]:
    """Children who joined a new class, left it or changed class since, and graduates whom somebody took in."""
    new = list(row.made["classes"].values())
    mine = {after for _before, after in row.made["moved"]}
    here = Enrolment.objects.filter(klass__in=new).select_related("student")
    joined = [one.student.name for one in here.order_by("pk") if one.pk not in mine]
    left = [one.student.name for one in here.order_by("pk") if one.pk in mine and one.last is not None]
    lost = len(mine) - sum(one.pk in mine for one in here)
    taken = Enrolment.objects.filter(pk__in=row.made["graduated"]).exclude(
        Q(student__status=Status.GRADUATED), Q(student__klass=None)
    )
    elsewhere = list(taken.values_list("student__name", flat=True)[: SHOWN + 1])
    said = []
    if joined:
        said.append(
            _("开学年以后，%(who)s进了新班。请先撤销那次导入或把他们调走，再撤销学年。")
            % {"who": several(joined)}
        )
    if left or lost:
        said.append(
            _("开学年以后，%(who)s从新班转走或调班了。请先把这几个人的变动改回来，再撤销学年。")
            % {"who": several(left) if left else _("有学生")}
        )
    if elsewhere:
        said.append(
            _("%(who)s毕业后已经另外入学。请先办他们的学籍，再撤销学年。") % {"who": several(elsewhere)}
        )
    return said
