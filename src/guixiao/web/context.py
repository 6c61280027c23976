"""What every page knows of the house."""

from typing import Any


def house(request: Any) -> dict[str, Any]:
    return {"actor": getattr(request, "actor", None), "now": getattr(request, "now", None)}
