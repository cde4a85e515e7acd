"""Terms, renewals and prices in three languages."""

import datetime
import decimal
from decimal import Decimal

import pytest

from prmcore.contracts.terms import (
    DayCount,
    IndexValue,
    Renewal,
    RenewalStage,
    Term,
    UpliftClause,
    prorated,
    uplifted,
)
from prmcore.contracts.terms.said import said_of_proration, said_of_renewal, said_of_term, said_of_uplift
from prmcore.decisions.explain import Said, put_into_words
from prmcore.values import DateRange, Money, PercentagePoints, Rate

D = datetime.date
SECOND = Term(1, D(2026, 4, 1), D(2027, 4, 1))
RENEWED = Renewal(
    agreement="A-1", number=1, previous_end=D(2026, 4, 1), stage=RenewalStage.CERTAIN,
    at=datetime.datetime(2025, 12, 31, 15, tzinfo=datetime.UTC),
)  # fmt: skip


def words(said: Said, locale: str) -> list[str]:
    return [line.strip() for line in put_into_words(said, locale).lines()]


@pytest.mark.parametrize(
    ("said", "locale", "text"),
    [
        (said_of_term(SECOND), "en", "renewal 1: April 1, 2026 to March 31, 2027"),
        (said_of_term(SECOND), "ja", "第 1 回更新：2026年4月1日から2027年3月31日まで"),
        (said_of_term(SECOND), "zh", "第 1 次续约：2026年4月1日至2027年3月31日"),
        (said_of_term(Term(0, D(2026, 4, 1), D(2027, 4, 1))), "en", "first term: April 1, 2026 to March 31, 2027"),
        (said_of_term(Term(0, D(2026, 4, 1), None)), "ja", "当初期間：2026年4月1日から（期間の定めなし）"),
        (said_of_term(Term(1, D(2026, 4, 1), None)), "zh", "第 1 次续约：自2026年4月1日起，无固定期限"),
        (
            said_of_renewal(RENEWED), "en",
            "renewal 1 of A-1 is certain since 2025-12-31 15:00 UTC: it begins on April 1, 2026",
        ),
        (said_of_renewal(RENEWED), "ja", "A-1 の第 1 回更新は 2025-12-31 15:00 UTC に確定（2026年4月1日開始）"),
    ],
)  # fmt: skip
def test_a_term_and_a_renewal_are_told_with_their_last_day(said: Said, locale: str, text: str) -> None:
    assert words(said, locale) == [text]


def test_an_uplift_is_told_in_the_order_in_which_it_is_computed() -> None:
    """104.32 to 100.00, rounded to 1.043; half of 4.3 % and 4 points is 6.15 %, capped at 5 %; 999.99 and 5 % is 1049.9895."""
    clause = UpliftClause(
        index="CPI", base=IndexValue("2025-01", Decimal("100.00")), ratio_digits=3, passed_on=Rate.percent("50"),
        plus=PercentagePoints.of("4"), cap=Rate.percent("5"),
    )  # fmt: skip
    found = uplifted(clause, Money.of("999.99", "EUR"), observed=IndexValue("2026-01", Decimal("104.32")))
    assert words(said_of_uplift(found), "en") == [
        "renewal 1: €1,049.99",
        "CPI: 104.32 (2026-01) to 100.00 (2025-01) is a ratio of 1.043",
        "50% of the change is passed on",
        "4 points are added",
        "6.15% is above the cap: 5%",
        "5% on €999.99, the price in the contract",
        "€1,049.9895 rounded to €1,049.99",
    ]
    assert words(said_of_uplift(found), "ja")[4:] == [
        "6.15% は上限超過のため 5%", "契約価格 €999.99 に 5%", "€1,049.9895 を端数処理して €1,049.99",
    ]  # fmt: skip
    again = uplifted(
        clause, Money.of("999.99", "EUR"), observed=IndexValue("2027-01", Decimal("104.32")), after=found
    )
    assert "在上期未取整价格 €1,049.9895 上调整 4%" in words(said_of_uplift(again), "zh")


def test_an_uplift_by_a_rate_says_so() -> None:
    found = uplifted(UpliftClause(rate=Rate.percent("-3"), floor=Rate.percent("0")), Money.of("1", "EUR"))
    assert words(said_of_uplift(found), "en")[:3] == [
        "renewal 1: €1.00", "a change of -3% each time", "-3% is below the floor: 0%",
    ]  # fmt: skip


def test_a_proration_is_told_period_by_period() -> None:
    """From 16 January to 28 February 2026: 16 of 31 days and a month; 160.00 and 310.00."""
    months = [DateRange(D(2026, 1, 1), D(2026, 2, 1)), DateRange(D(2026, 2, 1), D(2026, 3, 1))]
    part = DateRange(D(2026, 1, 16), D(2026, 3, 1))
    found = prorated(
        Money.of("310", "EUR"), part, months, rounding=decimal.ROUND_HALF_EVEN, day_count=DayCount.ACTUAL
    )
    assert words(said_of_proration(found), "en") == [
        "€470.00: ≈ 1.52 periods at €310.00",
        "by the days of each period",
        "January 16, 2026 to January 31, 2026: 16/31 of a period, €160.00",
        "February 1, 2026 to February 28, 2026: 1 of a period, €310.00",
    ]
    assert words(said_of_proration(found), "zh")[1:3] == [
        "按各期间的实际天数", "2026年1月16日至2026年1月31日：一个期间的 16/31，€160.00",
    ]  # fmt: skip
