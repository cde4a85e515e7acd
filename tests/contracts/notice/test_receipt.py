"""When something that was sent counts as there: the rules of courts and contracts, and the way back to the day of sending."""

import datetime
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prmcore.contracts.notice import DEEMED_RECEIPTS, DeemedReceipt, deemed_received, sent_before
from prmcore.contracts.notice.receipt import DeemedDay, ReceiptStep
from prmcore.errors import InvalidInput
from prmcore.testing._notice import business_calendars, deemed_receipts
from prmcore.testing._terms import starts
from prmcore.values import BusinessCalendar, Length

D = datetime.date
TICK = datetime.timedelta(microseconds=1)
ENGLAND = BusinessCalendar(
    name="GB-ENG", version="gov.uk/bank-holidays, by hand", years=frozenset({2022, 2026, 2027}),
    holidays={D(2022, 8, 29): "Summer bank holiday", D(2026, 4, 3): "Good Friday", D(2026, 4, 6): "Easter Monday"},
)  # fmt: skip


def received(rule: str, sent: str, calendar: BusinessCalendar | None = ENGLAND) -> D:
    at = datetime.datetime.fromisoformat(sent)
    return deemed_received(DEEMED_RECEIPTS[rule], at, zone="Europe/London", calendar=calendar).day


# 2026: 2 March is a Monday


@pytest.mark.parametrize(
    ("posted", "second_day", "second_business_day"),
    [  # CPR 6.26 no. 1: the second day, or the next business day; CPR 6.14: the second business day
        ("2026-03-02T10:00+00:00", D(2026, 3, 4), D(2026, 3, 4)),
        ("2026-03-04T10:00+00:00", D(2026, 3, 6), D(2026, 3, 6)),
        ("2026-03-05T10:00+00:00", D(2026, 3, 9), D(2026, 3, 9)),  # a Thursday: Saturday, so Monday; Monday
        ("2026-03-06T10:00+00:00", D(2026, 3, 9), D(2026, 3, 10)),  # a Friday: Sunday, so Monday; Tuesday
        ("2026-04-02T10:00+01:00", D(2026, 4, 7), D(2026, 4, 8)),  # before Easter
    ],
)
def test_the_second_day_is_not_the_second_business_day(
    posted: str, second_day: D, second_business_day: D
) -> None:  # trap 14
    """moneyclaimsuk.co.uk gives a claim form that is posted on a Friday Monday, which is the other rule."""
    assert received("cpr-6.26-post", posted) == second_day
    assert received("cpr-6.14", posted) == second_business_day
    assert received("ir-1.42-first-class", posted) == second_business_day


@pytest.mark.parametrize(
    ("sent", "day"),
    [  # CPR 6.26 no. 5: on a business day before 4.30 p.m. on that day, in any other case on the next business day
        ("2026-03-05T16:29:59+00:00", D(2026, 3, 5)),
        ("2026-03-05T16:30+00:00", D(2026, 3, 6)),
        ("2026-03-06T16:30+00:00", D(2026, 3, 9)),
        ("2026-03-07T09:00+00:00", D(2026, 3, 9)),
        ("2026-03-07T18:00+00:00", D(2026, 3, 9)),
        ("2026-03-08T18:00+00:00", D(2026, 3, 9)),  # not the Tuesday: a Sunday is no day on which 4.30 counts
        ("2026-07-01T15:29+00:00", D(2026, 7, 1)),  # in summer 4.30 p.m. is 15:30 UTC
        ("2026-07-01T15:30+00:00", D(2026, 7, 2)),
    ],
)
def test_an_email_after_half_past_four_is_there_on_the_next_business_day(sent: str, day: D) -> None:
    assert received("cpr-6.26-same-day", sent) == day


def test_second_class_post_takes_four_business_days() -> None:
    """Insolvency Rules 2016, 1.42(3)(b); from Thursday 5 March: 6, 9, 10, 11."""
    assert received("ir-1.42-second-class", "2026-03-05T10:00+00:00") == D(2026, 3, 11)


def test_a_strike_of_the_post_is_a_closure_of_the_calendar() -> None:
    """Posted first class on Tuesday 30 August 2022, strike on the 31st: Friday 2 September instead of Thursday the 1st.

    complianceoncall.blogspot.com/2022/08/deemed-delivery-and-postal-strikes.html
    """
    strike = ENGLAND.with_closures({D(2022, 8, 31): "postal strike"}, "with strikes")
    posted = "2022-08-30T10:00+01:00"
    assert received("ir-1.42-first-class", posted) == D(2022, 9, 1)
    assert received("ir-1.42-first-class", posted, strike) == D(2022, 9, 2)
    found = deemed_received(
        DEEMED_RECEIPTS["cpr-6.14"], datetime.datetime.fromisoformat(posted), zone="Europe/London", calendar=strike
    )  # fmt: skip
    assert found.calendar == "GB-ENG (with strikes)"


def test_business_days_after_mailing_are_not_calendar_days() -> None:  # trap 15
    """Accord supply agreement: the fifth business day; from Friday 6 March 2026 the 13th, not the 11th."""
    assert received("accord-supply-mail", "2026-03-06T10:00+00:00") == D(2026, 3, 13)


def test_a_rule_in_business_days_without_a_calendar_is_refused_by_name() -> None:
    with pytest.raises(InvalidInput, match=r"a business calendar, which the rule cpr-6\.14 asks for"):
        received("cpr-6.14", "2026-03-02T10:00+00:00", None)


def test_plain_days_need_no_calendar() -> None:
    """Trinidad, CPR 6.6: the fourteenth day after posting."""
    rule = DeemedReceipt(id="tt-6.6", after=Length.of("14 days"))
    at = datetime.datetime.fromisoformat("2026-03-02T10:00+00:00")
    found = deemed_received(rule, at, zone="America/Port_of_Spain")
    assert (found.day, found.calendar) == (D(2026, 3, 16), None)


def test_the_day_of_sending_is_that_of_the_place() -> None:  # trap 20
    """1 March 2026, 20:00 in New York is the 2nd in UTC; three days after is the 4th."""
    rule = DeemedReceipt(id="x", after=Length.of("3 days"))
    at = datetime.datetime.fromisoformat("2026-03-02T01:00+00:00")
    assert deemed_received(rule, at, zone="America/New_York").day == D(2026, 3, 4)


@pytest.mark.parametrize(
    ("rule", "last", "before"),
    [
        (
            "cpr-6.26-post",
            D(2026, 3, 9),
            "2026-03-08T00:00+00:00",
        ),  # posted until Saturday: the second day is Monday
        ("cpr-6.14", D(2026, 3, 9), "2026-03-06T00:00+00:00"),  # posted on Thursday at the latest
        ("cpr-6.26-same-day", D(2026, 3, 6), "2026-03-06T16:30+00:00"),
        ("cpr-6.26-same-day", D(2026, 3, 8), "2026-03-06T16:30+00:00"),  # nothing is ever there on a Sunday
    ],
)
def test_sending_in_time_is_found_by_going_back(rule: str, last: D, before: str) -> None:
    found = sent_before(DEEMED_RECEIPTS[rule], last, zone="Europe/London", calendar=ENGLAND)
    assert found == datetime.datetime.fromisoformat(before)


def test_sending_in_time_asks_for_no_day_after_the_last() -> None:
    """Thursday 31 December 2026, the last day of a calendar that knows nothing of 2027."""
    known = BusinessCalendar(name="GB-ENG", version="until 2026", years=frozenset({2026}))
    ways = [DEEMED_RECEIPTS[one] for one in ("cpr-6.26-same-day", "cpr-6.14", "cpr-6.26-post")]
    found = [sent_before(rule, D(2026, 12, 31), zone="Europe/London", calendar=known) for rule in ways]
    assert [f"{one:%m-%d %H:%M}" for one in found] == ["12-31 16:30", "12-30 00:00", "12-30 00:00"]


def test_days_outside_the_years_1_to_9999_are_refused() -> None:
    rule = DeemedReceipt(id="x", after=Length.of("3 days"))
    with pytest.raises(InvalidInput, match="what is there within the years 1 to 9999"):
        deemed_received(rule, datetime.datetime(9999, 12, 30, tzinfo=datetime.UTC), zone="UTC")
    with pytest.raises(InvalidInput, match="a day of the years 2 to 9998"):
        sent_before(rule, D(1, 1, 2), zone="UTC")


def test_a_rule_that_cannot_be_lists_every_fault() -> None:
    with pytest.raises(InvalidInput) as refused:
        DeemedReceipt(id="", after=Length.of("1 month"), before=datetime.time(16, 30, tzinfo=datetime.UTC))
    assert [fault.path for fault in refused.value.faults] == ["id", "after", "before"]


ZONES = st.sampled_from(("Europe/London", "America/Sao_Paulo", "Asia/Tokyo", "UTC"))


@settings(max_examples=150, deadline=None)
@given(deemed_receipts(), starts(), ZONES, business_calendars())
def test_what_is_sent_just_in_time_is_there_in_time_and_an_instant_later_it_is_not(
    rule: DeemedReceipt, last: D, zone: str, calendar: BusinessCalendar
) -> None:
    at = sent_before(rule, last, zone=zone, calendar=calendar)
    assert deemed_received(rule, at - TICK, zone=zone, calendar=calendar).day <= last
    assert deemed_received(rule, at, zone=zone, calendar=calendar).day > last


@settings(max_examples=100, deadline=None)
@given(deemed_receipts(), starts(), st.integers(0, 24 * 20), st.integers(0, 48), business_calendars())
def test_what_is_sent_later_is_not_there_earlier(
    rule: DeemedReceipt, day: D, hours: int, more: int, calendar: BusinessCalendar
) -> None:
    first = datetime.datetime.combine(day, datetime.time(), datetime.UTC) + datetime.timedelta(hours=hours)
    second = first + datetime.timedelta(hours=more)
    one, other = (
        deemed_received(rule, at, zone="Europe/London", calendar=calendar) for at in (first, second)
    )
    assert one.sent <= one.day <= other.day


def at(written: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(written)


@pytest.mark.parametrize("record", [DeemedDay, ReceiptStep])
def test_each_record_is_written_with_the_names_of_its_parts(record: Any) -> None:
    assert all(field.kw_only for field in attrs.fields(record))


@pytest.mark.parametrize(
    ("rule", "sent", "steps", "calendar"),
    [  # 6 March 2026 is a Friday
        (DEEMED_RECEIPTS["cpr-6.26-same-day"], "2026-03-06T16:30", [("too-late-in-the-day", 6, 7), ("rolled", 7, 9)], "GB-ENG"),
        (DEEMED_RECEIPTS["cpr-6.26-same-day"], "2026-03-06T16:29", [], "GB-ENG"),
        (DEEMED_RECEIPTS["cpr-6.26-post"], "2026-03-06T10:00", [("after", 6, 8), ("rolled", 8, 9)], "GB-ENG"),
        (DEEMED_RECEIPTS["cpr-6.14"], "2026-03-06T10:00", [("after", 6, 10)], "GB-ENG"),
        (DeemedReceipt(id="x", after=Length.of("3 days")), "2026-03-06T23:59", [("after", 6, 9)], None),
        (DeemedReceipt(id="x", after=Length.of("0 days")), "2026-03-07T00:00", [], None),
        (DeemedReceipt(id="x", after=Length.of("1 day"), before=datetime.time(9)), "2026-03-06T09:00",
         [("too-late-in-the-day", 6, 7), ("after", 7, 8)], None),
    ],
)  # fmt: skip
def test_a_day_of_receipt_is_found_step_by_step(
    rule: DeemedReceipt, sent: str, steps: list[tuple[str, int, int]], calendar: str | None
) -> None:
    found = deemed_received(rule, at(f"{sent}+00:00"), zone="Europe/London", calendar=ENGLAND)
    assert [(one.why.value, one.before.day, one.after.day) for one in found.steps] == steps
    assert (found.rule, found.sent, found.calendar) == (rule, at(sent).date(), calendar and ENGLAND.pinned)
    assert found.day == (found.steps[-1].after if steps else found.sent)


@pytest.mark.parametrize(
    ("after", "rolls", "last", "before"),
    [  # 9 March 2026 is a Monday
        ("0 days", False, 9, "2026-03-10T00:00+00:00"),
        ("3 days", False, 9, "2026-03-07T00:00+00:00"),
        ("0 days", True, 8, "2026-03-07T00:00+00:00"),  # on a Sunday nothing is there: by Friday
        ("0 business days", False, 9, "2026-03-10T00:00+00:00"),
        ("1 business day", False, 9, "2026-03-09T00:00+00:00"),  # from Friday to Sunday it is counted to Monday
        ("1 business day", False, 8, "2026-03-06T00:00+00:00"),  # to Friday from Thursday
        ("1 business day", True, 9, "2026-03-09T00:00+00:00"),
    ],
)  # fmt: skip
def test_until_when_it_is_to_be_sent_is_counted_back_from_the_last_day(
    after: str, rolls: bool, last: int, before: str
) -> None:
    rule = DeemedReceipt(id="x", after=Length.of(after), rolls=rolls)
    assert sent_before(rule, D(2026, 3, last), zone="Europe/London", calendar=ENGLAND) == at(before)


def test_what_is_no_instant_no_day_and_no_zone_is_refused_by_name() -> None:
    rule = DeemedReceipt(id="x", after=Length.of("3 days"))
    with pytest.raises(InvalidInput, match=r"^sent_at: found"):
        deemed_received(rule, datetime.datetime(2026, 1, 1), zone="UTC")
    with pytest.raises(InvalidInput, match=r"^last_day: found"):
        sent_before(rule, datetime.datetime(2026, 1, 1), zone="UTC")
    for ask in (
        lambda: deemed_received(rule, at("2026-01-01T00:00+00:00"), zone="London"),
        lambda: sent_before(rule, D(2026, 1, 1), zone="London"),
    ):
        with pytest.raises(InvalidInput, match="accepted: a zone of the IANA database"):
            ask()
    rolling = DeemedReceipt(id="rolling", after=Length.of("3 days"), rolls=True)
    for asked in (
        lambda: deemed_received(rolling, at("2026-01-01T00:00+00:00"), zone="UTC"),
        lambda: sent_before(rolling, D(2026, 1, 1), zone="UTC"),
    ):
        with pytest.raises(
            InvalidInput,
            match=r"^calendar: found none; .* which the rule rolling asks",
        ):
            asked()
