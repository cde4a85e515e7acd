"""Price-side benefits: published numbers, cases worked by hand, and laws."""

import datetime
import itertools
import json
import pickle
import random
from fractions import Fraction as F
from typing import Any

import attrs
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from prmcore.decisions import Decision, FactField, FactSchema, FactSheet, Kind, Truth, all_of, fact, not_
from prmcore.decisions.criteria import Rule, RuleReason
from prmcore.decisions.explain import explain
from prmcore.decisions.versions import recorded, replayed
from prmcore.errors import InvalidInput
from prmcore.incentives.plans.curve import Rounding
from prmcore.incentives.stacking import (
    Combine,
    Cut,
    DealLine,
    LeftOut,
    Of,
    PriceBenefit,
    Priced,
    PriceLine,
    Rounds,
    Stacking,
    WhyLeftOut,
    choose_first,
    lint_stacking,
    order_matters,
    priced,
)
from prmcore.testing import _benefits as strategies
from prmcore.values import Money, PercentagePoints, Rate, Text

DAY = datetime.date(2026, 3, 31)
SCHEMA = FactSchema(
    "deal line",
    (
        FactField("level", Kind.CODE, Text.of("level", ja="レベル", zh="等级")),
        FactField("registered", Kind.BOOL),
        FactField("units", Kind.COUNT),
    ),
)


def eur(amount: str | int) -> Money:
    return Money.of(amount, "EUR")


def off(name: str, percent: str, **said: Any) -> PriceBenefit:
    return PriceBenefit(name=name, rate=Rate.percent(percent), **said)


def stacked(*benefits: PriceBenefit, **said: Any) -> Stacking:
    given: dict[str, Any] = {"name": "reseller/2026/price", "facts": SCHEMA, "benefits": benefits}
    return Stacking(**(given | said))


def known(**facts: Any) -> FactSheet:
    return FactSheet.of(SCHEMA, facts)


def amounts(found: Priced) -> dict[str, str]:
    return {line.benefit: str(line.amount.amount) for line in found.lines}


# Microsoft, Dynamics 365 Supply Chain Management, "Rebate reduction principles" (learn.microsoft.com, Rebate management;
# text in MicrosoftDocs/dynamics-365-unified-operations-public), provisions only. Deal 1: 10 %, does not look at others.
# Deal 2: 15 %, looks at rebates only, of which there are none, and is excluded from later reductions. Deals 3 and 4:
# 20 % and 25 %, of what is left. In the page's own working of sequence 1, deal 4 reads "$1,000 - Deal 1 - Deal 2"; its
# table above, and its $180, have deal 3 there.
DEALS = {
    1: off("deal 1", "10", of=Of.LIST),
    2: off("deal 2", "15", of=Of.LIST, lowers=False),
    3: off("deal 3", "20", of=Of.LEFT),
    4: off("deal 4", "25", of=Of.LEFT),
}
PUBLISHED: dict[tuple[int, ...], tuple[dict[int, str], str]] = {
    (1, 2, 3, 4): ({1: "100", 2: "150", 3: "180", 4: "180"}, "610"),
    (4, 3, 2, 1): ({4: "250", 3: "150", 2: "150", 1: "100"}, "650"),
    (3, 2, 1, 4): ({3: "200", 2: "150", 1: "100", 4: "175"}, "625"),
    (2, 4, 1, 3): ({2: "150", 4: "250", 1: "100", 3: "130"}, "630"),
}


@pytest.mark.parametrize("order", PUBLISHED)
def test_four_stacked_deals_come_to_what_dynamics_365_publishes_for_each_order(
    order: tuple[int, ...],
) -> None:
    lines, together = PUBLISHED[order]
    found = priced(stacked(*(DEALS[deal] for deal in order)), eur(1000))
    assert found.discount == eur(together)
    assert amounts(found) == {f"deal {deal}": f"{amount}.00" for deal, amount in lines.items()}


# Of 1,000.00: 30 % is 300.00. Additive, 10 % is 100.00 more; of the 700.00 that are left it is 70.00.
@pytest.mark.parametrize(
    ("combine", "net", "lines"),
    [
        (Combine.ADDITIVE, "600.00", {"partner": "300.00", "promotion": "100.00"}),
        (Combine.SEQUENTIAL, "630.00", {"partner": "300.00", "promotion": "70.00"}),
        (Combine.BEST_OF, "700.00", {"partner": "300.00"}),
    ],
)
def test_two_discounts_are_added_taken_in_turn_or_the_better_one_is_given(
    combine: Combine, net: str, lines: dict[str, str]
) -> None:
    found = priced(stacked(off("partner", "30"), off("promotion", "10"), combine=combine), eur(1000))
    assert found.net_price == eur(net)
    assert amounts(found) == lines


def test_twenty_percentage_points_make_half_of_thirty_percent_and_not_thirty_six() -> None:
    """Published registration terms: +20 percentage points, 30 % becomes 50 %, not 36 %."""
    added = PriceBenefit(name="registered", points=PercentagePoints.of("20"), raises="standard")
    for combine in Combine:
        found = priced(stacked(off("standard", "30"), added, combine=combine), eur(1000))
        assert found.discount_rate == Rate.percent("50")
        assert amounts(found) == {"standard": "300.00", "registered": "200.00"}


def test_points_are_taken_of_what_the_rate_that_they_are_added_to_is_taken_of() -> None:
    """Sequential of 1,000.00: 10 % leaves 900.00; 30 % of that is 270.00, and 20 points more of it 180.00."""
    added = PriceBenefit(name="registered", points=PercentagePoints.of("20"), raises="standard")
    found = priced(
        stacked(off("promotion", "10"), off("standard", "30"), added, combine=Combine.SEQUENTIAL), eur(1000)
    )
    assert amounts(found) == {"promotion": "100.00", "standard": "270.00", "registered": "180.00"}


def test_the_best_of_several_counts_with_the_points_that_are_added_to_it() -> None:
    """30 % and 20 points are better than 40 %."""
    added = PriceBenefit(name="registered", points=PercentagePoints.of("20"), raises="standard")
    found = priced(
        stacked(off("project", "40"), off("standard", "30"), added, combine=Combine.BEST_OF), eur(10)
    )
    assert amounts(found) == {"standard": "3.00", "registered": "2.00"}
    assert found.left_out == (LeftOut("project", WhyLeftOut.NOT_BEST, "standard"),)


def test_of_equal_benefits_the_first_is_the_best() -> None:
    found = priced(
        stacked(off("a", "10"), PriceBenefit(name="b", amount=eur(1)), combine=Combine.BEST_OF), eur(10)
    )
    assert amounts(found) == {"a": "1.00"}


def test_two_units_count_twice_in_every_benefit() -> None:
    """T32: Medusa takes the second promotion of one unit less the first discount of two: 6 - 4 leaves it 2, not 4."""
    each = [PriceBenefit(name=name, each=eur(2)) for name in ("first", "second")]
    for combine in (Combine.ADDITIVE, Combine.SEQUENTIAL):
        found = priced(stacked(*each, combine=combine), eur(12), 2)
        assert amounts(found) == {"first": "4.00", "second": "4.00"}
        assert found.net_price == eur(4)


@pytest.mark.parametrize("rounds", Rounds)
@pytest.mark.parametrize("rounding", Rounding)
@pytest.mark.parametrize("quantity", [1, 3, F(1, 3)])
def test_nothing_is_left_of_a_price_that_is_discounted_by_all_of_it(
    rounds: Rounds, rounding: Rounding, quantity: F | int
) -> None:
    """T19: Odoo leaves 0.01 of a discount of 100 %. Of 9.99, 3.33 for each of three is no rest either."""
    whole = stacked(off("whole", "100"), rounds=rounds, rounding=rounding)
    assert priced(whole, eur("9.99"), quantity).net_price == eur(0)
    thirds = stacked(*(PriceBenefit(name=name, rate=Rate(1, 3)) for name in "abc"), rounding=rounding)
    assert priced(thirds, eur("0.01")).net_price == eur(0)


# A unit is 0.30, 15 % of it are 0.045, so that it costs 0.255: four of them cost 1.02. If the reduction of a unit is
# rounded, half even, to 0.04, a unit costs 0.26, and four cost 1.04.
@pytest.mark.parametrize(
    ("rounds", "net"), [(Rounds.TOTAL, "1.02"), (Rounds.LINE, "1.02"), (Rounds.UNIT, "1.04")]
)
def test_a_price_is_rounded_once_or_as_a_document_rounds_each_unit(rounds: Rounds, net: str) -> None:
    """T19, with the numbers of Saleor: four times 0.255."""
    assert priced(stacked(off("partner", "15"), rounds=rounds), eur("1.20"), 4).net_price == eur(net)


# Of 0.10, 25 % are 2.5 cents, twice. Once rounded their sum is 5: half even, 2 and then 3 more. Each alone 2 and 2, half
# up 3 and 3, down 2 and 2.
@pytest.mark.parametrize(
    ("rounds", "rounding", "lines"),
    [
        (Rounds.TOTAL, Rounding.HALF_EVEN, [2, 3]),
        (Rounds.TOTAL, Rounding.HALF_UP, [3, 2]),
        (Rounds.TOTAL, Rounding.DOWN, [2, 3]),
        (Rounds.LINE, Rounding.HALF_EVEN, [2, 2]),
        (Rounds.LINE, Rounding.HALF_UP, [3, 3]),
        (Rounds.LINE, Rounding.DOWN, [2, 2]),
    ],
)
def test_reductions_are_rounded_together_or_one_by_one(
    rounds: Rounds, rounding: Rounding, lines: list[int]
) -> None:
    found = priced(stacked(off("a", "25"), off("b", "25"), rounds=rounds, rounding=rounding), eur("0.10"))
    assert [line.amount.minor for line in found.lines] == lines
    assert [line.calculated for line in found.lines] == [F(5, 2), F(5, 2)]


def test_a_reduction_is_cut_to_what_is_left_and_the_rest_takes_off_nothing() -> None:
    """Of 100.00, 60 % and 50.00: 60.00, and 40.00 of the 50.00; then nothing is left for 10 %."""
    found = priced(stacked(off("a", "60"), PriceBenefit(name="b", amount=eur(50)), off("c", "10")), eur(100))
    assert [(str(line.amount.amount), line.cut) for line in found.lines] == [
        ("60.00", None),
        ("40.00", Cut.LEFT),
        ("0.00", Cut.LEFT),
    ]
    assert found.lines[1].calculated == 5_000
    assert found.net_price == eur(0)


def test_a_reduction_is_cut_to_the_ceiling_which_rounding_does_not_exceed() -> None:
    """35 % of 99.99 is 34.9965: the ceiling is 34.99. 30 % are 29.997, rounded 30.00, so that 4.99 are left of it."""
    found = priced(stacked(off("a", "30"), off("b", "20"), ceiling=Rate.percent("35")), eur("99.99"))
    assert [(str(line.amount.amount), line.cut) for line in found.lines] == [
        ("30.00", None),
        ("4.99", Cut.CEILING),
    ]
    assert found.net_price == eur("65.00")


@pytest.mark.parametrize("rounding", Rounding)
def test_a_credit_note_is_the_mirror_of_its_invoice(rounding: Rounding) -> None:
    """T14"""
    stacking = stacked(
        off("a", "12.5"),
        PriceBenefit(name="b", each=eur("0.33")),
        ceiling=Rate.percent("60"),
        rounding=rounding,
    )
    sold, back = priced(stacking, eur("7.77"), 3), priced(stacking, eur("-7.77"), -3)
    assert back.net_price == -sold.net_price
    assert [line.amount for line in back.lines] == [-line.amount for line in sold.lines]
    assert [line.calculated for line in back.lines] == [-line.calculated for line in sold.lines]


@pytest.mark.parametrize(("price", "quantity"), [("10", -1), ("-10", 1), ("10", 0)])
def test_a_price_and_a_quantity_of_two_signs_are_refused(price: str, quantity: int) -> None:
    """T36"""
    with pytest.raises(InvalidInput, match=r"both above zero for what is sold, both below zero"):
        priced(stacked(off("a", "10")), eur(price), quantity)


# eligibility

SILVER = off("silver", "20", when=fact("level").one_of("silver"), exclusive="standard", priority=2)
GOLD = off("gold", "30", when=fact("level").one_of("gold"), exclusive="standard", priority=1)
LARGE = off("large", "25", when=fact("units").at_least(100), exclusive="standard", priority=3)
REGISTERED = PriceBenefit(
    name="registered",
    points=PercentagePoints.of("5"),
    raises="standard",
    when=fact("registered").is_true(),
    text=Text.of("deal registration", ja="案件登録", zh="商机报备"),
)
BY_LEVEL = stacked(SILVER, GOLD, LARGE, REGISTERED)


@pytest.mark.parametrize(
    ("facts", "lines", "left_out"),
    [
        (
            {"level": "gold", "units": 100, "registered": True},
            {"gold": "30.00", "registered": "5.00"},
            {"silver": WhyLeftOut.NOT_FIRST, "large": WhyLeftOut.NOT_FIRST},
        ),
        (
            {"level": "silver", "units": 99, "registered": False},
            {"silver": "20.00"},
            {"gold": WhyLeftOut.NOT_MET, "large": WhyLeftOut.NOT_FIRST, "registered": WhyLeftOut.NOT_MET},
        ),
        (
            {"level": "bronze", "units": 100, "registered": None},
            {"large": "25.00"},
            {"silver": WhyLeftOut.NOT_MET, "gold": WhyLeftOut.NOT_MET, "registered": WhyLeftOut.UNKNOWN_FACT},
        ),
        (
            {"level": "bronze", "units": 5, "registered": True},
            {},
            {
                "silver": WhyLeftOut.NOT_MET,
                "gold": WhyLeftOut.NOT_MET,
                "large": WhyLeftOut.NOT_MET,
                "registered": WhyLeftOut.NOTHING_TO_RAISE,
            },
        ),
        (
            {"level": None, "units": 100, "registered": True},
            {},
            {
                "silver": WhyLeftOut.UNKNOWN_FACT,
                "gold": WhyLeftOut.UNKNOWN_FACT,
                "large": WhyLeftOut.WAITS,
                "registered": WhyLeftOut.NOTHING_TO_RAISE,
            },
        ),
    ],
)
def test_of_benefits_that_exclude_one_another_the_first_that_applies_is_given_and_the_rest_say_why_not(
    facts: dict[str, Any], lines: dict[str, str], left_out: dict[str, WhyLeftOut]
) -> None:
    found = priced(BY_LEVEL, eur(100), 1, known(**facts))
    assert amounts(found) == lines
    assert {one.benefit: one.why for one in found.left_out} == left_out


def test_the_facts_that_are_not_known_are_named() -> None:
    found = priced(
        stacked(off("a", "10", when=all_of(fact("units").at_least(5), fact("registered").is_true()))), eur(1)
    )
    assert found.left_out == (LeftOut("a", WhyLeftOut.UNKNOWN_FACT, "registered, units"),)
    assert found.net_price == eur(1)


def test_what_is_known_to_be_unmet_does_not_wait_for_what_is_unknown() -> None:
    asks = all_of(fact("units").at_least(5), fact("registered").is_true())
    found = priced(stacked(off("a", "10", when=asks)), eur(1), 1, known(units=4))
    assert found.left_out == (LeftOut("a", WhyLeftOut.NOT_MET),)


def test_the_first_by_priority_is_chosen_whatever_the_order_in_which_they_are_given() -> None:
    for group in itertools.permutations((SILVER, GOLD, LARGE)):
        chosen = choose_first(group, SCHEMA, known(level="silver", units=100))
        assert chosen.benefit == SILVER
        assert {one.benefit: one.why for one in chosen.left_out} == {
            "gold": WhyLeftOut.NOT_MET,
            "large": WhyLeftOut.NOT_FIRST,
        }


def test_no_match_is_no_benefit_and_not_a_benefit_of_zero() -> None:
    assert choose_first((SILVER, GOLD), SCHEMA, known(level="bronze")).benefit is None
    assert priced(stacked(SILVER, GOLD), eur(1), 1, known(level="bronze")).lines == ()


def test_equal_priorities_are_refused() -> None:
    """ERPNext: MultiplePricingRuleConflict."""
    same = attrs.evolve(LARGE, priority=1)
    message = "two benefits have the priority 1; accepted: a priority of its own for each"
    with pytest.raises(InvalidInput, match=f"{message} @ standard"):
        stacked(SILVER, GOLD, same)
    with pytest.raises(InvalidInput, match=message):
        choose_first((SILVER, GOLD, same), SCHEMA)
    with pytest.raises(InvalidInput, match="has no priority; accepted: a number of its own for each @ a"):
        choose_first((SILVER, off("a", "1")), SCHEMA)


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({}, "found nothing; accepted: one of rate, points, amount, each"),
        ({"rate": Rate(1, 10), "amount": eur(1)}, "found rate, amount; accepted: one of"),
        ({"points": PercentagePoints.of("5")}, "points and raises go together @ raises"),
        ({"rate": Rate(1, 10), "priority": 1}, "priority and exclusive go together @ priority"),
        ({"amount": eur(1), "of": Of.LEFT}, "goes with a rate; nothing else is taken of a price @ of"),
        ({"rate": Rate(0)}, "accepted: above zero, and up to 100 @ rate"),
        ({"rate": Rate(11, 10)}, "accepted: above zero, and up to 100 @ rate"),
        ({"points": PercentagePoints.of("-5"), "raises": "a"}, "found -5 pp; accepted: above zero"),
        ({"each": eur(0)}, "found 0.00 EUR; accepted: an amount above zero @ each"),
    ],
)
def test_a_benefit_that_means_nothing_is_refused(said: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        PriceBenefit(name="it", **said)


@pytest.mark.parametrize(
    ("benefits", "said", "message"),
    [
        ((off("a", "1"), off("a", "2")), {}, "the name 'a' is used twice @ benefits"),
        ((GOLD, off("standard", "2")), {}, "the name 'standard' is used twice @ benefits"),
        (
            (REGISTERED, GOLD),
            {},
            r"found 'standard'; accepted: what has a rate and is declared before @ benefits\[0\]",
        ),
        (
            (GOLD, REGISTERED, SILVER),
            {},
            r"declared before @ benefits\[1\]\.raises",
        ),  # of one of the two only
        (
            (PriceBenefit(name="standard", amount=eur(1)), REGISTERED),
            {},
            "what has a rate and is declared before",
        ),
        (
            (PriceBenefit(name="a", amount=eur(1)), PriceBenefit(name="b", each=Money.of(1, "USD"))),
            {},
            "found amounts in EUR, USD; accepted: one currency",
        ),
        (
            (off("a", "1"),),
            {"ceiling": Rate(0)},
            "found 0 %; accepted: above zero, and up to 100 % @ ceiling",
        ),
        (
            (off("a", "1", when=fact("unit").at_least(1)),),
            {},
            r"did you mean 'units'.* @ benefits\[0\]\.when",
        ),
        ((off("a", "1", lowers=False),), {"combine": Combine.BEST_OF}, "only one benefit is given"),
    ],
)
def test_a_stacking_that_cannot_be_calculated_is_refused(
    benefits: tuple[PriceBenefit, ...], said: dict[str, Any], message: str
) -> None:
    with pytest.raises(InvalidInput, match=message):
        stacked(*benefits, **said)


def test_amounts_of_another_currency_are_refused() -> None:
    """T21"""
    with pytest.raises(
        InvalidInput, match=r"found 5\.00 USD; 'reseller/2026/price' takes off amounts in EUR"
    ):
        priced(stacked(PriceBenefit(name="a", amount=eur(1))), Money.of(5, "USD"))


def test_facts_of_something_else_are_refused() -> None:
    other = FactSchema("partner", SCHEMA.fields[1:])
    for ask in (
        lambda sheet: priced(BY_LEVEL, eur(1), 1, sheet),
        lambda sheet: choose_first([GOLD], SCHEMA, sheet),
    ):
        with pytest.raises(
            InvalidInput, match="found facts of 'partner'; accepted: a FactSheet of 'deal line'"
        ):
            ask(FactSheet.of(other, {}))


def test_lines_that_do_not_lead_to_the_price_are_refused() -> None:
    with pytest.raises(InvalidInput, match=r"the lines do not lead from 5\.00 EUR to 4\.00 EUR"):
        Priced(list_price=eur(5), net_price=eur(4), quantity=F(1))


# why

CASES = {"gold": known(level="gold", units=3, registered=True), "nobody": None}


def decided(stacking: Stacking = BY_LEVEL, price: str = "100", **facts: Any) -> Decision[Priced]:
    return stacking.decide(DealLine(list_price=eur(price), facts=known(**facts)), DAY)


def test_a_decision_says_what_each_benefit_asked_for() -> None:
    reasons = {
        reason.level: reason.truth for reason in decided(level="gold", registered=None, units=3).reasons
    }
    assert reasons == {
        "silver": Truth.UNMET,
        "gold": Truth.MET,
        "large": Truth.UNMET,
        "registered": Truth.UNKNOWN,
    }


@pytest.mark.parametrize("facts", CASES.values(), ids=CASES)
def test_a_decision_is_recorded_and_replayed_and_pickled(facts: FactSheet | None) -> None:
    line = DealLine(list_price=eur("99.99"), quantity=F(3, 2), facts=facts)
    decision = BY_LEVEL.decide(line, DAY)
    again = replayed(recorded(decision), [BY_LEVEL])
    assert (again.outcome, again.facts) == (decision.outcome, line)
    assert pickle.loads(pickle.dumps(BY_LEVEL)).decide(line, DAY) == decision


def test_a_price_is_explained_line_by_line() -> None:
    lines = explain(decided(level="gold", units=3, registered=True)).lines()
    assert lines == [
        "reseller/2026/price on March 31, 2026: €65.00",
        "  list price: €100.00",
        "  gold, 30% of €100.00, takes off €30.00",
        "  deal registration, 5 points added to standard, of €100.00, takes off €5.00",
        "  silver is not given: gold comes before it, and only the first applies",
        "  large is not given: gold comes before it, and only the first applies",
    ]


def test_an_amount_for_each_unit_is_told_of_one_unit_and_of_several() -> None:
    stacking = stacked(PriceBenefit(name="bundle", each=eur(5)))
    one, two = (
        explain(stacking.decide(DealLine(list_price=eur(20), quantity=F(count)), DAY)).lines()
        for count in (1, 2)
    )
    assert one[2] == "  bundle, €5.00 for each of 1 unit, takes off €5.00"
    assert two[2] == "  bundle, €5.00 for each of 2 units, takes off €10.00"


def test_a_price_says_what_is_unknown_and_what_was_cut_or_rounded() -> None:
    each = PriceBenefit(name="bundle", each=eur(5))
    stacking = stacked(off("a", "10"), SILVER, each, ceiling=Rate.percent("50"))
    line = DealLine(list_price=eur("10.01"), quantity=F(2), facts=known(units=2))
    assert explain(stacking.decide(line, DAY)).lines() == [
        "reseller/2026/price on March 31, 2026: €5.01",
        "  list price: €10.01",
        "  a, 10% of €10.01, takes off €1.00",
        "    rounded from €1.001",
        "  bundle, €5.00 for each of 2 units, takes off €4.00",
        "    cut from €10.00: all benefits together take off 50% at most",
        "  silver is not given: it depends on what is not known: level",
        "    ? level: unknown, asked for one of silver",
    ]


def test_what_is_left_of_the_price_is_named_as_the_reason_of_a_cut() -> None:
    stacking = stacked(PriceBenefit(name="voucher", amount=eur(20)))
    assert explain(decided(stacking, "12.50")).lines()[2:] == [
        "  voucher takes off €12.50",
        "    cut from €20.00: no more is left of the price",
    ]


def test_a_price_is_explained_in_japanese_and_chinese() -> None:
    decision = decided(level="gold", units=3, registered=True)
    assert (
        explain(decision, "ja").lines()[3]
        == "  案件登録（standard に 5 ポイントを加算、対象額 €100.00）：€5.00 の値引き"
    )
    assert (
        explain(decision, "zh").lines()[3]
        == "  商机报备（在 standard 上增加 5 个百分点，基数 €100.00）：减免 €5.00"
    )


# whether the order matters


def test_the_published_deals_depend_on_their_order_and_a_line_shows_it() -> None:
    """The first pair that is found: deal 3 takes 20 % of what deal 1 leaves. 1,000.00: 390.00, else 380.00.

    Declared 1, 2, 3, 4: 610.00 off. Deal 3 before deal 1: 200.00, 100.00, 150.00, and 25 % of 700.00 are 175.00: 625.00.
    """
    found = order_matters(stacked(*DEALS.values()))
    assert found.matters is True
    assert found.witness is not None
    assert found.witness.list_price == eur(1000)
    assert found.witness.net_price == eur(390)
    assert found.witness.other_net_price == eur(375)


ALWAYS_THE_SAME = {
    "additive": stacked(off("a", "10"), PriceBenefit(name="b", amount=eur(5)), ceiling=Rate.percent("40")),
    "additive, each rounded": stacked(off("a", "12.5"), off("b", "33.3"), rounds=Rounds.LINE),
    "rates of what is left": stacked(off("a", "10"), off("b", "15"), combine=Combine.SEQUENTIAL),
    "the best": stacked(off("a", "10"), PriceBenefit(name="b", amount=eur(5)), combine=Combine.BEST_OF),
    "never together": stacked(
        off("a", "10", when=fact("level").one_of("gold")),
        PriceBenefit(name="b", amount=eur(5), when=not_(fact("level").one_of("gold"))),
        combine=Combine.SEQUENTIAL,
    ),
    "one or the other": stacked(
        off("a", "10", exclusive="x", priority=1, when=fact("units").at_least(5)),
        PriceBenefit(name="b", amount=eur(5), exclusive="x", priority=2),
        combine=Combine.SEQUENTIAL,
    ),
    "never given": stacked(
        off("a", "10", exclusive="x", priority=1, of=Of.LIST),
        off("c", "10", exclusive="x", priority=2, of=Of.LEFT),
        PriceBenefit(name="b", amount=eur(5)),
    ),
    "points after their rate": stacked(
        off("a", "10"),
        PriceBenefit(name="b", points=PercentagePoints.of("5"), raises="a"),
        combine=Combine.SEQUENTIAL,
    ),
}


@pytest.mark.parametrize("stacking", ALWAYS_THE_SAME.values(), ids=ALWAYS_THE_SAME)
def test_an_order_that_changes_nothing_is_known_to_change_nothing(stacking: Stacking) -> None:
    assert order_matters(stacking).matters is False
    assert lint_stacking(stacking) == ()


# 1,000.00, 10 % and 50.00: 10 % first leaves 900.00, then 850.00. 50.00 first leaves 950.00, and 10 % of it 95.00: 855.00.
MATTERS = {
    "a rate and an amount": (off("a", "10"), PriceBenefit(name="b", amount=eur(50)), "850.00", "855.00"),
    # 10 % of 1,000.00 leave 900.00 for 20 %: 180.00, together 280.00; else 200.00 and 10 % of 1,000.00: 300.00
    "one that lowers nothing": (off("a", "10"), off("b", "20", lowers=False), "720.00", "700.00"),
}


@pytest.mark.parametrize(("one", "other", "net", "instead"), MATTERS.values(), ids=MATTERS)
def test_an_order_that_matters_is_shown_with_two_prices(
    one: PriceBenefit, other: PriceBenefit, net: str, instead: str
) -> None:
    witness = order_matters(stacked(one, other, combine=Combine.SEQUENTIAL)).witness
    assert witness is not None
    assert (witness.list_price, witness.net_price, witness.other_net_price) == (
        eur(1000),
        eur(net),
        eur(instead),
    )
    assert (witness.declared, witness.other) == (("a", "b"), ("b", "a"))


def test_points_depend_on_whether_their_rate_comes_first() -> None:
    """1,000.00: 10 % and 5 points are 150.00, 20 % of 850.00 170.00: 680.00. 20 % first: of 800.00, 80.00 and 40.00: 680.00.

    Moved between them, 20 % of 900.00 is 180.00, and the points are 50.00 still: 670.00.
    """
    added = PriceBenefit(name="p", points=PercentagePoints.of("5"), raises="a")
    witness = order_matters(
        stacked(off("a", "10"), added, off("b", "20"), combine=Combine.SEQUENTIAL)
    ).witness
    assert witness is not None
    assert {str(witness.net_price), str(witness.other_net_price)} == {"680.00 EUR", "670.00 EUR"}


def test_points_that_lower_nothing_depend_on_what_their_rate_is_taken_of() -> None:
    """1,000.00: 10 % are 100.00, the points 50.00, 20 % of 900.00 are 180.00: 670.00. Else 200.00, 80.00, 40.00: 680.00."""
    added = PriceBenefit(name="p", points=PercentagePoints.of("5"), raises="a", lowers=False)
    witness = order_matters(
        stacked(off("a", "10"), added, off("b", "20"), combine=Combine.SEQUENTIAL)
    ).witness
    assert witness is not None
    assert (witness.net_price, witness.other_net_price) == (eur(670), eur(680))


def test_an_order_can_matter_by_rounding_alone() -> None:
    stacking = stacked(off("a", "10"), off("b", "15"), combine=Combine.SEQUENTIAL, rounds=Rounds.LINE)
    witness = order_matters(stacking).witness
    assert witness is not None
    assert abs((witness.net_price - witness.other_net_price).minor) == 1


def test_the_facts_of_a_witness_are_those_that_both_benefits_ask_for() -> None:
    stacking = stacked(
        off("a", "10", when=fact("level").one_of("gold")),
        PriceBenefit(name="b", amount=eur(50), when=fact("units").at_least(3)),
        combine=Combine.SEQUENTIAL,
    )
    (finding,) = lint_stacking(stacking)
    assert finding.witness is not None
    assert (finding.code, finding.witness["list_price"]) == ("order-matters", eur(1000))
    assert finding.witness["level"] == "gold"
    assert finding.witness["units"] >= 3
    assert finding.in_words().startswith(
        "the order matters: a before b makes €850.00, in another order it is €855.00"
    )


def test_what_cannot_be_found_out_is_undecided() -> None:
    rule = Rule("weekday", lambda facts, day: RuleReason(Truth.MET))
    stacking = stacked(
        off("a", "10", when=rule), PriceBenefit(name="b", amount=eur(50)), combine=Combine.SEQUENTIAL
    )
    assert order_matters(stacking).matters is None
    assert [one.code for one in lint_stacking(stacking)] == ["undecided"]


def test_too_many_benefits_to_try_are_undecided() -> None:
    """30 of 'left' and 30 amounts make 900 pairs, all of which exclude one another by a fact."""
    rates = [off(f"r{n}", "1", when=fact("units").equals(n)) for n in range(30)]
    sums = [PriceBenefit(name=f"s{n}", amount=eur(1), when=fact("units").equals(100 + n)) for n in range(30)]
    assert order_matters(stacked(*rates, *sums, combine=Combine.SEQUENTIAL)).matters is None


# every field of a price, and what is refused with its path


def test_what_a_benefit_a_stacking_and_a_line_do_not_say() -> None:
    assert off("a", "10") == PriceBenefit(
        name="a", rate=Rate.percent("10"), points=None, raises=None, amount=None, each=None, when=None, exclusive=None,
        priority=None, of=None, lowers=True, text=None,
    )  # fmt: skip
    assert Stacking(name="x", benefits=()) == Stacking(
        name="x", benefits=(), combine=Combine.ADDITIVE, ceiling=None, facts=FactSchema("deal line", ()),
        rounding=Rounding.HALF_EVEN, rounds=Rounds.TOTAL, text=None,
    )  # fmt: skip
    assert DealLine(list_price=eur(1)) == DealLine(list_price=eur(1), quantity=F(1), facts=None)
    assert LeftOut("a", WhyLeftOut.NOT_MET) == LeftOut("a", WhyLeftOut.NOT_MET, "")
    assert Priced(list_price=eur(1), net_price=eur(1), quantity=F(1)).lines == ()
    kinds: list[Any] = [PriceBenefit, DealLine, PriceLine, Priced, Stacking]
    assert all(field.kw_only for kind in kinds for field in attrs.fields(kind))


def test_what_is_chosen_between_is_called_as_it_is_stored() -> None:
    assert [", ".join(kind) for kind in (Combine, Of, Cut, Rounds, WhyLeftOut)] == [
        "additive, sequential, best_of",
        "list, left",
        "left, ceiling",
        "total, line, unit",
        "not-met, unknown-fact, not-first, waits, nothing-to-raise, not-best",
    ]


ONE_OF = "accepted: one of rate, points, amount, each"
SHARE = "accepted: above zero, and up to 100"
FIVE = PercentagePoints.of("5")


@pytest.mark.parametrize(
    ("said", "path", "message"),
    [
        ({}, "", f"found nothing; {ONE_OF}"),
        ({"rate": Rate(1, 10), "each": eur(1)}, "", f"found rate, each; {ONE_OF}"),
        ({"amount": eur(1), "each": eur(1)}, "", f"found amount, each; {ONE_OF}"),
        ({"points": FIVE, "raises": "a", "amount": eur(1)}, "", f"found points, amount; {ONE_OF}"),
        ({"points": FIVE}, "raises", "points and raises go together"),
        ({"rate": Rate(1, 10), "raises": "a"}, "raises", "points and raises go together"),
        ({"rate": Rate(1, 10), "priority": 1}, "priority", "priority and exclusive go together"),
        ({"rate": Rate(1, 10), "exclusive": "x"}, "priority", "priority and exclusive go together"),
        ({"points": FIVE, "raises": "a", "of": Of.LIST}, "of", "goes with a rate"),
        ({"each": eur(1), "of": Of.LEFT}, "of", "goes with a rate"),
        ({"rate": Rate(0)}, "rate", f"found 0 %; {SHARE}"),
        ({"rate": Rate(10_001, 10_000)}, "rate", f"found 100.01 %; {SHARE}"),
        ({"points": PercentagePoints.of("0"), "raises": "a"}, "points", f"found 0 pp; {SHARE}"),
        ({"points": PercentagePoints.of("100.01"), "raises": "a"}, "points", f"found 100.01 pp; {SHARE}"),
        ({"amount": eur(0)}, "amount", "found 0.00 EUR; accepted: an amount above zero"),
        ({"each": eur("-0.01")}, "each", "found -0.01 EUR; accepted: an amount above zero"),
    ],
)
def test_a_benefit_that_means_nothing_is_refused_with_its_path(
    said: dict[str, Any], path: str, message: str
) -> None:
    with pytest.raises(InvalidInput, match="the benefit 'it' cannot be used") as caught:
        PriceBenefit(name="it", **said)
    (fault,) = caught.value.faults
    assert (fault.path, message in fault.message) == (path, True)


@pytest.mark.parametrize(
    ("said", "share"),
    [
        ({"rate": Rate(1)}, F(1)),
        ({"rate": Rate(1, 10_000), "of": Of.LIST, "lowers": False}, F(1, 10_000)),
        ({"points": PercentagePoints.of("100"), "raises": "a"}, F(1)),
        ({"points": PercentagePoints.of("0.01"), "raises": "a"}, F(1, 10_000)),
        ({"amount": eur("0.01")}, None),
        ({"each": eur("0.01"), "exclusive": "x", "priority": 0}, None),
    ],
)
def test_the_least_and_the_most_that_a_benefit_takes_off(said: dict[str, Any], share: F | None) -> None:
    assert PriceBenefit(name="it", **said).share == share


def test_points_are_added_to_the_one_or_to_the_exclusive_ones_that_they_name() -> None:
    added = PriceBenefit(name="p", points=FIVE, raises="x")
    assert added.adds_to(off("x", "1"))
    assert added.adds_to(off("a", "1", exclusive="x", priority=1))
    assert not added.adds_to(off("a", "1"))
    assert not off("a", "1").adds_to(off("b", "1"))


BEFORE = "accepted: what has a rate and is declared before"


@pytest.mark.parametrize(
    ("benefits", "said", "path", "message"),
    [
        ((off("a", "1"), off("a", "2")), {}, "benefits", "the name 'a' is used twice"),
        ((GOLD, off("standard", "2")), {}, "benefits", "the name 'standard' is used twice"),
        ((GOLD, SILVER, off("x", "1", exclusive="standard", priority=2)), {}, "standard", "two benefits have the priority 2"),
        (
            (PriceBenefit(name="a", amount=eur(1)), PriceBenefit(name="b", amount=Money.of(1, "CHF"))), {}, "benefits",
            "found amounts in CHF, EUR; accepted: one currency",
        ),
        ((), {"ceiling": Rate(0)}, "ceiling", "found 0 %; accepted: above zero, and up to 100 %"),
        ((), {"ceiling": Rate(10_001, 10_000)}, "ceiling", "found 100.01 %"),
        ((off("a", "1"), off("b", "1", when=fact("unit").at_least(1))), {}, "benefits[1].when", "did you mean 'units'"),
        ((off("a", "1"), PriceBenefit(name="p", points=FIVE, raises="b")), {}, "benefits[1].raises", f"found 'b'; {BEFORE}"),
        ((PriceBenefit(name="p", points=FIVE, raises="b"), off("b", "1")), {}, "benefits[0].raises", BEFORE),
        (
            (PriceBenefit(name="a", each=eur(1)), PriceBenefit(name="p", points=FIVE, raises="a")), {}, "benefits[1].raises",
            BEFORE,
        ),
        ((off("a", "1"), off("b", "1", lowers=False)), {"combine": Combine.BEST_OF}, "benefits[1]", "only one benefit is given"),
        ((off("a", "1", of=Of.LIST),), {"combine": Combine.BEST_OF}, "benefits[0]", "only one benefit is given"),
    ],
)  # fmt: skip
def test_a_stacking_that_cannot_be_calculated_is_refused_with_the_path(
    benefits: tuple[PriceBenefit, ...], said: dict[str, Any], path: str, message: str
) -> None:
    with pytest.raises(InvalidInput, match="the stacking 'reseller/2026/price' cannot be used") as caught:
        stacked(*benefits, **said)
    (fault,) = caught.value.faults
    assert (fault.path, message in fault.message) == (path, True)


def test_a_stacking_may_say_all_that_goes_together() -> None:
    other = off("other", "1", exclusive="x", priority=1)
    made = stacked(GOLD, SILVER, other, REGISTERED, ceiling=Rate(1))
    assert (made.amounts, made.currency, made.ceiling) == ((), None, Rate(1))
    sums = (PriceBenefit(name="a", each=eur(1)), off("b", "1"), PriceBenefit(name="c", amount=eur(2)))
    assert (stacked(*sums).amounts, stacked(*sums).currency) == ((eur(1), eur(2)), "EUR")


@pytest.mark.parametrize(
    ("combine", "taken_of"),
    [(Combine.ADDITIVE, [Of.LIST, Of.LIST, Of.LEFT, None, None]), (Combine.SEQUENTIAL, [Of.LEFT, Of.LIST, Of.LEFT, None, None])],
)  # fmt: skip
def test_what_a_rate_is_taken_of_is_its_own_word_or_that_of_the_stacking(
    combine: Combine, taken_of: list[Of | None]
) -> None:
    added = PriceBenefit(name="p", points=FIVE, raises="a")
    benefits = (
        off("a", "1"),
        off("b", "1", of=Of.LIST),
        off("c", "1", of=Of.LEFT),
        added,
        PriceBenefit(name="e", each=eur(1)),
    )
    made = stacked(*benefits, combine=combine)
    assert [made.taken_of(one) for one in benefits] == taken_of


@pytest.mark.parametrize(
    ("build", "shown"),
    [(lambda name: off(name, "0"), 60), (lambda name: stacked(name=name, ceiling=Rate(0)), 100)],
)
def test_a_long_name_is_shown_from_its_beginning(build: Any, shown: int) -> None:
    with pytest.raises(InvalidInput) as caught:
        build("x" * 200)
    assert f" {'x' * shown!r} cannot" in str(caught.value)


def test_a_price_keeps_every_field_of_its_lines() -> None:
    """Of 100.00 for two: 10 % are 10.00; 5 points of the same 5.00; 7.50 for each of two 15.00; of 40 % of 70.00 only 20.00
    are left below the ceiling of half."""
    stacking = stacked(
        off("a", "10"), PriceBenefit(name="p", points=FIVE, raises="a"), PriceBenefit(name="e", each=eur("7.50")),
        off("b", "40", of=Of.LEFT), SILVER, ceiling=Rate.percent("50"),
    )  # fmt: skip
    decision = stacking.decide(DealLine(list_price=eur(100), quantity=F(2), facts=known(level="gold")), DAY)
    assert decision.outcome == Priced(
        list_price=eur(100), net_price=eur(50), quantity=F(2),
        lines=(
            PriceLine(benefit="a", calculated=F(1000), amount=eur(10), of=F(10000), cut=None),
            PriceLine(benefit="p", calculated=F(500), amount=eur(5), of=F(10000), cut=None),
            PriceLine(benefit="e", calculated=F(1500), amount=eur(15), of=None, cut=None),
            PriceLine(benefit="b", calculated=F(2800), amount=eur(20), of=F(7000), cut=Cut.CEILING),
        ),
        left_out=(LeftOut("silver", WhyLeftOut.NOT_MET, ""),),
    )  # fmt: skip
    assert (decision.outcome.discount, decision.outcome.discount_rate) == (eur(50), Rate(1, 2))
    assert (decision.policy, decision.as_of, decision.mask) == (stacking, DAY, 0)
    nothing = priced(stacked(off("a", "10")), eur(0))
    assert (nothing.discount_rate, nothing.lines[0].amount, nothing.quantity) == (None, eur(0), F(1))


def test_what_is_exactly_left_is_not_cut() -> None:
    """50 % and 50.00 of 100.00; and 50 % where the ceiling is half."""
    both = priced(stacked(off("a", "50"), PriceBenefit(name="b", amount=eur(50))), eur(100))
    assert [line.cut for line in both.lines] == [None, None]
    (line,) = priced(stacked(off("a", "50"), ceiling=Rate(1, 2)), eur(100)).lines
    assert (line.amount, line.cut) == (eur(50), None)
    (line,) = priced(stacked(PriceBenefit(name="a", amount=eur(101)), ceiling=Rate(1)), eur(100)).lines
    assert (line.amount, line.cut) == (eur(100), Cut.LEFT)


@pytest.mark.parametrize(
    ("rounds", "quantity", "amounts"),
    [
        (Rounds.TOTAL, 3, [300, 33, 67]),
        (Rounds.LINE, 3, [300, 33, 67]),
        (Rounds.UNIT, 3, [300, 33, 66]),
        (Rounds.UNIT, 1, [100, 33, 67]),
    ],
)
def test_a_unit_is_rounded_by_itself_where_a_rate_is_taken_of_it(
    rounds: Rounds, quantity: int, amounts: list[int]
) -> None:
    """1.00 for each, 0.33, and 10 % of 6.67: of all three 66.7 cents; of one 22.23, so 22, and 66 for three."""
    benefits = (
        PriceBenefit(name="e", each=eur(1)),
        PriceBenefit(name="a", amount=eur("0.33")),
        off("r", "10"),
    )
    found = priced(stacked(*benefits, rounds=rounds), eur("6.67"), quantity)
    assert [line.amount.minor for line in found.lines] == amounts


def test_a_line_of_nothing_is_of_no_units() -> None:
    line = DealLine(list_price=eur(0), quantity=F(0))
    assert stacked(off("a", "10"), rounds=Rounds.UNIT).decide(line, DAY).outcome.net_price == eur(0)
    assert DealLine(list_price=eur(0), quantity=F(-1)).quantity == -1
    assert DealLine(list_price=eur(1), quantity="1.5").quantity == F(3, 2)


def test_of_the_best_the_others_are_left_out_by_name_in_the_order_of_the_benefits() -> None:
    """12 % of 10.00 are more than 1.00 and than 11 %; silver is not met."""
    stacking = stacked(
        PriceBenefit(name="a", amount=eur(1)), SILVER, off("b", "12"), off("c", "11"), combine=Combine.BEST_OF
    )  # fmt: skip
    found = priced(stacking, eur(10), 1, known(level="gold"))
    assert amounts(found) == {"b": "1.20"}
    assert found.left_out == (
        LeftOut("a", WhyLeftOut.NOT_BEST, "b"), LeftOut("silver", WhyLeftOut.NOT_MET), LeftOut("c", WhyLeftOut.NOT_BEST, "b"),
    )  # fmt: skip
    back = priced(stacking, eur(-10), -1, known(level="gold"))
    assert amounts(back) == {"b": "-1.20"}
    none = priced(stacked(SILVER, combine=Combine.BEST_OF), eur(10), 1, known(level="gold"))
    assert (none.lines, none.net_price) == ((), eur(10))


def test_what_waits_names_the_one_that_it_waits_for() -> None:
    """The first that may apply, also where a later one is unknown, too; one that is known to be unmet is none."""
    found = priced(BY_LEVEL, eur(100), 1, known(registered=True)).left_out
    assert found == (
        LeftOut("silver", WhyLeftOut.UNKNOWN_FACT, "level"), LeftOut("gold", WhyLeftOut.UNKNOWN_FACT, "level"),
        LeftOut("large", WhyLeftOut.UNKNOWN_FACT, "units"), LeftOut("registered", WhyLeftOut.NOTHING_TO_RAISE, "standard"),
    )  # fmt: skip
    found = priced(BY_LEVEL, eur(100), 1, known(units=100)).left_out
    assert found[2:] == (
        LeftOut("large", WhyLeftOut.WAITS, "gold"),
        LeftOut("registered", WhyLeftOut.UNKNOWN_FACT, "registered"),
    )
    found = priced(BY_LEVEL, eur(100), 1, known(level="gold", units=100)).left_out
    assert found[0] == LeftOut("silver", WhyLeftOut.NOT_FIRST, "gold")


def test_a_rule_that_is_a_function_is_asked_on_the_day() -> None:
    rule = Rule("on the day", lambda facts, day: RuleReason(Truth.MET if day == DAY else Truth.UNMET))
    stacking = stacked(off("a", "10", when=rule))
    assert priced(stacking, eur(1), as_of=DAY).net_price == eur("0.90")
    assert priced(stacking, eur(1)).left_out == (LeftOut("a", WhyLeftOut.NOT_MET),)
    group = (attrs.evolve(stacking.benefits[0], exclusive="x", priority=1),)
    assert choose_first(group, SCHEMA, None, DAY).benefit == group[0]
    assert choose_first(group, SCHEMA).benefit is None


def test_a_price_is_of_a_day() -> None:
    wrong: Any = "2026-03-31"
    with pytest.raises(InvalidInput, match=r"^as_of: found '2026-03-31'"):
        stacked().decide(DealLine(list_price=eur(1)), wrong)


def test_a_decision_is_written_with_its_line() -> None:
    written = recorded(BY_LEVEL.decide(DealLine(list_price=eur(9), quantity=F(2), facts=known(units=1)), DAY))
    assert written["facts"] == {
        "list_price": "9.00 EUR", "quantity": "2", "facts": {"level": None, "registered": None, "units": 1},
    }  # fmt: skip
    nothing = recorded(BY_LEVEL.decide(DealLine(list_price=eur(9)), DAY))
    assert nothing["facts"]["facts"] is None


# laws

PRICES = st.integers(0, 3_000) | st.integers(0, 10**17)
SHEETS = strategies.line_facts()
THREE = tuple(
    FactSheet.of(strategies.LINE_FACTS, facts)
    for facts in ({"level": "gold", "units": 5}, {"level": "gold"}, {"units": 7})
)


@given(strategies.stackings(), PRICES, st.integers(1, 9), SHEETS)
def test_the_lines_are_the_discount_and_a_price_is_never_below_zero(
    stacking: Stacking, minor: int, quantity: int, sheet: FactSheet
) -> None:
    found = priced(stacking, Money("EUR", minor), quantity, sheet)
    assert sum(line.amount.minor for line in found.lines) == minor - found.net_price.minor
    assert all(line.amount.minor >= 0 for line in found.lines)
    assert 0 <= found.net_price.minor <= minor
    if stacking.ceiling is not None:
        assert F(found.discount.minor) <= minor * stacking.ceiling.fraction
    named = [*(line.benefit for line in found.lines), *(one.benefit for one in found.left_out)]
    assert sorted(named) == sorted(one.name for one in stacking.benefits)


@given(strategies.stackings(), PRICES, st.integers(1, 9), SHEETS)
def test_what_is_taken_back_is_the_mirror_of_what_was_sold(
    stacking: Stacking, minor: int, quantity: int, sheet: FactSheet
) -> None:
    """T14"""
    sold = priced(stacking, Money("EUR", minor), quantity, sheet)
    back = priced(stacking, Money("EUR", -minor), -quantity, sheet)
    assert back.net_price == -sold.net_price
    assert [line.amount for line in back.lines] == [-line.amount for line in sold.lines]


@given(
    strategies.stackings(exclusive=False, ceiling=None, rounds=Rounds.TOTAL),
    PRICES,
    st.integers(1, 9),
    SHEETS,
)
def test_a_price_is_what_plain_fractions_make_of_it(
    stacking: Stacking, minor: int, quantity: int, sheet: FactSheet
) -> None:
    """An independent reading: every reduction, exactly, from the definitions; one rounding at the end."""
    together = lowered = F(0)
    bases: dict[str, F] = {}
    applies = {None: True, "level": sheet["level"] == "gold", "units": (sheet["units"] or 0) >= 5}
    for one in stacking.benefits:
        if not applies[getattr(one.when, "fact", None)] or (one.raises and one.raises not in bases):
            continue
        if one.rate is not None:
            sequential = stacking.combine is Combine.SEQUENTIAL
            is_left = one.of is Of.LEFT or (one.of is None and sequential)
            bases[one.name] = F(minor) - (lowered if is_left else 0)
            taken = bases[one.name] * one.rate.fraction
        elif one.points is not None:
            taken = bases[str(one.raises)] * one.points.points / 100
        else:
            fixed, each = (0 if money is None else money.minor for money in (one.amount, one.each))
            taken = F(fixed + each * quantity)
        taken = min(taken, minor - together)
        together += taken
        lowered += taken if one.lowers else 0
    expected = stacking.rounding.whole(together)
    assert priced(stacking, Money("EUR", minor), quantity, sheet).discount.minor == expected


@given(strategies.stackings(most=4), st.randoms())
def test_what_is_said_of_the_order_holds_for_every_order_that_is_tried(
    stacking: Stacking, chance: random.Random
) -> None:
    """Where it is said not to matter, no order of theirs makes another price; where it is, the line that is shown does."""
    found = order_matters(stacking)
    if found.witness is not None:
        seen = found.witness
        by_name = {one.name: one for one in stacking.benefits}
        other = attrs.evolve(stacking, benefits=tuple(by_name[name] for name in seen.other))
        assert priced(stacking, seen.list_price, 1, seen.facts).net_price == seen.net_price
        assert (
            priced(other, seen.list_price, 1, seen.facts).net_price == seen.other_net_price != seen.net_price
        )
        return
    assume(found.matters is False)
    orders = list(itertools.permutations(stacking.benefits))
    for order in chance.sample(orders, min(8, len(orders))):
        try:
            other = attrs.evolve(stacking, benefits=order)
        except InvalidInput:
            continue
        for minor, quantity in ((chance.randint(0, 2_000), 1), (chance.randint(0, 10**9), 3)):
            for sheet in THREE:
                nets = [
                    priced(one, Money("EUR", minor), quantity, sheet).net_price for one in (stacking, other)
                ]
                assert nets[0] == nets[1]


@given(strategies.stackings(), strategies.deal_lines())
def test_a_price_is_recorded_and_replayed_and_said_in_every_language(
    stacking: Stacking, line: DealLine
) -> None:
    decision = stacking.decide(line, DAY)
    again = replayed(json.loads(json.dumps(recorded(decision))), [stacking])
    assert (again.outcome, again.facts) == (decision.outcome, line)
    for locale in ("en", "ja", "zh"):
        lines = explain(decision, locale).lines()
        assert len(lines) >= 2 + len(stacking.benefits)
        assert not any("{" in text for text in lines)
