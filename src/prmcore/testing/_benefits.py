"""Hypothesis strategies for what partners get beside money: price-side benefits of a deal line, and points that expire."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from prmcore.decisions import FactField, FactSchema, FactSheet, Kind, fact
from prmcore.incentives.plans.curve import Rounding
from prmcore.incentives.points import (
    Lot,
    MoveKind,
    PointsMove,
    PointsPolicy,
    Returns,
    TakenBack,
    Use,
    UseFacts,
    UseOrder,
    expire,
    lots,
    take_back,
    use,
)
from prmcore.incentives.stacking import (
    Choice,
    Combine,
    DealLine,
    LeftOut,
    Of,
    OrderFound,
    OrderWitness,
    PriceBenefit,
    Priced,
    PriceLine,
    Rounds,
    Stacking,
    choose_first,
    order_matters,
)
from prmcore.values import Money, PercentagePoints, Rate

__all__ = ["STRATEGIES", "deal_lines", "points_moves", "stackings"]

Strategy = st.SearchStrategy

TODAY = datetime.date(2026, 4, 1)
LINE_FACTS = FactSchema("deal line", (FactField("level", Kind.CODE), FactField("units", Kind.COUNT)))


# price-side benefits


def _rates() -> Strategy[Rate]:
    """From a fortieth to all of it, thirds and sevenths among them."""
    return st.fractions(Fraction(1, 40), 1, max_denominator=40).map(Rate.of)


@st.composite
def price_benefits(
    draw: st.DrawFn, name: str, rated: tuple[str, ...] = (), priority: int | None = None
) -> PriceBenefit:
    """Benefits of every kind; points are added to one of the `rated`, and some with a priority exclude one another."""
    said: dict[str, Any] = {"lowers": draw(st.booleans())}
    kinds: list[str] = ["rate", "rate", "amount", "each", *(["points"] if rated else [])]
    kind = draw(st.sampled_from(kinds))
    if kind == "rate":
        said |= {"rate": draw(_rates()), "of": draw(st.none() | st.sampled_from(Of))}
        if priority is not None and draw(st.booleans()):
            said |= {"exclusive": "x", "priority": priority}
    elif kind == "points":
        number = draw(st.fractions(Fraction(1, 2), 60, max_denominator=4))
        said |= {"points": PercentagePoints(number), "raises": draw(st.sampled_from(rated))}
    else:
        said[kind] = Money("EUR", draw(st.integers(1, 5_000)))
    asked = st.sampled_from([fact("level").one_of("gold"), fact("units").at_least(5)])
    return PriceBenefit(name=name, when=draw(st.none() | asked), **said)


@st.composite
def stackings(draw: st.DrawFn, /, most: int = 5, exclusive: bool = True, **said: Any) -> Stacking:
    """Stackings in euro whose benefits ask for `level` and `units`; what is `said` is not drawn."""
    found: list[PriceBenefit] = []
    for place, name in enumerate("abcdefg"[: draw(st.integers(1, most))]):
        rated = dict.fromkeys(
            given for one in found if one.rate for given in (one.name, one.exclusive) if given
        )
        # points are declared after all that they may be added to
        more = exclusive and not any(one.raises == "x" for one in found)
        found.append(draw(price_benefits(name, tuple(rated), 9 - place if more else None)))
    given = {
        "combine": draw(st.sampled_from([Combine.ADDITIVE, Combine.SEQUENTIAL])),
        "ceiling": draw(st.none() | _rates()),
        "rounding": draw(st.sampled_from(Rounding)),
        "rounds": draw(st.sampled_from(Rounds)),
    }
    return Stacking(
        **({"name": "drawn/1/price", "benefits": tuple(found), "facts": LINE_FACTS} | given | said)
    )


def line_facts() -> Strategy[FactSheet]:
    return st.builds(
        lambda level, units: FactSheet.of(LINE_FACTS, {"level": level, "units": units}),
        st.sampled_from(["gold", "silver", None]),
        st.sampled_from([4, 5, None]),
    )


def deal_lines() -> Strategy[DealLine]:
    """What is sold, from a cent to more than anybody sells, and what is taken back."""
    sizes = st.integers(0, 3_000) | st.integers(0, 10**17)
    return st.builds(
        lambda minor, quantity, facts, sign: DealLine(
            list_price=Money("EUR", sign * minor), quantity=Fraction(sign * quantity), facts=facts
        ),
        sizes,
        st.integers(1, 9),
        st.none() | line_facts(),
        st.sampled_from([1, 1, -1]),
    )


def _priced() -> Strategy[Priced]:
    return st.builds(lambda stacking, line: stacking.decide(line, TODAY).outcome, stackings(), deal_lines())


def _orders() -> Strategy[OrderFound]:
    return stackings(most=3).map(order_matters)


def _witnesses() -> Strategy[OrderWitness | None]:
    """Of 10 % and an amount, one after the other: the order of these always matters."""
    rate = PriceBenefit(name="rate", rate=Rate.percent("10"))
    amounts = st.integers(100, 5_000).map(
        lambda minor: PriceBenefit(name="amount", amount=Money("EUR", minor))
    )
    return amounts.map(
        lambda one: (
            order_matters(
                Stacking(name="drawn/1/price", benefits=(rate, one), combine=Combine.SEQUENTIAL)
            ).witness
        )
    )


def _choices() -> Strategy[Choice]:
    first = PriceBenefit(
        name="first", rate=Rate(1, 4), exclusive="x", priority=1, when=fact("level").one_of("gold")
    )
    second = PriceBenefit(name="second", rate=Rate(1, 5), exclusive="x", priority=2)
    return line_facts().map(lambda facts: choose_first((first, second), LINE_FACTS, facts))


# points


@st.composite
def points_moves(draw: st.DrawFn, most: int = 4) -> tuple[PointsMove, ...]:
    """Grants of one holder, some of which expire, with what was used of them and what expired by `TODAY`."""
    moves: list[PointsMove] = []
    for number in range(1, draw(st.integers(1, most)) + 1):
        on = TODAY - datetime.timedelta(days=draw(st.integers(0, 90)))
        lasts = draw(st.none() | st.integers(1, 120))
        moves.append(
            PointsMove(
                id=f"g{number}",
                holder="acme",
                kind=MoveKind.GRANTED,
                amount=Money("points", draw(st.integers(1, 100))),
                grant=f"g{number}",
                on=on,
                expires=None if lasts is None else on + datetime.timedelta(days=lasts),
            )
        )
    moves.extend(expire(moves, TODAY))
    moves.extend(
        use(
            moves,
            Money("points", draw(st.integers(1, 120))),
            TODAY,
            cause="order 1",
            policy=draw(_policies()),
        ).moves
    )
    return tuple(moves)


def _policies() -> Strategy[PointsPolicy]:
    return st.builds(
        PointsPolicy,
        order=st.sampled_from(UseOrder),
        returns=st.sampled_from(Returns),
        least=st.integers(1, 5),
    )


def _uses() -> Strategy[Use]:
    return st.builds(
        lambda moves, count: use(moves, Money("points", count), TODAY, cause="order 2"),
        points_moves(),
        st.integers(1, 200),
    )


STRATEGIES: Mapping[type, Callable[[], Strategy[Any]]] = {
    Choice: _choices,
    DealLine: deal_lines,
    LeftOut: lambda: _priced().filter(lambda one: bool(one.left_out)).map(lambda one: one.left_out[0]),
    Lot: lambda: points_moves().map(lambda moves: lots(moves, "points", TODAY)).filter(bool).map(lambda found: found[0]),
    OrderFound: _orders,
    OrderWitness: _witnesses,
    PointsMove: lambda: points_moves().map(lambda moves: moves[-1]),
    PointsPolicy: _policies,
    PriceBenefit: lambda: price_benefits("drawn"),
    PriceLine: lambda: _priced().filter(lambda one: bool(one.lines)).map(lambda one: one.lines[-1]),
    Priced: _priced,
    Stacking: stackings,
    TakenBack: lambda: st.builds(
        lambda moves, policy: take_back(moves, "g1", moves[0].amount, TODAY, cause="refund", policy=policy),
        points_moves(),
        _policies(),
    ),
    Use: _uses,
    UseFacts: lambda: _uses().map(lambda found: found.decision.facts),
}  # fmt: skip
