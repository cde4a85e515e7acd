"""Timeline: milestones in their days; the last that was reached gives the state, the next one the day to wait for.

`Timeline` is the policy, for what goes by dates alone: certificates, reviews, offers. What it does with its milestones is
here for everything else that becomes due (`last_reached`, `next_after`): reminders, expiries, recalls.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from typing import Any, Generic, TypeVar

import attrs

from prmcore.decisions.criteria import Rule, RuleReason, Truth
from prmcore.decisions.decision import Decision
from prmcore.decisions.explain import Said
from prmcore.decisions.facts import FactSchema, Kind, schema_of, values_in
from prmcore.decisions.lines import check_fact
from prmcore.decisions.reasons import Reason
from prmcore.decisions.wire import facts_from, facts_to
from prmcore.errors import Faults, repeated
from prmcore.values import Length, Text, Unit, checked_date, checked_id, moved_on
from prmcore.values.wire import to_plain

__all__ = ["Milestone", "Reached", "Timeline", "last_reached", "next_after"]

FactsT = TypeVar("FactsT")
WhenT = TypeVar("WhenT", datetime.date, datetime.datetime)
T = TypeVar("T")
_UNITS = frozenset({Unit.DAYS, Unit.WEEKS, Unit.MONTHS, Unit.YEARS})


def last_reached(moments: Iterable[tuple[WhenT, T]], now: WhenT) -> tuple[WhenT, T] | None:
    """The last of what has come by now: of several reminders it stands for all. None = nothing has come."""
    return max((one for one in moments if one[0] <= now), key=lambda one: one[0], default=None)


def next_after(moments: Iterable[tuple[WhenT, T]], now: WhenT) -> tuple[WhenT, T] | None:
    """The first of what comes later than now; None = nothing does."""
    return min((one for one in moments if one[0] > now), key=lambda one: one[0], default=None)


@attrs.frozen(kw_only=True)
class Milestone:
    """A state that begins on a day: that of a fact, or so long before or after it."""

    state: str
    fact: str  # a date
    before: Length | None = None
    after: Length | None = None  # one of the two, or neither
    text: Text | None = None  # what people call the state; None = the state itself

    def on(self, values: Any) -> datetime.date | None:
        """The first day of the state; None when its fact is not known."""
        day = values[self.fact]
        return None if day is None else moved_on(day, self.before or self.after, back=self.before is not None)

    def __call__(self, facts: Any, as_of: datetime.date) -> RuleReason:
        """Whether the state has begun, and when it does: a milestone is a rule."""
        day = self.on(values_in(facts))
        return RuleReason(_truth(day, as_of), day)

    def check(self, schema: FactSchema, faults: Faults, path: str) -> None:
        """Adds what cannot be used of the milestone."""
        with faults.within(f"{path}.state"):
            checked_id(self.state)
        check_fact(self.fact, schema, (Kind.DATE,), faults, f"{path}.fact")
        if self.before is not None and self.after is not None:
            faults.add("found before and after; accepted: one of them, or neither", path)
        for name, length in (("before", self.before), ("after", self.after)):
            if length is not None and length.unit not in _UNITS:
                faults.add(f"found {length}; accepted: days, weeks, months or years", f"{path}.{name}")


@attrs.frozen(kw_only=True)
class Reached:
    """The state on a day, since when it is so, and what comes next."""

    state: str
    since: datetime.date | None = None  # None = no milestone was reached
    next_state: str | None = None  # None = nothing comes, as far as the dates are known
    next_on: datetime.date | None = None


@attrs.frozen(slots=False)
class Timeline(Generic[FactsT]):
    """Answers which state something is in by its dates, and on which day that changes.

    Of milestones on one day, the one that stands later in the list counts. A date that is not known brings no milestone.

    >>> from prmcore.decisions import FactField, FactSchema, FactSheet, Kind
    >>> facts = FactSchema("certificate", (FactField("valid_until", Kind.DATE),))
    >>> certificates = Timeline("certificates/2026", facts=facts, otherwise="valid", milestones=(
    ...     Milestone(state="expiring", fact="valid_until", before=Length.of("60 days")),
    ...     Milestone(state="expired", fact="valid_until", after=Length.of("1 day"))))
    >>> held = FactSheet.of(facts, {"valid_until": datetime.date(2026, 6, 30)})
    >>> certificates.decide(held, datetime.date(2026, 5, 15)).outcome
    Reached(state='expiring', since=datetime.date(2026, 5, 1), next_state='expired', next_on=datetime.date(2026, 7, 1))
    """

    name: str  # like a document's, with its version
    facts: FactSchema = attrs.field(converter=schema_of, kw_only=True)
    milestones: tuple[Milestone, ...] = attrs.field(kw_only=True)
    otherwise: str = attrs.field(kw_only=True)  # the state before all milestones
    otherwise_text: Text | None = attrs.field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        faults = Faults(f"the policy {self.name!r:.100} cannot be used")
        if not self.milestones:
            faults.add("found none; accepted: one at least", "milestones")
        for state in repeated((self.otherwise, *(one.state for one in self.milestones))):
            faults.add(f"the state {state!r} stands here twice", "milestones")
        for place, one in enumerate(self.milestones):
            one.check(self.facts, faults, f"milestones[{place}]")
        faults.raise_if_any()

    def decide(self, facts: FactsT, as_of: datetime.date) -> Decision[Reached]:
        """The state on that day, and the next one."""
        checked_date(as_of, "as_of")
        self.facts.check(facts)
        known = tuple((day, one) for day, one in self._days(facts) if day is not None)
        last, coming = last_reached(reversed(known), as_of), next_after(reversed(known), as_of)
        outcome = Reached(
            state=self.otherwise if last is None else last[1].state,
            since=None if last is None else last[0],
            next_state=None if coming is None else coming[1].state,
            next_on=None if coming is None else coming[0],
        )
        return Decision(outcome, self, as_of, facts, 0)

    def _days(self, facts: Any) -> Iterator[tuple[datetime.date | None, Milestone]]:
        values = self.facts.values_of(facts)
        return ((one.on(values), one) for one in self.milestones)

    def reasons(self, decision: Decision[Any]) -> tuple[Reason, ...]:
        """One for each milestone: met once it was reached, and its day."""
        return tuple(
            Reason(Rule(one.state, one, one.text), _truth(day, decision.as_of), day, (), one.state)
            for day, one in self._days(decision.facts)
        )

    def said(self, decision: Decision[Any]) -> Said:
        """The state, and below it each milestone with its day, ready to be put into words."""
        texts = {self.otherwise: self.otherwise_text, **{one.state: one.text for one in self.milestones}}
        level = texts[decision.outcome.state] or decision.outcome.state
        parts = tuple(
            Said(
                "{fact}: {value}", {"fact": one.text or one.state, "value": day}, _truth(day, decision.as_of)
            )
            for day, one in self._days(decision.facts)
        )
        values = {"policy": self.name, "day": decision.as_of, "level": level}
        return Said("{policy} on {day}: {level}", values, None, parts)

    def written(self, decision: Decision[Any]) -> dict[str, Any]:
        """The facts and the outcome as plain JSON values."""
        facts = facts_to(self.facts, decision.facts)
        return {"facts": facts, "outcome": to_plain(decision.outcome), "mask": decision.mask}

    def facts_from(self, written: Any) -> Any:
        return facts_from(self.facts, written)


def _truth(day: datetime.date | None, as_of: datetime.date) -> Truth:
    return Truth.of(None if day is None else day <= as_of)
