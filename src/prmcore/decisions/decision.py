"""A decision: what was decided, by which policy, on which day, from which facts."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

import attrs

if TYPE_CHECKING:
    from prmcore.decisions.reasons import Reason

__all__ = ["Decision", "Policy"]

FactsT = TypeVar("FactsT")
OutcomeT = TypeVar("OutcomeT")
FactsIn = TypeVar("FactsIn", contravariant=True)
OutcomeOut = TypeVar("OutcomeOut", covariant=True)


class Policy(Protocol[FactsIn, OutcomeOut]):
    """A policy is a function from facts and a day to a decision: no clock, no storage, no locale, no chance.

    `name` is like a document's, with its version: "tiers/2026". Two policies of one name are the same policy.
    """

    @property
    def name(self) -> str: ...

    def decide(self, facts: FactsIn, as_of: datetime.date) -> Decision[OutcomeOut]: ...

    def reasons(self, decision: Decision[Any]) -> tuple[Reason, ...]:
        """Why, derived from what the decision kept."""
        ...


@attrs.frozen(repr=False)
class Decision(Generic[OutcomeOut]):
    """An outcome and all that is needed to explain it; the explanation itself is derived when asked for.

    Two decisions are equal when the same policy decided the same outcome for the same facts and day.
    """

    outcome: OutcomeOut
    policy: Policy[Any, OutcomeOut] = attrs.field(eq=lambda policy: policy.name)
    as_of: datetime.date  # the day it is decided for, not the day it was computed
    facts: Any
    mask: int  # which criteria were met, and which unknown: see Reading

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Every criterion of the policy: met, unmet or unknown, and what was observed."""
        return self.policy.reasons(self)

    def __repr__(self) -> str:
        return f"Decision({self.outcome!r}, {self.policy.name!r}, as_of={self.as_of.isoformat()})"
