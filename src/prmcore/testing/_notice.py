"""Hypothesis strategies for notices: clauses in every unit, reading and period rule, rules of receipt, deadlines, notices given
around them, and notices that end an agreement.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from typing import Any

import attrs
from hypothesis import strategies as st

from prmcore.contracts.notice import (
    DEEMED_RECEIPTS,
    ActualReceipt,
    Channel,
    ConvenienceClause,
    DeadlineStep,
    DeemedDay,
    DeemedReceipt,
    EffectiveOn,
    GivenNotice,
    JudgedNotice,
    LateNotice,
    NoticeClause,
    NoticeDeadline,
    NoticeEnding,
    NoticeFacts,
    NoticeStage,
    ReadDeadline,
    Reading,
    ReceiptStep,
    SendBefore,
    ToEndOf,
    deemed_received,
    ending,
    judged,
    notice_deadline,
)
from prmcore.contracts.periods import PERIOD_RULES
from prmcore.testing._periods import period_rules
from prmcore.testing._terms import starts
from prmcore.values import BusinessCalendar, Length, Unit

__all__ = [
    "STRATEGIES", "business_calendars", "convenience_clauses", "deemed_receipts", "given_notices", "judged_notices", "notice_clauses",
    "notice_deadlines", "notice_endings",
]  # fmt: skip

Strategy = st.SearchStrategy

_DAY = datetime.timedelta(days=1)
_UNITS = tuple(unit for unit in Unit if unit is not Unit.HOURS)
_YEARS = frozenset(range(2000, 2045))
_ZONES = ("Asia/Tokyo", "Europe/Berlin", "America/New_York", "America/Sao_Paulo", "Pacific/Apia", "UTC")


def business_calendars() -> Strategy[BusinessCalendar]:
    """Of the years 2000 to 2044, with a few days off that are drawn."""
    days = st.frozensets(st.dates(datetime.date(2019, 1, 1), datetime.date(2032, 12, 31)), max_size=20)
    return days.map(lambda off: BusinessCalendar(name="drawn", version="1", years=_YEARS, holidays=off))


def deemed_receipts() -> Strategy[DeemedReceipt]:
    drawn = st.builds(
        DeemedReceipt,
        id=st.just("drawn"),
        after=st.builds(Length, st.integers(0, 9), st.sampled_from((Unit.DAYS, Unit.BUSINESS_DAYS))),
        rolls=st.booleans(),
        before=st.sampled_from(tuple(map(datetime.time, (0, 9, 17), (0, 0, 30)))),
        if_received=st.sampled_from(ActualReceipt),
    )
    return st.sampled_from(tuple(DEEMED_RECEIPTS.values())) | drawn


def notice_clauses() -> Strategy[NoticeClause]:
    """With a way of sending that has a rule, and one that has none; some name a period rule that is shipped."""
    return st.builds(
        _clause,
        st.sampled_from(_UNITS),
        st.integers(1, 12),
        st.none() | st.integers(0, 6),
        st.none() | st.sampled_from(Reading),
        st.sampled_from(EffectiveOn),
        deemed_receipts(),
        st.sampled_from(((), ("partner",), ("vendor", "partner"))),
        st.sampled_from(LateNotice),
        st.none() | st.sampled_from(sorted(PERIOD_RULES)),
    )


def _clause(
    unit: Unit,
    count: int,
    more: int | None,
    reading: Reading | None,
    effective_on: EffectiveOn,
    deemed: DeemedReceipt,
    by: tuple[str, ...],
    late: LateNotice,
    rule: str | None,
) -> NoticeClause:
    return NoticeClause(
        notice=Length(count, unit), opens=None if more is None else Length(count + more, unit), by=by, reading=reading,
        effective_on=effective_on, channels=(Channel(id="post", deemed=deemed), Channel(id="personal")), late=late, rule=rule,
    )  # fmt: skip


def notice_deadlines() -> Strategy[NoticeDeadline]:
    return st.builds(
        lambda clause, end, zone, calendar: notice_deadline(clause, end, zone=zone, calendar=calendar),
        notice_clauses(), starts(), st.sampled_from(_ZONES), business_calendars(),
    )  # fmt: skip


def convenience_clauses() -> Strategy[ConvenienceClause]:
    """Of one to three stages, to the end of anything; a later stage may ask for less."""
    stages = st.builds(
        NoticeStage, notice=st.builds(Length, st.integers(1, 24), st.sampled_from(_UNITS[:-1])),
        from_year=st.integers(2, 6), to_end_of=st.sampled_from(ToEndOf),
    )  # fmt: skip
    return st.builds(
        lambda first, more, by: ConvenienceClause(
            stages=(attrs.evolve(first, from_year=1), *sorted(more, key=lambda one: one.from_year)), by=by
        ),
        stages, st.lists(stages, max_size=2, unique_by=lambda one: one.from_year),
        st.sampled_from(((), ("partner",), ("vendor", "partner"))),
    )  # fmt: skip


def notice_endings() -> Strategy[NoticeEnding]:
    """By any rule that is shipped, of agreements that began up to seven years before, or a little after."""
    return st.builds(
        lambda clause, received, days, rule, calendar: ending(
            clause, received, started=received - _DAY * days, rule=rule, calendar=calendar
        ),
        convenience_clauses(), starts(), st.integers(-30, 2600), period_rules(), business_calendars(),
    )  # fmt: skip


def given_notices(around: datetime.datetime) -> Strategy[GivenNotice]:
    """Sent within a month of an instant, and there within two weeks, or nobody knows."""
    hours = st.integers(-720, 720).map(lambda count: around + datetime.timedelta(hours=count))
    return st.builds(
        lambda sent, after, by, channel: GivenNotice(
            id="N-1", by=by, sent_at=sent, channel=channel,
            received_at=None if after is None else sent + datetime.timedelta(hours=after),
        ),
        hours, st.none() | st.integers(0, 336), st.sampled_from(("partner", "vendor", "other")),
        st.sampled_from((None, "post", "personal", "fax")),
    )  # fmt: skip


def judged_notices() -> Strategy[JudgedNotice]:
    drawn = st.tuples(notice_deadlines(), business_calendars())
    return drawn.flatmap(
        lambda one: given_notices(one[0].instant).map(lambda given: judged(given, one[0], calendar=one[1]))
    )


def _deemed_days() -> Strategy[DeemedDay]:
    instants = starts().map(lambda day: datetime.datetime.combine(day, datetime.time(12), datetime.UTC))
    return st.builds(
        lambda rule, at, calendar: deemed_received(rule, at, zone="Europe/London", calendar=calendar),
        deemed_receipts(), instants, business_calendars(),
    )  # fmt: skip


STRATEGIES: Mapping[type, Callable[[], Strategy[Any]]] = {
    Channel: lambda: st.builds(Channel, id=st.just("post"), deemed=st.none() | deemed_receipts()),
    ConvenienceClause: convenience_clauses,
    DeadlineStep: lambda: (
        notice_deadlines().filter(lambda one: one.rule is None).map(lambda one: one.readings[0].steps[0])
    ),
    DeemedDay: _deemed_days,
    DeemedReceipt: deemed_receipts,
    GivenNotice: lambda: given_notices(datetime.datetime(2026, 10, 1, 15, tzinfo=datetime.UTC)),
    JudgedNotice: judged_notices,
    NoticeClause: notice_clauses,
    NoticeDeadline: notice_deadlines,
    NoticeEnding: notice_endings,
    NoticeFacts: lambda: judged_notices().map(lambda one: one.decision.facts),
    NoticeStage: lambda: convenience_clauses().map(lambda one: one.stages[-1]),
    ReadDeadline: lambda: notice_deadlines().map(lambda one: one.readings[0]),
    ReceiptStep: lambda: _deemed_days().filter(lambda one: bool(one.steps)).map(lambda one: one.steps[0]),
    SendBefore: lambda: st.builds(
        SendBefore, channel=st.just("post"), at=st.just(datetime.datetime(2026, 10, 1, 15, tzinfo=datetime.UTC))
    ),
}  # fmt: skip
