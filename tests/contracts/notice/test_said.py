"""A deadline, a day of receipt and a judged notice in three languages."""

import datetime

import attrs
import pytest

from prmcore.contracts.notice import (
    DEEMED_RECEIPTS,
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
    deemed_received,
    ending,
    judged,
    notice_deadline,
)
from prmcore.contracts.notice.said import said_of_deadline, said_of_ending, said_of_judged, said_of_receipt
from prmcore.contracts.periods import PERIOD_RULES
from prmcore.decisions.explain import Said, put_into_words
from prmcore.values import BusinessCalendar, Length

D = datetime.date
CALENDAR = BusinessCalendar(name="Mon-Fri", version="1", years=frozenset({2026}))
CLAUSE = NoticeClause(
    notice=Length.of("1 month"), opens=Length.of("3 months"), late=LateNotice.NEXT_TERM,
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
    ]


def test_where_the_clause_names_a_rule_each_reading_is_told_as_it_was_counted_by_it() -> None:
    """Daishin-in, July 15, 1935, of 14 days before a day; of the contract's own reading it is told that it goes first."""
    one = NoticeClause(notice=Length.of("2 weeks"), rule="jp-civil")
    found = notice_deadline(one, D(2026, 6, 29), zone="Asia/Tokyo", calendar=CALENDAR)
    told = words(said_of_deadline(found), "en")
    assert told[:8] == [
        "a notice of 2 weeks before the end on June 28, 2026 has to be there on June 13, 2026 at the latest",
        "clear, the day of the notice and the last day not counted: June 13, 2026",
        "June 28, 2026 does not count: June 27, 2026 is the first day that does",
        "2 weeks counted from June 28, 2026: June 14, 2026",
        "all counted days are clear: June 13, 2026 is the day before them",
        "it is disputed whether a day off moves a period that is counted back: June 12, 2026",
        "calendar: Mon-Fri (1)",
        "period rule: jp-civil",
    ]
    stated = attrs.evolve(one, reading=Reading.LITERAL)
    for locale, line in {
        "en": "the contract states how it is read, which goes before its period rule",
        "ja": "契約が解釈を定めており、期間計算の規則に優先する",
        "zh": "合同已约定其解释，优先于期间计算规则",
    }.items():
        assert line not in words(said_of_deadline(found), locale)
        against = notice_deadline(stated, D(2026, 6, 29), zone="Asia/Tokyo")
        assert line in words(said_of_deadline(against), locale)


@pytest.mark.parametrize(
    ("locale", "lines"),
    [
        ("en", ("by the notice received on June 30, 2025 the agreement is over at the end of August 31, 2025",
                "year 2 of the agreement: 2 months of notice, to the end of a month",
                "the last day after June 30, 2025 is August 30, 2025")),
        ("ja", ("2025年6月30日到達の解約通知により、契約は2025年8月31日の終了をもって終了する",
                "契約 2 年目：2 か月前の予告、月末に終了", "2025年6月30日を起点とする末日：2025年8月30日")),
        ("zh", ("根据2025年6月30日送达的解约通知，合同于2025年8月31日终了时终止",
                "合同第 2 年：提前 2 个月通知，于月末终止", "自2025年6月30日起算的最后一日：2025年8月30日")),
    ],
)  # fmt: skip
def test_the_end_by_a_notice_is_told_with_what_was_asked_for_and_how_it_was_counted(
    locale: str, lines: tuple[str, ...]
) -> None:
    """HGB 89(1): in the second year two months, to the end of a month."""
    stages = tuple(
        NoticeStage(notice=Length.of(notice), from_year=year, to_end_of=ToEndOf.MONTH)
        for year, notice in enumerate(("1 month", "2 months", "3 months"), 1)
    )
    clause, rule = ConvenienceClause(stages=stages), PERIOD_RULES["de-bgb-187-1"]
    told = words(said_of_ending(ending(clause, D(2025, 6, 30), started=D(2024, 1, 1), rule=rule)), locale)
    assert (told[0], told[1], told[2], len(told)) == (*lines, 7)


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


@pytest.mark.parametrize(
    ("to", "asked"),
    [
        (ToEndOf.DAY, "year 1 of the agreement: 2 weeks of notice"),
        (ToEndOf.MONTH, "year 1 of the agreement: 2 weeks of notice, to the end of a month"),
        (ToEndOf.QUARTER, "year 1 of the agreement: 2 weeks of notice, to the end of a quarter"),
        (ToEndOf.YEAR, "year 1 of the agreement: 2 weeks of notice, to the end of a year"),
    ],
)
def test_to_the_end_of_what_a_notice_ends_it_is_told(to: ToEndOf, asked: str) -> None:
    clause = ConvenienceClause(stages=(NoticeStage(notice=Length.of("2 weeks"), to_end_of=to),))
    told = said_of_ending(ending(clause, D(2026, 3, 2), started=D(2026, 1, 1)))
    assert words(told, "en")[1:4] == [
        asked,
        "the last day after March 2, 2026 is March 16, 2026",
        "March 2, 2026 does not count: March 3, 2026 is the first day that does",
    ]


def test_days_after_sending_are_told_with_their_rule() -> None:
    at = datetime.datetime.fromisoformat("2026-10-30T10:00+00:00")
    found = deemed_received(DEEMED_RECEIPTS["cpr-6.14"], at, zone="Europe/London", calendar=CALENDAR)
    assert words(said_of_receipt(found), "en") == [
        "sent on October 30, 2026, it counts as there on November 3, 2026",
        "2 business days after October 30, 2026 is November 3, 2026",
        "calendar: Mon-Fri (1)",
        "source: Civil Procedure Rules (England and Wales), rule 6.14: a claim form",
    ]
    plain = deemed_received(DeemedReceipt(id="x", after=Length.of("1 day")), at, zone="Europe/London")
    assert words(said_of_receipt(plain), "en") == [
        "sent on October 30, 2026, it counts as there on October 31, 2026",
        "1 day after October 30, 2026 is October 31, 2026",
    ]


def test_a_deadline_without_disputes_windows_calendars_and_ways_is_told_in_short() -> None:
    one = NoticeClause(notice=Length.of("2 weeks"), reading=Reading.LITERAL)
    found = notice_deadline(one, D(2026, 12, 1), zone="Asia/Tokyo")
    assert words(said_of_deadline(found), "en") == [
        "a notice of 2 weeks before the end on November 30, 2026 has to be there on November 16, 2026 at the latest",
        "subtracted from the last day of the term: November 16, 2026",
        "2 weeks before November 30, 2026 is November 16, 2026",
        "source: subtraction of dates, as amagi's and many calculators do",
        "too late from 2026-11-17 00:00 Asia/Tokyo on",
    ]


def test_a_notice_of_which_the_day_is_not_known_is_told_with_what_is() -> None:
    given = GivenNotice(id="N-2", by="vendor", sent_at=datetime.datetime(2026, 9, 2, 9, tzinfo=datetime.UTC))
    open_one = judged(
        given, notice_deadline(NoticeClause(notice=Length.of("2 weeks")), D(2026, 12, 1), zone="UTC")
    )
    told = words(said_of_judged(open_one), "en")
    assert told[0] == "notice N-2 of vendor: open: something is not known"
    assert [line for line in told if line.startswith(("it counts", "it is for"))] == []
    assert len(told) > 1
