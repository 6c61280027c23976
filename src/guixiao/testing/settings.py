"""The settings of an installation that lasts as long as a test run. ``DATABASE_URL`` picks the engine."""

import atexit
import os
import shutil
import tempfile

if "GUIXIAO_HOME" not in os.environ:  # the workers of a parallel run inherit the home of the first process
    _home, _owner = tempfile.mkdtemp(prefix="guixiao-test-"), os.getpid()
    os.environ["GUIXIAO_HOME"] = _home

    def _leave_nothing() -> None:
        if os.getpid() == _owner:  # a forked child must not take the home with it
            shutil.rmtree(_home, ignore_errors=True)

    atexit.register(_leave_nothing)
os.environ["GUIXIAO_MAKE_KEYS"] = "1"
os.environ["GUIXIAO_HTTPS"] = "0"
os.environ.pop("GUIXIAO_DEMO", None)

from guixiao.conf.settings import *  # noqa: F403 - every setting, once the home stands
from guixiao.conf.settings import DATABASES, HOME

(HOME / "static").mkdir(
    parents=True, exist_ok=True
)  # where collected files would lie; its absence is warned of

# A file, not memory: write-ahead log, locks and threads behave as they do in a school.
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": str(HOME / "test.sqlite3")}

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # Argon2 is slow on purpose
GUIXIAO_BACKUP_AT = None  # no night comes over a test
AXES_ENABLED = False  # the tests of lockout turn it on
GUIXIAO_PASSWORD_DAYS = 36500  # the cast's accounts are as old as its story; the tests of expiry turn it on
