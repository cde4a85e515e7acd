"""What the records of deals share: checks of what is given."""

from __future__ import annotations

from collections.abc import Iterable

from prmcore.errors import Faults
from prmcore.values import checked_id

__all__ = ["check_days", "check_ids"]


def check_ids(faults: Faults, **ids: str | None) -> None:
    """Adds the ids that cannot be used; None is not looked at."""
    for name, one in ids.items():
        if one is not None:
            with faults.within(name):
                checked_id(one)


def check_days(faults: Faults, numbers: Iterable[tuple[str, object]], lowest: int = 0) -> None:
    """Adds the numbers that are not whole, or below the lowest; None is not looked at."""
    for name, number in numbers:
        if number is not None and (type(number) is not int or not lowest <= number <= 100_000):
            faults.add(f"found {number!r:.40}; accepted: a whole number from {lowest} to 100000", name)
