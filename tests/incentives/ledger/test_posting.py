"""From transactions to entries: increments, late facts, corrections, plan versions, books, all worked out by hand."""

import datetime
from collections.abc import Iterable
from fractions import Fraction as F
from typing import Any

import attrs
import pytest

from prmcore.decisions import FactField, FactSchema, FactSheet, Kind, fact
from prmcore.errors import InvalidInput
from prmcore.incentives.ledger.credit import Why
from prmcore.incentives.ledger.model import Bookkeeping, BookPeriod, Entry, EntryKind, Ledger, PeriodState
from prmcore.incentives.ledger.posting import Circumstances, Posting, Quota, post, replayed_entry
from prmcore.incentives.plans.curve import Band, Curve, Mode
from prmcore.incentives.plans.facts import Base, Day, Earning, Share, Transaction
from prmcore.incentives.plans.lines import Line, LineKind
from prmcore.incentives.plans.model import Accumulate, Basis, By, Clawback, Component, Missed, Plan, Target
from prmcore.incentives.plans.policy import ComponentPolicy
from prmcore.incentives.plans.splits import At, Split, SplitKind
from prmcore.values import Dated, DateRange, ExchangeRates, FiscalCalendar, Money, Rate, RollingMonths

FACTS = FactSchema("sale", (FactField("product", Kind.CODE), FactField("order", Kind.CODE)))
YEAR = DateRange(datetime.date(2026, 1, 1), datetime.date(2027, 1, 1))
NAME = "reseller/2026/rebate"


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def eur(amount: str) -> Money:
    return Money.of(amount, "EUR")


def percent(*bands: tuple[str | None, str], **said: Any) -> Curve:
    return Curve(
        tuple(Band(up_to=eur(to) if to else None, rate=Rate.percent(rate)) for to, rate in bands), **said
    )


TEN = percent((None, "10"))
TIERS = percent(("1000", "10"), (None, "25"))
CLIFF = percent(("1000", "5"), (None, "10"), mode=Mode.WHOLE)


def it(curve: Curve = TEN, name: str = "it", **said: Any) -> Component:
    given: dict[str, Any] = {"name": name, "unit": "EUR", "curve": curve}
    return Component(**(given | said))


def plan(*components: Component, name: str = NAME) -> Plan:
    return Plan(name=name, components=components, facts=FACTS)


def sale(name: str, net: str = "100", on: str = "2026-02-10", **said: Any) -> Transaction:
    facts, known = said.pop("facts", None), said.pop("known", None)
    given: dict[str, Any] = {
        "id": name,
        "parties": {"partner": "acme"},
        "days": {Day.INVOICED: day(on)},
        "net": Money.parse(net if " " in net else f"{net} EUR"),
        "facts": FactSheet.of(FACTS, facts) if facts is not None else None,
        "recorded": day(known) if known else None,
    }
    return Transaction(**(given | said))


class Desk:
    """Plans, a ledger, and runs that add what they post to it."""

    def __init__(self, *components: Component, plans: Dated[Plan] | None = None, **always: Any) -> None:
        self.plans = plans if plans is not None else Dated(((YEAR, plan(*components)),))
        self.ledger = Ledger()
        self.always = always

    def run(self, on: str, transactions: Iterable[Transaction], **said: Any) -> Posting:
        given, arguments = tuple(transactions), self.always | said
        posted = post(self.plans, given, self.ledger, known=day(on), **arguments)
        self.ledger.add(posted.entries)
        again = post(self.plans, given, self.ledger, known=day(on), **arguments)
        assert again.entries == (), "a second run posts nothing"
        for one in posted.entries:
            self.check(one)
        return posted

    def check(self, one: Entry) -> None:
        """It recomputes to what is posted, to all payees where it is split."""
        if one.earning is None:
            return
        component = next(
            c for _, p in self.plans.entries for c in p.components if f"{p.name}/{c.name}" == one.component
        )
        found = replayed_entry(self.ledger, one, ComponentPolicy(component, one.component))
        assert found.amount is not None
        posted = sum(e.amount.minor for e in self.ledger.of(one.calculation) if e.number <= one.number)
        if component.split is None or component.split.kind is not SplitKind.OVERLAY:
            assert found.amount.minor == posted

    def posts(self, on: str, transactions: Iterable[Transaction], **said: Any) -> list[str]:
        return [str(one.amount.amount) for one in self.run(on, transactions, **said).entries]

    def balance(self, payee: str = "acme", unit: str = "EUR") -> str:
        return str(self.ledger.balance(payee, unit).amount)


# increments


def test_each_run_posts_what_is_due_by_now_less_what_was_posted() -> None:
    """10 % up to 1,000, 25 % beyond: 800 makes 80; 1,500.55 makes 100 + 125.1375 = 225.14, so 145.14 more."""
    desk = Desk(it(TIERS))
    a, b, r = (
        sale("a", "800"),
        sale("b", "700.55", "2026-02-11"),
        sale("r", "-700.55", "2026-03-10", returns="b"),
    )
    assert desk.posts("2026-02-10", [a]) == ["80.00"]
    assert desk.posts("2026-02-12", [a, b]) == ["145.14"]
    assert desk.posts("2026-03-10", [a, b, r]) == ["-145.14"]
    assert [one.id for one in desk.ledger] == [
        f"acme|{NAME}/it|FY2026-Q1|acme#{number}" for number in (1, 2, 3)
    ]


def test_a_late_fact_needs_nothing_but_itself() -> None:
    desk = Desk(it(TIERS))
    assert desk.posts("2026-02-12", [sale("a", "800"), sale("b", "700.55")]) == ["225.14"]
    assert desk.posts("2026-03-01", [sale("late", "300", "2026-01-05")], whole=False) == ["75.00"]
    assert desk.posts("2026-03-02", [sale("back", "-300", "2026-03-02", returns="late")], whole=False) == [
        "-75.00"
    ]


def test_an_entry_keeps_all_that_it_rests_on_and_nothing_that_its_component_does_not_ask_for() -> None:
    desk = Desk(it())
    desk.run("2026-02-10", [sale("a")])
    (entry,) = desk.ledger
    found = entry.earning
    assert found is not None
    assert (found.payee, found.period, [share.transaction for share in found.shares]) == (
        "acme",
        "FY2026-Q1",
        ["a"],
    )
    assert (found.quota, found.baseline) == (None, None)
    assert found.part == 1
    assert found.window == found.carried == 0
    assert not found.closing


def test_an_entry_is_a_correction_where_it_takes_back_and_says_of_what() -> None:
    desk = Desk(it())
    desk.run("2026-02-10", [sale("a")])
    (earned,) = desk.ledger
    (back,) = desk.run("2026-03-10", [sale("a"), sale("r", "-100", "2026-03-10", returns="a")]).entries
    assert (earned.kind, earned.corrects) == (EntryKind.EARNED, None)
    assert (back.kind, back.corrects) == (EntryKind.CLAWBACK, earned.id)
    assert [line.what for line in back.lines] == [LineKind.POSTED]


def test_what_is_no_longer_among_the_whole_is_taken_back() -> None:
    """Undoing one of two refunds leaves the other; a calculation that has nothing left comes to nothing."""
    desk = Desk(it())
    a, r, s = (
        sale("a"),
        sale("r", "-20", "2026-03-01", returns="a"),
        sale("s", "-30", "2026-03-02", returns="a"),
    )
    assert desk.posts("2026-03-03", [a, r, s]) == ["5.00"]
    assert desk.posts("2026-03-04", [a, s]) == ["2.00"]
    assert desk.posts("2026-03-05", []) == ["-7.00"]
    assert desk.posts("2026-03-06", []) == []
    assert desk.posts("2026-03-07", [a]) == ["10.00"]


def test_a_sale_beyond_the_cap_is_counted_though_it_moves_nothing() -> None:
    """OpenMeter: cap 100; 150 posts 100; less 70 it is 80, so it posts -20."""
    desk = Desk(it(percent((None, "100")), cap=eur("100")))
    assert desk.posts("2026-02-10", [sale("a", "90")]) == ["90.00"]
    assert desk.posts("2026-02-11", [sale("b", "60")], whole=False) == ["10.00"]
    assert desk.posts("2026-02-12", [sale("c", "60")], whole=False) == ["0.00"]
    assert desk.posts("2026-02-13", [sale("r", "-60", returns="c")], whole=False) == ["0.00"]
    assert desk.posts("2026-02-14", [sale("s", "-70", returns="a")], whole=False) == ["-20.00"]


# what accumulates


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"accumulate": Accumulate.TRANSACTION}, {"FY2026-Q1": "65.00", "FY2026-Q2": "30.00"}),
        ({"accumulate": Accumulate.GROUP, "group": "order"}, {"FY2026-Q1": "130.00", "FY2026-Q2": "30.00"}),
        ({}, {"FY2026-Q1": "130.00", "FY2026-Q2": "30.00"}),
        ({"period": "month"}, {"2026-01": "30.00", "2026-02": "35.00", "2026-04": "30.00"}),
        ({"period": "year"}, {"FY2026": "190.00"}),
        ({"accumulate": Accumulate.LIFETIME}, {"lifetime": "190.00"}),
    ],
)
def test_what_is_added_up_before_the_bands_are_asked(said: dict[str, Any], expected: dict[str, str]) -> None:
    """600, 700 and 600 at 5 % up to 1,000 and 10 % of everything beyond; the first two are of one order.

    One by one 30 + 35 + 30; the orders 1,300 x 10 % and 600 x 5 %; the year 1,900 x 10 %. By months 30, 35 and 30.
    """
    desk = Desk(it(CLIFF, **said))
    sales = [
        sale("a", "600", "2026-01-10", facts={"order": "17"}),
        sale("b", "700", "2026-02-10", facts={"order": "17"}),
        sale("c", "600", "2026-04-10", facts={"order": "18"}),
    ]
    posted = desk.run("2026-04-10", sales).entries
    assert {one.period: str(one.amount.amount) for one in posted} == expected


def test_a_rolling_window_counts_the_sales_before_the_period_and_no_older_ones() -> None:
    """Twelve months to the end of June: 600 of last August count, 600 of last June do not; 700 now are paid at 10 %."""
    rolling = it(CLIFF, accumulate=Accumulate.ROLLING, window=RollingMonths(12))
    old, older, now = (
        sale("o", "600", "2025-08-01"),
        sale("p", "600", "2025-06-30"),
        sale("a", "700", "2026-05-05"),
    )
    assert Desk(rolling).posts("2026-05-05", [now]) == ["35.00"]
    assert Desk(rolling).posts("2026-05-05", [now, older]) == ["35.00"]
    assert Desk(rolling).posts("2026-05-05", [now, old]) == ["70.00"]
    early = Circumstances(known_from=day("2025-10-01"))
    posting = Desk(rolling, circumstances=early).run("2026-05-05", [now])
    assert (posting.entries, posting.held[0][1]) == ((), ("window",))


def test_growth_is_measured_on_the_same_quarter_of_the_year_before() -> None:
    desk = Desk(it(growth=True))
    sales = [
        sale("a", "1500", "2026-02-10"),
        sale("o", "1000", "2025-03-31"),
        sale("p", "9999", "2025-04-01"),
    ]
    assert desk.posts("2026-02-10", sales) == ["50.00"]
    unknown = Desk(it(growth=True), circumstances=Circumstances(known_from=day("2025-01-02")))
    posting = unknown.run("2026-02-10", sales)
    assert (posting.entries, posting.held) == ((), ((f"acme|{NAME}/it|FY2026-Q1", ("baseline",)),))
    known = Desk(it(growth=True), circumstances=Circumstances(known_from=day("2025-01-01")))
    assert known.posts("2026-02-10", sales) == ["50.00"]


@pytest.mark.parametrize(
    "component",
    [
        it(growth=True),
        it(CLIFF, accumulate=Accumulate.ROLLING, window=RollingMonths(12)),
        it(guarantee=eur("1"), carry_over=True),
    ],
)
def test_what_needs_all_transactions_does_not_run_on_some_of_them(component: Component) -> None:
    with pytest.raises(InvalidInput, match="accepted for them: whole = True"):
        Desk(component).run("2026-02-10", [sale("a")], whole=False)


# quotas, parts of periods, guarantees


def test_the_quota_of_the_component_goes_before_that_of_all() -> None:
    curve = Curve(
        (Band(up_to=Rate.percent(100), rate=Rate.percent(10)), Band(rate=Rate.percent(15))), Mode.WHOLE
    )
    quotas = (
        Quota(payee="acme", period="FY2026-Q1", amount=eur("5000")),
        Quota(payee="acme", period="FY2026-Q1", amount=eur("1000"), component="it"),
        Quota(payee="acme", period="FY2026-Q2", amount=eur("5000")),
    )
    desk = Desk(it(curve, by=By.ATTAINMENT), circumstances=Circumstances(quotas=quotas))
    sales = [sale("a", "1200"), sale("b", "1200", "2026-05-10")]
    assert desk.posts("2026-05-10", sales) == ["180.00", "120.00"]


def test_without_a_quota_the_calculation_is_held_until_there_is_one() -> None:
    target = it(target=Target(attainment=Rate.percent(80), missed=Missed.NOTHING))
    desk = Desk(target)
    posting = desk.run("2026-02-10", [sale("a", "900")])
    assert (posting.entries, posting.held) == ((), ((f"acme|{NAME}/it|FY2026-Q1", ("quota",)),))
    known = Circumstances(quotas=(Quota(payee="acme", period="FY2026-Q1", amount=eur("1000")),))
    assert desk.posts("2026-02-11", [sale("a", "900")], circumstances=known) == ["90.00"]


def test_a_partner_that_joined_in_the_quarter_has_a_part_of_the_cap() -> None:
    """From 15 March to 31 March: 17 of 90 days of 900 are 170."""
    active = Circumstances(active={"acme": DateRange(day("2026-03-15"))})
    desk = Desk(it(cap=eur("900"), prorate=frozenset({"cap"})), circumstances=active)
    assert desk.posts("2026-03-20", [sale("a", "9000", "2026-03-20")]) == ["170.00"]


@pytest.mark.parametrize(("carry_over", "top_up"), [(True, "8000.00"), (False, "10000.00")])
def test_a_guarantee_is_settled_with_its_period_and_carries_over_where_the_plan_says_so(
    carry_over: bool, top_up: str
) -> None:
    """Dynamics 365: guarantee 10,000; 12,000 then 5,000: the second comes to 8,000, or without carry-over 10,000."""
    desk = Desk(it(percent((None, "100")), guarantee=eur("10000"), carry_over=carry_over))
    sales = [sale("a", "12000"), sale("b", "5000", "2026-05-10")]
    assert desk.posts("2026-06-30", sales) == ["12000.00", "5000.00"]
    desk.run("2026-07-01", sales, settled_through=day("2026-06-30"))
    assert [desk.ledger.posted(f"acme|{NAME}/it|FY2026-Q{q}", "acme") for q in (1, 2)] == [
        12_000_00,
        eur(top_up).minor,
    ]


def test_a_quarter_without_a_sale_comes_to_its_guarantee_and_uses_what_was_carried() -> None:
    """12,000 in the first, nothing in the second, 5,000 in the third: top-ups 0, 8,000 and 5,000."""
    desk = Desk(it(percent((None, "100")), guarantee=eur("10000"), carry_over=True))
    sales = [sale("a", "12000"), sale("b", "5000", "2026-08-10")]
    posted = desk.run("2026-10-01", sales, settled_through=day("2026-09-30")).entries
    assert [(one.period, str(one.amount.amount)) for one in posted] == [
        ("FY2026-Q1", "12000.00"), ("FY2026-Q2", "8000.00"), ("FY2026-Q3", "10000.00"),
    ]  # fmt: skip


def test_a_quarter_in_which_the_partner_had_left_has_no_guarantee() -> None:
    active = Circumstances(active={"acme": DateRange(None, day("2026-04-01"))})
    desk = Desk(it(percent((None, "100")), guarantee=eur("100")), circumstances=active)
    posted = desk.run("2026-07-01", [sale("a", "40")], settled_through=day("2026-06-30")).entries
    assert [(one.period, str(one.amount.amount)) for one in posted] == [("FY2026-Q1", "100.00")]


def test_a_period_that_was_settled_stays_so() -> None:
    """A late sale of 30 is earned within the guarantee of 100: nothing more is due, and nothing is taken back."""
    desk = Desk(it(percent((None, "100")), guarantee=eur("100")))
    assert desk.posts("2026-04-01", [sale("a", "40")], settled_through=day("2026-03-31")) == ["100.00"]
    assert desk.posts("2026-04-02", [sale("late", "30")], whole=False) == ["0.00"]
    assert desk.posts("2026-04-03", [sale("b", "50")], whole=False) == ["20.00"]


# splits


def test_the_credit_and_the_payout_split_differ_as_soon_as_there_are_bands() -> None:
    """1,000, 60 : 40, 10 % up to 600 and 20 % beyond: each its own bands 60 and 40; once 140, shared out 84 and 56."""
    curve = percent(("600", "10"), (None, "20"))
    shares = {"acme": Rate.percent(60), "bolt": Rate.percent(40)}
    credit, payout = (Desk(it(curve, split=Split(shares=shares, at=at))) for at in (At.CREDIT, At.PAYOUT))
    for desk, acme, bolt in ((credit, "60.00", "40.00"), (payout, "84.00", "56.00")):
        desk.run("2026-02-10", [sale("a", "1000")])
        assert (desk.balance("acme"), desk.balance("bolt")) == (acme, bolt)
        desk.run("2026-03-10", [sale("r", "-1000", "2026-03-10", returns="a")], whole=False)
        assert (desk.balance("acme"), desk.balance("bolt")) == ("0.00", "0.00")


def test_a_third_each_adds_up_to_the_whole_and_back_to_nothing() -> None:
    """10 % of 100.00 by thirds: 3.34, 3.33 and 3.33; a refund of 0.10 leaves 9.99: 3.33 each."""
    thirds = Split(shares=dict.fromkeys(("acme", "bolt", "cato"), F(1, 3)))
    desk = Desk(it(split=thirds))
    assert desk.posts("2026-02-10", [sale("a")]) == ["3.34", "3.33", "3.33"]
    assert desk.posts("2026-02-11", [sale("r", "-0.10", returns="a")], whole=False) == [
        "-0.01",
        "0.00",
        "0.00",
    ]
    assert desk.posts("2026-02-12", [sale("s", "-99.90", returns="a")], whole=False) == ["-3.33"] * 3


def test_an_overlay_is_paid_beside_the_others() -> None:
    overlay = Split(shares={"acme": Rate.percent(100), "expert": Rate.percent(20)}, kind=SplitKind.OVERLAY)
    desk = Desk(it(split=overlay))
    assert desk.posts("2026-02-10", [sale("a")]) == ["10.00", "2.00"]
    (entry,) = desk.ledger.of_payee("expert")
    assert [(line.what, line.amount) for line in entry.lines] == [
        (LineKind.BAND, F(1000)),
        (LineKind.SPLIT, F(-800)),
    ]
    assert (entry.earner, entry.payee) == ("acme", "expert")


# corrections of facts


def test_a_restated_sale_moves_the_difference() -> None:
    desk = Desk(it(TIERS))
    first, second = sale("a", "1200"), sale("a", "800", known="2026-03-05")
    assert desk.posts("2026-03-04", [first, second]) == ["150.00"]
    assert desk.posts("2026-03-05", [first, second]) == ["-70.00"]
    assert desk.posts("2026-03-06", [second, first]) == []
    assert [one.kind for one in desk.ledger] == [EntryKind.EARNED, EntryKind.EARNED]


@pytest.mark.parametrize("whole", [True, False])
def test_a_sale_that_moves_to_another_period_leaves_its_own(whole: bool) -> None:
    desk = Desk(it())
    assert desk.posts("2026-04-01", [sale("a", on="2026-03-31"), sale("b", "50")]) == ["15.00"]
    moved = sale("a", on="2026-04-01", known="2026-04-02")
    given = [moved, sale("b", "50")] if whole else [moved]
    posted = desk.run("2026-04-02", given, whole=whole).entries
    assert [(one.period, str(one.amount.amount)) for one in posted] == [
        ("FY2026-Q1", "-10.00"),
        ("FY2026-Q2", "10.00"),
    ]


@pytest.mark.parametrize("whole", [True, False])
def test_a_sale_of_another_partner_after_all_is_taken_from_the_first(whole: bool) -> None:
    desk = Desk(it())
    desk.run("2026-02-10", [sale("a")])
    desk.run("2026-02-11", [sale("a", parties={"partner": "bolt"}, known="2026-02-11")], whole=whole)
    assert (desk.balance("acme"), desk.balance("bolt")) == ("0.00", "10.00")


@pytest.mark.parametrize("whole", [True, False])
def test_a_sale_that_is_not_covered_after_all_is_taken_back(whole: bool) -> None:
    desk = Desk(it(when=fact("product").equals("A")))
    assert desk.posts("2026-02-10", [sale("a", facts={"product": "A"})]) == ["10.00"]
    assert desk.posts("2026-02-11", [sale("a", facts={"product": "B"})], whole=whole) == ["-10.00"]


def test_what_was_returned_of_a_sale_follows_it() -> None:
    desk = Desk(it())
    back = sale("r", "-40", "2026-03-05", returns="a")
    desk.run("2026-03-05", [sale("a"), back])
    moved = sale("a", on="2026-04-01", known="2026-04-02")
    with pytest.raises(InvalidInput, match="r takes back a part of a; accepted: give it too"):
        desk.run("2026-04-02", [moved], whole=False)
    posted = desk.run("2026-04-02", [moved, back], whole=False).entries
    assert [(one.period, str(one.amount.amount)) for one in posted] == [
        ("FY2026-Q1", "-6.00"),
        ("FY2026-Q2", "6.00"),
    ]


@pytest.mark.parametrize("whole", [True, False])
def test_while_a_restated_sale_lacks_a_fact_nothing_moves(whole: bool) -> None:
    desk = Desk(
        it(percent((None, "30")), "special", when=fact("product").equals("A"), exclusive="rate", priority=1),
        it(TEN, "rest", exclusive="rate", priority=2),
    )
    assert desk.posts("2026-02-10", [sale("a", facts={"product": "A"})]) == ["30.00"]
    posting = desk.run("2026-02-11", [sale("a", "100", facts={}, known="2026-02-11")], whole=whole)
    assert (posting.entries, [one.why for one in posting.uncounted]) == ((), [Why.UNKNOWN_FACT])
    again = [sale("a", "90", facts={"product": "B"}, known="2026-02-12")]
    assert [one.component for one in desk.run("2026-02-12", again, whole=whole).entries] == [
        f"{NAME}/rest",
        f"{NAME}/special",
    ]
    assert desk.balance() == "9.00"


def test_what_another_component_had_counted_stays_while_it_is_not_known_which_takes_it() -> None:
    desk = Desk(
        it(percent((None, "30")), "special", when=fact("product").equals("A"), exclusive="rate", priority=1),
        it(TEN, "rest", exclusive="rate", priority=2),
    )
    assert desk.posts("2026-02-10", [sale("a", facts={"product": "B"})]) == ["10.00"]
    assert desk.posts("2026-02-11", [sale("a", "200", facts={}, known="2026-02-11")]) == []


def test_of_two_records_of_one_day_the_last_that_is_given_counts() -> None:
    desk = Desk(it())
    assert desk.posts(
        "2026-02-10", [sale("a", "100", known="2026-02-10"), sale("a", "70", known="2026-02-10")]
    ) == ["7.00"]


@pytest.mark.parametrize("whole", [True, False])
def test_while_the_amount_of_a_restated_sale_is_not_known_nothing_moves(whole: bool) -> None:
    desk = Desk(it())
    desk.run("2026-02-10", [sale("a"), sale("r", "-20", returns="a")])
    unknown = [attrs.evolve(sale("a"), net=None), attrs.evolve(sale("r", "-20", returns="a"), net=None)]
    posting = desk.run("2026-02-11", unknown, whole=whole)
    assert (posting.entries, {one.why for one in posting.uncounted}) == ((), {Why.NO_AMOUNT})


def test_what_is_paid_on_payment_waits_and_falls_back_when_the_payment_does() -> None:
    """And a sale that was never paid brings no negative when it is returned."""
    desk = Desk(it(day=Day.PAID))
    paid = {Day.INVOICED: day("2026-02-10"), Day.PAID: day("2026-04-02")}
    posting = desk.run("2026-02-10", [sale("a")])
    assert (posting.entries, [(one.why, one.what) for one in posting.uncounted]) == (
        (),
        [(Why.NOT_YET, "paid")],
    )
    back = sale("r", "-100", "2026-03-01", returns="a")
    assert desk.run("2026-03-01", [sale("a"), back]).entries == ()
    (entry,) = desk.run("2026-04-02", [sale("a", days=paid)]).entries
    assert (entry.period, str(entry.amount.amount)) == ("FY2026-Q2", "10.00")
    assert desk.posts("2026-05-01", [sale("a")]) == ["-10.00"]


# versions of the plan

HALVES = (
    DateRange(day("2026-01-01"), day("2026-07-01")),
    DateRange(day("2026-07-01"), day("2027-01-01")),
)


def test_each_sale_is_paid_by_the_version_in_force_on_its_day_and_so_is_its_refund() -> None:
    first, second = plan(it(), name="reseller/2026-a/rebate"), plan(it(TIERS), name="reseller/2026-b/rebate")
    desk = Desk(plans=Dated(((HALVES[0], first), (HALVES[1], second))))
    sales = [sale("a", "2000", "2026-06-30"), sale("b", "2000", "2026-07-01")]
    back = sale("r", "-1000", "2026-08-01", returns="a")
    posted = desk.run("2026-08-01", sales).entries
    assert [(one.component, str(one.amount.amount)) for one in posted] == [
        ("reseller/2026-a/rebate/it", "200.00"), ("reseller/2026-b/rebate/it", "350.00"),
    ]  # fmt: skip
    (taken,) = desk.run("2026-08-02", [back], whole=False).entries
    assert (taken.component, str(taken.amount.amount)) == ("reseller/2026-a/rebate/it", "-100.00")


def test_another_version_takes_the_place_of_one_only_when_that_is_said() -> None:
    desk = Desk(it())
    desk.run("2026-02-10", [sale("a")])
    desk.plans = Dated(((YEAR, plan(it(percent((None, "15"))), name="reseller/2026-corrected/rebate")),))
    with pytest.raises(InvalidInput, match="instead_of = 'reseller/2026/rebate'"):
        desk.run("2026-03-01", [sale("a")])
    posted = desk.run("2026-03-01", [sale("a")], instead_of=[NAME]).entries
    assert [(one.kind, str(one.amount.amount)) for one in posted] == [
        (EntryKind.EARNED, "15.00"), (EntryKind.ADJUSTMENT, "-10.00"),
    ]  # fmt: skip
    assert (desk.balance(), posted[1].corrects) == ("15.00", f"acme|{NAME}/it|FY2026-Q1|acme#1")
    assert desk.posts("2026-03-02", [sale("a")]) == []  # what was taken back is no obstacle later


def test_other_plans_pay_beside_each_other() -> None:
    desk = Desk(it())
    desk.run("2026-02-10", [sale("a")])
    desk.plans = Dated(((YEAR, plan(it(), name="reseller/2026/spiff")),))
    assert desk.posts("2026-02-11", [sale("a")]) == ["10.00"]
    assert desk.balance() == "20.00"


# books, days, rates


def closed(*names: str) -> Bookkeeping:
    def period(name: str) -> BookPeriod:
        return BookPeriod(books="reseller", name=name, range=DateRange(), state=PeriodState.CLOSED)

    return Bookkeeping(FiscalCalendar(), "quarter", {name: period(name) for name in names})


def test_what_comes_late_is_attributed_to_its_quarter_and_booked_in_the_open_one() -> None:
    desk = Desk(it(), books=closed())
    (on_time,) = desk.run("2026-03-31", [sale("a")]).entries
    assert (on_time.attributed, on_time.booked, on_time.is_late) == ("FY2026-Q1", "FY2026-Q1", False)
    late = [sale("late", "50", "2026-03-30"), sale("r", "-100", "2026-04-09", returns="a")]
    (entry,) = desk.run("2026-04-10", late, whole=False, books=closed("FY2026-Q1")).entries
    assert (entry.attributed, entry.booked, entry.is_late) == ("FY2026-Q1", "FY2026-Q2", True)
    assert str(entry.amount.amount) == "-5.00"
    assert desk.ledger.as_of(day("2026-04-09")).balance("acme", "EUR") == eur("10.00")


def test_earnings_are_held_some_days_and_clawbacks_never() -> None:
    desk = Desk(it(hold_days=30))
    (earned,) = desk.run("2026-02-10", [sale("a")]).entries
    (back,) = desk.run("2026-02-12", [sale("r", "-50", "2026-02-12", returns="a")], whole=False).entries
    assert (earned.payable_from, back.payable_from) == (day("2026-03-12"), None)


def test_points_say_until_when_they_can_be_used() -> None:
    """One point for 10 EUR, for twelve months from the sale."""
    desk = Desk(it(unit="points", currency="EUR", expires_months=12))
    (entry,) = desk.run("2026-02-10", [sale("a", "259.99")]).entries
    assert (str(entry.amount), entry.expires) == ("26 points", day("2027-02-10"))
    assert desk.ledger.units("acme") == ("points",)


def test_an_entry_keeps_what_was_converted_and_the_rate_of_its_day() -> None:
    rates = ExchangeRates.of(
        "ecb/2026", {("USD", "EUR"): {day("2026-02-10"): "0.90", day("2026-03-01"): "0.80"}}
    )
    desk = Desk(it(), circumstances=Circumstances(exchange=rates))
    (entry,) = desk.run("2026-03-01", [sale("a", "100 USD")]).entries
    assert entry.earning is not None
    (share,) = entry.earning.shares
    assert (str(entry.amount), share.source) == ("9.00 EUR", Money.of("100", "USD"))
    assert share.exchange is not None
    assert (share.exchange.rate, share.exchange.quoted, share.exchange.table) == (
        F(9, 10),
        day("2026-02-10"),
        "ecb/2026",
    )
    back = sale("r", "-100 USD", "2026-03-01", returns="a")
    assert desk.posts("2026-03-02", [sale("a", "100 USD"), back]) == ["-9.00"]


def test_t23_a_table_that_is_published_later_does_not_move_what_was_counted() -> None:
    """Counted at the quote of the day before; the day's own quote comes later, and is for sales that are counted later."""
    before = ExchangeRates.of("ecb/1", {("USD", "EUR"): {day("2026-02-09"): "0.90"}}, last_within_days=3)
    after = ExchangeRates.of("ecb/2", {("USD", "EUR"): {day("2026-02-10"): "0.50"}})
    desk = Desk(it(), circumstances=Circumstances(exchange=before))
    assert desk.posts("2026-03-01", [sale("a", "100 USD")]) == ["9.00"]
    desk.always["circumstances"] = Circumstances(exchange=after)
    assert desk.posts("2026-03-02", [sale("a", "100 USD")]) == []
    # what is sold anew is converted at the new quote, a correction of what was counted at its own
    assert desk.posts("2026-03-03", [sale("a", "200 USD"), sale("b", "100 USD")]) == ["14.00"]


def test_sums_of_other_currencies_are_never_added() -> None:
    """Two components pay in two currencies; the balances stay apart."""
    rates = ExchangeRates.of("ecb/2026", {("EUR", "JPY"): {day("2026-02-10"): "160"}})
    yen = Component(name="yen", unit="JPY", curve=TEN)
    desk = Desk(it(), yen, circumstances=Circumstances(exchange=rates))
    desk.run("2026-02-10", [sale("a")])
    assert (desk.balance(), desk.balance(unit="JPY")) == ("10.00", "1600")


# what was known when


def test_what_was_due_on_an_earlier_day_can_be_said_again() -> None:
    sales = [
        sale("a", "1200", known="2026-02-10"),
        sale("b", "300", known="2026-03-01"),
        sale("a", "700", known="2026-03-10"),
        sale("r", "-300", "2026-03-20", returns="b", known="2026-03-20"),
    ]
    desk = Desk(it(TIERS))
    for on in ("2026-02-10", "2026-03-01", "2026-03-10", "2026-03-20"):
        desk.run(on, sales)
    for on, due in (
        ("2026-02-09", 0),
        ("2026-02-28", 150_00),
        ("2026-03-05", 225_00),
        ("2026-03-15", 100_00),
        ("2026-04-01", 70_00),
    ):
        replay = post(desk.plans, sales, Ledger(), known=day(on)).entries
        assert sum(one.amount.minor for one in replay) == due
        assert desk.ledger.as_of(day(on)).balance("acme", "EUR").minor == due


def test_what_is_known_later_is_not_recorded_earlier() -> None:
    desk = Desk(it())
    desk.run("2026-03-01", [sale("a")])
    with pytest.raises(InvalidInput, match="recorded no earlier"):
        desk.run("2026-02-20", [sale("b")], whole=False)
    (entry,) = desk.run("2026-02-20", [sale("b")], whole=False, recorded=day("2026-03-02")).entries
    assert entry.recorded == day("2026-03-02")


def test_an_entry_of_a_person_is_not_calculated_again() -> None:
    desk = Desk(it())
    desk.run("2026-02-10", [sale("a")])
    (entry,) = desk.ledger
    decided = attrs.evolve(entry, number=2, earning=None, kind=EntryKind.ADJUSTMENT, reason="settled")
    with pytest.raises(InvalidInput, match="was not calculated: settled"):
        replayed_entry(Ledger([entry, decided]), decided, ComponentPolicy(it(), f"{NAME}/it"))


def test_a_refund_by_each_basis_reaches_the_ledger() -> None:
    """Minimum 10, 5 % of 100 is 5: a full refund takes back 10 re-rated or in proportion, 5 by the original rate."""
    for basis, taken in (
        (Basis.RERATE, "-10.00"),
        (Basis.PROPORTIONAL, "-10.00"),
        (Basis.ORIGINAL_RATE, "-5.00"),
    ):
        component = it(
            percent((None, "5")),
            minimum=eur("10"),
            accumulate=Accumulate.TRANSACTION,
            clawback=Clawback(basis=basis, within_days=60),
        )
        desk = Desk(component)
        assert desk.posts("2026-02-10", [sale("a")]) == ["10.00"]
        assert desk.posts("2026-03-10", [sale("r", "-100", "2026-03-10", returns="a")], whole=False) == [
            taken
        ]
        assert desk.posts("2026-06-10", [sale("s", "-100", "2026-06-10", returns="a")], whole=False) == [
            "0.00"
        ]


def test_units_are_paid_for_each() -> None:
    curve = Curve((Band(up_to=F(10), each=eur("2")), Band(each=eur("3"), flat=eur("50"))))
    desk = Desk(it(curve, base=Base.UNITS))
    assert desk.posts("2026-02-10", [sale("a", units=F(10))]) == ["20.00"]
    assert desk.posts("2026-02-11", [sale("b", units=F(1))], whole=False) == ["53.00"]


def test_where_a_sale_was_once_is_no_obstacle_to_plans_of_today() -> None:
    """Moved from the first half to the second, it is paid by the second's plan, which later runs may be given alone."""
    first, second = plan(it(), name="reseller/2026-a/rebate"), plan(it(TIERS), name="reseller/2026-b/rebate")
    desk = Desk(plans=Dated(((HALVES[0], first), (HALVES[1], second))))
    desk.run("2026-06-30", [sale("a", on="2026-06-30"), sale("b", on="2026-06-29")])
    moved = sale("a", on="2026-07-01", known="2026-07-02")
    desk.run("2026-07-02", [moved], whole=False)
    desk.plans = Dated(((HALVES[1], second),))
    assert desk.posts("2026-07-03", [sale("r", "-100", "2026-07-03", returns="a")], whole=False) == ["-10.00"]
    with pytest.raises(InvalidInput, match="posted under other plans"):
        desk.run("2026-07-04", [sale("b", on="2026-07-01", known="2026-07-04")], whole=False)


# every field of an entry, and the order in which entries come


def test_an_entry_says_all_that_it_is() -> None:
    """10 % of 100.00 and of 50.00 are 15.00; a refund of 50.00 in March belongs to the day of its sale."""
    desk = Desk(it(hold_days=5))
    (earned,) = desk.run("2026-02-12", [sale("a"), sale("b", "50", "2026-02-11")]).entries
    shares = tuple(
        Share(transaction=name, day=day(on), quantity=F(pay), pay=F(pay))
        for name, on, pay in (("a", "2026-02-10", 10000), ("b", "2026-02-11", 5000))
    )
    line = Line(what=LineKind.BAND, amount=F(1500), band=0, quantity=F(15000), rate=F(1, 10))
    assert earned == Entry(
        payee="acme", earner="acme", component=f"{NAME}/it", period="FY2026-Q1", number=1, kind=EntryKind.EARNED,
        amount=eur("15"), lines=(line,), attributed="2026-02", booked="2026-02", effective=day("2026-02-11"),
        recorded=day("2026-02-12"), payable_from=day("2026-02-16"), expires=None,
        earning=Earning(payee="acme", period="FY2026-Q1", shares=shares), corrects=None, by=None, reason=None,
    )  # fmt: skip
    back = sale("r", "-50", "2026-03-10", returns="a")
    (taken,) = desk.run("2026-03-10", [back], whole=False, recorded=day("2026-03-12")).entries
    share = Share(transaction="r", day=day("2026-03-10"), quantity=F(-5000), pay=F(-5000), returns="a")
    assert taken == attrs.evolve(
        earned, number=2, kind=EntryKind.CLAWBACK, amount=eur("-5"),
        lines=(attrs.evolve(line, amount=F(1000), quantity=F(10000)), Line(what=LineKind.POSTED, amount=F(-1500))),
        effective=day("2026-02-10"), recorded=day("2026-03-12"), payable_from=None, corrects=earned.id,
        earning=Earning(payee="acme", period="FY2026-Q1", shares=(share,)),
    )  # fmt: skip
    (more,) = desk.run("2026-03-13", [sale("s", "-10", "2026-03-13", returns="a")], whole=False).entries
    assert (more.number, more.corrects) == (3, taken.id)
    (again,) = desk.run("2026-03-14", [sale("d", "10", "2026-03-14")], whole=False).entries
    assert (again.number, again.kind, again.corrects) == (4, EntryKind.EARNED, None)


def test_what_is_no_longer_counted_is_kept_as_nothing() -> None:
    desk = Desk(it())
    desk.run("2026-02-10", [sale("a"), sale("b", "50")])
    (taken,) = desk.run("2026-02-11", [sale("b", "50")]).entries
    assert taken.earning is not None
    assert taken.earning.shares == (Share(transaction="a", day=day("2026-02-10"), quantity=F(0), pay=F(0)),)
    assert (taken.kind, taken.effective) == (EntryKind.EARNED, day("2026-02-10"))


def test_entries_come_by_earner_component_and_period() -> None:
    desk = Desk(it(name="b", period="month"), it(name="a", accumulate=Accumulate.LIFETIME))
    sales = [
        sale("x", on="2026-03-01", parties={"partner": "zoe"}), sale("y", on="2026-03-01"), sale("z", on="2026-01-01"),
    ]  # fmt: skip
    posted = desk.run("2026-03-01", sales).entries
    assert [(one.earner, one.component[-1], one.period) for one in posted] == [
        ("acme", "a", "lifetime"), ("acme", "b", "2026-01"), ("acme", "b", "2026-03"), ("zoe", "a", "lifetime"),
        ("zoe", "b", "2026-03"),
    ]  # fmt: skip


def test_one_calculation_that_is_held_holds_no_other() -> None:
    target = it(name="a", target=Target(attainment=Rate.percent(80), missed=Missed.NOTHING))
    posting = Desk(target, it()).run("2026-02-10", [sale("a")])
    assert [one.component for one in posting.entries] == [f"{NAME}/it"]
    assert posting.held == ((f"acme|{NAME}/a|FY2026-Q1", ("quota",)),)
    assert Posting(()) == Posting((), (), ())


@pytest.mark.parametrize(
    ("accumulate", "effective"), [(Accumulate.PERIOD, "2026-03-31"), (Accumulate.LIFETIME, "2026-02-11")]
)
def test_without_news_an_entry_is_of_the_last_day_of_its_period_or_of_its_last_sale(
    accumulate: Accumulate, effective: str
) -> None:
    """The rate of a plan was written wrongly: 15 % for 10 %, with no sale that is new."""
    desk = Desk(it(accumulate=accumulate))
    sales = [sale("b", on="2026-02-11"), sale("a")]
    desk.run("2026-02-12", sales)
    mended = Dated(((YEAR, plan(it(percent((None, "15")), accumulate=accumulate))),))
    (entry,) = post(mended, sales, desk.ledger, known=day("2026-04-01")).entries
    assert (str(entry.amount), entry.effective) == ("10.00 EUR", day(effective))
    assert entry.earning is not None
    assert entry.earning.shares == ()


def test_a_day_beyond_the_calendar_is_the_last_that_there_is() -> None:
    always = Dated(((DateRange(day("2026-01-01")), plan(it(unit="points", currency="EUR", expires_months=1_200, hold_days=36_525))),))  # fmt: skip
    desk = Desk(plans=always)
    (entry,) = desk.run("9950-02-10", [sale("a", on="9950-02-10")]).entries
    assert (entry.payable_from, entry.expires) == (datetime.date.max, datetime.date.max)


# what is known


@pytest.mark.parametrize(
    ("sales", "amount"),
    [
        ([sale("a", "70", known="2026-02-12"), sale("a")], "10.00"),  # known tomorrow
        ([sale("a", "70", known="2026-02-11"), sale("a")], "7.00"),  # whatever was known since ever is older
        ([sale("a"), sale("a", "70", known="2026-02-11")], "7.00"),
        ([sale("a", "70", known="2026-02-11"), sale("a", "60", known="2026-02-10")], "7.00"),
        ([sale("a"), sale("a", "70")], "7.00"),
    ],
)
def test_a_sale_counts_as_it_is_known_at_the_end_of_the_day(sales: list[Transaction], amount: str) -> None:
    assert Desk(it()).posts("2026-02-11", sales) == [amount]


@pytest.mark.parametrize(
    ("amount", "kept"),
    [
        (eur("5"), eur("5")), ("5.00 EUR", eur("5")), ("1/3", F(1, 3)), (12, F(12)), (F(1, 2), F(1, 2)), ("7", F(7)),
    ],
)  # fmt: skip
def test_a_quota_is_money_or_an_exact_number(amount: Any, kept: Money | F) -> None:
    assert Quota(payee="acme", period="FY2026-Q1", amount=amount).amount == kept
    with pytest.raises(InvalidInput, match=r"found 2\.5"):
        Quota(payee="acme", period="FY2026-Q1", amount=2.5)  # type: ignore[arg-type]


def test_what_is_known_beside_the_sales_is_told_by_name() -> None:
    kinds: list[Any] = [Quota, Circumstances]
    assert all(field.kw_only for kind in kinds for field in attrs.fields(kind))
    nothing = Circumstances()
    assert (nothing.quotas, nothing.active, nothing.known_from, nothing.exchange) == ((), {}, None, None)


def test_a_quota_is_found_by_payee_period_and_component_in_the_unit_that_is_counted() -> None:
    def quota(amount: Money | int, **more: Any) -> Quota:
        return Quota(**({"payee": "acme", "period": "FY2026-Q1", "amount": amount} | more))

    around = Circumstances(
        quotas=(
            quota(7), quota(eur("1")), quota(eur("2"), period="FY2026-Q2"), quota(eur("3"), payee="bolt"),
            quota(eur("4"), component="own"), quota(9, component="units"),
        )
    )  # fmt: skip
    units: dict[str, Any] = {"base": Base.UNITS, "curve": Curve((Band(each=eur("1")),))}
    for payee, component, period, found in (
        ("acme", it(), "FY2026-Q1", 100),
        ("acme", it(), "FY2026-Q2", 200),
        ("bolt", it(), "FY2026-Q1", 300),
        ("acme", it(name="own"), "FY2026-Q1", 400),
        ("acme", it(name="own"), "FY2026-Q2", 200),
        ("acme", it(**units), "FY2026-Q1", 7),
        ("acme", it(name="units", **units), "FY2026-Q1", 9),
        ("cato", it(), "FY2026-Q1", None),
        ("bolt", it(**units), "FY2026-Q1", None),
    ):
        assert around.quota(payee, component, period) == found
    with pytest.raises(
        InvalidInput, match="the quota of acme for units in FY2026-Q1 is in units; accepted: EUR"
    ):
        around.quota("acme", it(name="units"), "FY2026-Q1")
    with pytest.raises(
        InvalidInput, match="the quota of acme for own in FY2026-Q1 is in EUR; accepted: units"
    ):
        around.quota("acme", it(name="own", **units), "FY2026-Q1")


# windows, parts, guarantees


@pytest.mark.parametrize(
    ("known_from", "held"), [(None, ()), ("2025-07-01", ()), ("2025-07-02", ("window",))]
)
def test_a_window_is_known_from_its_first_day_on(known_from: str | None, held: tuple[str, ...]) -> None:
    """Twelve months to the end of June begin on the 1 July."""
    rolling = it(CLIFF, accumulate=Accumulate.ROLLING, window=RollingMonths(12))
    around = Circumstances(known_from=None if known_from is None else day(known_from))
    old = sale("o", "600", "2025-07-01")
    posting = Desk(rolling, circumstances=around).run("2026-05-05", [sale("a", "700", "2026-05-05"), old])
    assert [what for _, what in posting.held] == ([held] if held else [])
    if not held:
        (entry,) = posting.entries
        assert entry.earning is not None
        assert (entry.earning.window, str(entry.amount)) == (F(60000), "70.00 EUR")


def test_a_window_within_its_period_has_nothing_before_it() -> None:
    """The month of June lies in the second quarter; of the first nothing counts, known or not."""
    rolling = it(CLIFF, accumulate=Accumulate.ROLLING, window=RollingMonths(1))
    around = Circumstances(known_from=day("2026-04-01"))
    sales = [sale("a", "700", "2026-05-05"), sale("o", "600", "2026-03-31")]
    posted = Desk(rolling, circumstances=around).run("2026-05-05", sales).entries
    assert [one.earning.window for one in posted if one.earning and one.period == "FY2026-Q2"] == [F(0)]


def test_there_is_no_year_before_the_first() -> None:
    always = Dated(((DateRange(), plan(it(growth=True))),))
    posting = Desk(plans=always).run("2026-02-10", [sale("a", on="0001-02-10")])
    assert (posting.entries, [what for _, what in posting.held]) == ((), [("baseline",)])


@pytest.mark.parametrize(
    ("active", "due"),
    [
        (DateRange(day("2026-03-15")), "170.00"),  # 17 of 90 days
        (DateRange(None, day("2026-01-31")), "300.00"),  # 30 of 90 days
        (DateRange(day("2026-04-01")), "0.00"),
        (DateRange(), "900.00"),
    ],
)
def test_a_cap_is_of_the_days_on_which_the_partner_was_there(active: DateRange, due: str) -> None:
    around = Circumstances(active={"acme": active})
    desk = Desk(it(percent((None, "100")), cap=eur("900"), prorate=frozenset({"cap"})), circumstances=around)
    assert desk.posts("2026-03-20", [sale("a", "9000", "2026-03-20")]) == [due]


def test_a_plan_that_began_in_the_quarter_has_a_part_of_the_cap() -> None:
    begun = Dated(((DateRange(day("2026-03-15"), day("2027-01-01")), plan(it(cap=eur("900"), prorate=frozenset({"cap"})))),))  # fmt: skip
    desk = Desk(plans=begun)
    assert desk.posts("2026-03-20", [sale("a", "9000", "2026-03-20")]) == ["170.00"]
    assert desk.posts("2026-05-20", [sale("a", "9000", "2026-03-20"), sale("b", "9000", "2026-05-20")]) == ["900.00"]  # fmt: skip


@pytest.mark.parametrize(
    ("settled", "amounts"),
    [
        (None, {"FY2026-Q1": "40.00"}),
        ("2026-03-30", {"FY2026-Q1": "40.00"}),
        ("2026-03-31", {"FY2026-Q1": "100.00"}),
        ("2026-06-29", {"FY2026-Q1": "100.00"}),
        ("2026-06-30", {"FY2026-Q1": "100.00", "FY2026-Q2": "100.00"}),
        ("2026-09-30", {"FY2026-Q1": "100.00", "FY2026-Q2": "100.00", "FY2026-Q3": "100.00"}),
    ],
)
def test_a_guarantee_is_topped_up_from_the_last_day_of_its_period_on(
    settled: str | None, amounts: dict[str, str]
) -> None:
    """Beside a component without a guarantee and one of a lifetime, which are never topped up."""
    desk = Desk(
        it(name="a"), it(name="b", accumulate=Accumulate.LIFETIME), it(percent((None, "100")), guarantee=eur("100"))
    )  # fmt: skip
    through = None if settled is None else day(settled)
    posted = desk.run("2026-10-01", [sale("a", "40")], settled_through=through).entries
    found = {one.period: str(one.amount.amount) for one in posted if one.component.endswith("it")}
    assert found == amounts
    assert [str(one.amount.amount) for one in posted if not one.component.endswith("it")] == ["4.00", "4.00"]


def test_an_emptied_quarter_that_was_settled_comes_to_its_guarantee() -> None:
    desk = Desk(it(percent((None, "100")), guarantee=eur("100")))
    assert desk.posts("2026-04-01", [sale("a", "140")], settled_through=day("2026-03-31")) == ["140.00"]
    assert desk.posts("2026-04-02", []) == ["-40.00"]


# another version of a plan


def test_what_another_version_takes_the_place_of_is_taken_back_entry_by_entry() -> None:
    """10.00 by halves, and then 5.00 each; the first quarter is closed, so that it stands in the second."""
    halves = Split(shares={"acme": Rate.percent(50), "bolt": Rate.percent(50)})
    desk = Desk(it(split=halves, hold_days=3), books=closed("FY2026-Q1"))
    desk.run("2026-02-10", [sale("a")])
    paid = desk.ledger.of_payee("bolt")[0]
    desk.plans = Dated(((YEAR, plan(it(percent((None, "15"))), name="reseller/2026-corrected/rebate")),))
    posted = desk.run("2026-03-01", [sale("a")], instead_of=[NAME]).entries
    assert [(one.payee, str(one.amount.amount)) for one in posted] == [
        ("acme", "15.00"), ("acme", "-5.00"), ("bolt", "-5.00"),
    ]  # fmt: skip
    assert posted[2] == attrs.evolve(
        paid, number=2, kind=EntryKind.ADJUSTMENT, amount=eur("-5"), lines=(Line(what=LineKind.POSTED, amount=F(-500)),),
        attributed="FY2026-Q1", booked="FY2026-Q2", recorded=day("2026-03-01"), payable_from=None, earning=None,
        corrects=paid.id, reason="another version of the plan takes its place",
    )  # fmt: skip


def test_only_what_is_still_posted_is_taken_back_of_each_plan_that_is_named() -> None:
    """Of two that were shared with, the first has nothing left; plans of another name stay as they are."""
    desk = Desk(it(split=Split(shares={"acme": Rate.percent(50), "bolt": Rate.percent(50)})))
    desk.run("2026-02-10", [sale("a")])
    desk.plans = Dated(((YEAR, plan(it(split=Split(shares={"bolt": Rate.percent(100)})))),))
    assert desk.posts("2026-02-11", [sale("a")]) == ["-5.00", "5.00"]
    desk.plans = Dated(((YEAR, plan(it(), name="reseller/2026/spiff")),))
    desk.run("2026-02-12", [sale("a")])
    desk.plans = Dated(((YEAR, plan(it(percent((None, "15"))), name="reseller/2026-b/rebate")),))
    posted = desk.run("2026-03-01", [sale("a")], instead_of=[NAME]).entries
    assert [(one.payee, str(one.amount.amount)) for one in posted] == [("acme", "15.00"), ("bolt", "-10.00")]
    assert desk.ledger.balance("acme", "EUR") == eur("25")


def test_a_version_that_paid_something_else_is_no_obstacle() -> None:
    """What bolt was paid of a sale by another version says nothing of what acme is due of another."""
    desk = Desk(it())
    desk.run("2026-02-10", [sale("b", parties={"partner": "bolt"})])
    desk.plans = Dated(((YEAR, plan(it(), name="reseller/2026-b/rebate")),))
    assert desk.posts("2026-02-11", [sale("a")], whole=False) == ["10.00"]
    desk.run("2026-02-12", [sale("b", known="2026-02-12")], whole=False)
    assert desk.balance() == "20.00"


# some of the transactions


def test_a_sale_of_several_calculations_leaves_each_that_it_left() -> None:
    """It counted by month and by quarter, and by a plan that is not given; it moves to the month after."""
    desk = Desk(it(name="other"))
    desk.run("2026-02-10", [sale("a")])
    desk.plans = Dated(((YEAR, plan(it(name="m", period="month"), it(), name="reseller/2026/spiff")),))
    desk.run("2026-02-11", [sale("a"), sale("b", "50")])
    moved = sale("a", on="2026-03-02", known="2026-03-02")
    posted = desk.run("2026-03-02", [moved], whole=False).entries
    assert [(one.component[-2:], one.period, str(one.amount.amount)) for one in posted] == [
        ("it", "FY2026-Q1", "0.00"), ("/m", "2026-02", "-10.00"), ("/m", "2026-03", "10.00"),
    ]  # fmt: skip


def test_the_returns_of_a_sale_that_counts_otherwise_now_are_named_one_by_one() -> None:
    rates = ExchangeRates.of("ecb", {("USD", "EUR"): {day("2026-02-10"): "0.90"}})
    desk = Desk(it(), circumstances=Circumstances(exchange=rates))
    returns = [sale(name, "-10", "2026-03-05", returns="a") for name in ("r", "s")]
    desk.run("2026-03-05", [sale("a"), *returns])
    for changed in (
        sale("a", on="2026-04-01"),
        sale("a", "100 USD"),
        sale("a", credits={"acme": F(1, 2), "bolt": F(1, 2)}),
        sale("a", parties={"partner": "bolt"}),
    ):
        with pytest.raises(InvalidInput, match="the returns of sales that count otherwise now") as caught:
            desk.run("2026-04-02", [changed], whole=False)
        assert [fault.message for fault in caught.value.faults] == [
            f"{name} takes back a part of a; accepted: give it too" for name in ("r", "s")
        ]
        with pytest.raises(InvalidInput) as caught:
            desk.run("2026-04-02", [changed, returns[0]], whole=False)
        assert len(caught.value.faults) == 1
    assert desk.posts("2026-04-02", [sale("a", "90")], whole=False) == [
        "-1.00"
    ]  # it counts as before, for less


def test_what_was_returned_and_is_no_longer_counted_is_no_obstacle() -> None:
    desk = Desk(it())
    desk.run("2026-03-05", [sale("a"), sale("r", "-10", "2026-03-05", returns="a")])
    desk.run("2026-03-06", [sale("a")])
    moved = [sale("a", on="2026-04-01", known="2026-04-02")]
    assert desk.posts("2026-04-02", moved, whole=False) == ["-10.00", "10.00"]


def test_what_is_recorded_on_the_day_of_the_last_entry_is_not_too_early() -> None:
    desk = Desk(it())
    desk.run("2026-03-01", [sale("a")])
    assert desk.posts("2026-03-01", [sale("b")], whole=False) == ["10.00"]
    with pytest.raises(InvalidInput, match="was recorded on 2026-03-01; what is known later"):
        desk.run("2026-02-28", [sale("c")], whole=False)
    desk.run("2026-03-05", [sale("d")], whole=False)
    with pytest.raises(InvalidInput, match="was recorded on 2026-03-05; what is known later"):
        desk.run("2026-03-03", [sale("c")], whole=False)


def test_an_entry_of_nothing_takes_nothing_back() -> None:
    """Beyond the cap of 100: the return of what brought nothing is an earning of nothing, held like any other."""
    desk = Desk(it(percent((None, "100")), cap=eur("100"), hold_days=3))
    desk.run("2026-02-10", [sale("a", "200")])
    (entry,) = desk.run("2026-02-11", [sale("r", "-50", "2026-02-11", returns="a")], whole=False).entries
    assert (str(entry.amount.amount), entry.kind, entry.corrects) == ("0.00", EntryKind.EARNED, None)
    assert entry.payable_from == day("2026-02-13")


def test_what_pays_nothing_and_chooses_the_band_is_counted_and_followed() -> None:
    """Three units sold at cost, one of them returned: nothing is paid, and two units are counted."""
    desk = Desk(it(base=Base.MARGIN, by=By.UNITS))
    sold = sale("a", cost=eur("100"), units=F(3))
    back = sale("r", "-50", "2026-03-05", returns="a", cost=eur("-50"), units=F(-1))
    posted = desk.run("2026-03-05", [sold, back]).entries
    (entry,) = posted
    assert (str(entry.amount.amount), entry.earning and len(entry.earning.shares)) == ("0.00", 2)
    replayed = replayed_entry(
        desk.ledger, entry, ComponentPolicy(it(base=Base.MARGIN, by=By.UNITS), f"{NAME}/it")
    )
    assert replayed.quantity == 2
    moved = attrs.evolve(sold, days={Day.INVOICED: day("2026-04-01")})
    with pytest.raises(InvalidInput, match="r takes back a part of a; accepted: give it too"):
        desk.run("2026-04-02", [moved], whole=False)
    both = desk.run("2026-04-02", [moved, back], whole=False).entries
    assert [(one.period, str(one.amount.amount)) for one in both] == [
        ("FY2026-Q1", "0.00"),
        ("FY2026-Q2", "0.00"),
    ]
