"""Where one installation lives: database, files, keys, anchors.

``GUIXIAO_HOME`` names the folder; without it ``var/`` under the current directory is used.
"""

import os
from pathlib import Path


def home() -> Path:
    """The installation's folder, not created here."""
    return Path(os.environ.get("GUIXIAO_HOME", "var")).resolve()


def keys_file() -> Path:
    """The key ring, outside the database: ``GUIXIAO_KEYS`` or ``keys.json`` in the home folder."""
    return Path(os.environ.get("GUIXIAO_KEYS", home() / "keys.json")).resolve()


def database_url() -> str:
    """``DATABASE_URL``, or the embedded SQLite file."""
    return os.environ.get("DATABASE_URL", f"sqlite:///{home() / 'guixiao.sqlite3'}")
