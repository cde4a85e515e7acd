"""Facts, bounds and criteria as plain values and back."""

import datetime
import json
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

import attrs
import pytest
from hypothesis import given

from prmcore.decisions import (
    FactField,
    FactSchema,
    FactSheet,
    Kind,
    Rule,
    RuleReason,
    Truth,
    all_of,
    any_of,
    at_least_of,
    fact,
    not_,
)
from prmcore.decisions.criteria import Criterion
from prmcore.decisions.wire import criterion_from, criterion_to, facts_from, facts_to, value_from, value_to
from prmcore.errors import InvalidInput
from prmcore.testing import strategies
from prmcore.values import Money, Rate

D = datetime.date
SCHEMA = FactSchema("facts", tuple(FactField(kind.value, kind) for kind in Kind))


def found(error: InvalidInput) -> dict[str, str]:
    return {fault.path: fault.message for fault in error.faults}


@given(strategies.criteria(SCHEMA))
def test_a_criterion_comes_back_from_json_as_it_was(criterion: Criterion) -> None:
    assert criterion_from(json.loads(json.dumps(criterion_to(criterion))), SCHEMA) == criterion


def test_a_criterion_is_written_in_its_own_words() -> None:
    criterion = all_of(
        fact("money").at_least(Money.of(250_000, "EUR")),
        any_of(fact("rate").between(Rate.percent(70), Rate(2, 2)), not_(fact("bool").is_true())),
        at_least_of(1, fact("codes").includes_any("JP", "CN"), fact("number").equals(Decimal("2.50"))),
        fact("date").less_than(D(2026, 1, 1)),
    )
    assert criterion_to(criterion) == {
        "all_of": [
            {"fact": "money", "at_least": "250000.00 EUR"},
            {
                "any_of": [
                    {"fact": "rate", "between": ["70 %", "100 %"]},
                    {"not": {"fact": "bool", "is": True}},
                ]
            },
            {
                "at_least_of": 1,
                "of": [
                    {"fact": "codes", "includes_any": ["CN", "JP"]},
                    {"fact": "number", "equals": "2.50"},
                ],
            },
            {"fact": "date", "less_than": "2026-01-01"},
        ]
    }


def test_a_function_cannot_be_written() -> None:
    rule = Rule("disputes-settled", lambda facts, as_of: RuleReason(Truth.MET))
    with pytest.raises(
        InvalidInput, match="the rule 'disputes-settled' is a function; only criteria that are data"
    ):
        criterion_to(not_(rule))


def test_every_fault_of_a_criterion_comes_at_once_with_its_path() -> None:
    written = {
        "all_of": [
            {"fact": "cout", "at_least": 1},
            {"fact": "count", "atleast": 1},
            {"fact": "count", "at_least": 1, "at_most": 2},
            {"fact": "count"},
            {"fact": "count", "at_least": 1.5},
            {"fact": "count", "at_least": True},
            {"fact": "money", "at_least": "12.505 EUR"},
            {"fact": "money", "between": ["1 EUR", "2 USD"]},
            {"fact": "rate", "at_least": "70"},
            {"fact": "number", "at_least": "NaN"},
            {"fact": "date", "at_least": "2026-02-30"},
            {"fact": "code", "includes_all": ["JP"]},
            {"fact": "codes", "includes_all": "JP"},
            {"fact": "count", "between": [1]},
            {"any_of": []},
            {"any_of": {"fact": "count", "at_least": 1}},
            {"at_least_of": 3, "of": [{"fact": "count", "at_least": 1}]},
            {"at_least_of": True, "of": [{"fact": "count", "at_least": 1}]},
            {"not": [{"fact": "count", "at_least": 1}]},
            {"not": {"fact": "count", "at_least": 1}, "note": "x"},
            {"all_of": [{"fact": "count", "at_least": 1}], "any_of": []},
            {},
            "count >= 1",
            None,
            {5: 6},
            {"fact": "count", "at_least": 1, "atmost": 2},
            {"at_least_of": 0, "of": [{"fact": "count", "at_least": 1}]},
            {"at_least_of": 1, "of": [{"fact": "count", "at_least": 1}], "note": "x"},
            {"any_of": [{"fact": "count", "at_least": 1}], "of": []},
            {"at_least_of": 1},
            {"fact": 5, "at_least": 1},
            {"fact": "count", "between": [1, 2, 3]},
            {"any_of": [{"fact": "count", "at_least": 1}, {"fact": "count", "at_most": "x"}]},
            dict.fromkeys("abcdefghi") | {"x" * 50: 1},
        ]
    }
    with pytest.raises(InvalidInput) as caught:
        criterion_from(written, SCHEMA, "tiers.rungs[0].requires[2]")
    faults = {
        path.removeprefix("tiers.rungs[0].requires[2].all_of"): text
        for path, text in found(caught.value).items()
    }
    expected = {
        "[0].fact": "unknown fact 'cout'; did you mean 'count'?",
        "[1].atleast": "unknown comparison 'atleast'; did you mean 'at_least'?",
        "[2]": "one comparison is needed",
        "[3]": "one comparison is needed",
        "[4].at_least": "found the float 1.5; floats are not exact: give an int",
        "[5].at_least": "found True; accepted: a whole number, such as 12",
        "[6].at_least": "12.505 has more digits than EUR",
        "[7].between": "money between: 1.00 EUR and 2.00 USD cannot be compared",
        "[8].at_least": "found '70'; accepted: a rate with its unit",
        "[9].at_least": "found 'NaN'; accepted: a number",
        "[10].at_least": "found '2026-02-30'; accepted: a date, such as 2026-03-31",
        "[11].includes_all": "code is a code; accepted comparisons: equals, one_of",
        "[12].includes_all": "found 'JP'; accepted: a list of words",
        "[13].between": "found [1]; accepted: a pair, lowest and highest",
        "[14].any_of": "any_of holds []; accepted: a list of criteria",
        "[15].any_of": "any_of holds {'fact': 'count', 'at_least': 1}; accepted: a list of criteria",
        "[16].at_least_of": "found 3; accepted: a count from 1 to 1",
        "[17].at_least_of": "found True; accepted: a count from 1 to 1",
        "[18].not": "found [{'fact': 'count', 'at_least': 1}]; accepted: a table",
        "[19].note": "unknown key 'note' beside 'not'",
        "[20]": "found the keys 'all_of', 'any_of'; accepted: fact and a comparison, or one of",
        "[21]": "found the keys none; accepted: fact and a comparison",
        "[22]": "found 'count >= 1'; accepted: a table",
        "[23]": "found None; accepted: a table",
        "[24]": "found the keys 5; accepted: fact and a comparison",
        "[25].atmost": "unknown comparison 'atmost'; did you mean 'at_most'?",
        "[26].at_least_of": "found 0; accepted: a count from 1 to 1",
        "[27].note": "unknown key 'note' beside 'at_least_of'",
        "[28].of": "unknown key 'of' beside 'any_of'",
        "[29].of": "of holds None; accepted: a list of criteria",
        "[30].fact": "unknown fact '5'.",
        "[31].between": "found [1, 2, 3]; accepted: a pair, lowest and highest",
        "[32].any_of[1].at_most": "found 'x'; accepted: a whole number, such as 12",
        "[33]": "found the keys 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'; accepted: fact and a comparison, or one of",
    }
    assert list(faults) == list(expected)
    assert [path for path, text in expected.items() if not faults[path].startswith(text)] == []


def test_a_criterion_that_is_no_table_is_refused_without_a_path_and_long_keys_are_cut() -> None:
    with pytest.raises(InvalidInput) as caught:
        criterion_from([], SCHEMA)
    assert str(caught.value) == (
        "the criterion cannot be read: 1 fault\n"
        "  found []; accepted: a table such as {fact = 'users', at_least = 10}"
    )
    with pytest.raises(InvalidInput, match=f"found the keys '{'x' * 39}; accepted: fact and a comparison"):
        criterion_from({"x" * 50: 1}, SCHEMA)


def test_a_bound_in_another_currency_than_the_facts_is_refused() -> None:
    euros = FactSchema("facts", (FactField("revenue", Kind.MONEY, currency="EUR"),))
    with pytest.raises(InvalidInput, match=r"revenue is counted in EUR, the bound is 5\.00 USD"):
        criterion_from({"fact": "revenue", "at_least": "5 USD"}, euros)


@pytest.mark.parametrize("levels", [33, 200])
def test_a_criterion_nested_too_deep_is_refused(levels: int) -> None:
    written: dict[str, Any] = {"fact": "count", "at_least": 1}
    for _ in range(levels):
        written = {"not": written}
    with pytest.raises(InvalidInput, match="nested deeper than 32 levels"):
        criterion_from(written, SCHEMA)


@pytest.mark.parametrize("group", ["not", "all_of", "any_of", "at_least_of"])
def test_every_kind_of_group_counts_as_a_level(group: str) -> None:
    written: dict[str, Any] = {"fact": "count", "at_least": 1}
    for _ in range(33):
        of: Any = written if group == "not" else [written]
        written = {group: 1, "of": of} if group == "at_least_of" else {group: of}
    with pytest.raises(InvalidInput, match="nested deeper than 32 levels"):
        criterion_from(written, SCHEMA)


def test_a_criterion_nested_in_32_levels_is_read() -> None:
    criterion = not_(fact("count").at_least(1))
    for _ in range(31):
        criterion = not_(criterion)
    assert criterion_from(criterion_to(criterion), SCHEMA) == criterion


@pytest.mark.parametrize(
    ("kind", "written", "value"),
    [
        (Kind.BOOL, True, True),
        (Kind.COUNT, 5, 5),
        (Kind.NUMBER, 5, 5),
        (Kind.NUMBER, "5", 5),
        (Kind.NUMBER, "-2.50", Fraction(-5, 2)),
        (Kind.NUMBER, "1/3", Fraction(1, 3)),
        (Kind.NUMBER, "1E+3", 1000),
        (Kind.NUMBER, Decimal("0.1"), Fraction(1, 10)),
        (Kind.MONEY, "12.5 EUR", Money("EUR", 1250)),
        (Kind.RATE, "70 %", Rate(7, 10)),
        (Kind.DATE, "2026-03-31", D(2026, 3, 31)),
        (Kind.DATE, D(2026, 3, 31), D(2026, 3, 31)),
        (Kind.CODE, "JP", "JP"),
        (Kind.CODES, ["JP", "CN", "JP"], frozenset({"JP", "CN"})),
        (Kind.CODES, [], frozenset()),
        (Kind.CODES, ("JP",), frozenset({"JP"})),
        (Kind.NUMBER, "1" * 101, int("1" * 101)),
        (Kind.NUMBER, "1." + "1" * 198, Fraction("1." + "1" * 198)),  # 200 characters; as a ratio it has 399
        (Kind.NUMBER, "-7/03", Fraction(-7, 3)),
        (Kind.NUMBER, f"1/{'3' * 4000}", Fraction(1, int("3" * 4000))),
        *((kind, None, None) for kind in Kind),
    ],
)
def test_a_value_is_read_for_its_kind(kind: Kind, written: Any, value: Any) -> None:
    read = value_from(kind, written)
    assert (read, type(read)) == (value, type(value))
    assert value_from(kind, value_to(read)) == value


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        (Kind.BOOL, "true"), (Kind.BOOL, 1), (Kind.COUNT, "5"), (Kind.COUNT, 5.0), (Kind.COUNT, True),
        (Kind.NUMBER, 0.5), (Kind.NUMBER, True), (Kind.NUMBER, "Infinity"), (Kind.NUMBER, "1/0"),
        (Kind.NUMBER, "1_000"), (Kind.NUMBER, " 5"), (Kind.NUMBER, "٥"), (Kind.NUMBER, "5" * 201),
        (Kind.NUMBER, "1E+999"), (Kind.NUMBER, "1E+999999999"), (Kind.NUMBER, Decimal("1E+999999999")),
        (Kind.MONEY, 5), (Kind.MONEY, "5"), (Kind.MONEY, "5 EURO"), (Kind.RATE, "0.5"), (Kind.RATE, 1),
        (Kind.DATE, "31.03.2026"), (Kind.DATE, "2026-W13-1"), (Kind.DATE, "20260331"), (Kind.DATE, "２０２６-03-31"),
        (Kind.DATE, datetime.datetime(2026, 3, 31)), (Kind.CODE, 5), (Kind.CODES, "JP"), (Kind.CODES, [5]),
        (Kind.CODES, {"JP": 1}), (Kind.CODES, ["JP", 5]), (Kind.COUNT, Decimal(5)), (Kind.COUNT, Fraction(5)),
        (Kind.CODE, ["JP"]), (Kind.MONEY, Decimal(5)), (Kind.NUMBER, "1" * 102), (Kind.BOOL, []),
        (Kind.NUMBER, f"1/{'3' * 4001}"), (Kind.NUMBER, f"{'3' * 4001}/1"), (Kind.NUMBER, "1/00"),
    ],
)  # fmt: skip
def test_a_value_that_is_not_of_its_kind_is_refused(kind: Kind, written: Any) -> None:
    with pytest.raises(InvalidInput):
        value_from(kind, written)


def test_a_number_that_is_too_long_is_not_shown_in_full() -> None:
    with pytest.raises(InvalidInput) as caught:
        value_from(Kind.NUMBER, "1." + "1" * 199)
    assert str(caught.value) == f"found '1.{'1' * 18}'...; accepted: a number of at most 100 digits"


class Country(StrEnum):
    JAPAN = "JP"


@attrs.frozen
class Facts:
    users: int | None
    country: Country | None = Country.JAPAN


def test_facts_are_read_by_name_and_what_is_not_written_is_unknown() -> None:
    assert facts_from(SCHEMA, {"count": 5}) == FactSheet.of(SCHEMA, {"count": 5})
    assert facts_from(FactSchema.of(Facts), {"users": 5}) == Facts(5, None)
    assert facts_from(FactSchema.of(Facts), {"country": "JP"}).country is Country.JAPAN
    assert facts_from(FactSchema.of(Facts), {"users": None, "country": None}) == Facts(None, None)
    assert facts_to(FactSchema.of(Facts), Facts(5)) == {"users": 5, "country": "JP"}
    assert type(value_to(Country.JAPAN)) is str


def test_all_that_is_wrong_with_facts_comes_at_once() -> None:
    with pytest.raises(InvalidInput) as caught:
        facts_from(FactSchema.of(Facts), {"user": 5, "users": 5.5, "country": "JPN", 7: 1})  # type: ignore[dict-item]
    assert caught.value.title == "the facts are not Facts"
    assert found(caught.value) == {
        "user": "unknown fact 'user'; did you mean 'users'? There are: country, users",
        "users": "found the float 5.5; floats are not exact: give an int",
        "country": "unknown country 'JPN'; did you mean 'JP'? There are: JP",
        "7": "unknown fact '7'. There are: country, users",
    }
    with pytest.raises(
        InvalidInput,
        match=r"the facts are not facts: 1 fault\n  found \[1\]; accepted: a table of facts by name",
    ):
        facts_from(SCHEMA, [1])  # type: ignore[arg-type]
