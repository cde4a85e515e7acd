"""Stacking: what price-side benefits take off the price of one deal line, in the order in which they are declared.

The order is part of the agreement: the same benefits in another order can make another price. `stacking_order.py` says
whether it does, with a price that shows it, and `stacking_said.py` puts a price into words.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import Any

import attrs

from prmcore.decisions import Criterion, Decision, FactSchema, FactSheet, Ladder, Reason, Rung
from prmcore.decisions.criteria import check_criterion
from prmcore.decisions.explain import Said
from prmcore.decisions.wire import facts_from, value_to
from prmcore.errors import Faults, InvalidInput, repeated
from prmcore.incentives.curve import Rounding
from prmcore.values import Money, PercentagePoints, Rate, Text, checked_date
from prmcore.values.rates import exact_number
from prmcore.values.wire import from_plain, to_plain

__all__ = [
    "Choice", "Combine", "Cut", "DealLine", "LeftOut", "Of", "PriceBenefit", "PriceLine", "Priced", "Rounds", "Stacking",
    "WhyLeftOut", "choose_first", "priced",
]  # fmt: skip


class Combine(StrEnum):
    """How benefits come together."""

    ADDITIVE = "additive"  # each is taken of the list price
    SEQUENTIAL = "sequential"  # each is taken of what those before it left
    BEST_OF = "best_of"  # only the one that takes off the most


class Of(StrEnum):
    """What the rate of a benefit is taken of."""

    LIST = "list"  # the list price
    LEFT = "left"  # what the benefits before it left of it


class Cut(StrEnum):
    """Why a benefit takes off less than was calculated."""

    LEFT = "left"  # nothing more was left of the price
    CEILING = "ceiling"


class Rounds(StrEnum):
    """What is rounded to whole minor units."""

    TOTAL = "total"  # the reductions together, once; each is what it adds to that
    LINE = (
        "line"  # each reduction, as on a document that prints it, and the next is taken of what that leaves
    )
    UNIT = "unit"  # each reduction of one unit, as on a document that prints the price of one; times their number


class WhyLeftOut(StrEnum):
    """Why a benefit takes nothing off."""

    NOT_MET = "not-met"
    UNKNOWN_FACT = "unknown-fact"  # whether it applies depends on what is not known
    NOT_FIRST = "not-first"  # another one that it excludes comes first
    WAITS = "waits"  # another one would come first, and whether it applies is not known
    NOTHING_TO_RAISE = "nothing-to-raise"  # the discount that its points are added to does not apply
    NOT_BEST = "not-best"


@attrs.frozen(kw_only=True)
class PriceBenefit:
    """What takes something off a price: a rate, percentage points on another one's rate, or an amount."""

    name: str
    rate: Rate | None = None
    points: PercentagePoints | None = None  # added to the rate of `raises`
    raises: str | None = None  # a benefit of a rate that is declared before, or a name of exclusive ones
    amount: Money | None = None  # once for the line
    each: Money | None = None  # for each unit
    when: Criterion | None = None  # None = always
    exclusive: str | None = None  # of benefits with one such name, the first that applies is given
    priority: int | None = None  # the order among them; the lowest number is the first
    of: Of | None = None  # what its rate is taken of; None = as the stacking combines
    lowers: bool = True  # whether those after it that are taken of what is left get less
    text: Text | None = None

    def __attrs_post_init__(self) -> None:
        faults = Faults(f"the benefit {self.name[:60]!r} cannot be used")
        given = [name for name in ("rate", "points", "amount", "each") if getattr(self, name) is not None]
        if len(given) != 1:
            faults.add(f"found {', '.join(given) or 'nothing'}; accepted: one of rate, points, amount, each")
        if (self.points is None) != (self.raises is None):
            faults.add("points and raises go together", "raises")
        if (self.exclusive is None) != (self.priority is None):
            faults.add("priority and exclusive go together", "priority")
        if self.of is not None and self.rate is None:
            faults.add("goes with a rate; nothing else is taken of a price", "of")
        for name in ("rate", "points"):
            share = _share(getattr(self, name))
            if share is not None and not 0 < share <= 1:
                faults.add(f"found {getattr(self, name)}; accepted: above zero, and up to 100", name)
        for name in ("amount", "each"):
            money: Money | None = getattr(self, name)
            if money is not None and money.minor <= 0:
                faults.add(f"found {money}; accepted: an amount above zero", name)
        faults.raise_if_any()

    @property
    def share(self) -> Fraction | None:
        """The part of a price that it takes off; None when it is an amount."""
        return _share(self.rate if self.points is None else self.points)

    def adds_to(self, other: PriceBenefit) -> bool:
        return self.raises is not None and self.raises in (other.name, other.exclusive)


def _share(rate: Rate | PercentagePoints | None) -> Fraction | None:
    if isinstance(rate, PercentagePoints):
        return rate.points / 100
    return None if rate is None else rate.fraction


@attrs.frozen
class _WrittenLine:
    """The line of a recorded decision."""

    list_price: Money
    quantity: Fraction
    facts: Any  # by name; None = nothing is known


@attrs.frozen(kw_only=True)
class DealLine:
    """A line of a deal before any benefit: what all its units cost by the list. What is taken back is negative."""

    list_price: Money
    quantity: Fraction = attrs.field(default=Fraction(1), converter=exact_number)
    facts: FactSheet | None = None  # what benefits may ask for; None = nothing is known

    def __attrs_post_init__(self) -> None:
        if self.list_price.minor * self.quantity < 0 or (self.quantity == 0 and self.list_price):
            raise InvalidInput(
                f"found {self.list_price} for {self.quantity} units; accepted: both above zero for what is sold, both "
                "below zero for what is taken back"
            )


@attrs.frozen(kw_only=True)
class PriceLine:
    """What one benefit takes off."""

    benefit: str
    calculated: Fraction  # in minor units, before any cut or rounding
    amount: Money  # what it comes to
    of: Fraction | None = None  # minor units that its rate was taken of; None = it is an amount
    cut: Cut | None = None


@attrs.frozen
class LeftOut:
    """A benefit that takes nothing off, which is something else than a rate of zero."""

    benefit: str
    why: WhyLeftOut
    what: str = ""  # the facts that are not known, or the benefit that it comes after or would be added to


@attrs.frozen(kw_only=True)
class Priced:
    """A price and how it comes about: what its lines take off is the whole difference."""

    list_price: Money
    net_price: Money
    quantity: Fraction
    lines: tuple[PriceLine, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    def __attrs_post_init__(self) -> None:
        if sum(line.amount.minor for line in self.lines) != (self.list_price - self.net_price).minor:
            raise InvalidInput(f"the lines do not lead from {self.list_price} to {self.net_price}")

    @property
    def discount(self) -> Money:
        return self.list_price - self.net_price

    @property
    def discount_rate(self) -> Rate | None:
        """Of the list price; None when that is zero."""
        return Rate(self.discount.minor, self.list_price.minor) if self.list_price else None


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
            _check_priorities((one for one in self.benefits if one.exclusive == group), faults, group)

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

    def benefit(self, name: str) -> PriceBenefit:
        return next(one for one in self.benefits if one.name == name)

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
        sheet = _known(facts, self.facts)
        for group in self._groups:
            choice = _chosen(group, self._eligibility, sheet, as_of)
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
        sheet = _known(decision.facts.facts, self.facts)
        found: list[Reason] = []
        for ladder in self._eligibility.values():
            found.extend(ladder.reasons(ladder.decide(sheet, decision.as_of)))
        return tuple(found)

    def said(self, decision: Decision[Any]) -> Said:
        from prmcore.incentives.stacking_said import said_of_price

        return said_of_price(self, decision)

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
        return {one.name: _asking(one, self.facts) for one in self.benefits if one.when is not None}

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


# which benefits apply


@attrs.frozen
class Choice:
    """The first benefit that applies, if one does, and why the others are not it."""

    benefit: PriceBenefit | None  # None = none applies, or which one does is not known
    left_out: tuple[LeftOut, ...]


def choose_first(
    benefits: Iterable[PriceBenefit],
    schema: FactSchema,
    facts: FactSheet | None = None,
    as_of: datetime.date = datetime.date.min,
) -> Choice:
    """The first of some benefits that applies, by priority, the lowest number first; two of one priority are refused.

    None is chosen when none applies, and when whether an earlier one applies is not known: neither is a benefit of zero.
    """
    given = tuple(benefits)
    faults = Faults("the first of these benefits cannot be told")
    for one in given:
        if one.priority is None:
            faults.add("has no priority; accepted: a number of its own for each", one.name)
    _check_priorities(given, faults)
    faults.raise_if_any()
    eligibility = {one.name: _asking(one, schema) for one in given if one.when is not None}
    return _chosen(given, eligibility, _known(facts, schema), as_of)


def _check_priorities(group: Iterable[PriceBenefit], faults: Faults, path: str = "") -> None:
    for same in repeated(str(one.priority) for one in group if one.priority is not None):
        faults.add(f"two benefits have the priority {same}; accepted: a priority of its own for each", path)


def _known(facts: FactSheet | None, schema: FactSchema) -> FactSheet:
    """What is known of a line; facts of another schema are refused, since they would be taken for others."""
    if facts is None:
        return FactSheet.of(schema, {})
    if facts.schema != schema:
        raise InvalidInput(f"found facts of {facts.schema.name!r}; accepted: a FactSheet of {schema.name!r}")
    return facts


def _asking(one: PriceBenefit, facts: FactSchema) -> Ladder[FactSheet, str]:
    assert one.when is not None
    return Ladder(one.name, facts=facts, rungs=(Rung(one.name, (one.when,), one.text),), otherwise="")


def _chosen(
    group: Sequence[PriceBenefit],
    eligibility: Mapping[str, Ladder[FactSheet, str]],
    facts: FactSheet,
    as_of: datetime.date,
) -> Choice:
    """The first of a group that applies; as long as an earlier one may apply, none that comes after it is given."""
    chosen: PriceBenefit | None = None
    open_one: str | None = None
    left_out: list[LeftOut] = []
    for one in sorted(group, key=lambda one: one.priority or 0):
        if chosen is not None:
            left_out.append(LeftOut(one.name, WhyLeftOut.NOT_FIRST, chosen.name))
            continue
        why, what = _why_not(eligibility.get(one.name), facts, as_of)
        if why is not None:
            left_out.append(LeftOut(one.name, why, what))
            open_one = open_one or (one.name if why is WhyLeftOut.UNKNOWN_FACT else None)
        elif open_one is not None:
            left_out.append(LeftOut(one.name, WhyLeftOut.WAITS, open_one))
        else:
            chosen = one
    return Choice(chosen, tuple(left_out))


def _why_not(
    ladder: Ladder[FactSheet, str] | None, facts: FactSheet, as_of: datetime.date
) -> tuple[WhyLeftOut | None, str]:
    """Why a benefit does not apply, and the facts that are missing; None when it does."""
    if ladder is None:
        return None, ""
    decision = ladder.decide(facts, as_of)
    if decision.outcome:
        return None, ""
    if not ladder.could_be(decision):
        return WhyLeftOut.NOT_MET, ""
    missing = (name for name in sorted(ladder.asked) if facts[name] is None)
    return WhyLeftOut.UNKNOWN_FACT, ", ".join(missing)


# what they take off


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
