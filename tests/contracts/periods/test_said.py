"""A counted period and counted hours in three languages."""

import datetime

import pytest

from prmcore.contracts.periods import PERIOD_RULES, counted, counted_hours
from prmcore.contracts.periods.said import said_of_counted, said_of_hours
from prmcore.decisions.explain import Said, put_into_words
from prmcore.values import BusinessCalendar, Length

D = datetime.date
WEEK = BusinessCalendar(name="Mon-Fri", version="1", years=frozenset({2023, 2026}))
FRIDAY = counted(PERIOD_RULES["eu-1182-71"], D(2026, 3, 6), Length.of("2 days"), calendar=WEEK)


def words(said: Said, locale: str) -> list[str]:
    return [line.strip() for line in put_into_words(said, locale).lines()]


def test_a_counted_period_is_told_step_by_step() -> None:
    assert words(said_of_counted(FRIDAY), "en")[:-1] == [
        "the last day after March 6, 2026 is March 10, 2026",
        "March 6, 2026 does not count: March 7, 2026 is the first day that does",
        "2 days counted from March 6, 2026: March 8, 2026",
        "no period ends on March 8, 2026: March 9, 2026",
        "too few business days until March 9, 2026: March 10, 2026",
        "calendar: Mon-Fri (1)",
        "period rule: eu-1182-71",
    ]


@pytest.mark.parametrize(
    ("locale", "first", "second"),
    [
        ("ja", "2026年3月6日を起点とする末日：2026年3月10日", "2026年3月6日は算入せず、2026年3月7日から起算する"),
        ("zh", "自2026年3月6日起算的最后一日：2026年3月10日", "2026年3月6日不计入，自2026年3月7日起算"),
    ],
)  # fmt: skip
def test_a_counted_period_is_told_in_the_language_of_the_reader(locale: str, first: str, second: str) -> None:
    told = words(said_of_counted(FRIDAY), locale)
    assert told[:2] == [first, second]
    assert len(told) == len(words(said_of_counted(FRIDAY), "en"))


def test_what_may_be_seen_in_another_way_is_told() -> None:
    found = counted(PERIOD_RULES["jp-civil"], D(2023, 3, 1), Length.of("1 month"), backward=True)
    told = words(said_of_counted(found), "en")
    assert told[0] == "the last day before March 1, 2023 is January 28, 2023"
    assert "months can be counted back in another way: January 31, 2023; the earlier day is safe" in told
    assert "a day off would move the end where it is the custom not to trade; no calendar was given" in told


def test_hours_are_told_by_the_clock_of_the_place() -> None:
    at = datetime.datetime.fromisoformat("2026-03-05T10:00-05:00")
    found = counted_hours(
        PERIOD_RULES["us-frcp6"], at, Length.of("48 hours"), zone="America/New_York", calendar=WEEK
    )
    assert words(said_of_hours(found), "en") == [
        "48 hours from 2026-03-05 10:00 America/New_York on are over at 2026-03-09 10:00 America/New_York",
        "no period ends at 2026-03-07 10:00 America/New_York",
        "calendar: Mon-Fri (1)",
        "period rule: us-frcp6",
        "source: Federal Rules of Civil Procedure, rule 6(a)",
    ]
