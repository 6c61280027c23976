"""The migrations say exactly what the models say."""

from __future__ import annotations

from importlib.util import find_spec

import pytest
from django.apps import apps
from django.core.management import call_command


@pytest.mark.django_db
def test_migrations_are_up_to_date() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=1)


def test_every_app_with_tables_has_migrations() -> None:
    ours = [app for app in apps.get_app_configs() if app.name.startswith("guixiao")]
    assert ours
    bare = [app.name for app in ours if list(app.get_models()) and not find_spec(f"{app.name}.migrations")]
    assert not bare, f"makemigrations passes over these in silence: {bare}"
