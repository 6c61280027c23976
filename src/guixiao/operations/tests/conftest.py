"""An installation of its own for each test: the fixed cast's database, a home folder with a photo and anchors."""

from __future__ import annotations

import hashlib
import os
import shutil
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from guixiao.conf import home
from guixiao.files import blobs
from guixiao.files.actions import keep
from guixiao.files.intake import Intake
from guixiao.files.models import Purpose
from guixiao.journal import anchors
from guixiao.journal.append import append
from guixiao.operations import loading, proving
from guixiao.operations.backup import back_up
from guixiao.operations.shelf import Keep, Kept
from guixiao.operations.tables import Migrations
from guixiao.testing.cast import Cast
from guixiao.testing.kept import Kept as KeptCast

NOW = datetime(2026, 11, 24, 18, 30, tzinfo=UTC)
PHOTO = os.urandom(2_500_000)  # reaches over several pieces
KEEP = Keep(7, 4, 12)


def url_of_test_database() -> str:
    said: dict[str, Any] = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{said['NAME']}"
    return f"postgresql://{said['USER']}@{said['HOST']}:{said['PORT']}/{said['NAME']}"


@dataclass
class Installation:
    """A home folder and the test's database behind it."""

    home: Path
    cast: Cast

    @property
    def shelf(self) -> Path:
        return self.home / "backups"

    def photo(self, plain: bytes = PHOTO) -> str:
        """One more stored file about the child; returns the name of its blob."""
        by = self.cast.actor("class_teacher").by("rollcall.take")
        intake = Intake(
            blobs.put(plain), "家访.jpg", "image/jpeg", len(plain), hashlib.sha256(plain).hexdigest()
        )
        with transaction.atomic():
            stated = keep(
                by=by,
                now=NOW,
                student=self.cast.child,
                purpose=Purpose.VISIT_PHOTO,
                owner=1,
                intakes=[intake],
            )
            append(stated, by=by, now=NOW)
        return intake.store

    def back_up(self, now: datetime = NOW, place: Path | None = None, keep: Keep = KEEP) -> tuple[Kept, Path]:
        kept, _ = back_up(now, place or self.shelf, keep, lambda _: None)
        return kept, (place or self.shelf) / kept.file

    def everything(self) -> dict[str, bytes]:
        """Every file in the home folder but the lock and the notes of how things went."""
        skipped = (".running", ".lock", "status.json")
        return {
            str(path.relative_to(self.home)): path.read_bytes()
            for path in sorted(self.home.rglob("*"))
            if path.is_file() and path.name not in skipped
        }


@pytest.fixture(scope="session")
def schemas(tmp_path_factory: pytest.TempPathFactory) -> Schemas:
    return Schemas(tmp_path_factory.mktemp("schemas"))


@dataclass
class Schemas:
    """The empty schema of a set of migrations, made once a test process: making it takes seconds."""

    folder: Path

    def make(self, connection: BaseDatabaseWrapper, applied: Migrations) -> None:
        kept = self.folder / str(abs(hash(applied)))
        path = connection.settings_dict["NAME"]
        if not kept.exists():
            loading.make_schema(connection, applied)
            connection.close()
            shutil.copy(path, kept)
        connection.close()
        shutil.copy(kept, path)


def connected(connection: BaseDatabaseWrapper) -> None:
    """Connect, also to a second database, which a test of one database otherwise may not."""
    if connection.connection is None:
        with connection.wrap_database_errors:
            connection.connect()


@pytest.fixture
def by_a_process_of_its_own() -> None:
    """Asked for by the tests in which ``guixiao verify`` runs on the copy as it does in a school."""


@pytest.fixture
def installation(
    request: pytest.FixtureRequest,
    kept_cast: KeptCast,
    schemas: Schemas,
    transactional_db: None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    settings: Any,
) -> Installation:
    """Elsewhere the copy is compared, but its journal is not verified: that takes a process and its seconds."""
    monkeypatch.setenv("GUIXIAO_KEYS", str(home.keys_file()))
    place = tmp_path / "home"
    place.mkdir()
    monkeypatch.setenv("GUIXIAO_HOME", str(place))
    monkeypatch.setenv("DATABASE_URL", url_of_test_database())
    settings.HOME, settings.MEDIA_ROOT = place, place / "files"
    monkeypatch.setattr(BaseDatabaseWrapper, "ensure_connection", connected)
    monkeypatch.setattr(proving, "make_schema", schemas.make)
    if "by_a_process_of_its_own" not in request.fixturenames:
        monkeypatch.setattr(proving, "verify", lambda *_: None)
    with transaction.atomic():
        made = Installation(place, kept_cast.again())
    made.photo()
    anchors.write(date(2026, 11, 23), anchors.default_file())
    made.photo(b"after the anchors")
    return made
