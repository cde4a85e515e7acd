"""What an agreement says on a day, point by point: what holds, what does not, and why."""

from __future__ import annotations

import datetime
from enum import StrEnum
from typing import Any

import attrs

from prmcore.contracts.agreements.model import Provision
from prmcore.decisions import Truth

__all__ = ["AgreementTerms", "Lost", "Point", "PointOutcome", "WhyLost"]


class WhyLost(StrEnum):
    """Why a provision does not hold."""

    NOT_KNOWN = "not-known"  # at the instant
    UNSIGNED = "unsigned"
    NO_DOCUMENT = "no-document"  # it names one that there is not
    NOT_YET = "not-yet"  # in force
    OVER = "over"  # no longer in force
    LOWER_CLASS = "lower-class"
    EARLIER_WRITING = "earlier-writing"
    EARLIER_EFFECT = "earlier-effect"
    LOWER_RANK = "lower-rank"


class PointOutcome(StrEnum):
    """What the papers come to on one point."""

    HOLDS = "holds"
    STRUCK = "struck"  # an amendment took it out
    AMBIGUOUS = "ambiguous"  # two of equal rank differ
    NOTHING = "nothing"  # in force on that day, as far as it was known


@attrs.frozen
class Lost:
    """A provision that does not hold, and why."""

    provision: Provision
    why: WhyLost


@attrs.frozen(kw_only=True)
class Point:
    """What holds on one point."""

    key: str
    outcome: PointOutcome
    provision: Provision | None = None  # the one that holds, or that struck the point out
    candidates: tuple[Provision, ...] = ()  # where ambiguous: those between which nothing decides
    lost: tuple[Lost, ...] = ()

    @property
    def truth(self) -> Truth:
        """Met where something holds, unknown where a person has to read."""
        if self.outcome is PointOutcome.AMBIGUOUS:
            return Truth.UNKNOWN
        return Truth.of(self.outcome is PointOutcome.HOLDS)


@attrs.frozen(kw_only=True)
class AgreementTerms:
    """What an agreement says on a day, point by point, by their keys."""

    agreement: str
    on: datetime.date
    known: datetime.datetime
    points: tuple[Point, ...]

    def point(self, key: str) -> Point:
        """What holds on a point; of one that no document speaks on, nothing."""
        absent = Point(key=key, outcome=PointOutcome.NOTHING)
        return next((one for one in self.points if one.key == key), absent)

    def clauses(self, kind: type[Any]) -> dict[str, Any]:
        """The clauses of a kind that hold, by key."""
        return {
            one.key: one.provision.clause
            for one in self.points
            if one.outcome is PointOutcome.HOLDS
            and one.provision is not None
            and isinstance(one.provision.clause, kind)
        }
