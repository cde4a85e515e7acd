"""What somebody has to do, did, measured or let go: what its records cannot be, and on which days it falls."""

import datetime
from itertools import islice
from typing import Any

import attrs
import pytest

from prmcore.contracts.obligations import Done, Measured, Obligation, Waiver
from prmcore.errors import InvalidInput
from prmcore.values import DateRange, Length, Money, Schedule, Text

D = datetime.date
NOON = datetime.datetime(2026, 1, 1, 12, tzinfo=datetime.UTC)
NO_ZONE = datetime.datetime(2026, 1, 1, 12)
BLANK = "found ' x'; accepted: an id without outer blanks, in Unicode NFC"
NO_TIME = f"the day: found {NOON!r:.60}; accepted: a date without a time"
MONTHLY = Schedule(anchor=D(2026, 1, 31), step=Length.of("1 month"))
DUTY: dict[str, Any] = {"id": "report", "agreement": "A-1", "what": Text.of("Report"), "by": "partner"}
ONCE: dict[str, Any] = {**DUTY, "on": D(2026, 3, 1)}
EACH: dict[str, Any] = {**DUTY, "every": MONTHLY}
DID: dict[str, Any] = {
    "obligation": "report",
    "due": D(2026, 3, 1),
    "on": D(2026, 3, 2),
    "at": NOON,
    "by": "clerk",
}
FOUND: dict[str, Any] = {
    "minimum": "m",
    "year": D(2026, 1, 1),
    "count": 7,
    "through": D(2026, 6, 1),
    "on": D(2026, 7, 1),
}
LET: dict[str, Any] = {"minimum": "m", "year": D(2026, 1, 1), "on": D(2026, 7, 1), "by": "legal"}
COUNTED = "accepted: days, business days, weeks, months or years"


@pytest.mark.parametrize("record", [Done, Measured, Obligation, Waiver])
def test_each_record_is_written_with_the_names_of_its_parts(record: Any) -> None:
    assert all(field.kw_only for field in attrs.fields(record))


def test_what_an_obligation_leaves_open_is_read_in_the_usual_way() -> None:
    one = Obligation(**ONCE)
    assert (one.during, one.within, one.before, one.owner, one.escalate_to, one.escalate_after, one.survives) == (
        DateRange(), None, (), None, None, None, False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("record", "parts", "faults"),
    [
        (Obligation, {**ONCE, **dict.fromkeys(("id", "agreement", "by", "owner", "escalate_to"), " x")},
         [f"{BLANK} @ {name}" for name in ("id", "agreement", "by", "owner", "escalate_to")]),
        (Obligation, DUTY, ["found both, or neither; accepted: one day or a schedule @ on"]),
        (Obligation, {**ONCE, "every": MONTHLY}, ["found both, or neither; accepted: one day or a schedule @ on"]),
        (Obligation, {**ONCE, "on": NOON}, [f"{NO_TIME} @ on"]),
        (Obligation, {**ONCE, "during": DateRange(D(2026, 1, 1))}, ["found 2026-01-01 on; goes with a schedule @ during"]),
        (Obligation, {**EACH, "during": DateRange(None, D(2026, 1, 31))},
         ["found ever to 2026-01-30; accepted: days after 2026-01-31, the anchor @ during"]),
        (Obligation, {**ONCE, "escalate_after": Length.of("1 day")}, ["found 1 day, and nobody who is told @ escalate_after"]),
        (Obligation, {**ONCE, "escalate_to": "x", "escalate_after": Length.of("1 hour"), "within": Length.of("2 hours")},
         [f"found 2 hours; {COUNTED} @ within", f"found 1 hour; {COUNTED} @ escalate_after"]),
        *((Obligation, {**ONCE, "before": (Length.of("1 week"), Length.of(length))},
           [f"found {length}; accepted: 1 or more days, weeks, months or years @ before[1]"])
          for length in ("0 days", "1 hour", "1 business day")),
        (Done, {**DID, "obligation": " x", "by": " x", "due": NOON, "on": NOON, "at": NO_ZONE},
         [f"{BLANK} @ obligation", f"{BLANK} @ by", f"{NO_TIME} @ due", f"{NO_TIME} @ on",
          f"at: found {NO_ZONE!r}; accepted: a datetime with its time zone @ at"]),
        (Measured, {**FOUND, "minimum": " x", "year": NOON, "through": NOON, "on": NOON, "count": True},
         [f"{BLANK} @ minimum", f"{NO_TIME} @ year", f"{NO_TIME} @ through", f"{NO_TIME} @ on",
          "found True; accepted: a whole number @ count"]),
        *((Measured, {**FOUND, "amount": amount, "count": count}, ["found both, or neither; accepted: an amount or a count @ amount"])
          for amount, count in ((None, None), (Money.of("1", "EUR"), 7))),
        *((Measured, {**FOUND, "through": through},
           [f"found {through}; accepted: from the year on (2026-01-01) to the day on which it was known (2026-07-01) @ through"])
          for through in (D(2025, 12, 31), D(2026, 7, 2))),
        (Waiver, {**LET, "minimum": " x", "by": " x", "year": NOON, "on": NOON},
         [f"{BLANK} @ minimum", f"{BLANK} @ by", f"{NO_TIME} @ year", f"{NO_TIME} @ on"]),
    ],
)  # fmt: skip
def test_everything_that_cannot_be_is_refused_at_its_part(
    record: Any, parts: dict[str, Any], faults: list[str]
) -> None:
    with pytest.raises(InvalidInput) as refused:
        record(**parts)
    assert list(map(str, refused.value.faults)) == faults


def test_what_is_measured_may_be_of_the_first_day_and_known_on_the_last() -> None:
    for through in (D(2026, 1, 1), D(2026, 7, 1)):
        assert Measured(**{**FOUND, "through": through}).through == through
    euro = Money.of("1", "EUR")
    assert [Measured(**FOUND).value, Measured(**{**FOUND, "count": None, "amount": euro}).value] == [7, euro]


def test_done_has_a_key_of_its_obligation_and_its_day() -> None:
    assert Done(**DID).key == Done(**{**DID, "on": D(2026, 3, 9), "by": "other"}).key == "report|2026-03-01"


def test_a_milestone_has_one_day() -> None:
    one, day = Obligation(**ONCE), D(2026, 3, 1)
    found = [
        (list(one.days_since(asked)), list(one.days_before(asked)))
        for asked in (D(2026, 2, 28), day, D(2026, 3, 2))
    ]
    assert found == [([day], []), ([day], []), ([], [day])]
    assert [one.has(asked) for asked in (D(2026, 2, 28), day, D(2026, 3, 2))] == [False, True, False]


JAN, FEB, MAR, APR = D(2026, 1, 31), D(2026, 2, 28), D(2026, 3, 31), D(2026, 4, 30)


@pytest.mark.parametrize(
    ("during", "asked", "since", "before"),
    [
        (DateRange(), D(2020, 1, 1), [JAN, FEB, MAR], []),
        (DateRange(), FEB, [FEB, MAR, APR], [JAN]),
        (DateRange(), D(2026, 3, 1), [MAR, APR, D(2026, 5, 31)], [FEB, JAN]),
        (DateRange(FEB), D(2020, 1, 1), [FEB, MAR, APR], []),
        (DateRange(FEB), APR, [APR, D(2026, 5, 31), D(2026, 6, 30)], [MAR, FEB]),
        (DateRange(D(2026, 3, 1)), D(2026, 12, 31), [D(2026, 12, 31), D(2027, 1, 31), D(2027, 2, 28)],
         [D(2026, 11, 30), D(2026, 10, 31), D(2026, 9, 30)]),
        (DateRange(None, APR), D(2020, 1, 1), [JAN, FEB, MAR], []),  # its end is no day of it
        (DateRange(None, APR), D(2027, 1, 1), [], [MAR, FEB, JAN]),
        (DateRange(None, D(2026, 5, 1)), MAR, [MAR, APR], [FEB, JAN]),
        (DateRange(D(2025, 11, 1), D(2026, 2, 1)), D(2026, 1, 1), [JAN], [D(2025, 12, 31), D(2025, 11, 30)]),
    ],
)  # fmt: skip
def test_a_schedule_has_the_days_of_its_time(
    during: DateRange, asked: D, since: list[D], before: list[D]
) -> None:
    one = Obligation(**{**EACH, "during": during})
    assert list(islice(one.days_since(asked), 3)) == since
    assert list(islice(one.days_before(asked), 3)) == before
    assert one.has(asked) is (asked in since)


def test_a_schedule_ends_where_the_calendar_does() -> None:
    one = Obligation(**{**EACH, "every": Schedule(anchor=D(9999, 10, 31), step=Length.of("1 month"))})
    assert list(one.days_since(D(9999, 11, 1))) == [D(9999, 11, 30), D(9999, 12, 31)]
    first = Obligation(**{**EACH, "every": MONTHLY, "during": DateRange(D.min)})
    assert [*first.days_before(D(1, 3, 1))] == [D(1, 2, 28), D(1, 1, 31)]
