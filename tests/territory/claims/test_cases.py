"""Cases: decided, appealed, heard again; what was decided stays as it was, and nobody judges his own."""

import datetime
import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import attrs
import pytest
from hypothesis import given

from prmcore.decisions.explain import explain
from prmcore.errors import Fault, InvalidInput
from prmcore.repository import committed
from prmcore.storage import MemoryStore
from prmcore.territory.claims import (
    CASE_MOVES,
    Appeal,
    AppealPolicy,
    Award,
    CaseAction,
    CaseMoved,
    CaseState,
    CaseStep,
    Claim,
    ClaimKind,
    ConflictCase,
    ConflictFacts,
    ConflictPolicy,
    Contender,
    CustomerChoice,
    Resolution,
    ResolutionStep,
    Ruling,
    RunnerUp,
    StepKind,
    Verdict,
    WhyReview,
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


# every part of what is kept


UNSURE = attrs.evolve(FACTS, sameness=Sameness.POSSIBLE)  # the policy asks a person about it
ACME = Resolution(verdict=Verdict.AWARDED, awards=(Award(claim="1", claimant="acme"),))
BY_EARLIEST = attrs.evolve(ACME, step=StepKind.EARLIEST)
ASKED = Resolution(verdict=Verdict.REVIEW, why=WhyReview.POSSIBLY_SAME)
HEARD = D(2026, 5, 11)
MIDNIGHT = datetime.datetime(2026, 5, 11)  # no day


def under_review() -> ConflictCase:
    return decided(new(UNSURE), UNSURE, POLICY, by="run", on=ON).record


def overturned() -> ConflictCase:
    return reheard(under_appeal(), LETTER, POLICY, by="mori", on=HEARD).record


def last_step(case: ConflictCase) -> CaseStep:
    return case.steps[-1]


def test_an_opened_case_holds_its_conflict_and_nothing_else_yet() -> None:
    case = new()
    assert case == ConflictCase(
        id=FACTS.conflict.key, program="acme", conflict=FACTS.conflict, opened_by="run", opened_on=ON
    )
    assert (case.rulings, case.appeals, case.steps) == ((), (), ())
    assert (case.state, case.last_step_on, case.standing, case.standing_number) == (CaseState.OPEN, ON, None, 0)  # fmt: skip


def test_a_decided_case_holds_the_ruling_and_the_step() -> None:
    moved = decided(new(), FACTS, POLICY, by="run", on=ON)
    assert (moved.decision.policy.name, moved.decision.as_of) == ("cases/decide", ON)
    assert moved.record.rulings == (
        Ruling(policy="conflicts/2026", facts=FACTS, by_policy=BY_EARLIEST, resolution=BY_EARLIEST, on=ON, by="run"),
    )  # fmt: skip
    assert moved.record.steps == (
        CaseStep(action=CaseAction.DECIDE, after=CaseState.DECIDED, on=ON, by="run"),
    )
    assert moved.record.standing_number == 1
    again = decided(moved.record, FACTS, POLICY, by="run", on=ON)
    assert (again.decision.outcome, again.record) == (False, moved.record)


def test_a_case_that_the_policy_asks_about_is_referred_and_nobody_has_decided_it() -> None:
    case = under_review()
    assert last_step(case) == CaseStep(action=CaseAction.REFER, after=CaseState.UNDER_REVIEW, on=ON, by="run")
    assert (case.rulings[0].resolution, case.deciders, case.standing_number) == (ASKED, frozenset(), 0)


def test_a_settled_case_holds_what_the_person_said_beside_what_the_policy_says() -> None:
    day = D(2026, 5, 7)
    moved = settled(under_review(), BOLT, POLICY, by="sato", on=day, reason="one company, by its register")
    assert moved.decision.policy.name == "cases/settle"
    assert moved.record.rulings[-1] == Ruling(
        policy="conflicts/2026", facts=UNSURE, by_policy=ASKED, resolution=BOLT, on=day, by="sato",
        reason="one company, by its register",
    )  # fmt: skip
    assert last_step(moved.record) == CaseStep(
        action=CaseAction.DECIDE, after=CaseState.DECIDED, on=day, by="sato", reason="one company, by its register",
    )  # fmt: skip
    assert (moved.record.standing_number, moved.record.deciders) == (2, frozenset({"sato"}))


def test_a_person_may_have_looked_at_other_facts_than_the_policy() -> None:
    moved = settled(under_review(), BOLT, POLICY, by="sato", on=D(2026, 5, 8), reason="the letter", facts=LETTER)  # fmt: skip
    ruling = moved.record.rulings[-1]
    assert (ruling.facts, ruling.by_policy.step) == (LETTER, StepKind.CUSTOMER_CHOICE)
    with pytest.raises(InvalidInput, match=r"nothing was decided about the case .* yet"):
        settled(new(), BOLT, POLICY, by="sato", on=ON, reason="at once")


def test_only_a_case_under_review_or_appealed_is_settled_by_a_person() -> None:
    for case in (new(), won(), overturned()):
        moved = settled(case, ACME, POLICY, by="sato", on=HEARD, reason="so", facts=FACTS)
        assert (moved.decision.outcome, moved.record) == (False, case)


@pytest.mark.parametrize(
    ("resolution", "action", "after"),
    [(ACME, CaseAction.UPHOLD, CaseState.UPHELD), (BOLT, CaseAction.OVERTURN, CaseState.OVERTURNED)],
)
def test_a_person_upholds_or_overturns_what_was_appealed(
    resolution: Resolution, action: CaseAction, after: CaseState
) -> None:
    """Whichever step gave it: what the person says names none."""
    case = settled(under_appeal(), resolution, POLICY, by="mori", on=HEARD, reason="heard").record
    assert last_step(case) == CaseStep(action=action, after=after, on=HEARD, by="mori", reason="heard")
    assert (case.rulings[-1].answers, case.rulings[-1].facts) == (1, FACTS)


@pytest.mark.parametrize("by", ["run", "acme", "bolt"])
def test_who_decided_and_who_claims_does_not_settle_an_appeal(by: str) -> None:
    moved = settled(under_appeal(), BOLT, POLICY, by=by, on=HEARD, reason="mine")
    assert (moved.decision.outcome, moved.record) == (False, under_appeal())


def test_other_runners_up_are_another_decision() -> None:
    second = attrs.evolve(ACME, runners_up=(RunnerUp(claim="2", claimant="bolt", terms=Rate(1, 2)),))
    moved = settled(under_appeal(), second, POLICY, by="mori", on=HEARD, reason="bolt gets half")
    assert moved.record.state is CaseState.OVERTURNED


def test_an_appeal_is_kept_with_its_grounds_and_its_evidence_once_each() -> None:
    day = D(2026, 5, 8)
    moved = appealed(
        won(), claimant="bolt", grounds="the customer wrote", evidence=("mail-8", "call-2", "mail-8"), by="bo", on=day
    )  # fmt: skip
    assert moved.decision.policy.name == "appeals/standard/appeal"
    assert moved.record.appeals == (
        Appeal(against=1, claimant="bolt", grounds="the customer wrote", evidence=("mail-8", "call-2"), by="bo", on=day),
    )  # fmt: skip
    assert last_step(moved.record) == CaseStep(
        action=CaseAction.APPEAL, after=CaseState.APPEALED, on=day, by="bo", reason="the customer wrote"
    )
    assert moved.record.rulings == won().rulings
    again = appealed(moved.record, claimant="bolt", grounds="again", evidence=("mail-9",), by="bo", on=day)
    assert (again.decision.outcome, again.record) == (False, moved.record)


def test_the_same_letter_twice_is_one_piece_of_evidence_and_grounds_alone_may_do() -> None:
    def heard(least: int, *evidence: str) -> bool:
        policy = AppealPolicy(least_evidence=least)
        found = appealed(won(), policy, claimant="bolt", grounds="so", evidence=evidence, by="bo", on=ON)
        return bool(found.decision.outcome)

    assert (heard(2, "a", "a"), heard(2, "a", "b"), heard(0), heard(1)) == (False, True, True, False)


def test_who_got_a_part_of_it_may_appeal() -> None:
    halves = Resolution(
        verdict=Verdict.SPLIT,
        awards=(Award(claim="1", claimant="acme", share=Rate(1, 2)), Award(claim="2", claimant="bolt", share=Rate(1, 2))),
    )  # fmt: skip
    case = settled(under_review(), halves, POLICY, by="sato", on=ON, reason="both").record
    for claimant in ("acme", "bolt"):
        moved = appealed(case, claimant=claimant, grounds="more", evidence=("x",), by="al", on=ON)
        assert moved.decision.outcome is True
        assert moved.record.appeals[0].against == 2


def test_an_appeal_heard_again_names_the_ruling_that_it_answers() -> None:
    twice = AppealPolicy(most=2)
    case = appealed(overturned(), twice, claimant="acme", grounds="no", evidence=("x",), by="al", on=HEARD).record  # fmt: skip
    assert [one.against for one in case.appeals] == [1, 2]
    moved = reheard(case, LETTER, POLICY, by="kato", on=D(2026, 5, 12))
    assert (moved.record.rulings[-1].answers, moved.record.state) == (2, CaseState.UPHELD)
    assert last_step(moved.record).action is CaseAction.UPHOLD


def test_an_appeal_that_the_policy_asks_about_stays_one_until_a_person_decides() -> None:
    moved = reheard(under_appeal(), UNSURE, POLICY, by="mori", on=HEARD)
    assert (moved.decision.policy.name, moved.decision.outcome) == ("cases/rehear", True)
    case = moved.record
    assert last_step(case) == CaseStep(action=CaseAction.REFER, after=CaseState.APPEALED, on=HEARD, by="mori")
    assert case.rulings[-1] == Ruling(
        policy="conflicts/2026", facts=UNSURE, by_policy=ASKED, resolution=ASKED, on=HEARD, by="mori", answers=1
    )  # fmt: skip
    assert (case.standing, case.standing_number, case.deciders) == (case.rulings[0], 1, frozenset({"run"}))
    ruling = settled(case, BOLT, POLICY, by="mori", on=HEARD, reason="one company").record.rulings[-1]
    assert (ruling.facts, ruling.answers) == (UNSURE, 1)  # what was looked at last


def test_only_an_appeal_is_heard_again_and_not_by_a_claimant() -> None:
    for case, by in ((new(), "mori"), (won(), "mori"), (under_appeal(), "bolt")):
        moved = reheard(case, FACTS, POLICY, by=by, on=HEARD)
        assert (moved.decision.outcome, moved.record) == (False, case)


def test_a_case_that_lapses_or_is_closed_says_by_whom_and_why() -> None:
    for case in (new(), under_review(), under_appeal()):
        moved = lapsed(case, by="sato", on=HEARD, reason="2 was withdrawn")
        assert moved.decision.policy.name == "cases/lapse"
        assert moved.record == attrs.evolve(case, steps=(*case.steps, CaseStep(
            action=CaseAction.LAPSE, after=CaseState.CLOSED, on=HEARD, by="sato", reason="2 was withdrawn",
        )))  # fmt: skip
    late = D(2026, 5, 22)
    ended = closed(won(), by="run", on=late)
    assert ended.decision.policy.name == "cases/close"
    assert last_step(ended.record) == CaseStep(
        action=CaseAction.CLOSE, after=CaseState.CLOSED, on=late, by="run"
    )
    assert closed(ended.record, by="run", on=late).record == ended.record


def test_nothing_is_closed_before_it_was_decided() -> None:
    for case in (new(), under_review(), under_appeal()):
        moved = closed(case, AppealPolicy(days=0), by="run", on=D(2026, 7, 1))
        assert (moved.decision.outcome, moved.record) == (False, case)


def test_an_appeal_may_come_on_the_day_of_the_decision_and_on_no_other_where_it_has_no_days() -> None:
    at_once = AppealPolicy(days=0)

    def is_heard(on: datetime.date) -> bool:
        moved = appealed(won(), at_once, claimant="bolt", grounds="so", evidence=("x",), by="bo", on=on)
        return bool(moved.decision.outcome)

    assert (is_heard(ON), is_heard(D(2026, 5, 7))) == (True, False)
    assert closed(won(), at_once, by="run", on=ON).record.state is CaseState.DECIDED
    assert closed(won(), at_once, by="run", on=D(2026, 5, 7)).record.state is CaseState.CLOSED


def test_a_ruling_that_its_policy_would_not_give_today_is_refused() -> None:
    other = attrs.evolve(won().rulings[0], by_policy=BOLT)
    with pytest.raises(InvalidInput, match="decides otherwise today; a published version must not change"):
        other.decision(POLICY)


def test_a_case_moves_as_its_table_says_and_in_no_other_way() -> None:
    table = """
        open          refer     under-review
        open          decide    decided
        open          lapse     closed
        under-review  decide    decided
        under-review  lapse     closed
        decided       appeal    appealed
        decided       close     closed
        appealed      refer     appealed
        appealed      uphold    decision-upheld
        appealed      overturn  decision-overturned
        appealed      lapse     closed
        decision-upheld      appeal  appealed
        decision-upheld      close   closed
        decision-overturned  appeal  appealed
        decision-overturned  close   closed
    """
    rows = [tuple(line.split()) for line in table.strip().splitlines()]
    assert sorted((str(a), str(by), str(b)) for (a, by), b in CASE_MOVES.items()) == sorted(rows)


# refusals, each with its path


BLANKS = "accepted: an id without outer blanks, in Unicode NFC"
WORDS = "accepted: words, at most 4000 characters"


def faults_of(made: Callable[[], object]) -> list[Fault]:
    with pytest.raises(InvalidInput) as refused:
        made()
    return list(refused.value.faults)


@pytest.mark.parametrize(
    ("made", "faults"),
    [
        (lambda: opened(FACTS.conflict, id=" x", program="p", by="run", on=ON), [Fault(f"found ' x'; {BLANKS}", "id")]),
        (lambda: opened(FACTS.conflict, id="1", program=" x", by="run", on=ON), [Fault(f"found ' x'; {BLANKS}", "program")]),
        (lambda: opened(FACTS.conflict, id="1", program="p", by=" x", on=ON), [Fault(f"found ' x'; {BLANKS}", "opened_by")]),
        (
            lambda: opened(FACTS.conflict, id="1", program="p", by="run", on=MIDNIGHT),
            [Fault(f"opened_on: found {MIDNIGHT!r}; accepted: a date without a time")],
        ),
        (lambda: lapsed(new(), by=" x", on=ON, reason="so"), [Fault(f"found ' x'; {BLANKS}", "by")]),
        (lambda: lapsed(new(), by="run", on=ON, reason=" "), [Fault(f"found ' '; {WORDS}", "reason")]),
        (lambda: lapsed(new(), by="run", on=ON, reason="x" * 4_001), [Fault(f"found '{'x' * 59}; {WORDS}", "reason")]),
        (lambda: lapsed(new(), by="run", on=ON, reason=7), [Fault(f"found 7; {WORDS}", "reason")]),  # type: ignore[arg-type]
        (
            lambda: lapsed(under_appeal(), by="run", on=ON, reason="so"),
            [Fault("found 2026-05-06; accepted: 2026-05-08, the day of its last step, or later", "on")],
        ),
        (
            lambda: decided(new(), ConflictFacts(contenders=[contender("1", "acme", 0), contender("3", "bolt", 1)]), POLICY, by="run", on=ON),
            [Fault("the facts are of another conflict; accepted: those of 1, 2", "facts")],
        ),
        (
            lambda: settled(under_review(), ASKED, POLICY, by="sato", on=ON, reason="so"),
            [Fault("found a review; accepted: an award, a split, or the house", "resolution")],
        ),
        (
            lambda: settled(
                under_review(), attrs.evolve(ACME, runners_up=(RunnerUp(claim="3", claimant="bolt", terms=Rate(1, 2)),)), POLICY,
                by="sato", on=ON, reason="so",
            ),
            [Fault("found the claim '3' of 'bolt'; accepted: 1 of acme, 2 of bolt")],
        ),
        (lambda: settled(under_review(), BOLT, POLICY, by="sato", on=ON, reason=""), [Fault(f"found ''; {WORDS}", "reason")]),
        (
            lambda: settled(under_review(), BOLT, POLICY, by="sato", on=D(2026, 5, 5), reason="so"),
            [Fault("found 2026-05-05; accepted: 2026-05-06, the day of its last step, or later", "on")],
        ),
        (
            lambda: appealed(won(), claimant="cato", grounds="so", evidence=("x", " x"), by="bo", on=ON),
            [Fault(f"found ' x'; {BLANKS}", "evidence"), Fault("found 'cato'; accepted: one of the claimants, acme, bolt", "claimant")],
        ),
        (lambda: appealed(won(), claimant="bolt", grounds="", by="bo", on=ON), [Fault(f"found ''; {WORDS}", "reason")]),
        (lambda: reheard(under_appeal(), FACTS, POLICY, by=" x", on=HEARD), [Fault(f"found ' x'; {BLANKS}", "by")]),
        (lambda: closed(won(), by=" x", on=HEARD), [Fault(f"found ' x'; {BLANKS}", "by")]),
        (lambda: AppealPolicy(name=" x"), [Fault(f"found ' x'; {BLANKS}", "name")]),
        (lambda: AppealPolicy(days=-1), [Fault("found -1; accepted: 0 to 10000", "days")]),
        (lambda: AppealPolicy(most=10_001), [Fault("found 10001; accepted: 0 to 10000", "most")]),
        (lambda: AppealPolicy(least_evidence=True), [Fault("found True; accepted: 0 to 10000", "least_evidence")]),
    ],
)  # fmt: skip
def test_a_move_that_cannot_be_made_is_refused(made: Callable[[], object], faults: list[Fault]) -> None:
    assert faults_of(made) == faults


def test_a_day_is_a_date() -> None:
    with pytest.raises(InvalidInput, match=r"^on: found 'today'; accepted: a date"):
        lapsed(new(), by="run", on="today", reason="so")  # type: ignore[arg-type]


def test_what_is_just_within_bounds_is_taken() -> None:
    assert lapsed(new(), by="run", on=ON, reason="x" * 4_000).decision.outcome
    assert AppealPolicy(days=10_000, most=0, least_evidence=0)
    usual = AppealPolicy()
    assert (usual.name, usual.days, usual.most, usual.least_evidence) == ("appeals/standard", 15, 1, 1)


@pytest.mark.parametrize("record", [Ruling, Appeal, CaseStep, ConflictCase, AppealPolicy])
def test_every_part_is_told_by_its_name(record: type[attrs.AttrsInstance]) -> None:
    assert all(field.kw_only for field in attrs.fields(record))


@pytest.mark.parametrize(
    ("words", "written"),
    [
        (CaseState, "open under-review decided appealed decision-upheld decision-overturned closed"),
        (CaseAction, "refer decide appeal uphold overturn lapse close"),
    ],
)
def test_records_write_these_words(words: Any, written: str) -> None:
    assert [word.value for word in words] == written.split()


# what a person is told


def asked_to(locale: str, *moved: CaseMoved[ConflictCase]) -> list[str]:
    """What was asked, without what was found: `state of the case`."""
    lines = [line.strip() for one in moved for line in str(explain(one.decision, locale)).splitlines()[2:]]
    return list(dict.fromkeys(re.split("[:：]", line[2:])[0] for line in lines))


def test_what_moving_a_case_depends_on_is_told_in_three_languages() -> None:
    moved = (
        appealed(under_review(), claimant="bolt", grounds="so", by="bo", on=ON),
        reheard(won(), FACTS, POLICY, by="mori", on=ON),
        closed(won(), by="run", on=ON),
    )
    assert asked_to("en", *moved) == [
        "state of the case", "did not get all of it", "days since the decision", "appeals so far",
        "pieces of new evidence", "is one of the claimants", "decided what is appealed", "days left for an appeal",
    ]  # fmt: skip
    assert asked_to("ja", *moved) == [
        "案件の状態", "全部は認められていない", "決定からの日数", "これまでの不服申立て", "新たな証拠の数", "当事者本人",
        "不服申立て対象の決定者本人", "不服申立て期限までの日数",
    ]  # fmt: skip
    assert asked_to("zh", *moved) == [
        "案件状态", "未获得全部权益", "决定后的天数", "已有的申诉次数", "新证据数量", "本人是当事方", "本人作出了被申诉的决定",
        "距申诉截止天数",
    ]  # fmt: skip


def test_an_appeal_of_what_nobody_has_decided_counts_no_days() -> None:
    moved = appealed(under_review(), claimant="bolt", grounds="so", by="bo", on=HEARD)
    assert str(explain(moved.decision)).splitlines()[4].strip() == (
        "✓ days since the decision: 0, asked for 0 to 15"
    )


def test_cases_are_found_by_program_state_account_claimant_and_claim() -> None:
    store = MemoryStore()

    def keep(work: Any) -> None:
        work.repository(CONFLICT_CASES).put(won())

    committed(store, keep)
    asked: list[dict[str, Any]] = [
        {"program": "acme"}, {"state": CaseState.DECIDED}, {"account": "A"}, {"claimant": "bolt"}, {"claim": "1"},
        {"program": "bolt"}, {"state": CaseState.OPEN}, {"account": "B"}, {"claimant": "1"}, {"claim": "acme"},
    ]  # fmt: skip
    with store.unit_of_work() as work:
        kept = work.repository(CONFLICT_CASES)
        assert kept.get(FACTS.conflict.key).record == won()
        assert [len(list(kept.query(**one))) for one in asked] == [1] * 5 + [0] * 5
    assert (CONFLICT_CASES.name, CONFLICT_CASES.record.__name__) == ("conflict-case", "ConflictCase")
