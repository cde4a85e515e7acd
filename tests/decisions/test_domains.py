"""Which values of a fact stand for all of them: expected values counted by hand."""

import datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

import pytest

from prmcore.decisions import FactField, Kind, fact
from prmcore.decisions.domains import difference, distinct_values, ordinal, tells_all_apart
from prmcore.values import Money, PercentagePoints, Rate

D = datetime.date
DATE = FactField("signed_on", Kind.DATE)


def test_a_date_is_tried_on_its_bound_and_on_both_days_beside_it() -> None:
    bound = fact("signed_on").at_least(D(2026, 3, 1))
    assert distinct_values(DATE, [bound]) == (D(2026, 2, 28), D(2026, 3, 1), D(2026, 3, 2))


def test_no_day_is_tried_before_the_first_of_all_or_after_the_last() -> None:
    first, last = D.min, D.max
    day = datetime.timedelta(days=1)
    assert set(distinct_values(DATE, [fact("signed_on").at_least(first)])) == {first, first + day}
    assert set(distinct_values(DATE, [fact("signed_on").at_most(last)])) == {last - day, last}


def test_of_too_many_codes_all_that_a_limit_allows_are_still_tried_together() -> None:
    named = [fact("skills").includes(f"skill {number}") for number in range(10)]
    limit = fact("skills").within("skill 0", "skill 99")
    tried = distinct_values(FactField("skills", Kind.CODES), [*named, limit])
    assert frozenset({"skill 0", "skill 99"}) in tried  # all that is allowed
    assert frozenset({"skill 0"}) in tried  # what is asked for, as far as it is allowed
    assert frozenset(f"skill {number}" for number in range(10)) in tried  # all that is asked for


@pytest.mark.parametrize(
    ("kind", "tried"),
    [
        (Kind.COUNT, (0,)),
        (Kind.NUMBER, (Fraction(0),)),
        (Kind.RATE, (Rate(0),)),
        (Kind.DATE, ()),
        (Kind.BOOL, (False, True)),
    ],
)
def test_where_nothing_is_asked_of_a_fact_nothing_but_zero_is_tried(
    kind: Kind, tried: tuple[Any, ...]
) -> None:
    assert distinct_values(FactField("fact", kind), []) == tried


class Country(StrEnum):
    JAPAN = "JP"
    CHINA = "CN"


def eur(amount: str) -> Money:
    return Money.of(amount, "EUR")


def percent(*numbers: str) -> tuple[Rate, ...]:
    return tuple(map(Rate.percent, numbers))


F = FactField("fact", Kind.COUNT)
ASKED = fact("fact")


@pytest.mark.parametrize(
    ("field", "asked", "extra", "tried"),
    [
        (F, [ASKED.at_least(10)], (), (9, 10, 11)),
        (F, [ASKED.between(10, 12)], (), (9, 10, 11, 12, 13)),
        (F, [ASKED.at_least(10)], (20, None), (9, 10, 11, 19, 20, 21)),
        (FactField("fact", Kind.MONEY), [ASKED.at_least(eur("5"))], (), (eur("4.99"), eur("5.00"), eur("5.01"))),
        # where between any two there is another: one between each two, and one on either side
        (FactField("fact", Kind.NUMBER), [ASKED.at_least(2), ASKED.at_most(Decimal("2.5"))], (),
            (1, 2, Fraction(9, 4), Fraction(5, 2), Fraction(7, 2))),
        (FactField("fact", Kind.RATE), [ASKED.between(*percent("10", "20"))], (), percent("9", "10", "15", "20", "21")),
        (FactField("fact", Kind.CODE), [ASKED.one_of("JP", "CN"), ASKED.equals("DE")], (), ("CN", "DE", "JP", "(other)")),
        (FactField("fact", Kind.CODE), [], (), ("(other)",)),
        (FactField("fact", Kind.CODE, codes=Country), [ASKED.equals("JP")], (), (Country.JAPAN, Country.CHINA)),
    ],
)  # fmt: skip
def test_a_bound_is_tried_with_its_neighbours(
    field: FactField, asked: list[Any], extra: tuple[Any, ...], tried: tuple[Any, ...]
) -> None:
    found = distinct_values(field, asked, extra)
    assert found == tried
    assert {type(value) for value in found} == {Fraction if field.kind is Kind.NUMBER else type(tried[0])}


def sets(written: str) -> tuple[frozenset[str], ...]:
    """Sets of one-letter codes; a dot stands for a code that nobody names."""
    return tuple(
        frozenset(one.replace("-", "").replace(".", " ").replace(" ", "~")) for one in written.split()
    )


@pytest.mark.parametrize(
    ("asked", "held", "tried"),
    [
        # alike are a and b: none, one or both of them, with and without another
        ([ASKED.includes_any("a", "b")], None, "- . a .a ab .ab"),
        ([ASKED.includes_any("a", "b")], "a", "- . a b .a .b ab .ab"),
        ([ASKED.includes_any("a", "b")], "ab", "- . b .b ab .ab"),
        ([ASKED.includes("a"), ASKED.within("a", "b")], None, "- . a b .a .b ab .ab"),
        ([], "c", "- . c .c"),
    ],
)
def test_of_codes_that_are_alike_none_some_or_all_are_tried(
    asked: list[Any], held: str | None, tried: str
) -> None:
    extra = () if held is None else (None, frozenset(held))
    found = distinct_values(FactField("fact", Kind.CODES), asked, extra)
    assert tuple(frozenset("~" if code == "(other)" else code for code in one) for one in found) == sets(
        tried
    )


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (eur("5"), 500),
        (Rate(1, 3), Fraction(1, 3)),
        (D(1, 1, 2), 2),
        (7, 7),
        (Decimal("0.5"), Fraction(1, 2)),
    ],
)
def test_what_has_an_order_has_a_number(value: Any, number: Any) -> None:
    assert (ordinal(value), type(ordinal(value))) == (number, Fraction)


@pytest.mark.parametrize(
    ("target", "observed", "missing"),
    [
        (eur("5"), eur("1"), eur("4")),
        (eur("5"), None, None),
        (Rate.percent(50), Rate.percent(30), PercentagePoints.of(20)),
        (Rate.percent(50), None, None),
        (5, 3, 2),
        (5, None, None),
        (5, Fraction(1, 2), Fraction(9, 2)),
        (Fraction(5, 2), 2, Fraction(1, 2)),
        (Decimal("2.5"), Decimal("0.5"), Fraction(2)),
        (Decimal("2.5"), None, None),
        (D(2026, 3, 1), D(2026, 2, 1), 28),
        (D(2026, 3, 1), None, None),
        (frozenset("ab"), frozenset("bc"), frozenset("a")),
        (frozenset("ab"), None, frozenset("ab")),
        (True, False, None),
        ("JP", "CN", None),
    ],
)
def test_what_is_missing_is_the_way_from_the_observed_to_the_target(
    target: Any, observed: Any, missing: Any
) -> None:
    found = difference(target, observed)
    assert (found, type(found)) == (missing, type(missing))


def test_of_too_many_codes_each_that_would_do_is_tried_alone_and_with_what_is_held() -> None:
    named = [ASKED.includes(f"skill {number}") for number in range(10)]
    one_of, limit, held = ASKED.includes_any("x", "y"), ASKED.within("x", "z"), frozenset({"held"})
    tried = distinct_values(FactField("fact", Kind.CODES), [*named, one_of, limit], (held,))
    alone = [frozenset({code}) for code in ("x", "y", "skill 3", "(other)")]
    for one in (frozenset[str](), held, *alone, *(held | one for one in alone), limit.bound, one_of.bound):
        assert one in tried
    assert frozenset({"z"}) not in tried  # nobody asks for it
    assert tried == tuple(sorted(tried, key=lambda one: (len(one), sorted(one))))
    assert len(set(tried)) == len(tried)


# of each group of codes that are alike none, some or all are held; of a single one, and of all others, none or all
@pytest.mark.parametrize(
    ("groups", "size", "told"),
    [(9, 1, True), (10, 1, False), (5, 3, True), (6, 3, False), (6, 2, False), (5, 9, True)],
)
def test_a_thousand_sets_of_codes_are_told_apart(groups: int, size: int, told: bool) -> None:
    """2^9 x 2 are 1,024 and 3^5 x 2 are 486; 2^10 x 2 and 3^6 x 2 = 1,458 are too many."""
    asked = [ASKED.includes_any(*(f"{group}-{one}" for one in range(size))) for group in range(groups)]
    assert tells_all_apart(FactField("fact", Kind.CODES), asked) is told
    assert tells_all_apart(FactField("fact", Kind.COUNT), [ASKED.at_least(1)])
