"""Renewals: certain when the window for a notice has closed, begun when the term before is over, each once."""

import datetime
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prmcore.contracts.terms import RenewalClause, RenewalKind, TermClause, Timetable
from prmcore.contracts.terms.renewals import (
    CaughtUp,
    Renewal,
    RenewalFacts,
    RenewalOutcome,
    RenewalStage,
    RenewalWishes,
    caught_up,
    renewals_until,
    renewing,
    taken,
)
from prmcore.decisions.explain import explain
from prmcore.errors import InvalidInput
from prmcore.testing import _terms as drawn
from prmcore.values import Length, Text

D = datetime.date
DAY = datetime.timedelta(days=1)
TOKYO = "Asia/Tokyo"
FREE = RenewalWishes()


def at(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text)


def table(start: str = "2025-01-01", length: str = "1 year", **renewal: Any) -> Timetable:
    clause = TermClause(start=D.fromisoformat(start), length=Length.of(length))
    return Timetable(clause=clause, renewal=RenewalClause(**{"kind": RenewalKind.AUTOMATIC, **renewal}))


def ninety_days(end: D) -> D:
    """The last day for a notice of 90 days, as the contract counts them."""
    return end - DAY * 91


def said(renewals: tuple[Renewal, ...]) -> list[str]:
    return [f"{one.number} {one.stage.value} {one.at:%Y-%m-%d %H:%M}" for one in renewals]


def until(instant: str, zone: str = TOKYO, found: Timetable | None = None) -> tuple[Renewal, ...]:
    return renewals_until("A-1", found or table(), at(instant), deadline=ninety_days, zone=zone)


def caught(
    instant: str, log: tuple[Renewal, ...] = (), found: Timetable | None = None, wishes: RenewalWishes = FREE
) -> CaughtUp:
    return caught_up(
        log, "A-1", found or table(), at(instant), deadline=ninety_days, wishes=lambda one: wishes, zone=TOKYO
    )


# trap 8
def test_a_renewal_is_not_certain_on_the_last_day_of_the_window_but_when_that_day_is_over() -> None:
    """91 days before 1 January 2026 is 2 October 2025; that day ends in Tokyo at 15:00 UTC."""
    assert until("2025-10-02T14:59:59+00:00") == ()
    assert said(until("2025-10-02T15:00:00+00:00")) == ["1 certain 2025-10-02 15:00"]


def test_a_renewal_takes_effect_when_the_term_before_is_over() -> None:
    assert len(until("2025-12-31T23:59:59+09:00")) == 1
    assert said(until("2026-01-01T00:00:00+09:00")) == [
        "1 certain 2025-10-02 15:00",
        "1 started 2025-12-31 15:00",
    ]


# trap 20
def test_the_day_is_that_of_the_contract_and_not_that_of_utc() -> None:
    """27 February, 23:00 in New York, is the 28th in UTC: the day for a notice is not over."""
    found = table("2025-03-01")  # the window of 1 day closes with 27 February 2026
    day_before = lambda end: end - 2 * DAY  # noqa: E731
    for instant, count in (("2026-02-27T23:00-05:00", 0), ("2026-02-28T00:00-05:00", 1)):
        renewals = renewals_until("A-1", found, at(instant), deadline=day_before, zone="America/New_York")
        assert len(renewals) == count


@pytest.mark.parametrize(
    ("zone", "end", "begins"),
    [
        # the clock went from 23:59 on the 3rd to 01:00 on the 4th: the day begins with the change, at 03:00 UTC
        ("America/Sao_Paulo", D(2018, 11, 4), "2018-11-04 03:00"),
        # 30 December 2011 was left out: what would have begun with it begins with the 31st
        ("Pacific/Apia", D(2011, 12, 30), "2011-12-30 10:00"),
        ("Pacific/Apia", D(2011, 12, 31), "2011-12-30 10:00"),
        # at 00:01 on the 7th the clock went back to 23:01 on the 6th: the 6th was over only with the second midnight
        ("America/St_Johns", D(2010, 11, 7), "2010-11-07 03:30"),
        ("UTC", D(2026, 1, 1), "2026-01-01 00:00"),
    ],
)
def test_a_day_begins_where_the_contract_is_at_home_even_without_a_midnight(
    zone: str, end: D, begins: str
) -> None:
    found = table((end - DAY * 10).isoformat(), "10 days", at_most=1)
    renewals = renewals_until("A-1", found, at("2030-01-01T00:00Z"), deadline=lambda end: None, zone=zone)
    assert f"{renewals[-1].at:%Y-%m-%d %H:%M}" == begins


def test_what_nobody_can_stop_is_certain_from_the_term_before_on() -> None:
    renewals = renewals_until("A-1", table(), at("2025-06-01T00:00Z"), deadline=lambda end: None, zone="UTC")
    assert said(renewals) == ["1 certain 2025-01-01 00:00"]


def test_a_job_that_missed_three_years_catches_up_term_by_term() -> None:
    found = caught("2028-01-05T00:00Z")
    assert [(one.number, one.stage.value, str(one.previous_end)) for one in found.log] == [
        (1, "certain", "2026-01-01"), (1, "started", "2026-01-01"),
        (2, "certain", "2027-01-01"), (2, "started", "2027-01-01"),
        (3, "certain", "2028-01-01"), (3, "started", "2028-01-01"),
    ]  # fmt: skip


# trap 25
def test_renewing_twice_does_nothing_the_second_time() -> None:
    first = caught("2026-02-01T00:00Z")
    again = caught("2026-02-01T00:00Z", first.log)
    assert (again.log, again.taken) == (first.log, ())
    by_hand = taken(first.log, first.log[1], table(), wishes=FREE, now=at("2026-02-01T00:00Z"), zone=TOKYO)
    assert (by_hand.outcome, by_hand.log) == (RenewalOutcome.ALREADY, first.log)


# trap 25
def test_renewing_when_nothing_is_due_is_refused_and_says_why() -> None:
    early = until("2026-01-01T00:00Z")
    refused = taken((), early[0], table(), wishes=FREE, now=at("2025-06-01T00:00Z"), zone=TOKYO)
    assert (refused.outcome, refused.log) == (RenewalOutcome.REFUSED, ())
    assert "its time has come: no" in str(explain(refused.decision))
    assert "時期が到来：いいえ" in str(explain(refused.decision, "ja"))
    assert "时间已到" in str(explain(refused.decision, "zh"))


def test_an_event_is_due_at_its_instant_and_not_a_second_before() -> None:
    certain = until("2026-01-01T00:00Z")[0]
    outcomes = [
        taken((), certain, table(), wishes=FREE, now=certain.at - early, zone=TOKYO).outcome
        for early in (datetime.timedelta(seconds=1), datetime.timedelta())
    ]
    assert outcomes == [RenewalOutcome.REFUSED, RenewalOutcome.RECORDED]


# trap 25
def test_a_term_does_not_begin_before_the_one_before_is_over_whatever_instant_is_claimed() -> None:
    certain, started = until("2026-01-01T00:00+09:00")
    early = attrs.evolve(started, at=certain.at)
    refused = taken((certain,), early, table(), wishes=FREE, now=at("2025-12-31T23:59+09:00"), zone=TOKYO)
    assert refused.outcome is RenewalOutcome.REFUSED
    accepted = taken((certain,), early, table(), wishes=FREE, now=at("2026-01-01T00:00+09:00"), zone=TOKYO)
    assert accepted.outcome is RenewalOutcome.RECORDED


# trap 25: an expiry that moved by two years in one second
def test_no_term_is_skipped_and_none_begins_that_was_not_certain() -> None:
    later = [one for one in until("2028-02-01T00:00Z") if one.number == 2]
    for one in later:
        assert taken((), one, table(), wishes=FREE, now=one.at, zone=TOKYO).outcome is RenewalOutcome.REFUSED


def test_a_renewal_that_was_recorded_keeps_its_date_when_the_contract_is_changed() -> None:
    log = caught("2026-02-01T00:00Z").log
    changed = table("2025-01-15")
    moved = [one for one in until("2026-02-01T00:00Z", found=changed) if one.stage is RenewalStage.STARTED]
    assert caught("2026-02-01T00:00Z", log, changed).log == log
    refused = taken(log, moved[0], changed, wishes=FREE, now=moved[0].at, zone=TOKYO)
    assert refused.outcome is RenewalOutcome.REFUSED
    assert "no other date of it is recorded: no" in str(explain(refused.decision))


@pytest.mark.parametrize(
    ("number", "previous_end", "at_most"), [(1, D(2026, 1, 2), None), (2, D(2027, 1, 1), 1)]
)
def test_a_term_that_the_contract_does_not_have_is_not_renewed(
    number: int, previous_end: D, at_most: int | None
) -> None:
    certain = until("2026-01-01T00:00Z")[0]
    other = attrs.evolve(certain, number=number, previous_end=previous_end)
    log = (certain,) if number > 1 else ()
    refused = taken(log, other, table(at_most=at_most), wishes=FREE, now=certain.at, zone=TOKYO)
    assert refused.outcome is RenewalOutcome.REFUSED
    assert "the contract has this term: no" in str(explain(refused.decision))


def test_a_notice_in_time_ends_the_chain() -> None:
    found = caught("2030-01-01T00:00Z", wishes=RenewalWishes(is_stopped=True))
    assert (found.log, [one.outcome for one in found.taken]) == ((), [RenewalOutcome.REFUSED])


@pytest.mark.parametrize(
    ("clause", "wishes", "count"),
    [
        ({"kind": RenewalKind.OPT_IN}, RenewalWishes(), 0),
        ({"kind": RenewalKind.OPT_IN}, RenewalWishes(is_agreed=True), 2),
        ({"condition": "minimum-2025"}, RenewalWishes(), 0),
        ({"condition": "minimum-2025"}, RenewalWishes(condition_met=False), 0),
        ({"condition": "minimum-2025"}, RenewalWishes(condition_met=True), 2),
        ({"kind": RenewalKind.EVERGREEN}, RenewalWishes(), 2),
        ({"kind": RenewalKind.FIXED}, RenewalWishes(), 0),
    ],
)
def test_what_a_renewal_needs_besides_time(clause: dict[str, Any], wishes: RenewalWishes, count: int) -> None:
    assert len(caught("2026-02-01T00:00Z", found=table(**clause), wishes=wishes).log) == count


def test_a_cap_ends_the_chain() -> None:
    assert {one.number for one in caught("2040-01-01T00:00Z", found=table(at_most=2)).log} == {1, 2}


def test_an_evergreen_contract_is_renewed_once_and_for_all() -> None:
    assert {
        one.number for one in caught("2040-01-01T00:00Z", found=table(kind=RenewalKind.EVERGREEN)).log
    } == {1}


@given(drawn.timetables(), st.lists(st.integers(0, 400), max_size=4).map(sorted), st.integers(0, 40))
def test_whoever_looks_often_and_whoever_looks_once_have_the_same_record(
    found: Timetable, days: list[int], notice: int
) -> None:
    start = datetime.datetime.combine(found.clause.start, datetime.time(), datetime.UTC)
    log: tuple[Renewal, ...] = ()
    stops = [start + DAY * day for day in days]

    def run(log: tuple[Renewal, ...], now: datetime.datetime) -> tuple[Renewal, ...]:
        return caught_up(
            log, "A-1", found, now, deadline=lambda end: end - DAY * (notice + 1), zone="UTC",
            wishes=lambda one: RenewalWishes(is_agreed=True, condition_met=True),
        ).log  # fmt: skip

    for stop in stops:
        log = run(log, stop)
    if stops:
        assert set(log) == set(run((), stops[-1]))
        assert len({one.key for one in log}) == len(log)


def test_a_renewal_is_of_a_later_term_and_at_an_instant() -> None:
    with pytest.raises(InvalidInput) as caught_fault:
        Renewal(
            agreement="",
            number=0,
            previous_end=D(2026, 1, 1),
            stage=RenewalStage.STARTED,
            at=datetime.datetime(2026, 1, 1),
        )
    assert [fault.path for fault in caught_fault.value.faults] == ["agreement", "number", "at"]
    one = until("2026-02-01T00:00Z")[0]
    assert attrs.evolve(one, at=one.at.astimezone(datetime.timezone(DAY / 3))) == one
    assert one.key == "A-1|1|2026-01-01|certain"


LABELS = {
    "is_recorded": ("already recorded", "記録済み", "已记录"),
    "has_term": ("the contract has this term", "契約にこの期間がある", "合同有该期限"),
    "agrees": ("no other date of it is recorded", "別の日付での記録なし", "未以其他日期记录"),
    "is_next": ("the renewal before is recorded", "直前の更新は記録済み", "上一次续约已记录"),
    "is_due": ("its time has come", "時期が到来", "时间已到"),
    "is_certain": ("the renewal is certain", "更新が確定", "续约已确定"),
    "is_stopped": ("an effective notice was given", "有効な通知あり", "已有有效通知"),
    "is_agreed": ("the renewal was agreed", "更新の合意", "已同意续约"),
    "condition_met": ("its condition is met", "更新条件の充足", "续约条件已满足"),
}


def test_what_a_renewal_is_held_against_has_words_in_three_languages() -> None:
    policy = renewing(RenewalClause(kind=RenewalKind.AUTOMATIC), RenewalStage.CERTAIN)
    assert {field.name: field.text for field in policy.facts.fields} == {
        name: Text.of(english, ja=japanese, zh=chinese)
        for name, (english, japanese, chinese) in LABELS.items()
    }


@pytest.mark.parametrize("record", [Renewal, RenewalFacts, RenewalWishes])
def test_each_record_is_written_with_the_names_of_its_parts(record: Any) -> None:
    assert all(field.kw_only for field in attrs.fields(record))


def test_unless_somebody_says_so_nothing_is_stopped_and_nothing_agreed() -> None:
    assert attrs.astuple(RenewalWishes()) == (False, None, None)


ALWAYS = ["has_term", "agrees", "is_next", "is_due"]


@pytest.mark.parametrize(
    ("kind", "condition", "stage", "name", "asked"),
    [
        (RenewalKind.AUTOMATIC, None, "certain", "automatic/certain", [*ALWAYS, "is_stopped"]),
        (RenewalKind.AUTOMATIC, "x", "certain", "automatic/conditional/certain", [*ALWAYS, "is_stopped", "condition_met"]),
        (RenewalKind.OPT_IN, None, "certain", "opt-in/certain", [*ALWAYS, "is_stopped", "is_agreed"]),
        (RenewalKind.OPT_IN, "x", "certain", "opt-in/conditional/certain", [*ALWAYS, "is_stopped", "is_agreed", "condition_met"]),
        (RenewalKind.OPT_IN, "x", "started", "opt-in/conditional/started", [*ALWAYS, "is_certain"]),
        (RenewalKind.EVERGREEN, None, "started", "evergreen/started", [*ALWAYS, "is_certain"]),
    ],
)  # fmt: skip
def test_each_event_asks_for_what_it_needs(
    kind: RenewalKind, condition: str | None, stage: str, name: str, asked: list[str]
) -> None:
    policy = renewing(RenewalClause(kind=kind, condition=condition), RenewalStage(stage))
    assert policy.name == f"renewal/{name}"
    assert policy.levels == ("already-recorded", "recorded", "refused")
    assert [getattr(one, "fact", None) for one in policy.rungs[1].criteria] == asked
    met: dict[str, Any] = {**dict.fromkeys(LABELS, True), "is_recorded": False, "is_stopped": False}
    outcomes = {
        wrong: policy.decide(RenewalFacts(**{**met, wrong: not met[wrong]}), D(2026, 1, 1)).outcome
        for wrong in LABELS
    }
    assert policy.decide(RenewalFacts(**met), D(2026, 1, 1)).outcome == "recorded"
    assert outcomes == {
        wrong: "already-recorded" if wrong == "is_recorded" else "refused" if wrong in asked else "recorded"
        for wrong in LABELS
    }


def test_what_came_of_an_event_has_its_words() -> None:
    policy = renewing(RenewalClause(kind=RenewalKind.FIXED), RenewalStage.STARTED)
    met: dict[str, Any] = {**dict.fromkeys(LABELS, True), "is_recorded": False}
    words = [
        explain(policy.decide(RenewalFacts(**{**met, **changed}), D(2026, 1, 1))).lines()[0]
        for changed in ({}, {"is_recorded": True}, {"is_due": False})
    ]
    assert words == [
        f"renewal/fixed/started on January 1, 2026: {said}" for said in ("recorded", "already recorded, nothing to do", "refused")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("parts", "faults"),
    [
        ({"agreement": " x"}, ["found ' x'; accepted: an id without outer blanks, in Unicode NFC @ agreement"]),
        *(({"number": number}, [f"found {number!r}; accepted: 1 or more @ number"]) for number in (0, True, "1")),
        ({"previous_end": at("2026-01-01T00:00Z")},
         ["the day: found datetime.datetime(2026, 1, 1, 0, 0, tzinfo=datetime.timezone; accepted: a date without a time"
          " @ previous_end"]),
        ({"at": datetime.datetime(2026, 1, 1)},
         ["at: found datetime.datetime(2026, 1, 1, 0, 0); accepted: a datetime with its time zone @ at"]),
    ],
)  # fmt: skip
def test_a_renewal_that_cannot_be_is_refused_at_its_part(parts: dict[str, Any], faults: list[str]) -> None:
    plain: dict[str, Any] = {
        "agreement": "A-1", "number": 1, "previous_end": D(2026, 1, 1), "stage": RenewalStage.STARTED, "at": at("2026-01-01T00:00Z"),
    }  # fmt: skip
    with pytest.raises(InvalidInput) as refused:
        Renewal(**{**plain, **parts})
    assert list(map(str, refused.value.faults)) == faults
    assert Renewal(**plain).key == "A-1|1|2026-01-01|started"


def test_events_are_in_the_order_of_their_instants_then_of_their_numbers_then_of_their_stages() -> None:
    """Terms of a day whose renewals nobody can stop: each is certain when the one before begins."""
    days = table("2025-01-01", "1 day", at_most=2)
    found = renewals_until("A-1", days, at("2025-01-03T00:00Z"), deadline=lambda end: None, zone="UTC")
    assert said(found) == [
        "1 certain 2025-01-01 00:00", "1 started 2025-01-02 00:00", "2 certain 2025-01-02 00:00", "2 started 2025-01-03 00:00",
    ]  # fmt: skip
    later = renewals_until(
        "A-1", days, at("2025-01-03T00:00Z"), deadline=lambda end: None, zone="UTC", first=2
    )
    assert later == found[2:]


def test_a_day_for_a_notice_after_the_end_makes_a_renewal_certain_with_the_end() -> None:
    found = renewals_until(
        "A-1", table(), at("2026-01-01T00:00Z"), deadline=lambda end: end + DAY, zone="UTC"
    )
    assert said(found) == ["1 certain 2026-01-01 00:00", "1 started 2026-01-01 00:00"]


def test_instants_and_zones_of_renewals_are_checked() -> None:
    no_zone = datetime.datetime(2026, 1, 1)
    certain = until("2026-01-01T00:00Z")[0]
    for name, ask in (
        ("until", lambda: renewals_until("A-1", table(), no_zone, deadline=ninety_days, zone="UTC")),
        ("now", lambda: taken((), certain, table(), wishes=FREE, now=no_zone, zone="UTC")),
    ):
        with pytest.raises(InvalidInput, match=f"^{name}: found"):
            ask()
    with pytest.raises(InvalidInput, match="accepted: a zone of the IANA database"):
        renewals_until("A-1", table(), at("2026-01-01T00:00Z"), deadline=ninety_days, zone="Tokyo")


def test_what_came_of_an_event_keeps_what_it_was_held_against() -> None:
    log = until("2026-01-01T00:00+09:00")
    facts = taken(log[:1], log[1], table(), wishes=RenewalWishes(is_stopped=None, is_agreed=True, condition_met=False),
                  now=log[1].at, zone=TOKYO)  # fmt: skip
    assert attrs.asdict(facts.decision.facts) == {
        "is_recorded": False, "has_term": True, "agrees": True, "is_next": True, "is_due": True, "is_certain": True,
        "is_stopped": None, "is_agreed": True, "condition_met": False,
    }  # fmt: skip
    assert (facts.log, facts.decision.as_of) == (log, D(2026, 1, 1))
    again = taken(log, log[1], table(), wishes=FREE, now=log[1].at, zone=TOKYO)
    assert (again.decision.facts.is_recorded, again.decision.facts.agrees, again.decision.facts.is_next) == (
        True,
        False,
        True,
    )
