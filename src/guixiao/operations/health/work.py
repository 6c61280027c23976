"""The background: workers, rounds, what waits, what stands still. Every look is a few rows."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guixiao.duties.hands import gone
from guixiao.duties.models import Pass, Stuck, Worker
from guixiao.duties.shares import DAILY, READER
from guixiao.facts.clock import day_of, start_of
from guixiao.journal.models import Chain, Cursor, Entry
from guixiao.notify.models import Delivery
from guixiao.people.imports.runner import WORKING
from guixiao.people.models import BatchState, ImportBatch

from .lines import Line, Mood, ago

SILENT, LATE, TOO_LATE = timedelta(minutes=3), timedelta(minutes=10), timedelta(hours=1)
A_DAY = timedelta(days=1)


def workers(now: datetime) -> Line:
    """Who is alive. One that was replaced, or left long ago, is not missed."""
    known = list(Worker.objects.filter(seen_at__gte=now - TOO_LATE))
    alive = [one for one in known if now - one.seen_at <= SILENT and not gone(one.name)]
    silent = [one for one in known if now - one.seen_at > SILENT and not gone(one.name)]
    title = _("后台进程")
    if not alive:
        says = _("没有后台进程在工作：新待办、逾期、提醒都停着。")
        return Line(
            "workers",
            title,
            Mood.BAD,
            says,
            _("在服务器上启动 guixiao serve（或 guixiao worker），再看它的日志。"),
        )
    says = ngettext("%(n)s 个在工作", "%(n)s 个在工作", len(alive)) % {"n": len(alive)}
    if silent:
        says += _("，%(n)s 个超过三分钟没有消息") % {"n": len(silent)}
        return Line(
            "workers", title, Mood.WARN, says, _("看没有消息的那台机器：进程还在不在，数据库连不连得上。")
        )
    return Line("workers", title, Mood.GOOD, says)


def last_round(now: datetime) -> Line:
    """When a whole round last ended well, and how long it took."""
    title = _("上一轮")
    last = Worker.objects.exclude(round_at=None).order_by("-round_at").first()
    if last is None or last.round_at is None:
        return Line(
            "round", title, Mood.BAD, _("还没有跑完过一轮。"), _("启动后台进程；已经启动的，等一分钟再看。")
        )
    says = _("%(when)s，用了 %(took).1f 秒") % {"when": ago(last.round_at, now), "took": last.took or 0}
    if last.round_at > now + LATE:
        return Line(
            "round", title, Mood.BAD, says, _("服务器的钟往回拨过。校准时间（timedatectl），再重启服务。")
        )
    late = now - last.round_at
    mood = Mood.BAD if late > TOO_LATE else Mood.WARN if late > LATE else Mood.GOOD
    return Line(
        "round", title, mood, says, "" if mood is Mood.GOOD else _("后台进程没有跑完一轮：看它的日志。")
    )


def day_begun(now: datetime) -> Line:
    """Whether the calendar's duties of today have been brought up."""
    title = _("今天的日历事项")
    day = Pass.objects.filter(name=DAILY).values_list("day", flat=True).first()
    today = day_of(now)
    if day == today:
        return Line("day", title, Mood.GOOD, _("今天的已经列出"))
    if day is not None and day > today:
        says = _("最后一次是 %(day)s，比今天还晚。") % {"day": day.isoformat()}
        return Line(
            "day", title, Mood.BAD, says, _("服务器的钟往回拨过。校准时间（timedatectl），再重启服务。")
        )
    says = _("今天的还没列出；最后一次是 %(day)s。") % {"day": day.isoformat() if day else _("从来没有")}
    mood = Mood.WARN if now - start_of(today) < TOO_LATE else Mood.BAD
    return Line("day", title, mood, says, _("后台进程启动后一两分钟内会补上，每件事只补一次。"))


def failures(now: datetime) -> Line:
    """A round that broke off and none that went well since."""
    title = _("出错")
    last = Worker.objects.filter(failed_at__gte=now - A_DAY).order_by("-failed_at").first()
    well = (
        Worker.objects.exclude(round_at=None).order_by("-round_at").values_list("round_at", flat=True).first()
    )
    if last is None or last.failed_at is None:
        return Line("failures", title, Mood.GOOD, _("一天来没有一轮出错"))
    says = _("%(when)s：%(why)s") % {"when": ago(last.failed_at, now), "why": last.failure}
    if well is not None and well >= last.failed_at:
        return Line("failures", title, Mood.GOOD, says + _("（之后又正常了）"))
    return Line("failures", title, Mood.BAD, says, _("看后台进程的日志；数据库在不在，磁盘满没满。"))


def stuck(now: datetime) -> Line:
    """Subjects whose duties cannot be worked out."""
    title = _("算不出的事项")
    count = Stuck.objects.count()
    if not count:
        return Line("stuck", title, Mood.GOOD, _("没有"))
    first = Stuck.objects.order_by("since")[0]
    says = ngettext(
        "%(n)s 个对象的待办算不出来（%(why)s）", "%(n)s 个对象的待办算不出来（%(why)s）", count
    ) % {
        "n": count,
        "why": first.why,
    }
    return Line(
        "stuck", title, Mood.BAD, says, _("别的都照常。运行 guixiao verify 查记录，把日志交给维护的人。")
    )


def unread(now: datetime) -> Line:
    """How far the journal is settled; the age of the oldest entry that is not."""
    title = _("没结算的记录")
    seen = dict(Cursor.objects.filter(reader=READER).values_list("chain_id", "seq"))
    chains = Chain.objects.exclude(name__startswith="looks:").values_list("pk", "seq")
    behind = {pk: seq - seen.get(pk, 0) for pk, seq in chains if seq > seen.get(pk, 0)}
    oldest = [_next(pk, seen.get(pk, 0)) for pk in sorted(behind, key=lambda pk: -behind[pk])[:20]]
    late = [moment for moment in oldest if moment is not None and now - moment > LATE]
    if not late:
        return Line("unread", title, Mood.GOOD, _("都跟上了"))
    says = _("%(n)s 条记录、%(chains)s 个单位没跟上，最早的是 %(when)s") % {
        "n": sum(behind.values()),
        "chains": len(behind),
        "when": ago(min(late), now),
    }
    mood = Mood.BAD if now - min(late) > TOO_LATE else Mood.WARN
    return Line("unread", title, mood, says, _("后台进程在工作的话会自己跟上；一小时还没少，看它的日志。"))


def _next(chain: int, seq: int) -> datetime | None:
    found = Entry.objects.filter(chain=chain, seq=seq + 1).values_list("recorded_at", flat=True)
    return found.first()


def deliveries(now: datetime) -> Line:
    """Links to outside channels that wait or were given up."""
    title = _("站外提醒")
    waiting = Delivery.objects.filter(state=Delivery.WAITING, next_at__lt=now - LATE).count()
    lost = Delivery.objects.filter(state=Delivery.GIVEN_UP, next_at__gte=now - A_DAY).count()
    if not waiting and not lost:
        return Line("deliveries", title, Mood.GOOD, _("没有压着的"))
    says = _("%(waiting)s 条等着发，%(lost)s 条一天内发不出已放弃") % {"waiting": waiting, "lost": lost}
    return Line(
        "deliveries", title, Mood.WARN, says, _("站内通知不受影响。核对 GUIXIAO_CHANNELS 的地址和网络。")
    )


def imports(now: datetime) -> Line:
    """Imports that stand still."""
    title = _("导入")
    working = ImportBatch.objects.filter(state__in=(*WORKING, BatchState.CHECKING))
    still = working.filter(beat_at__lt=now - LATE).count()
    if still:
        says = ngettext("%(n)s 批停着不动", "%(n)s 批停着不动", still) % {"n": still}
        return Line("imports", title, Mood.BAD, says, _("后台进程会接着做；没有接上的，打开那一批的进度页。"))
    count = working.count()
    says = ngettext("%(n)s 批正在做", "%(n)s 批正在做", count) % {"n": count} if count else _("没有正在做的")
    return Line("imports", title, Mood.GOOD, says)
