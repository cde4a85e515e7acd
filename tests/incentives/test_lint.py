"""Lint of plans: every finding on a plan that has it and on one that lacks it, and every witness paid as it says."""

import datetime
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prmcore.decisions import FactField, FactSchema, Kind, Rule, RuleReason, Truth, all_of, at_least_of, fact
from prmcore.decisions.explain import put_into_words
from prmcore.decisions.lint import Finding, truth_in
from prmcore.incentives.lint import lint_plan
from prmcore.incentives.outlook import payout_curve
from prmcore.incentives.plans.curve import Band, Boundary, Curve, Mode
from prmcore.incentives.plans.facts import Base, Day, Earning, Share
from prmcore.incentives.plans.model import (
    Accumulate,
    Basis,
    By,
    Clawback,
    Component,
    ComponentKind,
    Missed,
    Package,
    Plan,
    Target,
)
from prmcore.incentives.plans.policy import ComponentPolicy
from prmcore.testing import strategies
from prmcore.values import Money, Rate

percent = Rate.percent
JANUARY = datetime.date(2026, 1, 15)


def eur(amount: str) -> Money:
    return Money.of(amount, "EUR")


def curve(*bands: tuple[Any, str], mode: Mode = Mode.MARGINAL, **more: Any) -> Curve:
    """Bands by their end (None = open) and their rate in percent."""
    found = tuple(
        Band(up_to=eur(end) if isinstance(end, str) else end, rate=percent(rate)) for end, rate in bands
    )
    return Curve(found, mode, **more)


def component(found: Curve, **more: Any) -> Component:
    return Component(**{"name": "rebate", "unit": "EUR", "curve": found, **more})


PLAIN = component(curve(("1000", "10"), (None, "15")))


def lint(*components: Component, **more: Any) -> tuple[Finding, ...]:
    return lint_plan(Plan(name="reseller/2026/rebate", components=components, **more))


def found(code: str, *components: Component, **more: Any) -> Finding:
    """The one finding of this code; there is a second plan for each that has none."""
    (finding,) = [one for one in lint(*components, **more) if one.code == code]
    return finding


def codes(*components: Component, **more: Any) -> set[str]:
    return {one.code for one in lint(*components, **more)}


def number(value: Money | Fraction | int) -> Fraction:
    return Fraction(value.minor if isinstance(value, Money) else value)


def share(
    name: str, sold: Money | Fraction | int, returns: str | None = None, pay: Fraction = Fraction(1)
) -> Share:
    day = JANUARY if returns is None else JANUARY + datetime.timedelta(days=1)
    quantity = number(sold)
    return Share(
        transaction=name, day=day, quantity=quantity, pay=quantity * pay, returns=returns, bucket=name
    )


def paid(one: Component, shares: Iterable[Share], witness: Any = None, closing: bool = False) -> Money:
    """What the policy pays, under the quota and the baseline of a witness."""
    assumed = {name: number(witness[name]) for name in ("quota", "baseline") if name in (witness or {})}
    buckets = tuple(
        attrs.evolve(sale, bucket="" if one.bucketless else sale.returns or sale.transaction)
        for sale in shares
    )
    earning = Earning(payee="acme", period="FY2026-Q1", shares=buckets, closing=closing, **assumed)
    amount = ComponentPolicy(one, "reseller/2026/rebate/rebate").entitlement(earning).amount
    assert amount is not None
    return amount


def shows(one: Component, finding: Finding, sold: str = "sold", amount: str = "paid") -> bool:
    """Whether a sale of the witness's quantity is paid the witness's amount."""
    witness = finding.witness
    assert witness is not None
    pay = Fraction(witness["price"].minor) if "price" in witness else Fraction(1)
    shares = [share("a", witness[sold], pay=pay)] if witness[sold] else []
    return paid(one, shares, witness) == Money.parse(str(witness[amount]))


def test_a_plain_plan_has_no_finding() -> None:
    assert lint(PLAIN) == ()


def units(*bands: tuple[int | None, str, str | None], mode: Mode = Mode.WHOLE, **more: Any) -> Component:
    """Bands of units: their end, what each pays and what is paid once."""
    made = tuple(
        Band(
            up_to=None if end is None else Fraction(end),
            each=eur(each),
            flat=None if flat is None else eur(flat),
        )
        for end, each, flat in bands
    )
    return component(Curve(made, mode), base=Base.UNITS, **more)


def test_a_whole_volume_band_with_a_lower_rate_is_a_cliff_with_the_last_and_the_first_unit() -> None:
    """T5, Lago's whole-volume example: 100 units at 2 and 10 once are 210, 101 at 1 are 101; 210 units are 210 again."""
    one = units((100, "2", "10"), (None, "1", None))
    finding = found("cliff", one)
    assert finding.witness == {
        "sold": 100, "paid": eur("210"), "sold_more": 101, "paid_then": eur("101"), "as_much_again": 210,
    }  # fmt: skip
    assert finding.path == "components[0].curve[1]"
    assert shows(one, finding)
    assert shows(one, finding, "sold_more", "paid_then")
    assert codes(units((100, "1", None), (None, "2", "10"))) == set()


def test_a_cliff_of_money_is_between_two_minor_units() -> None:
    """10 % up to 1,000.00 and 5 % of all beyond: 100.00, then 50.00 (5 % of 1,000.01 is 50.0005), and 100 again at 2,000.
    Where reaching counts, 999.99 are paid 99.999 and so are 1,999.98: both are 100.00."""
    one = component(curve(("1000", "10"), (None, "5"), mode=Mode.WHOLE))
    finding = found("cliff", one)
    assert finding.witness == {
        "sold": eur("1000"), "paid": eur("100"), "sold_more": eur("1000.01"), "paid_then": eur("50"),
        "as_much_again": eur("2000"),
    }  # fmt: skip
    assert found("cliff", attrs.evolve(one, curve=attrs.evolve(one.curve, boundary=Boundary.LOWER_INCLUSIVE))).witness == {
        "sold": eur("999.99"), "paid": eur("100"), "sold_more": eur("1000"), "paid_then": eur("50"),
        "as_much_again": eur("1999.98"),
    }  # fmt: skip


def test_a_unit_that_costs_more_than_it_earns_is_a_cliff_though_the_next_one_makes_up_for_it() -> None:
    """Two a unit up to ten; then two as well, less three once: 20, then 22 - 3 = 19, and 24 - 3 = 21 for twelve."""
    made = (Band(up_to=Fraction(10), each=eur("2")), Band(each=eur("2"), flat=eur("-3")))
    one = component(Curve(made), base=Base.UNITS)
    witness = found("cliff", one).witness
    assert witness == {
        "sold": 10,
        "paid": eur("20"),
        "sold_more": 11,
        "paid_then": eur("19"),
        "as_much_again": 12,
    }
    earns = attrs.evolve(one, curve=Curve((made[0], attrs.evolve(made[1], flat=eur("-1")))))
    assert codes(earns) == set()  # 22 - 1 is 21: the unit earns less, but does not cost


def test_a_rate_below_zero_is_a_cliff_over_the_whole_band() -> None:
    """10 % of the first 1,000.00, then -10 % up to 2,000.00: 100.00 falls to nothing, and 10 % beyond brings it back."""
    one = component(curve(("1000", "10"), ("2000", "-10"), (None, "10")))
    finding = found("cliff", one)
    assert finding.witness == {
        "sold": eur("1000"), "paid": eur("100"), "sold_more": eur("2000"), "paid_then": eur("0"),
        "as_much_again": eur("3000"),
    }  # fmt: skip
    assert shows(one, finding, "sold_more", "paid_then")


def test_an_accelerator_that_falls_is_a_cliff_of_the_accelerator() -> None:
    """5 % of 10,000.00 are 500.00 at full rate; of 10,000.01, at half of it, 250.00."""
    falls = Curve((Band(up_to=percent(100), rate=percent(100)), Band(rate=percent(50))), Mode.WHOLE)
    one = component(curve((None, "5")), accelerator=falls)
    finding = found("cliff", one)
    assert finding.path == "components[0].accelerator"
    assert finding.witness == {
        "sold": eur("10000"), "paid": eur("500"), "sold_more": eur("10000.01"), "paid_then": eur("250"),
        "as_much_again": eur("20000"), "quota": eur("10000"),
    }  # fmt: skip
    rises = Curve((Band(up_to=percent(100), rate=percent(100)), Band(rate=percent(150))), Mode.WHOLE)
    assert codes(attrs.evolve(one, accelerator=rises)) == set()


def test_a_cliff_of_packages_is_told_in_units() -> None:
    """Dozens: ten of them at 2 are 20, eleven at 1 are 11. In units 120 and 132, and 20 dozen are 20 again."""
    one = units((10, "2", None), (None, "1", None), package=Package(size=Fraction(12)))
    finding = found("cliff", one)
    assert finding.witness == {
        "sold": 120, "paid": eur("20"), "sold_more": 132, "paid_then": eur("11"), "as_much_again": 240,
    }  # fmt: skip
    assert shows(one, finding)
    assert shows(one, finding, "sold_more", "paid_then")


def test_units_that_choose_while_value_is_paid_have_a_cliff_at_an_assumed_price() -> None:
    """At 100.00 each: 10 % of 1,000.00 for ten, 5 % of 1,100.00 for eleven; 20 are 100.00 again."""
    one = component(curve((Fraction(10), "10"), (None, "5"), mode=Mode.WHOLE), by=By.UNITS)
    finding = found("cliff", one)
    assert finding.witness == {
        "sold": 10, "paid": eur("100"), "sold_more": 11, "paid_then": eur("55"), "as_much_again": 20, "price": eur("100"),
    }  # fmt: skip
    assert shows(one, finding, "sold_more", "paid_then")


REACH_BACK = curve(("100000", "5"), (None, "10"), mode=Mode.WHOLE, boundary=Boundary.LOWER_INCLUSIVE)


def test_a_refund_that_takes_back_more_than_its_sale_brought_is_found_where_the_plan_allows_it() -> None:
    """100,000 at 10 % are 10,000; 99,000 at 5 % are 4,950: the refund of 1,000, which brought 100, takes back 5,050."""
    one = component(REACH_BACK, clawback=Clawback(may_exceed_sale=True))
    finding = found("refund-cliff", one)
    witness = finding.witness
    assert witness == {
        "sold": eur("100000"), "refunded": eur("1000"), "paid": eur("100"), "taken_back": eur("5050"),
    }  # fmt: skip
    sales = [share("kept", eur("99000")), share("refunded", eur("1000"))]
    before, after = paid(one, sales), paid(one, [*sales, share("r", eur("-1000"), "refunded")])
    assert before - after == witness["taken_back"]
    assert codes(component(REACH_BACK)) == set()  # limited to what the sale brought
    proportional = component(REACH_BACK, clawback=Clawback(basis=Basis.PROPORTIONAL))
    assert codes(proportional) == set()


def test_where_each_sale_stands_alone_the_refund_is_of_a_part_of_it() -> None:
    """One sale of 100,000, of which 1,000 are returned: 10,000 become 4,950."""
    one = component(REACH_BACK, accumulate=Accumulate.TRANSACTION, clawback=Clawback(may_exceed_sale=True))
    witness = found("refund-cliff", one).witness
    assert witness == {
        "sold": eur("100000"), "refunded": eur("1000"), "paid": eur("100"), "taken_back": eur("5050"),
    }  # fmt: skip
    sale, back = share("a", eur("100000")), share("r", eur("-1000"), "a")
    assert paid(one, [sale]) - paid(one, [sale, back]) == eur("5050")


def test_a_bonus_that_is_no_longer_reached_is_taken_back_with_or_without_a_limit() -> None:
    """500.00 once from 10,000.00 on, and 1 %: a refund of 100.00 takes back 501.00 either way, so that nothing is found."""
    made = (Band(up_to=eur("10000"), rate=percent(1)), Band(rate=percent(1), flat=eur("500")))
    one = component(Curve(made, boundary=Boundary.LOWER_INCLUSIVE), clawback=Clawback(may_exceed_sale=True))
    sales = [share("a", eur("100")), share("b", eur("9900"))]
    for each in (one, attrs.evolve(one, clawback=Clawback())):
        assert paid(each, sales) - paid(each, [*sales, share("r", eur("-100"), "a")]) == eur("501")
    assert codes(one) == set()


def test_a_minimum_pays_more_than_the_smallest_sale_is_worth() -> None:
    one = component(curve((None, "10")), minimum=eur("5"), accumulate=Accumulate.TRANSACTION)
    finding = found("more-than-the-sale", one)
    assert finding.witness == {"sold": eur("0.01"), "paid": eur("5")}
    assert shows(one, finding)
    assert codes(attrs.evolve(one, minimum=None)) == set()


def test_rates_beyond_the_whole_margin_pay_more_than_it() -> None:
    """60 % and 50 % of everything, together, are 110 % of the margin beyond 1,000.00; of 1,000.01 that is 1,100.01."""
    one = component(curve(("1000", "60"), (None, "50"), mode=Mode.TOTAL), base=Base.MARGIN)
    finding = found("more-than-the-sale", one)
    assert finding.witness == {"sold": eur("1000.01"), "paid": eur("1100.01")}
    assert "margin" in finding.in_words()
    assert shows(one, finding)
    assert codes(attrs.evolve(one, curve=curve(("1000", "60"), (None, "40"), mode=Mode.TOTAL))) == set()


def test_a_marginal_rate_beyond_the_whole_sale_overtakes_it_sooner_or_later() -> None:
    """Nothing up to 1,000.00, 110 % beyond: 1.1 (x - 1,000) passes x at 11,000.00."""
    one = component(curve(("1000", "0"), (None, "110")))
    finding = found("more-than-the-sale", one)
    assert finding.witness is not None
    assert finding.witness["paid"] > finding.witness["sold"] > eur("11000")
    assert shows(one, finding)


def test_a_cap_that_is_reached_before_a_band_begins_makes_it_moot() -> None:
    """10 % of 5,000.00 are the 500.00 of the cap, and the band begins at 8,000.00."""
    one = component(curve(("8000", "10"), (None, "15")), cap=eur("500"))
    finding = found("moot-band", one)
    assert (finding.path, finding.witness) == (
        "components[0].curve[1]",
        {"sold": eur("5000"), "paid": eur("500")},
    )
    assert shows(one, finding)
    assert paid(one, [share("a", eur("8000.01"))]) == paid(one, [share("a", eur("900000"))]) == eur("500")
    assert codes(attrs.evolve(one, cap=eur("900"))) == set()


def test_a_band_that_is_needed_to_reach_the_cap_is_not_moot() -> None:
    """Of all 1,000.01 at 50 % are the cap: without the band it would be 100.00."""
    one = component(curve(("1000", "10"), (None, "50"), mode=Mode.WHOLE), cap=eur("500"))
    assert codes(one) == set()


def test_a_maximum_for_each_sale_makes_a_band_moot_only_where_each_sale_stands_alone() -> None:
    """10 % of 3,000.00 are the 300.00 that a sale may bring; the band begins at 5,000.00."""
    one = component(
        curve(("5000", "10"), (None, "20"), mode=Mode.WHOLE),
        maximum=eur("300"),
        accumulate=Accumulate.TRANSACTION,
    )
    finding = found("moot-band", one)
    assert finding.witness == {"sold": eur("3000"), "paid": eur("300")}
    assert shows(one, finding)
    together = attrs.evolve(
        one, accumulate=Accumulate.PERIOD
    )  # ten sales of 600.00 reach it, 20 % of each are 120.00
    assert codes(together) == set()
    assert paid(together, [share(str(name), eur("600")) for name in range(10)]) == eur("1200")


def test_a_cap_that_the_first_sale_reaches_is_found() -> None:
    one = component(curve((None, "10")), minimum=eur("50"), cap=eur("40"), accumulate=Accumulate.TRANSACTION)
    finding = found("cap-at-once", one)
    assert finding.witness == {"sold": eur("0.01"), "paid": eur("40")}
    assert shows(one, finding)
    assert "cap-at-once" not in codes(attrs.evolve(one, cap=eur("60")))


def test_a_guarantee_that_nobody_can_exceed_is_always_what_is_paid() -> None:
    """A bonus of 1,000.00 from 10,000.00 on is all there is to earn; 1,200.00 are guaranteed."""
    made = Curve((Band(up_to=eur("10000")), Band(flat=eur("1000"))), boundary=Boundary.LOWER_INCLUSIVE)
    one = component(made, guarantee=eur("1200"))
    finding = found("guarantee-always", one)
    assert finding.witness == {"sold": eur("10000"), "earned": eur("1000"), "paid": eur("1200")}
    assert shows(one, finding, amount="earned")
    assert paid(one, [share("a", eur("10000"))], closing=True) == finding.witness["paid"]
    assert codes(attrs.evolve(one, guarantee=eur("800"))) == set()
    open_ended = component(curve((None, "1")), guarantee=eur("1000000"))
    assert codes(open_ended) == set()


def test_the_first_band_of_growth_pays_those_who_shrink_too() -> None:
    """1 % up to 5 % of growth: who falls from 10,000.00 to 5,000.00 is paid 50.00."""
    one = component(curve((percent(5), "1"), (None, "3"), mode=Mode.WHOLE), by=By.GROWTH)
    finding = found("paid-for-shrinking", one)
    assert finding.witness == {"sold": eur("5000"), "paid": eur("50"), "baseline": eur("10000")}
    assert shows(one, finding)
    nothing_first = curve((percent(5), "0"), (None, "3"), mode=Mode.WHOLE)
    assert codes(attrs.evolve(one, curve=nothing_first)) == set()


def accelerated(*bands: tuple[str | None, str], **more: Any) -> Component:
    made = tuple(Band(up_to=None if end is None else percent(end), rate=percent(rate)) for end, rate in bands)
    return component(curve((None, "10")), accelerator=Curve(made, Mode.WHOLE), **more)


def test_an_attainment_that_is_paid_nothing_between_those_that_are_is_a_hole() -> None:
    """Of a quota of 10,000.00: 40 % pays 10 % of 4,000.00, 90 % nothing, more than 100 % pays again."""
    one = accelerated(("80", "100"), ("100", "0"), (None, "100"))
    finding = found("accelerator-hole", one)
    assert finding.path == "components[0].accelerator[1]"
    assert finding.witness == {
        "sold": eur("9000"), "paid": eur("0"), "sold_less": eur("4000"), "paid_for_less": eur("400"),
        "quota": eur("10000"),
    }  # fmt: skip
    assert shows(one, finding)
    assert shows(one, finding, "sold_less", "paid_for_less")
    assert codes(accelerated(("80", "0"), (None, "100"))) == set()  # a threshold is no hole


def test_a_band_of_attainment_below_the_target_is_never_paid() -> None:
    """Half pay up to 50 %, full pay beyond: but below 60 % nothing is paid. 25 % of 10,000.00 are 2,500.00."""
    target = Target(attainment=percent(60))
    one = accelerated(("50", "50"), (None, "100"), target=target)
    finding = found("below-target", one)
    assert finding.path == "components[0].accelerator[0]"
    assert finding.witness == {"sold": eur("2500"), "paid": eur("0"), "quota": eur("10000")}
    assert shows(one, finding)
    assert "below-target" not in codes(attrs.evolve(one, target=Target(attainment=percent(40))))
    in_part = Target(attainment=percent(60), missed=Missed.PROPORTIONAL)
    assert "below-target" not in codes(attrs.evolve(one, target=in_part))
    by_attainment = component(
        curve((percent(50), "2"), (None, "4"), mode=Mode.WHOLE), by=By.ATTAINMENT, target=target
    )
    assert found("below-target", by_attainment).path == "components[0].curve[0]"


def test_a_band_of_packages_without_a_whole_number_is_empty() -> None:
    """Above ten and up to ten and a half packages there is no number of them."""
    made = (
        Band(up_to=Fraction(10), each=eur("1")),
        Band(up_to=Fraction(21, 2), each=eur("2")),
        Band(each=eur("3")),
    )
    one = component(Curve(made), base=Base.UNITS, package=Package(size=Fraction(12)))
    finding = found("empty-band", one)
    assert (finding.path, finding.witness) == (
        "components[0].curve[1]",
        {"packages_below": 10, "packages_above": 11},
    )
    assert [one.curve.band_of(count) for count in (10, 11)] == [0, 2]
    loose = attrs.evolve(one, package=None)  # half a unit may be sold
    assert "empty-band" not in codes(loose)


def test_a_first_band_that_ends_where_the_first_package_begins_is_empty_when_reaching_counts() -> None:
    """Below one package, started ones apart, there is none that pays."""
    made = (Band(up_to=Fraction(1), each=eur("1")), Band(each=eur("3")))
    lower = Curve(made, boundary=Boundary.LOWER_INCLUSIVE)
    one = component(lower, base=Base.UNITS, package=Package(size=Fraction(12)))
    assert found("empty-band", one).witness == {"packages_below": 0, "packages_above": 1}
    assert "empty-band" not in codes(attrs.evolve(one, curve=Curve(made)))


FACTS = FactSchema("sale", (FactField("country", Kind.CODE), FactField("seats", Kind.COUNT)))


def test_criteria_that_contradict_themselves_are_never_met() -> None:
    few_and_many = fact("seats").at_least(10), fact("seats").less_than(5)
    one = component(curve((None, "5")), when=all_of(*few_and_many))
    assert found("never-eligible", one, facts=FACTS).path == "components[0].when"
    assert codes(attrs.evolve(one, when=few_and_many[0]), facts=FACTS) == set()


def exclusive(name: str, priority: int, when: Any, **more: Any) -> Component:
    return component(curve((None, "5")), name=name, when=when, exclusive="one", priority=priority, **more)


def test_a_component_whose_transactions_an_earlier_one_takes_gets_none() -> None:
    first, second = (
        exclusive("small", 1, fact("seats").at_least(10)),
        exclusive("large", 2, fact("seats").at_least(50)),
    )
    finding = found("never-first", second, first, facts=FACTS)  # the order is by priority, not as listed
    assert finding.path == "components[0].when"
    assert finding.witness is not None
    assert all(
        truth_in(one.when, finding.witness) is Truth.MET for one in (first, second) if one.when is not None
    )
    turned = attrs.evolve(first, priority=3)
    assert codes(second, turned, facts=FACTS) == set()


def test_two_earlier_components_may_leave_nothing_together() -> None:
    few, many = (
        exclusive("few", 1, fact("seats").less_than(10)),
        exclusive("many", 2, fact("seats").at_least(10)),
    )
    rest = exclusive("rest", 3, fact("country").one_of("DE"))
    assert found("never-first", few, many, rest, facts=FACTS).path == "components[2].when"
    a_few_less = attrs.evolve(few, when=fact("seats").less_than(9))
    assert codes(a_few_less, many, rest, facts=FACTS) == set()


def test_a_component_that_takes_everything_leaves_nothing_unless_it_waits_for_another_day() -> None:
    everything, later = exclusive("all", 1, None), exclusive("later", 2, fact("country").one_of("DE"))
    assert codes(everything, later, facts=FACTS) == {"never-first"}
    on_payment = attrs.evolve(everything, day=Day.PAID)  # until it is paid, the later one has the sale
    assert codes(on_payment, later, facts=FACTS) == set()


def test_a_function_rule_is_named_and_not_guessed_about() -> None:
    def settled(facts: Any, day: datetime.date) -> RuleReason:
        return RuleReason(Truth.MET)

    one = component(curve((None, "5")), when=Rule("disputes-settled", settled))
    assert "disputes-settled" in found("function-rule", one, facts=FACTS).in_words()


def test_two_legs_on_one_sale_want_a_ceiling() -> None:
    """20 % for the distributor and 30 % for the reseller are 50 % of the sale."""
    distributor = component(
        curve((None, "20")), name="distributor", kind=ComponentKind.DISTRIBUTOR_LEG, payee="distributor"
    )
    reseller = component(curve((None, "30")), name="reseller", kind=ComponentKind.RESELLER_LEG)
    finding = found("no-ceiling", distributor, reseller)
    assert finding.witness == {"distributor": percent(20), "reseller": percent(30), "together": percent(50)}
    assert codes(distributor, reseller, ceiling=percent(50)) == set()
    assert codes(distributor) == set()


def test_findings_are_put_into_three_languages() -> None:
    finding = found("cliff", component(curve(("1000", "10"), (None, "5"), mode=Mode.WHOLE)))
    english, japanese, chinese = (finding.in_words(locale) for locale in ("en", "ja", "zh"))
    assert english.startswith("more is sold and less is paid: €100.00 for €1,000.00, €50.00 for €1,000.01")
    assert "€1,000.01" in japanese
    assert "€1,000.01" in chinese
    assert len({english, japanese, chinese}) == 3


rates = st.integers(0, 100).map(lambda number: percent(str(number)))
ends = st.lists(st.integers(1, 5_000_00), min_size=0, max_size=4, unique=True).map(sorted)


@st.composite
def curves(draw: st.DrawFn, modes: st.SearchStrategy[Mode]) -> Curve:
    places = draw(ends)
    found = [Band(up_to=Money("EUR", end), rate=draw(rates)) for end in places]
    return Curve((*found, Band(rate=draw(rates))), draw(modes), draw(st.sampled_from(Boundary)))


@given(curves(st.just(Mode.MARGINAL)))
def test_a_marginal_plan_of_percentages_has_no_cliff_and_never_pays_more_than_the_sale(drawn: Curve) -> None:
    assert codes(component(drawn)) == set()


@given(
    curves(st.sampled_from([Mode.WHOLE, Mode.ROLLING, Mode.TOTAL])),
    st.none() | st.integers(0, 500_00),
    st.integers(1, 10**7),
)
def test_every_witness_shows_what_it_claims_when_the_policy_is_fed_with_it(
    drawn: Curve, cap: int | None, beyond: int
) -> None:
    one = component(drawn, cap=None if cap is None else Money("EUR", cap))
    for finding in lint(one):
        assert finding.witness is not None
        assert shows(one, finding)
        if finding.code == "cliff":
            assert shows(one, finding, "sold_more", "paid_then")
            assert finding.witness["sold_more"] > finding.witness["sold"]
            assert finding.witness["paid_then"] < finding.witness["paid"]
            if "as_much_again" in finding.witness:
                assert paid(one, [share("a", finding.witness["as_much_again"])]) >= finding.witness["paid"]
        if finding.code == "more-than-the-sale":
            assert finding.witness["paid"] > finding.witness["sold"]
        if finding.code in ("moot-band", "cap-at-once"):
            assert finding.witness["paid"] == one.cap
        if finding.code == "moot-band":
            begins = int(drawn.ends[int(finding.path.split("[")[-1][:-1]) - 1])
            assert finding.witness["sold"].minor <= begins
            assert paid(one, [share("a", begins + beyond)]) == one.cap  # whatever is sold in the band


@given(curves(st.just(Mode.WHOLE)), st.data())
def test_no_cliff_is_missed(drawn: Curve, data: st.DataObject) -> None:
    """Where a plan of one price for all has no cliff, no two quantities that one tries are paid the wrong way round."""
    one = component(drawn)
    if "cliff" in codes(one):
        return
    places = [end + near for end in map(int, drawn.ends) for near in (-1, 0, 1)] or [0]
    low = data.draw(st.integers(0, 6_000_00) | st.sampled_from(places))
    high = low + data.draw(st.integers(1, 100) | st.integers(1, 6_000_00))
    assert paid(one, [share("a", low)]) <= paid(one, [share("a", high)])


@pytest.mark.parametrize("boundary", list(Boundary))
def test_the_payout_curve_and_the_lint_agree_on_where_the_cliff_is(boundary: Boundary) -> None:
    one = component(curve(("1000", "10"), (None, "5"), mode=Mode.WHOLE, boundary=boundary))
    jumps = {point.quantity for point in payout_curve(one) if not point.reached}
    witness = found("cliff", one).witness
    assert witness is not None
    assert jumps == {Fraction(1000_00)}
    assert witness["sold"].minor <= 1000_00 <= witness["sold_more"].minor


@given(strategies.of(Component), st.data())
def test_what_has_no_cliff_never_pays_less_for_more(one: Component, data: st.DataObject) -> None:
    """Of every mode, base, limit, target and accelerator, at the quota, baseline and price that the lint assumes."""
    if "cliff" in {finding.code for finding in lint_plan(attrs.evolve(DRAWN, components=(one,)))}:
        return
    assumed = Fraction(100 if one.quantity_base is Base.UNITS else 10_000_00)
    price = {(True, False): Fraction(100_00), (False, True): Fraction(1, 100_00)}.get(
        (one.quantity_base is Base.UNITS, one.base is Base.UNITS), Fraction(1)
    )
    witness = {"quota": assumed, "baseline": assumed}
    low = data.draw(st.integers(0, 3_000))
    high = low + data.draw(st.integers(1, 3) | st.integers(1, 3_000))
    less, more = (paid(one, [share("a", sold, pay=price)] if sold else [], witness) for sold in (low, high))
    assert less <= more


DRAWN = Plan(
    name="reseller/2026/rebate", components=(), facts=FactSchema("sale", (FactField("order", Kind.CODE),))
)


@given(strategies.plans())
def test_any_plan_is_linted_without_harm_and_cliffs_are_paid_as_said(plan: Plan) -> None:
    for finding in lint_plan(plan):
        one = plan.components[int(finding.path.split("[")[1].split("]")[0])]
        assert all(finding.in_words(locale) for locale in ("en", "ja", "zh"))
        if finding.code == "cliff" and "price" not in (finding.witness or {}):
            assert shows(one, finding)
            assert shows(one, finding, "sold_more", "paid_then")


# every finding with all that it says


def words(finding: Finding) -> str:
    return put_into_words(finding.said, "en").text


UNIT_PRICE = (Band(up_to=eur("1000"), each=eur("2")), Band(each=eur("1")))
FALLS = Curve((Band(up_to=percent(100), rate=percent(100)), Band(rate=percent(50))), Mode.WHOLE)
LESS = "more is sold and less is paid: "


@pytest.mark.parametrize(
    ("one", "witness", "said"),
    [
        # nothing is paid beyond the band, so that there is no way back
        (component(curve(("1000", "10"), (None, "0"), mode=Mode.WHOLE)),
         {"sold": eur("1000"), "paid": eur("100"), "sold_more": eur("1000.01"), "paid_then": eur("0")},
         "€100.00 for €1,000.00, €0.00 for €1,000.01"),
        # the way back is a jump, to which 20 % belong only beyond it or at once, whether 0 % or 5 % lie between
        (component(curve(("1000", "10"), ("1500", "0"), (None, "20"), mode=Mode.WHOLE)),
         {"sold": eur("1000"), "paid": eur("100"), "sold_more": eur("1000.01"), "paid_then": eur("0"),
          "as_much_again": eur("1500.01")},
         "€100.00 for €1,000.00, €0.00 for €1,000.01, and as much again only at €1,500.01"),
        (component(curve(("1000", "10"), ("1500", "5"), (None, "20"), mode=Mode.WHOLE, boundary=Boundary.LOWER_INCLUSIVE)),
         {"sold": eur("999.99"), "paid": eur("100"), "sold_more": eur("1000"), "paid_then": eur("50"),
          "as_much_again": eur("1500")},
         "€100.00 for €999.99, €50.00 for €1,000.00, and as much again only at €1,500.00"),
        # what is counted in units, of which one may be sold
        (units((1, "5", None), (None, "1", None)),
         {"sold": 1, "paid": eur("5"), "sold_more": 2, "paid_then": eur("2"), "as_much_again": 5},
         "€5.00 for 1 unit, €2.00 for 2 units, and as much again only at 5 units"),
        # what somebody is guaranteed is no part of it
        (component(curve(("1000", "10"), (None, "5"), mode=Mode.WHOLE), guarantee=eur("80")),
         {"sold": eur("1000"), "paid": eur("100"), "sold_more": eur("1000.01"), "paid_then": eur("50"),
          "as_much_again": eur("2000")},
         "€100.00 for €1,000.00, €50.00 for €1,000.01, and as much again only at €2,000.00"),
        # a quota of 100 units, or of 10,000 yen, which have no minor unit
        (component(Curve((Band(each=eur("1")),)), base=Base.UNITS, accelerator=FALLS),
         {"sold": 100, "paid": eur("100"), "sold_more": 101, "paid_then": eur("50.50"), "as_much_again": 200,
          "quota": 100},
         "€100.00 for 100 units, €50.50 for 101 units, and as much again only at 200 units"),
        (Component(name="rebate", unit="JPY", curve=curve((None, "5")), accelerator=FALLS),
         {"sold": Money("JPY", 10_000), "paid": Money("JPY", 500), "sold_more": Money("JPY", 10_001),
          "paid_then": Money("JPY", 250), "as_much_again": Money("JPY", 20_000), "quota": Money("JPY", 10_000)},
         "¥500 for ¥10,000, ¥250 for ¥10,001, and as much again only at ¥20,000"),
        # sales choose what is paid for units, each of which is assumed to cost 100.00: 10 of them are 20.00, then 10.00
        (component(Curve(UNIT_PRICE, Mode.WHOLE), base=Base.UNITS, by=By.NET),
         {"sold": eur("1000"), "paid": eur("20"), "sold_more": eur("1000.01"), "paid_then": eur("10"),
          "as_much_again": eur("2000"), "price": eur("100")},
         "€20.00 for €1,000.00, €10.00 for €1,000.01, and as much again only at €2,000.00"),
        # and of packages of ten units one is full, which pays 2.00 or 1.00
        (component(Curve(UNIT_PRICE, Mode.WHOLE), base=Base.UNITS, by=By.NET, package=Package(size=Fraction(10))),
         {"sold": eur("1000"), "paid": eur("2"), "sold_more": eur("1000.01"), "paid_then": eur("1"), "price": eur("100")},
         "€2.00 for €1,000.00, €1.00 for €1,000.01"),
        # units choose what is paid for sales: 10 of them at 100 yen each
        (Component(name="rebate", unit="JPY", curve=curve((Fraction(10), "10"), (None, "5"), mode=Mode.WHOLE), by=By.UNITS),
         {"sold": 10, "paid": Money("JPY", 100), "sold_more": 11, "paid_then": Money("JPY", 55), "as_much_again": 20,
          "price": Money("JPY", 100)},
         "¥100 for 10 units, ¥55 for 11 units, and as much again only at 20 units"),
    ],
)  # fmt: skip
def test_a_cliff_is_told_with_both_sides_and_the_way_back(
    one: Component, witness: dict[str, Any], said: str
) -> None:
    finding = found("cliff", one)
    assert (finding.witness, words(finding)) == (witness, LESS + said)
    assert finding.path == f"components[0].{'accelerator' if one.accelerator else 'curve[1]'}"


def test_each_jump_and_each_fall_is_one_cliff() -> None:
    """-1.00 a unit up to ten and -2.00 for all beyond: it falls, jumps and falls again. With a jump by rounding alone, none."""
    cliffs = [one for one in lint(units((10, "-1", None), (None, "-2", None))) if one.code == "cliff"]
    assert [(one.path, (one.witness or {})["sold"], (one.witness or {})["sold_more"]) for one in cliffs] == [
        ("components[0].curve[0]", 0, 10),
        ("components[0].curve[1]", 10, 11),
        ("components[0].curve[1]", 10, 15),
    ]
    # 10 % of 0.50 are 5 cents, 9.9 % of 0.51 are 5.049
    assert codes(component(curve(("0.50", "10"), (None, "9.9"), mode=Mode.WHOLE))) == set()


def test_what_the_first_sale_costs_is_a_cliff_from_nothing() -> None:
    """5.00 once are taken off, and 10 % bring them back with 50.00."""
    finding = found("cliff", component(Curve((Band(rate=percent(10), flat=eur("-5")),))))
    assert finding.path == "components[0].curve[0]"
    assert finding.witness == {
        "sold": eur("0"), "paid": eur("0"), "sold_more": eur("0.01"), "paid_then": eur("-5"), "as_much_again": eur("50"),
    }  # fmt: skip


def test_an_accelerated_plan_may_have_its_cliff_in_the_curve() -> None:
    rises = Curve((Band(up_to=percent(100), rate=percent(100)), Band(rate=percent(150))), Mode.WHOLE)
    one = component(curve(("1000", "10"), (None, "5"), mode=Mode.WHOLE), accelerator=rises)
    assert found("cliff", one).path == "components[0].curve[1]"


EXCEEDS = Clawback(may_exceed_sale=True)
AT_TEN = Curve(
    (Band(up_to=Fraction(10), each=eur("1")), Band(each=eur("2"))), Mode.WHOLE, Boundary.LOWER_INCLUSIVE
)
RETURNED = "of {} in all, a refund of {} takes back {}; it was paid {}, at the rates then reached"


@pytest.mark.parametrize(
    ("one", "witness", "said"),
    [
        (component(REACH_BACK), {"sold": eur("100000"), "refunded": eur("1000"), "paid": eur("100"), "taken_back": eur("5050")},
         RETURNED.format("€100,000.00", "€1,000.00", "€5,050.00", "€100.00")),
        # where 100,000.00 are still in the lower band
        (component(attrs.evolve(REACH_BACK, boundary=Boundary.UPPER_INCLUSIVE)),
         {"sold": eur("100000.01"), "refunded": eur("1000"), "paid": eur("100"), "taken_back": eur("5050")},
         RETURNED.format("€100,000.01", "€1,000.00", "€5,050.00", "€100.00")),
        # ten units at 2.00, then nine at 1.00; of few units one comes back
        (component(AT_TEN, base=Base.UNITS), {"sold": 10, "refunded": 1, "paid": eur("2"), "taken_back": eur("11")},
         RETURNED.format("10 units", "1 unit", "€11.00", "€2.00")),
        # so many dozens
        (component(AT_TEN, base=Base.UNITS, package=Package(size=Fraction(12))),
         {"sold": 120, "refunded": 12, "paid": eur("2"), "taken_back": eur("11")},
         RETURNED.format("120 units", "12 units", "€11.00", "€2.00")),
        # at 100.00 each: 10 % of 1,000.00, then 5 % of 900.00
        (component(curve((Fraction(10), "5"), (None, "10"), mode=Mode.WHOLE, boundary=Boundary.LOWER_INCLUSIVE), by=By.UNITS),
         {"sold": 10, "refunded": 1, "paid": eur("10"), "taken_back": eur("55"), "price": eur("100")},
         RETURNED.format("10 units", "1 unit", "€55.00", "€10.00")),
        # 1.00 for each sale beside it: the one that comes back loses its own, and of one sale alone it stays
        (component(REACH_BACK, fixed=eur("1")),
         {"sold": eur("100000"), "refunded": eur("1000"), "paid": eur("101"), "taken_back": eur("5051")},
         RETURNED.format("€100,000.00", "€1,000.00", "€5,051.00", "€101.00")),
        (component(REACH_BACK, fixed=eur("1"), accumulate=Accumulate.TRANSACTION),
         {"sold": eur("100000"), "refunded": eur("1000"), "paid": eur("100"), "taken_back": eur("5050")},
         RETURNED.format("€100,000.00", "€1,000.00", "€5,050.00", "€100.00")),
        # a tenth of a point for each euro
        (Component(name="miles", unit="points", currency="EUR", curve=REACH_BACK),
         {"sold": eur("100000"), "refunded": eur("1000"), "paid": Money("points", 100), "taken_back": Money("points", 5050)},
         RETURNED.format("€100,000.00", "€1,000.00", "5,050 points", "100 points")),
    ],
)  # fmt: skip
def test_a_refund_cliff_is_told_of_the_last_sale_that_reached_the_band(
    one: Component, witness: dict[str, Any], said: str
) -> None:
    finding = found("refund-cliff", attrs.evolve(one, clawback=EXCEEDS))
    assert (finding.path, finding.witness, words(finding)) == ("components[0].curve[1]", witness, said)
    assert "refund-cliff" not in codes(attrs.evolve(one, clawback=Clawback()))


def test_a_refund_comes_a_day_after_its_sale() -> None:
    """Where only refunds of the same day take anything back, that is none."""
    for days, expected in ((0, set()), (1, {"refund-cliff"})):
        assert codes(component(REACH_BACK, clawback=attrs.evolve(EXCEEDS, within_days=days))) == expected


@pytest.mark.parametrize(
    ("one", "sold", "paid_for_it", "said"),
    [
        (component(curve((None, "10")), minimum=eur("5"), accumulate=Accumulate.TRANSACTION), eur("0.01"), eur("5"),
         "pays more than the sale is worth: €5.00 for €0.01"),
        (component(curve(("1000", "60"), (None, "50"), mode=Mode.TOTAL), base=Base.MARGIN), eur("1000.01"), eur("1100.01"),
         "pays more than the margin: €1,100.01 of €1,000.01"),
        # 1.1 (x - 1,000) is a cent more than x at 11,000.10
        (component(curve(("1000", "0"), (None, "110"))), eur("11000.10"), eur("11000.11"),
         "pays more than the sale is worth: €11,000.11 for €11,000.10"),
        # 110 % below 1,000.00, of which 999.99 are the last that it is paid for; of a cent it is a cent
        (component(curve(("1000", "110"), (None, "5"), mode=Mode.WHOLE, boundary=Boundary.LOWER_INCLUSIVE)),
         eur("999.99"), eur("1099.99"), "pays more than the sale is worth: €1,099.99 for €999.99"),
        # a unit is assumed to cost 100.00
        (component(curve((Fraction(10), "110"), (None, "1")), by=By.UNITS), Fraction(1), eur("110"),
         "pays more than the sale is worth: €110.00 for 1 unit"),
    ],
)  # fmt: skip
def test_the_smallest_sale_that_is_looked_at_and_paid_more_than_it_is_worth_is_told(
    one: Component, sold: Any, paid_for_it: Money, said: str
) -> None:
    finding = found("more-than-the-sale", one)
    assert finding.witness is not None
    assert (finding.witness["sold"], finding.witness["paid"]) == (sold, paid_for_it)
    assert (finding.path, words(finding)) == ("components[0]", said)


@pytest.mark.parametrize(
    "one",
    [
        component(curve((None, "100"))),  # all of it, and no more
        component(
            Curve((Band(each=eur("1000000")),)), base=Base.UNITS
        ),  # of units nobody knows what they cost
        Component(
            name="miles", unit="points", currency="EUR", curve=curve((None, "200"))
        ),  # points are no euros
    ],
)
def test_what_cannot_be_more_than_the_sale_is_not_said_to_be(one: Component) -> None:
    assert codes(one) == set()


def all_found(code: str, one: Component) -> list[tuple[str, Any, str]]:
    """Path, witness and words of each finding of a code."""
    return [(each.path, each.witness, words(each)) for each in lint(one) if each.code == code]


def test_every_band_beyond_a_limit_is_moot_and_one_that_begins_with_it_too() -> None:
    """10 % of 8,000.00 are 800.00; 15 % of 3,333.34 are more than 500.00."""
    three = curve(("8000", "10"), ("9000", "15"), (None, "20"))
    reached = "the cap of €800.00 is reached at €8,000.00, before the band begins"
    witness = {"sold": eur("8000"), "paid": eur("800")}
    for prorate in (frozenset[Any](), frozenset(("cap",))):  # a whole period is looked at
        assert all_found("moot-band", component(three, cap=eur("800"), prorate=prorate)) == [
            ("components[0].curve[1]", witness, reached),
            ("components[0].curve[2]", witness, reached),
        ]
    ((_, nothing, _),) = all_found("moot-band", component(curve(("8000", "10"), (None, "15")), cap=eur("0")))
    assert nothing == {"sold": eur("0"), "paid": eur("0")}
    ((_, beyond, _),) = all_found("moot-band", component(curve(("8000", "15"), (None, "20")), cap=eur("500")))
    assert beyond == {"sold": eur("3333.34"), "paid": eur("500")}


def test_rounding_each_sale_by_itself_hides_no_moot_band() -> None:
    one = component(curve(("8000", "10"), (None, "15")), cap=eur("500"), accumulate=Accumulate.TRANSACTION)
    for each in (one, attrs.evolve(one, round_each=True)):
        assert [path for path, _, _ in all_found("moot-band", each)] == ["components[0].curve[1]"]


def test_a_cap_and_a_maximum_each_make_bands_moot() -> None:
    """10 % of 2,000.00 are the cap of 200.00, and of 3,000.00 the maximum of a sale."""
    two = curve(("5000", "10"), (None, "20"), mode=Mode.WHOLE)
    one = component(two, cap=eur("200"), maximum=eur("300"), accumulate=Accumulate.TRANSACTION)
    assert all_found("moot-band", one) == [
        (
            "components[0].curve[1]",
            {"sold": eur("2000"), "paid": eur("200")},
            "the cap of €200.00 is reached at €2,000.00, before the band begins",
        ),
        (
            "components[0].curve[1]",
            {"sold": eur("3000"), "paid": eur("300")},
            "the maximum of €300.00 is reached at €3,000.00, before the band begins",
        ),
    ]


ALL_OF_IT = Curve((Band(rate=percent(100)),), Mode.WHOLE)


@pytest.mark.parametrize(
    "one",
    [
        # under a quota, a baseline or a price that is only assumed
        component(curve(("8000", "10"), (None, "15")), cap=eur("500"), accelerator=ALL_OF_IT),
        component(curve(("8000", "10"), (None, "15")), cap=eur("500"), growth=True),
        component(curve((Fraction(80), "10"), (None, "15")), cap=eur("500"), by=By.UNITS),
        # a jump comes to the limit, and what comes before it is needed
        component(curve(("1000", "10"), (None, "50"), mode=Mode.WHOLE), cap=eur("500")),
        # it falls below the limit again, all at once or by and by
        component(curve(("1000", "10"), ("2000", "0"), (None, "-1")), cap=eur("100")),
    ],
)
def test_a_band_is_moot_only_where_the_limit_is_reached_for_good_whatever_is_assumed(one: Component) -> None:
    assert "moot-band" not in codes(one)


def test_a_cap_at_once_is_told_unless_a_larger_sale_falls_below_it() -> None:
    minimum: dict[str, Any] = {"minimum": eur("50"), "accumulate": Accumulate.TRANSACTION}
    one = component(curve((None, "10")), cap=eur("40"), **minimum)
    assert all_found("cap-at-once", one) == [
        ("components[0].cap", {"sold": eur("0.01"), "paid": eur("40")},
         "the cap of €40.00 is reached by the first sale, of €0.01")
    ]  # fmt: skip
    assert all_found("cap-at-once", attrs.evolve(one, accelerator=ALL_OF_IT)) == []
    falls = Curve((Band(up_to=eur("100"), flat=eur("50")), Band(flat=eur("10"))), Mode.WHOLE)
    assert all_found("cap-at-once", component(falls, cap=eur("40"))) == []


BONUS = Curve((Band(up_to=eur("10000")), Band(flat=eur("1000"))), boundary=Boundary.LOWER_INCLUSIVE)


RISING_BONUS = attrs.evolve(BONUS, bands=(BONUS.bands[0], attrs.evolve(BONUS.bands[1], rate=percent(1))))


@pytest.mark.parametrize(
    ("one", "found_at"),
    [
        (component(BONUS, guarantee=eur("1200")), eur("10000")),
        (component(BONUS, guarantee=eur("1000")), eur("10000")),  # as much as there is to earn
        (component(BONUS, guarantee=eur("999.99")), None),
        (component(curve((None, "1")), guarantee=eur("1000000")), None),  # it goes on for ever
        (component(RISING_BONUS, guarantee=eur("1000000")), None),  # and so does this, once there is a bonus
        (component(BONUS, guarantee=eur("1200"), accelerator=ALL_OF_IT), None),  # depends on a quota
        (component(BONUS, guarantee=eur("1200"), accumulate=Accumulate.TRANSACTION), None),  # of each sale
        (component(Curve((Band(flat=eur("10")),), Mode.WHOLE), guarantee=eur("1200"), fixed=eur("1")), None),
        # 10 % just below 1,000.00, and nothing from there on: 999.99 are paid 100.00
        (component(curve(("1000", "10"), (None, "0"), mode=Mode.WHOLE, boundary=Boundary.LOWER_INCLUSIVE),
                   guarantee=eur("99.99")), None),
    ],
)  # fmt: skip
def test_a_guarantee_is_always_paid_where_nobody_can_earn_more(
    one: Component, found_at: Money | None
) -> None:
    guarantee = one.guarantee
    assert guarantee is not None
    expected = []
    if found_at is not None:
        witness = {"sold": found_at, "earned": eur("1000"), "paid": guarantee}
        said = f"the guarantee of €{guarantee.amount:,} is always paid: nobody earns more than €1,000.00"
        expected = [("components[0].guarantee", witness, said)]
    assert all_found("guarantee-always", one) == expected


def test_who_shrinks_is_told_with_half_of_the_baseline() -> None:
    """Of 100 units half are four dozen and two; a growth that is paid for what grew pays nothing for it."""
    by_growth = curve((percent(5), "1"), (None, "3"), mode=Mode.WHOLE)
    one = component(by_growth, by=By.GROWTH)
    assert all_found("paid-for-shrinking", one) == [
        ("components[0].curve[0]", {"sold": eur("5000"), "paid": eur("50"), "baseline": eur("10000")},
         "who shrinks to half of the baseline is in the first band and paid €50.00 for €5,000.00")
    ]  # fmt: skip
    assert all_found("paid-for-shrinking", attrs.evolve(one, growth=True)) == []
    a_cent = curve((percent(5), "0.0002"), (None, "3"), mode=Mode.WHOLE)
    ((_, witness, _),) = all_found("paid-for-shrinking", attrs.evolve(one, curve=a_cent))
    assert witness["paid"] == eur("0.01")
    each = (Band(up_to=percent(5), each=eur("1")), Band(each=eur("3")))
    dozens = component(
        Curve(each, Mode.WHOLE), base=Base.UNITS, by=By.GROWTH, package=Package(size=Fraction(12))
    )
    ((_, witness, _),) = all_found("paid-for-shrinking", dozens)
    assert witness == {"sold": 48, "paid": eur("4"), "baseline": 100}


HOLE = "this attainment is paid nothing, a lower one is: {} against {}"


@pytest.mark.parametrize(
    ("one", "path", "sold", "less", "said"),
    [
        # half of the way from 80 % to 100 %, and from nothing to 80 %
        (accelerated(("80", "100"), ("100", "0"), (None, "100")), "[1]", "9000", "4000", ("€9,000.00", "€4,000.00")),
        # against the last band below that is paid: 65 %
        (accelerated(("50", "50"), ("80", "100"), ("100", "0"), (None, "100")), "[2]", "9000", "6500",
         ("€9,000.00", "€6,500.00")),
        # beyond the last end: half of the quota more than that
        (accelerated(("80", "100"), (None, "0")), "[1]", "13000", "4000", ("€13,000.00", "€4,000.00")),
    ],
)  # fmt: skip
def test_a_hole_is_told_by_the_middle_of_its_band_and_of_the_one_below(
    one: Component, path: str, sold: str, less: str, said: tuple[str, str]
) -> None:
    ((where, witness, spoken),) = all_found("accelerator-hole", one)
    assert (where, spoken) == (f"components[0].accelerator{path}", HOLE.format(*said))
    assert (witness["sold"], witness["paid"], witness["sold_less"]) == (eur(sold), eur("0"), eur(less))
    assert witness["paid_for_less"] == paid(one, [share("a", eur(less))], witness)


@pytest.mark.parametrize(
    "one",
    [
        accelerated(("50", "0"), ("80", "0"), (None, "100")),  # two thresholds
        component(
            curve(("5000", "0"), (None, "10")),
            accelerator=accelerated(("80", "100"), ("100", "0"), (None, "100")).accelerator,
        ),
        component(
            curve((None, "10")),
            accelerator=Curve((Band(up_to=percent(80), rate=percent(100)), Band(rate=percent(0)))),
        ),
    ],
)
def test_a_threshold_what_is_not_paid_anyway_and_what_is_only_paid_no_more_are_no_holes(
    one: Component,
) -> None:
    """Below 5,000.00 nothing is paid for 40 % either; where each band pays for what lies in it, the lower one stays paid."""
    assert all_found("accelerator-hole", one) == []


def test_a_hole_is_told_in_packages_where_there_are_some() -> None:
    """Of 100 units: 90 are seven dozen and a half, 40 are three and a third."""
    one = component(
        Curve((Band(each=eur("1")),)),
        base=Base.UNITS,
        package=Package(size=Fraction(12)),
        accelerator=accelerated(("80", "100"), ("100", "0"), (None, "100")).accelerator,
    )
    ((_, witness, _),) = all_found("accelerator-hole", one)
    assert witness == {"sold": 84, "paid": eur("0"), "sold_less": 36, "paid_for_less": eur("3"), "quota": 100}


def below(
    end: str, rate: str, wanted: str, boundary: Boundary = Boundary.UPPER_INCLUSIVE, mode: Mode = Mode.WHOLE
) -> Component:
    made = Curve((Band(up_to=percent(end), rate=percent(rate)), Band(rate=percent(100))), mode, boundary)
    return component(curve((None, "10")), accelerator=made, target=Target(attainment=percent(wanted)))


@pytest.mark.parametrize(
    ("one", "places"),
    [
        (below("50", "50", "60"), ["accelerator[0]"]),
        (below("60", "50", "60"), []),  # 60 % are still in the band
        (below("60", "50", "60", Boundary.LOWER_INCLUSIVE), ["accelerator[0]"]),
        (below("61", "50", "60", Boundary.LOWER_INCLUSIVE), []),
        (below("50", "0", "60"), []),  # and it pays nothing itself
        (below("50", "50", "60", mode=Mode.MARGINAL), []),  # what lies in it is paid by those who reach more
        (attrs.evolve(below("50", "50", "60"), target=None), []),
        (attrs.evolve(below("50", "50", "60"), target=Target(attainment=percent(60), missed=Missed.STILL_PAYS)), []),
        (component(curve((percent(20), "1"), (percent(50), "2"), (None, "4"), mode=Mode.WHOLE), by=By.ATTAINMENT,
                   accelerator=below("30", "50", "60").accelerator, target=Target(attainment=percent(60))),
         ["accelerator[0]", "curve[0]", "curve[1]"]),
        (component(curve((percent(20), "1"), (None, "4")), by=By.ATTAINMENT, target=Target(attainment=percent(60))), []),
        (component(Curve((Band(up_to=percent(50), flat=eur("5")), Band(flat=eur("9"))), Mode.WHOLE), by=By.ATTAINMENT,
                   target=Target(attainment=percent(60))), ["curve[0]"]),
    ],
)  # fmt: skip
def test_bands_that_end_below_the_target_are_told(one: Component, places: list[str]) -> None:
    seen = all_found("below-target", one)
    assert [path for path, _, _ in seen] == [f"components[0].{place}" for place in places]
    assert {said for _, _, said in seen} <= {
        "the band ends below the target of 60%, and below that nothing is paid"
    }


@pytest.mark.parametrize(
    ("ends", "boundary", "places"),
    [
        ((Fraction(10), Fraction(21, 2)), Boundary.UPPER_INCLUSIVE, [("[1]", 10)]),
        ((Fraction(10), Fraction(21, 2)), Boundary.LOWER_INCLUSIVE, []),  # ten themselves
        ((Fraction(51, 5), Fraction(21, 2)), Boundary.LOWER_INCLUSIVE, [("[1]", 10)]),
        ((Fraction(10), Fraction(11)), Boundary.UPPER_INCLUSIVE, []),  # eleven
        ((Fraction(10), Fraction(11)), Boundary.LOWER_INCLUSIVE, []),  # ten
        ((Fraction(1, 2), Fraction(3, 2)), Boundary.UPPER_INCLUSIVE, [("[0]", 0)]),
        ((Fraction(1, 2), Fraction(3, 4)), Boundary.UPPER_INCLUSIVE, [("[0]", 0), ("[1]", 0)]),
        ((Fraction(1), Fraction(2)), Boundary.LOWER_INCLUSIVE, [("[0]", 0)]),
        ((Fraction(2), Fraction(3)), Boundary.LOWER_INCLUSIVE, []),
    ],
)
def test_bands_between_two_whole_numbers_of_packages_are_told(
    ends: tuple[Fraction, ...], boundary: Boundary, places: list[tuple[str, int]]
) -> None:
    made = (
        *(Band(up_to=end, each=eur(str(place + 1))) for place, end in enumerate(ends)),
        Band(each=eur("9")),
    )
    one = component(Curve(made, boundary=boundary), base=Base.UNITS, package=Package(size=Fraction(12)))
    assert all_found("empty-band", one) == [
        (
            f"components[0].curve{place}",
            {"packages_below": number, "packages_above": number + 1},
            f"no number of packages is in the band: {number} is below it, {number + 1} above",
        )
        for place, number in places
    ]
    attained = Curve(tuple(attrs.evolve(band, up_to=None if band.up_to is None else percent(place * 30 + 1))
                           for place, band in enumerate(made)))  # fmt: skip
    assert all_found("empty-band", attrs.evolve(one, curve=attained, by=By.ATTAINMENT)) == []


# eligibility and legs


def held(found: Iterable[Finding]) -> list[tuple[str, str, str]]:
    return [(one.code, one.path, words(one)) for one in found]


def test_what_is_wrong_with_criteria_is_told_by_the_component_and_the_rules() -> None:
    rule = (
        Rule("one", lambda facts, day: RuleReason(Truth.MET)),
        Rule("two", lambda facts, day: RuleReason(Truth.MET)),
    )
    never = attrs.evolve(
        PLAIN, name="never", when=all_of(fact("seats").at_least(10), fact("seats").less_than(5))
    )
    ruled = attrs.evolve(PLAIN, name="ruled", when=all_of(*rule, fact("seats").at_least(10)))
    assert held(lint(PLAIN, never, ruled, facts=FACTS)) == [
        ("never-eligible", "components[1].when", "no transaction can meet what never asks for"),
        ("function-rule", "components[2].when", "the rule one, two is a function; it cannot be checked"),
    ]


def test_who_takes_each_transaction_first_is_told_by_name_in_the_order_in_which_they_are_asked() -> None:
    few, many = (
        exclusive("few", 2, fact("seats").less_than(10)),
        exclusive("many", 1, fact("seats").at_least(10)),
    )
    rest = exclusive("rest", 3, None)
    (finding,) = lint(rest, few, many, facts=FACTS)
    assert held([finding]) == [
        ("never-first", "components[0].when", "rest never gets a transaction: many, few takes each one first")
    ]
    assert finding.witness is None  # rest asks for nothing
    wanting = attrs.evolve(rest, when=fact("country").one_of("DE"))
    (finding,) = lint(wanting, few, many, facts=FACTS)
    assert finding.witness == {"country": "DE"}
    other = attrs.evolve(rest, exclusive="other")
    assert lint(other, few, many, facts=FACTS) == ()
    assert lint(attrs.evolve(rest, exclusive=None, priority=None), few, many, facts=FACTS) == ()
    rule = Rule("settled", lambda facts, day: RuleReason(Truth.MET))
    asks = attrs.evolve(few, when=all_of(rule, fact("seats").less_than(10)))  # who knows what it leaves
    assert {one.code for one in lint(rest, asks, many, facts=FACTS)} == {"function-rule"}
    everything = attrs.evolve(few, when=None)
    assert {one.path for one in lint(rest, everything, attrs.evolve(many, when=rule), facts=FACTS)} == {
        "components[0].when",
        "components[2].when",
    }


def test_what_cannot_be_decided_is_told_and_the_next_component_looked_at() -> None:
    """Eleven of twenty are above zero and eleven are not: impossible, but only by counting."""
    names = [f"f{place}" for place in range(20)]
    schema = FactSchema("sale", tuple(FactField(name, Kind.COUNT) for name in names))
    above = at_least_of(11, *(fact(name).at_least(1) for name in names))
    none = at_least_of(11, *(fact(name).less_than(1) for name in names))
    hard = attrs.evolve(PLAIN, name="hard", when=all_of(above, none))
    never = attrs.evolve(PLAIN, name="never", when=all_of(fact("f1").at_least(10), fact("f1").less_than(5)))
    assert held(lint(hard, never, facts=schema)) == [
        ("undecided", "components[0].when", "hard: too many combinations to decide"),
        ("never-eligible", "components[1].when", "no transaction can meet what never asks for"),
    ]


def leg(kind: ComponentKind, rate: str, **more: Any) -> Component:
    return component(curve((None, rate)), name=kind.value, kind=kind, **more)


DISTRIBUTOR, RESELLER = leg(ComponentKind.DISTRIBUTOR_LEG, "20"), leg(ComponentKind.RESELLER_LEG, "30")


@pytest.mark.parametrize(
    ("components", "found_it", "witness"),
    [
        ((DISTRIBUTOR, RESELLER), True,
         {"distributor_leg": percent(20), "reseller_leg": percent(30), "together": percent(50)}),
        ((DISTRIBUTOR, leg(ComponentKind.RESELLER_LEG, "0")), True,
         {"distributor_leg": percent(20), "reseller_leg": percent(0), "together": percent(20)}),
        # what is paid for the rest is no leg, and two of one kind are one tier
        ((DISTRIBUTOR, RESELLER, PLAIN), True,
         {"distributor_leg": percent(20), "reseller_leg": percent(30), "together": percent(50)}),
        ((DISTRIBUTOR, PLAIN), False, None),
        ((RESELLER, attrs.evolve(RESELLER, name="other")), False, None),
        # an amount that no rate bounds
        ((DISTRIBUTOR, attrs.evolve(RESELLER, fixed=eur("1"), accumulate=Accumulate.GROUP, group="country")), True, None),
    ],
)  # fmt: skip
def test_two_legs_are_told_with_their_rates(
    components: tuple[Component, ...], found_it: bool, witness: dict[str, Any] | None
) -> None:
    legs = [one for one in lint(*components, facts=FACTS) if one.code == "no-ceiling"]
    assert (
        held(legs)
        == [
            (
                "no-ceiling",
                "ceiling",
                "distributor and reseller are paid on the same sale, and the plan has no ceiling",
            )
        ]
        * found_it
    )
    assert [one.witness for one in legs] == [witness] * found_it


def test_components_are_told_in_order_then_what_they_ask_for_then_all_together() -> None:
    cliff = attrs.evolve(
        RESELLER, curve=curve(("1000", "10"), (None, "5"), mode=Mode.WHOLE), guarantee=eur("1")
    )
    never = attrs.evolve(DISTRIBUTOR, when=all_of(fact("seats").at_least(10), fact("seats").less_than(5)))
    assert [(one.code, one.path) for one in lint(never, cliff, facts=FACTS)] == [
        ("cliff", "components[1].curve[1]"),
        ("never-eligible", "components[0].when"),
        ("no-ceiling", "ceiling"),
    ]
