"""The use case of conflicts: find where claims meet, open a case for each, let the policy decide it, hear an appeal.

Claims are what registrations, assignments of accounts and the claims that the caller keeps say on a day. Finding the same
conflict again opens no second case; every decision is added to its case, and none is ever changed.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from prmcore.deals.registrations import HOLDING, WAITING, Registration, RegistrationState
from prmcore.deals.registrations import Conflict as ConflictFound
from prmcore.deals.registrations.repository import REGISTRATIONS
from prmcore.errors import InvalidInput
from prmcore.program.judge import level_recorded
from prmcore.program.model import Program, ProgramVersions
from prmcore.repository import Store, UnitOfWork, asked_for, committed, found_in
from prmcore.territory.claims import (
    AppealPolicy,
    CaseMoved,
    CaseState,
    Claim,
    ClaimKind,
    Companies,
    Conflict,
    ConflictCase,
    ConflictFacts,
    ConflictPolicy,
    Contender,
    Resolution,
    appealed,
    closed,
    conflicts,
    covers,
    decided,
    opened,
    reheard,
    settled,
)
from prmcore.territory.claims.conflicts import Samenesses
from prmcore.territory.claims.repository import CLAIMS, CONFLICT_CASES
from prmcore.territory.coverage.repository import ACCOUNT_ASSIGNMENTS
from prmcore.values import DateRange, day_in, first_instant, natural_key

__all__ = [
    "appeal_case", "cases_of", "claims_on", "close_case", "conflict_found", "decide_case", "keep_claim", "open_cases",
    "settle_case",
]  # fmt: skip


def conflict_policies(
    versions: ProgramVersions, day: datetime.date
) -> tuple[Program, ConflictPolicy, AppealPolicy]:
    """The version in force on a day, how it settles conflicts, and how it hears appeals."""
    program = versions.on(day)
    if program.conflicts is None or program.appeals is None:
        raise InvalidInput(
            f"{program.full_name} settles no conflicts; accepted: a program file with [conflicts]"
        )
    return program, program.conflicts, program.appeals


# claims


def claims_on(store: Store, versions: ProgramVersions, day: datetime.date) -> tuple[Claim, ...]:
    """Every claim that is live on a day: registrations, accounts that partners have, and claims that are kept as such."""
    zone = versions.on(day).zone
    with store.unit_of_work() as work:
        registered = [one.record for one in work.repository(REGISTRATIONS).query(program=versions.name)]
        assigned = [one.record for one in work.repository(ACCOUNT_ASSIGNMENTS).query(program=versions.name)]
        kept = [one.record for one in work.repository(CLAIMS)]
    found = [_of_registration(one, zone) for one in registered if one.state in WAITING | HOLDING]
    for one in assigned:
        step = one.on(day)
        if step is not None and step.member is not None:
            found.append(_of_assignment(one.account, step.member, step.on, zone))
    return tuple(one for one in (*found, *kept) if one.is_live_on(day))


def _of_registration(one: Registration, zone: str) -> Claim:
    """A registration that waits or is approved, as a claim; it lives from its submission until its protection ends."""
    assert one.submitted_at is not None  # it has a place
    assert one.scope is not None
    protection, approved = one.protection, one.approved_at
    holds = one.state in HOLDING and protection is not None
    until = protection.until if holds and protection is not None else None
    return Claim(
        id=claim_of("registration", one.id),
        kind=ClaimKind.OPPORTUNITY if one.state is RegistrationState.CONVERTED else ClaimKind.REGISTRATION,
        account=one.account or one.deal.customer,
        claimant=one.partner,
        products=one.scope.products,
        period=DateRange(day_in(zone, one.submitted_at), until),
        submitted=one.submitted_at,
        completed=one.completed_at,
        sequence=0 if one.place is None else one.place.number,
        approved_on=None if approved is None else day_in(zone, approved),
        protected=DateRange(protection.start, protection.until) if holds and protection is not None else None,
    )


def _of_assignment(account: str, member: str, on: datetime.date, zone: str) -> Claim:
    """An account that somebody has, as a claim; it was made as its day began."""
    at = first_instant(zone, on)
    return Claim(
        id=claim_of("assignment", account),
        kind=ClaimKind.ASSIGNMENT,
        account=account,
        claimant=member,
        period=DateRange(on, None),
        submitted=at,
        completed=at,
    )


def claim_of(kind: str, id: str) -> str:
    """The id of the claim that a registration, or the assignment of an account, makes."""
    return natural_key(kind, id)


def keep_claim(store: Store, claim: Claim) -> None:
    """Keeps a claim that nothing else makes, such as a direct pursuit; one of its id is replaced."""

    def change(work: UnitOfWork) -> None:
        found = found_in(work.repository(CLAIMS), claim.id)
        work.repository(CLAIMS).put(claim, expected=0 if found is None else found.version)

    committed(store, change)


# cases


def open_cases(
    store: Store,
    versions: ProgramVersions,
    day: datetime.date,
    sameness: Samenesses | Companies,
    *,
    by: str,
    kinds: Iterable[ClaimKind] = (ClaimKind.REGISTRATION, ClaimKind.OPPORTUNITY, ClaimKind.DIRECT),
) -> tuple[ConflictCase, ...]:
    """A case for every conflict among the claims of a day that has none yet; `sameness` says which accounts are one company.

    Assignments do not contest by themselves: who has an account is asked for by a step of the policy. `kinds` says so otherwise.
    """
    program, _, _ = conflict_policies(versions, day)
    wanted = frozenset(kinds)
    claims = [one for one in claims_on(store, versions, day) if one.kind in wanted]
    found = conflicts(claims, sameness, program.product_tree, as_of=day)

    def change(work: UnitOfWork) -> tuple[ConflictCase, ...]:
        cases = work.repository(CONFLICT_CASES)
        made = []
        for one in found:
            id = natural_key(versions.name, one.key)
            if found_in(cases, id) is None:
                made.append(opened(one, id=id, program=versions.name, by=by, on=day))
                cases.put(made[-1])
        return tuple(made)

    return committed(store, change)


def cases_of(store: Store, program: str, state: CaseState | None = None) -> tuple[ConflictCase, ...]:
    """The cases of a program, by the day on which they were opened."""
    keys = {"program": program} if state is None else {"program": program, "state": state}
    with store.unit_of_work() as work:
        found = [one.record for one in work.repository(CONFLICT_CASES).query(**keys)]
    return tuple(sorted(found, key=lambda one: (one.opened_on, one.id)))


def facts_of_case(
    store: Store,
    versions: ProgramVersions,
    conflict: Conflict,
    day: datetime.date,
    sold: Mapping[str, frozenset[str]] | None = None,
    **known: Any,
) -> ConflictFacts:
    """What the store knows of the claimants on a day; `known` is what the caller knows of the account besides.

    `sold` says which products each claimant sold to the account before; without it nobody knows who the incumbent is.
    """
    program = versions.on(day)
    with store.unit_of_work() as work:
        owners = set(_owners(work, versions.name, conflict.accounts, day))
        claimants = {one.claimant for one in conflict.claims if not one.is_direct}
        tiers = {one: level_recorded(work, versions.name, one, day) for one in claimants}
    known_owner = bool(owners) or program.coverage is not None

    def incumbent(claimant: str) -> bool | None:
        if sold is None:
            return None
        before = sold.get(claimant, frozenset())
        return bool(before) and covers(before, conflict.products, program.product_tree)

    contenders = tuple(
        Contender(
            claim=one,
            tier=None if one.is_direct else tiers[one.claimant],
            owns_territory=one.claimant in owners if known_owner else None,
            is_incumbent=incumbent(one.claimant),
        )
        for one in conflict.claims
    )
    return ConflictFacts(
        contenders=contenders, products=conflict.products, sameness=conflict.sameness, **known
    )


def _owners(work: UnitOfWork, program: str, accounts: Iterable[str], day: datetime.date) -> Iterator[str]:
    """Who has one of the accounts on a day: it was assigned to them, or a claim that is kept says so."""
    for account in accounts:
        found = found_in(work.repository(ACCOUNT_ASSIGNMENTS), natural_key(program, account))
        step = None if found is None else found.record.on(day)
        if step is not None and step.member is not None:
            yield step.member
        kept = work.repository(CLAIMS).query(account=account, kind=ClaimKind.ASSIGNMENT)
        yield from (one.record.claimant for one in kept if one.record.is_live_on(day))


def decide_case(
    store: Store,
    versions: ProgramVersions,
    id: str,
    *,
    by: str,
    on: datetime.date,
    sold: Mapping[str, frozenset[str]] | None = None,
    **known: Any,
) -> CaseMoved[ConflictCase]:
    """The case as the policy decides it: the first time, or again once it was appealed."""
    _, policy, _ = conflict_policies(versions, on)

    def move(case: ConflictCase) -> CaseMoved[ConflictCase]:
        facts = facts_of_case(store, versions, case.conflict, on, sold, **known)
        hear = reheard if case.state is CaseState.APPEALED else decided
        return hear(case, facts, policy, by=by, on=on)

    return _moved(store, id, move)


def settle_case(
    store: Store,
    versions: ProgramVersions,
    id: str,
    resolution: Resolution,
    *,
    by: str,
    on: datetime.date,
    reason: str,
) -> CaseMoved[ConflictCase]:
    """The case as a person decides it."""
    _, policy, _ = conflict_policies(versions, on)
    return _moved(store, id, lambda case: settled(case, resolution, policy, by=by, on=on, reason=reason))


def appeal_case(
    store: Store,
    versions: ProgramVersions,
    id: str,
    *,
    claimant: str,
    grounds: str,
    by: str,
    on: datetime.date,
    evidence: tuple[str, ...] = (),
) -> CaseMoved[ConflictCase]:
    """The case with an appeal; the decision that it is against stays in it."""
    _, _, appeals = conflict_policies(versions, on)
    return _moved(
        store, id,
        lambda case: appealed(case, appeals, claimant=claimant, grounds=grounds, evidence=evidence, by=by, on=on),
    )  # fmt: skip


def close_case(
    store: Store, versions: ProgramVersions, id: str, *, by: str, on: datetime.date
) -> CaseMoved[ConflictCase]:
    """The case closed, once nobody may appeal any more."""
    _, _, appeals = conflict_policies(versions, on)
    return _moved(store, id, lambda case: closed(case, appeals, by=by, on=on))


def conflict_found(store: Store, program: str, registration: str) -> ConflictFound:
    """What the cases of a program say about a registration: the word that its approval asks for."""
    claim = claim_of("registration", registration)
    with store.unit_of_work() as work:
        cases = [one.record for one in work.repository(CONFLICT_CASES).query(program=program, claim=claim)]
    lapsed = [one for one in cases if one.state is CaseState.CLOSED and one.standing is None]
    open_ones = [one for one in cases if one not in lapsed]
    answers = {_answer(one, claim) for one in open_ones}
    for answer in (ConflictFound.AWARDED_TO_OTHER, ConflictFound.POSSIBLE, ConflictFound.AWARDED):
        if answer in answers:
            return answer
    return ConflictFound.NONE


def _answer(case: ConflictCase, claim: str) -> ConflictFound:
    standing = case.standing
    if standing is None or case.state in (CaseState.UNDER_REVIEW, CaseState.APPEALED):
        return ConflictFound.POSSIBLE
    claimant = case.conflict.claim(claim).claimant
    won = standing.resolution.share_of(claimant).fraction > 0
    return ConflictFound.AWARDED if won else ConflictFound.AWARDED_TO_OTHER


def _moved(
    store: Store, id: str, move: Callable[[ConflictCase], CaseMoved[ConflictCase]]
) -> CaseMoved[ConflictCase]:
    def change(work: UnitOfWork) -> CaseMoved[ConflictCase]:
        found = asked_for(work, CONFLICT_CASES, id)
        done = move(found.record)
        if done.record is not found.record:
            work.repository(CONFLICT_CASES).put(done.record, expected=found.version)
        return done

    return committed(store, change)
