"""The product's settings in a throw-away home with throw-away keys, for tests and for the type checker."""

import atexit
import os
import shutil
import tempfile

if "GUIXIAO_HOME" not in os.environ:  # the workers of a parallel run inherit the home of the first process
    _home = tempfile.mkdtemp(prefix="guixiao-test-")
    _owner = os.getpid()
    os.environ["GUIXIAO_HOME"] = _home
    atexit.register(lambda: os.getpid() == _owner and shutil.rmtree(_home, ignore_errors=True))
os.environ.setdefault("GUIXIAO_MAKE_KEYS", "1")
os.environ.setdefault("GUIXIAO_HTTPS", "0")

from guixiao.conf.settings import *  # noqa: F403  # only after the home is set
from guixiao.conf.settings import DATABASES, HOME

# A file, not memory: write-ahead log, locks and threads behave as they do in a school.
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": str(HOME / "test.sqlite3")}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
