"""Every measure in every window, on rows worked out by hand; and the running totals against a plain scan."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prmcore.decisions import FactField, FactSchema, Kind, all_of, fact
from prmcore.errors import InvalidInput
from prmcore.performance import (
    Average,
    Count,
    Difference,
    DistinctCount,
    Growth,
    Latest,
    Measure,
    Metric,
    MetricRegistry,
    Peak,
    Ratio,
    RowBook,
    Source,
    Sum,
    ValidOn,
)
from prmcore.values import (
    CurrencyMismatch,
    FiscalCalendar,
    Lifetime,
    Money,
    Rate,
    RollingDays,
    RollingMonths,
    TrailingQuarters,
    Window,
    YearToDate,
)

FIELDS = (
    FactField("amount", Kind.MONEY),
    FactField("fee", Kind.MONEY, currency="EUR"),
    FactField("units", Kind.COUNT),
    FactField("weight", Kind.NUMBER),
    FactField("person", Kind.CODE),
    FactField("ended", Kind.DATE),
)
SALES = Source("sales", FactSchema("rows of sales", FIELDS))
EVER = Lifetime()


def row(day: str, **values: Any) -> tuple[str, date, tuple[Any, ...]]:
    return (
        values.pop("partner", "acme"),
        date.fromisoformat(day),
        tuple(values.get(one.name) for one in FIELDS),
    )


def book(metrics: list[Metric], rows: list[Any], calendar: FiscalCalendar = FiscalCalendar()) -> RowBook:
    made = RowBook(MetricRegistry((SALES,), tuple(metrics)), calendar)
    made.add("sales", rows)
    return made


def metric(
    measure: Measure, window: Window | ValidOn | None = EVER, where: Any = None, name: str = "it"
) -> Metric:
    return Metric(name, measure, "sales", window, where)


def of_others(name: str, measure: Measure) -> Metric:
    return Metric(name, measure)


def eur(text: str) -> Money:
    return Money.parse(f"{text} EUR")


# Each row has a bit of its own, so that a sum names the rows inside the window.
BITS = [
    row("2024-01-31", units=1),
    row("2024-02-29", units=2),
    row("2024-03-01", units=4),
    row("2024-03-31", units=8),
    row("2024-04-01", units=16),
    row("2024-12-31", units=32),
    row("2025-01-01", units=64),
    row("2025-01-31", units=128),
    row("2025-02-28", units=256),
]
APRIL = FiscalCalendar(4)


@pytest.mark.parametrize(
    ("window", "day", "calendar", "units"),
    [
        (RollingMonths(1), "2025-02-28", APRIL, 256),  # February
        (RollingMonths(12), "2025-02-28", APRIL, 4 + 8 + 16 + 32 + 64 + 128 + 256),  # from 1 March 2024
        (
            RollingMonths(12),
            "2025-02-27",
            APRIL,
            2 + 4 + 8 + 16 + 32 + 64 + 128,
        ),  # from 28 February 2024
        (RollingMonths(2, aligned=True), "2025-02-28", APRIL, 64 + 128 + 256),  # from 1 January
        (RollingMonths(2, aligned=True), "2025-02-01", APRIL, 64 + 128),
        (RollingDays(29), "2025-02-28", APRIL, 128 + 256),  # from 31 January
        (RollingDays(28), "2025-02-28", APRIL, 256),
        (TrailingQuarters(1), "2025-02-28", APRIL, 32),  # October to December
        (TrailingQuarters(1), "2024-12-31", APRIL, 32),  # it has ended on its last day
        (TrailingQuarters(1), "2024-12-30", APRIL, 0),
        (TrailingQuarters(2, complete=False), "2025-02-28", APRIL, 32 + 64 + 128 + 256),  # from 1 October
        (YearToDate(), "2025-02-28", APRIL, 16 + 32 + 64 + 128 + 256),
        (YearToDate(), "2025-02-28", FiscalCalendar(), 64 + 128 + 256),
        (YearToDate(), "2024-03-31", APRIL, 1 + 2 + 4 + 8),
        (EVER, "2024-02-29", APRIL, 1 + 2),
        (EVER, "2024-01-30", APRIL, 0),
    ],
)
def test_a_window_holds_exactly_its_days(
    window: Window, day: str, calendar: FiscalCalendar, units: int
) -> None:
    found = book([metric(Sum("units"), window)], BITS, calendar)
    assert found.value("it", "acme", date.fromisoformat(day)) == units


DAY = date(2025, 3, 31)
ROWS = [
    row("2025-01-10", amount=eur("10.00"), units=3, weight=Decimal("0.1"), person="ana"),
    row("2025-01-10", amount=eur("0.01"), units=5, weight=Decimal("0.2"), person="bo"),
    row("2025-02-10", amount=eur("-4.00"), weight=Fraction(1, 3), person="ana"),
    row("2025-03-10", amount=None, units=1, person=None),
    row("2025-03-10", partner="other", amount=eur("99.00"), units=99, person="chen"),
]


@pytest.mark.parametrize(
    ("measure", "value"),
    [
        (Sum("amount"), eur("6.01")),
        (Sum("units"), 9),  # a row without the field adds nothing
        (Sum("weight"), Fraction(19, 30)),  # 3/10 + 1/3, exactly
        (Sum("fee"), eur("0.00")),  # no row has a fee, the field says in which currency
        (Count(), 4),
        (DistinctCount("person"), 2),  # ana counts once
        (Average("amount"), eur("2.00")),  # 6.01 / 3 = 2.0033...
        (Average("units"), Fraction(3)),  # 9 over the 3 rows that have units
        (Average("weight"), Fraction(19, 90)),
        (Average("fee"), None),
        (Latest("units"), 1),
        (Latest("person"), None),  # the last row does not say
    ],
)
def test_a_measure_of_rows(measure: Measure, value: Any) -> None:
    assert book([metric(measure)], ROWS).value("it", "acme", DAY) == value


def test_a_mean_of_money_is_rounded_half_even() -> None:
    rows = [row("2025-01-10", amount=eur("0.01")), row("2025-01-11", amount=eur("0.02"))]
    assert book([metric(Average("amount"))], rows).value("it", "acme", DAY) == eur("0.02")  # 0.015
    rows.append(row("2025-01-12", amount=eur("0.00")))
    rows.append(row("2025-01-12", amount=eur("0.07")))
    assert book([metric(Average("amount"))], rows).value("it", "acme", DAY) == eur("0.02")  # 0.025


def test_of_several_rows_on_one_day_the_last_given_is_the_latest() -> None:
    rows = [row("2025-02-01", units=1), row("2025-03-01", units=2), row("2025-03-01", units=3)]
    found = book([metric(Latest("units"))], [rows[1], rows[2], rows[0]])
    assert found.value("it", "acme", DAY) == 3
    assert found.value("it", "acme", date(2025, 2, 28)) == 1
    assert found.value("it", "acme", date(2025, 1, 1)) is None


@pytest.mark.parametrize(
    ("measure", "value"),
    [
        (Sum("units"), 0),
        (Count(), 0),
        (DistinctCount("person"), 0),
        (Average("units"), None),
        (Latest("units"), None),
        (Sum("fee"), eur("0.00")),
        (Sum("amount"), None),  # zero of which currency?
    ],
)
def test_a_partner_without_rows_has_zero_where_a_zero_can_be_said(measure: Measure, value: Any) -> None:
    assert book([metric(measure)], ROWS).value("it", "nobody", DAY) == value


def test_a_source_that_was_not_given_is_unknown_and_not_zero() -> None:
    empty = RowBook(MetricRegistry((SALES,), (metric(Count()),)), FiscalCalendar())
    assert empty.value("it", "acme", DAY) is None
    assert (empty.first_day, empty.last_day, empty.partners) == (None, None, [])


def test_money_of_two_currencies_is_never_added() -> None:
    mixed = [*ROWS, row("2025-03-20", amount=Money.parse("5 JPY"))]
    with pytest.raises(InvalidInput, match="EUR, JPY"):
        book([metric(Sum("amount"))], mixed).value("it", "acme", DAY)
    with pytest.raises(InvalidInput, match="EUR, USD"):
        book([metric(Sum("fee"))], [row("2025-03-20", fee=Money.parse("5.00 USD"))]).value("it", "acme", DAY)
    one = [
        metric(Sum("amount"), where=fact("person").one_of(person), name=person) for person in ("ana", "zoe")
    ]
    rows = [*ROWS, row("2025-03-20", amount=Money.parse("5 JPY"), person="zoe")]
    found = book([*one, of_others("share", Ratio("ana", "zoe"))], rows)
    with pytest.raises(CurrencyMismatch):
        found.value("share", "acme", DAY)


@pytest.mark.parametrize(
    ("where", "count"),
    [
        (fact("person").one_of("ana"), 2),
        (fact("units").at_least(3), 2),  # a row whose units are unknown does not count
        (all_of(fact("person").one_of("ana"), fact("amount").at_least(eur("0.00"))), 1),
    ],
)
def test_only_rows_that_meet_the_filter_count(where: Any, count: int) -> None:
    assert book([metric(Count(), where=where)], ROWS).value("it", "acme", DAY) == count


CERTIFICATES = [
    row("2024-01-01", person="ana", ended=date(2024, 7, 1)),
    row("2024-03-01", person="ana", ended=None),
    row("2024-05-01", person="bo", ended=date(2024, 7, 1)),
    row("2024-08-01", person="chen", ended=date(9999, 12, 31)),
]


@pytest.mark.parametrize(
    ("window", "day", "people"),
    [
        (ValidOn("ended"), "2024-04-30", 1),  # ana, twice
        (ValidOn("ended"), "2024-06-30", 2),  # bo's last day
        (ValidOn("ended"), "2024-07-01", 1),
        (ValidOn("ended"), "2024-08-01", 2),
        (ValidOn("ended", months_more=12), "2025-06-30", 3),  # bo counts one more year
        (ValidOn("ended", months_more=12), "2025-07-01", 2),
        (ValidOn("ended", within=RollingMonths(3)), "2024-06-30", 1),  # acquired from 1 April on: bo
        (ValidOn("ended", within=RollingMonths(3)), "2024-07-31", 0),  # from 1 May on: bo, no more in force
        (ValidOn("ended", months_more=1, within=RollingMonths(3)), "2024-07-31", 1),
    ],
)
def test_rows_in_force_count_until_before_their_end(window: ValidOn, day: str, people: int) -> None:
    found = book([metric(DistinctCount("person"), window)], CERTIFICATES)
    assert found.value("it", "acme", date.fromisoformat(day)) == people


ONE = metric(Sum("units"), RollingMonths(1), name="month")


@pytest.mark.parametrize(
    ("rows", "day", "growth"),
    [
        # March 2024 against March 2025
        ([("2024-03-01", 100), ("2025-03-01", 150)], "2025-03-31", "50 %"),
        ([("2024-03-01", 100), ("2025-03-01", 75)], "2025-03-31", "-25 %"),
        ([("2024-03-01", 100)], "2025-03-31", "-100 %"),
        ([("2024-03-01", 3), ("2025-03-01", 4)], "2025-03-31", "1/3"),
        (
            [("2024-03-02", 100), ("2025-03-01", 150)],
            "2025-03-31",
            None,
        ),  # the rows do not reach back to 1 March
        (
            [("2024-01-01", 1), ("2024-03-01", 0), ("2025-03-01", 150)],
            "2025-03-31",
            None,
        ),  # nothing to grow from
        ([("2024-01-01", 1), ("2024-03-01", -5), ("2025-03-01", 150)], "2025-03-31", None),
        # 1 to 29 February 2024 against 1 to 28 February 2023
        ([("2023-02-01", 10), ("2023-02-28", 10), ("2024-02-29", 30)], "2024-02-29", "50 %"),
    ],
)
def test_growth_is_over_the_same_window_a_year_before(
    rows: list[tuple[str, int]], day: str, growth: str | None
) -> None:
    made = [row(at, units=units) for at, units in rows]
    found = book([ONE, of_others("growth", Growth("month"))], made)
    assert found.value("growth", "acme", date.fromisoformat(day)) == (growth and Rate.parse(growth))


def test_history_reaches_back_as_far_as_anyones_rows() -> None:
    rows = [
        row("2024-01-01", partner="other", units=1),
        row("2024-03-15", units=10),
        row("2025-03-15", units=20),
    ]
    found = book([ONE, of_others("growth", Growth("month"))], rows)
    assert found.value("growth", "acme", DAY) == Rate.parse("100 %")


@pytest.mark.parametrize(
    ("won", "lost", "ratio", "difference"),
    [(3, 4, "3/4", -1), (0, 4, "0 %", -4), (3, 0, None, 3), (0, 0, None, 0)],
)
def test_ratios_and_differences_of_metrics(won: int, lost: int, ratio: str | None, difference: int) -> None:
    rows = [row("2025-03-01", units=won, person="won"), row("2025-03-01", units=lost, person="lost")]
    both = [metric(Sum("units"), where=fact("person").one_of(name), name=name) for name in ("won", "lost")]
    derived = [of_others("ratio", Ratio("won", "lost")), of_others("net", Difference("won", "lost"))]
    found = book([*both, *derived], rows)
    assert found.values("acme", DAY) == {
        "won": won, "lost": lost, "ratio": ratio and Rate.parse(ratio), "net": difference,
    }  # fmt: skip


def test_derived_metrics_of_what_is_unknown_are_unknown() -> None:
    latest = metric(Latest("units"), name="latest")
    derived = [
        of_others("ratio", Ratio("latest", "latest")),
        of_others("net", Difference("latest", "latest")),
    ]
    peak = of_others("peak", Peak("latest", RollingDays(3)))
    found = book([latest, *derived, peak], ROWS)
    assert set(found.values("nobody", DAY).values()) == {None}


def test_the_best_day_of_a_window() -> None:
    # On each day the units of two days: 1 + 2 on 2 March, 2 + 8 on 3 March, 8 on 4 March, then nothing.
    rows = [row("2025-03-01", units=1), row("2025-03-02", units=2), row("2025-03-03", units=8)]
    two = metric(Sum("units"), RollingDays(2), name="two")
    found = book([two, of_others("peak", Peak("two", RollingDays(5)))], rows)
    best = [found.value("peak", "acme", date(2025, 3, day)) for day in (1, 2, 3, 4, 8, 9)]
    assert best == [1, 3, 10, 10, 8, 0]  # the five days up to 8 March begin on the 4th


def test_a_metric_is_a_fact_of_the_kind_that_it_comes_to() -> None:
    found = MetricRegistry(
        (SALES,),
        (
            metric(Sum("amount"), name="amount"),
            metric(Sum("fee"), name="fee"),
            metric(Average("units"), name="mean"),
            metric(DistinctCount("person"), name="people"),
            metric(Latest("person"), name="last"),
            of_others("share", Ratio("people", "mean")),
            of_others("net", Difference("fee", "fee")),
            of_others("peak", Peak("net", RollingDays(2))),
        ),
    )
    kinds = {one.name: (found.field_of(one).kind, found.field_of(one).currency) for one in found.metrics}
    assert kinds == {
        "amount": (Kind.MONEY, None), "fee": (Kind.MONEY, "EUR"), "mean": (Kind.NUMBER, None),
        "people": (Kind.COUNT, None), "last": (Kind.CODE, None), "share": (Kind.RATE, None),
        "net": (Kind.MONEY, "EUR"), "peak": (Kind.MONEY, "EUR"),
    }  # fmt: skip


COUNTED = metric(Count(), RollingDays(1), name="counted")
WRONG: dict[str, list[Metric]] = {
    "unknown source 'sale'; did you mean 'sales'": [Metric("it", Count(), "sale", EVER)],
    "unknown field 'unit'": [metric(Sum("unit"))],
    "person is a code; accepted: money, count or number": [metric(Sum("person"))],
    "has no window": [metric(Count(), None)],
    "'person' is not a date field": [metric(Count(), ValidOn("person"))],
    "defined twice": [COUNTED, COUNTED],
    "a metric stands below those": [of_others("it", Ratio("counted", "counted")), COUNTED],
    "no source, window or filter of its own": [COUNTED, metric(Growth("counted"))],
    "last is a code; accepted": [
        metric(Latest("person"), name="last"),
        of_others("it", Ratio("last", "last")),
    ],
    "not of one kind": [
        COUNTED,
        metric(Sum("fee"), name="fee"),
        of_others("it", Difference("counted", "fee")),
    ],
    "a lifetime has no first day": [COUNTED, of_others("it", Peak("counted", EVER))],
    "could lie a year before": [metric(Count(), EVER, name="ever"), of_others("it", Growth("ever"))],
    "did you mean 'units'? There are: amount": [metric(Count(), where=fact("unts").at_least(1))],
}


@pytest.mark.parametrize("said", WRONG)
def test_metrics_that_mean_nothing_are_refused(said: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        MetricRegistry((SALES,), tuple(WRONG[said]))
    assert said in str(refused.value)


def test_rows_are_given_once_and_to_a_source_that_exists() -> None:
    found = book([COUNTED], ROWS)
    with pytest.raises(InvalidInput, match="already given"):
        found.add("sales", [])
    with pytest.raises(InvalidInput, match="did you mean 'sales'"):
        found.add("sale", [])
    with pytest.raises(InvalidInput, match="did you mean 'counted'"):
        found.value("count", "acme", DAY)
    assert (found.first_day, found.last_day) == (date(2025, 1, 10), date(2025, 3, 10))
    assert found.partners == ["acme", "other"]


START = date(2024, 1, 1)
DAYS = st.integers(0, 500).map(lambda days: START + timedelta(days=days))
RANDOM_ROWS = st.lists(
    st.builds(
        lambda day, partner, **values: (partner, day, tuple(values.get(one.name) for one in FIELDS)),
        DAYS,
        st.sampled_from(["acme", "other"]),
        fee=st.none() | st.integers(-1000, 1000).map(lambda minor: Money("EUR", minor)),
        units=st.none() | st.integers(-10, 10),
        weight=st.none()
        | st.decimals("-1e20", "1e20", places=15)  # sums that a Decimal context would round
        | st.fractions(-3, 3, max_denominator=7),
        person=st.none() | st.sampled_from(["ana", "bo"]),
        ended=st.none() | DAYS,
    ),
    max_size=25,
)
WINDOWS: st.SearchStrategy[Any] = st.one_of(
    st.builds(RollingMonths, st.integers(1, 14), st.booleans()),
    st.builds(RollingDays, st.integers(1, 100)),
    st.builds(TrailingQuarters, st.integers(1, 5), st.booleans()),
    st.just(YearToDate()),
    st.just(EVER),
)
MEASURES: st.SearchStrategy[Any] = st.one_of(
    st.sampled_from(["fee", "units", "weight"]).map(Sum),
    st.sampled_from(["units", "weight"]).map(Average),
    st.just(Count()),
    st.just(DistinctCount("person")),
    st.just(Latest("units")),
)
WHERE = st.none() | st.just(fact("person").one_of("ana"))


def scanned(measure: Measure, rows: list[tuple[str, date, tuple[Any, ...]]]) -> Any:
    """The measure over these rows, read plainly."""
    if isinstance(measure, Count):
        return len(rows)
    assert isinstance(measure, (Sum, Average, DistinctCount, Latest))
    place = [one.name for one in FIELDS].index(measure.field)
    values = [row[2][place] for row in rows]
    known = [value for value in values if value is not None]
    if isinstance(measure, DistinctCount):
        return len(set(known))
    if isinstance(measure, Latest):
        return values[-1] if values else None
    total = sum(Fraction(one.minor if isinstance(one, Money) else one) for one in known)
    if isinstance(measure, Sum):
        return total
    return total / len(known) if known else None


@given(RANDOM_ROWS, MEASURES, WINDOWS, WHERE, st.booleans(), DAYS, st.integers(1, 12))
def test_running_totals_are_what_a_plain_scan_finds(
    rows: list[tuple[str, date, tuple[Any, ...]]],
    measure: Measure,
    window: Window,
    where: Any,
    in_force: bool,
    day: date,
    start_month: int,
) -> None:
    calendar = FiscalCalendar(start_month)

    def counts(partner: str, own_day: date, values: tuple[Any, ...]) -> bool:
        person, ended = values[4:]
        if in_force and ended is not None and ended <= day:
            return False
        return partner == "acme" and own_day in window.on(day, calendar) and (not where or person == "ana")

    asked = ValidOn("ended", within=window) if in_force else window
    found = book([metric(measure, asked, where)], rows, calendar).value("it", "acme", day)
    counted = [one for one in sorted(rows, key=lambda one: one[1]) if counts(*one)]
    assert (found.minor if isinstance(found, Money) else found) == scanned(measure, counted)
