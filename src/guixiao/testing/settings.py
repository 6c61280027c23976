"""The settings of an installation that lasts as long as a test run. ``DATABASE_URL`` picks the engine."""

import os
import tempfile

os.environ.setdefault("GUIXIAO_HOME", tempfile.mkdtemp(prefix="guixiao-test-"))
os.environ["GUIXIAO_MAKE_KEYS"] = "1"
os.environ["GUIXIAO_HTTPS"] = "0"
os.environ.pop("GUIXIAO_DEMO", None)

from guixiao.conf.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # Argon2 is slow on purpose
AXES_ENABLED = False  # the tests of lockout turn it on
