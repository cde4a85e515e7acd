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
from prmcore.incentives.posting import Circumstances
from prmcore.incentives.statements import (
    Account,
    NotRecomputed,
    Part,
    Statement,
    postings,
    statement,
    statement_chain,
    why,
)
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
