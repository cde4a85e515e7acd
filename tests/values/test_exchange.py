"""Rates of exchange: of the day of the fact, exact, and kept with what was converted."""

import datetime
import decimal
import pickle
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from prmcore.errors import InvalidInput
from prmcore.values import (
    AppliedRate,
    Converted,
    CurrencyMismatch,
    ExchangeRates,
    Money,
    NoRate,
    QuotedRate,
    currency_digits,
    total,
)
from prmcore.values.wire import from_plain, to_plain

D = datetime.date
EVEN, UP = decimal.ROUND_HALF_EVEN, decimal.ROUND_HALF_UP

# The euro foreign exchange reference rates of 23 June 2004, as the Banca d'Italia published them:
# https://www.bancaditalia.it/compiti/operazioni-cambi/cambio/cambi_rif_20040623
JUNE_23 = D(2004, 6, 23)
REFERENCE = {"USD": "1.2087", "JPY": "131.60", "GBP": "0.66510", "CHF": "1.5167", "KRW": "1401.91"}
TABLE = ExchangeRates.of(
    "banca-d-italia/2004-06",
    {("EUR", code): {JUNE_23: rate} for code, rate in REFERENCE.items()},
    inverse=True,
    pivot="EUR",
)

# The euro in pounds at the turn of January 2024, with the days on which the rates were set: the weekend of the 6th has
# the rate that was set on Friday the 5th. https://coinwelly.com/rate/eurgbp/2024
POUNDS = {D(2024, 1, 4): "0.8628", D(2024, 1, 5): "0.8621", D(2024, 1, 8): "0.8615", D(2024, 1, 9): "0.8594"}


def pounds(**policy: Any) -> ExchangeRates:
    return ExchangeRates.of("pounds/2024-01", {("EUR", "GBP"): POUNDS}, **policy)


# Worked out by hand from the reference rates: 100 x 1.2087; 100 x 131.60 (no digits); 1000 / 131.60 = 7.5987...;
# 12.34 x 1401.91 = 17299.57 (no digits); through the euro 131.60 / 1.2087 = 108.87730..., so 100.00 is 10887.73, and
# 1.5167 / 0.66510 = 2.280408..., so 250.00 is 570.10.
@pytest.mark.parametrize(
    ("money", "target", "expected"),
    [
        ("100.00 EUR", "USD", "120.87 USD"),
        ("100.00 EUR", "JPY", "13160 JPY"),
        ("1000 JPY", "EUR", "7.60 EUR"),
        ("12.34 EUR", "KRW", "17300 KRW"),
        ("100.00 USD", "JPY", "10888 JPY"),
        ("250.00 GBP", "CHF", "570.10 CHF"),
        ("-250.00 GBP", "CHF", "-570.10 CHF"),
        ("5.00 USD", "USD", "5.00 USD"),
    ],
)
def test_money_is_converted_at_the_reference_rate(money: str, target: str, expected: str) -> None:
    found = TABLE.convert(Money.parse(money), target, JUNE_23, rounding=EVEN)
    assert (str(found.source), str(found.amount)) == (money, expected)
    assert found.rate == TABLE.on(found.source.currency, target, JUNE_23)


# Made-up rates, worked out by hand. 100.00 x 0.376 = 37.600 dinars; 1 / 0.376 = 2.6595... dollars. One unit of account
# of 36,789.36 pesos is 36,789 of them; a million pesos is 27 x 36,789.36 = 993,312.72 and 6,687.28 / 36,789.36 = 0.18177.
@pytest.mark.parametrize(
    ("money", "target", "expected"),
    [
        ("100.00 USD", "BHD", "37.600 BHD"),
        ("1.000 BHD", "USD", "2.66 USD"),
        ("1.0000 CLF", "CLP", "36789 CLP"),
        ("1000000 CLP", "CLF", "27.1818 CLF"),
        ("0.0001 CLF", "CLP", "4 CLP"),
    ],
)
def test_currencies_of_no_two_three_and_four_digits_are_converted(
    money: str, target: str, expected: str
) -> None:
    day = D(2026, 1, 1)
    made_up = ExchangeRates.of(
        "made-up/1", {("USD", "BHD"): {day: "0.376"}, ("CLF", "CLP"): {day: "36789.36"}}, inverse=True
    )
    assert str(made_up.convert(Money.parse(money), target, day, rounding=EVEN).amount) == expected


def test_the_exact_amount_is_in_minor_units_of_the_target() -> None:
    """1 yen is 100 / 131.60 cents; 1 cent is 1.3160 yen."""
    assert TABLE.exact(Money.of(1, "JPY"), "EUR", JUNE_23) == Fraction(10000, 13160)
    assert TABLE.exact(Money.of("0.01", "EUR"), "JPY", JUNE_23) == Fraction("1.3160")


@pytest.mark.parametrize(
    ("day", "within", "quoted", "rate"),
    [
        (D(2024, 1, 5), 0, D(2024, 1, 5), "0.8621"),
        (D(2024, 1, 6), 1, D(2024, 1, 5), "0.8621"),
        (D(2024, 1, 7), 2, D(2024, 1, 5), "0.8621"),
        (D(2024, 1, 8), 2, D(2024, 1, 8), "0.8615"),
        (D(2024, 1, 11), 2, D(2024, 1, 9), "0.8594"),
    ],
)
def test_a_day_without_a_quote_has_the_last_one_before_it(day: D, within: int, quoted: D, rate: str) -> None:
    """T22: the weekend of the 6th has Friday's rate, never Monday's."""
    assert pounds(last_within_days=within).on("EUR", "GBP", day) == AppliedRate(
        source="EUR", target="GBP", rate=Fraction(rate), day=day, quoted=quoted, table="pounds/2024-01"
    )


@pytest.mark.parametrize(
    ("day", "within"),
    [
        (D(2024, 1, 6), 0), (D(2024, 1, 7), 1), (D(2024, 1, 12), 2), (D(2024, 1, 3), 366), (D.min, 366), (D.max, 366),
    ],
)  # fmt: skip
def test_a_quote_that_is_too_old_or_later_is_never_taken(day: D, within: int) -> None:
    """T22: the 3rd has no rate although the 4th has one."""
    with pytest.raises(NoRate):
        pounds(last_within_days=within).on("EUR", "GBP", day)


def test_a_missing_rate_says_what_was_asked_and_what_there_is() -> None:
    with pytest.raises(InvalidInput) as caught:
        pounds(last_within_days=2).on("EUR", "GBP", D(2024, 1, 12))
    assert str(caught.value) == (
        "pounds/2024-01 has no rate from EUR to GBP on 2024-01-12, where a quote counts for its own day and 2 more; "
        "quoted: EUR-GBP from 2024-01-04 to 2024-01-09"
    )
    with pytest.raises(NoRate, match="counts for its own day; quoted: EUR-GBP from 2024-01-04"):
        pounds().on("GBP", "EUR", D(2024, 1, 5))
    with pytest.raises(NoRate, match="quoted: nothing"):
        ExchangeRates("empty/1", ()).on("GBP", "EUR", D(2024, 1, 5))
    again = pickle.loads(pickle.dumps(caught.value))
    assert (again.table, again.source, again.target, again.day) == (
        "pounds/2024-01",
        "EUR",
        "GBP",
        D(2024, 1, 12),
    )


def test_a_missing_pair_shows_other_pairs_but_not_all_of_them() -> None:
    day = D(2026, 1, 1)
    codes = ["USD", "JPY", "GBP", "CHF", "KRW", "CNY", "BHD", "CLF", "CLP", "SEK", "NOK", "DKK"]
    wide = ExchangeRates.of("wide/1", {("EUR", code): {day: 1} for code in codes})
    with pytest.raises(NoRate) as caught:
        wide.on("USD", "JPY", day)
    assert str(caught.value).count("EUR-") == 10
    assert str(caught.value).endswith(", ...")


def test_ten_pairs_are_all_that_there_are_when_no_more_are_hinted_at() -> None:
    day = D(2026, 1, 1)
    codes = ["USD", "JPY", "GBP", "CHF", "KRW", "CNY", "BHD", "CLF", "CLP", "SEK"]
    ten = ExchangeRates.of("ten/1", {("EUR", code): {day: 1} for code in codes})
    assert ten.quoted("USD", "JPY") == ", ".join(f"EUR-{code} from {day} to {day}" for code in sorted(codes))


def test_a_rate_between_currencies_of_one_digit_more_or_less_is_exact() -> None:
    """The dinar has three digits, the euro two: 1.000 at 2.4 are 240 cents, 0.01 at 1/2.4 are 25/6 thousandths."""
    table = ExchangeRates.of("made-up/1", {("BHD", "EUR"): {JUNE_23: "2.4"}}, inverse=True)
    assert table.exact(Money.of(1, "BHD"), "EUR", JUNE_23) == 240
    assert table.exact(Money.of("0.01", "EUR"), "BHD", JUNE_23) == Fraction(25, 6)


def test_no_quote_is_turned_round_or_multiplied_unless_the_table_says_so() -> None:
    plain = ExchangeRates.of("plain/1", {("EUR", "USD"): {JUNE_23: 2}, ("USD", "JPY"): {JUNE_23: 100}})
    for pair in (("USD", "EUR"), ("EUR", "JPY")):
        with pytest.raises(NoRate):
            plain.on(*pair, JUNE_23)
    through = ExchangeRates("through/1", plain.quotes, pivot="USD")
    assert (through.on("EUR", "JPY", JUNE_23).rate, through.on("EUR", "JPY", JUNE_23).through) == (
        Fraction(200),
        "USD",
    )
    with pytest.raises(NoRate):
        through.on("JPY", "EUR", JUNE_23)


def test_how_a_rate_came_about_is_kept() -> None:
    turned = TABLE.on("JPY", "EUR", JUNE_23)
    assert (turned.rate, turned.inverted, turned.through) == (Fraction(100, 13160), True, None)
    crossed = TABLE.on("USD", "JPY", JUNE_23)
    assert (crossed.rate, crossed.inverted, crossed.through) == (
        Fraction("131.60") / Fraction("1.2087"),
        True,
        "EUR",
    )
    same = TABLE.on("EUR", "EUR", JUNE_23)
    assert (same.rate, same.inverted, same.through) == (Fraction(1), False, None)


def test_a_rate_through_the_pivot_is_of_quotes_of_one_day() -> None:
    """The dollar was last quoted on the 5th, the yen on the 4th and the 6th: only on the 4th were both."""
    table = ExchangeRates.of(
        "holes/1",
        {
            ("EUR", "USD"): {D(2024, 1, 4): 2, D(2024, 1, 5): 4},
            ("EUR", "JPY"): {D(2024, 1, 4): 100, D(2024, 1, 6): 900},
        },
        inverse=True, pivot="EUR", last_within_days=5,
    )  # fmt: skip
    found = table.on("USD", "JPY", D(2024, 1, 7))
    assert (found.rate, found.quoted) == (Fraction(50), D(2024, 1, 4))


def test_on_one_day_the_most_direct_quote_counts() -> None:
    quotes: Any = {("EUR", "USD"): {JUNE_23: 2}, ("USD", "EUR"): {JUNE_23: Fraction(1, 4)}}
    both = ExchangeRates.of("both/1", quotes, inverse=True)
    assert (both.on("EUR", "USD", JUNE_23).rate, both.on("USD", "EUR", JUNE_23).rate) == (
        Fraction(2),
        Fraction(1, 4),
    )


def test_a_sale_is_converted_at_the_rate_of_its_own_day_whenever_it_is_worked_on() -> None:
    """T22: 1,000.00 sold on the 5th is 862.10, not the 859.40 of the 9th, on which it is settled."""
    sold, settled = D(2024, 1, 5), D(2024, 1, 9)
    table = pounds()
    assert table.convert(Money.of(1000, "EUR"), "GBP", sold, rounding=EVEN).amount == Money.of(
        "862.10", "GBP"
    )
    assert table.convert(Money.of(1000, "EUR"), "GBP", settled, rounding=EVEN).amount == Money.of(
        "859.40", "GBP"
    )


def test_what_was_converted_keeps_its_rate_when_another_table_is_published() -> None:
    """T23: the rate of the entry says how its amount came about, whatever newer tables hold."""
    entry = pounds().convert(Money.of(1000, "EUR"), "GBP", D(2024, 1, 5), rounding=EVEN)
    corrected = ExchangeRates.of("pounds/2024-02", {("EUR", "GBP"): {D(2024, 1, 5): "0.9"}})
    kept: Converted = from_plain(to_plain(entry), Converted)
    assert kept == entry
    assert (kept.rate.table, kept.rate.rate, kept.rate.day) == (
        "pounds/2024-01",
        Fraction("0.8621"),
        D(2024, 1, 5),
    )
    assert kept.rate.convert(kept.source, rounding=EVEN) == entry
    assert corrected.convert(entry.source, "GBP", D(2024, 1, 5), rounding=EVEN) != entry


# https://github.com/OCA/commission/issues/306: a settlement added amounts "regardless of the currency".
def test_amounts_of_two_currencies_are_added_after_they_were_converted_and_never_before() -> None:
    """T21: 100.00 EUR and 100.00 USD are no 200.00; in dollars they are 120.87 + 100.00."""
    sales = [Money.of(100, "EUR"), Money.of(100, "USD")]
    with pytest.raises(CurrencyMismatch):
        total(sales, "USD")
    converted = [TABLE.convert(sale, "USD", JUNE_23, rounding=EVEN).amount for sale in sales]
    assert total(converted, "USD") == Money.of("220.87", "USD")


def test_a_rate_converts_its_own_currency_only() -> None:
    """T21"""
    with pytest.raises(CurrencyMismatch):
        TABLE.on("EUR", "USD", JUNE_23).exact(Money.of(1, "JPY"))
    with pytest.raises(InvalidInput, match=r"found 1 JPY as 1\.00 USD at a rate from EUR to USD"):
        Converted(source=Money.of(1, "JPY"), amount=Money.of(1, "USD"), rate=TABLE.on("EUR", "USD", JUNE_23))


def test_a_refund_is_converted_to_the_mirror_of_its_sale() -> None:
    """T14: 0.50 x 1.2087 = 0.60435; a rate of 2.5 makes 0.01 to 0.025, half up 0.03 and -0.03."""
    table = ExchangeRates.of("half/1", {("EUR", "USD"): {JUNE_23: "2.5"}})
    sale, refund = (table.convert(Money("EUR", cents), "USD", JUNE_23, rounding=UP) for cents in (1, -1))
    assert (sale.amount, refund.amount) == (Money("USD", 3), Money("USD", -3))
    with pytest.raises(InvalidInput, match="accepted: ROUND_HALF_EVEN"):
        table.convert(Money("EUR", 1), "USD", JUNE_23, rounding=decimal.ROUND_FLOOR)


def test_points_are_not_exchanged() -> None:
    for pair in (("points", "EUR"), ("EUR", "points:training"), ("points", "points:training")):
        with pytest.raises(InvalidInput, match="points are not exchanged"):
            TABLE.on(*pair, JUNE_23)
    assert TABLE.on("points", "points", JUNE_23).rate == 1


def test_an_unknown_currency_or_a_day_with_a_time_is_refused() -> None:
    for pair in (("EUR", "ZZZ"), ("eur", "USD"), ("ZZZ", "ZZZ")):
        with pytest.raises(InvalidInput, match="unknown currency"):
            TABLE.on(*pair, JUNE_23)
    with pytest.raises(InvalidInput, match="accepted: a date without a time"):
        TABLE.on("EUR", "USD", datetime.datetime(2004, 6, 23, 12))


@pytest.mark.parametrize("rate", ["0", "-1.2", 1.2087, True, None, "1,2", decimal.Decimal("NaN")])
def test_a_rate_is_an_exact_number_above_zero(rate: Any) -> None:
    with pytest.raises(InvalidInput):
        QuotedRate("EUR", "USD", JUNE_23, rate)
    with pytest.raises(InvalidInput):
        AppliedRate(source="EUR", target="USD", rate=rate, day=JUNE_23, quoted=JUNE_23, table="t/1")


def test_all_that_is_wrong_with_a_quote_is_said_at_once() -> None:
    wrong: Any = datetime.datetime(2026, 1, 1)
    with pytest.raises(InvalidInput) as caught:
        QuotedRate("points", "ZZZ", wrong, 0)
    assert [fault.path for fault in caught.value.faults] == ["source", "target", "day", "rate"]
    with pytest.raises(InvalidInput, match="accepted: two currencies @ target"):
        QuotedRate("EUR", "EUR", JUNE_23, 1)


@pytest.mark.parametrize(
    ("given", "faults"),
    [
        ({"rate": 0}, ["found 0; accepted: a number above zero @ rate"]),
        ({"day": datetime.datetime(2026, 1, 1)},
            ["the day: found datetime.datetime(2026, 1, 1, 0, 0); accepted: a date without a time @ day"]),
        ({"quoted": datetime.datetime(2026, 1, 1), "rate": -1},
            ["the day: found datetime.datetime(2026, 1, 1, 0, 0); accepted: a date without a time @ quoted",
                "found -1; accepted: a number above zero @ rate"]),
        ({"quoted": D(2004, 6, 24)}, ["found 2004-06-24, after 2004-06-23; accepted: that day or one before it @ quoted"]),
    ],
)  # fmt: skip
def test_all_that_is_wrong_with_an_applied_rate_is_said_at_once(
    given: dict[str, Any], faults: list[str]
) -> None:
    right: dict[str, Any] = {
        "source": "EUR", "target": "USD", "rate": 1, "day": JUNE_23, "quoted": JUNE_23, "table": "t/1",
    }  # fmt: skip
    with pytest.raises(InvalidInput) as caught:
        AppliedRate(**{**right, **given})
    assert caught.value.title == "the rate from 'EUR' to 'USD' cannot be used"
    assert [str(fault) for fault in caught.value.faults] == faults
    plain = AppliedRate(**right)
    assert (plain.inverted, plain.through) == (False, None)


def test_a_rate_is_never_of_a_quote_after_its_day() -> None:
    with pytest.raises(InvalidInput, match="accepted: that day or one before it @ quoted"):
        AppliedRate(source="EUR", target="USD", rate=1, day=JUNE_23, quoted=D(2004, 6, 24), table="t/1")


@pytest.mark.parametrize(
    ("name", "policy", "path"),
    [
        ("", {}, "name"),
        ("t/1", {"last_within_days": -1}, "last_within_days"),
        ("t/1", {"last_within_days": 367}, "last_within_days"),
        ("t/1", {"last_within_days": True}, "last_within_days"),
        ("t/1", {"pivot": "EURO"}, "pivot"),
    ],
)
def test_a_table_says_where_it_is_wrong(name: str, policy: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        ExchangeRates(name, (), **policy)
    assert [fault.path for fault in caught.value.faults] == [path]


def test_a_pair_is_quoted_once_a_day() -> None:
    quote = QuotedRate("EUR", "USD", JUNE_23, "1.2")
    with pytest.raises(InvalidInput, match=r"EUR-USD is quoted twice on 2004-06-23 @ quotes\[1\]"):
        ExchangeRates("t/1", (quote, QuotedRate("EUR", "USD", JUNE_23, "1.3")))


DAYS = st.dates(D(2026, 1, 1), D(2026, 1, 20))
RATES = st.fractions(Fraction(1, 997), 2000, max_denominator=997)
CODES = ("EUR", "JPY", "BHD", "CLF")
QUOTES = st.dictionaries(
    st.tuples(st.sampled_from(CODES), st.sampled_from(CODES)).filter(lambda pair: pair[0] != pair[1]),
    st.dictionaries(DAYS, RATES, min_size=1, max_size=4),
    min_size=1, max_size=5,
)  # fmt: skip


@given(QUOTES, st.integers(0, 6), DAYS, st.data())
def test_the_rate_is_the_latest_that_still_counts(
    quotes: dict[Any, Any], within: int, day: D, data: st.DataObject
) -> None:
    """T22, against a search through all quotes of the pair."""
    source, target = data.draw(st.sampled_from(sorted(quotes)))
    table = ExchangeRates.of("drawn/1", quotes, last_within_days=within)
    counting = {
        when: rate for when, rate in quotes[source, target].items() if 0 <= (day - when).days <= within
    }
    if not counting:
        with pytest.raises(NoRate):
            table.on(source, target, day)
        return
    found = table.on(source, target, day)
    assert (found.quoted, found.rate) == max(counting.items())


@given(QUOTES, st.integers(-(10**17), 10**17), st.booleans(), st.sampled_from([None, "EUR"]), st.data())
def test_conversion_is_exact_and_a_refund_is_its_mirror(
    quotes: dict[Any, Any], minor: int, inverse: bool, pivot: str | None, data: st.DataObject
) -> None:
    """T14, T16, against fractions of whole units."""
    source, target = data.draw(st.sampled_from(sorted(quotes)))
    table = ExchangeRates.of("drawn/1", quotes, inverse=inverse, pivot=pivot)
    day = data.draw(st.sampled_from(sorted(quotes[source, target])))
    money = Money(source, minor)
    exact = table.exact(money, target, day)
    assert exact / 10 ** currency_digits(target) == Fraction(money.amount) * quotes[source, target][day]
    found = table.convert(money, target, day, rounding=EVEN)
    assert found.amount.minor == round(exact)  # of Python's own fractions: half to even
    assert table.convert(-money, target, day, rounding=EVEN).amount == -found.amount


@given(QUOTES, st.data())
def test_there_and_back_is_the_same_amount_before_rounding(
    quotes: dict[Any, Any], data: st.DataObject
) -> None:
    source, target = data.draw(st.sampled_from(sorted(quotes)))
    assume((target, source) not in quotes)
    table = ExchangeRates.of("drawn/1", quotes, inverse=True)
    day = data.draw(st.sampled_from(sorted(quotes[source, target])))
    assert table.on(source, target, day).rate * table.on(target, source, day).rate == 1


@given(QUOTES, st.randoms())
def test_the_order_of_the_quotes_does_not_matter(quotes: dict[Any, Any], shuffle: Any) -> None:
    table = ExchangeRates.of("drawn/1", quotes)
    mixed = list(table.quotes)
    shuffle.shuffle(mixed)
    assert ExchangeRates("drawn/1", tuple(mixed)) == table


@given(QUOTES, st.integers(0, 9))
def test_a_table_is_written_and_read_and_pickled_without_loss(quotes: dict[Any, Any], within: int) -> None:
    table = ExchangeRates.of("drawn/1", quotes, last_within_days=within, pivot="EUR", inverse=True)
    table.quoted("EUR", "JPY")  # so that what it keeps for itself is there
    for again in (from_plain(to_plain(table), ExchangeRates), pickle.loads(pickle.dumps(table))):
        assert again == table
        assert hash(again) == hash(table)
