"""Decides what a deal line costs: the benefits that apply, in their declared order, each cut to what is left."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Any

import attrs

from prmcore.decisions import Decision, FactSchema, FactSheet, Ladder, Reason
from prmcore.decisions.criteria import check_criterion
from prmcore.decisions.explain import Said
from prmcore.decisions.wire import facts_from, value_to
from prmcore.errors import Faults, InvalidInput, repeated
from prmcore.incentives.plans.curve import Rounding
from prmcore.incentives.stacking.applying import asking, check_priorities, chosen, known
from prmcore.incentives.stacking.model import (
    Combine,
    Cut,
    DealLine,
    LeftOut,
    Of,
    PriceBenefit,
    Priced,
    PriceLine,
    Rounds,
    WhyLeftOut,
)
from prmcore.incentives.stacking.said import said_of_price
from prmcore.values import Money, Rate, Text, checked_date
from prmcore.values.wire import from_plain, to_plain

__all__ = ["Stacking", "priced"]


@attrs.frozen
class _WrittenLine:
    """The line of a recorded decision."""

    list_price: Money
    quantity: Fraction
    facts: Any  # by name; None = nothing is known


@attrs.frozen(slots=False, kw_only=True)
class Stacking:
    """Decides what a deal line costs: its benefits in their declared order, each cut to what is left.

    >>> stacking = Stacking(name="reseller/2026/price", combine=Combine.SEQUENTIAL, benefits=(
    ...     PriceBenefit(name="partner", rate=Rate.percent("30")), PriceBenefit(name="promotion", rate=Rate.percent("10"))))
    >>> priced(stacking, Money.of(1000, "EUR")).net_price
    Money('630.00 EUR')
    """

    name: str  # with its version, like a document's: "reseller/2026/price"
    benefits: tuple[PriceBenefit, ...]  # in the order in which they are calculated
    combine: Combine = Combine.ADDITIVE
    ceiling: Rate | None = None  # of all reductions together; None = the price itself
    facts: FactSchema = FactSchema("deal line", ())  # what benefits may ask for
    rounding: Rounding = Rounding.HALF_EVEN
    rounds: Rounds = Rounds.TOTAL
    text: Text | None = None

    def __attrs_post_init__(self) -> None:
        faults = Faults(f"the stacking {self.name[:100]!r} cannot be used")
        self._check_names(faults)
        currencies = sorted({one.currency for one in self.amounts})
        if len(currencies) > 1:
            faults.add(f"found amounts in {', '.join(currencies)}; accepted: one currency", "benefits")
        if self.ceiling is not None and not Rate(0) < self.ceiling <= Rate(1):
            faults.add(f"found {self.ceiling}; accepted: above zero, and up to 100 %", "ceiling")
        for place, one in enumerate(self.benefits):
            path = f"benefits[{place}]"
            if one.when is not None:
                check_criterion(one.when, self.facts, faults, f"{path}.when")
            raised = [(at, other) for at, other in enumerate(self.benefits) if one.adds_to(other)]
            if one.raises is not None and (
                not raised or any(other.rate is None or at > place for at, other in raised)
            ):
                faults.add(
                    f"found {one.raises!r}; accepted: what has a rate and is declared before",
                    f"{path}.raises",
                )
            if self.combine is Combine.BEST_OF and (one.of is not None or not one.lowers):
                faults.add("only one benefit is given, so that nothing is left for another", path)
        faults.raise_if_any()

    def _check_names(self, faults: Faults) -> None:
        groups = {one.exclusive for one in self.benefits if one.exclusive is not None}
        for name in repeated([*(one.name for one in self.benefits), *groups]):
            faults.add(f"the name {name!r} is used twice", "benefits")
        for group in sorted(groups):
            check_priorities((one for one in self.benefits if one.exclusive == group), faults, group)

    @property
    def amounts(self) -> tuple[Money, ...]:
        return tuple(money for one in self.benefits for money in (one.amount, one.each) if money is not None)

    @property
    def currency(self) -> str | None:
        """In which its amounts are; None when it has none, and suits every currency."""
        return next((money.currency for money in self.amounts), None)

    def taken_of(self, one: PriceBenefit) -> Of | None:
        """What the rate of a benefit is taken of; None for amounts, and for points, which go with another rate."""
        if one.rate is None:
            return None
        return one.of or (Of.LEFT if self.combine is Combine.SEQUENTIAL else Of.LIST)

    def decide(self, facts: DealLine, as_of: datetime.date) -> Decision[Priced]:
        """What the line costs on that day, from all that takes something off and why the rest does not."""
        checked_date(as_of, "as_of")
        if self.currency not in (None, facts.list_price.currency):
            raise InvalidInput(
                f"found {facts.list_price}; {self.name!r} takes off amounts in {self.currency}"
            )
        applying, left_out = self.applying(facts.facts, as_of)
        if self.combine is Combine.BEST_OF:
            running, others = self._best(facts, applying)
            left_out = (*left_out, *others)
        else:
            running = _Reduced(self, facts, applying)
        order = {one.name: place for place, one in enumerate(self.benefits)}
        outcome = Priced(
            list_price=facts.list_price,
            net_price=facts.list_price - running.total,
            quantity=facts.quantity,
            lines=tuple(running.lines),
            left_out=tuple(sorted(left_out, key=lambda one: order[one.benefit])),
        )
        return Decision(outcome, self, as_of, facts, 0)

    def applying(
        self, facts: FactSheet | None, as_of: datetime.date
    ) -> tuple[tuple[PriceBenefit, ...], tuple[LeftOut, ...]]:
        """The benefits that apply, in their declared order, and why the others do not."""
        given: dict[str, PriceBenefit] = {}
        left_out: list[LeftOut] = []
        sheet = known(facts, self.facts)
        for group in self._groups:
            choice = chosen(group, self._eligibility, sheet, as_of)
            left_out.extend(choice.left_out)
            if choice.benefit is not None:
                given[choice.benefit.name] = choice.benefit
        for one in self.benefits:
            if one.name in given and one.raises and not any(one.adds_to(other) for other in given.values()):
                del given[one.name]
                left_out.append(LeftOut(one.name, WhyLeftOut.NOTHING_TO_RAISE, one.raises))
        return tuple(one for one in self.benefits if one.name in given), tuple(left_out)

    def _best(self, line: DealLine, applying: Sequence[PriceBenefit]) -> tuple[_Reduced, tuple[LeftOut, ...]]:
        """The benefit that takes off the most, with the points that are added to it; of equal ones the first."""
        bundles = [
            (one, *(other for other in applying if other.adds_to(one)))
            for one in applying
            if one.raises is None
        ]
        tried = [_Reduced(self, line, bundle) for bundle in bundles]
        if not tried:
            return _Reduced(self, line, ()), ()
        best = max(tried, key=lambda one: one.size)
        kept = {one.benefit for one in best.lines}
        first = best.lines[0].benefit
        return best, tuple(
            LeftOut(one.name, WhyLeftOut.NOT_BEST, first) for one in applying if one.name not in kept
        )

    def reasons(self, decision: Decision[Any]) -> tuple[Reason, ...]:
        """One reason for each benefit that asks for something; the rest of the why is in the lines."""
        sheet = known(decision.facts.facts, self.facts)
        found: list[Reason] = []
        for ladder in self._eligibility.values():
            found.extend(ladder.reasons(ladder.decide(sheet, decision.as_of)))
        return tuple(found)

    def said(self, decision: Decision[Any]) -> Said:
        return said_of_price(decision, self.benefits, self.facts, self.ceiling)

    def written(self, decision: Decision[Any]) -> dict[str, Any]:
        line = decision.facts
        sheet = None if line.facts is None else self.facts.values_of(line.facts)
        facts = {
            "list_price": to_plain(line.list_price),
            "quantity": to_plain(line.quantity),
            "facts": None if sheet is None else {name: value_to(value) for name, value in sheet.items()},
        }
        return {"facts": facts, "outcome": to_plain(decision.outcome), "mask": decision.mask}

    def facts_from(self, written: Any) -> DealLine:
        line = from_plain(written, _WrittenLine)
        facts = None if line.facts is None else facts_from(self.facts, line.facts)
        return DealLine(list_price=line.list_price, quantity=line.quantity, facts=facts)

    @cached_property
    def _groups(self) -> tuple[tuple[PriceBenefit, ...], ...]:
        """Benefits that exclude one another together, each of the others alone."""
        found: dict[str, list[PriceBenefit]] = {}
        for one in self.benefits:
            found.setdefault(one.exclusive or one.name, []).append(one)
        return tuple(tuple(group) for group in found.values())

    @cached_property
    def _eligibility(self) -> Mapping[str, Ladder[FactSheet, str]]:
        """By benefit; one that asks for nothing has none."""
        return {one.name: asking(one, self.facts) for one in self.benefits if one.when is not None}

    def __getstate__(self) -> dict[str, Any]:
        return {field.name: getattr(self, field.name) for field in attrs.fields(type(self))}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)


def priced(
    stacking: Stacking,
    list_price: Money,
    quantity: Fraction | int = 1,
    facts: FactSheet | None = None,
    as_of: datetime.date = datetime.date.min,
) -> Priced:
    """What a line costs; `as_of` is for function rules that ask for the day. `Stacking.decide` keeps the why as well."""
    return stacking.decide(DealLine(list_price=list_price, quantity=quantity, facts=facts), as_of).outcome


class _Reduced:
    """The reductions of one line, one after the other; of what is taken back, the mirror of what is sold."""

    def __init__(self, stacking: Stacking, line: DealLine, benefits: Iterable[PriceBenefit]) -> None:
        self.stacking, self.currency = stacking, line.list_price.currency
        self.sign = -1 if line.list_price.minor < 0 else 1
        self.list, self.quantity = abs(line.list_price.minor), abs(line.quantity)
        ceiling = stacking.ceiling
        # a ceiling is not exceeded by rounding
        self.limit = self.list if ceiling is None else int(self.list * ceiling.fraction)
        self.taken = self.lowered = Fraction(0)  # by all, and by those that lower what is left
        self.lines: list[PriceLine] = []
        self.bases: dict[str, Fraction] = {}
        for one in benefits:
            self.take(one)

    @property
    def size(self) -> int:
        return sum(abs(line.amount.minor) for line in self.lines)

    @property
    def total(self) -> Money:
        return Money(self.currency, self.sign * self.size)

    def take(self, one: PriceBenefit) -> None:
        base = self.base(one)
        exact = self.fixed(one) if base is None else base * (one.share or 0)
        due, room = self.due(one, exact), self.limit - self.taken
        given = min(due, room)
        whole = self.stacking.rounding.whole
        minor = whole(self.taken + given) - whole(self.taken)
        self.taken += given
        if one.lowers:
            self.lowered += given
        cut = None if due <= room else Cut.LEFT if self.limit == self.list else Cut.CEILING
        self.lines.append(
            PriceLine(
                benefit=one.name,
                calculated=self.sign * exact,
                amount=Money(self.currency, self.sign * minor),
                of=None if base is None else self.sign * base,
                cut=cut,
            )
        )

    def due(self, one: PriceBenefit, exact: Fraction) -> Fraction:
        """What a reduction comes to before it is cut."""
        whole = self.stacking.rounding.whole
        if self.stacking.rounds is Rounds.TOTAL:
            return exact
        if self.stacking.rounds is Rounds.UNIT and one.share is not None and self.quantity:
            return whole(exact / self.quantity) * self.quantity
        return Fraction(whole(exact))

    def base(self, one: PriceBenefit) -> Fraction | None:
        """What a rate is taken of: points are taken of the same as the rate that they are added to."""
        if one.share is None:
            return None
        if one.raises is not None:
            return self.bases[one.raises]
        base = Fraction(self.list) - (self.lowered if self.stacking.taken_of(one) is Of.LEFT else 0)
        for name in (one.name, one.exclusive):
            if name is not None:
                self.bases[name] = base
        return base

    def fixed(self, one: PriceBenefit) -> Fraction:
        if one.each is not None:
            return one.each.minor * self.quantity
        assert one.amount is not None
        return Fraction(one.amount.minor)
