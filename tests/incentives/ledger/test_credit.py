"""Who is credited with what of a sale, why not, and where its refunds go."""

import datetime
from fractions import Fraction as F
from typing import Any

import attrs
import pytest

from prmcore.decisions import FactField, FactSchema, FactSheet, Kind, all_of, fact
from prmcore.errors import InvalidInput
from prmcore.incentives.ledger.credit import Credit, Crediting, Eligibility, Uncounted, Why
from prmcore.incentives.ledger.model import Ledger
from prmcore.incentives.ledger.posting import Circumstances, post
from prmcore.incentives.plans.curve import Band, Curve
from prmcore.incentives.plans.facts import Base, Day, Share, Transaction
from prmcore.incentives.plans.model import Accumulate, By, Component, Plan
from prmcore.incentives.plans.splits import At, Split, SplitKind
from prmcore.values import Dated, DateRange, ExchangeRates, Money, Rate, RollingMonths

FACTS = FactSchema(
    "sale",
    (FactField("product", Kind.CODE), FactField("registered", Kind.BOOL), FactField("order", Kind.CODE)),
)
TEN = Curve((Band(rate=Rate.percent(10)),))
YEAR = DateRange(datetime.date(2026, 1, 1), datetime.date(2027, 1, 1))
KNOWN = datetime.date(2026, 12, 31)
NAME = "reseller/2026/rebate/it"


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def it(name: str = "it", **said: Any) -> Component:
    given: dict[str, Any] = {"name": name, "unit": "EUR", "curve": TEN}
    return Component(**(given | said))


def plans(*components: Component) -> Dated[Plan]:
    return Dated(((YEAR, Plan(name="reseller/2026/rebate", components=components, facts=FACTS)),))


def sale(
    name: str, net: str | Money | None = "100", on: str | None = "2026-02-10", **said: Any
) -> Transaction:
    facts = said.pop("facts", None)
    given: dict[str, Any] = {
        "id": name,
        "parties": {"partner": "acme"},
        "days": {Day.INVOICED: day(on)} if on else {},
        "net": Money.parse(net if " " in net else f"{net} EUR") if isinstance(net, str) else net,
        "facts": FactSheet.of(FACTS, facts) if facts is not None else None,
    }
    return Transaction(**(given | said))


def found(
    which: Dated[Plan],
    *transactions: Transaction,
    ledger: Ledger | None = None,
    exchange: ExchangeRates | None = None,
) -> tuple[list[Credit], list[Uncounted]]:
    return Crediting(which, KNOWN, exchange).credits(transactions, ledger or Ledger())


def credited(*args: Any, **said: Any) -> list[tuple[str, str, F]]:
    credits, _ = found(*args, **said)
    return [(one.earner, one.component.rpartition("/")[2], one.share.pay) for one in credits]


@pytest.mark.parametrize(
    ("transaction", "why", "what"),
    [
        (sale("a", on=None), Why.NOT_YET, "invoiced"),
        (sale("a", on="2027-01-01"), Why.NOT_YET, "invoiced"),
        (sale("a", on="2025-12-31"), Why.NO_PLAN, ""),
        (sale("a", facts={"product": "B"}), Why.NOT_COVERED, ""),
        (sale("a", facts={}), Why.UNKNOWN_FACT, "product"),
        (sale("a"), Why.UNKNOWN_FACT, "product"),
        (sale("a", facts={"product": "A"}, parties={"distributor": "d"}), Why.NO_PARTY, "partner"),
        (sale("a", None, facts={"product": "A"}), Why.NO_AMOUNT, "net"),
        (sale("r", "-5", returns="a"), Why.NO_SALE, "a"),
    ],
)
def test_what_is_not_counted_says_why(transaction: Transaction, why: Why, what: str) -> None:
    """No match is something else than a rate of zero, and an empty answer explains nothing."""
    credits, uncounted = found(plans(it(when=fact("product").equals("A"))), transaction)
    assert credits == []
    assert [(one.transaction, one.why, one.what) for one in uncounted] == [(transaction.id, why, what)]


def test_of_components_that_exclude_one_another_the_first_by_priority_takes_the_sale() -> None:
    which = plans(
        it("rest", exclusive="rate", priority=9),
        it("registered", exclusive="rate", priority=1, when=fact("registered").is_true()),
        it("product", exclusive="rate", priority=2, when=fact("product").equals("A")),
        it("always"),
    )
    both = {"registered": True, "product": "A"}
    for facts, taker in (
        (both, "registered"),
        (both | {"registered": False}, "product"),
        ({"registered": False, "product": "B"}, "rest"),
    ):
        assert sorted(name for _, name, _ in credited(which, sale("a", facts=facts))) == sorted(
            ["always", taker]
        )


def test_while_it_is_not_known_which_takes_the_sale_none_of_the_later_ones_does() -> None:
    which = plans(
        it("registered", exclusive="rate", priority=1, when=fact("registered").is_true()),
        it("rest", exclusive="rate", priority=2),
    )
    credits, uncounted = found(which, sale("a", facts={}))
    assert credits == []
    assert uncounted == [Uncounted("a", Why.UNKNOWN_FACT, "reseller/2026/rebate/registered", "registered")]


def test_the_partners_credit_is_shared_and_a_specialist_is_credited_on_top() -> None:
    third = dict.fromkeys(("acme", "bolt", "cato"), F(1, 3))
    transaction = sale("a", credits=third, overlay={"expert": F(1, 2)})
    assert credited(plans(it(), it("help", payee="overlay")), transaction) == [
        ("acme", "it", F(10000, 3)), ("bolt", "it", F(10000, 3)), ("cato", "it", F(10000, 3)), ("expert", "help", F(5000)),
    ]  # fmt: skip


def test_a_split_of_the_component_at_credit_says_who_is_credited() -> None:
    revenue = Split(shares={"acme": Rate.percent(60), "bolt": Rate.percent(40)}, at=At.CREDIT)
    assert credited(plans(it(split=revenue)), sale("a")) == [("acme", "it", F(6000)), ("bolt", "it", F(4000))]
    overlay = Split(
        shares={"x": Rate.percent(100), "y": Rate.percent(50)}, at=At.CREDIT, kind=SplitKind.OVERLAY
    )
    assert credited(plans(it(split=overlay)), sale("a")) == [("x", "it", F(10000)), ("y", "it", F(5000))]


def test_both_legs_of_two_tiers_are_paid_for_the_same_sale() -> None:
    which = plans(it("distributor", payee="distributor"), it("reseller"))
    assert credited(which, sale("a", parties={"partner": "acme", "distributor": "dist"})) == [
        ("dist", "distributor", F(10000)), ("acme", "reseller", F(10000)),
    ]  # fmt: skip


def test_each_base_is_measured_and_two_measures_may_differ() -> None:
    transaction = sale("a", "80", gross=Money.of("100", "EUR"), cost=Money.of("90", "EUR"), units=F(3))
    for base, pay in ((Base.GROSS, 10000), (Base.NET, 8000), (Base.MARGIN, -1000)):
        assert credited(plans(it(base=base)), transaction) == [("acme", "it", F(pay))]
    ((credit,), _) = found(plans(it(by=By.UNITS)), transaction)
    assert (credit.share.quantity, credit.share.pay) == (F(3), F(8000))


def test_a_refund_goes_where_its_sale_went_whatever_it_looks_like_itself() -> None:
    """Its own day is in another quarter, its facts are not given, it names no party: it follows the sale."""
    which = plans(it(when=fact("product").equals("A"), accumulate=Accumulate.GROUP, group="order"))
    a = sale("a", facts={"product": "A", "order": "17"}, credits={"acme": F(1, 4), "bolt": F(3, 4)})
    r = sale("r", "-40", on="2026-07-01", returns="a", parties={})
    credits, uncounted = found(which, a, r)
    assert uncounted == []
    assert [
        (one.earner, one.day, one.share.bucket, one.share.pay) for one in credits if one.share.returns
    ] == [
        ("acme", day("2026-02-10"), "17", F(-1000)),
        ("bolt", day("2026-02-10"), "17", F(-3000)),
    ]


def test_a_refund_of_a_sale_that_only_the_ledger_knows_goes_there_too() -> None:
    which = plans(it())
    ledger = Ledger(post(which, [sale("a")], Ledger(), known=KNOWN).entries)
    credits, uncounted = found(which, sale("r", "-40", on="2026-07-01", returns="a"), ledger=ledger)
    assert uncounted == []
    assert [(one.earner, one.day, one.share.pay) for one in credits] == [
        ("acme", day("2026-02-10"), F(-4000))
    ]


def test_a_refund_of_a_sale_of_another_plan_says_that_its_plan_is_missing() -> None:
    ledger = Ledger(post(plans(it()), [sale("a")], Ledger(), known=KNOWN).entries)
    other = Dated(((YEAR, Plan(name="oem/2026/fees", components=(it(),))),))
    _, uncounted = found(other, sale("r", "-40", returns="a"), ledger=ledger)
    assert uncounted == [Uncounted("r", Why.NO_PLAN, "reseller/2026/rebate/it", "a")]


def test_what_is_paid_on_payment_waits_for_it() -> None:
    which = plans(it(day=Day.PAID))
    waiting = sale("a")
    assert found(which, waiting) == ([], [Uncounted("a", Why.NOT_YET, "reseller/2026/rebate/it", "paid")])
    paid = sale("a", days={Day.INVOICED: day("2026-02-10"), Day.PAID: day("2026-05-02")})
    ((credit,), uncounted) = found(which, paid)
    assert (credit.day, uncounted) == (day("2026-05-02"), [])


def test_what_looks_back_sees_the_sales_of_before_the_plan() -> None:
    rolling = it("rolling", accumulate=Accumulate.ROLLING, window=RollingMonths(12))
    credits, uncounted = found(plans(rolling, it()), sale("a", on="2025-11-30"))
    assert [(one.component, one.day) for one in credits] == [
        ("reseller/2026/rebate/rolling", day("2025-11-30"))
    ]
    assert [one.why for one in uncounted] == [Why.NO_PLAN]


# other currencies

RATES = ExchangeRates.of(
    "ecb/2026",
    {("USD", "EUR"): {day("2026-02-10"): "0.90", day("2026-07-01"): "0.80", day("2026-02-11"): "0.70"}},
)


def test_a_sale_is_converted_at_the_rate_of_its_day_and_its_refund_too() -> None:
    """100 USD at 0.90 are 90 EUR; half of it refunded in July at 0.80 takes back 45 and not 40."""
    credits, _ = found(
        plans(it()), sale("a", "100 USD"), sale("r", "-50 USD", on="2026-07-01", returns="a"), exchange=RATES
    )
    assert [one.share.pay for one in credits] == [9000, -4500]
    kept = credits[1].share
    assert kept.source == Money.of("-50", "USD")
    assert kept.exchange is not None
    assert (kept.exchange.rate, kept.exchange.day, kept.exchange.table) == (
        F(9, 10),
        day("2026-02-10"),
        "ecb/2026",
    )


def test_a_refund_in_another_currency_is_converted_at_the_rate_of_the_day_of_its_sale() -> None:
    credits, _ = found(
        plans(it()), sale("a"), sale("r", "-50 USD", on="2026-07-01", returns="a"), exchange=RATES
    )
    assert [one.share.pay for one in credits] == [10000, -4500]


def test_the_day_that_counts_is_the_one_whose_rate_is_taken() -> None:
    days = {Day.INVOICED: day("2026-02-10"), Day.SIGNED: day("2026-02-11")}
    ((credit,), _) = found(plans(it(day=Day.SIGNED)), sale("a", "100 USD", days=days), exchange=RATES)
    assert credit.share.pay == 7000


def test_a_refund_keeps_the_rate_that_its_sale_was_counted_at_when_the_table_is_another() -> None:
    posted = post(
        plans(it()),
        [sale("a", "100 USD")],
        Ledger(),
        known=KNOWN,
        circumstances=Circumstances(exchange=RATES),
    )
    corrected = ExchangeRates.of("ecb/2026-corrected", {("USD", "EUR"): {day("2026-02-10"): "0.95"}})
    ((credit,), _) = found(
        plans(it()), sale("r", "-100 USD", returns="a"), ledger=Ledger(posted.entries), exchange=corrected
    )
    assert credit.share.pay == -9000


def test_a_currency_without_a_rate_is_an_error_and_units_need_none() -> None:
    with pytest.raises(InvalidInput, match="cannot be converted"):
        found(plans(it()), sale("a", "100 USD"))
    with pytest.raises(InvalidInput, match="cannot be converted"):
        found(plans(it()), sale("a", "100 USD", on="2026-03-01"), exchange=RATES)
    units = it(base=Base.UNITS, curve=Curve((Band(each=Money.of("2", "EUR")),)))
    assert credited(plans(units), sale("a", "100 USD", units=F(3))) == [("acme", "it", F(3))]


def test_points_are_for_each_unit_of_the_currency_whatever_its_digits() -> None:
    """250.00 EUR and 250 JPY are both 250 that points are given for; the band is chosen in minor units."""
    for currency, quantity in (("EUR", 25_000), ("JPY", 250)):
        points = it(unit="points", currency=currency)
        ((credit,), _) = found(plans(points), sale("a", f"250 {currency}"))
        assert (credit.share.quantity, credit.share.pay) == (F(quantity), F(250))


# what is refused where it is born


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"net": Money.of("-1", "EUR")}, "accepted: zero or more, or `returns`"),
        ({"net": Money.of("1", "EUR"), "returns": "a"}, "accepted: zero or less"),
        ({"units": F(-1)}, "zero or more"),
        ({"cost": Money.of("1", "USD")}, "amounts of one currency"),
        ({"credits": {"acme": F(1, 3), "bolt": F(1, 3)}}, "add up to 2/3; accepted: exactly 1"),
        ({"credits": {"acme": F(3, 2), "bolt": F(-1, 2)}}, "zero or more"),
        ({"overlay": {"expert": F(-1, 2)}}, "zero or more"),
        ({"credits": {"acme": 0.5, "bolt": 0.5}}, "found 0.5"),
        ({"units": 2.5}, "found 2.5"),
    ],
)
def test_a_transaction_is_checked_where_it_is_born(said: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        sale("a", **said)


def test_shares_of_the_credit_are_exact() -> None:
    """Six times 14.29 % and 14.26 % make 100 %, which a sum of floats need not say."""
    seven = {f"p{place}": F("0.1429") for place in range(6)} | {"p6": F("0.1426")}
    assert sale("a", credits=seven).credits == seven


# every field of a credit, and what keeps, orders and names it


def test_a_credit_says_for_whom_by_what_and_how_much() -> None:
    """100.00 USD at 0.90 are 90.00 EUR; a quarter of them, and of the three units that choose the band."""
    which = plans(it(by=By.UNITS, accumulate=Accumulate.GROUP, group="order"))
    sold = sale("a", "100 USD", facts={"order": "17"}, units=F(3), credits={"acme": F(1, 4), "bolt": F(3, 4)})
    (first, _), uncounted = found(which, sold, exchange=RATES)
    rate = RATES.on("USD", "EUR", day("2026-02-10"))
    assert first == Credit("acme", "reseller/2026/rebate/it", day("2026-02-10"), Share(
        transaction="a", day=day("2026-02-10"), quantity=F(3, 4), pay=F(2250), returns=None, bucket="17", credit=F(1, 4),
        source=Money.of("100", "USD"), exchange=rate,
    ))  # fmt: skip
    assert uncounted == []
    (back, _), _ = found(
        which,
        sale("r", "-40 USD", on="2026-07-01", returns="a", units=F(-1)),
        ledger=counted(which, sold),
        exchange=RATES,
    )
    assert back == Credit("acme", "reseller/2026/rebate/it", day("2026-02-10"), Share(
        transaction="r", day=day("2026-07-01"), quantity=F(-1, 4), pay=F(-900), returns="a", bucket="17", credit=F(1, 4),
        source=Money.of("-40", "USD"), exchange=rate,
    ))  # fmt: skip


def counted(which: Dated[Plan], *sales: Transaction) -> Ledger:
    around = Circumstances(exchange=RATES)
    return Ledger(post(which, sales, Ledger(), known=KNOWN, circumstances=around).entries)


def test_what_is_not_converted_keeps_no_source_and_no_rate() -> None:
    ((credit,), _) = found(plans(it()), sale("a"), exchange=RATES)
    assert (credit.share.source, credit.share.exchange) == (None, None)


@pytest.mark.parametrize(
    ("component", "transaction", "expected"),
    [
        (it(), sale("a", on="2025-12-31"), Uncounted("a", Why.NO_PLAN, "", "")),
        (it(when=fact("product").equals("A")), sale("a", facts={"product": "B"}), Uncounted("a", Why.NOT_COVERED, "", "")),
        (it(payee="distributor"), sale("a"), Uncounted("a", Why.NO_PARTY, NAME, "distributor")),
        (it(base=Base.MARGIN), sale("a"), Uncounted("a", Why.NO_AMOUNT, NAME, "margin")),
        (it(by=By.UNITS), sale("a"), Uncounted("a", Why.NO_AMOUNT, NAME, "net")),
        (it(day=Day.SIGNED), sale("a"), Uncounted("a", Why.NOT_YET, NAME, "signed")),
        (it(accumulate=Accumulate.GROUP, group="order"), sale("a", facts={}), Uncounted("a", Why.UNKNOWN_FACT, NAME, "order")),
        (it(accumulate=Accumulate.GROUP, group="order"), sale("a"), Uncounted("a", Why.UNKNOWN_FACT, NAME, "order")),
        (it(), sale("r", "-5", returns="x"), Uncounted("r", Why.NO_SALE, "", "x")),
        (
            it(when=all_of(fact("registered").is_true(), fact("product").equals("A"))), sale("a"),
            Uncounted("a", Why.UNKNOWN_FACT, NAME, "product, registered"),
        ),
    ],
)  # fmt: skip
def test_why_a_transaction_is_not_counted_names_the_component_and_what_is_missing(
    component: Component, transaction: Transaction, expected: Uncounted
) -> None:
    assert found(plans(component), transaction) == ([], [expected])


def test_a_day_counts_up_to_the_one_that_is_known() -> None:
    for on, counts in (("2026-12-31", True), ("2027-01-01", False)):
        credits, uncounted = found(plans(it()), sale("a", on=on))
        assert (len(credits), len(uncounted)) == (int(counts), int(not counts))
    sold = sale("a")
    for on, why in (("2026-12-31", []), ("2027-01-01", [Uncounted("r", Why.NOT_YET, NAME, "invoiced")])):
        _, uncounted = found(plans(it()), sold, sale("r", "-5", on=on, returns="a"))
        assert uncounted == why


@pytest.mark.parametrize(
    ("facts", "takes"),
    [
        ({"product": "A", "registered": True}, True),
        ({"product": "A"}, None),
        ({"product": "B"}, False),  # whatever is not known of it
        ({"registered": False}, False),
        ({}, None),
        (None, None),
    ],
)
def test_what_is_not_known_is_open_as_long_as_it_matters(
    facts: dict[str, Any] | None, takes: bool | None
) -> None:
    both = Eligibility(it(when=all_of(fact("product").equals("A"), fact("registered").is_true())), FACTS)
    assert both.takes(sale("a", facts=facts), KNOWN) is takes
    assert Eligibility(it(), FACTS).takes(sale("a", facts=facts), KNOWN) is True


def test_facts_of_another_schema_are_read_by_their_names() -> None:
    """Another version of the plan knew them in another order, and one of them not at all."""
    asks = Eligibility(it(when=fact("product").equals("A")), FACTS)
    turned = FactSchema("sale", (FactField("order", Kind.CODE), FactField("product", Kind.CODE)))
    less = FactSchema("sale", (FactField("order", Kind.CODE),))
    for schema, facts, takes in (
        (turned, {"order": "B", "product": "A"}, True),
        (turned, {"order": "A", "product": "B"}, False),
        (less, {"order": "A"}, None),
        (turned, {"order": "B", "product": "A"}, True),
    ):
        transaction = attrs.evolve(sale("a"), facts=FactSheet.of(schema, facts))
        assert asks.takes(transaction, KNOWN) is takes
        seen = asks.seen(transaction)
        assert (seen["order"], seen["product"], seen["registered"]) == (
            facts["order"],
            facts.get("product"),
            None,
        )
    grouped = it(accumulate=Accumulate.GROUP, group="order")
    (credit,), _ = found(plans(grouped), attrs.evolve(sale("a"), facts=FactSheet.of(less, {"order": "17"})))
    assert credit.share.bucket == "17"
    lacking = attrs.evolve(sale("a"), facts=FactSheet.of(FactSchema("sale", ()), {}))
    assert found(plans(grouped), lacking)[1] == [Uncounted("a", Why.UNKNOWN_FACT, NAME, "order")]


def test_each_sale_is_a_bucket_of_its_own_where_each_is_calculated_alone() -> None:
    for accumulate, bucket in (
        (Accumulate.TRANSACTION, "a"),
        (Accumulate.PERIOD, ""),
        (Accumulate.LIFETIME, ""),
    ):
        (credit,), _ = found(plans(it(accumulate=accumulate)), sale("a"))
        assert credit.share.bucket == bucket


def test_components_are_asked_by_priority_one_without_any_as_if_it_were_nought() -> None:
    for components, order in (
        ([it("late", exclusive="x", priority=1), it("plain")], ["plain", "late"]),
        ([it("first", exclusive="x", priority=0), it("plain")], ["first", "plain"]),
        ([it("plain"), it("early", exclusive="x", priority=-1)], ["early", "plain"]),
    ):
        assert [name for _, name, _ in credited(plans(*components), sale("a"))] == order


def test_refunds_are_read_after_all_sales_whatever_comes_first() -> None:
    assert [pay for _, _, pay in credited(plans(it()), sale("r", "-40", returns="a"), sale("a"))] == [
        10000,
        -4000,
    ]


def test_the_day_of_a_refund_is_the_one_that_counts_or_its_last_or_that_of_its_sale() -> None:
    which, sold = plans(it(day=Day.PAID)), {Day.PAID: day("2026-02-10")}
    for days, own in (
        ({Day.PAID: day("2026-03-01"), Day.CLOSED: day("2026-04-01")}, "2026-03-01"),
        ({Day.SIGNED: day("2026-05-01"), Day.CLOSED: day("2026-04-01")}, "2026-05-01"),
        ({}, "2026-02-10"),
    ):
        credits, _ = found(which, sale("a", days=sold), sale("r", "-5", returns="a", days=days))
        assert [(one.day, one.share.day) for one in credits] == [
            (day("2026-02-10"), day("2026-02-10")),
            (day("2026-02-10"), day(own)),
        ]


def test_a_refund_is_judged_for_each_credit_of_its_sale() -> None:
    """Shared by two, its day has not come for either; without an amount it is not known for either."""
    which = plans(it())
    sold = sale("a", credits={"acme": F(1, 2), "bolt": F(1, 2)})
    _, uncounted = found(which, sold, sale("r", "-5", on="2027-01-01", returns="a"))
    assert uncounted == [Uncounted("r", Why.NOT_YET, NAME, "invoiced")] * 2
    _, uncounted = found(which, sold, sale("r", None, returns="a"))
    assert uncounted == [Uncounted("r", Why.NO_AMOUNT, NAME, "net")] * 2


def test_a_refund_goes_to_the_components_that_are_given_and_leaves_the_others() -> None:
    ledger = counted(plans(it("old"), it("new")), sale("a"))
    credits, uncounted = found(plans(it("new")), sale("r", "-5", returns="a"), ledger=ledger)
    assert [(one.component, one.share.pay) for one in credits] == [("reseller/2026/rebate/new", F(-500))]
    assert uncounted == []


def test_nothing_is_returned_of_what_takes_back_itself() -> None:
    ledger = counted(plans(it()), sale("a"), sale("r", "-5", returns="a"))
    _, uncounted = found(plans(it()), sale("q", "-1", returns="r"), ledger=ledger)
    assert uncounted == [Uncounted("q", Why.NO_SALE, "", "r")]


def test_what_pays_nothing_and_chooses_a_band_is_counted_all_the_same() -> None:
    """Three units sold at cost: a margin of nothing; it stays while its cost is not known, and a refund follows it."""
    which = plans(it(base=Base.MARGIN, by=By.UNITS))
    sold = sale("a", cost=Money.of("100", "EUR"), units=F(3))
    ledger = counted(which, sold)
    for transaction, quantity in (
        (attrs.evolve(sold, cost=None), 3),
        (sale("r", "-50", returns="a", cost=Money.of("-50", "EUR"), units=F(-1)), -1),
    ):
        ((credit,), _) = found(which, transaction, ledger=ledger)
        assert (credit.share.pay, credit.share.quantity) == (F(0), F(quantity))


def test_what_is_not_known_of_a_refund_stays_as_it_was_counted_on_the_day_of_its_sale() -> None:
    which = plans(it())
    back = sale("r", "-5", on="2026-04-09", returns="a")
    ledger = counted(which, sale("a"), back)
    credits, _ = found(which, attrs.evolve(back, net=None), ledger=ledger)
    assert [(one.earner, one.day, one.share.day, one.share.pay) for one in credits] == [
        ("acme", day("2026-02-10"), day("2026-04-09"), F(-500))
    ]


def test_a_sale_keeps_the_rate_that_it_was_counted_at_on_its_day_and_no_other() -> None:
    later = ExchangeRates.of(
        "ecb/2", {("USD", "EUR"): {day("2026-02-10"): "0.50", day("2026-02-11"): "0.60"}}
    )
    ledger = counted(plans(it()), sale("a", "100 USD"))
    for transaction, pay in ((sale("a", "200 USD"), 18000), (sale("a", "200 USD", on="2026-02-11"), 12000)):
        ((credit,), _) = found(plans(it()), transaction, ledger=ledger, exchange=later)
        assert credit.share.pay == pay
    other = plans(it("other"))
    ((credit,), _) = found(other, sale("a", "200 USD"), ledger=ledger, exchange=later)
    assert credit.share.pay == 10000


def test_what_cannot_be_converted_is_said_of_each_transaction_at_once() -> None:
    with pytest.raises(InvalidInput, match="the transactions cannot be converted") as caught:
        found(plans(it()), sale("a", "1 USD"), sale("b", "1 CHF"), sale("c"))
    assert [(fault.path, fault.message) for fault in caught.value.faults] == [
        ("a", "found USD; it counts in EUR, and there is no table of rates"),
        ("b", "found CHF; it counts in EUR, and there is no table of rates"),
    ]
    with pytest.raises(InvalidInput) as caught:
        found(plans(it()), sale("a", "1 USD", on="2026-03-01"), exchange=RATES)
    assert [fault.path for fault in caught.value.faults] == ["a"]


def test_an_overlay_that_nobody_is_in_has_no_party() -> None:
    assert found(plans(it(payee="overlay")), sale("a"))[1] == [Uncounted("a", Why.NO_PARTY, NAME, "overlay")]


def test_the_credit_is_shared_for_the_partner_and_not_for_other_parties() -> None:
    shared = sale("a", parties={"partner": "acme", "distributor": "d"}, credits={"x": F(1)})
    assert credited(plans(it("d", payee="distributor"), it()), shared) == [
        ("d", "d", F(10000)),
        ("x", "it", F(10000)),
    ]
    at_payout = it(split=Split(shares={"y": Rate.percent(100)}))
    assert credited(plans(at_payout), sale("a")) == [("acme", "it", F(10000))]


def test_what_looks_back_counts_a_sale_of_before_its_plan_only_where_it_would_take_it() -> None:
    rolling = it(
        "rolling", accumulate=Accumulate.ROLLING, window=RollingMonths(12), when=fact("product").equals("A")
    )
    for facts, count in (({"product": "A"}, 1), ({"product": "B"}, 0), ({}, 0)):
        credits, uncounted = found(plans(rolling), sale("a", on="2025-11-30", facts=facts))
        assert len(credits) == count
        assert uncounted == [Uncounted("a", Why.NO_PLAN, "", "")]
