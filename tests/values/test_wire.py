"""Records as plain values and back, strictly."""

import datetime
import json
from collections.abc import Mapping, MutableMapping, Sequence
from decimal import Decimal
from enum import Enum, StrEnum
from fractions import Fraction
from typing import Any, Literal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prmcore.errors import Fault, InvalidInput
from prmcore.values import (
    Dated,
    DateRange,
    FiscalCalendar,
    Money,
    PercentagePoints,
    Rate,
    RollingMonths,
    Text,
)
from prmcore.values.wire import can_be_kept, converter, faults_of, from_plain, to_plain

D = datetime.date


class Kind(Enum):
    RESELLER = "reseller"
    OEM = "oem"


@attrs.frozen
class Line:
    amount: Money
    share: Rate | None = None


@attrs.frozen
class Plan:
    """One field of every type that crosses the border."""

    name: str
    kind: Kind
    count: int
    active: bool
    started: D
    points: PercentagePoints
    factor: Fraction
    weight: Decimal
    text: Text
    period: DateRange
    mode: Literal["fast", "slow"]
    lines: tuple[Line, ...]
    codes: frozenset[str]
    pair: tuple[int, str]
    by_name: Mapping[str, Line]
    rates: Dated[Rate]
    ended: D | None = None


PLANS = st.builds(
    Plan,
    name=st.text(),
    kind=st.sampled_from(Kind),
    count=st.integers(),
    active=st.booleans(),
    started=st.dates(),
    points=st.fractions(-(10**12), 10**12, max_denominator=10**6).map(PercentagePoints),
    factor=st.fractions(-(10**12), 10**12, max_denominator=10**6),
    weight=st.decimals(-(10**9), 10**9, places=4),
    text=st.builds(Text.of, st.just("Gold"), ja=st.sampled_from(["金", "ゴールド"])),
    period=st.dates(max_value=D(9999, 1, 1)).map(
        lambda day: DateRange(day, day + datetime.timedelta(days=3))
    ),
    mode=st.sampled_from(["fast", "slow"]),
    lines=st.lists(
        st.builds(Line, st.builds(Money, st.just("JPY"), st.integers(-(10**9), 10**9))), max_size=3
    ).map(tuple),
    codes=st.frozensets(st.text(max_size=3), max_size=3),
    pair=st.tuples(st.integers(), st.text()),
    by_name=st.dictionaries(
        st.text(max_size=3),
        st.builds(
            Line,
            st.builds(Money, st.just("EUR"), st.integers(0, 99)),
            st.fractions(0, 1, max_denominator=10**70).map(Rate.of),
        ),
        max_size=3,
    ),
    rates=st.fractions(0, 1, max_denominator=100).map(
        lambda rate: Dated.starting({D(2026, 1, 1): Rate.of(rate)})
    ),
    ended=st.one_of(st.none(), st.dates()),
)


@given(PLANS)
def test_a_record_comes_back_from_json_as_it_was(plan: Plan) -> None:
    written = json.loads(json.dumps(to_plain(plan)))
    assert from_plain(written, Plan) == plan


PLAN = Plan(
    name="2026", kind=Kind.OEM, count=3, active=True, started=D(2026, 1, 1), points=PercentagePoints.of(20),
    factor=Fraction(1, 3), weight=Decimal("12.50"), text=Text.of("Gold", ja="金"), period=DateRange(D(2026, 1, 1)),
    mode="fast", lines=(Line(Money.of("12.50", "EUR"), Rate.percent(15)),), codes=frozenset({"JP", "CN"}),
    pair=(1, "a"), by_name={"x": Line(Money.of(5, "JPY"))}, rates=Dated.starting({D(2026, 1, 1): Rate.percent(5)}),
)  # fmt: skip
WRITTEN = {
    "name": "2026", "kind": "oem", "count": 3, "active": True, "started": "2026-01-01", "points": "20 pp",
    "factor": "1/3", "weight": "12.50", "text": {"en": "Gold", "ja": "金"},
    "period": {"start": "2026-01-01", "end": None}, "mode": "fast",
    "lines": [{"amount": "12.50 EUR", "share": "15 %"}], "codes": ["CN", "JP"], "pair": [1, "a"],
    "by_name": {"x": {"amount": "5 JPY", "share": None}},
    "rates": [[{"start": "2026-01-01", "end": None}, "5 %"]], "ended": None,
}  # fmt: skip


def test_values_are_written_for_people_to_read() -> None:
    assert json.loads(json.dumps(to_plain(PLAN))) == WRITTEN


def test_a_converter_of_ones_own_reads_and_writes_as_strictly() -> None:
    made = converter()
    assert json.loads(json.dumps(made.unstructure(PLAN))) == WRITTEN
    assert made.structure(WRITTEN, Plan) == PLAN
    assert type(made.unstructure(Colour.RED)) is str
    assert made.structure("red", Colour) is Colour.RED
    assert made.structure(2, float) == 2
    assert made.structure([1], tuple[int, ...]) == (1,)
    for written, kind in (
        (1.5, float),
        (True, int),
        ("1", int),
        (1, str),
        (1, bool),
        ("oem", Colour),
        (5, Line),
    ):
        with pytest.raises(InvalidInput):
            made.structure(written, kind)
    wrong = {
        **WRITTEN,
        "lines": [{"amount": 5, "shares": "15 %"}],
        "mode": "medium",
        "started": 5,
        "ende": None,
    }
    with pytest.raises(ExceptionGroup) as caught:
        made.structure(wrong, Plan)
    paths = sorted(fault.path for fault in faults_of(caught.value))
    assert paths == ["ende", "lines[0].amount", "lines[0].shares", "mode", "started"]


def test_every_fault_comes_at_once_with_its_path() -> None:
    written = {
        "name": 5, "kind": "resseller", "count": True, "active": 1, "started": "2026-02-30", "points": 20,
        "factor": 0.5, "weight": "NaN", "text": {"en": ""}, "period": {"start": "2026-04-01", "end": "2026-01-01"},
        "mode": "medium", "lines": [{"amount": 12.5}, {"amount": "12.505 EUR", "shares": "15 %"}, 7],
        "codes": ["JP", 5], "pair": [1], "by_name": {"x": {}}, "rates": [["2026", "5"]], "end": None,
    }  # fmt: skip
    with pytest.raises(InvalidInput) as caught:
        from_plain(written, Plan, "the plan cannot be read")
    assert caught.value.title == "the plan cannot be read"
    assert {fault.path: fault.message for fault in caught.value.faults} == {
        "name": "found 5 (int); accepted: words",
        "kind": "unknown kind 'resseller'; did you mean 'reseller'? There are: oem, reseller",
        "count": "found True (bool); accepted: a whole number",
        "active": "found 1 (int); accepted: true or false",
        "started": "found '2026-02-30'; accepted: a date such as '2026-03-31'",
        "points": "found 20; accepted: percentage points, such as '20 pp'",
        "factor": "found 0.5 (float); accepted: an exact number such as '0.5' or '1/3'",
        "weight": "found 'NaN' (str); accepted: an exact number such as '12.5'",
        "text.en": "found ''; accepted: words",
        "period": "the period ends on 2026-01-01, not after it starts on 2026-04-01",
        "mode": "found 'medium'; accepted: fast, slow",
        "lines[0].amount": "found 12.5; accepted: an amount and a currency, such as '12.50 EUR'",
        "lines[1].amount": "12.505 has more digits than EUR, which has 2; say how with rounding=",
        "lines[1].shares": "unknown key 'shares'; did you mean 'share'? There are: amount, share",
        "lines[2]": "found 7 (int); accepted: a table",
        "codes[1]": "found 5 (int); accepted: words",
        "pair": "found 1; accepted: a list of 2",
        "by_name.x.amount": "is missing",
        "rates[0][0]": "found '2026' (str); accepted: a table",
        "rates[0][1]": "found '5'; accepted: a rate with its unit, such as '15 %' or '1/3'",
        "end": "unknown key 'end'; did you mean 'ended'? There are: active, by_name, codes, count, ended, factor, "
        "kind, lines, mode, name, pair, period, points, rates, started, text, weight",
    }


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("JP", frozenset[str]),  # words are no list of letters
        ("JP", tuple[str, ...]),
        ({"a": 1}, tuple[str, ...]),
        (5, list[int]),
        (None, DateRange),
        (["start"], DateRange),
        ("start", DateRange),
        ([["a", 1]], dict[str, int]),
        ({"a": 1.0}, dict[str, int]),
        ({1: 1}, dict[str, int]),
        (1, bool),
        ("1", int),
        (1.0, int),
        (1.0, float),  # a float is never exact
        (datetime.datetime(2026, 1, 1), D),
        (20260101, D),
        ("2026-W13-1", D),
        ("２０２６-01-01", D),
        ("1/0", Fraction),
        ("1e5", Fraction),
        ("9" * 4_001, Fraction),
        ("1/" + "9" * 4_001, Fraction),
        (True, Fraction),
        (True, Decimal),
        ("1" * 81, Decimal),
        ("1_0", Decimal),
        (1.5, Decimal),
        (5, Text),
        ({5: "x"}, Text),
        ({"en": "x", 5: "y"}, Text),
        (5, tuple[int]),
        ([1, 2], tuple[int]),
        (5, Kind),
        ([{"start": None, "end": None}], Dated[int]),
        (5, Dated[int]),
    ],
)
def test_nothing_is_guessed(written: Any, kind: Any) -> None:
    with pytest.raises(InvalidInput):
        from_plain(written, kind)


@pytest.mark.parametrize("written", ["half", "1/0", "1 pp", "½", 0.5, Decimal("NaN")])
def test_what_is_no_exact_number_is_told_what_one_looks_like(written: Any) -> None:
    with pytest.raises(InvalidInput) as caught:
        from_plain(written, Fraction)
    expected = (
        f"found {written!r} ({type(written).__name__}); accepted: an exact number such as '0.5' or '1/3'"
    )
    assert str(caught.value) == expected


@pytest.mark.parametrize(
    ("written", "kind", "value"),
    [
        ("1/3", Fraction, Fraction(1, 3)),
        (Decimal("0.5"), Fraction, Fraction(1, 2)),  # as TOML and JSON numbers are read
        (2, Fraction, Fraction(2)),
        (2, float, 2),
        (Fraction(1, 3), Fraction, Fraction(1, 3)),
        ("5", Fraction, Fraction(5)),
        ("-5", Fraction, Fraction(-5)),
        ("1" * 41, Fraction, Fraction("1" * 41)),
        ("9" * 4_000, Fraction, Fraction(10**4_000 - 1)),
        ("1/" + "9" * 4_000, Fraction, Fraction(1, 10**4_000 - 1)),
        ("1" * 80, Decimal, Decimal("1" * 80)),
        ([5], tuple[int], (5,)),
        ([5, 6], tuple[int, ...], (5, 6)),
        ([5, "a", True], tuple[int, str, bool], (5, "a", True)),
        ([5], list[int], [5]),
        ({"a": 5}, Mapping[str, int], {"a": 5}),
        (Kind.OEM, Kind, Kind.OEM),
        (
            [[{"start": "2026-01-01", "end": None}, "as it is"]],
            Dated,
            Dated.starting({D(2026, 1, 1): "as it is"}),
        ),
        (3, Decimal, Decimal(3)),
        ("-12.50", Decimal, Decimal("-12.50")),
        (D(2026, 1, 1), D, D(2026, 1, 1)),  # as TOML dates are read
        (Money.of(5, "EUR"), Money, Money.of(5, "EUR")),
        ("Gold", Text, Text.of("Gold")),
        ({"start_month": 4}, FiscalCalendar, FiscalCalendar(4)),
        ({"months": 6, "aligned": True}, RollingMonths, RollingMonths(6, aligned=True)),
    ],
)
def test_what_means_the_same_is_accepted(written: Any, kind: Any, value: Any) -> None:
    assert from_plain(written, kind) == value


@pytest.mark.parametrize("number", [10**4_000, Fraction(1, 10**4_000), -Fraction(10**4_000)])
def test_a_number_too_long_to_be_read_is_known_before_it_is_kept(number: Fraction) -> None:
    assert not can_be_kept(Fraction(number))
    for longest in (Fraction(10**4_000 - 1), Fraction(1, 10**4_000 - 1), Fraction(1 - 10**4_000)):
        assert can_be_kept(longest)
        assert from_plain(to_plain(longest), Fraction) == longest


@pytest.mark.parametrize(
    ("written", "kind", "value"),
    [
        ("2026-03-31T09:00:00Z", datetime.datetime, datetime.datetime(2026, 3, 31, 9, tzinfo=datetime.UTC)),
        ("2026-03-31T09:00:00+09:00", datetime.datetime, datetime.datetime(2026, 3, 31, tzinfo=datetime.UTC)),
        (
            "2026-03-31T09:00:00.000001-01:00",
            datetime.datetime,
            datetime.datetime(2026, 3, 31, 10, 0, 0, 1, tzinfo=datetime.UTC),
        ),
        ("17:30", datetime.time, datetime.time(17, 30)),
        ("17:30:15", datetime.time, datetime.time(17, 30, 15)),
        ("2026-03-31", D, D(2026, 3, 31)),
    ],
)
def test_an_instant_is_read_as_one_in_utc_and_a_time_as_of_day(written: str, kind: Any, value: Any) -> None:
    read = from_plain(written, kind)
    assert (read, read.__class__) == (value, kind)
    assert getattr(read, "tzinfo", None) == getattr(value, "tzinfo", None)
    assert from_plain(to_plain(read), kind) == value


@pytest.mark.parametrize(
    ("kind", "written", "accepted"),
    [
        (
            datetime.datetime,
            ["2026-03-31T09:00:00", "2026-03-31", "2026-03-31 09:00:00Z", "2026-02-30T09:00:00Z", "2026-03-31T09:00Z",
                "0001-01-01T00:00:00+14:00", "2026-W13-2T09:00:00Z", 20260331, None, D(2026, 3, 31)],
            "an instant with its time zone, such as '2026-03-31T09:00:00+00:00'",
        ),
        (datetime.time, ["25:00", "9:00", "17:30:00.5", "17:30+01:00", "1730", 17, None], "a time of day such as '17:30'"),
        (D, ["2026-02-30", "2026-1-1", "20260101", "2026-W13-2", 5, None], "a date such as '2026-03-31'"),
        (Text, [5, None, ["Gold"], {5: "x"}, {"en": "Gold", 5: "x"}], "words, or words by language such as {en = '...', ja = '...'}"),
    ],
)  # fmt: skip
def test_what_is_none_is_told_what_one_looks_like(kind: Any, written: list[Any], accepted: str) -> None:
    for one in written:
        with pytest.raises(InvalidInput) as caught:
            from_plain(one, kind)
        assert str(caught.value) == f"found {one!r:.60}; accepted: {accepted}"


def test_the_title_says_what_cannot_be_read() -> None:
    with pytest.raises(InvalidInput) as caught:
        from_plain({"shares": 1, "b": 2, "amounts": 3}, Line)
    assert caught.value.title == "the Line cannot be read"
    assert [fault.path for fault in caught.value.faults] == ["amount", "amounts", "b", "shares"]


def test_what_else_goes_wrong_is_said_in_its_own_words_or_by_its_name() -> None:
    assert faults_of(ValueError("too late")) == [Fault("too late")]
    assert faults_of(ValueError(), "day") == [Fault("ValueError", "day")]
    assert faults_of(KeyError("day"), "contract") == [Fault("is missing", "contract")]
    assert faults_of(InvalidInput("too late"), "day") == [Fault("too late", "day")]
    several = ExceptionGroup("two", [InvalidInput("both", [Fault("a", "x"), Fault("b")]), ValueError("c")])
    assert faults_of(several, "day") == [Fault("a", "day.x"), Fault("b", "day"), Fault("c", "day")]


@pytest.mark.parametrize(
    ("written", "kind", "path"),
    [([1, "2"], Sequence[int], "[1]"), ({"a": "2"}, MutableMapping[str, int], "a")],
)
def test_a_fault_in_a_list_of_another_kind_has_its_place(written: Any, kind: Any, path: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        from_plain(written, kind)
    assert [str(fault) for fault in caught.value.faults] == [
        f"found '2' (str); accepted: a whole number @ {path}"
    ]


class Colour(StrEnum):
    RED = "red"


@attrs.frozen
class Painted:
    colour: Colour
    others: frozenset[Colour] = frozenset()


def test_a_word_of_a_list_is_written_as_plain_words() -> None:
    plain = to_plain(Painted(Colour.RED, frozenset({Colour.RED})))
    assert (plain, type(plain["colour"]), type(plain["others"][0])) == (
        {"colour": "red", "others": ["red"]}, str, str,
    )  # fmt: skip
    assert from_plain(plain, Painted) == Painted(Colour.RED, frozenset({Colour.RED}))
    with pytest.raises(InvalidInput, match=r"unknown colour 'blue'\. There are: red @ colour"):
        from_plain({"colour": "blue"}, Painted)


@attrs.frozen
class Flat:
    amount: Money
    kind: Literal["flat"] = "flat"


@attrs.frozen
class Percent:
    rate: Rate


def test_a_record_without_a_kind_is_known_by_its_keys() -> None:
    union: Any = Flat | Percent
    assert converter().structure({"rate": "5 %"}, union) == Percent(Rate.percent("5"))
    assert converter().structure({"amount": "5 EUR"}, union) == Flat(Money.of(5, "EUR"))


@attrs.frozen
class Banded:
    kind: Literal["banded", "stepped"]
    rates: tuple[Rate, ...]


@attrs.frozen
class Sale:
    paid: Flat | Banded | None
    bonus: Flat | Banded = Flat(Money("EUR", 0))


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ({"kind": "flat", "amount": "5 EUR"}, Flat(Money.of(5, "EUR"))),
        ({"kind": "banded", "rates": ["5 %"]}, Banded("banded", (Rate.percent(5),))),
        ({"kind": "stepped", "rates": []}, Banded("stepped", ())),
    ],
)
def test_a_record_of_several_is_the_one_whose_kind_is_named(written: Any, read: Any) -> None:
    union: Any = Flat | Banded
    assert converter().structure(written, union) == read
    assert from_plain({"paid": None, "bonus": written}, Sale) == Sale(None, read)


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ({"amount": "5 EUR"}, "is missing @ bonus.kind"),
        (
            {"kind": "flatt", "amount": "5 EUR"},
            "unknown kind 'flatt'; did you mean 'flat'? There are: banded, flat, stepped @ bonus.kind",
        ),
        ({"kind": 5}, "unknown kind '5'. There are: banded, flat, stepped @ bonus.kind"),
        ("flat", "found 'flat' (str); accepted: a table @ bonus"),
        ({"kind": "flat"}, "is missing @ bonus.amount"),
    ],
)
def test_a_kind_that_is_misspelt_or_missing_is_not_guessed(written: Any, fault: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        from_plain({"paid": None, "bonus": written}, Sale)
    assert [str(one) for one in caught.value.faults] == [fault]


def test_ones_own_hooks_go_on_top() -> None:
    made = converter()
    made.register_structure_hook(Line, lambda written, _: Line(Money.parse(written)))
    assert made.structure(["5 EUR"], tuple[Line, ...]) == (Line(Money.of(5, "EUR")),)
