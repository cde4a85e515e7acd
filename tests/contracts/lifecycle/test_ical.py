"""What is due as an iCalendar file, read back by the package that others use, and looked at by hand."""

import datetime
from zoneinfo import ZoneInfo

import pytest

from prmcore.contracts.lifecycle import Due, DueKind, to_icalendar
from prmcore.errors import InvalidInput

icalendar = pytest.importorskip("icalendar")

D = datetime.date
STAMP = datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC)
LAST_DAY = Due(
    agreement="sakura-2025", kind=DueKind.STOP_LAST_DAY, on=D(2026, 6, 29), term=0, until=D(2026, 6, 29)
)


def lines(*items: Due, **more: object) -> list[str]:
    written = to_icalendar(items, zone="Asia/Tokyo", stamp=STAMP, **more)  # type: ignore[arg-type]
    assert written.count(b"\n") == written.count(b"\r\n")  # RFC 5545, 3.1
    assert max(map(len, written.split(b"\r\n"))) <= 75
    return written.decode("utf-8").replace("\r\n ", "").split("\r\n")


def test_a_whole_day_ends_on_the_day_after_and_its_alarm_is_an_instant() -> None:
    # trap 21: RFC 5545, 3.6.1: DTEND is not in the event; 9:00 in Tokyo is 0:00 UTC
    found = lines(LAST_DAY)
    assert "DTSTART;VALUE=DATE:20260629" in found
    assert "DTEND;VALUE=DATE:20260630" in found
    assert "TRIGGER;VALUE=DATE-TIME:20260629T000000Z" in found
    assert "SUMMARY:sakura-2025: last day to stop the next term" in found


def test_no_rule_of_recurrence_is_written() -> None:
    # trap 22
    several = [
        Due(agreement="a", kind=DueKind.RENEWAL_STARTED, on=D(2026, month, 28), term=month)
        for month in (1, 2, 3)
    ]
    found = lines(*several)
    assert not [one for one in found if one.startswith("RRULE")]
    assert [one for one in found if one.startswith("DTSTART")] == [
        "DTSTART;VALUE=DATE:20260128", "DTSTART;VALUE=DATE:20260228", "DTSTART;VALUE=DATE:20260328",
    ]  # fmt: skip


def test_the_same_item_has_the_same_uid_and_a_higher_sequence_after_an_amendment() -> None:
    first, second = lines(LAST_DAY), lines(LAST_DAY, sequence=1)
    uids = [[one for one in found if one.startswith("UID")] for found in (first, second)]
    assert uids[0] == uids[1]
    assert "SEQUENCE:0" in first
    assert "SEQUENCE:1" in second


def test_long_words_in_japanese_are_folded_between_characters() -> None:
    long = Due(agreement="桜商事株式会社との販売代理店契約書第三版二〇二五年改訂", kind=DueKind.STOP_SOON, on=D(2026, 5, 1), term=0,
               until=D(2026, 6, 29))  # fmt: skip
    read = icalendar.Calendar.from_ical(to_icalendar([long], zone="Asia/Tokyo", stamp=STAMP, locale="ja"))
    (event,) = read.walk("VEVENT")
    assert str(event["SUMMARY"]) == f"{long.agreement}: 次の期間を止められるのは2026年6月29日まで"
    assert lines(long, locale="ja")


@pytest.mark.parametrize("hostile", ["a;b,c\\d", "x:y;VALUE=1", '"quoted"'])
def test_a_hostile_name_adds_no_field(hostile: str) -> None:
    item = Due(agreement=hostile, kind=DueKind.ENDED, on=D(2026, 5, 1), term=0)
    (event,) = icalendar.Calendar.from_ical(to_icalendar([item], zone="UTC", stamp=STAMP)).walk("VEVENT")
    assert str(event["SUMMARY"]) == f"{hostile}: it holds no longer"
    assert set(event) == {"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "SEQUENCE", "TRANSP"}


def test_the_alarm_is_found_in_the_zone_of_the_contract() -> None:
    # 9 hours after the day began in Sao Paulo, where midnight was left out on 2018-11-04: 10:00 on the clock
    item = Due(agreement="a", kind=DueKind.ENDED, on=D(2018, 11, 4), term=0)
    (alarm,) = icalendar.Calendar.from_ical(to_icalendar([item], zone="America/Sao_Paulo", stamp=STAMP)).walk(
        "VALARM"
    )
    assert (
        alarm["TRIGGER"].dt.astimezone(ZoneInfo("America/Sao_Paulo")).isoformat()
        == "2018-11-04T10:00:00-02:00"
    )
    assert not icalendar.Calendar.from_ical(
        to_icalendar([item], zone="UTC", stamp=STAMP, alarm_after=None)
    ).walk("VALARM")


def test_what_cannot_be_written_is_refused() -> None:
    with pytest.raises(InvalidInput, match="stamp: found"):
        to_icalendar([], zone="UTC", stamp=datetime.datetime(2026, 1, 1))
    with pytest.raises(InvalidInput, match="sequence: found -1; accepted: 0 or more"):
        to_icalendar([], zone="UTC", stamp=STAMP, sequence=-1)
    with pytest.raises(InvalidInput, match="alarm_after: found 1 day"):
        to_icalendar([], zone="UTC", stamp=STAMP, alarm_after=datetime.timedelta(days=1))


def test_a_calendar_has_these_lines_and_no_others() -> None:
    """RFC 5545: an alarm of 9 hours after midnight in Tokyo is at 0:00 UTC."""
    assert lines(LAST_DAY) == [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//prmcore//contracts//EN", "BEGIN:VEVENT",
        "SUMMARY:sakura-2025: last day to stop the next term", "DTSTART;VALUE=DATE:20260629", "DTEND;VALUE=DATE:20260630",
        "DTSTAMP:20260301T120000Z", "UID:sakura-2025|stop-last-day|0|2026-06-29@prmcore", "SEQUENCE:0", "TRANSP:TRANSPARENT",
        "BEGIN:VALARM", "ACTION:DISPLAY", "DESCRIPTION:sakura-2025: last day to stop the next term",
        "TRIGGER;VALUE=DATE-TIME:20260629T000000Z", "END:VALARM", "END:VEVENT", "END:VCALENDAR", "",
    ]  # fmt: skip
    assert "END:VALARM" not in lines(LAST_DAY, alarm_after=None)


def test_signs_that_no_calendar_may_have_are_replaced() -> None:
    item = Due(agreement="a\x00b\x1fc\x7fd e", kind=DueKind.ENDED, on=D(2026, 5, 1), term=0)
    found = lines(item)
    assert "SUMMARY:a\ufffdb\ufffdc\ufffdd e: it holds no longer" in found
    assert "UID:a\ufffdb\ufffdc\ufffdd e|ended|0|2026-05-01@prmcore" in found


@pytest.mark.parametrize("sequence", [-1, True, 1.0])
def test_a_sequence_is_a_whole_number(sequence: object) -> None:
    with pytest.raises(InvalidInput, match=f"^sequence: found {sequence!r}; accepted: 0 or more$"):
        lines(LAST_DAY, sequence=sequence)


@pytest.mark.parametrize(("hours", "fits"), [(-1, False), (0, True), (23, True), (24, False)])
def test_an_alarm_rings_on_the_day(hours: int, fits: bool) -> None:
    after = datetime.timedelta(hours=hours)
    if fits:
        start = datetime.datetime(2026, 6, 28, 15, tzinfo=datetime.UTC) + after
        assert f"TRIGGER;VALUE=DATE-TIME:{start:%Y%m%dT%H%M%SZ}" in lines(LAST_DAY, alarm_after=after)
    else:
        with pytest.raises(InvalidInput, match=r"alarm_after: found .*; accepted: less than a day"):
            lines(LAST_DAY, alarm_after=after)


def test_a_zone_that_there_is_not_is_refused() -> None:
    with pytest.raises(InvalidInput, match="accepted: a zone of the IANA database"):
        to_icalendar([], zone="Tokyo", stamp=STAMP)
