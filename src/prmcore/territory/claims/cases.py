"""Cases: a conflict from the day it is found to its last word, every decision about it kept in order.

An appeal opens a new decision on new facts; the one before it stays as it was. Whoever decided does not decide the appeal, and
nobody decides what is his own.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from typing import Any, Generic, TypeVar

import attrs

from prmcore.decisions import Decision, Ladder, fact
from prmcore.decisions.permission import permission, starts_of
from prmcore.errors import Faults, InvalidInput
from prmcore.territory.claims.facts import ConflictFacts
from prmcore.territory.claims.model import Conflict, check_ids
from prmcore.territory.claims.policy import ConflictPolicy
from prmcore.territory.claims.resolution import Resolution, check_resolution
from prmcore.values import Rate, Text, checked_date, checked_id

__all__ = [
    "CASE_MOVES", "Appeal", "AppealFacts", "AppealPolicy", "CaseAction", "CaseFacts", "CaseMoved", "CaseState", "CaseStep",
    "ConflictCase", "Ruling", "appealed", "closed", "decided", "lapsed", "opened", "reheard", "settled",
]  # fmt: skip

CaseT = TypeVar("CaseT")
LONGEST = 4_000  # characters of a reason


class CaseState(StrEnum):
    """How a case stands."""

    OPEN = "open"
    UNDER_REVIEW = "under-review"  # a person has to decide
    DECIDED = "decided"
    APPEALED = "appealed"
    UPHELD = "decision-upheld"  # the appeal changed nothing
    OVERTURNED = "decision-overturned"
    CLOSED = "closed"


class CaseAction(StrEnum):
    """What somebody, or the policy, can do with a case."""

    REFER = "refer"  # to a person
    DECIDE = "decide"
    APPEAL = "appeal"
    UPHOLD = "uphold"
    OVERTURN = "overturn"
    LAPSE = "lapse"  # there is nothing to settle any more
    CLOSE = "close"  # what was decided is final


_S, _A = CaseState, CaseAction
CASE_MOVES: Mapping[tuple[CaseState, CaseAction], CaseState] = {
    (_S.OPEN, _A.REFER): _S.UNDER_REVIEW,
    (_S.OPEN, _A.DECIDE): _S.DECIDED,
    (_S.OPEN, _A.LAPSE): _S.CLOSED,
    (_S.UNDER_REVIEW, _A.DECIDE): _S.DECIDED,
    (_S.UNDER_REVIEW, _A.LAPSE): _S.CLOSED,
    (_S.DECIDED, _A.APPEAL): _S.APPEALED,
    (_S.UPHELD, _A.APPEAL): _S.APPEALED,
    (_S.OVERTURNED, _A.APPEAL): _S.APPEALED,
    (_S.APPEALED, _A.REFER): _S.APPEALED,
    (_S.APPEALED, _A.UPHOLD): _S.UPHELD,
    (_S.APPEALED, _A.OVERTURN): _S.OVERTURNED,
    (_S.APPEALED, _A.LAPSE): _S.CLOSED,
    (_S.DECIDED, _A.CLOSE): _S.CLOSED,
    (_S.UPHELD, _A.CLOSE): _S.CLOSED,
    (_S.OVERTURNED, _A.CLOSE): _S.CLOSED,
}  # what is closed stays closed


@attrs.frozen(kw_only=True)
class Ruling:
    """One decision about a case: from which facts, what the policy says to them, and what holds."""

    policy: str  # its name, with the version
    facts: ConflictFacts
    by_policy: Resolution
    resolution: Resolution  # what holds: the policy's, or a person's where the policy asked for one
    on: datetime.date
    by: str
    reason: str | None = None  # a person's own
    answers: int | None = None  # the number of the ruling that was appealed, from 1; None = it is no appeal's

    def decision(self, policy: ConflictPolicy) -> Decision[Resolution]:
        """The policy's decision again, to explain it; refused with another policy, or when it comes out differently."""
        if policy.name != self.policy:
            raise InvalidInput(
                f"it was decided by {self.policy!r}; accepted: that policy, not {policy.name!r}"
            )
        again = policy.decide(self.facts, self.on)
        if again.outcome != self.by_policy:
            raise InvalidInput(
                f"{self.policy!r} decides otherwise today; a published version must not change"
            )
        return again


@attrs.frozen(kw_only=True)
class Appeal:
    """A claimant who lost says why the decision is wrong, and what shows it."""

    against: int  # the number of the ruling, from 1
    claimant: str
    grounds: str
    evidence: tuple[str, ...] = ()  # where what shows it is kept
    by: str
    on: datetime.date


@attrs.frozen(kw_only=True)
class CaseStep:
    """One move of a case, for the audit trail."""

    action: CaseAction
    after: CaseState
    on: datetime.date
    by: str
    reason: str | None = None


@attrs.frozen(kw_only=True)
class ConflictCase:
    """A conflict and all that was decided about it."""

    id: str
    program: str
    conflict: Conflict  # as it was found
    opened_by: str
    opened_on: datetime.date
    rulings: tuple[Ruling, ...] = ()
    appeals: tuple[Appeal, ...] = ()
    steps: tuple[CaseStep, ...] = ()

    def __attrs_post_init__(self) -> None:
        faults = Faults(f"the case {self.id!r:.60} cannot be used")
        check_ids(faults, id=self.id, program=self.program, opened_by=self.opened_by)
        with faults.within(""):
            checked_date(self.opened_on, "opened_on")
        faults.raise_if_any()

    @property
    def state(self) -> CaseState:
        return self.steps[-1].after if self.steps else CaseState.OPEN

    @property
    def last_step_on(self) -> datetime.date:
        return self.steps[-1].on if self.steps else self.opened_on

    @property
    def standing(self) -> Ruling | None:
        """The last ruling that settles the conflict; None = there is none yet. One that asks a person settles nothing."""
        return next((one for one in reversed(self.rulings) if one.resolution.is_settled), None)

    @property
    def standing_number(self) -> int:
        """Its number, from 1; 0 = there is none."""
        return next(
            (n for n in range(len(self.rulings), 0, -1) if self.rulings[n - 1].resolution.is_settled), 0
        )

    @property
    def deciders(self) -> frozenset[str]:
        """Who decided something about it."""
        return frozenset(one.by for one in self.rulings if one.resolution.is_settled)


@attrs.frozen
class CaseMoved(Generic[CaseT]):
    """What came of an action: whether it was allowed and why, and the case after it."""

    decision: Decision[Any]
    record: CaseT  # as it was, when it was not allowed


# policies


def _label(english: str, ja: str, zh: str) -> Any:
    return {"text": Text.of(english, ja=ja, zh=zh)}


_STATE = _label("state of the case", "案件の状態", "案件状态")


@attrs.frozen
class CaseFacts:
    """What moving a case depends on."""

    state: CaseState = attrs.field(metadata=_STATE)
    is_party: bool = attrs.field(metadata=_label("is one of the claimants", "当事者本人", "本人是当事方"))
    decided_before: bool = attrs.field(
        metadata=_label("decided what is appealed", "不服申立て対象の決定者本人", "本人作出了被申诉的决定")
    )
    window_left: int | None = attrs.field(  # None = there is nothing to appeal
        default=None, metadata=_label("days left for an appeal", "不服申立て期限までの日数", "距申诉截止天数")
    )


@attrs.frozen
class AppealFacts:
    """What an appeal depends on."""

    state: CaseState = attrs.field(metadata=_STATE)
    lost: bool = attrs.field(
        metadata=_label("did not get all of it", "全部は認められていない", "未获得全部权益")
    )
    days: int = attrs.field(metadata=_label("days since the decision", "決定からの日数", "决定后的天数"))
    appeals: int = attrs.field(metadata=_label("appeals so far", "これまでの不服申立て", "已有的申诉次数"))
    evidence: int = attrs.field(metadata=_label("pieces of new evidence", "新たな証拠の数", "新证据数量"))


@attrs.frozen(kw_only=True)
class AppealPolicy:
    """Until when, how often and on what an appeal is heard.

    The 15 days are those in which GitLab's channel handbook hears disputes.
    """

    name: str = "appeals/standard"
    days: int = 15  # after the decision, the last one included
    most: int = 1  # appeals in one case
    least_evidence: int = 1  # pieces; 0 = grounds are enough

    def __attrs_post_init__(self) -> None:
        faults = Faults(f"the policy {self.name!r:.100} cannot be used")
        with faults.within("name"):
            checked_id(self.name)
        for name in ("days", "most", "least_evidence"):
            count = getattr(self, name)
            if type(count) is not int or not 0 <= count <= 10_000:
                faults.add(f"found {count!r:.40}; accepted: 0 to 10000", name)
        faults.raise_if_any()


STANDARD = AppealPolicy()


@lru_cache(maxsize=64)
def _appealing(policy: AppealPolicy) -> Ladder[AppealFacts, bool]:
    return permission(
        f"{policy.name}/appeal", AppealFacts,
        starts_of(CASE_MOVES, CaseAction.APPEAL), fact("lost").is_true(), fact("days").between(0, policy.days),
        fact("appeals").at_most(policy.most - 1), fact("evidence").at_least(policy.least_evidence),
    )  # fmt: skip


@lru_cache(maxsize=1)
def _deciding() -> Ladder[CaseFacts, bool]:
    """The policy's own decision of a new case."""
    return permission("cases/decide", CaseFacts, fact("state").one_of(CaseState.OPEN))


@lru_cache(maxsize=1)
def _settling() -> Ladder[CaseFacts, bool]:
    """A person's decision: of a case under review, or of an appeal."""
    return permission(
        "cases/settle", CaseFacts,
        fact("state").one_of(CaseState.UNDER_REVIEW, CaseState.APPEALED), fact("is_party").is_false(),
        fact("decided_before").is_false(),
    )  # fmt: skip


@lru_cache(maxsize=1)
def _rehearing() -> Ladder[CaseFacts, bool]:
    return permission(
        "cases/rehear", CaseFacts,
        fact("state").one_of(CaseState.APPEALED), fact("is_party").is_false(), fact("decided_before").is_false(),
    )  # fmt: skip


@lru_cache(maxsize=1)
def _lapsing() -> Ladder[CaseFacts, bool]:
    return permission("cases/lapse", CaseFacts, starts_of(CASE_MOVES, CaseAction.LAPSE))


@lru_cache(maxsize=1)
def _closing() -> Ladder[CaseFacts, bool]:
    """Final once nobody may appeal any more."""
    return permission(
        "cases/close", CaseFacts, starts_of(CASE_MOVES, CaseAction.CLOSE), fact("window_left").less_than(0)
    )


# actions


def opened(conflict: Conflict, *, id: str, program: str, by: str, on: datetime.date) -> ConflictCase:
    """A case of a conflict that was found. `Conflict.key` is an id that finding it again does not change."""
    return ConflictCase(id=id, program=program, conflict=conflict, opened_by=by, opened_on=on)


def decided(
    case: ConflictCase, facts: ConflictFacts, policy: ConflictPolicy, *, by: str, on: datetime.date
) -> CaseMoved[ConflictCase]:
    """The case as the policy decides it; where the policy asks for a person it is under review."""
    _check(case, facts, by, on)
    allowed = _deciding().decide(_facts(case, by), on)
    if not allowed.outcome:
        return CaseMoved(allowed, case)
    ruling = _ruling(facts, policy, by, on)
    action = CaseAction.DECIDE if ruling.resolution.is_settled else CaseAction.REFER
    return CaseMoved(allowed, _after(case, action, by, on, ruling=ruling))


def settled(
    case: ConflictCase,
    resolution: Resolution,
    policy: ConflictPolicy,
    *,
    by: str,
    on: datetime.date,
    reason: str,
    facts: ConflictFacts | None = None,
) -> CaseMoved[ConflictCase]:
    """The case as a person decides it: under review, or appealed and not decided by the policy itself.

    `facts` are what the person looked at, None = those of the ruling before. What the policy says to them is kept beside it.
    """
    seen = facts if facts is not None else _last_facts(case)
    _check(case, seen, by, on, reason)
    faults = Faults("the decision cannot be taken")
    check_resolution(resolution, seen, faults)
    if not resolution.is_settled:
        faults.add("found a review; accepted: an award, a split, or the house", "resolution")
    faults.raise_if_any()
    allowed = _settling().decide(_facts(case, by), on)
    if not allowed.outcome:
        return CaseMoved(allowed, case)
    ruling = _ruling(seen, policy, by, on, resolution, reason, _answered(case))
    return CaseMoved(allowed, _after(case, _outcome_of(case, resolution), by, on, reason, ruling))


def appealed(
    case: ConflictCase,
    policy: AppealPolicy = STANDARD,
    *,
    claimant: str,
    grounds: str,
    evidence: tuple[str, ...] = (),
    by: str,
    on: datetime.date,
) -> CaseMoved[ConflictCase]:
    """The case with an appeal of a claimant who did not get all of it; evidence that an earlier appeal had is not new."""
    _check(case, None, by, on, grounds)
    faults = Faults("the appeal cannot be taken")
    for one in evidence:
        check_ids(faults, evidence=one)
    if claimant not in case.conflict.claimants:
        known = ", ".join(case.conflict.claimants)
        faults.add(f"found {claimant!r:.60}; accepted: one of the claimants, {known}", "claimant")
    faults.raise_if_any()
    standing = case.standing
    used = {one for appeal in case.appeals for one in appeal.evidence}
    facts = AppealFacts(
        state=case.state,
        lost=standing is not None and standing.resolution.share_of(claimant) < Rate(1),
        days=(on - standing.on).days if standing is not None else 0,
        appeals=len(case.appeals),
        evidence=len(set(evidence) - used),
    )
    allowed = _appealing(policy).decide(facts, on)
    if not allowed.outcome:
        return CaseMoved(allowed, case)
    appeal = Appeal(
        against=case.standing_number,
        claimant=claimant,
        grounds=grounds,
        evidence=tuple(dict.fromkeys(evidence)),
        by=by,
        on=on,
    )
    moved = _after(case, CaseAction.APPEAL, by, on, grounds)
    return CaseMoved(allowed, attrs.evolve(moved, appeals=(*case.appeals, appeal)))


def reheard(
    case: ConflictCase, facts: ConflictFacts, policy: ConflictPolicy, *, by: str, on: datetime.date
) -> CaseMoved[ConflictCase]:
    """The appeal as the policy decides it on the new facts: upheld, overturned, or for a person to decide."""
    _check(case, facts, by, on)
    allowed = _rehearing().decide(_facts(case, by), on)
    if not allowed.outcome:
        return CaseMoved(allowed, case)
    ruling = _ruling(facts, policy, by, on, answers=_answered(case))
    action = _outcome_of(case, ruling.resolution) if ruling.resolution.is_settled else CaseAction.REFER
    return CaseMoved(allowed, _after(case, action, by, on, ruling=ruling))


def lapsed(case: ConflictCase, *, by: str, on: datetime.date, reason: str) -> CaseMoved[ConflictCase]:
    """The case closed without a decision: a claim is gone, or the accounts turned out to be distinct."""
    _check(case, None, by, on, reason)
    allowed = _lapsing().decide(_facts(case, by), on)
    moved = _after(case, CaseAction.LAPSE, by, on, reason) if allowed.outcome else case
    return CaseMoved(allowed, moved)


def closed(
    case: ConflictCase, policy: AppealPolicy = STANDARD, *, by: str, on: datetime.date
) -> CaseMoved[ConflictCase]:
    """The case closed once nobody may appeal any more: its days are over, or its appeals are used up."""
    _check(case, None, by, on)
    standing = case.standing
    left: int | None = None
    if standing is not None:
        left = policy.days - (on - standing.on).days if len(case.appeals) < policy.most else -1
    allowed = _closing().decide(attrs.evolve(_facts(case, by), window_left=left), on)
    return CaseMoved(allowed, _after(case, CaseAction.CLOSE, by, on) if allowed.outcome else case)


def _check(
    case: ConflictCase, facts: ConflictFacts | None, by: str, on: datetime.date, reason: str | None = None
) -> None:
    faults = Faults(f"the case {case.id!r:.60} cannot be moved")
    check_ids(faults, by=by)
    if checked_date(on, "on") < case.last_step_on:
        faults.add(f"found {on}; accepted: {case.last_step_on}, the day of its last step, or later", "on")
    if reason is not None and not (isinstance(reason, str) and reason.strip() and len(reason) <= LONGEST):
        faults.add(f"found {reason!r:.60}; accepted: words, at most {LONGEST} characters", "reason")
    if facts is not None and facts.conflict.key != case.conflict.key:
        claims = ", ".join(claim.id for claim in case.conflict.claims)
        faults.add(f"the facts are of another conflict; accepted: those of {claims}", "facts")
    faults.raise_if_any()


def _facts(case: ConflictCase, by: str) -> CaseFacts:
    return CaseFacts(
        state=case.state,
        is_party=by in case.conflict.claimants,
        decided_before=case.state is CaseState.APPEALED and by in case.deciders,
    )


def _last_facts(case: ConflictCase) -> ConflictFacts:
    if not case.rulings:
        raise InvalidInput(
            f"nothing was decided about the case {case.id!r} yet; accepted: the facts that were looked at"
        )
    return case.rulings[-1].facts


def _ruling(
    facts: ConflictFacts,
    policy: ConflictPolicy,
    by: str,
    on: datetime.date,
    resolution: Resolution | None = None,
    reason: str | None = None,
    answers: int | None = None,
) -> Ruling:
    found = policy.decide(facts, on).outcome
    return Ruling(
        policy=policy.name, facts=facts, by_policy=found, resolution=found if resolution is None else resolution,
        on=on, by=by, reason=reason, answers=answers,
    )  # fmt: skip


def _answered(case: ConflictCase) -> int | None:
    return case.appeals[-1].against if case.state is CaseState.APPEALED else None


def _outcome_of(case: ConflictCase, resolution: Resolution) -> CaseAction:
    """Whether the account stays with whom it was given, whichever step gave it."""
    if case.state is not CaseState.APPEALED:
        return CaseAction.DECIDE
    standing = case.standing
    assert standing is not None  # what is appealed was decided
    before = standing.resolution
    same = (before.verdict, before.awards, before.runners_up) == (
        resolution.verdict, resolution.awards, resolution.runners_up,
    )  # fmt: skip
    return CaseAction.UPHOLD if same else CaseAction.OVERTURN


def _after(
    case: ConflictCase,
    action: CaseAction,
    by: str,
    on: datetime.date,
    reason: str | None = None,
    ruling: Ruling | None = None,
) -> ConflictCase:
    step = CaseStep(action=action, after=CASE_MOVES[case.state, action], on=on, by=by, reason=reason)
    rulings = case.rulings if ruling is None else (*case.rulings, ruling)
    return attrs.evolve(case, steps=(*case.steps, step), rulings=rulings)
