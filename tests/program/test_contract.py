"""Agreements over a store: kept, signed, given notice of, told once when something is due, and asked for by a gate.

A year from New Year 2025, renewed by itself, stopped 90 days before: 2 October is the last day. Days are worked out by hand.
"""

import datetime
import threading
from collections.abc import Callable
from datetime import UTC, date
from pathlib import Path
from typing import Any

import attrs
import pytest

from prmcore.contracts.agreements import (
    Agreement,
    AgreementKind,
    Clause,
    Document,
    LawClause,
    Party,
    Provision,
    Renews,
    Runs,
    amended,
)
from prmcore.contracts.lifecycle import (
    AGREEMENTS,
    AgreementAction,
    AgreementState,
    AgreementStep,
    Due,
    DueKind,
    Purpose,
    standing_of,
)
from prmcore.contracts.notice import GivenNotice, NoticeClause, NoticeOutcome, Reading
from prmcore.contracts.terms import RenewalClause, RenewalKind, TermClause
from prmcore.deals.registrations import Deal, RegistrationState
from prmcore.decisions.explain import explain
from prmcore.errors import InvalidInput
from prmcore.partners import PARTNERS, Enrolment, Partner, Status
from prmcore.program import ProgramVersions, from_document
from prmcore.program.contract import (
    agreement_in_force,
    agreements_of,
    contract_policy,
    due_by,
    keep_agreements,
    record_notice,
    take_step,
    tell_due,
)
from prmcore.program.register import circumstances, draft_registration, submit_registration
from prmcore.repository import Store, UnitOfWork
from prmcore.storage import MemoryStore, SqliteStore
from prmcore.values import Dated, DateRange, Length, Money, PartnerId, ProgramId

A = AgreementAction
S = AgreementState
K = DueKind
SIGNED = date(2024, 12, 15)
CONTRACTS: dict[str, Any] = {"reminders": {"before_deadline": ["30 days"], "owner": "office"}}


def program(contracts: dict[str, Any] | None = CONTRACTS, **more: Any) -> ProgramVersions:
    said = {"registrations": {}} if contracts is None else {"contracts": contracts}
    document = {"format": "prmcore/1", "name": "deals", "version": "2025", **said, **more}
    return ProgramVersions.of(from_document(document))


VERSIONS = program()


def at(day: date, hour: int = 9) -> datetime.datetime:
    return datetime.datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


NOW = at(date(2025, 1, 10))


def stops(length: str = "90 days") -> NoticeClause:
    return NoticeClause(notice=Length.of(length), reading=Reading.EXCLUSIVE_END)


def paper(
    id: str = "a-1",
    signed_on: date | None = SIGNED,
    partner: str = "acme",
    kind: AgreementKind = AgreementKind.RESELLER,
    **changed: Clause,
) -> Agreement:
    said: dict[str, Clause] = {
        "term": Runs(term=TermClause(start=date(2025, 1, 1), length=Length.of("1 year"))),
        "renewal": Renews(renewal=RenewalClause(kind=RenewalKind.AUTOMATIC)),
        "non_renewal": stops(),
        **changed,
    }
    document = Document(id="master", document_class="master", known_since=at(SIGNED), signed_on=signed_on)
    return Agreement(
        id=id,
        kind=kind,
        partner=partner,
        parties=(
            Party(role="partner", id=partner, name=partner),
            Party(role="vendor", id="us", name="Us"),
        ),
        documents=(document,),
        provisions=tuple(
            Provision(key=key, clause=clause, document="master") for key, clause in said.items()
        ),
    )


def with_amendment(one: Agreement, signed_on: date, **said: Clause) -> Agreement:
    document = Document(id="am", document_class="amendment", known_since=at(signed_on), signed_on=signed_on)
    return amended(
        one, document, [Provision(key=key, clause=clause, document="am") for key, clause in said.items()]
    )


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    return MemoryStore() if request.param == "memory" else SqliteStore(tmp_path / "store.db")


def keep(store: Store, *agreements: Agreement, now: datetime.datetime = NOW, **more: Any) -> tuple[str, ...]:
    return keep_agreements(store, VERSIONS, agreements, at=now, **more)


def everything(store: Store) -> list[tuple[Any, int]]:
    with store.unit_of_work() as work:
        return [(one.record, one.version) for one in work.repository(AGREEMENTS)]


def next_days(store: Store) -> dict[str, date | None]:
    return {one.agreement.id: one.next_action_on for one in agreements_of(store)}


def seen(items: tuple[Due, ...]) -> list[tuple[str, K, date]]:
    return [(one.agreement, one.kind, one.on) for one in items]


def step(action: A, on: date, **more: Any) -> AgreementStep:
    return AgreementStep(action=action, on=on, at=at(on), by="clerk", **more)


def notice(day: date, id: str = "N-1") -> GivenNotice:
    return GivenNotice(id=id, by="partner", sent_at=at(day), received_at=at(day))


# kept


def test_new_agreements_are_kept_with_the_day_on_which_something_is_due(store: Store) -> None:
    assert keep(store, paper(), paper("a-2", partner="bolt", kind=AgreementKind.NDA)) == ("a-1", "a-2")
    assert next_days(store) == {"a-1": date(2025, 9, 2), "a-2": date(2025, 9, 2)}  # 30 days before 2 October
    assert [one.agreement.id for one in agreements_of(store, partner="bolt")] == ["a-2"]
    assert [one.agreement.id for one in agreements_of(store, kind="reseller")] == ["a-1"]


def test_the_same_paper_again_changes_nothing(store: Store) -> None:
    keep(store, paper())
    before = everything(store)
    assert keep(store, paper(), now=at(date(2025, 6, 1))) == ()
    assert everything(store) == before


def test_a_draft_that_is_read_again_later_is_the_same(store: Store) -> None:
    keep(store, paper(signed_on=None))
    document = attrs.evolve(paper(signed_on=None).documents[0], known_since=at(date(2025, 3, 1)))
    assert keep(store, attrs.evolve(paper(signed_on=None), documents=(document,))) == ()


def test_a_draft_is_kept_changed_and_signed(store: Store) -> None:
    keep(store, paper(signed_on=None))
    assert next_days(store) == {"a-1": None}
    changed = paper(signed_on=None, non_renewal=stops("60 days"))
    assert keep(store, changed) == ("a-1",)
    assert keep(store, paper(non_renewal=stops("60 days"))) == ("a-1",)
    assert next_days(store) == {"a-1": date(2025, 10, 2)}  # 30 days before 1 November


def test_an_amendment_is_kept_and_moves_the_day_on_which_something_is_due(store: Store) -> None:
    keep(store, paper())
    more = with_amendment(paper(), date(2025, 6, 1), non_renewal=stops("30 days"))
    assert keep(store, more, now=at(date(2025, 6, 2))) == ("a-1",)
    assert next_days(store) == {"a-1": date(2025, 11, 1)}  # 30 days before 1 December
    with pytest.raises(InvalidInput, match="signed on 2024-12-15 and reads otherwise now"):
        keep(store, paper(), now=at(date(2025, 6, 3)))


def test_all_that_cannot_be_kept_is_said_at_once_and_nothing_is_kept(store: Store) -> None:
    keep(store, paper("a-1"))
    before = everything(store)
    endless = Runs(term=TermClause(start=date(2025, 1, 1)))
    with pytest.raises(InvalidInput) as caught:
        keep(
            store,
            paper("a-0"),
            paper("a-1", non_renewal=stops("30 days")),
            paper("a-2", term=endless),
            paper("a-3", term=stops(), renewal=stops(), non_renewal=stops()),
            attrs.evolve(paper("a-4"), documents=tuple(attrs.evolve(one, known_since=at(date(2026, 1, 1))) for one in paper().documents)),
        )  # fmt: skip
    assert caught.value.title == "the agreements cannot be kept"
    assert [str(fault) for fault in caught.value.faults] == [
        "the agreement 'a-1' was signed on 2024-12-15 and reads otherwise now; accepted: the same papers, and further ones @ a-1",
        "found automatic after a term without end; accepted: fixed @ a-2.on 2024-12-15.renewal.kind",
        "says nothing of a term; accepted: a provision whose clause is of the kind term @ a-3",
        "is known since 2026-01-01T09:00:00+00:00; accepted: 2025-01-10T09:00:00+00:00, now, or before @ a-4",
    ]
    assert everything(store) == before


def test_what_was_due_before_it_was_kept_counts_as_told_unless_it_is_asked_for(store: Store) -> None:
    keep(store, paper("old"), now=at(date(2027, 3, 1)))
    keep(store, paper("new"), now=at(date(2027, 3, 1)), since=date(2026, 12, 31))
    assert seen(due_by(store, VERSIONS, date(2027, 3, 1), at=at(date(2027, 3, 1)))) == [
        ("new", K.RENEWAL_STARTED, date(2027, 1, 1))
    ]


# steps and notices


def test_a_draft_that_is_signed_by_a_step_begins_to_run(store: Store) -> None:
    keep(store, paper(signed_on=None))
    assert take_step(store, VERSIONS, "a-1", step(A.APPROVE, date(2024, 12, 14))).decision is not None
    signed = take_step(store, VERSIONS, "a-1", step(A.SIGN, SIGNED))
    assert signed.record.agreement.signed_on == SIGNED
    assert next_days(store) == {"a-1": date(2025, 9, 2)}  # told until the day on which it was kept


def test_what_is_not_allowed_is_a_decision_and_keeps_nothing(store: Store) -> None:
    keep(store, paper())
    before = everything(store)
    found = take_step(store, VERSIONS, "a-1", step(A.APPROVE, date(2025, 2, 1)))
    assert found.decision is not None
    assert found.decision.outcome is False
    assert everything(store) == before


def test_the_same_step_and_the_same_notice_twice_change_nothing(store: Store) -> None:
    keep(store, paper())
    for _ in range(2):
        take_step(store, VERSIONS, "a-1", step(A.SUSPEND, date(2025, 2, 1)))
        record_notice(store, VERSIONS, "a-1", notice(date(2025, 9, 1)), at=at(date(2025, 9, 1)), by="kim")
    ((record, version),) = everything(store)
    assert ([one.action for one in record.steps], version) == ([A.SUSPEND, A.GIVE_NOTICE], 3)


def test_a_notice_is_judged_kept_and_takes_the_renewal_off_the_list(store: Store) -> None:
    keep(store, paper())
    found = record_notice(store, VERSIONS, "a-1", notice(date(2025, 9, 1)), at=at(date(2025, 9, 1)), by="kim")
    assert found.judged is not None
    assert found.judged.outcome is NoticeOutcome.EFFECTIVE
    assert found.record == agreements_of(store)[0]
    assert next_days(store) == {"a-1": date(2026, 1, 1)}  # it ends


def test_a_notice_of_which_the_paper_knows_nothing_keeps_nothing(store: Store) -> None:
    keep(store, paper())
    before = everything(store)
    with pytest.raises(InvalidInput, match="no clause lets 'partner' end it without a reason"):
        record_notice(
            store, VERSIONS, "a-1", notice(date(2025, 3, 1)), at=NOW, by="kim", purpose=Purpose.CONVENIENCE
        )
    assert everything(store) == before


def test_an_agreement_that_there_is_not_is_the_callers_fault(store: Store) -> None:
    with pytest.raises(InvalidInput, match="there is no agreement 'a-9'"):
        take_step(store, VERSIONS, "a-9", step(A.SUSPEND, date(2025, 2, 1)))


# due


def test_what_is_due_is_told_once(store: Store) -> None:
    keep(store, paper(), paper("a-2"))
    day = date(2025, 9, 2)
    asked = due_by(store, VERSIONS, day, at=at(day))
    assert seen(asked) == [("a-1", K.STOP_SOON, day), ("a-2", K.STOP_SOON, day)]
    assert due_by(store, VERSIONS, day, at=at(day)) == asked  # to ask changes nothing
    assert tell_due(store, VERSIONS, day, at=at(day)) == asked
    assert tell_due(store, VERSIONS, day, at=at(day)) == ()
    assert due_by(store, VERSIONS, day, at=at(day)) == ()
    assert next_days(store) == {"a-1": date(2025, 10, 2), "a-2": date(2025, 10, 2)}


def test_a_run_that_missed_days_catches_up_term_by_term(store: Store) -> None:
    # trap 25
    keep(store, paper())
    assert seen(tell_due(store, VERSIONS, date(2027, 1, 2), at=at(date(2027, 1, 2)))) == [
        ("a-1", K.RENEWAL_CERTAIN, date(2025, 10, 3)),
        ("a-1", K.RENEWAL_STARTED, date(2026, 1, 1)),
        ("a-1", K.RENEWAL_CERTAIN, date(2026, 10, 3)),
        ("a-1", K.RENEWAL_STARTED, date(2027, 1, 1)),
    ]
    assert tell_due(store, VERSIONS, date(2027, 1, 2), at=at(date(2027, 1, 2))) == ()


def test_a_run_for_a_day_that_was_told_already_tells_nothing_and_does_not_go_back(store: Store) -> None:
    keep(store, paper())
    tell_due(store, VERSIONS, date(2025, 10, 3), at=at(date(2025, 10, 3)))
    before = everything(store)
    assert tell_due(store, VERSIONS, date(2025, 9, 15), at=at(date(2025, 10, 3))) == ()
    assert everything(store) == before


def test_runs_at_the_same_time_tell_each_item_once(store: Store) -> None:
    keep(store, *(paper(f"a-{place}") for place in range(8)))
    day = date(2025, 9, 2)
    told: list[tuple[Due, ...]] = []
    begin = threading.Barrier(4)

    def run() -> None:
        begin.wait()
        told.append(tell_due(store, VERSIONS, day, at=at(day)))

    workers = [threading.Thread(target=run) for _ in range(4)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    assert len(told) == 4
    assert sorted(due.agreement for items in told for due in items) == [f"a-{place}" for place in range(8)]


def test_due_items_of_several_agreements_come_by_their_days(store: Store) -> None:
    keep(store, paper("a-1"), paper("a-0", non_renewal=stops("95 days")))
    found = due_by(store, VERSIONS, date(2025, 10, 3), at=at(date(2025, 10, 3)))
    assert seen(found) == [
        ("a-0", K.RENEWAL_CERTAIN, date(2025, 9, 28)),
        ("a-1", K.RENEWAL_CERTAIN, date(2025, 10, 3)),
    ]


def test_an_agreement_that_cannot_be_followed_stops_the_run_before_anything_is_told(store: Store) -> None:
    # told and lost would be worse than late: when the calendar knows the year, all of them are told
    def with_years(*years: int) -> ProgramVersions:
        return program({"calendars": {"house": {"years": list(years), "version": "1"}}})

    counted = paper("b", non_renewal=stops("10 business days"), law=LawClause(law="JP", calendar="house"))
    other = attrs.evolve(counted, id="c")
    keep_agreements(store, with_years(2025), [paper("a"), counted, other], at=NOW)
    day, before = date(2026, 1, 1), everything(store)
    for asked in (due_by, tell_due):
        with pytest.raises(InvalidInput) as caught:
            asked(store, with_years(2025), day, at=at(day))
        assert caught.value.title == "what is due cannot be told"
        assert [fault.path.partition(".")[0] for fault in caught.value.faults] == ["b", "c"]
        assert everything(store) == before
    told = tell_due(store, with_years(2025, 2026), day, at=at(day))
    assert {one.agreement for one in told} == {"a", "b", "c"}


def test_what_changes_while_it_is_told_is_told_as_it_is_then(store: Store) -> None:
    keep(store, paper())

    class Slow:
        """A store in which a notice comes in between what is read and what is written."""

        def __init__(self) -> None:
            self.reads = 0

        def unit_of_work(self) -> UnitOfWork:
            self.reads += 1
            if self.reads == 2:
                given = notice(date(2025, 9, 1))
                record_notice(store, VERSIONS, "a-1", given, at=at(date(2025, 9, 1)), by="kim")
            return store.unit_of_work()

    day = date(2025, 10, 3)
    assert tell_due(Slow(), VERSIONS, day, at=at(day)) == ()  # and not that a renewal is certain
    assert next_days(store) == {"a-1": date(2026, 1, 1)}


# a fact for gates


def in_force(store: Store, versions: ProgramVersions, partner: str, day: date) -> bool | None:
    with store.unit_of_work() as work:
        return agreement_in_force(work, versions.at(at(day)), partner, day, at(date(2030, 1, 1)))


def test_whether_an_agreement_is_in_force_is_true_false_or_not_known(store: Store) -> None:
    keep(store, paper(), paper("n", partner="bolt", kind=AgreementKind.NDA))
    days = (date(2024, 12, 31), date(2025, 1, 1))
    assert [in_force(store, VERSIONS, "acme", day) for day in days] == [False, True]
    assert in_force(store, VERSIONS, "bolt", date(2025, 5, 1)) is False  # no NDA lets anybody sell
    assert in_force(store, VERSIONS, "coil", date(2025, 5, 1)) is False
    assert in_force(store, program(None), "acme", date(2025, 5, 1)) is None
    ndas = program({"qualifying": ["nda"]})
    assert [in_force(store, ndas, one, date(2025, 5, 1)) for one in ("acme", "bolt")] == [False, True]


def test_what_rests_or_is_over_is_not_in_force_and_what_runs_out_still_is(store: Store) -> None:
    keep(store, paper())
    record_notice(store, VERSIONS, "a-1", notice(date(2025, 9, 1)), at=at(date(2025, 9, 1)), by="kim")
    days = (date(2025, 12, 31), date(2026, 1, 1))
    assert [in_force(store, VERSIONS, "acme", day) for day in days] == [True, False]
    take_step(store, VERSIONS, "a-1", step(A.SUSPEND, date(2025, 11, 1)))
    assert in_force(store, VERSIONS, "acme", date(2025, 11, 2)) is False


@pytest.mark.parametrize(
    ("locale", "said"),
    [("en", "agreement in force"), ("ja", "有効な契約"), ("zh", "有效协议")],
)
def test_a_registration_of_a_partner_without_an_agreement_is_refused_and_told_why(
    locale: str, said: str
) -> None:
    store = MemoryStore()
    asking = program({}, registrations={"eligibility": {"valid_agreement": True}})
    enrolled = Partner(
        id=PartnerId("acme"),
        name="acme",
        languages=("ja",),
        enrolments=(Enrolment(program=ProgramId("deals")),),
        lifecycle=Dated(((DateRange(), Status.ACTIVE),)),
    )
    with store.unit_of_work() as work:
        work.repository(PARTNERS).put(enrolled)
        work.commit()
    deal = Deal(customer="Yamato KK", value=Money.of(500, "EUR"))
    draft_registration(store, asking, id="R-1", partner="acme", deal=deal, by="rep", at=NOW)

    def submitted() -> Any:
        known = circumstances(store, asking, "acme", NOW, account="yamato", registration="R-1")
        return submit_registration(store, asking, "R-1", "yamato", known, by="rep", at=NOW)

    refused = submitted()
    assert refused.registration.state is RegistrationState.DRAFT
    assert [
        line for line in str(explain(refused.decision, locale)).splitlines() if said in line and "✗" in line
    ]
    keep(store, paper())
    assert submitted().registration.state is RegistrationState.SUBMITTED


# policies


def test_the_policy_is_that_of_the_version_of_the_instant_and_plain_where_none_is_written() -> None:
    assert contract_policy(VERSIONS, NOW).reminders.owner == "office"
    assert contract_policy(program(None), NOW).reminders.owner is None


@pytest.mark.parametrize("asked", [due_by, tell_due])
def test_a_day_that_is_none_is_refused(asked: Callable[..., Any]) -> None:
    with pytest.raises(InvalidInput):
        asked(MemoryStore(), VERSIONS, "2025-01-01", at=NOW)


def test_how_it_stands_follows_from_what_was_kept(store: Store) -> None:
    keep(store, paper())
    (record,) = agreements_of(store)
    policy = contract_policy(VERSIONS, NOW)
    assert standing_of(record, policy, date(2025, 10, 3), NOW).state is S.RENEWED
