"""The records of tier evaluation: where a partner stands, and how programs let partners move."""

from __future__ import annotations

import datetime
from enum import Enum
from typing import Generic, TypeVar

import attrs

from prmcore.errors import Faults
from prmcore.values import DateRange, PeriodKind

__all__ = [
    "Action",
    "Guarantee",
    "InitialLevel",
    "Movement",
    "Override",
    "Standing",
    "TierFacts",
    "TierOutcome",
    "When",
]

MetricsT = TypeVar("MetricsT")


class Action(Enum):
    """What a decision does with the partner's level."""

    PLACED = "placed"  # a new partner's first level
    OVERRIDDEN = "overridden"  # a person set the level, with a reason, until a day
    GUARANTEED = "guaranteed"  # kept on a level that was granted for a time
    UPGRADED = "upgraded"
    UPGRADE_PROPOSED = "upgrade-proposed"  # a person approves it
    UPGRADE_WAITS = "upgrade-waits"  # for the next review
    DOWNGRADED = "downgraded"
    DOWNGRADE_PROPOSED = "downgrade-proposed"
    DOWNGRADE_WAITS = "downgrade-waits"
    IN_GRACE = "in-grace"  # keeps the level until the grace period ends
    NOTICE_DUE = "notice-due"  # keeps the level until a person gives notice, and the notice has run out
    UNDER_NOTICE = "under-notice"  # keeps the level until the notice has run out
    HELD = "held"  # keeps the level: whether it is lost depends on facts that are unknown
    KEPT = "kept"

    @property
    def moves(self) -> bool:
        return self in (Action.PLACED, Action.UPGRADED, Action.DOWNGRADED, Action.OVERRIDDEN)


class When(Enum):
    """The days on which a level may change."""

    AT_ONCE = "at_once"  # on any day it is judged
    AT_REVIEW = "at_review"
    AT_YEAR_END = "at_year_end"
    NEVER = "never"


@attrs.frozen
class InitialLevel:
    """A level granted to every new partner for a time."""

    level: str
    months: int


@attrs.frozen(kw_only=True)
class Movement:
    """When a partner moves, as data of the program.

    A partner who falls below the level keeps it for `grace_months` (counted from the day the fall was first found), and
    until a notice, once it was given, has run `notice_days`. With terms, a level is kept to the end of its term, whatever
    is found below it; a partner who then still qualifies for it begins another one, counted from the level's first day.
    """

    upgrade: When = When.AT_ONCE
    downgrade: When = When.AT_REVIEW
    review: PeriodKind = (
        "quarter"  # the period at whose last day reviews are held: month, quarter, half, year
    )
    grace_months: int | None = None  # None = no grace
    notice_days: int | None = None  # None = no notice is needed
    approval: frozenset[str] = frozenset()  # the moves a person approves: "upgrade", "downgrade"
    one_step_down: bool = False  # a downgrade takes one level at a time
    initial: InitialLevel | None = None
    term_months: int | None = (
        None  # a level that is reached is kept for a term, and then for another; None = no terms
    )

    def __attrs_post_init__(self) -> None:
        faults = Faults("the movement cannot be used")
        if self.review not in ("month", "quarter", "half", "year"):
            faults.add(f"found {self.review!r}; accepted: month, quarter, half, year", "review")
        for name in ("grace_months", "notice_days", "term_months"):
            value = getattr(self, name)
            if value is not None and (isinstance(value, bool) or not 1 <= value <= 1200):
                faults.add(f"found {value!r}; accepted: 1 to 1200, or nothing", name)
        for move in sorted(self.approval - {"upgrade", "downgrade"}):
            faults.add(f"found {move!r}; accepted: upgrade, downgrade", "approval")
        if self.initial is not None and not 1 <= self.initial.months <= 1200:
            faults.add(f"found {self.initial.months!r}; accepted: 1 to 1200", "initial.months")
        elif self.initial is not None and self.initial.months > (self.term_months or 1200):
            faults.add("is longer than the term for which every level is kept", "initial.months")
        faults.raise_if_any()


@attrs.frozen(kw_only=True)
class Override:
    """A level that a person set, whatever the rules say, until a day."""

    level: str
    reason: str
    author: str
    period: DateRange  # with an end: an override that never expires would be a rule

    def __attrs_post_init__(self) -> None:
        faults = Faults("the override cannot be used")
        for name in ("level", "reason", "author"):
            if not getattr(self, name).strip():
                faults.add("is empty", name)
        if self.period.end is None:
            faults.add("has no end; an override expires", "period")
        faults.raise_if_any()


@attrs.frozen(kw_only=True)
class Guarantee:
    """A level below which a partner does not fall before a day."""

    level: str
    until: datetime.date  # the first day on which it no longer holds


@attrs.frozen(kw_only=True)
class Standing:
    """Where a partner stands when it is judged: the level, and what is under way."""

    level: str  # earned; an override in force lies over it and leaves it as it is
    since: datetime.date  # the level's first day
    judged_on: datetime.date  # the last day it was settled for; reviews between it and the next one are due
    below_since: datetime.date | None = None  # when it was first found below the level; None = it is not
    grace_until: datetime.date | None = None  # the first day after grace; None = no grace is running
    notice_until: datetime.date | None = None  # the first day after a given notice; None = none was given
    guarantee: Guarantee | None = None
    override: Override | None = None


@attrs.frozen
class TierFacts(Generic[MetricsT]):
    """What a tier decision looks at: the metrics of the partner, and where it stands.

    A program that judges the best day of a window is given the metrics of each day instead, as pairs (day, metrics).
    """

    metrics: MetricsT
    standing: Standing | None = None  # None = new to the program
    data_as_of: datetime.date | None = None  # the last day the metrics know of; None = the day decided for


@attrs.frozen
class TierOutcome:
    """The level after the decision, and how it came to be."""

    level: str
    qualified: str  # the best level whose rules all hold
    action: Action
