"""What coverage keeps, as aggregates for any store: who has each account and since when, and whose turn it is."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

import attrs

from prmcore.errors import Faults
from prmcore.repository import Aggregate
from prmcore.territory.coverage.distribution import Turns
from prmcore.territory.coverage.index import Result
from prmcore.values import checked_id, natural_key

__all__ = ["ACCOUNT_ASSIGNMENTS", "TURNS", "AccountAssignment", "AssignmentStep", "KeptTurns", "Pin"]


@attrs.frozen(kw_only=True)
class Pin:
    """That a person gave an account to a territory, whatever the rules say."""

    territory: str
    member: str | None = None
    by: str
    reason: str
    on: datetime.date
    until: datetime.date | None = (
        None  # the first day on which the rules decide again; None = until it is taken off
    )

    def __attrs_post_init__(self) -> None:
        faults = Faults("the pin cannot be used")
        for name in ("territory", "by", "reason"):
            with faults.within(name):
                checked_id(getattr(self, name))
        if self.until is not None and self.until <= self.on:
            faults.add(f"found {self.until}; accepted: a day after {self.on}", "until")
        faults.raise_if_any()

    def holds_on(self, day: datetime.date) -> bool:
        return self.on <= day and (self.until is None or day < self.until)


@attrs.frozen(kw_only=True)
class AssignmentStep:
    """That an account came to somebody, or to nobody, on a day; steps are only ever added."""

    on: datetime.date
    model: str  # the version of the model that decided
    result: Result
    territory: str | None = None
    member: str | None = None
    record: Mapping[str, Any]  # the decision: see prmcore.decisions.recorded
    pinned_by: str | None = None  # who gave it, against or without the rules


@attrs.frozen(kw_only=True)
class AccountAssignment:
    """Who has an account, and who had it before."""

    program: str  # name without version
    account: str
    steps: tuple[AssignmentStep, ...] = ()
    pin: Pin | None = None

    @property
    def id(self) -> str:
        return natural_key(self.program, self.account)

    @property
    def last(self) -> AssignmentStep | None:
        return self.steps[-1] if self.steps else None

    def on(self, day: datetime.date) -> AssignmentStep | None:
        """Who had it at the end of a day; None = it was not decided yet."""
        return next((step for step in reversed(self.steps) if step.on <= day), None)


@attrs.frozen(kw_only=True)
class KeptTurns:
    """The turns of one territory of a program."""

    program: str
    turns: Turns

    @property
    def id(self) -> str:
        return natural_key(self.program, self.turns.territory)


def _of_last(name: str) -> Any:
    return lambda one: None if one.last is None else getattr(one.last, name)


ACCOUNT_ASSIGNMENTS: Aggregate[AccountAssignment] = Aggregate(
    "account-assignment",
    AccountAssignment,
    lambda one: one.id,
    {
        "program": lambda one: one.program,
        "territory": _of_last("territory"),
        "member": _of_last("member"),
        "result": _of_last("result"),
    },
)
TURNS: Aggregate[KeptTurns] = Aggregate(
    "turns", KeptTurns, lambda one: one.id, {"program": lambda one: one.program}
)
