"""What becomes of a notice that was given."""

import datetime
from typing import Any

import attrs
import pytest
from hypothesis import given, settings

from prmcore.contracts.notice import (
    DEEMED_RECEIPTS,
    ActualReceipt,
    Channel,
    DeemedReceipt,
    EffectiveOn,
    GivenNotice,
    JudgedNotice,
    LateNotice,
    NoticeClause,
    NoticeOutcome,
    Reading,
    counts_on,
    judged,
    notice_deadline,
)
from prmcore.contracts.notice.judged import JUDGING, NoticeFacts
from prmcore.decisions.explain import explain
from prmcore.errors import InvalidInput
from prmcore.testing import strategies
from prmcore.values import BusinessCalendar, Length, Text

D = datetime.date
NEW_YEAR = D(2027, 1, 1)
PLAIN = BusinessCalendar(name="Mon-Fri", version="by hand", years=frozenset(range(2025, 2033)))
EFFECTIVE, DISPUTED, TOO_EARLY, LATE, VOID, OPEN = NoticeOutcome


def clause(**more: object) -> NoticeClause:
    """Ninety days: 2 October at the latest by subtraction from 31 December, 1 October in clear days."""
    return NoticeClause(notice=Length.of("90 days"), **more)  # type: ignore[arg-type]


def notice(received: str | None, sent: str = "2026-01-05T09:00+00:00", **more: object) -> GivenNotice:
    known: dict[str, object] = {"id": "N-1", "by": "partner", **more}
    return GivenNotice(
        sent_at=datetime.datetime.fromisoformat(sent),
        received_at=None if received is None else datetime.datetime.fromisoformat(received),
        **known,  # type: ignore[arg-type]
    )


def outcome(
    given: GivenNotice, one: NoticeClause, zone: str = "America/New_York", end: D = NEW_YEAR
) -> NoticeOutcome:
    return judged(given, notice_deadline(one, end, zone=zone), calendar=PLAIN).outcome


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        ("2026-10-01T23:59:59-04:00", EFFECTIVE),
        ("2026-10-02T00:00:00-04:00", DISPUTED),
        ("2026-10-02T23:59:59-04:00", DISPUTED),
        ("2026-10-03T00:00:00-04:00", LATE),
        (None, OPEN),
    ],
)
def test_a_notice_is_in_time_disputed_between_the_readings_or_late(
    received: str | None, expected: NoticeOutcome
) -> None:
    assert outcome(notice(received), clause()) is expected


def test_a_stated_reading_leaves_nothing_to_dispute() -> None:
    given = notice("2026-10-02T12:00-04:00")
    assert outcome(given, clause(reading=Reading.CLEAR_DAYS)) is LATE
    assert outcome(given, clause(reading=Reading.LITERAL)) is EFFECTIVE


def test_the_day_of_a_notice_is_that_of_the_place_not_of_utc() -> None:  # trap 20
    """23:00 in New York on the last day is the next day in UTC, where WooCommerce #422 looked."""
    given = notice("2026-10-02T03:00+00:00")
    assert outcome(given, clause()) is EFFECTIVE
    assert outcome(given, clause(), zone="UTC") is DISPUTED


def test_a_late_notice_is_recorded_without_effect_on_this_term_and_applied_to_the_next() -> None:
    given = notice("2026-10-20T12:00-04:00")
    one = clause(late=LateNotice.NEXT_TERM)
    found = judged(given, notice_deadline(one, NEW_YEAR, zone="America/New_York"))
    assert (found.outcome, found.stops_renewal, found.is_for_next_term) == (LATE, False, True)
    assert (found.notice, found.day) == (given, D(2026, 10, 20))
    assert outcome(given, one, end=D(2028, 1, 1)) is EFFECTIVE


def test_a_late_notice_that_has_to_be_given_again_is_not_for_the_next_term() -> None:
    found = judged(notice("2026-10-20T12:00-04:00"), notice_deadline(clause(), NEW_YEAR, zone="UTC"))
    assert (found.outcome, found.is_for_next_term) == (LATE, False)


def test_a_notice_before_its_window_is_too_early() -> None:
    """31 December 2026 less 180 days is 4 July, in clear days the 3rd; the last 180 days begin on the 5th."""
    one = clause(opens=Length.of("180 days"))
    expected = {
        "2026-07-02": TOO_EARLY,
        "2026-07-03": DISPUTED,
        "2026-07-04": DISPUTED,
        "2026-07-05": EFFECTIVE,
    }
    found = {day: outcome(notice(f"{day}T12:00-04:00"), one) for day in expected}
    assert found == expected


def test_who_may_not_give_notice_gives_none() -> None:
    given = notice("2026-09-01T12:00-04:00")
    assert outcome(given, clause(by=("vendor",))) is VOID
    assert outcome(given, clause(by=("vendor", "partner"))) is EFFECTIVE


def test_a_way_that_was_not_agreed_is_none_and_an_unknown_one_is_open() -> None:
    one = clause(channels=(Channel(id="courier"),))
    ways = {"courier": EFFECTIVE, "email": VOID, None: OPEN}
    assert {way: outcome(notice("2026-09-01T12:00-04:00", channel=way), one) for way in ways} == ways


def test_where_dispatch_counts_a_notice_is_in_time_that_arrives_late() -> None:
    """Companies Act of Japan, art. 299(1): it is sent in time; where receipt counts (Civil Code, art. 97(1)) it is late."""
    given = notice("2026-10-05T12:00+09:00", sent="2026-10-01T18:00+09:00")
    assert outcome(given, clause(effective_on=EffectiveOn.DISPATCH), zone="Asia/Tokyo") is EFFECTIVE
    assert outcome(given, clause(), zone="Asia/Tokyo") is LATE


@pytest.mark.parametrize(
    ("rule", "received", "day"),
    [  # posted on Monday 2 March 2026
        ("cpr-6.26-post", "2026-03-06T10:00+00:00", D(2026, 3, 4)),  # not to be disproved
        ("ir-1.42-first-class", "2026-03-06T10:00+00:00", D(2026, 3, 6)),  # "unless the contrary is shown"
        ("ir-1.42-first-class", "2026-03-03T10:00+00:00", D(2026, 3, 3)),
        ("ir-1.42-first-class", None, D(2026, 3, 4)),
        ("accord-supply-mail", "2026-03-06T10:00+00:00", D(2026, 3, 6)),  # the earlier of receipt and the fifth day
        ("accord-supply-mail", "2026-03-20T10:00+00:00", D(2026, 3, 9)),
        ("accord-supply-mail", None, D(2026, 3, 9)),
    ],
)  # fmt: skip
def test_a_rule_of_receipt_says_what_a_real_receipt_does_to_it(
    rule: str, received: str | None, day: D
) -> None:
    one = clause(
        effective_on=EffectiveOn.DEEMED, channels=(Channel(id="post", deemed=DEEMED_RECEIPTS[rule]),)
    )
    given = notice(received, sent="2026-03-02T10:00+00:00", channel="post")
    assert counts_on(one, given, zone="Europe/London", calendar=PLAIN) == day


def test_what_counts_as_there_needs_no_receipt() -> None:
    rule = DeemedReceipt(id="x", after=Length.of("3 days"), if_received=ActualReceipt.EARLIER)
    one = clause(effective_on=EffectiveOn.DEEMED, channels=(Channel(id="post", deemed=rule),))
    assert outcome(notice(None, sent="2026-09-28T10:00-04:00", channel="post"), one) is EFFECTIVE
    assert outcome(notice(None, sent="2026-09-30T10:00-04:00", channel="post"), one) is LATE


def test_the_decision_says_why() -> None:
    found = judged(notice("2026-10-20T12:00-04:00"), notice_deadline(clause(), NEW_YEAR, zone="UTC"))
    assert str(explain(found.decision, "ja")).startswith(
        "2026年10月20日時点の notice/non-renewal：期限後（当期間には無効）"
    )
    assert "✓ too late by every reading: yes, asked for yes" in str(explain(found.decision))


def test_a_notice_that_cannot_be_lists_every_fault() -> None:
    with pytest.raises(InvalidInput) as refused:
        GivenNotice(id="", by="x", sent_at=datetime.datetime(2026, 1, 1), channel=" ")
    assert [fault.path for fault in refused.value.faults] == ["id", "channel", "sent_at"]
    with pytest.raises(InvalidInput, match="when it was sent, or later @ received_at"):
        notice("2026-01-04T09:00+00:00")


@settings(max_examples=200, deadline=None)
@given(strategies.of(JudgedNotice))
def test_only_a_notice_that_counts_on_a_known_day_stops_a_renewal(found: JudgedNotice) -> None:
    assert found.stops_renewal is not True or (found.day is not None and found.day < found.end)
    assert found.day is not None or found.outcome in (OPEN, VOID)
    if found.is_for_next_term:
        assert found.outcome is LATE


LABELS = {
    "is_entitled": ("its sender may give it", "発信者に通知権あり", "发出方有权通知"),
    "is_agreed_way": ("sent in an agreed way", "合意した方法による送付", "以约定方式送达"),
    "is_in_time": ("in time by every reading", "どの解釈でも期間内", "按各种解释均在期限内"),
    "is_too_early": ("too early by every reading", "どの解釈でも時期尚早", "按各种解释均为过早"),
    "is_late": ("too late by every reading", "どの解釈でも期限後", "按各种解释均已逾期"),
}


def test_what_a_notice_is_judged_by_has_words_in_three_languages() -> None:
    assert {field.name: field.text for field in JUDGING.facts.fields} == {
        name: Text.of(english, ja=japanese, zh=chinese)
        for name, (english, japanese, chinese) in LABELS.items()
    }


@pytest.mark.parametrize("record", [JudgedNotice, NoticeFacts])
def test_each_record_is_written_with_the_names_of_its_parts(record: Any) -> None:
    assert all(field.kw_only for field in attrs.fields(record))


WINDOW = clause(opens=Length.of("180 days"), channels=(Channel(id="post"),), by=("partner",))


@pytest.mark.parametrize(
    ("received", "more", "facts", "stops", "words"),
    [  # from 5 July, 4 July or 3 July on, to 2 October or 1 October, as the readings have it
        ("2026-09-01", {}, (True, True, True, False, False), True, "effective"),
        ("2026-10-01", {}, (True, True, True, False, False), True, "effective"),
        ("2026-07-05", {}, (True, True, True, False, False), True, "effective"),
        ("2026-10-02", {}, (True, True, False, False, False), None, "disputed: the readings of the contract differ"),
        ("2026-07-03", {}, (True, True, False, False, False), None, "disputed: the readings of the contract differ"),
        ("2026-07-02", {}, (True, True, False, True, False), False, "too early"),
        ("2026-10-03", {}, (True, True, False, False, True), False, "late: without effect on this term"),
        ("2026-09-01", {"by": "vendor"}, (False, True, True, False, False), False, "without effect"),
        ("2026-09-01", {"channel": "fax"}, (True, False, True, False, False), False, "without effect"),
        ("2026-09-01", {"channel": None}, (True, None, True, False, False), None, "open: something is not known"),
        (None, {}, (True, True, None, None, None), None, "open: something is not known"),
        (None, {"by": "vendor"}, (False, True, None, None, None), False, "without effect"),
    ],
)  # fmt: skip
def test_a_notice_is_judged_by_who_gave_it_how_and_when(
    received: str | None, more: dict[str, Any], facts: tuple[bool | None, ...], stops: bool | None, words: str
) -> None:
    there = None if received is None else f"{received}T12:00+00:00"
    given_notice = notice(there, **{"channel": "post", **more})
    found = judged(given_notice, notice_deadline(WINDOW, NEW_YEAR, zone="UTC"))
    assert attrs.astuple(found.decision.facts) == facts
    assert (found.stops_renewal, found.end, found.notice, found.late) == (
        stops, NEW_YEAR, given_notice, LateNotice.NOTHING,
    )  # fmt: skip
    day = (
        D(2026, 1, 5) if received is None else D.fromisoformat(received)
    )  # else the day on which it was sent
    assert (found.day, found.decision.as_of) == (None if received is None else day, day)
    assert explain(found.decision).lines()[0].endswith(f"2026: {words}")


def test_only_a_late_notice_is_for_the_next_term() -> None:
    one = clause(late=LateNotice.NEXT_TERM)
    outcomes = {
        day: judged(notice(f"{day}T12:00+00:00"), notice_deadline(one, NEW_YEAR, zone="UTC")).is_for_next_term
        for day in ("2026-09-01", "2026-10-02", "2026-10-03")
    }
    assert list(outcomes.values()) == [False, False, True]


def test_the_day_that_counts_is_that_of_the_way_of_the_clause() -> None:
    """Sent on Monday 5 January 2026, there on the 20th."""
    rule = DEEMED_RECEIPTS["cpr-6.14"]
    ways = (Channel(id="post", deemed=rule), Channel(id="courier"))
    days = {
        (effective, way): counts_on(
            clause(effective_on=effective, channels=ways), notice("2026-01-20T12:00+00:00", channel=way), zone="UTC", calendar=PLAIN
        )
        for effective in EffectiveOn
        for way in ("post", "courier", None)
    }  # fmt: skip
    sent, there, deemed = D(2026, 1, 5), D(2026, 1, 20), D(2026, 1, 7)
    assert days == {
        **{(EffectiveOn.RECEIPT, way): there for way in ("post", "courier", None)},
        **{(EffectiveOn.DISPATCH, way): sent for way in ("post", "courier", None)},
        (EffectiveOn.DEEMED, "post"): deemed, (EffectiveOn.DEEMED, "courier"): there, (EffectiveOn.DEEMED, None): there,
    }  # fmt: skip
