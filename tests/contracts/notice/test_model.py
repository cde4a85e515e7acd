"""What a contract says about a notice: what it cannot say, and what it leaves open."""

import datetime
from typing import Any

import attrs
import pytest

from prmcore.contracts.notice import (
    DEEMED_RECEIPTS,
    ActualReceipt,
    Channel,
    ConvenienceClause,
    DeemedReceipt,
    EffectiveOn,
    GivenNotice,
    LateNotice,
    NoticeClause,
    NoticeStage,
    Reading,
    ToEndOf,
)
from prmcore.errors import InvalidInput
from prmcore.values import Length

NOON = datetime.datetime(2026, 1, 5, 12, tzinfo=datetime.UTC)
NO_ZONE = datetime.datetime(2026, 1, 5, 12)
BLANK = "found ' x'; accepted: an id without outer blanks, in Unicode NFC"
MONTH = Length.of("1 month")
POST: dict[str, Any] = {"id": "post", "after": Length.of("2 days")}
SENT: dict[str, Any] = {"id": "N-1", "by": "partner", "sent_at": NOON}
COUNTED = "accepted: 1 or more days, business days, weeks, months or years"


@pytest.mark.parametrize(
    "record", [Channel, ConvenienceClause, DeemedReceipt, GivenNotice, NoticeClause, NoticeStage]
)
def test_each_record_is_written_with_the_names_of_its_parts(record: Any) -> None:
    assert all(field.kw_only for field in attrs.fields(record))


def test_what_is_computed_of_a_notice_is_neither_compared_nor_shown_nor_given() -> None:
    fields = attrs.fields(NoticeClause)
    for chosen in ("init", "eq", "repr"):
        assert [field.name for field in fields if not getattr(field, chosen)] == ["months", "days"]
    found = [NoticeClause(notice=Length.of(length)) for length in ("1 year", "2 weeks", "5 business days")]
    assert [(one.months, one.days) for one in found] == [(12, 0), (0, 14), (0, 0)]


def test_what_a_notice_leaves_open_is_read_in_the_usual_way() -> None:
    one = NoticeClause(notice=MONTH)
    assert (one.opens, one.by, one.reading, one.rule, one.effective_on, one.channels, one.form, one.late) == (
        None, (), None, None, EffectiveOn.RECEIPT, (), None, LateNotice.NOTHING,
    )  # fmt: skip
    assert one.readings == (Reading.LITERAL, Reading.CLEAR_DAYS, Reading.EXCLUSIVE_END)
    assert NoticeClause(notice=MONTH, reading=Reading.LITERAL).readings == (Reading.LITERAL,)
    assert (NoticeStage(notice=MONTH).from_year, NoticeStage(notice=MONTH).to_end_of) == (1, ToEndOf.DAY)
    rule = DeemedReceipt(**POST)
    assert (rule.rolls, rule.before, rule.if_received, rule.source) == (
        False, datetime.time(), ActualReceipt.IGNORED, "",
    )  # fmt: skip


def test_a_way_of_sending_is_found_by_its_id() -> None:
    ways = (Channel(id="post"), Channel(id="email"))
    one = NoticeClause(notice=MONTH, channels=ways)
    assert [one.channel(name) for name in ("email", "post", "fax", None)] == [ways[1], ways[0], None, None]


@pytest.mark.parametrize(
    ("after", "rolls", "needed"), [("2 days", False, False), ("2 days", True, True), ("0 business days", False, True)]
)  # fmt: skip
def test_a_rule_of_receipt_asks_for_a_calendar_where_business_days_count(
    after: str, rolls: bool, needed: bool
) -> None:
    assert DeemedReceipt(id="x", after=Length.of(after), rolls=rolls).needs_calendar is needed


@pytest.mark.parametrize(
    ("record", "parts", "faults"),
    [
        (DeemedReceipt, {**POST, "id": " x"}, [f"{BLANK} @ id"]),
        *((DeemedReceipt, {**POST, "after": Length.of(length)}, [f"found {length}; accepted: 0 to 366 days or business days @ after"])
          for length in ("367 days", "367 business days", "1 week", "1 month", "1 hour")),
        (DeemedReceipt, {**POST, "before": datetime.time(16, 30, 0, 1)},
         ["found 16:30:00.000001; accepted: a time without a zone, of whole seconds @ before"]),
        (DeemedReceipt, {**POST, "before": datetime.time(16, 30, tzinfo=datetime.UTC)},
         ["found 16:30:00+00:00; accepted: a time without a zone, of whole seconds @ before"]),
        *((NoticeClause, {"notice": Length.of(length)}, [f"found {length}; {COUNTED} @ notice"]) for length in ("0 days", "1 hour")),
        *((NoticeClause, {"notice": MONTH, "opens": Length.of(length)}, [f"found {length}; {COUNTED} @ opens"])
          for length in ("0 days", "9000 hours")),
        (NoticeClause, {"notice": MONTH, "opens": Length.of("0 months")},
         [f"found 0 months; {COUNTED} @ opens", "found 0 months; accepted: 1 month, the notice, or longer @ opens"]),
        (NoticeClause, {"notice": Length.of("5 business days"), "opens": Length.of("4 business days")},
         ["found 4 business days; accepted: 5 business days, the notice, or longer @ opens"]),
        (NoticeClause, {"notice": MONTH, "rule": " x", "by": ("a", " x", "a"), "channels": (Channel(id="post"),) * 2},
         [f"{BLANK} @ by[1]", f"{BLANK} @ rule", "'a' is given twice @ by", "'post' is given twice @ channels"]),
        (NoticeClause, {"notice": MONTH, "effective_on": EffectiveOn.DEEMED, "channels": (Channel(id="post"),)},
         ["found deemed; accepted with it: a channel that has a rule of receipt @ effective_on"]),
        *((NoticeStage, {"notice": MONTH, "from_year": year},
           [f"found {year!r}; accepted: a whole number from 1 to 1000000000 @ from_year"]) for year in (0, 10**9 + 1, True)),
        *((ConvenienceClause, {"stages": tuple(NoticeStage(notice=MONTH, from_year=year) for year in years)},
           [f"found stages from the years {list(years)}; accepted: from 1 on, rising @ stages"])
          for years in ((), (2,), (1, 1), (1, 3, 2))),
        (ConvenienceClause, {"stages": (NoticeStage(notice=MONTH),), "by": (" x",)}, [f"{BLANK} @ by"]),
        (GivenNotice, {"id": " x", "by": " x", "channel": " x", "sent_at": NO_ZONE, "received_at": NO_ZONE},
         [f"{BLANK} @ {name}" for name in ("id", "by", "channel")]
         + [f"{name}: found {NO_ZONE!r}; accepted: a datetime with its time zone @ {name}" for name in ("sent_at", "received_at")]),
        (GivenNotice, {**SENT, "received_at": NOON - datetime.timedelta(microseconds=1)},
         [f"found 2026-01-05 11:59:59.999999+00:00; accepted: {NOON}, when it was sent, or later @ received_at"]),
    ],
)  # fmt: skip
def test_everything_that_cannot_be_is_refused_at_its_part(
    record: Any, parts: dict[str, Any], faults: list[str]
) -> None:
    with pytest.raises(InvalidInput) as refused:
        record(**parts)
    assert list(map(str, refused.value.faults)) == faults


def test_a_channel_has_an_id() -> None:
    with pytest.raises(InvalidInput, match="without outer blanks"):
        Channel(id=" x")


@pytest.mark.parametrize("length", ["0 days", "366 days", "0 business days", "366 business days"])
def test_something_may_count_as_there_at_once_or_after_a_year(length: str) -> None:
    assert DeemedReceipt(id="x", after=Length.of(length)).after == Length.of(length)


@pytest.mark.parametrize("year", [1, 10**9])
def test_the_years_of_an_agreement_have_hardly_an_end(year: int) -> None:
    assert NoticeStage(notice=MONTH, from_year=year).from_year == year


@pytest.mark.parametrize(
    ("notice", "opens"),
    [("5 business days", "5 business days"), ("1 month", "1 business day"), ("30 days", "1 month"), ("1 year", "12 months")],
)  # fmt: skip
def test_what_cannot_be_compared_without_a_calendar_is_no_shorter(notice: str, opens: str) -> None:
    assert NoticeClause(notice=Length.of(notice), opens=Length.of(opens)).opens == Length.of(opens)


def test_a_clause_by_which_receipt_is_deemed_needs_one_way_with_a_rule() -> None:
    ways = (Channel(id="courier"), Channel(id="post", deemed=DeemedReceipt(**POST)))
    assert NoticeClause(notice=MONTH, effective_on=EffectiveOn.DEEMED, channels=ways).channels == ways


def test_the_stage_of_a_year_is_the_last_that_has_begun() -> None:
    stages = tuple(NoticeStage(notice=MONTH, from_year=year) for year in (1, 3, 6))
    clause = ConvenienceClause(stages=stages)
    assert [clause.stage_in(year).from_year for year in (-1, 0, 1, 2, 3, 5, 6, 99)] == [
        1,
        1,
        1,
        1,
        3,
        3,
        6,
        6,
    ]


def test_the_instants_of_a_notice_are_kept_in_utc() -> None:
    tokyo = datetime.timezone(datetime.timedelta(hours=9))
    found = GivenNotice(**{**SENT, "sent_at": NOON.astimezone(tokyo)}, received_at=NOON.astimezone(tokyo))
    assert [str(at) for at in (found.sent_at, found.received_at)] == ["2026-01-05 12:00:00+00:00"] * 2
    assert (GivenNotice(**SENT).received_at, GivenNotice(**SENT).channel) == (None, None)


def test_the_shipped_rules_of_receipt_are_these() -> None:
    """CPR 6.14 and 6.26; Insolvency Rules 2016, 1.42(3); Accord Project, supply agreement."""
    found = {
        name: (str(rule.after), rule.rolls, str(rule.before), rule.if_received.value, rule.source)
        for name, rule in DEEMED_RECEIPTS.items()
    }
    cpr, insolvency = (
        "Civil Procedure Rules (England and Wales), rule ",
        "Insolvency (England and Wales) Rules 2016, rule 1.42(3)",
    )
    assert found == {
        "cpr-6.26-post": ("2 days", True, "00:00:00", "ignored", f"{cpr}6.26, nos. 1 and 2"),
        "cpr-6.26-same-day": ("0 days", True, "16:30:00", "ignored", f"{cpr}6.26, nos. 3 to 6: delivered, fax, e-mail, personal"),
        "cpr-6.14": ("2 business days", False, "00:00:00", "ignored", f"{cpr}6.14: a claim form"),
        "ir-1.42-first-class": ("2 business days", False, "00:00:00", "wins", f"{insolvency}(a)"),
        "ir-1.42-second-class": ("4 business days", False, "00:00:00", "wins", f"{insolvency}(b)"),
        "accord-supply-mail": (
            "5 business days", False, "00:00:00", "earlier",
            "Accord Project, supply agreement: the earlier of receipt and the fifth business day after mailing",
        ),
    }  # fmt: skip
