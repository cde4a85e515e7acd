"""Cases: decided, appealed, heard again; what was decided stays as it was, and nobody judges his own."""

import datetime
from itertools import pairwise

import attrs
import pytest
from hypothesis import given

from prmcore.errors import InvalidInput
from prmcore.repository import committed
from prmcore.storage import MemoryStore
from prmcore.territory.claims import (
    CASE_MOVES,
    AppealPolicy,
    Award,
    CaseAction,
    CaseState,
    Claim,
    ClaimKind,
    ConflictCase,
    ConflictFacts,
    ConflictPolicy,
    Contender,
    CustomerChoice,
    Resolution,
    ResolutionStep,
    StepKind,
    Verdict,
    appealed,
    closed,
    decided,
    lapsed,
    opened,
    reheard,
    settled,
)
from prmcore.territory.claims.repository import CLAIMS, CONFLICT_CASES
from prmcore.territory.identity.model import Sameness
from prmcore.testing._claims import Story, stories
from prmcore.values import Rate

D = datetime.date
NINE = datetime.datetime(2026, 5, 4, 9, tzinfo=datetime.UTC)
POLICY = ConflictPolicy(
    name="conflicts/2026",
    steps=tuple(ResolutionStep(kind=kind) for kind in (StepKind.CUSTOMER_CHOICE, StepKind.EARLIEST)),
)
ON = D(2026, 5, 6)


def contender(name: str, claimant: str, minutes: int) -> Contender:
    at = NINE + datetime.timedelta(minutes=minutes)
    return Contender(
        claim=Claim(id=name, kind=ClaimKind.REGISTRATION, account="A", claimant=claimant, submitted=at, completed=at)
    )  # fmt: skip


FACTS = ConflictFacts(contenders=[contender("1", "acme", 0), contender("2", "bolt", 1)])
LETTER = attrs.evolve(FACTS, choice=CustomerChoice(claimant="bolt", reference="mail-8", on=D(2026, 5, 7)))
BOLT = Resolution(verdict=Verdict.AWARDED, awards=(Award(claim="2", claimant="bolt"),))


def new(facts: ConflictFacts = FACTS) -> ConflictCase:
    return opened(facts.conflict, id=facts.conflict.key, program="acme", by="run", on=ON)


def won() -> ConflictCase:
    return decided(new(), FACTS, POLICY, by="run", on=ON).record


def under_appeal() -> ConflictCase:
    return appealed(
        won(), claimant="bolt", grounds="the customer wrote", evidence=("mail-8",), by="bo", on=D(2026, 5, 8)
    ).record  # fmt: skip


def test_a_case_is_decided_by_the_policy() -> None:
    case = won()
    assert case.state is CaseState.DECIDED
    assert case.standing is not None
    assert case.standing.resolution.share_of("acme") == Rate(1)
    assert case.rulings[0].decision(POLICY).outcome == case.standing.resolution


def test_what_the_policy_does_not_decide_a_person_does() -> None:
    doubtful = attrs.evolve(FACTS, sameness=Sameness.POSSIBLE)
    case = decided(new(doubtful), doubtful, POLICY, by="run", on=ON).record
    assert (case.state, case.standing) == (CaseState.UNDER_REVIEW, None)
    moved = settled(case, BOLT, POLICY, by="sato", on=ON, reason="one company, by its register")
    assert moved.record.state is CaseState.DECIDED
    assert [one.resolution.verdict for one in moved.record.rulings] == [Verdict.REVIEW, Verdict.AWARDED]
    assert moved.record.rulings[1].by_policy.verdict is Verdict.REVIEW


def test_a_claimant_does_not_settle_its_own_case() -> None:
    doubtful = attrs.evolve(FACTS, sameness=Sameness.POSSIBLE)
    case = decided(new(doubtful), doubtful, POLICY, by="run", on=ON).record
    moved = settled(case, BOLT, POLICY, by="bolt", on=ON, reason="mine")
    assert (moved.decision.outcome, moved.record) == (False, case)


def test_an_appeal_with_a_letter_overturns_and_the_first_ruling_stays() -> None:
    case = under_appeal()
    moved = reheard(case, LETTER, POLICY, by="mori", on=D(2026, 5, 11))
    assert moved.record.state is CaseState.OVERTURNED
    assert moved.record.rulings[0] == won().rulings[0]
    assert (moved.record.rulings[1].answers, moved.record.standing) == (1, moved.record.rulings[1])
    assert moved.record.rulings[1].resolution.share_of("bolt") == Rate(1)


def test_an_appeal_that_changes_nothing_upholds_the_decision() -> None:
    assert (
        reheard(under_appeal(), FACTS, POLICY, by="mori", on=D(2026, 5, 11)).record.state is CaseState.UPHELD
    )


def test_who_decided_does_not_decide_the_appeal() -> None:
    moved = reheard(under_appeal(), LETTER, POLICY, by="run", on=D(2026, 5, 11))
    assert (moved.decision.outcome, moved.record.state) == (False, CaseState.APPEALED)


def test_who_has_all_of_it_does_not_appeal() -> None:
    moved = appealed(won(), claimant="acme", grounds="more", evidence=("x",), by="al", on=ON)
    assert moved.decision.outcome is False


@pytest.mark.parametrize(("on", "allowed"), [(D(2026, 5, 21), True), (D(2026, 5, 22), False)])
def test_an_appeal_comes_within_its_days(on: datetime.date, allowed: bool) -> None:
    """Decided on the 6th: fifteen days later is the 21st."""
    moved = appealed(won(), claimant="bolt", grounds="a letter", evidence=("mail-8",), by="bo", on=on)
    assert moved.decision.outcome is allowed


def test_an_appeal_without_new_evidence_is_not_heard() -> None:
    assert appealed(won(), claimant="bolt", grounds="unfair", by="bo", on=ON).decision.outcome is False
    twice = AppealPolicy(most=2)
    case = reheard(under_appeal(), FACTS, POLICY, by="mori", on=D(2026, 5, 11)).record
    again = appealed(
        case, twice, claimant="bolt", grounds="again", evidence=("mail-8",), by="bo", on=D(2026, 5, 12)
    )
    assert again.decision.outcome is False  # the first appeal had that letter


def test_appeals_are_counted() -> None:
    case = reheard(under_appeal(), FACTS, POLICY, by="mori", on=D(2026, 5, 11)).record
    once = appealed(case, claimant="bolt", grounds="again", evidence=("mail-9",), by="bo", on=D(2026, 5, 12))
    assert once.decision.outcome is False
    twice = appealed(
        case, AppealPolicy(most=2), claimant="bolt", grounds="again", evidence=("mail-9",), by="bo", on=D(2026, 5, 12)
    )  # fmt: skip
    assert twice.record.appeals[1].against == 2


def test_a_case_is_closed_once_nobody_may_appeal() -> None:
    assert closed(won(), by="run", on=D(2026, 5, 21)).record.state is CaseState.DECIDED
    assert closed(won(), by="run", on=D(2026, 5, 22)).record.state is CaseState.CLOSED
    heard = reheard(under_appeal(), FACTS, POLICY, by="mori", on=D(2026, 5, 11)).record
    assert (
        closed(heard, by="run", on=D(2026, 5, 11)).record.state is CaseState.CLOSED
    )  # its one appeal is used up


def test_a_case_lapses_when_there_is_nothing_to_settle() -> None:
    assert lapsed(new(), by="run", on=ON, reason="2 was withdrawn").record.state is CaseState.CLOSED
    assert lapsed(won(), by="run", on=ON, reason="too late").decision.outcome is False


def test_facts_of_another_conflict_and_days_in_the_past_are_refused() -> None:
    other = ConflictFacts(contenders=[contender("1", "acme", 0), contender("3", "bolt", 1)])
    with pytest.raises(InvalidInput) as caught:
        decided(new(), other, POLICY, by="run", on=D(2026, 5, 5))
    assert [fault.path for fault in caught.value.faults] == ["on", "facts"]


def test_a_person_awards_what_was_claimed_and_nothing_else() -> None:
    elsewhere = Resolution(verdict=Verdict.AWARDED, awards=(Award(claim="2", claimant="acme"),))
    with pytest.raises(InvalidInput, match="accepted: 1 of acme, 2 of bolt"):
        settled(under_appeal(), elsewhere, POLICY, by="mori", on=D(2026, 5, 11), reason="so")


def test_a_ruling_is_explained_by_its_own_policy_only() -> None:
    with pytest.raises(InvalidInput, match="accepted: that policy"):
        won().rulings[0].decision(attrs.evolve(POLICY, name="conflicts/2027"))


def test_every_state_is_reached_and_the_closed_one_is_left_by_nothing() -> None:
    reached = {CaseState.OPEN}
    for _ in CASE_MOVES:
        reached |= {after for (before, _), after in CASE_MOVES.items() if before in reached}
    assert reached == set(CaseState)
    assert [before for before, _ in CASE_MOVES if before is CaseState.CLOSED] == []
    assert {action for _, action in CASE_MOVES} == set(CaseAction)


@given(stories())
def test_nothing_that_was_decided_is_ever_changed(story: Story) -> None:
    for before, after in pairwise(one.record for one in story.moved):
        assert after.rulings[: len(before.rulings)] == before.rulings
        assert after.appeals[: len(before.appeals)] == before.appeals
        assert after.steps[: len(before.steps)] == before.steps
        if before.state is CaseState.CLOSED:
            assert after == before


@given(stories())
def test_a_case_follows_its_table_and_nobody_decides_twice_or_his_own(story: Story) -> None:
    case = story.case
    state, decider = CaseState.OPEN, set[str]()
    for step in case.steps:
        assert CASE_MOVES[state, step.action] is step.after
        if step.action in (CaseAction.UPHOLD, CaseAction.OVERTURN):
            assert step.by not in decider
            assert step.by not in case.conflict.claimants
        if step.action in (CaseAction.DECIDE, CaseAction.UPHOLD, CaseAction.OVERTURN):
            decider.add(step.by)
        state = step.after
    assert state is case.state
    assert all(not one.decision.outcome or one.record.steps for one in story.moved)


def test_cases_and_claims_are_found_by_what_they_are_about() -> None:
    store = MemoryStore()

    def keep(work: object) -> None:
        work.repository(CONFLICT_CASES).put(won())  # type: ignore[attr-defined]  # a unit of work
        work.repository(CLAIMS).put(FACTS.contenders[0].claim)  # type: ignore[attr-defined]

    committed(store, keep)
    with store.unit_of_work() as work:
        (found,) = work.repository(CONFLICT_CASES).query(
            claimant="bolt", account="A", state=CaseState.DECIDED
        )
        assert found.record == won()
        assert [one.record.id for one in work.repository(CLAIMS).query(claimant="acme")] == ["1"]
