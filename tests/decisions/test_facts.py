"""Facts: what a policy may look at."""

import datetime
import operator
import pickle
from collections.abc import Callable
from decimal import Decimal
from enum import IntEnum, StrEnum
from fractions import Fraction
from typing import Any, NewType, Optional

import attrs
import pytest

from prmcore.decisions import FactField, FactSchema, FactSheet, Kind, Ladder, fact, labelled, rung
from prmcore.decisions.facts import is_exact, schema_for, values_in
from prmcore.errors import InvalidInput
from prmcore.values import Money, Rate, Text

D = datetime.date
DAY = D(2026, 3, 31)
Level = NewType("Level", str)
REVENUE = Text.of("Booked revenue", ja="受注額")


class Country(StrEnum):
    JAPAN = "JP"
    CHINA = "CN"


class Users(IntEnum):
    MANY = 500


@attrs.frozen
class PartnerFacts:
    revenue: Money | None = attrs.field(metadata={"text": REVENUE}, default=None)
    users: int = 0
    score: Decimal | Fraction | None = None
    ratio: Optional[Fraction] = None  # noqa: UP045  # as others write it
    retention: Rate | None = None
    since: D | None = None
    level: Level | None = None
    country: Country | None = None
    skills: frozenset[str] | None = None
    active: bool | None = None
    history: tuple[str, ...] = ()  # not a fact
    mixed: int | str | None = None  # nor this: of which kind?


SCHEMA = FactSchema.of(PartnerFacts)
SHEETS = FactSchema("sheet", tuple(FactField(kind.value, kind) for kind in Kind))


def test_the_annotations_of_a_record_are_its_facts() -> None:
    assert [(field.name, field.kind) for field in SCHEMA.fields] == [
        ("revenue", Kind.MONEY), ("users", Kind.COUNT), ("score", Kind.NUMBER), ("ratio", Kind.NUMBER),
        ("retention", Kind.RATE), ("since", Kind.DATE), ("level", Kind.CODE), ("country", Kind.CODE),
        ("skills", Kind.CODES), ("active", Kind.BOOL),
    ]  # fmt: skip
    assert [field.name for field in SCHEMA.fields if field.codes is not None] == ["country"]
    assert SCHEMA.field("country").codes is Country
    assert SCHEMA.names == tuple(field.name for field in SCHEMA.fields)
    assert ("users" in SCHEMA, "history" in SCHEMA) == (True, False)
    assert (SCHEMA.name, SCHEMA.record) == ("PartnerFacts", PartnerFacts)
    assert FactSchema.of(PartnerFacts) is SCHEMA
    assert FactSchema.of(SHEETS) is SHEETS


def test_people_read_the_label_of_a_fact_or_its_name() -> None:
    assert (SCHEMA.label("revenue"), SCHEMA.label("users")) == (REVENUE, "users")


def test_the_label_of_a_fact_is_in_three_languages() -> None:
    assert labelled("Users", "利用者", "用户") == {"text": Text.of("Users", ja="利用者", zh="用户")}


def test_a_code_is_called_by_its_words_and_another_by_itself() -> None:
    japan = Text.of("Japan")
    fields = (
        FactField("country", Kind.CODE, words=(("JP", japan),)),
        FactField("others", Kind.CODES, words=(("JP", japan),)),
    )
    schema = FactSchema("s", (*fields, FactField("plain", Kind.CODES)))
    assert [schema.called("country", code) for code in ("JP", "CN", None)] == [japan, "CN", None]
    assert schema.called("others", frozenset({"JP", "CN", "DE"})) == ("CN", "DE", japan)
    assert schema.called("plain", frozenset({"JP"})) == frozenset({"JP"})


def test_schemas_are_the_same_when_their_facts_are_and_show_nothing_else() -> None:
    alike = FactSchema("PartnerFacts", SCHEMA.fields)
    assert (alike, alike.record, hash(alike)) == (SCHEMA, None, hash(SCHEMA))
    assert repr(FactSchema("s", ())) == "FactSchema(name='s', fields=())"
    assert repr(SCHEMA) == f"FactSchema(name='PartnerFacts', fields={SCHEMA.fields!r})"


def test_facts_say_by_themselves_what_they_are_facts_of() -> None:
    record, sheet = PartnerFacts(users=3), FactSheet.of(SHEETS, {"count": 3})
    assert (schema_for(record), schema_for(sheet)) == (SCHEMA, SHEETS)
    assert (values_in(record)["users"], values_in(sheet)["count"]) == (3, 3)
    assert list(values_in(sheet)) == [kind.value for kind in Kind]


def test_only_the_facts_that_are_asked_for_are_looked_at() -> None:
    wrong: Any = PartnerFacts(users=1.5)  # type: ignore[arg-type]
    SCHEMA.check(wrong, ["active"])
    SCHEMA.check(wrong, [])
    for names in (["users", "active"], None):
        with pytest.raises(
            InvalidInput, match=r"the facts are not PartnerFacts: 1 fault\n  found the float 1.5; .* @ users"
        ):
            SCHEMA.check(wrong, names)


@pytest.mark.parametrize(
    ("number", "exact"),
    [
        ("1E+100", True), ("1E+101", False), ("1E-100", True), ("1E-101", False), ("1." + "1" * 199, True),
        ("1." + "1" * 200, False), ("NaN", False), ("sNaN", False), ("-Infinity", False), ("0", True),
    ],
)  # fmt: skip
def test_a_decimal_is_exact_up_to_a_hundred_places_and_two_hundred_digits(number: str, exact: bool) -> None:
    assert is_exact(Decimal(number)) is exact


def test_a_class_that_is_no_record_is_refused() -> None:
    with pytest.raises(InvalidInput, match="facts are a frozen attrs class or a FactSchema"):
        FactSchema.of(int)


def test_a_fact_declared_twice_is_refused() -> None:
    with pytest.raises(InvalidInput, match="the fact 'a' is declared twice"):
        FactSchema("facts", (FactField("a", Kind.BOOL), FactField("a", Kind.COUNT)))


def test_an_unknown_fact_is_refused_with_the_nearest() -> None:
    with pytest.raises(InvalidInput, match="unknown fact 'revenu'; did you mean 'revenue'"):
        SCHEMA.field("revenu")


# Of every kind: what it accepts, and what it refuses; None is unknown and always accepted.
SUITABLE: dict[Kind, list[Any]] = {
    Kind.BOOL: [True, False],
    Kind.COUNT: [0, -5, 10**30, Users.MANY],
    Kind.NUMBER: [5, Decimal("0.1"), Fraction(1, 3)],
    Kind.MONEY: [Money("EUR", 1)],
    Kind.RATE: [Rate(1, 3)],
    Kind.DATE: [D(2026, 1, 1)],
    Kind.CODE: ["JP", "", Country.JAPAN],
    Kind.CODES: [frozenset(), frozenset({"a"}), frozenset({Country.CHINA})],
}
UNSUITABLE: dict[Kind, list[Any]] = {
    Kind.BOOL: [1, 0, "true", 1.0],
    Kind.COUNT: [True, 1.0, Decimal(1), Fraction(1), "1", float("nan")],
    Kind.NUMBER: [True, 1.0, "1", Decimal("NaN"), Decimal("Infinity"), Decimal("1E+999999999"), Rate(1)],
    Kind.MONEY: [1, Decimal(1), "1 EUR", 1.0],
    Kind.RATE: [1, Fraction(1), 0.5, "50 %", True],
    Kind.DATE: [datetime.datetime(2026, 1, 1), "2026-01-01", 20260101],
    Kind.CODE: [5, b"JP", True, frozenset({"JP"})],
    Kind.CODES: ["JP", {"a"}, ("a",), frozenset({5})],
}


@pytest.mark.parametrize("kind", Kind)
def test_a_fact_is_of_its_kind_or_unknown(kind: Kind) -> None:
    for value in (*SUITABLE[kind], None):
        assert FactSheet.of(SHEETS, {kind.value: value})[kind.value] is value
    for value in UNSUITABLE[kind]:
        with pytest.raises(
            InvalidInput, match=f"the facts are not sheet: 1 fault\n  found .* @ {kind.value}$"
        ):
            FactSheet.of(SHEETS, {kind.value: value})


def test_all_that_is_wrong_with_facts_is_said_at_once() -> None:
    with pytest.raises(InvalidInput) as caught:
        FactSheet.of(SHEETS, {"count": 1.5, "money": 5, "cont": 1})
    assert {fault.path: fault.message for fault in caught.value.faults} == {
        "count": "found the float 1.5; floats are not exact: give an int",
        "money": "found 5 (int); accepted: Money, or None for unknown",
        "cont": "unknown fact 'cont'; did you mean 'count'? There are: bool, code, codes, count, date, money, number, "
        "rate",
    }


def test_money_is_of_the_currency_that_the_fact_is_counted_in() -> None:
    schema = FactSchema("facts", (FactField("revenue", Kind.MONEY, currency="EUR"),))
    with pytest.raises(InvalidInput, match=r"found 1\.00 USD; the fact is counted in EUR @ revenue"):
        FactSheet.of(schema, {"revenue": Money.of(1, "USD")})


def test_a_sheet_gives_its_facts_by_name_and_changed() -> None:
    sheet = FactSheet.of(SHEETS, {"count": 3})
    assert (sheet["count"], sheet["bool"]) == (3, None)
    changed = sheet.with_values({"count": None, "bool": True})
    assert (changed["count"], changed["bool"]) == (None, True)
    assert (
        repr(FactSheet.of(FactSchema("one", SHEETS.fields[:1]), {"bool": True}))
        == "FactSheet(one: bool=True)"
    )
    assert pickle.loads(pickle.dumps(sheet)) == sheet
    with pytest.raises(InvalidInput, match="unknown fact"):
        sheet["counts"]
    with pytest.raises(InvalidInput):
        sheet.with_values({"count": 1.0})


READ: dict[str, Callable[[FactSchema], Callable[[Any], tuple[Any, ...]]]] = {
    "none": operator.methodcaller("getter", ()),
    "one": operator.methodcaller("getter", ("users",)),
    "two": operator.methodcaller("getter", ("users", "active")),
}


def test_facts_are_taken_out_of_a_record_or_a_sheet_in_order() -> None:
    schema = FactSchema("sheet", (FactField("active", Kind.BOOL), FactField("users", Kind.COUNT)))
    record, sheet = PartnerFacts(users=3, active=True), FactSheet.of(schema, {"users": 3, "active": True})
    expected = {"none": (), "one": (3,), "two": (3, True)}
    assert {name: read(SCHEMA)(record) for name, read in READ.items()} == expected
    assert {name: read(schema)(sheet) for name, read in READ.items()} == expected
    assert schema.values_of(sheet) == {"active": True, "users": 3}


# One comparison of each kind, and whether it must be met by the suitable values above.
ASKED = {
    Kind.BOOL: fact("bool").is_true(),
    Kind.COUNT: fact("count").equals(1),
    Kind.NUMBER: fact("number").at_least(1),
    Kind.MONEY: fact("money").equals(Money("EUR", 1)),
    Kind.RATE: fact("rate").equals(Rate(1)),
    Kind.DATE: fact("date").equals(D(2026, 1, 1)),
    Kind.CODE: fact("code").equals("JP"),
    Kind.CODES: fact("codes").includes("a"),
}


@pytest.mark.parametrize("kind", Kind)
def test_a_record_with_unsuitable_values_is_refused_by_name_when_it_is_decided(kind: Kind) -> None:
    """A record may be built without checks; compiled or plainly read, no policy decides on what it holds then."""
    record = attrs.make_class(
        "Record", {"spare": attrs.field(type=int), kind.value: attrs.field()}, frozen=True
    )
    record.__annotations__ = {
        "spare": int,
        kind.value: {Kind.NUMBER: Fraction, Kind.CODES: frozenset[str]}.get(kind, type(SUITABLE[kind][0])),
    }
    policy: Ladder[Any, str] = Ladder("p", facts=record, otherwise="no", rungs=(rung("yes", ASKED[kind]),))
    for value in (*SUITABLE[kind], None):
        assert policy.judge(record(1.5, value), DAY) == policy.interpret(record(1.5, value), DAY)
    for value in UNSUITABLE[kind]:
        if value == frozenset({5}):
            continue  # what is inside a set is looked at where the facts are born, not at every decision
        for decide in (policy.decide, policy.judge, policy.interpret):
            with pytest.raises(InvalidInput, match=f"@ {kind.value}$"):
                decide(record(1, value), DAY)


def test_facts_of_another_sort_are_refused() -> None:
    of_record: Ladder[Any, str] = Ladder(
        "p", facts=PartnerFacts, otherwise="no", rungs=(rung("yes", fact("users").at_least(1)),)
    )
    of_sheet: Ladder[Any, str] = Ladder(
        "p", facts=SHEETS, otherwise="no", rungs=(rung("yes", fact("count").at_least(1)),)
    )
    with pytest.raises(InvalidInput, match="found dict; the policy is about PartnerFacts"):
        of_record.decide({"users": 1}, DAY)
    with pytest.raises(InvalidInput, match="found PartnerFacts; these facts come as a FactSheet of 'sheet'"):
        of_sheet.decide(PartnerFacts(), DAY)


def test_money_of_another_currency_is_refused_when_it_is_decided() -> None:
    policy: Ladder[Any, str] = Ladder(
        "p",
        facts=PartnerFacts,
        otherwise="no",
        rungs=(rung("yes", fact("revenue").at_least(Money.of(1, "EUR"))),),
    )
    for decide in (policy.decide, policy.interpret):
        with pytest.raises(InvalidInput, match=r"found 5\.00 USD; the policy asks for EUR @ revenue"):
            decide(PartnerFacts(revenue=Money.of(5, "USD")), DAY)


def test_facts_of_another_schema_are_refused_and_not_read_by_their_places() -> None:
    asked = FactSchema("sales", (FactField("users", Kind.COUNT), FactField("people", Kind.COUNT)))
    other = FactSchema("other", (FactField("people", Kind.COUNT), FactField("users", Kind.COUNT)))
    ladder: Ladder[FactSheet, str] = Ladder(
        "tiers/1", facts=asked, rungs=(rung("gold", fact("users").at_least(9)),), otherwise="none"
    )
    with pytest.raises(InvalidInput, match="found facts of 'other'; these are asked of 'sales'"):
        ladder.decide(FactSheet.of(other, {"people": 10, "users": 1}), datetime.date(2026, 3, 31))
    alike = FactSchema("sales", asked.fields)
    assert ladder.decide(FactSheet.of(alike, {"users": 10}), datetime.date(2026, 3, 31)).outcome == "gold"
