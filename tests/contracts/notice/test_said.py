"""A deadline, a day of receipt and a judged notice in three languages."""

import datetime

import pytest

from prmcore.contracts.notice import (
    DEEMED_RECEIPTS,
    Channel,
    EffectiveOn,
    GivenNotice,
    LateNotice,
    NoticeClause,
    deemed_received,
    judged,
    notice_deadline,
)
from prmcore.contracts.notice.said import said_of_deadline, said_of_judged, said_of_receipt
from prmcore.decisions.explain import Said, put_into_words
from prmcore.values import BusinessCalendar, Length

D = datetime.date
CALENDAR = BusinessCalendar(name="Mon-Fri", version="1", years=frozenset({2026}))
CLAUSE = NoticeClause(
    notice=Length.of("1 month"), opens=Length.of("3 months"), rule="uk-corresponding", late=LateNotice.NEXT_TERM,
    effective_on=EffectiveOn.DEEMED,
    channels=(Channel(id="e-mail", deemed=DEEMED_RECEIPTS["cpr-6.26-same-day"]), Channel(id="personal")),
)  # fmt: skip
DEADLINE = notice_deadline(CLAUSE, D(2026, 12, 1), zone="Europe/London", calendar=CALENDAR)


def words(said: Said, locale: str) -> list[str]:
    return [line.strip() for line in put_into_words(said, locale).lines()]


def test_a_deadline_is_told_with_each_reading_its_steps_and_what_to_do() -> None:
    """30 November less a month is 30 October, a Friday; in clear days the 29th; the whole of November leaves the 31st."""
    assert [line for line in words(said_of_deadline(DEADLINE), "en") if not line.startswith("source: ")] == [
        "a notice of 1 month before the end on November 30, 2026 has to be there on October 29, 2026 at the latest",
        "subtracted from the last day of the term: October 30, 2026",
        "1 month before November 30, 2026 is October 30, 2026",
        "clear, the day of the notice and the last day not counted: October 29, 2026",
        "1 month before November 30, 2026 is October 30, 2026",
        "the last day before is October 29, 2026",
        "whole within the term, the last day counted: October 31, 2026",
        "the term is over on December 1, 2026",
        "1 month before December 1, 2026 is November 1, 2026",
        "the last day before is October 31, 2026",
        "the readings differ; the earliest is safe",
        "not before September 1, 2026",
        "recommended: October 29, 2026, the last business day by then (Mon-Fri (1))",
        "too late from 2026-10-30 00:00 Europe/London on",
        "by e-mail: to be sent before 2026-10-29 16:30 Europe/London",
        "period rule: uk-corresponding",
    ]


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("ja", "2026年11月30日の満了に対する 1 か月前の通知は、遅くとも2026年10月29日までに到達する必要がある"),
        ("zh", "针对2026年11月30日期满、提前 1 个月的通知，最迟须于2026年10月29日送达"),
    ],
)  # fmt: skip
def test_a_deadline_is_told_in_the_language_of_the_reader(locale: str, text: str) -> None:
    told = words(said_of_deadline(DEADLINE), locale)
    assert told[0] == text
    assert len(told) == len(words(said_of_deadline(DEADLINE), "en"))


def test_where_dispatch_counts_it_is_told_to_be_sent() -> None:
    one = NoticeClause(notice=Length.of("2 weeks"), effective_on=EffectiveOn.DISPATCH)
    found = notice_deadline(one, D(2026, 12, 1), zone="Asia/Tokyo")
    assert words(said_of_deadline(found), "en")[0] == (
        "a notice of 2 weeks before the end on November 30, 2026 has to be sent on November 15, 2026 at the latest"
    )


def test_a_day_of_receipt_is_told_step_by_step() -> None:
    at = datetime.datetime.fromisoformat("2026-10-30T17:00+00:00")
    found = deemed_received(DEEMED_RECEIPTS["cpr-6.26-same-day"], at, zone="Europe/London", calendar=CALENDAR)
    assert words(said_of_receipt(found), "en") == [
        "sent on October 30, 2026, it counts as there on November 2, 2026",
        "too late in the day on October 30, 2026: it counts as sent on October 31, 2026",
        "October 31, 2026 is no business day: November 2, 2026",
        "calendar: Mon-Fri (1)",
        "source: Civil Procedure Rules (England and Wales), rule 6.26, nos. 3 to 6: delivered, fax, e-mail, personal",
    ]
    assert words(said_of_receipt(found), "ja")[:2] == [
        "2026年10月30日発信、2026年11月2日到達とみなす",
        "2026年10月30日の締切時刻後：2026年10月31日の発信とみなす",
    ]


def test_a_late_notice_is_told_with_the_day_on_which_it_counts() -> None:
    given = GivenNotice(
        id="N-1", by="partner", channel="e-mail", sent_at=datetime.datetime(2026, 11, 2, 9, tzinfo=datetime.UTC)
    )  # fmt: skip
    said = said_of_judged(judged(given, DEADLINE, calendar=CALENDAR))
    assert words(said, "en")[:3] == [
        "notice N-1 of partner: late: without effect on this term",
        "it counts as given on November 2, 2026",
        "it is for the next term",
    ]
    assert words(said, "zh")[:3] == [
        "partner 的通知 N-1：逾期：对本期限不生效",
        "视为2026年11月2日作出的通知",
        "作为对下一期限的通知处理",
    ]
