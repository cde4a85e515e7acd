"""Lines: a total that is the sum of its lines, so that the explanation is the calculation."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any, Generic, TypeVar

import attrs

from prmcore.decisions.criteria import Criterion, Truth, all_of, check_criteria
from prmcore.decisions.decision import Decision
from prmcore.decisions.explain import Said, said_of_reason
from prmcore.decisions.facts import FactSchema, Kind, schema_of
from prmcore.decisions.interpret import interpret
from prmcore.decisions.reasons import Reading, Reason, everything_met, leaves_in, outline, truth_on
from prmcore.decisions.wire import facts_from, facts_to
from prmcore.errors import Faults, InvalidInput
from prmcore.values import Rate, Text, checked_date
from prmcore.values.wire import to_plain

__all__ = ["Lines", "ScoreLine", "Total", "total_of"]

FactsT = TypeVar("FactsT")
_MULTIPLY = (Kind.COUNT, Kind.NUMBER, Kind.RATE)


def total_of(parts: Iterable[Fraction | None]) -> Fraction | None:
    """The sum of lines; None while one of them is unknown.

    >>> total_of([Fraction(10), Fraction(1, 2)]), total_of([Fraction(10), None])
    (Fraction(21, 2), None)
    """
    total = Fraction(0)
    for one in parts:
        if one is None:
            return None
        total += one
    return total


@attrs.frozen(kw_only=True)
class ScoreLine:
    """Points for criteria that are met; what an unknown fact is worth is said, and not zero by itself."""

    points: Fraction = attrs.field(converter=Fraction)
    when: tuple[Criterion, ...] = ()  # none = always
    times: str | None = None  # the points are multiplied by this fact: a rate, a count or a number
    unknown: Fraction = attrs.field(
        default=Fraction(0), converter=Fraction
    )  # points when a fact is not known
    text: Text | None = None

    def score(self, values: Mapping[str, Any], facts: Any, as_of: datetime.date) -> Fraction:
        """The line's part of the total; `values` are the facts by name."""
        truth = truth_on(all_of(*self.when), values, facts, as_of) if self.when else Truth.MET
        factor = Fraction(1) if self.times is None else _number(values[self.times])
        if truth is Truth.UNMET:
            return Fraction(0)
        return self.unknown if truth is Truth.UNKNOWN or factor is None else self.points * factor


def _number(value: Any) -> Fraction | None:
    return value.fraction if isinstance(value, Rate) else None if value is None else Fraction(value)


def check_lines(lines: Sequence[ScoreLine], schema: FactSchema, faults: Faults, path: str) -> None:
    """Adds what cannot be used of lines: none at all, criteria that do not suit, a fact that multiplies nothing."""
    if not lines:
        faults.add("found none; accepted: one line or more", path)
    for place, line in enumerate(lines):
        check_criteria(line.when, schema, faults, f"{path}[{place}].when")
        if line.times is not None:
            check_fact(line.times, schema, _MULTIPLY, faults, f"{path}[{place}].times")


def check_fact(name: str, schema: FactSchema, kinds: tuple[Kind, ...], faults: Faults, path: str) -> None:
    """Adds a fact that there is not, or that is of another kind."""
    with faults.within(path):
        if schema.field(name).kind not in kinds:
            raise InvalidInput(f"found {name!r}; accepted: a {' or '.join(kind.value for kind in kinds)}")


@attrs.frozen(kw_only=True)
class Total:
    """What the lines come to."""

    points: Fraction  # the sum
    lines: tuple[Fraction, ...]  # in the order of the policy's


@attrs.frozen(slots=False)
class Lines(Generic[FactsT]):
    """Answers how many points the facts come to: the sum of lines, each with the criteria that it asks for.

    >>> from prmcore.decisions import FactField, FactSchema, FactSheet, Kind, fact
    >>> facts = FactSchema("candidates", (FactField("people", Kind.COUNT), FactField("local", Kind.BOOL)))
    >>> score = Lines("recruitment/2026", facts=facts, lines=(
    ...     ScoreLine(points=30, when=(fact("local").is_true(),)), ScoreLine(points=2, times="people")))
    >>> score.decide(FactSheet.of(facts, {"people": 12, "local": True}), datetime.date(2026, 3, 31)).outcome.points
    Fraction(54, 1)
    """

    name: str  # like a document's, with its version
    facts: FactSchema = attrs.field(converter=schema_of, kw_only=True)
    lines: tuple[ScoreLine, ...] = attrs.field(kw_only=True)

    def __attrs_post_init__(self) -> None:
        faults = Faults(f"the policy {self.name!r:.100} cannot be used")
        check_lines(self.lines, self.facts, faults, "lines")
        faults.raise_if_any()

    def decide(self, facts: FactsT, as_of: datetime.date) -> Decision[Total]:
        """The total on that day, with each line's part."""
        checked_date(as_of, "as_of")
        self.facts.check(facts)
        values = self.facts.values_of(facts)
        parts = tuple(line.score(values, facts, as_of) for line in self.lines)
        return Decision(Total(points=sum(parts, Fraction(0)), lines=parts), self, as_of, facts, 0)

    def reasons(self, decision: Decision[Any]) -> tuple[Reason, ...]:
        """What each line asks for, where it asks for something; `level` is its place."""
        rules = [everything_met(line.when) for line in self.lines if line.when]
        places = {leaf: place for place, leaf in enumerate(leaves_in(rules))}
        values = self.facts.values_of(decision.facts)
        _, mask = interpret(places, (), values, decision.facts, decision.as_of)
        reading = Reading(mask, len(places), values, decision.facts, decision.as_of)
        return tuple(
            reading.reason(outline(everything_met(line.when), places), place)
            for place, line in enumerate(self.lines)
            if line.when
        )

    def said(self, decision: Decision[Any]) -> Said:
        """The total, and below it what each line gave and asked for, ready to be put into words."""
        asked = {reason.level: said_of_reason(reason, self.facts) for reason in decision.reasons}
        values = self.facts.values_of(decision.facts)
        parts = []
        for place, (line, points) in enumerate(zip(self.lines, decision.outcome.lines, strict=True)):
            seen = [asked[place]] if place in asked else []
            if line.times is not None:
                label = {"fact": self.facts.label(line.times), "value": values[line.times]}
                seen.append(Said("{fact}: {value}", label))
            named = line.text or (str(place + 1) if line.times is None else self.facts.label(line.times))
            parts.append(
                Said("{line}: {points} points", {"line": named, "points": points}, None, tuple(seen))
            )
        total = Said("score: {number}", {"number": decision.outcome.points})
        head = {"policy": self.name, "day": decision.as_of, "level": total}
        return Said("{policy} on {day}: {level}", head, None, tuple(parts))

    def written(self, decision: Decision[Any]) -> dict[str, Any]:
        """The facts and the outcome as plain JSON values."""
        facts = facts_to(self.facts, decision.facts)
        return {"facts": facts, "outcome": to_plain(decision.outcome), "mask": decision.mask}

    def facts_from(self, written: Any) -> Any:
        return facts_from(self.facts, written)
