"""prmcore: the partner-program engine you embed. A policy is a function from facts and a day to a decision.

The names most programs start from are here; each is loaded when it is first used. The packages, from the ground up:
`values`, `decisions`, `repository`; `partners`, `performance`, `tiers`, `territory`, `deals`, `incentives`, `contracts`, which
are strangers to each other; `program`, which joins them, `storage`, `report`, `testing`, `cli`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from prmcore.decisions import Decision, FactSheet, Ladder, all_of, any_of, at_least_of, fact, not_, rung
    from prmcore.decisions.explain import explain
    from prmcore.errors import InvalidInput, PrmError
    from prmcore.program import Program, load_program
    from prmcore.tiers import Movement, Standing, TierFacts, TierPolicy
    from prmcore.values import DateRange, FiscalCalendar, Money, Rate, Text

__version__ = "0.1.0"

_HOMES = {
    "prmcore.decisions": (
        "Decision",
        "FactSheet",
        "Ladder",
        "all_of",
        "any_of",
        "at_least_of",
        "fact",
        "not_",
        "rung",
    ),
    "prmcore.decisions.explain": ("explain",),
    "prmcore.errors": ("InvalidInput", "PrmError"),
    "prmcore.program": ("Program", "load_program"),
    "prmcore.tiers": ("Movement", "Standing", "TierFacts", "TierPolicy"),
    "prmcore.values": ("DateRange", "FiscalCalendar", "Money", "Rate", "Text"),
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "DateRange",
    "Decision",
    "FactSheet",
    "FiscalCalendar",
    "InvalidInput",
    "Ladder",
    "Money",
    "Movement",
    "PrmError",
    "Program",
    "Rate",
    "Standing",
    "Text",
    "TierFacts",
    "TierPolicy",
    "all_of",
    "any_of",
    "at_least_of",
    "explain",
    "fact",
    "load_program",
    "not_",
    "rung",
]


def __getattr__(name: str) -> Any:
    if name in _HOME:
        from importlib import import_module

        return getattr(import_module(_HOME[name]), name)
    from prmcore.errors import unknown_name

    raise AttributeError(unknown_name("name in prmcore", name, __all__))


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
