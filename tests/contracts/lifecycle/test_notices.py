"""What a step or a notice does to a kept agreement: cases by hand."""

import datetime
from typing import Any

import attrs
import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from prmcore.contracts.agreements import (
    Agreement,
    AgreementKind,
    Clause,
    ConvenienceClause,
    Document,
    LawClause,
    NoticeStage,
    Party,
    Provision,
    Renews,
    Runs,
    ToEndOf,
    amended,
)
from prmcore.contracts.lifecycle import (
    AgreementAction,
    AgreementRecord,
    AgreementState,
    AgreementStep,
    AgreementTaken,
    ContractPolicy,
    Purpose,
    deadlines_of,
    given,
    standing_of,
    taken,
)
from prmcore.contracts.notice import (
    DEEMED_RECEIPTS,
    Channel,
    EffectiveOn,
    GivenNotice,
    LateNotice,
    NoticeClause,
    NoticeOutcome,
    Reading,
)
from prmcore.contracts.terms import RenewalClause, RenewalKind, TermClause
from prmcore.decisions.explain import explain
from prmcore.errors import InvalidInput
from prmcore.testing._lifecycle import KNOWN, records
from prmcore.testing._notice import given_notices
from prmcore.values import BusinessCalendar, Length

D = datetime.date
A = AgreementAction
S = AgreementState
DAY = datetime.timedelta(days=1)
SIGNED = D(2024, 12, 15)
PLAIN = ContractPolicy()
NO_LENGTH = ConvenienceClause(
    stages=(
        NoticeStage(notice=Length.of("3 months"), to_end_of=ToEndOf.MONTH),
        NoticeStage(notice=Length.of("6 months"), from_year=3, to_end_of=ToEndOf.MONTH),
    ),
    by=("vendor",),
)


def at(day: D, hour: int = 12) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(hour), datetime.UTC)


def stops(
    length: str = "90 days",
    reading: Reading | None = Reading.EXCLUSIVE_END,
    late: LateNotice = LateNotice.NOTHING,
    by: tuple[str, ...] = (),
) -> NoticeClause:
    return NoticeClause(notice=Length.of(length), reading=reading, late=late, by=by)


NINETY = stops()


def paper(
    notice: NoticeClause | None = NINETY,
    kind: RenewalKind = RenewalKind.AUTOMATIC,
    signed_on: D | None = SIGNED,
    **more: Clause,
) -> Agreement:
    """Yearly from New Year 2025."""
    said: dict[str, Clause] = {
        "term": Runs(term=TermClause(start=D(2025, 1, 1), length=Length.of("1 year"))),
        "renewal": Renews(renewal=RenewalClause(kind=kind)),
        **({} if notice is None else {"non-renewal": notice}),
        **more,
    }
    document = Document(id="master", document_class="master", known_since=at(SIGNED, 0), signed_on=signed_on)
    return Agreement(
        id="a-1",
        kind=AgreementKind.RESELLER,
        partner="acme",
        parties=(Party(role="partner", id="acme", name="Acme"), Party(role="vendor", id="us", name="Us")),
        documents=(document,),
        provisions=tuple(
            Provision(key=key, clause=clause, document="master") for key, clause in said.items()
        ),
    )


def kept(one: Agreement, *steps: AgreementStep) -> AgreementRecord:
    return AgreementRecord(agreement=one, steps=steps)


def step(action: A, on: D, **more: Any) -> AgreementStep:
    return AgreementStep(action=action, on=on, at=at(on), by="clerk", **more)


def notice(received: D | None, by: str = "partner", id: str = "N-1", sent: D | None = None) -> GivenNotice:
    first = sent or received
    assert first is not None
    there = None if received is None else at(received)
    return GivenNotice(id=id, by=by, sent_at=at(first), received_at=there)


def give(record: AgreementRecord, one: GivenNotice, **more: Any) -> AgreementTaken:
    return given(record, more.pop("policy", PLAIN), one, at=KNOWN, by="clerk", **more)


def state(record: AgreementRecord, day: D) -> S:
    return standing_of(record, PLAIN, day, KNOWN).state


def ends(record: AgreementRecord, day: D) -> D | None:
    return standing_of(record, PLAIN, day, KNOWN).ends


# steps


def test_the_same_step_twice_changes_nothing() -> None:
    rest = step(A.SUSPEND, D(2025, 5, 1))
    once = taken(kept(paper()), PLAIN, rest)
    assert once.decision is not None
    assert (once.decision.outcome, once.record.steps) == (True, (rest,))
    twice = taken(once.record, PLAIN, rest)
    assert (twice.decision, twice.record) == (None, once.record)


def test_what_the_state_does_not_allow_is_a_decision_and_changes_nothing() -> None:
    record = kept(paper())
    found = taken(record, PLAIN, step(A.NEGOTIATE, D(2025, 5, 1)))
    assert found.decision is not None
    assert (found.decision.outcome, found.record) == (False, record)
    assert "active" in str(explain(found.decision))


def test_to_sign_dates_the_first_document_and_the_terms_begin_to_run() -> None:
    draft = kept(paper(signed_on=None), step(A.APPROVE, D(2024, 12, 1)))
    found = taken(draft, PLAIN, step(A.SIGN, SIGNED)).record
    assert found.agreement == paper()
    assert [state(found, day) for day in (D(2024, 12, 14), SIGNED, D(2025, 1, 1))] == [
        S.APPROVED, S.SIGNED, S.ACTIVE,
    ]  # fmt: skip


def test_what_is_a_draft_is_not_signed_before_it_is_approved() -> None:
    draft = kept(paper(signed_on=None))
    found = taken(draft, PLAIN, step(A.SIGN, SIGNED))
    assert found.decision is not None
    assert (found.decision.outcome, found.record) == (False, draft)


def test_a_step_is_held_against_the_state_as_it_was_known_when_it_was_recorded() -> None:
    rest = step(A.SUSPEND, D(2025, 5, 1))
    late = attrs.evolve(step(A.TERMINATE, D(2025, 4, 1)), at=at(D(2025, 6, 1)))
    after = taken(kept(paper(), late), PLAIN, rest)  # recorded in May, when nobody knew of the end
    assert after.decision is not None
    assert after.decision.outcome is True


# a notice that is to stop a renewal


def test_a_notice_in_time_ends_the_agreement_with_its_term() -> None:
    # 90 days before the end of 2025: 2 October is the last day
    found = give(kept(paper()), notice(D(2025, 10, 2)))
    assert found.judged is not None
    assert found.judged.outcome is NoticeOutcome.EFFECTIVE
    made = found.record.steps[0]
    assert (made.on, made.party, made.purpose, made.last_term, made.notice) == (
        D(2025, 10, 2), "partner", Purpose.STOP_RENEWAL, 0, notice(D(2025, 10, 2)),
    )  # fmt: skip
    assert state(found.record, D(2025, 10, 3)) is S.NOTICE_GIVEN
    assert ends(found.record, D(2025, 10, 3)) == D(2026, 1, 1)


def test_the_same_notice_twice_changes_nothing() -> None:
    once = give(kept(paper()), notice(D(2025, 9, 1)))
    again = give(once.record, notice(D(2025, 9, 20)))  # by its id, whatever else was written of it
    assert (again.decision, again.judged, again.record) == (None, None, once.record)


def test_a_late_notice_is_kept_and_ends_nothing() -> None:
    found = give(kept(paper()), notice(D(2025, 10, 3)))
    assert found.judged is not None
    assert (found.judged.outcome, found.record.steps[0].last_term) == (NoticeOutcome.LATE, None)
    assert [state(found.record, day) for day in (D(2025, 10, 3), D(2026, 1, 1))] == [S.RENEWED, S.ACTIVE]
    assert ends(found.record, D(2026, 1, 1)) is None


def test_a_late_notice_ends_the_next_term_where_the_clause_says_so() -> None:
    found = give(kept(paper(stops(late=LateNotice.NEXT_TERM))), notice(D(2025, 10, 3)))
    assert found.judged is not None
    assert (found.judged.outcome, found.record.steps[0].last_term) == (NoticeOutcome.LATE, 1)
    assert ends(found.record, D(2025, 12, 1)) == D(2027, 1, 1)


def test_where_no_next_term_can_come_a_late_notice_has_none_to_end() -> None:
    capped = Renews(renewal=RenewalClause(kind=RenewalKind.AUTOMATIC, at_most=1))
    record = kept(paper(stops(late=LateNotice.NEXT_TERM), renewal=capped))
    found = give(record, notice(D(2026, 12, 1)))  # in the last renewal
    assert found.record.steps[0].last_term is None
    assert ends(found.record, D(2026, 12, 1)) == D(2027, 1, 1)


def test_a_late_notice_counts_for_the_next_term_by_its_number_after_an_amendment() -> None:
    longer = Runs(term=TermClause(start=D(2026, 1, 1), last_day=D(2027, 3, 31)))
    document = Document(
        id="am", document_class="amendment", known_since=at(D(2026, 6, 1), 0), signed_on=D(2026, 6, 1)
    )
    one = amended(
        paper(stops(late=LateNotice.NEXT_TERM)),
        document,
        [Provision(key="term", clause=longer, document="am")],
    )
    found = give(kept(one), notice(D(2027, 1, 1)))  # 90 days before 1 April 2027 leave 31 December
    assert found.record.steps[0].last_term == 2
    assert ends(found.record, D(2027, 2, 1)) == D(2028, 4, 1)

    # 400 days before 1 April 2028 leave 25 February 2027: too late for the next term as well, and for no later one
    long = amended(
        paper(stops("400 days", late=LateNotice.NEXT_TERM)),
        document,
        [Provision(key="term", clause=longer, document="am")],
    )
    days = (D(2027, 2, 25), D(2027, 2, 26))
    assert [give(kept(long), notice(day)).record.steps[0].last_term for day in days] == [2, None]


def test_what_the_readings_leave_open_ends_nothing_until_a_person_agrees() -> None:
    # clear days leave 1 October, the two other readings 2 October
    record = kept(paper(stops(reading=None)))
    found = give(record, notice(D(2025, 10, 2)))
    assert found.judged is not None
    assert (found.judged.outcome, found.record.steps[0].last_term) == (NoticeOutcome.DISPUTED, None)
    assert ends(found.record, D(2025, 10, 2)) is None
    agreed = give(record, notice(D(2025, 10, 2)), is_agreed=True)
    assert agreed.record.steps[0].last_term == 0
    for day, outcome in ((D(2025, 10, 1), NoticeOutcome.EFFECTIVE), (D(2025, 10, 3), NoticeOutcome.LATE)):
        clear = give(record, notice(day), is_agreed=True)
        assert clear.judged is not None
        assert clear.judged.outcome is outcome
        assert clear.record.steps[0].last_term == (0 if outcome is NoticeOutcome.EFFECTIVE else None)


def test_a_notice_of_which_nobody_knows_whether_it_is_there_is_open() -> None:
    found = give(kept(paper()), notice(None, sent=D(2025, 9, 1)))
    assert found.judged is not None
    assert (found.judged.outcome, found.record.steps[0].last_term) == (NoticeOutcome.OPEN, None)
    assert found.record.steps[0].on == D(2025, 9, 1)


def test_a_notice_of_a_party_that_may_not_give_it_is_void() -> None:
    found = give(kept(paper(stops(by=("vendor",)))), notice(D(2025, 9, 1), by="partner"))
    assert found.judged is not None
    assert found.judged.outcome is NoticeOutcome.VOID
    assert state(found.record, D(2025, 9, 1)) is S.ACTIVE


def test_each_party_is_judged_by_its_own_clause() -> None:
    # 30 days leave 1 December
    one = paper(stops(by=("vendor",)), theirs=stops("30 days", by=("partner",)))
    outcomes = {
        by: judged.outcome
        for by in ("vendor", "partner")
        if (judged := give(kept(one), notice(D(2025, 11, 1), by=by)).judged) is not None
    }
    assert outcomes == {"vendor": NoticeOutcome.LATE, "partner": NoticeOutcome.EFFECTIVE}


def test_a_notice_is_judged_by_the_paper_of_its_day() -> None:
    document = Document(
        id="am", document_class="amendment", known_since=at(D(2025, 10, 20), 0), signed_on=D(2025, 10, 20)
    )
    one = amended(paper(), document, [Provision(key="non-renewal", clause=stops("30 days"), document="am")])
    outcomes = [
        judged.outcome
        for day in (D(2025, 10, 19), D(2025, 10, 20))
        if (judged := give(kept(one), notice(day)).judged) is not None
    ]
    assert outcomes == [NoticeOutcome.LATE, NoticeOutcome.EFFECTIVE]


def test_the_day_of_a_notice_is_that_of_the_zone_of_the_paper() -> None:
    # trap 20: 16:00 UTC on 2 October is 1:00 on the 3rd in Tokyo
    tokyo = paper(law=LawClause(law="JP", zone="Asia/Tokyo"))
    late = GivenNotice(
        id="N-1", by="partner", sent_at=at(D(2025, 10, 2), 16), received_at=at(D(2025, 10, 2), 16)
    )
    here, there = give(kept(paper()), late), give(kept(tokyo), late)
    assert here.judged is not None
    assert there.judged is not None
    assert [here.judged.outcome, there.judged.outcome] == [NoticeOutcome.EFFECTIVE, NoticeOutcome.LATE]
    assert there.record.steps[0].on == D(2025, 10, 3)
    program = give(kept(paper()), late, policy=ContractPolicy(zone="Asia/Tokyo"))
    assert program.record.steps[0].on == D(2025, 10, 3)


def test_of_what_is_over_or_a_draft_a_notice_is_not_allowed_and_nothing_is_judged() -> None:
    over = kept(paper(), step(A.TERMINATE, D(2025, 4, 1)))
    fixed = kept(paper(kind=RenewalKind.FIXED))
    draft = kept(paper(signed_on=None))
    for record, day in ((over, D(2025, 5, 1)), (fixed, D(2026, 5, 1)), (draft, D(2025, 5, 1))):
        for purpose in Purpose:
            found = give(record, notice(day), purpose=purpose)
            assert found.decision is not None
            assert (found.decision.outcome, found.record) == (False, record)
            assert (found.judged, found.ending) == (None, None)


def test_a_notice_before_the_first_day_ends_the_agreement_with_its_first_term() -> None:
    found = give(kept(paper()), notice(D(2024, 12, 20)))
    assert found.decision is not None
    assert found.judged is not None
    assert (found.decision.outcome, found.judged.outcome) == (True, NoticeOutcome.EFFECTIVE)
    assert found.record.steps[-1].last_term == 0
    assert state(found.record, D(2024, 12, 21)) is S.SIGNED
    assert state(found.record, D(2025, 1, 1)) is S.NOTICE_GIVEN


def test_a_notice_of_a_kind_that_the_paper_does_not_know_is_refused_with_its_reason() -> None:
    endless = kept(paper(kind=RenewalKind.EVERGREEN))
    for record, day, said in (
        (kept(paper(None)), D(2025, 5, 1), "no clause lets anybody stop its renewal on 2025-05-01"),
        (
            endless,
            D(2027, 5, 1),
            "no term with an end runs on 2027-05-01; accepted: a notice for convenience",
        ),
    ):
        with pytest.raises(InvalidInput, match=f"the notice 'N-1' to 'a-1': {said}"):
            give(record, notice(day))


# a notice without a reason, or for a breach


def test_a_notice_without_a_reason_ends_it_so_long_after_its_receipt() -> None:
    # 3 months from 10 March are over on 10 June, and that month on the 30th
    record = kept(paper(convenience=NO_LENGTH))
    found = give(record, notice(D(2025, 3, 10), by="vendor"), purpose=Purpose.CONVENIENCE)
    assert found.ending is not None
    assert (found.ending.last_day, found.record.steps[0].ends) == (D(2025, 6, 30), D(2025, 7, 1))
    days = (D(2025, 3, 9), D(2025, 3, 10), D(2025, 6, 30), D(2025, 7, 1))
    assert [state(found.record, day) for day in days] == [
        S.ACTIVE, S.NOTICE_GIVEN, S.NOTICE_GIVEN, S.TERMINATED,
    ]  # fmt: skip


def test_how_long_it_takes_goes_by_the_years_since_the_first_term_began() -> None:
    # signed in December 2024, begun at New Year 2025: the third year begins at New Year 2027
    record = kept(paper(convenience=NO_LENGTH))
    found = [
        give(record, notice(day, by="vendor"), purpose=Purpose.CONVENIENCE).ending
        for day in (D(2026, 12, 31), D(2027, 1, 1))
    ]
    assert [(one.year, one.last_day) for one in found if one is not None] == [
        (2, D(2027, 3, 31)),
        (3, D(2027, 7, 31)),  # 6 months from 1 January are over on 1 July
    ]


def test_a_notice_without_a_reason_is_counted_by_the_rule_of_the_paper() -> None:
    # UK: "not less than one month" from 31 January ends on the last of February; Japan: on the day before the corresponding one
    month = ConvenienceClause(stages=(NoticeStage(notice=Length.of("1 month")),))
    ends_on = {
        rule: one.last_day
        for rule in ("uk-corresponding", "jp-civil")
        if (
            one := give(
                kept(paper(convenience=month, law=LawClause(law="JP", counting=rule))),
                notice(D(2025, 2, 28)),
                purpose=Purpose.CONVENIENCE,
            ).ending
        )
        is not None
    }
    # Japan: the first day counted is 1 March, its month ends on 31 March (domain file, finding 4)
    assert ends_on == {"uk-corresponding": D(2025, 3, 28), "jp-civil": D(2025, 3, 31)}


def test_a_notice_without_a_reason_is_refused_where_nobody_may_or_it_is_not_there() -> None:
    record = kept(paper(convenience=NO_LENGTH))
    with pytest.raises(InvalidInput, match="no clause lets 'partner' end it without a reason on 2025-03-10"):
        give(record, notice(D(2025, 3, 10)), purpose=Purpose.CONVENIENCE)
    unknown = notice(None, by="vendor", sent=D(2025, 3, 10))
    with pytest.raises(InvalidInput, match="nobody knows whether it is there, and it counts from then"):
        give(record, unknown, purpose=Purpose.CONVENIENCE)


def test_a_notice_of_a_breach_is_kept_until_it_is_cured() -> None:
    found = give(kept(paper()), notice(D(2025, 3, 10)), purpose=Purpose.CAUSE)
    assert (found.judged, found.ending, found.record.steps[0].ends) == (None, None, None)
    cured = taken(found.record, PLAIN, step(A.CURE, D(2025, 4, 1))).record
    assert [state(cured, day) for day in (D(2025, 3, 31), D(2025, 4, 1))] == [S.NOTICE_GIVEN, S.ACTIVE]


def test_after_one_notice_another_may_be_given_by_the_other_party_or_for_a_breach() -> None:
    once = give(kept(paper()), notice(D(2025, 5, 1))).record
    for purpose, by in ((Purpose.STOP_RENEWAL, "vendor"), (Purpose.CAUSE, "partner")):
        twice = give(once, notice(D(2025, 6, 1), by=by, id="N-2"), purpose=purpose)
        assert twice.decision is not None
        assert (twice.decision.outcome, len(twice.record.steps)) == (True, 2)
    both = give(once, notice(D(2025, 6, 1), by="vendor", id="N-2")).record
    withdrawn = taken(both, PLAIN, step(A.WITHDRAW_NOTICE, D(2025, 7, 1), party="partner")).record
    assert state(withdrawn, D(2025, 7, 1)) is S.NOTICE_GIVEN  # that of the vendor holds
    assert ends(withdrawn, D(2025, 7, 1)) == D(2026, 1, 1)


# deadlines


def test_the_deadlines_are_those_of_the_renewal_after_the_term_of_the_day() -> None:
    one = paper(stops(by=("vendor",)), theirs=stops("30 days", by=("partner",)))
    found = deadlines_of(kept(one), PLAIN, D(2026, 5, 1), KNOWN)
    assert [(deadline.clause.by, deadline.receive_by, deadline.end) for deadline in found] == [
        (("vendor",), D(2026, 10, 2), D(2027, 1, 1)),
        (("partner",), D(2026, 12, 1), D(2027, 1, 1)),
    ]


def test_where_nothing_can_be_stopped_there_is_no_deadline() -> None:
    stopped = give(kept(paper()), notice(D(2025, 9, 1))).record
    for record, day in (
        (kept(paper(None)), D(2025, 5, 1)),
        (kept(paper(kind=RenewalKind.FIXED)), D(2025, 5, 1)),
        (kept(paper(kind=RenewalKind.EVERGREEN)), D(2027, 5, 1)),
        (kept(paper()), D(2024, 12, 20)),
        (kept(paper(signed_on=None)), D(2025, 5, 1)),
        (stopped, D(2025, 9, 2)),
    ):
        assert deadlines_of(record, PLAIN, day, KNOWN) == ()


def test_a_deadline_of_business_days_is_counted_by_the_calendar_of_the_paper() -> None:
    # ten business days before New Year 2026, with 29 to 31 December off: 12 to 26 December without its weekends but
    # with the 25th off are 12, 15 to 19, 22 to 24 and 26: the last day is the one before the 12th
    house = BusinessCalendar(
        name="house", version="1", years=frozenset({2025, 2026}),
        holidays=[D(2025, 12, 25), D(2025, 12, 29), D(2025, 12, 30), D(2025, 12, 31)],
    )  # fmt: skip
    one = paper(stops("10 business days"), law=LawClause(law="JP", calendar="house"))
    policy = ContractPolicy(calendars={"house": house})
    (found,) = deadlines_of(kept(one), policy, D(2025, 5, 1), KNOWN)
    assert found.receive_by == D(2025, 12, 11)


# laws


@drawn(records(), st.data())
def test_whatever_notice_comes_a_record_never_loses_a_step_and_says_no_by_a_decision(
    record: AgreementRecord, data: st.DataObject
) -> None:
    first = record.agreement.documents[0].signed_on
    assert first is not None
    day = first + DAY * data.draw(st.integers(0, 600))
    one, purpose = data.draw(given_notices(at(day))), data.draw(st.sampled_from(Purpose))
    try:
        found = give(record, one, purpose=purpose)
    except InvalidInput:  # of a kind that the paper does not know
        return
    assert found.record.steps[: len(record.steps)] == record.steps
    assert found.decision is not None
    assert len(found.record.steps) == len(record.steps) + bool(found.decision.outcome)
    if found.judged is not None and found.decision.outcome and not found.judged.is_for_next_term:
        assert (found.record.steps[-1].last_term is not None) is (found.judged.stops_renewal is True)
    assert give(found.record, one, purpose=purpose).record == found.record


@pytest.mark.parametrize("record", [AgreementTaken])
def test_each_record_is_written_with_the_names_of_its_parts(record: Any) -> None:
    assert all(field.kw_only for field in attrs.fields(record))


def test_a_notice_by_post_counts_as_there_by_the_calendar_of_the_paper() -> None:
    """Posted on Thursday, 25 September 2025: the second business day is Monday the 29th, and with that day off Tuesday."""
    post = Channel(id="post", deemed=DEEMED_RECEIPTS["cpr-6.14"])
    clause = attrs.evolve(NINETY, channels=(post,), effective_on=EffectiveOn.DEEMED)
    house = BusinessCalendar(name="house", version="1", years=frozenset({2025}), holidays=[D(2025, 9, 29)])
    record = kept(paper(clause, law=LawClause(law="GB", calendar="house")))
    sent = attrs.evolve(notice(None, sent=D(2025, 9, 25)), channel="post")
    found = give(record, sent, policy=ContractPolicy(calendars={"house": house}))
    assert found.judged is not None
    assert (found.judged.outcome, found.record.steps[0].on) == (NoticeOutcome.EFFECTIVE, D(2025, 9, 30))


def test_a_step_of_a_notice_keeps_who_recorded_it_and_when() -> None:
    found = give(kept(paper()), notice(D(2025, 9, 1)))
    assert found.record.steps == (
        AgreementStep(
            action=A.GIVE_NOTICE, on=D(2025, 9, 1), at=KNOWN, by="clerk", party="partner", purpose=Purpose.STOP_RENEWAL, last_term=0,
            notice=notice(D(2025, 9, 1)),
        ),
    )  # fmt: skip
    assert found.ending is None


def test_what_cannot_be_judged_is_refused_with_what_would_be() -> None:
    asked: tuple[tuple[AgreementRecord, GivenNotice, Purpose, str], ...] = (
        (kept(paper(None)), notice(D(2025, 5, 1)), Purpose.STOP_RENEWAL,
         "no clause lets anybody stop its renewal on 2025-05-01; accepted: another purpose"),
        (kept(paper(kind=RenewalKind.EVERGREEN)), notice(D(2027, 5, 1)), Purpose.STOP_RENEWAL,
         "no term with an end runs on 2027-05-01; accepted: a notice for convenience, or for cause"),
        (kept(paper()), notice(D(2025, 5, 1)), Purpose.CONVENIENCE,
         "no clause lets 'partner' end it without a reason on 2025-05-01; accepted: another purpose"),
        (kept(paper(convenience=NO_LENGTH)), notice(None, by="vendor", sent=D(2025, 3, 10)), Purpose.CONVENIENCE,
         "nobody knows whether it is there, and it counts from then on 2025-03-10; accepted: when it was received"),
    )  # fmt: skip
    for record, one, purpose, words in asked:
        with pytest.raises(InvalidInput) as refused:
            give(record, one, purpose=purpose)
        assert str(refused.value) == f"the notice 'N-1' to 'a-1': {words}"


def test_deadlines_are_asked_for_a_date() -> None:
    with pytest.raises(InvalidInput, match=r"^on: found"):
        deadlines_of(kept(paper()), PLAIN, at(D(2025, 5, 1)), KNOWN)
