"""Files, accounts, and who looked at what."""

from __future__ import annotations

from datetime import datetime

from guixiao.facts.base import Fact, fact
from guixiao.facts.marking import gettext_noop


@fact("file_stored", gettext_noop("存入附件"))
class FileStored(Fact):
    file: int
    student: int | None = None


@fact("account_changed", gettext_noop("账号变动"))
class AccountChanged(Fact):
    account: int
    change: str


@fact("signed_in", gettext_noop("登录"))
class SignedIn(Fact):
    account: int


@fact("sign_in_failed", gettext_noop("登录失败"))
class SignInFailed(Fact):
    account: int | None = None


@fact("looked", gettext_noop("查看"))
class Looked(Fact):
    """A post looked at a child's record: lists are counted, single pages name the child."""

    what: str
    student: int | None = None
    count: int | None = None


@fact("revealed", gettext_noop("查看隐藏信息"))
class Revealed(Fact):
    """A masked field was shown, for a stated reason (kept in the record, not here)."""

    student: int
    field: str
    reveal: int


@fact("break_glass", gettext_noop("紧急查看"))
class BreakGlassOpened(Fact):
    student: int
    grant: int
    until: datetime


@fact("exported", gettext_noop("导出"))
class Exported(Fact):
    what: str
    rows: int


@fact("key_rotated", gettext_noop("更换密钥"))
class KeyRotated(Fact):
    rows: int
