"""Whether the order of price-side benefits changes a price, with a line that shows it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import attrs

from prmcore.decisions import Criterion, FactSheet
from prmcore.decisions.criteria import Not, Rule, all_of, any_of, leaves
from prmcore.decisions.explain import Said
from prmcore.decisions.lint import Finding, Undecided, facts_meeting
from prmcore.errors import InvalidInput
from prmcore.incentives.stacking.model import Combine, Of, PriceBenefit, Rounds
from prmcore.incentives.stacking.policy import Stacking, priced
from prmcore.incentives.stacking.said import called
from prmcore.values import Money, currency_digits

__all__ = ["OrderFound", "OrderWitness", "lint_stacking", "order_matters"]

MOST_PAIRS = 300  # of benefits that are tried out


@attrs.frozen(kw_only=True)
class OrderWitness:
    """A line that two orders of the same benefits price differently."""

    list_price: Money
    facts: FactSheet
    pair: tuple[str, str]  # the benefits whose order it is about, as declared
    declared: tuple[str, ...]
    net_price: Money
    other: tuple[str, ...]  # the other order
    other_net_price: Money


@attrs.frozen
class OrderFound:
    """Whether the order of benefits changes a price."""

    matters: bool | None  # None = it may, and no line was found that shows it
    witness: OrderWitness | None = None


def order_matters(stacking: Stacking, currency: str = "EUR") -> OrderFound:
    """Whether another order of the same benefits would make another price, with a line that shows it.

    Two benefits can be exchanged where neither takes a rate of what the other leaves, or where both do and each leaves
    the same part to the other. If all can, no order matters, since one comes from another by exchanging neighbours. For
    the others a line is looked for; where none is found, or where a function rule or too many benefits stand in the way,
    it is undecided. `currency` is that of the line, where no amount says in which one the stacking is.
    """
    decided = True
    if stacking.combine is Combine.BEST_OF:  # equal ones take off the same, whichever of them is given
        return OrderFound(False)
    doubtful = [pair for pair in combinations(stacking.benefits, 2) if _may_matter(stacking, *pair)]
    for one, other in doubtful[:MOST_PAIRS]:
        try:
            sheet = _together(stacking, one, other)
        except Undecided:
            decided = False
            continue
        if sheet is None:
            continue
        witness = _witness(stacking, (one, other), sheet, stacking.currency or currency)
        if witness is not None:
            return OrderFound(True, witness)
        decided = False
    return OrderFound(False if decided and len(doubtful) <= MOST_PAIRS else None)


def _may_matter(stacking: Stacking, one: PriceBenefit, other: PriceBenefit) -> bool:
    """Whether exchanging two neighbours may change what they take off together, or what those after them are taken of."""
    same_group = one.exclusive is not None and one.exclusive == other.exclusive
    if same_group or other.adds_to(one):  # never together, or in no other order
        return False
    readers = [reader for reader in (one, other) if stacking.taken_of(reader) is Of.LEFT]
    if len(readers) == 1:
        return (other if readers[0] is one else one).lowers
    if len(readers) == 0 or not (one.lowers or other.lowers):
        return False
    raised = any(third.adds_to(reader) for third in stacking.benefits for reader in readers)
    return one.lowers != other.lowers or raised or stacking.rounds is not Rounds.TOTAL


def _together(stacking: Stacking, one: PriceBenefit, other: PriceBenefit) -> FactSheet | None:
    """Facts for which both apply; None when there are none."""
    first, second = _asked(stacking, one), _asked(stacking, other)
    if first is None or second is None:
        return None
    wanted = [*first, *second]
    if not wanted:
        return FactSheet.of(stacking.facts, {})
    if any(isinstance(leaf, Rule) for criterion in wanted for leaf in leaves(criterion)):
        raise Undecided
    values = facts_meeting(all_of(*wanted), stacking.facts)
    return None if values is None else FactSheet.of(stacking.facts, values)


def _asked(stacking: Stacking, one: PriceBenefit) -> list[Criterion] | None:
    """All that must hold for a benefit to be given; None when it never is."""
    wanted = [] if one.when is None else [one.when]
    for rival in stacking.benefits:
        if one.exclusive is None or rival.exclusive != one.exclusive:
            continue
        assert rival.priority is not None  # as of all that exclude one another
        assert one.priority is not None
        if rival.priority < one.priority:
            if rival.when is None:
                return None
            wanted.append(Not(rival.when))
    if one.raises is None:
        return wanted
    bases = [_asked(stacking, other) for other in stacking.benefits if one.adds_to(other)]
    possible = [all_of(*base) if base else None for base in bases if base is not None]
    if not possible:
        return None
    if None not in possible:  # else one of them is given whatever is known
        wanted.append(any_of(*(base for base in possible if base is not None)))
    return wanted


def _witness(
    stacking: Stacking, pair: tuple[PriceBenefit, PriceBenefit], sheet: FactSheet, currency: str
) -> OrderWitness | None:
    for benefits in _exchanged(stacking.benefits, *pair):
        try:
            other = attrs.evolve(stacking, benefits=benefits)
        except InvalidInput:  # points before what they are added to
            continue
        for minor in _list_prices(stacking, currency):
            price = Money(currency, minor)
            nets = [priced(which, price, 1, sheet).net_price for which in (stacking, other)]
            if nets[0] != nets[1]:
                return OrderWitness(
                    list_price=price,
                    facts=sheet,
                    pair=(pair[0].name, pair[1].name),
                    declared=tuple(one.name for one in stacking.benefits),
                    net_price=nets[0],
                    other=tuple(one.name for one in benefits),
                    other_net_price=nets[1],
                )
    return None


def _exchanged(
    benefits: tuple[PriceBenefit, ...], one: PriceBenefit, other: PriceBenefit
) -> Iterator[tuple[PriceBenefit, ...]]:
    """The orders in which two benefits have changed places: with each other, or past each other."""
    first, second = benefits.index(one), benefits.index(other)
    between = benefits[first + 1 : second]
    for middle in ((other, *between, one), (other, one, *between), (*between, other, one)):
        yield (*benefits[:first], *middle, *benefits[second + 1 :])


def _list_prices(stacking: Stacking, currency: str) -> Iterator[int]:
    """Round prices first; then what amounts leave room for; then every small one, for what only rounding shows."""
    unit = 10 ** currency_digits(currency)
    yield from (1_000 * unit, 100 * unit, 1_000_000 * unit, 1_000_000_000 * unit)
    amounts = sum(money.minor for money in stacking.amounts)
    yield from (2 * amounts + 1, 10 * amounts + 1)
    yield from range(1, 500)


def lint_stacking(stacking: Stacking) -> tuple[Finding, ...]:
    """What is to be known of a stacking: `order-matters`, with a line that shows it, or `undecided`."""
    found = order_matters(stacking)
    if found.matters is None:
        said = Said("whether the order of the benefits changes a price: not decided")
        return (Finding("undecided", "benefits", said),)
    if found.witness is None:
        return ()
    seen = found.witness
    named = {one.name: one for one in stacking.benefits}
    one, other = (called(named, name) for name in seen.pair)
    values = {"benefit": one, "other": other, "price": seen.net_price, "instead": seen.other_net_price}
    said = Said(
        "the order matters: {benefit} before {other} makes {price}, in another order it is {instead}", values
    )
    known = {name: value for name, value in stacking.facts.values_of(seen.facts).items() if value is not None}
    return (Finding("order-matters", "benefits", said, {"list_price": seen.list_price, **known}),)
