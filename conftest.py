"""Shared by every test in the repository: the fixed cast, and how to run only what touches the database."""

from __future__ import annotations

import pytest
from django.test import TransactionTestCase
from pytest_django import DjangoDbBlocker

from guixiao.testing.cast import Cast
from guixiao.testing.kept import Kept, keep

DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "django_db_reset_sequences"}


@pytest.fixture(scope="session")
def kept_cast(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Kept:
    with django_db_blocker.unblock():
        return keep()


@pytest.fixture
def cast(kept_cast: Kept, db: None) -> Cast:
    """The fixed cast, one outsider among them (guixiao.testing.cast)."""
    return kept_cast.again()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database-only",
        action="store_true",
        help="run only the tests that touch the database (for the second engine)",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--database-only"):
        return
    left_out = [item for item in items if not touches_database(item)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if touches_database(item)]


def touches_database(item: pytest.Item) -> bool:
    if item.get_closest_marker("django_db"):
        return True
    if DATABASE_FIXTURES & set(getattr(item, "fixturenames", ())):
        return True
    case = getattr(item, "cls", None)
    return isinstance(case, type) and issubclass(case, TransactionTestCase)
