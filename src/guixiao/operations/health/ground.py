"""What everything stands on: database, disk, backup, anchors, calendar, keys, clock."""

from __future__ import annotations

import json
import os
import shutil
from datetime import date, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guixiao.conf import home
from guixiao.facts import happenings
from guixiao.facts.clock import day_of
from guixiao.journal import anchors
from guixiao.journal.models import Chain, Entry
from guixiao.operations import shelf
from guixiao.places.models import Kind as PlaceKind
from guixiao.places.models import Place, SchoolTerm
from guixiao.places.national import national

from .lines import Line, Mood, ago, size

GIGABYTE = 1024**3
DAY = timedelta(days=1)
TAIL = 4096  # bytes of the anchors' file in which its last line surely begins


def database(now: datetime) -> Line:
    """Engine and size; whether it is at this version of the program."""
    title = _("数据库")
    executor = MigrationExecutor(connection)
    pending = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    says = f"{connection.display_name}，{size(_database_size())}"
    if pending:
        says += ngettext("，差 %(n)s 步更新", "，差 %(n)s 步更新", pending) % {"n": pending}
        return Line("database", title, Mood.BAD, says, _("先备份（guixiao backup），再运行 guixiao init。"))
    return Line("database", title, Mood.GOOD, says)


def _database_size() -> int:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_database_size(current_database())")
            return int(cursor.fetchone()[0])
    name = str(settings.DATABASES["default"]["NAME"])
    return sum(os.path.getsize(name + end) for end in ("", "-wal") if os.path.exists(name + end))


def disk(now: datetime) -> Line:
    """Room where the installation and its backups lie; the tighter of the two."""
    title = _("磁盘")
    places = [path for path in (home.home(), shelf.folder()) if path.exists()]
    if not places:
        return Line("disk", title, Mood.UNKNOWN, _("数据文件夹还没有"))
    used = min((shutil.disk_usage(path) for path in places), key=lambda one: one.free)
    share = round(100 * used.free / used.total)
    says = _("还剩 %(free)s（%(share)s%%）") % {"free": size(used.free), "share": share}
    if used.free < GIGABYTE or share < 3:
        return Line(
            "disk", title, Mood.BAD, says, _("马上腾出空间：满了以后什么也记不下来。先移走旧备份和日志。")
        )
    if used.free < 5 * GIGABYTE or share < 10:
        return Line("disk", title, Mood.WARN, says, _("腾出空间或加磁盘；旧备份移到别的机器上。"))
    return Line("disk", title, Mood.GOOD, says)


def backup(now: datetime) -> Line:
    """The last backup that was proven, and whether a later try failed."""
    title, said = _("备份"), shelf.last()
    remedy = _("运行 guixiao backup，看它说什么；备份要另存一份到别的机器。")
    try:
        at = datetime.fromisoformat(said["at"])
    except (KeyError, ValueError, TypeError):
        mood = Mood.WARN if settings.DEMO else Mood.BAD
        return Line("backup", title, mood, _("还没有备份。"), remedy)
    octets = said.get("bytes")
    says = _("%(when)s，%(size)s") % {
        "when": ago(at, now),
        "size": size(octets if isinstance(octets, int) else 0),
    }
    failed = said.get("failed")
    if isinstance(failed, dict) and str(failed.get("at", "")) > said["at"]:
        says += _("；之后一次没有成功：%(why)s") % {"why": failed.get("why", "")}
        return Line("backup", title, Mood.BAD, says, remedy)
    if not said.get("verified"):
        return Line("backup", title, Mood.BAD, says + _("，没有核验过"), remedy)
    mood = Mood.BAD if now - at > 3 * DAY else Mood.WARN if now - at > 1.5 * DAY else Mood.GOOD
    return Line("backup", title, mood, says, "" if mood is Mood.GOOD else remedy)


def anchored(now: datetime) -> Line:
    """The last day on which the heads of the chains were written outside the database."""
    title = _("记录的锚")
    if not Chain.objects.exists():
        return Line("anchors", title, Mood.GOOD, _("还没有记录"))
    day = _last_anchor(anchors.default_file())
    remedy = _("后台进程每天写一次。没写的话看磁盘和文件夹权限；锚的文件也要另存一份。")
    if day is None:
        return Line("anchors", title, Mood.WARN, _("还没有写过锚"), remedy)
    old = day_of(now) - day
    mood = Mood.BAD if old > 3 * DAY else Mood.WARN if old > DAY else Mood.GOOD
    return Line(
        "anchors",
        title,
        mood,
        _("最后一天是 %(day)s") % {"day": day.isoformat()},
        "" if mood is Mood.GOOD else remedy,
    )


def _last_anchor(path: Path) -> date | None:
    """The day on the last whole line; the rest of the file is for ``guixiao verify``."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - TAIL))
            whole = file.read().rpartition(b"\n")[0]
        return date.fromisoformat(json.loads(whole.rpartition(b"\n")[2])["day"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def calendar(now: datetime) -> Line:
    """The years whose holidays are known. The next one is announced in November or so."""
    title, today, known = _("放假安排"), day_of(now), national().announced
    years = "、".join(str(year) for year in sorted(known))
    says = _("已知 %(years)s 年") % {"years": years}
    if today.year not in known:
        return Line(
            "calendar", title, Mood.BAD, says, _("今年的放假安排还没装进来：更新程序，或在校历里逐日定。")
        )
    if today.year + 1 not in known and today.month >= 11:
        says += _("；%(year)s 年的还没有") % {"year": today.year + 1}
        return Line(
            "calendar",
            title,
            Mood.WARN,
            says,
            _("国务院公布后更新程序。在那以前，明年的日子会说“不清楚”，不会猜。"),
        )
    return Line("calendar", title, Mood.GOOD, says)


def terms(now: datetime) -> Line:
    """Whether every county has a term for today, or the next one when this is about to end."""
    title, today, soon = _("学期"), day_of(now), day_of(now) + 30 * DAY
    counties = Place.objects.filter(kind=PlaceKind.COUNTY, closed_on=None)
    running = SchoolTerm.objects.filter(last__gte=today)
    reaching = SchoolTerm.objects.filter(last__gte=soon)
    without = counties.exclude(pk__in=running.values("place"))
    ending = counties.exclude(pk__in=reaching.values("place"))
    remedy = _("系统管理员在校历里填下一学期的起止日子。")
    if without.exists():
        names = "、".join(without.values_list("name", flat=True)[:3])
        return Line("terms", title, Mood.BAD, _("%(where)s没有现在或以后的学期") % {"where": names}, remedy)
    if ending.exists():
        names = "、".join(ending.values_list("name", flat=True)[:3])
        says = _("%(where)s的学期一个月内结束，下一学期还没填") % {"where": names}
        return Line("terms", title, Mood.WARN, says, remedy)
    return Line("terms", title, Mood.GOOD, _("都填了"))


def keys(now: datetime) -> Line:
    """How old the field key is, and that nobody else on the machine can read the ring."""
    title, path = _("密钥"), home.keys_file()
    try:
        stat = path.stat()
    except OSError:
        return Line(
            "keys",
            title,
            Mood.BAD,
            _("读不到密钥文件。"),
            _("从保管的副本恢复；没有它，加密的内容谁也打不开。"),
        )
    if stat.st_mode & 0o077:
        return Line(
            "keys",
            title,
            Mood.BAD,
            _("别的账户也能读密钥文件。"),
            _("把权限改成只有服务账户可读（chmod 600）。"),
        )
    turned = Entry.objects.filter(kind=happenings.KeyRotated.kind).order_by("-happened_at").first()
    since = turned.recorded_at if turned else datetime.fromtimestamp(stat.st_mtime, now.tzinfo)
    says = _("用了 %(n)s 天") % {"n": max(0, (now - since).days)}
    if now - since > 365 * DAY:
        return Line(
            "keys", title, Mood.WARN, says, _("一年换一次：运行 guixiao rotate-keys，再把新密钥另存一份。")
        )
    return Line("keys", title, Mood.GOOD, says)


def clock(now: datetime, shift: timedelta) -> Line:
    """Whether the clock agrees with what has been recorded, and is the world's."""
    title = _("时钟")
    if shift:
        return Line("clock", title, Mood.WARN, _("这是演示的钟，不是真的时间。"))
    newest = Entry.objects.order_by("-pk").values_list("recorded_at", flat=True).first()
    if newest is not None and newest - now > timedelta(minutes=5):
        says = _("有记录的时间比现在晚。")
        return Line(
            "clock", title, Mood.BAD, says, _("几台机器的钟不一样，或者往回拨过：都校准时间（timedatectl）。")
        )
    return Line("clock", title, Mood.GOOD, now.astimezone().isoformat(sep=" ", timespec="minutes"))
