"""Whether the order of benefits matters: which pairs are tried, in which orders, at which prices, and what is shown."""

from typing import Any

import pytest

from prmcore.decisions import FactField, FactSchema, FactSheet, Kind, Truth, fact, not_
from prmcore.decisions.criteria import Rule, RuleReason
from prmcore.incentives.stacking import Combine, Of, PriceBenefit, Rounds, Stacking
from prmcore.incentives.stacking.order import OrderFound, OrderWitness, lint_stacking, order_matters
from prmcore.values import Money, PercentagePoints, Rate

SCHEMA = FactSchema("deal line", (FactField("level", Kind.CODE), FactField("units", Kind.COUNT)))
GOLD, MANY = fact("level").one_of("gold"), fact("units").at_least(5)
WEEKDAY = Rule("weekday", lambda facts, day: RuleReason(Truth.MET))


def eur(amount: str | int) -> Money:
    return Money.of(amount, "EUR")


def off(name: str, percent: str, **said: Any) -> PriceBenefit:
    return PriceBenefit(name=name, rate=Rate.percent(percent), **said)


def less(name: str, amount: str | int, **said: Any) -> PriceBenefit:
    return PriceBenefit(name=name, amount=eur(amount), **said)


def plus(name: str, raises: str, **said: Any) -> PriceBenefit:
    """Five percentage points more."""
    return PriceBenefit(name=name, points=PercentagePoints.of("5"), raises=raises, **said)


def in_turn(*benefits: PriceBenefit, **said: Any) -> Stacking:
    """Rates are taken of what is left."""
    given: dict[str, Any] = {"name": "reseller/2026/price", "facts": SCHEMA, "benefits": benefits}
    return Stacking(**(given | {"combine": Combine.SEQUENTIAL} | said))


def shown(stacking: Stacking, currency: str = "EUR") -> OrderWitness:
    found = order_matters(stacking, currency)
    assert found.matters is True
    assert found.witness is not None
    return found.witness


def test_a_line_that_shows_it_has_both_orders_with_their_prices() -> None:
    """10 % of 1,000.00 and 50.00: 850.00; 50.00 and 10 % of 950.00: 855.00."""
    assert order_matters(in_turn(off("a", "10"), less("b", 50))) == OrderFound(
        True,
        OrderWitness(
            list_price=eur(1000),
            facts=FactSheet.of(SCHEMA, {}),
            pair=("a", "b"),
            declared=("a", "b"),
            net_price=eur(850),
            other=("b", "a"),
            other_net_price=eur(855),
        ),
    )
    assert order_matters(in_turn()) == OrderFound(False)
    with pytest.raises(TypeError):
        OrderWitness(eur(1000))  # type: ignore[call-arg]


NOT_LOWERING: dict[str, Any] = {"lowers": False}


@pytest.mark.parametrize(
    ("benefits", "said", "matters"),
    [
        # one is taken of what is left: it matters where the other one leaves less
        ((off("a", "10"), less("b", 50, **NOT_LOWERING)), {}, False),
        ((less("b", 50, **NOT_LOWERING), off("a", "10")), {}, False),
        ((off("a", "10", **NOT_LOWERING), less("b", 50)), {}, True),
        ((less("b", 50), off("a", "10", **NOT_LOWERING)), {}, True),
        ((off("a", "10", of=Of.LIST), off("b", "20")), {}, True),
        # none is, or neither leaves less
        ((off("a", "10", of=Of.LIST), less("b", 50)), {}, False),
        ((less("a", 10), less("b", 50)), {}, False),
        ((off("a", "10", **NOT_LOWERING), off("b", "20", **NOT_LOWERING)), {"rounds": Rounds.LINE}, False),
        # both are
        ((off("a", "10"), off("b", "20")), {}, False),
        ((off("a", "10"), off("b", "20", **NOT_LOWERING)), {}, True),
        ((off("a", "10", **NOT_LOWERING), off("b", "20")), {}, True),
        ((off("a", "10"), off("b", "15")), {"rounds": Rounds.LINE}, True),
        ((off("a", "50"), off("b", "100")), {"rounds": Rounds.LINE}, None),  # nothing is left either way
        # points follow their rate, and are taken of the same
        ((off("a", "10"), plus("p", "a")), {}, False),
        ((off("a", "10"), plus("p", "a"), off("b", "20")), {}, True),
        ((off("a", "10"), off("b", "20"), plus("p", "b", **NOT_LOWERING)), {}, True),
        ((off("a", "10"), less("b", 50)), {"combine": Combine.BEST_OF}, False),
        ((off("a", "10"), less("b", 50)), {"combine": Combine.ADDITIVE}, False),
        # what is never given together
        ((off("a", "10", when=GOLD), less("b", 50, when=not_(GOLD))), {}, False),
        ((off("a", "10", exclusive="x", priority=1, when=MANY), less("b", 50, exclusive="x", priority=2)), {}, False),
        ((off("a", "10", exclusive="x", priority=2), less("b", 50, exclusive="x", priority=1, when=MANY)), {}, False),
        ((off("a", "10", exclusive="x", priority=1), off("c", "9", exclusive="x", priority=2, when=MANY, of=Of.LEFT),
          less("b", 50)), {"combine": Combine.ADDITIVE}, False),
        # a benefit that the one before it leaves something to, and points on what is never given
        ((off("a", "10", exclusive="x", priority=1, when=GOLD, of=Of.LIST), off("c", "9", exclusive="x", priority=2),
          less("b", 50, when=not_(GOLD))), {}, True),
        ((off("a", "10", exclusive="x", priority=1, when=GOLD, of=Of.LIST), off("c", "9", exclusive="x", priority=2),
          less("b", 50, when=GOLD)), {}, False),
        ((off("z", "9", exclusive="x", priority=1, of=Of.LIST, **NOT_LOWERING),
          off("a", "10", exclusive="x", priority=2, of=Of.LIST, **NOT_LOWERING), plus("p", "a"), off("b", "20")), {}, False),
        ((less("b", 50, when=GOLD), off("c", "9", exclusive="x", priority=1, of=Of.LIST, when=GOLD),
          off("d", "9", exclusive="x", priority=2)), {}, False),
        ((off("c", "9", exclusive="x", priority=0, of=Of.LIST, when=GOLD), off("d", "9", exclusive="x", priority=2),
          less("b", 50, when=GOLD)), {}, False),
        # functions are not guessed about; what is found beside them counts, and so does what comes after pairs apart
        ((off("a", "10", when=WEEKDAY), less("b", 50)), {}, None),
        ((off("a", "10"), less("b", 50, when=WEEKDAY)), {}, None),
        ((off("a", "10", when=WEEKDAY), less("b", 50), off("c", "10")), {}, True),
        ((off("a", "10", when=GOLD), less("b", 50, when=not_(GOLD)), off("c", "10")), {}, True),
    ],
)  # fmt: skip
def test_which_orders_matter(
    benefits: tuple[PriceBenefit, ...], said: dict[str, Any], matters: bool | None
) -> None:
    assert order_matters(in_turn(*benefits, **said)).matters is matters


@pytest.mark.parametrize(
    ("benefits", "pair", "other", "net", "instead"),
    [
        # exchanged: 100.00, 30.00 and 50.00 off; or 50.00, 30.00 and 10 % of 950.00
        (
            (off("a", "10"), less("c", 30, **NOT_LOWERING), less("b", 50)),
            ("a", "b"),
            ("b", "c", "a"),
            "820",
            "825",
        ),
        # before both, as points cannot come before their rate: 100, 50, 180 off, or 200, 80, 40
        (
            (off("a", "10"), plus("p", "a", **NOT_LOWERING), off("b", "20")),
            ("a", "b"),
            ("b", "a", "p"),
            "670",
            "680",
        ),
        # after both, for the same reason: 200, 100, 50 off, or 100, 50 and 20 % of 950
        (
            (off("r", "20"), off("a", "10", of=Of.LIST, **NOT_LOWERING), plus("p", "a")),
            ("r", "p"),
            ("a", "p", "r"),
            "650",
            "660",
        ),
        # where no order of the first pair shows it, the next pair does: 100, 50, 170 off, or 100, 180, 50
        ((off("a", "10"), plus("p", "a"), off("b", "20")), ("p", "b"), ("a", "b", "p"), "680", "670"),
        # others keep their places: 50, 95, 50 and 5 % of 805 off; or 100, 50, 50 and 5 % of 800
        (
            (off("x", "5", of=Of.LIST), off("a", "10"), less("b", 50), off("y", "5")),
            ("x", "a"),
            ("a", "x", "b", "y"),
            "764.75",
            "760",
        ),
    ],
)
def test_two_benefits_change_places_with_each_other_or_past_each_other(
    benefits: tuple[PriceBenefit, ...], pair: tuple[str, str], other: tuple[str, ...], net: str, instead: str
) -> None:
    seen = shown(in_turn(*benefits))
    assert (seen.pair, seen.declared, seen.other) == (pair, tuple(one.name for one in benefits), other)
    assert (seen.list_price, seen.net_price, seen.other_net_price) == (eur(1000), eur(net), eur(instead))


@pytest.mark.parametrize(
    ("benefits", "said", "price"),
    [
        ((off("a", "10"), less("b", 50)), {}, eur(1000)),
        ((off("a", "10"), less("b", 5_000)), {}, eur(1_000_000)),  # less than that leaves nothing
        ((off("a", "10"), less("b", 5_000_000)), {}, eur(1_000_000_000)),
        ((off("a", "10"), less("b", 5_000_000_000)), {}, Money("EUR", 2 * 5 * 10**11 + 1)),
        # 2.5 cents are rounded to 2 and 7.4985 to 7; or 7.5 to 8 and 2.498 to 2; of 1,000.00 it is 25 and 75 in any order
        ((off("a", "0.025"), off("b", "0.075")), {"rounds": Rounds.LINE}, eur(100)),
        # of twice the amount, half and a tenth are beyond the ceiling in any order; of ten times, a tenth and 9 % are not
        (
            (off("a", "10"), less("b", 5_000_000_000)),
            {"ceiling": Rate.percent(40)},
            Money("EUR", 5 * 10**12 + 1),
        ),
        # 10 % of six cents are 0.6, rounded 1, and 15 % of five 0.75, again 1; first 15 % are 0.9, then 10 % of five 0.5: 0
        ((off("a", "10"), off("b", "15")), {"rounds": Rounds.LINE}, eur("0.06")),
    ],
)
def test_round_prices_are_tried_first_then_what_amounts_leave_room_for_then_every_small_one(
    benefits: tuple[PriceBenefit, ...], said: dict[str, Any], price: Money
) -> None:
    assert shown(in_turn(*benefits, **said)).list_price == price


def test_a_line_is_in_the_currency_of_the_amounts_or_in_the_one_that_is_asked_for() -> None:
    """Yen have no minor unit: a round price of theirs is 1,000."""
    rates = in_turn(off("a", "10"), off("b", "20", **NOT_LOWERING))
    assert shown(rates, "JPY").list_price == Money("JPY", 1000)
    assert order_matters(rates) == order_matters(rates, "EUR")
    dollars = in_turn(off("a", "10"), PriceBenefit(name="b", each=Money.of(50, "USD")))
    assert shown(dollars, "JPY").list_price == Money.of(1000, "USD")


def facts_of(stacking: Stacking) -> dict[str, Any]:
    return dict(SCHEMA.values_of(shown(stacking).facts))


def test_points_are_given_where_what_they_are_added_to_is() -> None:
    """a takes nothing from what is left: only p and b are exchanged, and p is given to gold. Of 1,000.00, 100, 50, 190."""
    listed: dict[str, Any] = {"of": Of.LIST, "lowers": False}
    stacking = in_turn(off("a", "10", when=GOLD, **listed), plus("p", "a"), off("b", "20"))
    seen = shown(stacking)
    assert (seen.pair, seen.net_price, seen.other_net_price) == (("p", "b"), eur(660), eur(650))
    assert facts_of(stacking)["level"] == "gold"
    anyone = in_turn(off("a", "10", **listed), plus("p", "a", when=MANY), off("b", "20"))
    assert facts_of(anyone) == {"level": None, "units": 5}
    one = off("one", "10", exclusive="x", priority=1, when=GOLD, **listed)
    two = off("two", "10", exclusive="x", priority=2, when=MANY, **listed)
    group = in_turn(one, two, plus("p", "x"), off("b", "20", when=not_(GOLD)))
    known = facts_of(group)  # without gold it is the second one that they are added to
    assert known["units"] >= 5
    assert known["level"] != "gold"
    never_first = in_turn(one, two, plus("p", "two"), off("b", "20", when=GOLD))
    assert order_matters(never_first).matters is False


@pytest.mark.parametrize(("rates", "amounts", "matters"), [(20, 15, False), (43, 7, None)])
def test_as_many_as_300_pairs_are_tried(rates: int, amounts: int, matters: bool | None) -> None:
    """A rate for each number of units and an amount for each other: no two of them are given together; 301 are too many."""
    some = [off(f"r{n}", "1", when=fact("units").equals(n)) for n in range(rates)]
    others = [less(f"s{n}", 1, when=fact("units").equals(100 + n)) for n in range(amounts)]
    assert order_matters(in_turn(*some, *others)).matters is matters


def test_what_is_found_is_said_with_the_line_and_the_facts_that_are_known() -> None:
    (found,) = lint_stacking(in_turn(off("a", "10", when=MANY), less("b", 50)))
    assert (found.code, found.path) == ("order-matters", "benefits")
    assert found.witness == {"list_price": eur(1000), "units": 5}
    assert found.in_words().startswith(
        "the order matters: a before b makes €850.00, in another order it is €855.00 ("
    )
    (unsure,) = lint_stacking(in_turn(off("a", "10", when=WEEKDAY), less("b", 50)))
    assert str(unsure) == (
        "undecided: whether the order of the benefits changes a price: not decided @ benefits"
    )
    assert unsure.witness is None
    assert lint_stacking(in_turn(less("a", 10), less("b", 50))) == ()
