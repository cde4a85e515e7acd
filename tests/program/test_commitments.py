"""Obligations and minimums of kept agreements: told when they are due, done once, measured, and amended with the paper.

A year from New Year 2025, a report at each quarter's end within 15 days, 100,000 euros a year. Days are worked out by hand.
"""

import datetime
from collections.abc import Iterator
from datetime import UTC, date
from pathlib import Path
from typing import Any

import pytest

from prmcore.contracts.agreements import (
    Agreement,
    AgreementKind,
    Clause,
    Document,
    MinimumClause,
    Party,
    Provision,
    Renews,
    Runs,
    Shortfall,
    amended,
)
from prmcore.contracts.lifecycle import DueKind, commitments_of, course_on
from prmcore.contracts.obligations import Done, Measured, MinimumOutcome, Obligation, Waiver
from prmcore.contracts.terms import RenewalClause, RenewalKind, TermClause
from prmcore.errors import InvalidInput
from prmcore.program import ProgramVersions, from_document
from prmcore.program.contract import (
    agreements_of,
    contract_policy,
    due_by,
    keep_agreements,
    keep_obligations,
    record_kept,
    tell_due,
)
from prmcore.repository import Store
from prmcore.storage import MemoryStore, SqliteStore
from prmcore.values import DateRange, Length, Money, Roll, Schedule, Text

VERSIONS = ProgramVersions.of(
    from_document({"format": "prmcore/1", "name": "deals", "version": "1", "contracts": {}})
)
SIGNED = date(2024, 12, 15)
K = DueKind


def at(day: date) -> datetime.datetime:
    return datetime.datetime(day.year, day.month, day.day, 9, tzinfo=UTC)


NOW = at(date(2025, 1, 10))
QUARTERS = Schedule(anchor=date(2024, 12, 31), step=Length.of("3 months"), roll=Roll.of("month end"))
REPORT = Obligation(
    id="report", agreement="a-1", what=Text.of("the report"), by="partner", every=QUARTERS, during=DateRange(date(2025, 1, 1)),
    within=Length.of("15 days"), before=(Length.of("7 days"),),
)  # fmt: skip


def minimum(euros: int) -> MinimumClause:
    return MinimumClause(metric="sales", amount=Money.of(euros, "EUR"), shortfall=Shortfall.PAY_DIFFERENCE)


def paper() -> Agreement:
    clauses: dict[str, Clause] = {
        "term": Runs(term=TermClause(start=date(2025, 1, 1), length=Length.of("1 year"))),
        "renewal": Renews(renewal=RenewalClause(kind=RenewalKind.AUTOMATIC)),
        "volume": minimum(100_000),
    }
    return Agreement(
        id="a-1",
        kind=AgreementKind.DISTRIBUTOR,
        partner="acme",
        parties=(
            Party(role="partner", id="acme", name="Acme"),
            Party(role="vendor", id="us", name="Us"),
        ),
        documents=(Document(id="master", document_class="master", known_since=at(SIGNED), signed_on=SIGNED),),
        provisions=tuple(
            Provision(key=key, clause=clause, document="master") for key, clause in clauses.items()
        ),
    )


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    made: Any = MemoryStore() if request.param == "memory" else SqliteStore(tmp_path / "kept.sqlite")
    keep_agreements(made, VERSIONS, [paper()], at=NOW)
    keep_obligations(made, VERSIONS, [REPORT], at=NOW)
    yield made
    if isinstance(made, SqliteStore):
        made.close()


def told(store: Store, day: date) -> list[tuple[K, date]]:
    return [(one.kind, one.on) for one in tell_due(store, VERSIONS, day, at=at(day))]


def done(due: date, on: date) -> Done:
    return Done(obligation="report", due=due, on=on, at=at(on), by="kim")


def sold(euros: int, through: date = date(2025, 12, 31), on: date = date(2026, 1, 5)) -> Measured:
    return Measured(
        minimum="volume", year=date(2025, 6, 1), amount=Money.of(euros, "EUR"), through=through, on=on
    )


def test_an_obligation_is_told_before_it_is_due_when_it_is_and_when_it_is_late(store: Store) -> None:
    assert agreements_of(store)[0].next_action_on == date(2025, 3, 24)
    assert told(store, date(2025, 3, 24)) == [(K.OBLIGATION_SOON, date(2025, 3, 24))]
    assert told(store, date(2025, 4, 1)) == [(K.OBLIGATION_DUE, date(2025, 3, 31))]
    assert agreements_of(store)[0].next_action_on == date(
        2025, 4, 16
    )  # 15 days after the 31st are over with the 15th
    assert told(store, date(2025, 4, 16)) == [(K.OBLIGATION_OVERDUE, date(2025, 4, 16))]
    assert told(store, date(2025, 4, 16)) == []


def test_what_was_done_is_kept_once_and_no_longer_told(store: Store) -> None:
    first = record_kept(
        store, VERSIONS, "a-1", done(date(2025, 3, 31), date(2025, 3, 20)), at=at(date(2025, 3, 20))
    )
    again = record_kept(
        store, VERSIONS, "a-1", done(date(2025, 3, 31), date(2025, 3, 21)), at=at(date(2025, 3, 21))
    )
    assert again == first
    assert first.next_action_on == date(2025, 6, 23)
    assert told(store, date(2025, 6, 1)) == []


def test_the_same_obligation_again_changes_nothing_and_another_of_its_id_replaces_it(store: Store) -> None:
    assert keep_obligations(store, VERSIONS, [REPORT], at=NOW) == ()
    yearly = Schedule(anchor=date(2025, 6, 30), step=Length.of("1 year"))
    other = Obligation(id="report", agreement="a-1", what=Text.of("the report"), by="partner", every=yearly)
    assert keep_obligations(store, VERSIONS, [other], at=NOW) == ("report",)
    assert agreements_of(store)[0].obligations == (other,)
    assert agreements_of(store)[0].next_action_on == date(2025, 6, 30)


def test_every_obligation_that_cannot_be_kept_is_said_and_none_is(store: Store) -> None:
    lost = [
        Obligation(id=id, agreement=agreement, what=Text.of("x"), by="partner", on=date(2025, 5, 5))
        for id, agreement in (("audit", "a-1"), ("one", "a-2"), ("two", "a-3"))
    ]
    with pytest.raises(InvalidInput) as refused:
        keep_obligations(store, VERSIONS, lost, at=NOW)
    assert [fault.path for fault in refused.value.faults] == ["one", "two"]
    assert agreements_of(store)[0].obligations == (REPORT,)


def test_what_cannot_be_recorded_is_refused_and_nothing_is_kept(store: Store) -> None:
    before = agreements_of(store)
    other_unit = Measured(
        minimum="volume", year=date(2025, 1, 2), count=3, through=date(2025, 2, 1), on=date(2025, 2, 2)
    )
    unknown = Measured(
        minimum="volum", year=date(2025, 1, 2), count=3, through=date(2025, 2, 1), on=date(2025, 2, 2)
    )
    for fact, said in (
        (done(date(2025, 3, 30), date(2025, 3, 30)), "accepted: a day of 'report'"),
        (other_unit, "accepted: an amount in EUR"),
        (unknown, "did you mean 'volume'"),
    ):
        with pytest.raises(InvalidInput, match=said):
            record_kept(store, VERSIONS, "a-1", fact, at=at(date(2025, 4, 1)))
    assert agreements_of(store) == before


def outcomes(store: Store, on: date) -> list[tuple[MinimumOutcome, Money | None]]:
    record, policy = agreements_of(store)[0], contract_policy(VERSIONS, at(on))
    course = course_on(record.agreement, on, at(on), policy.calendars)
    assert course is not None
    held = commitments_of(record, policy, on, at(on))
    return [(MinimumOutcome(one.outcome), one.to_pay) for one in held.judged("volume", course.timetable, on)]


def test_a_year_that_was_not_measured_is_asked_for_and_its_shortfall_is_exact(store: Store) -> None:
    january = date(2026, 1, 5)
    kinds = [one.kind for one in due_by(store, VERSIONS, january, at=at(january))]
    assert K.MINIMUM_ENDED in kinds
    record_kept(store, VERSIONS, "a-1", sold(64_321), at=at(january))
    assert outcomes(store, january)[0] == (MinimumOutcome.SHORT, Money.of(35_679, "EUR"))
    kinds = [one.kind for one in due_by(store, VERSIONS, january, at=at(january))]
    assert K.MINIMUM_ENDED not in kinds


def test_a_waiver_settles_a_year(store: Store) -> None:
    waiver = Waiver(minimum="volume", year=date(2025, 1, 1), on=date(2026, 1, 4), by="mori")
    record_kept(store, VERSIONS, "a-1", sold(1), waiver, at=at(date(2026, 1, 5)))
    assert outcomes(store, date(2026, 1, 5))[0][0] is MinimumOutcome.WAIVED


def test_an_amendment_changes_the_minimum_of_its_days(store: Store) -> None:
    (record,) = agreements_of(store)
    day = date(2026, 2, 1)
    lower = amended(
        record.agreement,
        Document(id="am-1", document_class="amendment", known_since=at(day), signed_on=day),
        [Provision(key="volume", clause=minimum(60_000), document="am-1")],
    )
    keep_agreements(store, VERSIONS, [lower], at=at(day))
    (record,) = agreements_of(store)
    policy = contract_policy(VERSIONS, at(day))
    held = {on: commitments_of(record, policy, on, at(day)).minimums["volume"].amount for on in (SIGNED, day)}
    assert held == {SIGNED: Money.of(100_000, "EUR"), day: Money.of(60_000, "EUR")}
