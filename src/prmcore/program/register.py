"""The use case of deal registration: hand in, decide, extend, convert, expire; each one unit of work, and two never win.

What other capabilities know of the customer and the partner is gathered here and reaches the clauses as `Circumstances`.
A registration is put with the record of its account, so that of two processes that approve the same scope one has to read
anew. What has run out is expired before anything is decided about its account.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import attrs

from prmcore.deals import Acting
from prmcore.deals.registrations import (
    HOLDING,
    RUNNING,
    WAITING,
    Circumstances,
    Conflict,
    Deal,
    Due,
    RegisteredAccount,
    Registration,
    RegistrationAction,
    RegistrationMoved,
    RegistrationPolicy,
    RegistrationState,
    approved,
    approved_by_policy,
    converted,
    drafted,
    due,
    moved,
    queued,
    reconsidered,
    resubmitted,
    revised,
    shared,
    submitted,
)
from prmcore.deals.registrations.repository import REGISTERED_ACCOUNTS, REGISTRATION_NOTICES, REGISTRATIONS
from prmcore.errors import InvalidInput
from prmcore.partners import PARTNERS, Right
from prmcore.program.contest import conflict_found
from prmcore.program.contract import agreement_in_force
from prmcore.program.entitle import may
from prmcore.program.judge import level_recorded
from prmcore.program.model import Program, ProgramVersions
from prmcore.repository import Store, UnitOfWork, asked_for, committed, found_in
from prmcore.territory.coverage import Result
from prmcore.values import Tree, day_in, natural_key

__all__ = [
    "approve_registration", "catch_up", "circumstances", "convert_registration", "draft_registration", "move_registration",
    "registration_policy", "registrations_of", "revise_registration", "running_registrations", "submit_registration",
]  # fmt: skip

NO_ACCOUNT = "(none)"
Change: TypeAlias = Callable[[Registration, RegisteredAccount], RegistrationMoved]


def registration_policy(
    versions: ProgramVersions, at: datetime.datetime
) -> tuple[Program, RegistrationPolicy]:
    """The version in force at an instant, and its clauses."""
    program = versions.at(at)
    if program.registrations is None:
        raise InvalidInput(
            f"{program.full_name} has no registrations; accepted: a program file with [registrations]"
        )
    return program, program.registrations


def circumstances(
    store: Store,
    versions: ProgramVersions,
    partner: str,
    at: datetime.datetime,
    *,
    account: str | None = None,
    attributes: Mapping[str, Any] | None = None,
    registration: str | None = None,
    **customer: Any,
) -> Circumstances:
    """What the store and the program know of the partner and the account; `customer` is what the caller knows besides.

    The partner's status, tier and agreement are those of the day, its open registrations are counted, an account is sold to directly
    when the coverage gives it to the house by a rule that names it, and the cases of conflicts say whether another claim
    stands in the way of `registration`. What nobody knows stays unknown.
    """
    program, policy = registration_policy(versions, at)
    day = day_in(policy.zone, at)
    with store.unit_of_work() as work:
        record = found_in(work.repository(PARTNERS), partner)
        registrations = work.repository(REGISTRATIONS)
        open_ones = sum(
            registrations.count(program=versions.name, partner=partner, state=state)
            for state in WAITING | HOLDING
        )
        tier = level_recorded(work, versions.name, partner, day)
        has_agreement = agreement_in_force(work, program, partner, day, at)
    known: dict[str, Any] = {
        "may_register": None if record is None else may(record.record, Right.REGISTER, versions.name, day),
        "has_agreement": has_agreement,
        "tier": tier,
        "open_registrations": open_ones,
        "is_direct_account": _is_direct(program, account, attributes, day),
        "conflict": _conflict(store, program, registration),
    }
    return Circumstances(**{**known, **customer})


def _conflict(store: Store, program: Program, registration: str | None) -> Conflict:
    if registration is None or program.conflicts is None:
        return Conflict.NONE
    return conflict_found(store, program.name, registration)


def _is_direct(
    program: Program, account: str | None, attributes: Mapping[str, Any] | None, day: datetime.date
) -> bool | None:
    """Whether the coverage leaves the account to the house by name; None = the program has none, or it is not known."""
    coverage = program.coverage
    if coverage is None or account is None:
        return None
    outcome = coverage.decide(coverage.account(account, **(attributes or {})), day).outcome
    if outcome.result is not Result.HOUSE or outcome.rule is None:
        return False
    return coverage.model.rule(outcome.rule).accounts is not None or bool(outcome.excluded)


# what partners do


def draft_registration(
    store: Store,
    versions: ProgramVersions,
    *,
    id: str,
    partner: str,
    deal: Deal,
    by: str,
    at: datetime.datetime,
) -> Registration:
    """A new registration, still being written; an id that is there already is refused."""
    made = drafted(id=id, program=versions.name, partner=partner, deal=deal, by=by, at=at)

    def change(work: UnitOfWork) -> Registration:
        if found_in(work.repository(REGISTRATIONS), id) is not None:
            raise InvalidInput(f"there is a registration {id!r:.200} already")
        work.repository(REGISTRATIONS).put(made)
        return made

    return committed(store, change)


def revise_registration(store: Store, id: str, deal: Deal, *, by: str, at: datetime.datetime) -> Registration:
    """A draft, or what was returned, with another deal."""

    def change(work: UnitOfWork) -> Registration:
        found = asked_for(work, REGISTRATIONS, id)
        made = revised(found.record, deal, by=by, at=at)
        work.repository(REGISTRATIONS).put(made, expected=found.version)
        return made

    return committed(store, change)


def submit_registration(
    store: Store,
    versions: ProgramVersions,
    id: str,
    account: str,
    known: Circumstances,
    *,
    by: str,
    at: datetime.datetime,
) -> RegistrationMoved:
    """The registration handed in, or what was returned handed in again, for the account that its customer is.

    What the criteria of the clauses approve is approved at once; what stands behind another registration is queued. The
    decision that is given back is the last of them; a refusal changes nothing.
    """
    office = _Office.at(store, versions, at)
    policy, products = office.policy, office.products

    def handed_in(one: Registration, entry: RegisteredAccount) -> RegistrationMoved:
        hand_in = resubmitted if one.account is not None else submitted
        done = hand_in(one, entry, policy, known, by=by, at=at, products=products)
        if not done.decision.outcome:
            return done
        waits = queued(done.registration, done.account, policy, by=policy.name, at=at, products=products)
        if waits.decision.outcome:
            return waits
        if policy.auto_approval:
            let_through = approved_by_policy(
                done.registration, done.account, policy, known, at=at, products=products
            )
            if let_through.registration is not done.registration:
                return let_through
        return done

    return office.moved(id, handed_in, account)


# what the vendor does


def approve_registration(
    store: Store,
    versions: ProgramVersions,
    id: str,
    known: Circumstances,
    *,
    who: Acting,
    at: datetime.datetime,
) -> RegistrationMoved:
    """A person's approval; of several that are needed, one."""
    office = _Office.at(store, versions, at)
    policy, products = office.policy, office.products
    return office.moved(
        id, lambda one, entry: approved(one, entry, policy, known, who=who, at=at, products=products)
    )


def move_registration(
    store: Store,
    versions: ProgramVersions,
    id: str,
    action: RegistrationAction,
    *,
    by: str,
    at: datetime.datetime,
    reason: str | None = None,
) -> RegistrationMoved:
    """Any other action: review, return, reject, withdraw, extend, win, lose, and so on."""
    office = _Office.at(store, versions, at)
    return office.moved(
        id, lambda one, entry: moved(one, entry, action, office.policy, by=by, at=at, reason=reason)
    )


def convert_registration(
    store: Store, versions: ProgramVersions, id: str, opportunity: str, *, by: str, at: datetime.datetime
) -> RegistrationMoved:
    """The registration as an opportunity; its protection no longer runs out."""
    office = _Office.at(store, versions, at)
    return office.moved(
        id, lambda one, entry: converted(one, entry, office.policy, opportunity=opportunity, by=by, at=at)
    )


def registrations_of(
    store: Store,
    program: str,
    *,
    partner: str | None = None,
    account: str | None = None,
    state: RegistrationState | None = None,
) -> tuple[Registration, ...]:
    """The registrations of a program, of a partner or an account, in a state, in the order in which they came."""
    keys = {"program": program, "partner": partner, "account": account, "state": state}
    with store.unit_of_work() as work:
        asked = {name: value for name, value in keys.items() if value is not None}
        found = [one.record for one in work.repository(REGISTRATIONS).query(**asked)]
    return tuple(sorted(found, key=lambda one: (one.revisions[0].at, one.id)))


def running_registrations(store: Store, program: str) -> tuple[Registration, ...]:
    """The registrations of a program of which something can become due."""
    return tuple(one for state in RUNNING for one in registrations_of(store, program, state=state))


# time


def catch_up(
    store: Store,
    versions: ProgramVersions,
    at: datetime.datetime,
    known: Callable[[Registration], Circumstances],
) -> tuple[Due, ...]:
    """What has become due by an instant: done where the clauses say what to do, and told once; running again does nothing.

    A run that was missed is made good by the next one. `known` gives the circumstances of a registration that is approved
    because nobody decided in time.
    """
    office = _Office.at(store, versions, at)
    told: list[Due] = []
    for one in due(running_registrations(store, versions.name), office.policy, at):
        if one.action is None:
            is_new = committed(store, lambda work, one=one: _told(work, one))  # type: ignore[misc]
        else:
            facts = (
                known(_kept(store, one.registration)) if one.action is RegistrationAction.APPROVE else None
            )
            is_new = _done(office, one, facts)
        if is_new:
            told.append(one)
    return tuple(told)


def _done(office: _Office, one: Due, known: Circumstances | None) -> bool:
    """Does what is due, and tells it in the same unit of work; whether it was told for the first time."""
    policy, at = office.policy, office.instant
    is_new: list[bool] = []

    def move(each: Registration, entry: RegisteredAccount) -> RegistrationMoved:
        assert one.action is not None  # what is only to be told does not come here
        if known is not None:
            return approved_by_policy(each, entry, policy, known, at=at, products=office.products)
        return moved(each, entry, one.action, policy, by=policy.name, at=at)

    def tell(work: UnitOfWork) -> None:
        is_new[:] = [_told(work, one)]

    office.moved(one.registration, move, also=tell)
    return is_new[0]


def _told(work: UnitOfWork, one: Due) -> bool:
    """Keeps that it was told; False when it was before."""
    notices = work.repository(REGISTRATION_NOTICES)
    if found_in(notices, one.id) is not None:
        return False
    notices.put(one)
    return True


def _kept(store: Store, id: str) -> Registration:
    with store.unit_of_work() as work:
        return asked_for(work, REGISTRATIONS, id).record


# one unit of work


@attrs.frozen
class _Office:
    """Where the registrations of a program are moved at an instant: the clauses that are in force, and the products."""

    store: Store
    program: str
    policy: RegistrationPolicy
    products: Tree | None
    instant: datetime.datetime

    @classmethod
    def at(cls, store: Store, versions: ProgramVersions, instant: datetime.datetime) -> _Office:
        program, policy = registration_policy(versions, instant)
        return cls(store, program.name, policy, program.product_tree, instant)

    def moved(
        self,
        id: str,
        move: Change,
        account: str | None = None,
        also: Callable[[UnitOfWork], None] = lambda work: None,
    ) -> RegistrationMoved:
        """Moves a registration, and puts it with its account; whoever waited for what is over goes on."""

        def change(work: UnitOfWork) -> RegistrationMoved:
            desk = _Desk(self, work)
            one = desk.registration(id)
            entry = desk.expired(desk.account(account or one.account), id)
            done = desk.kept(move(one, entry))
            desk.shared(desk.reconsidered(done.account))
            desk.put()
            also(work)
            return done

        return committed(self.store, change)


class _Desk:
    """The registrations of one account, as far as a unit of work has touched them."""

    def __init__(self, office: _Office, work: UnitOfWork) -> None:
        self.work, self.program, self.policy = work, office.program, office.policy
        self.products, self.at = office.products, office.instant
        self.versions: dict[str, int] = {}
        self.before: dict[str, Registration] = {}
        self.now: dict[str, Registration] = {}
        self.entry: RegisteredAccount | None = None
        self.entry_before: RegisteredAccount | None = None
        self.entry_version = 0

    def registration(self, id: str) -> Registration:
        if id not in self.now:
            found = asked_for(self.work, REGISTRATIONS, id)
            self.versions[id], self.before[id], self.now[id] = found.version, found.record, found.record
        return self.now[id]

    def account(self, account: str | None) -> RegisteredAccount:
        """The account's record; of a draft, whose account is not known yet, an empty one that is not kept."""
        if account is None:
            return RegisteredAccount(program=self.program, account=NO_ACCOUNT)
        found = found_in(self.work.repository(REGISTERED_ACCOUNTS), natural_key(self.program, account))
        if found is None:
            return RegisteredAccount(program=self.program, account=account)
        self.entry_before, self.entry_version = found.record, found.version
        return found.record

    def kept(self, done: RegistrationMoved) -> RegistrationMoved:
        self.now[done.registration.id], self.entry = done.registration, done.account
        return done

    def expired(self, entry: RegisteredAccount, but: str) -> RegisteredAccount:
        """What has run out by now no longer stands in anybody's way."""
        for id in entry.lapsed(day_in(self.policy.zone, self.at)):
            if id == but:
                continue
            done = moved(
                self.registration(id),
                entry,
                RegistrationAction.EXPIRE,
                self.policy,
                by=self.policy.name,
                at=self.at,
            )
            if done.decision.outcome:
                entry = self.kept(done).account
        return entry

    def reconsidered(self, entry: RegisteredAccount) -> RegisteredAccount:
        """Whoever waited behind something that is over is under review again."""
        for id in entry.next_in_line(self.products):
            one = self.registration(id)
            done = reconsidered(
                one,
                entry,
                self.policy,
                by=self.policy.name,
                at=max(self.at, one.last_at),
                products=self.products,
            )
            if done.decision.outcome:
                entry = self.kept(done).account
        return entry

    def shared(self, entry: RegisteredAccount) -> None:
        """Whoever goes on waiting has its part of what the first one has now."""
        for waiting in entry.scopes if self.policy.second_share is not None else ():
            if waiting.holds:
                continue
            one = self.registration(waiting.registration)
            again = shared(one, entry, self.policy, products=self.products)
            if again != one:
                self.now[one.id], entry = again, entry.with_(again)
                self.entry = entry

    def put(self) -> None:
        registrations = self.work.repository(REGISTRATIONS)
        for id, one in self.now.items():
            if one is not self.before[id]:
                registrations.put(one, expected=self.versions[id])
        if self.entry is None or self.entry.account == NO_ACCOUNT or not self.entry.counted:
            return  # nobody has a place there yet
        if self.entry != self.entry_before:
            self.work.repository(REGISTERED_ACCOUNTS).put(self.entry, expected=self.entry_version)
