"""Statements: opening and entries make closing, a closed one comes out alike for ever, and every entry says why."""

import datetime
import hashlib
import json
import subprocess
import sys
from fractions import Fraction
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prmcore.decisions.explain import put_into_words
from prmcore.errors import InvalidInput
from prmcore.incentives import (
    At,
    Band,
    Base,
    Bookkeeping,
    Component,
    ComponentPolicy,
    Curve,
    Day,
    Entry,
    EntryKind,
    Ledger,
    Line,
    LineKind,
    Mode,
    Plan,
    Split,
    Transaction,
    post,
)  # fmt: skip
from prmcore.incentives.ledger.posting import Circumstances
from prmcore.incentives.ledger.statements import (
    Account,
    AccountLine,
    NotRecomputed,
    Part,
    Statement,
    postings,
    statement,
    statement_chain,
    why,
)
from prmcore.incentives.plans.facts import Earning, Share
from prmcore.values import Dated, DateRange, ExchangeRates, FiscalCalendar, Money, Rate

D = datetime.date
MONTHS = Bookkeeping()
END_OF_JANUARY = D(2026, 1, 31)


def eur(amount: str) -> Money:
    return Money.of(amount, "EUR")


def entry(
    number: int,
    amount: Money,
    recorded: D = END_OF_JANUARY,
    *,
    booked: str = "2026-01",
    attributed: str | None = None,
    kind: EntryKind = EntryKind.ADJUSTMENT,
    by: str | None = "mk",
    **more: Any,
) -> Entry:
    line = LineKind.PAYMENT if kind is EntryKind.PAYMENT else LineKind.DECISION
    return Entry(
        payee="acme", earner="acme", component="reseller/dispute", period="1", number=number, kind=kind,
        amount=amount, lines=(Line(what=line, amount=Fraction(amount.minor)),), attributed=attributed or booked,
        booked=booked, effective=recorded, recorded=recorded, by=by, **more,
    )  # fmt: skip


def tiers(*bands: Band, name: str = "volume", **more: Any) -> Component:
    return Component(name=name, unit="EUR", curve=Curve(bands, Mode.MARGINAL), **more)


# 10 % up to 1,000 EUR of a quarter, 25 % above
TIERS = tiers(Band(up_to=eur("1000"), rate=Rate.percent(10)), Band(rate=Rate.percent(25)))


def plans(component: Component = TIERS, version: str = "2026") -> Dated[Plan]:
    plan = Plan(name=f"reseller/{version}/rebate", components=(component,))
    return Dated(((DateRange(D(2026, 1, 1)), plan),))


def policies(found: Dated[Plan]) -> dict[str, ComponentPolicy]:
    return {
        f"{plan.name}/{one.name}": ComponentPolicy(one, f"{plan.name}/{one.name}")
        for _, plan in found.entries
        for one in plan.components
    }


def sale(name: str, day: D, net: Money, **more: Any) -> Transaction:
    return Transaction(id=name, parties={"partner": "acme"}, days={Day.INVOICED: day}, net=net, **more)


S1, S2 = sale("s1", D(2026, 1, 10), eur("800")), sale("s2", D(2026, 2, 10), eur("600"))


def test_opening_and_entries_make_closing_and_opening_is_the_closing_before() -> None:
    """80.00 by January: 10 % of 800; 120.00 in February: 10 % of 1,000 and 25 % of 400 are 200, of which 80 are posted."""
    ledger = Ledger()
    ledger.add(post(plans(), [S1], ledger, known=D(2026, 1, 31)).entries)
    ledger.add(post(plans(), [S1, S2], ledger, known=D(2026, 2, 28)).entries)
    found = statement_chain(ledger, MONTHS, "acme", "EUR", "2026-03")
    assert [(one.period, one.opening, len(one.entries), one.closing) for one in found] == [
        ("2026-01", eur("0"), 1, eur("80")),
        ("2026-02", eur("80"), 1, eur("200")),
        ("2026-03", eur("200"), 0, eur("200")),
    ]
    assert [one.previous for one in found] == [None, found[0].seal, found[1].seal]
    quarter = statement(ledger, MONTHS, "acme", "EUR", "FY2026-Q1")
    assert (quarter.opening, len(quarter.entries), quarter.closing) == (eur("0"), 2, eur("200"))


def test_a_statement_that_does_not_add_up_is_refused() -> None:
    right = statement(Ledger([entry(1, eur("80"))]), MONTHS, "acme", "EUR", "2026-01")
    with pytest.raises(InvalidInput, match=r"0.00 EUR and the entries do not add up to 80.01 EUR"):
        attrs.evolve(right, closing=eur("80.01"))
    with pytest.raises(InvalidInput, match="the parts do not add up"):
        attrs.evolve(right, parts={Part.DECIDED: eur("79.99")})


def test_units_have_statements_of_their_own() -> None:
    ledger = Ledger([entry(1, eur("80")), entry(2, Money.of(9_000, "JPY")), entry(3, Money.of(5, "points"))])
    closings = {
        unit: statement(ledger, MONTHS, "acme", unit, "2026-01").closing for unit in ledger.units("acme")
    }
    assert closings == {"EUR": eur("80"), "JPY": Money.of(9_000, "JPY"), "points": Money.of(5, "points")}


def test_the_books_of_two_programs_are_not_one_statement() -> None:
    other = attrs.evolve(entry(1, eur("1")), component="alliance/dispute")
    with pytest.raises(InvalidInput, match="found the books of alliance, reseller"):
        statement(Ledger([entry(1, eur("80")), other]), MONTHS, "acme", "EUR", "2026-01")


def test_fiscal_quarters_that_start_in_april_follow_one_another() -> None:
    books = Bookkeeping(FiscalCalendar(start_month=4), "quarter")
    ledger = Ledger(
        [
            entry(1, eur("5"), D(2027, 2, 1), booked="FY2026-Q4"),
            entry(2, eur("7"), D(2027, 4, 1), booked="FY2027-Q1"),
        ]
    )
    found = statement_chain(ledger, books, "acme", "EUR", "FY2027-Q1")
    assert [(one.period, one.closing) for one in found] == [
        ("FY2026-Q4", eur("5")),
        ("FY2027-Q1", eur("12")),
    ]


def test_a_period_that_the_calendar_does_not_know_is_refused() -> None:
    with pytest.raises(InvalidInput, match="accepted: the name of a period"):
        statement(Ledger(), MONTHS, "acme", "EUR", "January")


# the three amounts of a recalculation, and what people did


def test_what_is_booked_after_its_own_period_was_closed_is_a_prior_period_adjustment() -> None:
    """A sale of January of which one learns in March, while January and February are closed."""
    books = Bookkeeping(closed_before=D(2026, 3, 1))
    ledger = Ledger()
    ledger.add(post(plans(), [S1], ledger, known=D(2026, 3, 5), books=books).entries)
    ledger.add(
        post(
            plans(), [S1, sale("s3", D(2026, 3, 6), eur("100"))], ledger, known=D(2026, 3, 6), books=books
        ).entries
    )
    march = statement(ledger, books, "acme", "EUR", "2026-03")
    assert march.amount(Part.PRIOR_PERIOD) == eur("80")  # 10 % of 800
    assert march.amount(Part.CALCULATED) == eur("10")  # 10 % of 100
    assert march.amount(Part.PAID) == eur("0")
    # within the quarter it is late for nobody
    assert statement(ledger, books, "acme", "EUR", "FY2026-Q1").parts == {Part.CALCULATED: eur("90")}


def test_a_plan_version_that_takes_the_place_of_another_is_a_rate_adjustment() -> None:
    """80.00 were paid at 10 %; at 15 % it is 120.00: 80.00 is taken back, 120.00 is paid, 40.00 is the adjustment.

    All on one day, with what is no part of it: the 80.00 themselves, 15.00 for a sale of another quarter, and 8.00 from
    another plan for the same sale. Later 15.00 more, because the sale was one of 900.
    """
    on, bonus = (
        D(2026, 4, 2),
        Plan(name="reseller/2026/spiff", components=(tiers(Band(rate=Rate.percent(1))),)),
    )
    corrected = plans(tiers(Band(rate=Rate.percent(15))), "2026b")
    ledger = Ledger()
    ledger.add(post(plans(), [S1], ledger, known=on).entries)
    told = [S1, sale("s9", on, eur("100"))]
    posting = post(corrected, told, ledger, known=on, instead_of=["reseller/2026/rebate"])
    ledger.add(posting.entries)
    ledger.add(post(Dated(((DateRange(D(2026, 1, 1)), bonus),)), [S1], ledger, known=on).entries)
    assert sorted(one.amount for one in posting.entries) == [eur("-80"), eur("15"), eur("120")]
    year = statement(ledger, MONTHS, "acme", "EUR", "FY2026")
    assert year.parts == {Part.CALCULATED: eur("103"), Part.RATE_ADJUSTMENT: eur("40")}  # 80 + 15 + 8
    restated = [sale("s1", D(2026, 1, 10), eur("900")), told[1]]
    ledger.add(post(corrected, restated, ledger, known=D(2026, 4, 9)).entries)
    year = statement(ledger, MONTHS, "acme", "EUR", "FY2026")
    assert year.parts == {Part.CALCULATED: eur("118"), Part.RATE_ADJUSTMENT: eur("40")}


def test_what_people_did_is_no_part_of_the_calculation() -> None:
    ledger = Ledger(
        [
            entry(1, eur("5")),
            entry(2, eur("7"), kind=EntryKind.WRITE_OFF),
            entry(3, eur("-9"), kind=EntryKind.PAYMENT),
        ]
    )
    found = statement(ledger, MONTHS, "acme", "EUR", "2026-01")
    assert found.parts == {Part.DECIDED: eur("12"), Part.PAID: eur("-9")}
    assert found.closing == eur("3")


# the seal


def test_the_seal_is_the_sha256_of_what_the_statement_says() -> None:
    """The JSON is written out by hand, keys in order, nothing that is not there: whoever has it can check the seal."""
    found = statement(Ledger([entry(1, eur("80.5"))]), MONTHS, "acme", "EUR", "2026-01")
    written = (
        '{"closing":"80.50 EUR","entries":[{"amount":"80.50 EUR","attributed":"2026-01","booked":"2026-01","by":"mk",'
        '"component":"reseller/dispute","earner":"acme","effective":"2026-01-31","kind":"adjustment",'
        '"lines":[{"amount":"8050","what":"decision"}],"number":1,"payee":"acme","period":"1","recorded":"2026-01-31"}],'
        '"opening":"0.00 EUR","parts":{"decided":"80.50 EUR"},"payee":"acme","period":"2026-01",'
        '"sealed_as":"prmcore/statement/1","unit":"EUR"}'
    )
    assert found.seal == hashlib.sha256(written.encode()).hexdigest()
    assert found.is_sealed_by(found.seal)
    assert not found.is_sealed_by(hashlib.sha256(written.replace("80.5", "80.6").encode()).hexdigest())


SEAL_ELSEWHERE = """
import pickle, sys
print(pickle.load(sys.stdin.buffer).seal)
"""


def test_another_process_finds_the_same_seal() -> None:
    import pickle

    ledger = Ledger()
    ledger.add(post(plans(), [S1, S2], ledger, known=D(2026, 2, 28)).entries)
    found = statement(ledger, MONTHS, "acme", "EUR", "2026-02")
    for seed in ("1", "2"):
        answer = subprocess.run(
            [sys.executable, "-c", SEAL_ELSEWHERE],
            input=pickle.dumps(found),
            capture_output=True,
            check=True,
            env={"PYTHONHASHSEED": seed},
        )
        assert answer.stdout.decode().strip() == found.seal


def test_each_seal_covers_the_one_before_it() -> None:
    """One more cent in January and one less in February: March's balance is the same, its seal is not."""
    first = [entry(1, eur("5")), entry(2, eur("7"), D(2026, 2, 2), booked="2026-02")]
    other = [entry(1, eur("5.01")), entry(2, eur("6.99"), D(2026, 2, 2), booked="2026-02")]
    one, two = (statement(Ledger(found), MONTHS, "acme", "EUR", "2026-03") for found in (first, other))
    assert (one.opening, one.entries, one.closing) == (two.opening, two.entries, two.closing)
    assert one.seal != two.seal


@given(st.permutations(range(1, 6)))
def test_the_order_in_which_a_store_gives_entries_changes_no_seal(order: list[int]) -> None:
    made = {number: entry(number, eur(str(number))) for number in order}
    shuffled = statement(Ledger(made[number] for number in order), MONTHS, "acme", "EUR", "2026-01")
    assert shuffled.entries == tuple(made[number] for number in range(1, 6))


NEWS = st.tuples(
    st.integers(0, 200),  # days after the first of the year until it is known
    st.integers(0, 80),  # days before that on which it happened
    st.integers(-5000, 5000),
)


@settings(max_examples=60)
@given(st.lists(NEWS, max_size=14), st.integers(0, 200))
def test_a_closed_statement_comes_out_alike_whatever_is_recorded_later(
    news: list[tuple[int, int, int]], closing: int
) -> None:
    """Entries are recorded over days, each booked by what was closed on its day; periods are closed ten days after they end."""
    start = D(2026, 1, 1)
    grace = datetime.timedelta(days=10)
    ledger = Ledger()
    on = start + datetime.timedelta(days=closing)
    then: tuple[Statement, ...] | None = None
    for number, (known, before, minor) in enumerate(sorted(news), 1):
        recorded = start + datetime.timedelta(days=known)
        if recorded > on and then is None:
            then = _closed(ledger, on - grace)
        effective = recorded - datetime.timedelta(days=before)
        attributed, booked = Bookkeeping(closed_before=recorded - grace).booked(effective)
        made = attrs.evolve(
            entry(number, Money("EUR", minor), recorded, booked=booked, attributed=attributed),
            effective=effective,
        )
        ledger.add([made])
    if then is None:
        then = _closed(ledger, on - grace)
    assert _closed(ledger, on - grace, as_of=on) == then
    assert _closed(ledger, on - grace) == then  # nothing is booked in a closed period any more
    assert [one.seal for one in _closed(ledger, on - grace)] == [one.seal for one in then]


def _closed(ledger: Ledger, closed_before: D, as_of: D | None = None) -> tuple[Statement, ...]:
    """The statements of the months that are closed."""
    last = MONTHS.period(closed_before.replace(day=1) - datetime.timedelta(days=1)).name
    return statement_chain(ledger, Bookkeeping(closed_before=closed_before), "acme", "EUR", last, as_of)


@given(st.lists(st.tuples(st.integers(1, 6), st.integers(-5000, 5000)), max_size=12))
def test_closings_are_the_sums_of_all_entries_up_to_them(moves: list[tuple[int, int]]) -> None:
    ledger = Ledger(
        entry(number, Money("EUR", minor), D(2026, month, 5), booked=f"2026-{month:02d}")
        for number, (month, minor) in enumerate(moves, 1)
    )
    for one in statement_chain(ledger, MONTHS, "acme", "EUR", "2026-06"):
        upto = sum(minor for month, minor in moves if f"2026-{month:02d}" <= one.period)
        assert one.closing.minor == upto
        assert one.opening + sum((each.amount for each in one.entries), eur("0")) == one.closing


# the same books from either side


SIDES = st.lists(
    st.tuples(st.sampled_from([EntryKind.ADJUSTMENT, EntryKind.PAYMENT, EntryKind.WRITE_OFF]), st.integers(-900, 900)),
    max_size=8,
)  # fmt: skip


@given(SIDES)
def test_both_sides_of_the_books_add_up_to_zero_and_mirror_each_other(
    moves: list[tuple[EntryKind, int]],
) -> None:
    ledger = Ledger(
        entry(number, Money("EUR", minor), kind=kind) for number, (kind, minor) in enumerate(moves, 1)
    )
    found = statement(ledger, MONTHS, "acme", "EUR", "2026-01")
    ours, theirs = postings(found, "vendor"), postings(found, "partner")
    assert [one.entry for one in ours] == [one.entry for one in theirs]
    assert [one.amount for one in ours] == [-one.amount for one in theirs]
    for each in found.entries:
        assert sum(one.amount.minor for one in ours if one.entry == each.id) == 0
    owed = {
        side: sum(one.amount.minor for one in lines if one.account is account)
        for side, lines, account in (
            ("vendor", ours, Account.PAYABLE),
            ("partner", theirs, Account.RECEIVABLE),
        )
    }
    assert owed == {"vendor": -found.closing.minor, "partner": found.closing.minor}


def test_what_is_paid_leaves_the_vendors_bank_and_reaches_the_partners() -> None:
    ledger = Ledger([entry(1, eur("100")), entry(2, eur("-100"), kind=EntryKind.PAYMENT)])
    found = statement(ledger, MONTHS, "acme", "EUR", "2026-01")
    assert [(one.account, one.amount) for one in postings(found, "vendor")] == [
        (Account.EXPENSE, eur("100")),
        (Account.PAYABLE, eur("-100")),
        (Account.BANK, eur("-100")),
        (Account.PAYABLE, eur("100")),
    ]
    assert [(one.account, one.amount) for one in postings(found, "partner")] == [
        (Account.INCOME, eur("-100")),
        (Account.RECEIVABLE, eur("100")),
        (Account.BANK, eur("100")),
        (Account.RECEIVABLE, eur("-100")),
    ]


def test_a_side_that_is_none_is_refused() -> None:
    found = statement(Ledger(), MONTHS, "acme", "EUR", "2026-01")
    with pytest.raises(InvalidInput, match="unknown side 'bank'"):
        postings(found, "bank")  # type: ignore[arg-type]


# why was I paid this


def test_why_goes_down_to_the_slices_of_the_tiers_and_the_transactions() -> None:
    ledger = Ledger()
    ledger.add(post(plans(), [S1], ledger, known=D(2026, 1, 31)).entries)
    ledger.add(post(plans(), [S1, S2], ledger, known=D(2026, 2, 28)).entries)
    second = ledger.of_payee("acme")[1]
    said = why(ledger, second, policies(plans()))
    assert str(put_into_words(said, "en")).splitlines() == [
        "reseller/2026/rebate/volume of acme for FY2026-Q1: €120.00",
        "  10% of €1,000.00, up to €1,000.00: €100.00",
        "  25% of €400.00, above €1,000.00: €100.00",
        "  posted before: -€80.00",
        "  newly counted, or counted otherwise than before: 1",
        "    s2 of February 10, 2026: €600.00",
    ]


@pytest.mark.parametrize(
    ("locale", "words"),
    [("ja", ["新たに", "2026年2月10日の s2：€600.00"]), ("zh", ["新计入", "2026年2月10日的 s2：€600.00"])],
)
def test_why_is_said_in_three_languages(locale: str, words: list[str]) -> None:
    ledger = Ledger()
    ledger.add(post(plans(), [S1], ledger, known=D(2026, 1, 31)).entries)
    ledger.add(post(plans(), [S1, S2], ledger, known=D(2026, 2, 28)).entries)
    text = str(put_into_words(why(ledger, ledger.of_payee("acme")[1], policies(plans())), locale))
    for word in words:
        assert word in text
    for english in ("counted", "posted", "above"):
        assert english not in text


def test_why_says_what_was_refunded_what_was_late_and_until_when_it_is_held() -> None:
    """s1 of January pays 80.00; a return of 300 in March takes 30.00 back, booked in March as January is closed."""
    held = plans(attrs.evolve(TIERS, hold_days=30))
    ledger = Ledger()
    ledger.add(post(held, [S1], ledger, known=D(2026, 1, 31)).entries)
    books = Bookkeeping(closed_before=D(2026, 3, 1))
    back = sale("r1", D(2026, 3, 3), eur("-300"), returns="s1")
    ledger.add(post(held, [S1, back], ledger, known=D(2026, 3, 3), books=books).entries)
    first, second = ledger.of_payee("acme")
    assert "  held until February 9, 2026" in str(put_into_words(why(ledger, first, policies(held)), "en"))
    lines = str(put_into_words(why(ledger, second, policies(held)), "en")).splitlines()
    assert lines[0] == "reseller/2026/rebate/volume of acme for FY2026-Q1: -€30.00"
    assert "    r1 of March 3, 2026, of the sale s1: -€300.00" in lines
    assert "  belongs to 2026-01, which was closed; booked in 2026-03" in lines


def test_why_keeps_the_rate_of_exchange_of_the_sales_day() -> None:
    """120.87 USD at 1.2087 USD for one euro are 100.00 EUR, of which 10 % are 10.00."""
    table = ExchangeRates.of(
        "banca-d-italia/2004-06", {("EUR", "USD"): {D(2026, 1, 10): "1.2087"}}, inverse=True
    )
    ledger = Ledger()
    abroad = sale("s1", D(2026, 1, 10), Money.of("120.87", "USD"))
    ledger.add(
        post(
            plans(), [abroad], ledger, known=D(2026, 1, 31), circumstances=Circumstances(exchange=table)
        ).entries
    )
    (found,) = ledger
    assert found.amount == eur("10")
    text = str(put_into_words(why(ledger, found, policies(plans())), "en"))
    assert "s1 of January 10, 2026: €100.00" in text
    assert "$120.87 at 1 / 1.2087, as quoted on January 10, 2026 in banca-d-italia/2004-06" in text


def test_why_of_a_split_payout_says_the_part_of_others() -> None:
    """80.00 shared 3 : 1 between acme and bolt."""
    split = Split(shares={"acme": Rate.percent(75), "bolt": Rate.percent(25)}, at=At.PAYOUT)
    shared = plans(attrs.evolve(TIERS, split=split))
    ledger = Ledger()
    ledger.add(post(shared, [S1], ledger, known=D(2026, 1, 31)).entries)
    (of_bolt,) = ledger.of_payee("bolt")
    text = str(put_into_words(why(ledger, of_bolt, policies(shared)), "en"))
    assert "of bolt for FY2026-Q1: €20.00" in text
    assert "the part of others: -€60.00" in text


def test_why_of_units_counts_them() -> None:
    per_unit = plans(tiers(Band(each=eur("2.5")), base=Base.UNITS))
    ledger = Ledger()
    sold = Transaction(
        id="s1", parties={"partner": "acme"}, days={Day.INVOICED: D(2026, 1, 10)}, units=Fraction(8)
    )
    ledger.add(post(per_unit, [sold], ledger, known=D(2026, 1, 31)).entries)
    (found,) = ledger
    assert found.amount == eur("20")
    assert "s1 of January 10, 2026: 8" in str(put_into_words(why(ledger, found, policies(per_unit)), "en"))


def test_why_of_a_decision_says_who_decided_and_what_it_corrects() -> None:
    made = entry(1, eur("12"), corrects="acme|x|y|acme#1", reason="the order was counted for another partner")
    assert str(put_into_words(why(Ledger([made]), made, {}), "en")).splitlines() == [
        "reseller/dispute of acme for 1: €12.00",
        "  corrects acme|x|y|acme#1",
        "  decided by mk",
        "  the order was counted for another partner",
    ]


def test_an_entry_that_its_plan_does_not_give_is_refused() -> None:
    ledger = Ledger()
    ledger.add(post(plans(), [S1], ledger, known=D(2026, 1, 31)).entries)
    (found,) = ledger
    edited = {
        name: attrs.evolve(one, component=tiers(Band(rate=Rate.percent(11))))
        for name, one in policies(plans()).items()
    }
    with pytest.raises(NotRecomputed, match=r"says 80.00 EUR; calculated again .* come to 8800 minor units"):
        why(ledger, found, edited)
    with pytest.raises(InvalidInput, match="unknown component"):
        why(ledger, found, {})


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.integers(0, 150), st.integers(0, 90_000)), min_size=1, max_size=8),
    st.lists(st.integers(0, 7), max_size=3),
    st.booleans(),
)
def test_every_entry_is_explained_by_lines_that_add_up_to_it(
    sales: list[tuple[int, int]], refunds: list[int], shared: bool
) -> None:
    """Posted day by day, with refunds in between, held, split or not: `why` recomputes each entry or refuses it."""
    split = Split(shares={"acme": Rate(2, 3), "bolt": Rate(1, 3)}, at=At.PAYOUT) if shared else None
    found = plans(attrs.evolve(TIERS, split=split, hold_days=10))
    start = D(2026, 1, 1)
    told = [
        sale(f"s{number}", start + datetime.timedelta(days=day), Money("EUR", minor))
        for number, (day, minor) in enumerate(sales)
    ]
    for number, place in enumerate(refunds):
        sold = told[place % len(sales)]
        assert sold.net is not None
        back = -Money("EUR", sold.net.minor // (2 + number))
        told.append(
            sale(f"r{number}", sold.days[Day.INVOICED] + datetime.timedelta(days=9), back, returns=sold.id)
        )
    ledger = Ledger()
    for day in sorted({one.days[Day.INVOICED] for one in told}):
        ledger.add(post(found, told, ledger, known=day).entries)
    for one in ledger:
        said = why(ledger, one, policies(found))
        assert (
            said.values["amount"] == one.amount == Money("EUR", int(sum(line.amount for line in one.lines)))
        )


def test_the_plain_form_of_a_statement_is_json() -> None:
    from prmcore.values.wire import from_plain, to_plain

    found = statement(Ledger([entry(1, eur("80"))]), MONTHS, "acme", "EUR", "2026-01")
    assert from_plain(json.loads(json.dumps(to_plain(found))), Statement) == found


# the order of entries, and what is known on a day


def test_entries_stand_in_the_order_of_their_periods_then_of_the_days_then_of_their_names() -> None:
    """Each pair differs in one thing that the next one has the other way round."""
    made = [
        entry(9, eur("1"), D(2026, 2, 9), booked="2026-01"),
        entry(8, eur("2"), D(2026, 2, 1), booked="2026-02"),
        attrs.evolve(entry(7, eur("3"), D(2026, 2, 2), booked="2026-02"), effective=D(2026, 1, 1)),
        attrs.evolve(entry(6, eur("4"), D(2026, 2, 2), booked="2026-02"), effective=D(2026, 1, 2)),
        attrs.evolve(
            entry(5, eur("5"), D(2026, 2, 2), booked="2026-02"), effective=D(2026, 1, 3), period="1"
        ),
        attrs.evolve(
            entry(3, eur("6"), D(2026, 2, 2), booked="2026-02"), effective=D(2026, 1, 3), period="2"
        ),
        attrs.evolve(
            entry(4, eur("7"), D(2026, 2, 2), booked="2026-02"), effective=D(2026, 1, 3), period="2"
        ),
    ]
    found = statement(Ledger(reversed(made)), MONTHS, "acme", "EUR", "FY2026-Q1")
    assert found.entries == tuple(made)
    assert [len(one.entries) for one in statement_chain(Ledger(made), MONTHS, "acme", "EUR", "2026-02")] == [
        1,
        6,
    ]


def test_a_statement_of_a_day_has_what_was_known_at_its_end() -> None:
    ledger = Ledger([entry(1, eur("5"), D(2026, 1, 9)), entry(2, eur("7"), D(2026, 1, 10))])
    closings = [
        statement(ledger, MONTHS, "acme", "EUR", "2026-01", as_of).closing
        for as_of in (D(2026, 1, 8), D(2026, 1, 9), D(2026, 1, 10), None)
    ]
    assert closings == [eur("0"), eur("5"), eur("12"), eur("12")]
    other = attrs.evolve(entry(1, eur("1"), D(2026, 1, 10)), component="alliance/dispute")
    mixed = Ledger([entry(1, eur("5"), D(2026, 1, 9)), other])
    assert statement(mixed, MONTHS, "acme", "EUR", "2026-01", D(2026, 1, 9)).closing == eur("5")


def test_a_statement_of_before_the_first_entry_and_one_of_nobody_are_of_nothing() -> None:
    ledger = Ledger([entry(1, eur("5"), D(2026, 2, 9), booked="2026-02")])
    for payee in ("acme", "bolt"):
        (one,) = statement_chain(ledger, MONTHS, payee, "EUR", "2026-01")
        assert one == Statement(
            payee=payee,
            unit="EUR",
            period="2026-01",
            opening=eur("0"),
            entries=(),
            parts={},
            closing=eur("0"),
        )
        assert (one.previous, one.amount(Part.DECIDED)) == (None, eur("0"))
    assert len(statement_chain(ledger, MONTHS, "bolt", "EUR", "2026-05")) == 1


def test_the_parts_of_a_statement_are_in_one_order_and_each_is_the_sum_of_its_entries() -> None:
    made = [
        entry(1, eur("-9"), kind=EntryKind.PAYMENT),
        entry(2, eur("5")),
        entry(3, eur("7"), kind=EntryKind.WRITE_OFF),
        entry(4, eur("-1"), kind=EntryKind.PAYMENT),
        earned(5, eur("80")),
    ]
    found = statement(Ledger(made), MONTHS, "acme", "EUR", "2026-01")
    assert list(found.parts.items()) == [
        (Part.CALCULATED, eur("80")),
        (Part.DECIDED, eur("12")),
        (Part.PAID, eur("-10")),
    ]


# what takes the place of another


def earned(number: int, amount: Money, sold: str = "s1", **said: Any) -> Entry:
    """An entry that was calculated, of one sale."""
    share = Share(transaction=sold, day=D(2026, 1, 10), quantity=Fraction(800_00), pay=Fraction(800_00))
    made = entry(number, amount, D(2026, 1, 31), kind=EntryKind.EARNED, by=None)
    given: dict[str, Any] = {
        "component": "reseller/2026/rebate/volume",
        "earning": Earning(payee="acme", period="FY2026-Q1", shares=(share,)),
        "recorded": D(2026, 4, 2),
    }
    return attrs.evolve(made, **(given | said))


NEW = "reseller/2026b/rebate/volume"


@pytest.mark.parametrize(
    ("anew", "adjusted"),
    [
        ({"component": NEW}, True),
        ({"component": "reseller/2026b/rebate/growth"}, True),  # another component of the new version
        ({"component": NEW, "sold": "s9"}, False),  # another sale
        ({"component": NEW, "recorded": D(2026, 4, 3)}, False),  # another day
        ({"component": NEW, "earner": "bolt"}, False),  # what somebody else earned
        ({"component": "reseller/2026/rebate/growth"}, False),  # the same version
        ({"component": "reseller/2026b/spiff/volume"}, False),  # another plan
        ({"component": NEW, "earning": None, "by": "mk"}, False),  # what a person decided
    ],
)
def test_what_is_paid_anew_is_what_another_version_pays_the_same_earner_for_the_same_sale_on_that_day(
    anew: dict[str, Any], adjusted: bool
) -> None:
    """80.00 were paid and are taken back, 120.00 are paid: 40.00 together, or -80.00 and what is no part of it."""
    back = earned(2, eur("-80"), kind=EntryKind.ADJUSTMENT, earning=Earning(payee="acme", period="FY2026-Q1"))
    ledger = Ledger([earned(1, eur("80"), recorded=D(2026, 1, 31)), back, earned(1, eur("120"), **anew)])
    found = statement(ledger, MONTHS, "acme", "EUR", "2026-01")
    assert found.amount(Part.RATE_ADJUSTMENT) == eur("40" if adjusted else "-80")
    assert found.closing == eur("120")


def test_what_a_person_takes_back_is_replaced_by_nothing() -> None:
    """The same three entries, but for whose decision the second is: it is theirs, and the third is calculated."""
    back = earned(2, eur("-80"), kind=EntryKind.ADJUSTMENT, by="mk", earning=None)
    ledger = Ledger(
        [earned(1, eur("80"), recorded=D(2026, 1, 31)), back, earned(1, eur("120"), component=NEW)]
    )
    found = statement(ledger, MONTHS, "acme", "EUR", "2026-01")
    assert found.parts == {Part.CALCULATED: eur("200"), Part.DECIDED: eur("-80")}
    claw_back = earned(2, eur("-80"), kind=EntryKind.CLAWBACK)  # a refund is no version
    ledger = Ledger([earned(1, eur("80")), claw_back, earned(1, eur("120"), component=NEW)])
    assert statement(ledger, MONTHS, "acme", "EUR", "2026-01").parts == {Part.CALCULATED: eur("120")}


@pytest.mark.parametrize(
    ("attributed", "part"),
    [("2025-12", Part.PRIOR_PERIOD), ("2026-01", Part.CALCULATED), ("2026-02", Part.CALCULATED)],
)
def test_only_what_belongs_to_an_earlier_period_is_of_a_prior_one(attributed: str, part: Part) -> None:
    ledger = Ledger([earned(1, eur("80"), attributed=attributed)])
    assert statement(ledger, MONTHS, "acme", "EUR", "2026-01").parts == {part: eur("80")}


# double entry


@pytest.mark.parametrize(
    ("kind", "vendor", "partner"),
    [
        (EntryKind.EARNED, Account.EXPENSE, Account.INCOME),
        (EntryKind.ADJUSTMENT, Account.EXPENSE, Account.INCOME),
        (EntryKind.WRITE_OFF, Account.WRITTEN_OFF, Account.WRITTEN_OFF),
        (EntryKind.PAYMENT, Account.BANK, Account.BANK),
    ],
)
def test_each_kind_of_entry_has_its_account_on_either_side(
    kind: EntryKind, vendor: Account, partner: Account
) -> None:
    made = attrs.evolve(entry(1, eur("7"), kind=kind), effective=D(2026, 1, 5))
    found = statement(Ledger([made]), MONTHS, "acme", "EUR", "2026-01")
    on: dict[str, Any] = {"entry": made.id, "on": D(2026, 1, 5)}
    assert postings(found) == (
        AccountLine(account=vendor, amount=eur("7"), **on),
        AccountLine(account=Account.PAYABLE, amount=eur("-7"), **on),
    )
    assert postings(found, "partner") == (
        AccountLine(account=partner, amount=eur("-7"), **on),
        AccountLine(account=Account.RECEIVABLE, amount=eur("7"), **on),
    )


@pytest.mark.parametrize(
    "made",
    [
        lambda: AccountLine("1", D(2026, 1, 5), Account.BANK, eur("7")),  # type: ignore[call-arg]
        lambda: Statement("acme", "EUR", "2026-01", eur("0"), (), {}, eur("0")),  # type: ignore[call-arg]
    ],
)
def test_records_of_statements_are_told_by_names(made: Any) -> None:
    with pytest.raises(TypeError):
        made()


# what is said


def words(ledger: Ledger, one: Entry, found: Dated[Plan]) -> list[str]:
    return str(put_into_words(why(ledger, one, policies(found)), "en")).splitlines()


@pytest.mark.parametrize(
    ("made", "lines"),
    [
        (entry(1, eur("-9"), kind=EntryKind.PAYMENT), ["paid out: -€9.00", "decided by mk"]),
        (entry(1, eur("-9"), kind=EntryKind.PAYMENT, by=None), ["paid out: -€9.00"]),
        (entry(1, eur("9"), by=None), []),
        (entry(1, eur("9"), by=None, reason="agreed"), ["agreed"]),
        (entry(1, eur("9"), by=None, corrects="x#1"), ["corrects x#1"]),
        (
            entry(1, eur("9"), booked="2026-03", attributed="2026-01", payable_from=D(2026, 5, 1)),
            [
                "decided by mk",
                "belongs to 2026-01, which was closed; booked in 2026-03",
                "held until May 1, 2026",
            ],
        ),
    ],
)
def test_why_of_what_is_not_calculated_says_what_is_there_and_no_more(made: Entry, lines: list[str]) -> None:
    assert str(put_into_words(why(Ledger([made]), made, {}), "en")).splitlines()[1:] == [
        f"  {one}" for one in lines
    ]


def test_why_of_what_is_topped_up_names_no_sale_as_newly_counted() -> None:
    """10 % of 800.00 are 80.00 by January; once the quarter is settled they are 100.00."""
    guaranteed = plans(attrs.evolve(TIERS, guarantee=eur("100")))
    ledger = Ledger()
    ledger.add(post(guaranteed, [S1], ledger, known=D(2026, 1, 31)).entries)
    ledger.add(post(guaranteed, [S1], ledger, known=D(2026, 4, 1), settled_through=D(2026, 3, 31)).entries)
    assert words(ledger, ledger.of_payee("acme")[1], guaranteed)[1:] == [
        "  10% of €800.00, up to €1,000.00: €80.00",
        "  topped up to the guarantee of €100.00: €20.00",
        "  posted before: -€80.00",
    ]


def test_why_of_who_is_in_the_split_no_more_says_that_all_of_it_is_of_others() -> None:
    """80.00 of which bolt had a quarter; then the plan is not split, or split with another: bolt's 20.00 go back."""
    split = Split(shares={"acme": Rate.percent(75), "bolt": Rate.percent(25)}, at=At.PAYOUT)
    other = Split(shares={"acme": Rate.percent(75), "cora": Rate.percent(25)}, at=At.PAYOUT)
    for later in (None, other):
        ledger = Ledger()
        shared, anew = (plans(attrs.evolve(TIERS, split=one)) for one in (split, later))
        ledger.add(post(shared, [S1], ledger, known=D(2026, 1, 31)).entries)
        ledger.add(post(anew, [S1], ledger, known=D(2026, 2, 1)).entries)
        assert words(ledger, ledger.of_payee("bolt")[1], anew) == [
            "reseller/2026/rebate/volume of bolt for FY2026-Q1: -€20.00",
            "  10% of €800.00, up to €1,000.00: €80.00",
            "  the part of others: -€80.00",
            "  posted before: -€20.00",
        ]


def test_why_of_a_split_counts_what_was_posted_before_to_that_payee_alone() -> None:
    """60.00 and 20.00 of 80.00; then 150.00 and 50.00 of 200.00, of which each had the former already."""
    split = Split(shares={"acme": Rate.percent(75), "bolt": Rate.percent(25)}, at=At.PAYOUT)
    shared, ledger = plans(attrs.evolve(TIERS, split=split)), Ledger()
    ledger.add(post(shared, [S1], ledger, known=D(2026, 1, 31)).entries)
    ledger.add(post(shared, [S1, S2], ledger, known=D(2026, 2, 28)).entries)
    for payee, others, before in (("acme", "-€50.00", "-€60.00"), ("bolt", "-€150.00", "-€20.00")):
        first, second = ledger.of_payee(payee)
        assert not any("posted before" in line for line in words(ledger, first, shared))
        assert words(ledger, second, shared)[3:5] == [
            f"  the part of others: {others}",
            f"  posted before: {before}",
        ]


@pytest.mark.parametrize(
    ("quotes", "options", "currency", "said"),
    [
        # 100.00 USD at 0.8 EUR for one dollar
        (
            {("USD", "EUR"): "0.8"}, {}, "USD",
            "$100.00 at 0.8, as quoted on January 9, 2026 in ecb",
        ),
        # 1.25 USD for one euro, turned round
        (
            {("EUR", "USD"): "1.25"}, {"inverse": True}, "USD",
            "$100.00 at 1 / 1.25, as quoted on January 9, 2026 in ecb",
        ),
        # 0.5 USD for one pound and 1.25 USD for one euro: 0.4 EUR for one pound, which is no quote to be turned round
        (
            {("GBP", "USD"): "0.5", ("EUR", "USD"): "1.25"}, {"inverse": True, "pivot": "USD"}, "GBP",
            "£100.00 at 0.4, as quoted on January 9, 2026 in ecb",
        ),
    ],
)  # fmt: skip
def test_why_says_a_rate_of_exchange_as_it_was_quoted(
    quotes: dict[tuple[str, str], str], options: dict[str, Any], currency: str, said: str
) -> None:
    """The sale is of the 10th, the last quotes are of the 9th."""
    rates = {pair: {D(2026, 1, 9): rate} for pair, rate in quotes.items()}
    around = Circumstances(exchange=ExchangeRates.of("ecb", rates, last_within_days=3, **options))
    ledger, abroad = Ledger(), sale("s1", D(2026, 1, 10), Money.of("100", currency))
    ledger.add(post(plans(), [abroad], ledger, known=D(2026, 1, 31), circumstances=around).entries)
    (found,) = ledger
    assert words(ledger, found, plans())[-1].strip() == said


def test_why_of_points_for_money_says_the_money() -> None:
    """A point for each two euros of 800.00."""
    club = Component(
        name="club",
        unit="points",
        currency="EUR",
        curve=Curve((Band(rate=Rate.percent(50)),)),
        period="quarter",
    )
    ledger = Ledger()
    ledger.add(post(plans(club), [S1], ledger, known=D(2026, 1, 31)).entries)
    (found,) = ledger
    assert found.amount == Money.of(400, "points")
    assert words(ledger, found, plans(club))[-1] == "    s1 of January 10, 2026: €800.00"


def test_an_entry_that_does_not_come_out_again_is_on_the_error_with_the_lines_that_do() -> None:
    """Where the plan asks for a quota now, of which the ledger knows nothing, no line comes out at all."""
    ledger = Ledger()
    ledger.add(post(plans(), [S1], ledger, known=D(2026, 1, 31)).entries)
    (found,) = ledger
    faster = Curve(
        (Band(up_to=Rate.percent(100), rate=Rate.percent(100)), Band(rate=Rate.percent(150))), Mode.WHOLE
    )
    for edited, minor, lines in (
        (tiers(Band(rate=Rate.percent(11))), 8800, "band 8800"),
        (attrs.evolve(TIERS, accelerator=faster), 0, ""),
    ):
        with pytest.raises(NotRecomputed) as caught:
            why(ledger, found, policies(plans(edited)))
        assert caught.value.entry == found
        assert [(line.what, line.amount) for line in caught.value.lines] == [(LineKind.BAND, Fraction(8800))][
            : len(lines)
        ]
        assert str(caught.value) == (
            f"'acme|reseller/2026/rebate/volume|FY2026-Q1|acme#1' says 80.00 EUR; calculated again by "
            f"reseller/2026/rebate/volume its lines come to {minor} minor units: {lines}"
        )
