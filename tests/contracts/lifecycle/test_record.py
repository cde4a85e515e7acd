"""A kept agreement: how it stands and what is due across amendments, by hand, and laws that hold the three readings together."""

import datetime
import pickle
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prmcore.contracts.agreements import (
    Agreement,
    AgreementKind,
    Clause,
    Document,
    LawClause,
    MinimumClause,
    Party,
    Provision,
    Renews,
    Runs,
    amended,
)
from prmcore.contracts.lifecycle import (
    AGREEMENTS,
    ENDED,
    AgreementAction,
    AgreementRecord,
    AgreementState,
    AgreementStep,
    ContractPolicy,
    Due,
    DueKind,
    Purpose,
    Reminders,
    commitments_of,
    courses,
    due_of,
    next_action_of,
    redocumented,
    standing_of,
    tidied,
    upcoming,
    zone_of,
)
from prmcore.contracts.notice import NoticeClause, Reading
from prmcore.contracts.obligations import Commitments, Done, Measured, Obligation, Waiver
from prmcore.contracts.terms import RenewalClause, RenewalKind, TermClause
from prmcore.errors import InvalidInput
from prmcore.repository import committed
from prmcore.storage import MemoryStore
from prmcore.testing._lifecycle import KNOWN, records
from prmcore.values import FiscalCalendar, Length, Text
from prmcore.values.wire import from_plain, to_plain

D = datetime.date
A = AgreementAction
S = AgreementState
K = DueKind
DAY = datetime.timedelta(days=1)
SIGNED = D(2024, 12, 15)
PLAIN = ContractPolicy()
TOLD = ContractPolicy(
    reminders=Reminders(
        before_deadline=(Length.of("30 days"),), before_end=(Length.of("1 month"),), owner="office"
    )
)


def midnight(day: D) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(), datetime.UTC)


def runs(start: D, last_day: D | None = None) -> Runs:
    length = Length.of("1 year") if last_day is None else None
    return Runs(term=TermClause(start=start, length=length, last_day=last_day))


def renews(kind: RenewalKind = RenewalKind.AUTOMATIC) -> Renews:
    return Renews(renewal=RenewalClause(kind=kind))


def stops(length: str = "90 days") -> NoticeClause:
    return NoticeClause(notice=Length.of(length), reading=Reading.EXCLUSIVE_END)


def paper(signed_on: D | None = SIGNED, **changed: Clause) -> Agreement:
    """Yearly from New Year 2025, renewed by itself, stopped 90 days before."""
    said = {"term": runs(D(2025, 1, 1)), "renewal": renews(), "non_renewal": stops(), **changed}
    return Agreement(
        id="a-1",
        kind=AgreementKind.RESELLER,
        partner="acme",
        parties=(Party(role="partner", id="acme", name="Acme"), Party(role="vendor", id="us", name="Us")),
        documents=(
            Document(id="master", document_class="master", known_since=midnight(SIGNED), signed_on=signed_on),
        ),
        provisions=tuple(
            Provision(key=key, clause=clause, document="master") for key, clause in said.items()
        ),
    )


def with_amendment(
    one: Agreement, signed_on: D | None, known_on: D | None = None, **said: Clause
) -> Agreement:
    id = f"amendment-{len(one.documents)}"
    since = midnight(known_on or signed_on or SIGNED)
    document = Document(id=id, document_class="amendment", known_since=since, signed_on=signed_on)
    return amended(
        one, document, [Provision(key=key, clause=clause, document=id) for key, clause in said.items()]
    )


def step(action: A, on: D, **more: Any) -> AgreementStep:
    return AgreementStep(action=action, on=on, at=midnight(on), by="clerk", **more)


def kept(one: Agreement, *steps: AgreementStep) -> AgreementRecord:
    return AgreementRecord(agreement=one, steps=steps)


def stands(record: AgreementRecord, *days: D, known: datetime.datetime = KNOWN) -> list[S]:
    return [standing_of(record, PLAIN, day, known).state for day in days]


def course_days(record: AgreementRecord) -> list[D]:
    return [day for day, _ in courses(record.agreement, KNOWN)]


def told(record: AgreementRecord, after: D, until: D) -> list[tuple[K, D, int | None]]:
    """What is due, asked day by day."""
    found: list[Due] = []
    while after < until:
        found += due_of(record, TOLD, after + DAY, KNOWN, after=after)
        after += DAY
    return [(one.kind, one.on, one.term) for one in found]


# how it stands


def test_an_agreement_stands_by_the_paper_of_the_day() -> None:
    # 90 days before the end of 2025 leave 2 October; from June on 30 days leave 1 December
    record = kept(with_amendment(paper(), D(2025, 6, 1), non_renewal=stops("30 days")))
    found = [
        standing_of(record, PLAIN, day, KNOWN) for day in (D(2025, 5, 31), D(2025, 10, 10), D(2025, 12, 2))
    ]
    assert [(one.state, one.stoppable_until) for one in found] == [
        (S.ACTIVE, D(2025, 10, 2)),
        (S.ACTIVE, D(2025, 12, 1)),
        (S.RENEWED, D(2025, 12, 1)),
    ]


def test_what_was_signed_but_not_known_yet_does_not_change_how_it_stood() -> None:
    record = kept(
        with_amendment(paper(), D(2025, 6, 1), known_on=D(2025, 11, 1), non_renewal=stops("30 days"))
    )
    assert stands(record, D(2025, 10, 10), known=midnight(D(2025, 10, 10))) == [S.RENEWED]
    assert stands(record, D(2025, 10, 10), known=midnight(D(2025, 11, 1))) == [S.ACTIVE]


def test_a_step_counts_once_it_is_known() -> None:
    late = attrs.evolve(step(A.TERMINATE, D(2025, 4, 1)), at=midnight(D(2025, 4, 20)))
    record = kept(paper(), late)
    assert stands(record, D(2025, 4, 10), known=midnight(D(2025, 4, 10))) == [S.ACTIVE]
    assert stands(record, D(2025, 4, 10)) == [S.TERMINATED]


def test_a_draft_stands_by_its_steps_alone() -> None:
    record = kept(paper(signed_on=None), step(A.NEGOTIATE, D(2024, 11, 1)), step(A.APPROVE, D(2024, 12, 1)))
    assert stands(record, D(2024, 10, 31), D(2024, 11, 1), D(2024, 12, 1), D(2025, 6, 1)) == [
        S.DRAFT, S.NEGOTIATION, S.APPROVED, S.APPROVED,
    ]  # fmt: skip


def test_an_opt_in_that_ran_out_is_not_revived_by_a_later_amendment() -> None:
    opt_in = paper(renewal=renews(RenewalKind.OPT_IN))
    record = kept(with_amendment(opt_in, D(2026, 3, 1), renewal=renews()))
    assert stands(record, D(2025, 12, 31), D(2026, 2, 28), D(2026, 3, 1), D(2027, 6, 1)) == [
        S.ACTIVE, S.EXPIRED, S.EXPIRED, S.EXPIRED,
    ]  # fmt: skip
    assert told(record, D(2026, 2, 1), D(2026, 4, 1)) == []
    assert next_action_of(record, TOLD, KNOWN, after=D(2026, 2, 1)) is None


def test_an_agreement_that_a_notice_ended_is_not_revived_by_another_term() -> None:
    notice = step(A.GIVE_NOTICE, D(2025, 9, 1), purpose=Purpose.STOP_RENEWAL, last_term=0)
    record = kept(with_amendment(paper(), D(2026, 3, 1), term=runs(D(2026, 1, 1), D(2027, 3, 31))), notice)
    assert stands(record, D(2025, 12, 31), D(2026, 1, 1), D(2026, 3, 1)) == [
        S.NOTICE_GIVEN, S.EXPIRED, S.EXPIRED,
    ]  # fmt: skip


def test_a_notice_stops_the_term_of_its_number_after_its_end_was_moved() -> None:
    notice = step(A.GIVE_NOTICE, D(2026, 5, 1), purpose=Purpose.STOP_RENEWAL, last_term=1)
    longer = with_amendment(paper(), D(2026, 6, 1), term=runs(D(2026, 1, 1), D(2027, 3, 31)))
    record = kept(longer, notice)
    assert stands(record, D(2026, 12, 31), D(2027, 3, 31), D(2027, 4, 1)) == [
        S.NOTICE_GIVEN, S.NOTICE_GIVEN, S.EXPIRED,
    ]  # fmt: skip


# what is due


def test_what_is_due_follows_the_amendments() -> None:
    record = kept(with_amendment(paper(), D(2025, 6, 1), non_renewal=stops("30 days")))
    assert told(record, D(2025, 5, 1), D(2026, 1, 1)) == [
        (K.STOP_SOON, D(2025, 11, 1), 0),  # 30 days before 1 December
        (K.STOP_LAST_DAY, D(2025, 12, 1), 0),
        (K.RENEWAL_CERTAIN, D(2025, 12, 2), 1),
        (K.RENEWAL_STARTED, D(2026, 1, 1), 1),
    ]


def test_a_renewal_that_an_amendment_makes_certain_is_told_on_its_day() -> None:
    # 300 days before the end of 2025 leave 6 March; signed in June, the day is over
    record = kept(with_amendment(paper(), D(2025, 6, 1), non_renewal=stops("300 days")))
    assert stands(record, D(2025, 5, 31), D(2025, 6, 1)) == [S.ACTIVE, S.RENEWED]
    assert told(record, D(2025, 5, 1), D(2025, 7, 1)) == [(K.RENEWAL_CERTAIN, D(2025, 6, 1), 1)]
    assert next_action_of(record, PLAIN, KNOWN, after=D(2025, 5, 31)) == D(2025, 6, 1)


def test_an_end_that_an_amendment_puts_into_the_past_is_told_on_the_day_of_the_amendment() -> None:
    record = kept(with_amendment(paper(), D(2025, 6, 1), term=runs(D(2025, 1, 1), D(2025, 4, 30)), renewal=renews(RenewalKind.FIXED)))  # fmt: skip
    assert stands(record, D(2025, 5, 31), D(2025, 6, 1)) == [S.ACTIVE, S.EXPIRED]
    assert told(record, D(2025, 5, 1), D(2025, 7, 1)) == [(K.ENDED, D(2025, 6, 1), 0)]
    assert next_action_of(record, PLAIN, KNOWN, after=D(2025, 6, 1)) is None


def test_the_last_day_to_stop_it_is_told_when_an_amendment_puts_it_on_its_own_day() -> None:
    # 213 days before the end of 2025 leave 1 June: 30 + 31 + 31 + 30 + 31 + 30 + 31 = 214 from June to December, less one
    record = kept(with_amendment(paper(), D(2025, 6, 1), non_renewal=stops("213 days")))
    assert told(record, D(2025, 5, 1), D(2025, 6, 2)) == [
        (K.STOP_LAST_DAY, D(2025, 6, 1), 0), (K.RENEWAL_CERTAIN, D(2025, 6, 2), 1),
    ]  # fmt: skip


def test_one_run_after_years_tells_each_event_with_its_number() -> None:
    one = with_amendment(paper(), D(2026, 6, 1), term=runs(D(2026, 1, 1), D(2027, 3, 31)))
    found = due_of(kept(one), TOLD, D(2027, 4, 1), KNOWN, after=SIGNED)
    assert [(due.kind, due.on, due.term) for due in found] == [
        (K.STARTED, D(2025, 1, 1), 0),
        (K.RENEWAL_CERTAIN, D(2025, 10, 3), 1),
        (K.RENEWAL_STARTED, D(2026, 1, 1), 1),
        (K.RENEWAL_CERTAIN, D(2027, 1, 1), 2),  # 90 days before 1 April are 1 January to 31 March
        (K.RENEWAL_STARTED, D(2027, 4, 1), 2),
    ]


def test_a_last_day_that_is_over_is_not_told_because_an_amendment_came_after_it() -> None:
    record = kept(
        with_amendment(paper(), D(2025, 10, 3), law=LawClause(law="JP", counting="contract-practice"))
    )
    assert len(course_days(record)) == 2
    found = due_of(record, PLAIN, D(2025, 10, 10), KNOWN, after=D(2025, 10, 1))
    assert [(one.kind, one.on) for one in found] == [(K.RENEWAL_CERTAIN, D(2025, 10, 3))]


def test_for_a_calendar_all_days_come_in_their_order() -> None:
    found = upcoming(kept(paper()), TOLD, D(2026, 1, 1), KNOWN, after=D(2025, 8, 1))
    assert [(one.kind, one.on) for one in found] == [
        (K.STOP_SOON, D(2025, 9, 2)),
        (K.STOP_LAST_DAY, D(2025, 10, 2)),
        (K.RENEWAL_CERTAIN, D(2025, 10, 3)),
        (K.RENEWAL_STARTED, D(2026, 1, 1)),
    ]


def test_a_record_is_tidied_to_the_day_on_which_something_is_due_next() -> None:
    record = attrs.evolve(kept(paper()), told_until=D(2025, 1, 1))
    assert tidied(record, PLAIN, KNOWN).next_action_on == D(2025, 10, 2)
    assert tidied(record, TOLD, KNOWN).next_action_on == D(2025, 9, 2)
    assert tidied(kept(paper()), PLAIN, KNOWN).next_action_on == D(2025, 1, 1)  # nothing was told yet
    assert tidied(kept(paper(signed_on=None)), PLAIN, KNOWN).next_action_on is None


# its paper


def test_the_same_paper_again_changes_nothing() -> None:
    record = kept(with_amendment(paper(), D(2025, 6, 1), non_renewal=stops("30 days")))
    assert redocumented(record, record.agreement) is record
    turned = attrs.evolve(record.agreement, provisions=record.agreement.provisions[::-1])
    assert redocumented(record, turned) is record  # in which order it is written says nothing


def test_a_draft_may_be_changed_and_signed() -> None:
    draft = kept(paper(signed_on=None), step(A.NEGOTIATE, D(2024, 11, 1)))
    changed = redocumented(draft, paper(signed_on=None, non_renewal=stops("30 days")))
    assert changed.agreement.provisions[2].clause == stops("30 days")
    assert changed.steps == draft.steps
    assert redocumented(draft, paper()).agreement == paper()


def test_what_was_signed_gets_further_papers_and_is_never_rewritten() -> None:
    more = with_amendment(paper(), D(2025, 6, 1), non_renewal=stops("30 days"))
    assert redocumented(kept(paper()), more).agreement == more
    for other in (
        paper(non_renewal=stops("30 days")),
        attrs.evolve(paper(), kind=AgreementKind.NDA),
        attrs.evolve(paper(), parties=paper().parties[:1]),
        paper(signed_on=D(2024, 12, 16)),
        paper(signed_on=None),
    ):
        with pytest.raises(InvalidInput, match="signed on 2024-12-15 and reads otherwise now"):
            redocumented(kept(paper()), other)
    with pytest.raises(InvalidInput, match="signed on 2024-12-15 and reads otherwise now"):
        redocumented(kept(more), paper())  # an amendment is missing
    with pytest.raises(InvalidInput, match="reads otherwise now"):  # another paper made it an agreement
        redocumented(kept(more), attrs.evolve(more, documents=more.documents[::-1]))
    with pytest.raises(InvalidInput, match="found the agreement 'b'; accepted: 'a-1'"):
        redocumented(kept(paper()), attrs.evolve(paper(), id="b"))


def test_an_amendment_that_nobody_has_signed_may_still_be_changed_signed_and_withdrawn() -> None:
    draft = with_amendment(paper(), None, non_renewal=stops("30 days"))
    record = kept(draft)
    assert stands(record, D(2025, 10, 10)) == [S.RENEWED]  # it does not hold
    signed = with_amendment(paper(), D(2025, 6, 1), non_renewal=stops("60 days"))
    assert redocumented(record, signed).agreement == signed
    assert redocumented(record, paper()).agreement == paper()


def test_obligations_hold_beside_a_paper_without_minimums() -> None:
    due = D(2025, 3, 31)
    report = Obligation(id="report", agreement="a-1", what=Text.of("Report"), by="partner", on=due)
    done = [
        Done(obligation="report", due=due, on=on, at=midnight(on), by="clerk")
        for on in (D(2025, 3, 3), D(2025, 4, 4))
    ]
    record = attrs.evolve(kept(paper()), obligations=(report,), done=tuple(done))
    held = commitments_of(record, PLAIN, D(2025, 3, 20), midnight(D(2025, 3, 20)))
    assert (held.obligations, held.done, held.minimums) == (
        (report,),
        (done[0],),
        {},
    )  # the other is not known yet
    assert held.since == D(2025, 1, 1)


def test_the_zone_is_that_of_the_paper_or_else_of_the_program() -> None:
    program = ContractPolicy(zone="Europe/Berlin")
    assert zone_of(paper(), program, D(2025, 5, 1), KNOWN) == "Europe/Berlin"
    tokyo = with_amendment(paper(), D(2025, 6, 1), law=LawClause(law="JP", zone="Asia/Tokyo"))
    assert zone_of(tokyo, program, D(2025, 5, 31), KNOWN) == "Europe/Berlin"
    assert zone_of(tokyo, program, D(2025, 6, 1), KNOWN) == "Asia/Tokyo"


def test_a_policy_without_a_real_zone_is_refused() -> None:
    with pytest.raises(InvalidInput, match="zone"):
        ContractPolicy(zone="Tokyo")


# laws


def told_apart(items: tuple[Due, ...]) -> set[Due]:
    """Without what can be too late to be told when it is asked for later."""
    return {one for one in items if one.until is None}


@given(records())
def test_a_record_goes_through_plain_values_and_pickle_without_loss(record: AgreementRecord) -> None:
    assert from_plain(to_plain(record), AgreementRecord) == record
    assert pickle.loads(pickle.dumps(record)) == record
    assert AGREEMENTS.identity(record) == record.agreement.id


@settings(max_examples=60)
@given(records(), st.data())
def test_state_due_and_next_day_agree_on_every_day_around_every_boundary(
    record: AgreementRecord, data: st.DataObject
) -> None:
    # trap 9: no state that no query gives
    first = record.agreement.documents[0].signed_on
    assert first is not None
    edges = [paper.signed_on for paper in record.agreement.documents if paper.signed_on is not None]
    edges += [one.on for one in record.steps]
    edges += [one.on for one in upcoming(record, PLAIN, first + DAY * 1200, KNOWN, after=first)]
    edge = data.draw(st.sampled_from(edges))
    for day in (edge - 2 * DAY, edge - DAY, edge, edge + DAY):
        before, after = (standing_of(record, PLAIN, one, KNOWN) for one in (day, day + DAY))
        found = due_of(record, PLAIN, day + DAY, KNOWN, after=day)
        kinds = {one.kind for one in found}
        expected = set()
        if after.state in ENDED:
            expected = {K.ENDED} - ({K.ENDED} if before.state in ENDED else set())
        elif after.term is not None and before.term is None:
            expected = {K.STARTED}
        elif after.term is not None and before.term is not None and after.term.number > before.term.number:
            expected = {K.RENEWAL_STARTED}
        elif (before.state, after.state) == (S.ACTIVE, S.RENEWED):
            expected = {K.RENEWAL_CERTAIN}
        assert kinds - {K.STOP_LAST_DAY} == expected
        assert (K.STOP_LAST_DAY in kinds) is (after.state is S.ACTIVE and after.safe_until == day + DAY)
        assert (next_action_of(record, PLAIN, KNOWN, after=day) == day + DAY) is bool(found)


@settings(max_examples=40)
@given(records(), st.integers(0, 900), st.lists(st.integers(1, 120), min_size=1, max_size=6))
def test_asked_at_once_or_again_and_again_with_the_day_that_was_told_it_tells_the_same_once_each(
    record: AgreementRecord, days: int, runs: list[int]
) -> None:
    first = record.agreement.documents[0].signed_on
    assert first is not None
    start = after = first + DAY * days
    parts: list[Due] = []
    for gap in runs:
        parts += due_of(record, TOLD, after + DAY * gap, KNOWN, after=after)
        after += DAY * gap
    whole = due_of(record, TOLD, after, KNOWN, after=start)
    assert told_apart(tuple(parts)) == told_apart(whole)
    assert set(whole) <= set(parts)
    assert len({one.id for one in parts}) == len(parts)


@given(records(), st.integers(0, 900))
def test_the_next_day_is_the_first_on_which_something_is_due(record: AgreementRecord, days: int) -> None:
    first = record.agreement.documents[0].signed_on
    assert first is not None
    after = first + DAY * days
    found = next_action_of(record, TOLD, KNOWN, after=after)
    if found is None:
        assert due_of(record, TOLD, after + DAY * 3000, KNOWN, after=after) == ()
    else:
        assert due_of(record, TOLD, found - DAY, KNOWN, after=after) == ()
        assert {one.on for one in due_of(record, TOLD, found, KNOWN, after=after)} == {found}


@given(records(), st.integers(-10, 1200))
def test_what_is_over_stays_over(record: AgreementRecord, days: int) -> None:
    first = record.agreement.documents[0].signed_on
    assert first is not None
    day = first + DAY * days
    steps = tuple(one for one in record.steps if one.on <= day)
    past = attrs.evolve(record, steps=steps)
    now, then = (standing_of(past, PLAIN, one, KNOWN) for one in (day, day + DAY * 100))
    if now.state in ENDED:
        assert (then.state, then.term, then.changes_on) == (now.state, None, None)


@pytest.mark.parametrize("record", [AgreementRecord, ContractPolicy])
def test_each_record_is_written_with_the_names_of_its_parts(record: Any) -> None:
    assert all(field.kw_only for field in attrs.fields(record))


def test_a_policy_that_says_nothing_reads_in_utc_by_calendar_years_and_counts_all_but_secrecy() -> None:
    assert (PLAIN.zone, PLAIN.fiscal, PLAIN.calendars, PLAIN.reminders) == (
        "UTC",
        FiscalCalendar(),
        {},
        Reminders(),
    )
    assert PLAIN.qualifying == frozenset(AgreementKind) - {AgreementKind.NDA}
    with pytest.raises(InvalidInput) as refused:
        ContractPolicy(zone="Tokyo")
    assert [fault.path for fault in refused.value.faults] == ["zone"]


def test_agreements_are_kept_by_their_id_and_found_by_partner_kind_and_next_day() -> None:
    record = attrs.evolve(kept(paper()), next_action_on=D(2025, 1, 1))
    assert (AGREEMENTS.name, AGREEMENTS.identity(record)) == ("agreement", "a-1")
    store = MemoryStore()
    committed(store, lambda work: work.repository(AGREEMENTS).put(record))
    with store.unit_of_work() as work:
        kept_there = work.repository(AGREEMENTS)
        assert [
            kept_there.count(**asked)
            for asked in ({"partner": "acme"}, {"kind": "reseller"}, {"kind": "nda"})
        ] == [1, 1, 0]


@pytest.mark.parametrize("ask", [
    lambda day: standing_of(kept(paper()), PLAIN, day, KNOWN),
    lambda day: due_of(kept(paper()), PLAIN, day, KNOWN, after=D(2025, 1, 1)),
])  # fmt: skip
def test_a_day_without_a_time_is_asked_for(ask: Any) -> None:
    with pytest.raises(InvalidInput, match="accepted: a date without a time"):
        ask(midnight(D(2025, 5, 1)))


def test_for_a_calendar_the_last_day_is_in_it() -> None:
    last = [
        upcoming(kept(paper()), PLAIN, day, KNOWN, after=D(2025, 9, 30))
        for day in (D(2025, 10, 1), D(2025, 10, 2))
    ]
    assert [[one.kind for one in found] for found in last] == [[], [K.STOP_LAST_DAY]]


def test_a_draft_that_is_read_again_was_known_before_and_an_amendment_is_told_from_its_first_day() -> None:
    draft = kept(paper(signed_on=None))
    later = attrs.evolve(draft.agreement.documents[0], known_since=midnight(D(2025, 1, 1)))
    assert redocumented(draft, attrs.evolve(draft.agreement, documents=(later,))) is draft
    moved = with_amendment(paper(), D(2025, 6, 1), non_renewal=stops("30 days"))
    assert standing_of(kept(moved), PLAIN, D(2025, 5, 31), KNOWN).on == D(2025, 5, 31)
    assert standing_of(kept(moved), PLAIN, D(2025, 6, 1), KNOWN).stoppable_until == D(2025, 12, 1)


def test_commitments_of_paper_without_a_course_are_none_and_of_what_is_gone_left_out() -> None:
    assert commitments_of(kept(paper(signed_on=None)), PLAIN, D(2025, 5, 1), KNOWN) == Commitments()
    minimum = MinimumClause(metric="sales", count=5)
    told = tuple(
        Measured(minimum=key, year=D(2025, 1, 1), count=1, through=D(2025, 2, 1), on=D(2025, 2, 1))
        for key in ("m", "x")
    )
    let = tuple(Waiver(minimum=key, year=D(2025, 1, 1), on=D(2025, 2, 1), by="legal") for key in ("m", "x"))
    record = attrs.evolve(kept(paper(m=minimum)), measured=told, waived=let)
    fiscal = ContractPolicy(fiscal=FiscalCalendar(start_month=4))
    assert commitments_of(record, fiscal, D(2025, 5, 1), KNOWN) == Commitments(
        minimums={"m": minimum},
        measured=told[:1],
        waived=let[:1],
        fiscal=FiscalCalendar(start_month=4),
        since=D(2025, 1, 1),
    )
