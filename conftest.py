"""Fixtures every test may use."""

import pytest

from guixiao.testing.cast import Cast, assemble


@pytest.fixture
def cast(db: None) -> Cast:
    """The fixed cast, one outsider among them (guixiao.testing.cast)."""
    return assemble()
