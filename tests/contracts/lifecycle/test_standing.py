"""How an agreement stands on each day: cases worked out by hand, and laws."""

import datetime
from collections.abc import Iterator
from typing import Any

import attrs
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from prmcore.contracts.lifecycle import (
    AGREEMENT_MOVES,
    CALENDAR,
    ENDED,
    IN_FORCE,
    AgreementAction,
    AgreementState,
    AgreementStep,
    Course,
    Purpose,
    Standing,
    moved,
    said_of_standing,
    standing,
)
from prmcore.contracts.lifecycle.standing import MoveFacts, permitted
from prmcore.contracts.notice import NoticeClause, Reading
from prmcore.contracts.terms import (
    Extends,
    RenewalClause,
    RenewalKind,
    RenewalStage,
    TermClause,
    Timetable,
    renewals_until,
)
from prmcore.decisions.explain import explain, put_into_words
from prmcore.errors import InvalidInput
from prmcore.testing._lifecycle import courses, lives
from prmcore.values import Length, Text, first_instant

D = datetime.date
A = AgreementAction
S = AgreementState
DAY = datetime.timedelta(days=1)
NEW_YEAR = D(2025, 1, 1)
NOON = datetime.time(12, tzinfo=datetime.UTC)


def step(action: A, on: D, **more: object) -> AgreementStep:
    at = datetime.datetime.combine(on, NOON)
    return AgreementStep(action=action, on=on, at=at, by="clerk", **more)  # type: ignore[arg-type]


def notice(on: D, **more: object) -> AgreementStep:
    return step(A.GIVE_NOTICE, on, **{"purpose": Purpose.STOP_RENEWAL, **more})


SIGNED = (step(A.APPROVE, D(2024, 12, 1)), step(A.SIGN, D(2024, 12, 15)))


def course(
    kind: RenewalKind = RenewalKind.AUTOMATIC,
    *,
    start: D = NEW_YEAR,
    length: str = "1 year",
    days: str | None = "90 days",
    extends: Extends = Extends.NOTHING,
    **renewal: object,
) -> Course:
    table = Timetable(
        clause=TermClause(start=start, length=Length.of(length)),
        renewal=RenewalClause(kind=kind, **renewal),  # type: ignore[arg-type]
    )
    clauses = () if days is None else (NoticeClause(notice=Length.of(days), reading=Reading.EXCLUSIVE_END),)
    return Course(agreement="a-1", timetable=table, notices=clauses, extends=extends)


YEARLY = course()


def on(day: D, *steps: AgreementStep, paper: Course = YEARLY) -> Standing:
    return standing(paper, (*SIGNED, *steps), day)


# before it runs


def test_a_paper_is_a_draft_until_it_is_approved_and_signed() -> None:
    states = [
        standing(YEARLY, SIGNED, day).state for day in (D(2024, 11, 30), D(2024, 12, 1), D(2024, 12, 15))
    ]
    assert states == [S.DRAFT, S.APPROVED, S.SIGNED]


def test_what_is_signed_runs_from_the_first_day_of_its_term() -> None:
    before, after = on(D(2024, 12, 31)), on(D(2025, 1, 1))
    assert (before.state, before.term, before.changes_on) == (S.SIGNED, None, D(2025, 1, 1))
    assert after.state is S.ACTIVE
    assert after.term is not None
    assert after.term.number == 0


# renewal


def test_a_renewal_is_certain_when_the_last_day_for_a_notice_is_over_and_begins_at_the_end_of_the_term() -> (
    None
):
    # trap 8: 90 days before the end of 31 December are 3 October to 31 December, so 2 October is the last day
    days = (D(2025, 10, 2), D(2025, 10, 3), D(2025, 12, 31), D(2026, 1, 1))
    found = [on(day) for day in days]
    assert [one.state for one in found] == [S.ACTIVE, S.RENEWED, S.RENEWED, S.ACTIVE]
    assert [one.term and one.term.number for one in found] == [0, 0, 0, 1]
    assert [one.changes_on for one in found] == [D(2025, 10, 3), D(2026, 1, 1), D(2026, 1, 1), D(2026, 10, 3)]
    assert found[0].stoppable_until == D(2025, 10, 2)
    assert all(one.ends is None for one in found)


def test_an_effective_notice_ends_it_with_its_term() -> None:
    given_on = D(2025, 9, 1)
    kept = notice(given_on, last_term=0)
    found = [on(day, kept) for day in (D(2025, 8, 31), given_on, D(2025, 12, 31), D(2026, 1, 1))]
    assert [one.state for one in found] == [S.ACTIVE, S.NOTICE_GIVEN, S.NOTICE_GIVEN, S.EXPIRED]
    assert [one.ends for one in found] == [None, D(2026, 1, 1), D(2026, 1, 1), D(2026, 1, 1)]
    assert found[3].changes_on is None


def test_a_late_notice_is_kept_and_ends_nothing_or_the_next_term() -> None:
    late = D(2025, 10, 10)
    assert on(D(2025, 12, 1), notice(late)).state is S.RENEWED
    for_next = [
        on(day, notice(late, last_term=1)) for day in (D(2025, 12, 1), D(2026, 12, 31), D(2027, 1, 1))
    ]
    assert [one.state for one in for_next] == [S.NOTICE_GIVEN, S.NOTICE_GIVEN, S.EXPIRED]


def test_a_notice_that_was_withdrawn_ends_nothing() -> None:
    both = (
        notice(D(2025, 6, 1), last_term=0, party="vendor"),
        step(A.WITHDRAW_NOTICE, D(2025, 7, 1), party="vendor"),
    )
    assert [on(day, *both).state for day in (D(2025, 6, 30), D(2025, 7, 1))] == [S.NOTICE_GIVEN, S.ACTIVE]
    other = (both[0], step(A.WITHDRAW_NOTICE, D(2025, 7, 1), party="partner"))
    assert on(D(2025, 7, 1), *other).state is S.NOTICE_GIVEN  # it is not the partner's to withdraw


def test_a_fixed_term_expires_and_a_capped_chain_after_its_last_renewal() -> None:
    fixed = course(RenewalKind.FIXED)
    assert [on(day, paper=fixed).state for day in (D(2025, 12, 31), D(2026, 1, 1))] == [S.ACTIVE, S.EXPIRED]
    capped = course(at_most=2)
    days = (D(2027, 10, 3), D(2027, 12, 31), D(2028, 1, 1))
    assert [on(day, paper=capped).state for day in days] == [S.ACTIVE, S.ACTIVE, S.EXPIRED]
    assert on(D(2025, 5, 1), paper=capped).ends == D(2028, 1, 1)


def test_an_opt_in_renewal_needs_an_agreement_before_the_term_is_over() -> None:
    paper = course(RenewalKind.OPT_IN)
    assert on(D(2025, 5, 1), paper=paper).ends == D(2026, 1, 1)
    agreed = step(A.AGREE_RENEWAL, D(2025, 12, 31), term=1)
    assert on(D(2026, 1, 1), agreed, paper=paper).term is not None
    too_late = step(A.AGREE_RENEWAL, D(2026, 1, 1), term=1)
    assert on(D(2026, 1, 1), too_late, paper=paper).state is S.EXPIRED


def test_a_conditional_renewal_goes_on_only_as_far_as_its_condition_was_met() -> None:
    paper = course(condition="minimum")
    met = [step(A.MEET_CONDITION, D(2025 + number, 11, 1), term=1 + number) for number in range(2)]
    assert on(D(2027, 5, 1), *met, paper=paper).ends == D(2028, 1, 1)
    assert on(D(2027, 5, 1), met[0], paper=paper).state is S.EXPIRED


def test_where_nobody_may_stop_it_the_next_term_is_certain_at_once() -> None:
    assert on(D(2025, 1, 1), paper=course(days=None)).state is S.RENEWED


def test_a_contract_of_many_years_is_asked_as_one_of_few() -> None:
    found = on(D(2925, 6, 1))
    assert found.term is not None
    assert (found.term.number, found.term.start, found.state) == (900, D(2925, 1, 1), S.ACTIVE)


# before its time


def test_it_is_terminated_from_the_day_that_a_notice_for_convenience_names() -> None:
    kept = notice(D(2025, 3, 1), purpose=Purpose.CONVENIENCE, ends=D(2025, 6, 1))
    found = [on(day, kept) for day in (D(2025, 5, 31), D(2025, 6, 1))]
    assert [one.state for one in found] == [S.NOTICE_GIVEN, S.TERMINATED]
    assert found[0].changes_on == D(2025, 6, 1)


def test_a_breach_that_is_cured_ends_nothing_and_one_that_is_not_when_somebody_says_so() -> None:
    breach = notice(D(2025, 3, 1), purpose=Purpose.CAUSE)
    assert on(D(2025, 3, 20), breach).state is S.NOTICE_GIVEN
    assert on(D(2025, 4, 1), breach, step(A.CURE, D(2025, 3, 25))).state is S.ACTIVE
    assert on(D(2025, 4, 1), breach, step(A.TERMINATE, D(2025, 4, 1))).state is S.TERMINATED


def test_a_suspension_adds_its_days_where_the_contract_says_so() -> None:
    rest = (step(A.SUSPEND, D(2025, 3, 1)), step(A.RESUME, D(2025, 3, 31)))
    assert [on(day, *rest).state for day in (D(2025, 3, 1), D(2025, 3, 30), D(2025, 3, 31))] == [
        S.SUSPENDED, S.SUSPENDED, S.ACTIVE,
    ]  # fmt: skip
    longer = course(RenewalKind.FIXED, extends=Extends.LATER_TERMS)
    assert on(D(2025, 5, 1), *rest, paper=longer).ends == D(2026, 1, 31)  # 30 days more
    assert on(D(2025, 5, 1), *rest, paper=course(RenewalKind.FIXED)).ends == D(2026, 1, 1)


# moves


def test_what_the_state_does_not_allow_is_a_decision_and_changes_nothing() -> None:
    refused = moved(YEARLY, SIGNED, step(A.NEGOTIATE, D(2025, 5, 1)))
    assert (refused.decision.outcome, refused.steps) == (False, SIGNED)
    assert "active" in str(explain(refused.decision))
    allowed = moved(YEARLY, SIGNED, step(A.SUSPEND, D(2025, 5, 1)))
    assert (allowed.decision.outcome, len(allowed.steps)) == (True, 3)


def test_a_step_that_the_calendar_takes_is_nobodys() -> None:
    with pytest.raises(InvalidInput, match="found renew; accepted: what somebody does @ action"):
        step(A.RENEW, D(2026, 1, 1))


def test_a_step_says_all_that_is_wrong_with_it() -> None:
    with pytest.raises(InvalidInput) as caught:
        step(A.SUSPEND, D(2025, 1, 1), purpose=Purpose.CAUSE, term=1, last_term=-1)
    assert [fault.path for fault in caught.value.faults] == ["last_term", "purpose", "term", "last_term"]


def test_from_every_state_that_is_not_over_a_way_leads_to_an_end() -> None:
    reached = set(ENDED)
    for _ in S:
        reached |= {before for (before, _), after in AGREEMENT_MOVES.items() if after in reached}
    assert reached == set(S)
    assert not {before for before, _ in AGREEMENT_MOVES} & ENDED


@pytest.mark.parametrize(
    ("locale", "first"),
    [
        ("en", "a-1 on October 3, 2025: renewed"),
        ("ja", "a-1、2025年10月3日現在: 更新確定"),
        ("zh", "a-1，2025年10月3日：已确定续约"),
    ],
)
def test_how_it_stands_is_said_in_three_languages(locale: str, first: str) -> None:
    said = put_into_words(said_of_standing(on(D(2025, 10, 3))), locale)
    assert said.text == first
    assert len(said.parts) == 3


# laws


def ways(state: S, actions: frozenset[A]) -> Iterator[S]:
    """Every state that some of these actions lead to."""
    found = {state}
    while True:
        more = {
            AGREEMENT_MOVES[one, action]
            for one in found
            for action in actions
            if (one, action) in AGREEMENT_MOVES
        }
        if more <= found:
            return iter(found)
        found |= more


@given(lives())
def test_from_one_day_to_the_next_it_moves_as_the_table_says(
    case: tuple[Course, tuple[AgreementStep, ...], D],
) -> None:
    paper, steps, day = case
    taken = {one.action for one in steps if one.on == day + DAY}
    ends_then = any(one.ends == day + DAY for one in steps)
    actions = frozenset(CALENDAR | taken | ({A.TERMINATE} if ends_then or A.GIVE_NOTICE in taken else set()))
    assert standing(paper, steps, day + DAY).state in set(ways(standing(paper, steps, day).state, actions))


@given(lives())
def test_nothing_changes_before_the_day_that_is_named_and_something_on_it(
    case: tuple[Course, tuple[AgreementStep, ...], D],
) -> None:
    paper, steps, day = case
    past = tuple(one for one in steps if one.on <= day)  # what happens later is nobody's to know
    now = standing(paper, past, day)

    def seen(on: D) -> tuple[S, int | None]:
        found = standing(paper, past, on)
        return found.state, None if found.term is None else found.term.number

    last = day + DAY * 400 if now.changes_on is None else now.changes_on - DAY
    assume(last < D(2040, 1, 1))
    assert {
        seen(day + DAY * days)
        for days in {0, 1, 2, (last - day).days // 2, (last - day).days}
        if day + DAY * days <= last
    } == {(now.state, now.term and now.term.number)}
    if now.changes_on is not None:
        assert now.changes_on > day
        assert seen(now.changes_on) != (now.state, now.term and now.term.number)


@given(st.integers(0, 900), courses((RenewalKind.AUTOMATIC,)))
def test_it_stands_as_its_renewals_are_recorded(days: int, paper: Course) -> None:
    day = paper.timetable.clause.start + DAY * days
    signed = (
        step(A.APPROVE, paper.timetable.clause.start - 2 * DAY),
        step(A.SIGN, paper.timetable.clause.start - DAY),
    )
    found = standing(paper, signed, day)

    def deadline(end: D) -> D | None:
        return paper.last_day_to_stop(paper.timetable.term(_number_before(paper, end)))

    recorded = renewals_until(
        "a-1", paper.timetable, first_instant("UTC", day), deadline=deadline, zone="UTC"
    )
    count = {stage: sum(one.stage is stage for one in recorded) for stage in RenewalStage}
    if found.state is not S.EXPIRED:
        assert found.term is not None
        assert count[RenewalStage.STARTED] == found.term.number
        assert (count[RenewalStage.CERTAIN] > found.term.number) is (found.state is S.RENEWED)


def _number_before(paper: Course, end: D) -> int:
    term = paper.timetable.term_on(end - DAY)
    assert term is not None
    return term.number


@given(lives())
def test_only_what_is_in_force_has_a_term_or_rests_in_one(
    case: tuple[Course, tuple[AgreementStep, ...], D],
) -> None:
    found = standing(*case)
    assert (found.term is not None) is (found.state in IN_FORCE or found.state is S.SUSPENDED)
    if found.term is not None:
        assert case[2] in found.term


@pytest.mark.parametrize("record", [Course, MoveFacts, Standing])
def test_each_record_is_written_with_the_names_of_its_parts(record: Any) -> None:
    assert all(field.kw_only for field in attrs.fields(record))


def test_a_move_is_held_against_the_state_in_three_languages() -> None:
    facts = moved(YEARLY, SIGNED, step(A.SUSPEND, D(2025, 5, 1))).decision.policy.facts  # type: ignore[attr-defined]
    assert [field.text for field in facts.fields] == [Text.of("state", ja="状態", zh="状态")]


def test_a_move_is_decided_on_its_day_by_a_policy_of_its_name() -> None:
    for action, allowed in ((A.SUSPEND, True), (A.RESUME, False)):
        found = permitted(S.ACTIVE, step(action, D(2025, 5, 1)))
        assert (found.outcome, found.as_of, found.facts) == (
            allowed,
            D(2025, 5, 1),
            MoveFacts(state=S.ACTIVE),
        )
        assert found.policy.name == f"agreement/{action.value}"


def test_how_it_stands_says_every_day_that_matters() -> None:
    """Of the three readings of 90 days before 31 December 2025 the clear days leave 1 October, the others 2 October."""
    open_reading = attrs.evolve(YEARLY, notices=(NoticeClause(notice=Length.of("90 days")),))
    assert on(D(2025, 5, 1), paper=open_reading) == Standing(
        agreement="a-1", on=D(2025, 5, 1), state=S.ACTIVE, term=YEARLY.timetable.term(0), safe_until=D(2025, 10, 1),
        stoppable_until=D(2025, 10, 2), ends=None, changes_on=D(2025, 10, 3),
    )  # fmt: skip
    two = attrs.evolve(
        YEARLY, notices=tuple(NoticeClause(notice=Length.of(days), reading=Reading.LITERAL) for days in ("30 days", "60 days"))
    )  # fmt: skip
    found = on(D(2025, 5, 1), paper=two)
    assert (found.safe_until, found.stoppable_until) == (D(2025, 11, 1), D(2025, 12, 1))
    term = Timetable(clause=TermClause(start=NEW_YEAR)).term(0)
    assert (two.last_day_to_stop(term), two.safe_day_to_stop(term)) == (None, None)
    assert (course(days=None).last_day_to_stop(YEARLY.timetable.term(0)), course(days=None).safe_day_to_stop(YEARLY.timetable.term(0))) == (None, None)  # fmt: skip


def test_terms_that_an_amendment_began_anew_keep_their_numbers_and_notices() -> None:
    third = attrs.evolve(YEARLY, numbered_from=2)
    assert on(D(2025, 5, 1), paper=third).term == attrs.evolve(YEARLY.timetable.term(0), number=2)
    for last_term, ends in ((1, None), (2, D(2026, 1, 1)), (3, D(2027, 1, 1))):
        assert on(D(2025, 5, 1), notice(D(2025, 4, 1), last_term=last_term), paper=third).ends == ends


def test_a_paper_that_is_signed_by_its_own_word_needs_no_steps() -> None:
    own = attrs.evolve(YEARLY, signed_on=D(2024, 12, 20))
    found = [standing(own, (), day) for day in (D(2024, 12, 19), D(2024, 12, 20), NEW_YEAR)]
    assert [(one.state, one.changes_on) for one in found] == [
        (S.DRAFT, D(2024, 12, 20)), (S.SIGNED, NEW_YEAR), (S.ACTIVE, D(2025, 10, 3)),
    ]  # fmt: skip


def test_of_two_ends_the_earlier_counts_and_an_end_with_the_term_is_no_termination() -> None:
    ends = [D(2026, 1, 1), D(2025, 12, 31)]
    fixed = course(RenewalKind.FIXED)
    for day, state in zip(ends, (S.EXPIRED, S.TERMINATED), strict=True):
        given_notice = notice(D(2025, 3, 1), purpose=Purpose.CONVENIENCE, ends=day)
        found = on(D(2026, 1, 1), given_notice, paper=fixed)
        assert (found.state, found.ends, found.term, found.changes_on) == (state, day, None, None)
    early = on(D(2024, 12, 20), step(A.TERMINATE, D(2024, 12, 20)))
    assert (early.state, early.ends) == (S.TERMINATED, D(2024, 12, 20))
    assert on(D(2024, 12, 16), notice(D(2024, 12, 16), purpose=Purpose.CONVENIENCE, ends=D(2024, 12, 20))).changes_on == D(2024, 12, 20)  # fmt: skip


def test_while_a_rest_moves_the_end_nothing_is_said_to_change_by_itself() -> None:
    rests = (step(A.SUSPEND, D(2025, 3, 1)),)
    assert on(D(2025, 3, 10), *rests, paper=course(RenewalKind.FIXED)).changes_on == D(2026, 1, 1)
    longer = course(RenewalKind.FIXED, extends=Extends.TERM)
    found = on(D(2025, 3, 10), *rests, paper=longer)
    assert (found.state, found.changes_on, found.ends) == (
        S.SUSPENDED,
        None,
        D(2026, 1, 11),
    )  # ten days by then
    over = (
        *rests,
        step(A.RESUME, D(2025, 3, 11)),
        step(A.SUSPEND, D(2025, 6, 1)),
        step(A.RESUME, D(2025, 6, 6)),
    )
    assert on(D(2025, 7, 1), *over, paper=longer).ends == D(2026, 1, 16)  # ten and five
    before = (step(A.SUSPEND, D(2024, 12, 20)), step(A.RESUME, D(2025, 1, 3)))
    assert on(D(2025, 7, 1), *before, paper=longer).ends == D(2026, 1, 3)  # two of them lie in the term


def test_the_day_that_is_asked_for_is_a_date() -> None:
    with pytest.raises(InvalidInput, match=r"^as_of: found"):
        standing(YEARLY, SIGNED, datetime.datetime(2025, 1, 1))
