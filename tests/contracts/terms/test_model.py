"""What a contract says about how long it runs: what its clauses cannot be, and what they leave open."""

import datetime
from typing import Any

import attrs
import pytest

from prmcore.contracts.terms import (
    Chain,
    EndConvention,
    Extends,
    RenewalClause,
    RenewalKind,
    Suspension,
    Term,
    TermClause,
)
from prmcore.errors import InvalidInput
from prmcore.values import DateRange, Length, Missing, Roll

D = datetime.date
NOON = datetime.datetime(2026, 1, 1, 12)
BLANK = "found ' x'; accepted: an id without outer blanks, in Unicode NFC"
YEAR, NOTHING = Length.of("1 year"), Length.of("0 days")
BEGINS: dict[str, Any] = {"start": D(2026, 1, 1), "length": YEAR}
MONTH_END = Roll.of("month end")


@pytest.mark.parametrize("record", [RenewalClause, Suspension, TermClause])
def test_each_clause_is_written_with_the_names_of_its_parts(record: Any) -> None:
    assert all(field.kw_only for field in attrs.fields(record))


def test_what_clauses_leave_open_is_read_in_the_usual_way() -> None:
    assert attrs.asdict(TermClause(**BEGINS), recurse=False) == {
        **BEGINS, "last_day": None, "ends": EndConvention.DAY_BEFORE, "roll": Roll(), "missing": Missing.DOWN,
    }  # fmt: skip
    assert TermClause(start=D(2026, 1, 1), last_day=D(2026, 1, 1)).ends is EndConvention.STATED
    assert attrs.asdict(RenewalClause(), recurse=False) == {
        "kind": RenewalKind.FIXED, "lengths": (), "at_most": None, "chain": Chain.ANCHORED, "by": (), "condition": None,
    }  # fmt: skip
    assert Suspension(period=DateRange(D(2026, 1, 1), D(2026, 2, 1))).extends is Extends.NOTHING


STATED_ENDS = "stated goes with a last_day, day-before and anniversary without @ ends"


@pytest.mark.parametrize(
    ("clause", "parts", "faults"),
    [
        (TermClause, {"start": NOON, "length": NOTHING, "last_day": NOON},
         [f"the day: found {NOON!r:.60}; accepted: a date without a time @ start",
          "found 0 days; accepted: a day, week, month or year at least @ length",
          f"the day: found {NOON!r:.60}; accepted: a date without a time @ last_day"]),
        (TermClause, {**BEGINS, "length": Length.of("5 business days")},
         ["found 5 business days; accepted: a day, week, month or year at least @ length"]),
        (TermClause, {**BEGINS, "last_day": D(2025, 12, 31)}, ["found 2025-12-31; accepted: 2026-01-01 or later @ last_day"]),
        (TermClause, {**BEGINS, "last_day": D.max}, ["found 9999-12-31; accepted: 2026-01-01 or later @ last_day"]),
        (TermClause, {**BEGINS, "ends": EndConvention.STATED}, [f"found stated; {STATED_ENDS}"]),
        *((TermClause, {**BEGINS, "last_day": D(2026, 6, 1), "ends": ends}, [f"found {ends.value}; {STATED_ENDS}"])
          for ends in (EndConvention.DAY_BEFORE, EndConvention.ANNIVERSARY)),
        (TermClause, {"start": D(2026, 1, 1), "last_day": D(2026, 6, 29), "roll": MONTH_END},  # the next begins on the 30th
         None),
        (TermClause, {"start": D(2026, 1, 1), "last_day": D(2026, 6, 28), "roll": MONTH_END},
         ["found month end, and terms that begin on 2026-06-29; accepted: 2026-06-30, anchored, or for an odd first term its "
          "last_day @ roll"]),
        (TermClause, {**BEGINS, "start": D(2026, 1, 15), "roll": MONTH_END, "ends": EndConvention.ANNIVERSARY}, None),
        (TermClause, {**BEGINS, "start": D(2026, 2, 28), "roll": Roll.of("day 31")}, None),  # the 31st of February is the 28th
        (RenewalClause, {"kind": RenewalKind.AUTOMATIC, "lengths": (YEAR, NOTHING)},
         ["found 0 days; accepted: a day, week, month or year at least @ lengths[1]"]),
        *((RenewalClause, {"kind": RenewalKind.AUTOMATIC, "at_most": number},
           [f"found {number!r}; accepted: 1 to 10000, or none @ at_most"]) for number in (0, 10_001, True, "1")),
        (RenewalClause, {"kind": RenewalKind.AUTOMATIC, "by": ("vendor", " x"), "condition": " x"},
         [f"{BLANK} @ by[1]", f"{BLANK} @ condition"]),
        (RenewalClause, {"kind": RenewalKind.EVERGREEN, "lengths": (YEAR,)},
         ["goes with automatic and opt-in; found evergreen @ lengths"]),
        (RenewalClause, {"kind": RenewalKind.FIXED, "at_most": 1}, ["goes with automatic and opt-in; found fixed @ at_most"]),
        (RenewalClause, {"condition": "minimum"}, ["found one, and nothing that it is for; accepted: none @ condition"]),
        (RenewalClause, {"kind": RenewalKind.EVERGREEN, "condition": "minimum"}, None),
        (RenewalClause, {"kind": RenewalKind.OPT_IN, "lengths": (YEAR,), "at_most": 10_000, "condition": "minimum"}, None),
        (Suspension, {"period": DateRange(None, D(2026, 1, 1))}, ["found ever to 2025-12-31; accepted: a first and a last day @ period"]),
        (Suspension, {"period": DateRange(D(2026, 1, 1))}, ["found 2026-01-01 on; accepted: a first and a last day @ period"]),
    ],
)  # fmt: skip
def test_everything_that_a_clause_cannot_say_is_refused_at_its_part(
    clause: Any, parts: dict[str, Any], faults: list[str] | None
) -> None:
    if faults is None:
        assert {name: getattr(clause(**parts), name) for name in parts} == parts
        return
    with pytest.raises(InvalidInput) as refused:
        clause(**parts)
    assert list(map(str, refused.value.faults)) == faults


def test_a_term_of_one_day_may_be_named() -> None:
    assert TermClause(start=D(2026, 1, 1), last_day=D(2026, 1, 1)).last_day == D(2026, 1, 1)
    assert TermClause(start=D(2026, 1, 1), length=Length.of("1 day")).length == Length.of("1 day")


@pytest.mark.parametrize(
    ("length", "last_day", "is_indefinite"),
    [(None, None, True), (YEAR, None, False), (None, D(2026, 2, 1), False), (YEAR, D(2026, 2, 1), False)],
)
def test_without_a_length_and_a_day_it_runs_until_somebody_ends_it(
    length: Length | None, last_day: D | None, is_indefinite: bool
) -> None:
    clause = TermClause(start=D(2026, 1, 1), length=length, last_day=last_day)
    assert clause.is_indefinite is is_indefinite


@pytest.mark.parametrize("kind", RenewalKind)
def test_only_automatic_and_opt_in_renewals_have_terms(kind: RenewalKind) -> None:
    assert RenewalClause(kind=kind).has_terms is (kind in (RenewalKind.AUTOMATIC, RenewalKind.OPT_IN))


def test_a_term_has_its_first_day_and_not_the_one_after_its_last() -> None:
    term, endless = Term(1, D(2026, 1, 1), D(2026, 2, 1)), Term(1, D(2026, 1, 1), None)
    days = (D(2025, 12, 31), D(2026, 1, 1), D(2026, 1, 31), D(2026, 2, 1))
    assert [day in term for day in days] == [False, True, True, False]
    assert [day in endless for day in (*days, D.max)] == [False, True, True, True, True]
    assert (term.last_day, endless.last_day) == (D(2026, 1, 31), None)
    assert (term.period, endless.period) == (
        DateRange(D(2026, 1, 1), D(2026, 2, 1)),
        DateRange(D(2026, 1, 1)),
    )
