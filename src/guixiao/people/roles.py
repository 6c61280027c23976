"""In what part somebody may answer for a child. The journal keeps the code."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    PAIRING = "pairing", _("结对帮扶")
    NET = "net", _("包保责任")
    CASE = "case", _("个案专班")
    VISITS = "visits", _("家访名单")
    HELPER = "helper", _("帮扶联系")


def title(code: str) -> str:
    """The word for a role; an unknown code is shown as it is."""
    return str(dict(Role.choices).get(code, code))
