"""What became of a minimum in each year, of counts and amounts; what follows, and how it is said."""

import datetime
from typing import Any

import attrs
import pytest

from prmcore.contracts.agreements import ExclusivityClause, MinimumClause, Shortfall
from prmcore.contracts.obligations import (
    CommitmentPeriod,
    JudgedMinimum,
    Measured,
    MinimumOutcome,
    Waiver,
    conditions_met,
    judged_minimum,
    judged_minimums,
    said_of_minimum,
)
from prmcore.contracts.obligations.shortfalls import JUDGING_MINIMUMS, MinimumFacts
from prmcore.decisions.explain import explain, put_into_words
from prmcore.errors import InvalidInput
from prmcore.values import DateRange, Length, Money, Text

D = datetime.date
OUT = MinimumOutcome
YEAR = DateRange(D(2025, 1, 1), D(2026, 1, 1))
PERIOD = CommitmentPeriod(
    minimum="people", number=0, period=YEAR, year=YEAR, asked=10, cure_ends=D(2026, 1, 31)
)
NEXT = attrs.evolve(
    PERIOD, number=1, period=DateRange(D(2026, 1, 1), D(2027, 1, 1)), year=DateRange(D(2026, 1, 1), D(2027, 1, 1)),
    cure_ends=D(2027, 1, 31),
)  # fmt: skip
CLAUSE = MinimumClause(metric="people", count=10, cure=Length.of("30 days"))
LABELS = {
    "is_waived": ("waived", "免除済み", "已豁免"),
    "is_over": ("the year is over", "対象年度は終了", "该年度已结束"),
    "is_reached": ("reached within the year", "年度内に達成", "年度内已达到"),
    "is_made_up": ("made up for within the cure period", "治癒期間内に補填", "补救期内已补足"),
    "is_cure_running": ("the cure period runs", "治癒期間中", "补救期尚未届满"),
}


LAST_DAY = D(2025, 12, 31)


def people(count: int, through: D = LAST_DAY, on: D | None = None, **more: Any) -> Measured:
    return Measured(minimum=more.get("minimum", "people"), year=more.get("year", D(2025, 6, 1)), count=count, through=through,
                    on=on or through)  # fmt: skip


def waiver(on: D, **more: Any) -> Waiver:
    return Waiver(**{"minimum": "people", "year": D(2025, 6, 1), "on": on, "by": "legal", **more})


def judged(as_of: D, *found: Measured, waived: tuple[Waiver, ...] = (), **more: Any) -> JudgedMinimum:
    clause = attrs.evolve(CLAUSE, shortfall=more.pop("shortfall", Shortfall.TERMINATION_RIGHT))
    return judged_minimum(PERIOD, clause, as_of, measured=found, waived=waived, **more)


def test_what_a_minimum_is_judged_by_has_words_in_three_languages() -> None:
    assert {field.name: field.text for field in JUDGING_MINIMUMS.facts.fields} == {
        name: Text.of(english, ja=japanese, zh=chinese)
        for name, (english, japanese, chinese) in LABELS.items()
    }


@pytest.mark.parametrize("record", [CommitmentPeriod, JudgedMinimum, MinimumFacts])
def test_each_record_is_written_with_the_names_of_its_parts(record: Any) -> None:
    assert all(field.kw_only for field in attrs.fields(record))


IN_CURE, AFTER = D(2026, 1, 30), D(2026, 1, 31)


@pytest.mark.parametrize(
    ("as_of", "found", "facts", "outcome", "measured", "missing"),
    [
        # waived, over, reached, made up, cure runs
        (D(2025, 12, 31), (), (False, False, None, None, True), OUT.OPEN, None, None),
        (D(2025, 12, 31), (people(12, D(2025, 12, 30)),), (False, False, None, None, True), OUT.OPEN, 12, None),
        (D(2026, 1, 1), (), (False, True, None, None, True), OUT.UNKNOWN, None, None),
        (D(2026, 1, 1), (people(10),), (False, True, True, None, True), OUT.MET, 10, 0),
        (D(2026, 1, 1), (people(9),), (False, True, False, None, True), OUT.CURABLE, 9, 1),
        (IN_CURE, (people(9),), (False, True, False, None, True), OUT.CURABLE, 9, 1),
        (AFTER, (people(9),), (False, True, False, None, False), OUT.SHORT, 9, 1),
        (AFTER, (people(9), people(10, IN_CURE)), (False, True, False, True, False), OUT.MET_IN_CURE, 10, 0),
        (AFTER, (people(8), people(9, D(2026, 1, 1))), (False, True, False, False, False), OUT.SHORT, 9, 1),
        (AFTER, (people(8), people(10, AFTER)), (False, True, False, None, False), OUT.SHORT, 8, 2),  # a day too late
        (AFTER, (people(9, IN_CURE),), (False, True, False, False, False), OUT.SHORT, 9, 1),
        (AFTER, (people(10, IN_CURE),), (False, True, None, True, False), OUT.MET_IN_CURE, 10, 0),
        (AFTER, (people(12, D(2025, 12, 30)),), (False, True, None, None, False), OUT.UNKNOWN, None, None),
        (AFTER, (people(10, minimum="other"),), (False, True, None, None, False), OUT.UNKNOWN, None, None),
        (AFTER, (people(10, D(2026, 1, 5), year=D(2026, 1, 1)),), (False, True, None, None, False), OUT.UNKNOWN, None, None),
        (AFTER, (people(10, on=D(2026, 2, 1)),), (False, True, None, None, False), OUT.UNKNOWN, None, None),
        # of one day the later knowledge counts, and of what became known on one day what is given later
        (AFTER, (people(10, on=D(2026, 1, 9)), people(9, on=D(2026, 1, 8))), (False, True, True, None, False), OUT.MET, 10, 0),
        (AFTER, (people(10), people(9)), (False, True, False, None, False), OUT.SHORT, 9, 1),
    ],
)  # fmt: skip
def test_a_year_is_judged_by_what_was_known_of_it(
    as_of: D, found: tuple[Measured, ...], facts: tuple[bool | None, ...], outcome: OUT, measured: int | None, missing: int | None
) -> None:  # fmt: skip
    one = judged(as_of, *found)
    assert attrs.astuple(one.decision.facts) == facts
    assert (one.outcome, one.measured, one.missing, one.decision.as_of) == (outcome, measured, missing, as_of)
    assert (one.period, one.clause, one.carried, one.required) == (PERIOD, CLAUSE, 0, 10)


@pytest.mark.parametrize(
    ("waived", "is_waived"),
    [
        (waiver(AFTER), True), (waiver(D(2026, 2, 1)), False), (waiver(AFTER, minimum="other"), False),
        (waiver(AFTER, year=D(2026, 1, 1)), False), (waiver(AFTER, year=D(2025, 1, 1)), True),
    ],
)  # fmt: skip
def test_a_waiver_is_for_its_minimum_and_its_year_from_its_day_on(waived: Waiver, is_waived: bool) -> None:
    one = judged(AFTER, people(0), waived=(waived,))
    assert (one.outcome, one.missing) == ((OUT.WAIVED, 0) if is_waived else (OUT.SHORT, 10))


@pytest.mark.parametrize(
    ("shortfall", "carries"),
    [(Shortfall.CARRY_OVER, 1), (Shortfall.TERMINATION_RIGHT, 0), (Shortfall.LOSE_EXCLUSIVITY, 0)],
)
def test_what_follows_begins_when_nothing_can_be_made_up_for_any_more(
    shortfall: Shortfall, carries: int
) -> None:
    curable, short, met = (judged(day, people(count), shortfall=shortfall) for day, count in ((IN_CURE, 9), (AFTER, 9), (AFTER, 10)))  # fmt: skip
    assert [(one.follows, one.since, one.to_pay) for one in (curable, short, met)] == [
        (None, None, None), (shortfall, AFTER, None), (None, None, None),
    ]  # fmt: skip
    assert [short.carries, met.carries] == [carries, 0]


def test_a_difference_is_paid_once_the_cure_is_over() -> None:
    euro = MinimumClause(metric="x", amount=Money.of("10", "EUR"), shortfall=Shortfall.PAY_DIFFERENCE)
    period = attrs.evolve(PERIOD, asked=Money.of("10", "EUR"))
    nine = Measured(minimum="people", year=D(2025, 6, 1), amount=Money.of("9.99", "EUR"), through=D(2025, 12, 31), on=D(2025, 12, 31))  # fmt: skip
    to_pay = [judged_minimum(period, euro, day, measured=[nine]).to_pay for day in (IN_CURE, AFTER)]
    assert to_pay == [None, Money.of("0.01", "EUR")]
    more = attrs.evolve(nine, amount=Money.of("11", "EUR"))
    over = judged_minimum(period, euro, AFTER, measured=[more], carried=Money.of("0.50", "EUR"))
    assert (over.required, over.missing, over.to_pay) == (Money.of("10.50", "EUR"), Money.zero("EUR"), None)
    assert judged_minimum(period, euro, AFTER).carried == Money.zero("EUR")


def test_what_is_carried_is_asked_for_on_top_and_unknown_while_it_is_not_known() -> None:
    assert (judged(AFTER, people(11), carried=2).outcome, judged(AFTER, people(11), carried=2).missing) == (
        OUT.SHORT,
        1,
    )
    unknown = judged(AFTER, people(99), carried=None)
    assert (unknown.outcome, unknown.required, unknown.missing, unknown.carried) == (
        OUT.UNKNOWN,
        None,
        None,
        None,
    )


def test_years_are_judged_one_after_the_other_as_far_as_they_have_begun() -> None:
    clause = attrs.evolve(CLAUSE, shortfall=Shortfall.CARRY_OVER)
    results = (people(7), people(12, D(2026, 12, 31), year=D(2026, 1, 1)))
    counts = [len(judged_minimums([PERIOD, NEXT], clause, day)) for day in (D(2024, 12, 31), D(2025, 1, 1), D(2025, 12, 31), D(2026, 1, 1))]  # fmt: skip
    assert counts == [0, 1, 1, 2]
    found = judged_minimums(
        [PERIOD, NEXT], clause, D(2027, 2, 1), measured=iter(results), waived=iter([waiver(D(2027, 2, 1))])
    )
    assert [(one.outcome, one.required, one.missing) for one in found] == [
        (OUT.WAIVED, 10, 0),
        (OUT.MET, 10, 0),
    ]
    found = judged_minimums([PERIOD, NEXT], clause, D(2027, 2, 1), measured=iter(results))
    assert [(one.outcome, one.required, one.missing) for one in found] == [
        (OUT.SHORT, 10, 3),
        (OUT.SHORT, 13, 1),
    ]


@pytest.mark.parametrize(
    ("asked", "value", "accepted"),
    [(10, Money.of("1", "EUR"), "a count"), (Money.of("1", "EUR"), 1, "an amount in EUR"), (Money.of("1", "EUR"), Money.of("1", "USD"), "an amount in EUR")],
)  # fmt: skip
def test_what_is_measured_or_carried_in_another_unit_is_refused(
    asked: Any, value: Any, accepted: str
) -> None:
    period = attrs.evolve(PERIOD, asked=asked)
    is_money = isinstance(value, Money)
    other = attrs.evolve(people(1), amount=value if is_money else None, count=None if is_money else value)
    with pytest.raises(InvalidInput) as refused:
        judged_minimum(period, CLAUSE, AFTER, measured=[other])
    assert list(map(str, refused.value.faults)) == [f"found {value}; accepted: {accepted} @ 2025-12-31"]
    if isinstance(asked, Money) is not is_money:
        with pytest.raises(InvalidInput, match=f"^carried: found {value}; accepted: {accepted}$"):
            judged_minimum(period, CLAUSE, AFTER, carried=value)


def test_the_day_that_is_asked_for_is_a_date() -> None:
    with pytest.raises(InvalidInput, match=r"^as_of: found"):
        judged(datetime.datetime(2026, 1, 1))


def test_conditions_are_met_when_each_is_known_and_none_is_short() -> None:
    def outcomes(*found: int | None) -> list[JudgedMinimum]:
        return [judged(AFTER, *(() if count is None else (people(count),))) for count in found]

    both = ExclusivityClause(of="partner", conditions=("a", "b"))
    answers = [
        conditions_met(both, {"a": outcomes(*first), "b": outcomes(*second), "c": outcomes(0)})
        for first, second in (
            ((10,), (10,)),
            ((10, 9), (10,)),
            ((10,), (None,)),
            ((None, 9), (None,)),
            ((10, 12), ()),
        )
    ]
    assert answers == [True, False, None, False, True]
    assert [conditions_met(both, {"a": outcomes(count)}) for count in (10, 9)] == [None, False]


@pytest.mark.parametrize(
    ("as_of", "counts", "words"),
    [
        (D(2025, 12, 31), (), "open: the year runs"), (AFTER, (10,), "met"), (IN_CURE, (9,), "short, and it can still be made up for"),
        (AFTER, (9,), "short"), (AFTER, (), "not known: the year is not measured"),
    ],
)  # fmt: skip
def test_each_outcome_has_its_words(as_of: D, counts: tuple[int, ...], words: str) -> None:
    one = judged(as_of, *map(people, counts))
    assert explain(one.decision).lines()[0].endswith(f": {words}")
    assert explain(one.decision).lines()[0].startswith("contracts/minimum on ")
    first = put_into_words(said_of_minimum(one), "en").lines()[0]
    assert first == f"people, January 1, 2025 to December 31, 2025: {words}"


def test_what_was_made_up_for_and_what_was_waived_have_their_words() -> None:
    in_cure, waived = judged(AFTER, people(10, IN_CURE)), judged(AFTER, waived=(waiver(AFTER),))
    assert [explain(one.decision).lines()[0].rpartition(": ")[2] for one in (in_cure, waived)] == [
        "met in the cure period", "waived",
    ]  # fmt: skip


HALF = attrs.evolve(
    PERIOD, period=DateRange(D(2025, 1, 1), D(2025, 3, 15)), asked=2, cure_ends=D(2025, 4, 14)
)


@pytest.mark.parametrize(
    ("period", "shortfall", "as_of", "count", "carried", "lines"),
    [
        (PERIOD, Shortfall.LOSE_EXCLUSIVITY, AFTER, 9, 0,
         ["asked for: 10", "measured: 9", "missing: 1", "exclusivity is lost from January 31, 2026 on"]),
        (PERIOD, Shortfall.TERMINATION_RIGHT, IN_CURE, 9, 0,
         ["asked for: 10", "measured: 9", "missing: 1", "it can be made up for until January 30, 2026"]),
        (PERIOD, Shortfall.CARRY_OVER, AFTER, 9, 2,
         ["asked for: 10", "2 was missing before: 12 in all", "measured: 9", "missing: 3", "3 is added to the next year"]),
        (PERIOD, Shortfall.CARRY_OVER, AFTER, 9, None,
         ["asked for: 10", "what was missing before is not known", "measured: 9"]),
        (PERIOD, Shortfall.CARRY_OVER, AFTER, 10, 0, ["asked for: 10", "measured: 10"]),
        (HALF, Shortfall.CARRY_OVER, AFTER, None, 0,
         ["asked for: 2, for 73 of the 365 days of the year", "measured: unknown"]),
    ],
)  # fmt: skip
def test_a_year_is_told_with_what_was_asked_for_measured_and_missing(
    period: CommitmentPeriod,
    shortfall: Shortfall,
    as_of: D,
    count: int | None,
    carried: int | None,
    lines: list[str],
) -> None:
    clause = attrs.evolve(CLAUSE, shortfall=shortfall)
    found = judged_minimum(
        period, clause, as_of, measured=[] if count is None else [people(count)], carried=carried
    )
    told = [line.strip() for line in put_into_words(said_of_minimum(found), "en").lines()[1:]]
    assert told[: len(lines)] == lines
    assert told[len(lines)].startswith(("✓", "✗", "?"))


def test_the_difference_is_told_as_money() -> None:
    euro = MinimumClause(metric="x", amount=Money.of("10", "EUR"), shortfall=Shortfall.PAY_DIFFERENCE)
    period = attrs.evolve(PERIOD, asked=Money.of("10", "EUR"))
    nine = Measured(minimum="people", year=D(2025, 6, 1), amount=Money.of("9", "EUR"), through=D(2025, 12, 31), on=D(2025, 12, 31))  # fmt: skip
    told = put_into_words(said_of_minimum(judged_minimum(period, euro, AFTER, measured=[nine])), "en").lines()
    assert told[4] == "  the difference has to be paid: €1.00"
