"""``GUIXIAO_BACKUP_AT`` and ``GUIXIAO_BACKUP_KEEP``: when the nightly backup starts, and how many are kept."""

from datetime import time


def at(text: str) -> time | None:
    """``02:30`` → that time of day; ``off`` → never. Raises ``ValueError``."""
    if text == "off":
        return None
    try:
        return time.fromisoformat(text)
    except ValueError:
        raise ValueError(f"GUIXIAO_BACKUP_AT={text}: say a time of day such as 02:30, or off") from None


def keep(text: str) -> tuple[int, int, int]:
    """``7,4,12`` → days, weeks, months of which one backup each is kept. Raises ``ValueError``."""
    try:
        days, weeks, months = (int(number) for number in text.split(","))
        if min(days, weeks, months) < 0:
            raise ValueError(text)
    except ValueError:
        raise ValueError(f"GUIXIAO_BACKUP_KEEP={text}: say days, weeks and months, such as 7,4,12") from None
    return days, weeks, months
