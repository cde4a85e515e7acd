"""What would another version have done to the past: tiers, money, accounts, deals and deadlines, from the same facts.

The past is lived through once under each version, from the rows, the deals as they were written, what people did, and the
paper that was signed. What one capability knows reaches the others as it would have: another level pays at another rate and
protects a deal for another time. Then the two are held against each other. Nothing of it touches the store.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

import attrs

from prmcore.contracts.lifecycle import AGREEMENTS, AgreementRecord, Due, upcoming
from prmcore.deals import Acting
from prmcore.deals.registrations import (
    Registration,
    RegistrationAction,
    RegistrationState,
    RegistrationStep,
)
from prmcore.deals.registrations.repository import REGISTRATIONS
from prmcore.errors import InvalidInput
from prmcore.incentives import Circumstances, Ledger
from prmcore.incentives.outlook import CostRow, compared
from prmcore.partners import PARTNERS, Partner
from prmcore.performance import RowBook
from prmcore.program.contract import agreements_of
from prmcore.program.earning import paid, sales_of
from prmcore.program.entitle import may_be_reviewed
from prmcore.program.incentives import Row
from prmcore.program.judge import Judged, judged, record
from prmcore.program.model import Program, ProgramVersions
from prmcore.program.register import (
    approve_registration,
    catch_up,
    circumstances,
    convert_registration,
    draft_registration,
    move_registration,
    registrations_of,
    revise_registration,
    submit_registration,
)
from prmcore.program.what_if import Move, moves
from prmcore.repository import Store, asked_for
from prmcore.territory.coverage import AccountMove, moved_accounts
from prmcore.values import checked_instant

__all__ = ["DeadlineChange", "DealChange", "Past", "Simulation", "past_of", "simulated"]

_A = RegistrationAction
_BY_ITSELF = frozenset({_A.QUEUE, _A.RECONSIDER, _A.EXPIRE, _A.ESCALATE})  # what the rules do, and nobody
_DAY = datetime.timedelta(days=1)


def _nothing_known(one: Registration) -> Mapping[str, Any]:
    return {}


@attrs.frozen(kw_only=True)
class Past:
    """What happened, as the versions find it. What is left out is not simulated."""

    since: datetime.date  # the first day
    through: datetime.datetime  # the instant at which it ends, and up to which all is known
    partners: Mapping[str, Partner] = attrs.field(factory=dict)
    given: Mapping[str, Mapping[str, Any]] = attrs.field(factory=dict)  # facts that come with each partner
    book: RowBook | None = None  # rows; see ProgramVersions.book
    days: tuple[datetime.date, ...] = ()  # on which tiers are reviewed
    data_as_of: datetime.date | None = None  # the last day that the rows know of
    sales: tuple[Row, ...] = ()  # of the source that incentives read
    around: Circumstances | None = None  # quotas and rates of exchange
    accounts: Mapping[str, Mapping[str, Any]] = attrs.field(factory=dict)  # values by dimension
    registrations: tuple[Registration, ...] = ()
    agreements: tuple[AgreementRecord, ...] = ()
    # what was known of the customer of a registration, by the names of prmcore.deals.registrations.Circumstances
    known_of: Callable[[Registration], Mapping[str, Any]] = _nothing_known

    def __attrs_post_init__(self) -> None:
        checked_instant(self.through, "through")


def past_of(store: Store, program: str, **known: Any) -> Past:
    """The past that a store holds: partners, registrations and agreements; the rest is given by the names of `Past`."""
    with store.unit_of_work() as work:
        partners = {str(one.record.id): one.record for one in work.repository(PARTNERS)}
    held: dict[str, Any] = {
        "partners": partners,
        "registrations": registrations_of(store, program),
        "agreements": agreements_of(store),
    }
    return Past(**{**held, **known})


@attrs.frozen(kw_only=True)
class DealChange:
    """A registration that would stand otherwise at the end."""

    before: Registration
    after: Registration

    @property
    def id(self) -> str:
        return self.before.id


@attrs.frozen(kw_only=True)
class DeadlineChange:
    """Something of an agreement that would fall due on a day under one version only."""

    due: Due
    is_new: bool  # under the later version; else it would no longer be


@attrs.frozen(kw_only=True)
class Simulation:
    """How the past would have come out under another version."""

    moves: tuple[Move, ...]  # partners that stand elsewhere on a day
    costs: tuple[CostRow, ...]  # of all payees, in all units: what both versions pay
    accounts: tuple[AccountMove, ...]  # that somebody else covers, on the last day
    deals: tuple[DealChange, ...]  # of the registrations that both versions know
    deadlines: tuple[DeadlineChange, ...]

    @property
    def dearer(self) -> tuple[CostRow, ...]:
        """Those who would be paid more, or less: the largest differences first."""
        changed = (one for one in self.costs if one.difference)
        return tuple(sorted(changed, key=lambda one: (-abs(one.difference.minor), one.payee)))


def simulated(past: Past, before: Program, after: Program, empty: Callable[[], Store]) -> Simulation:
    """The past under one version held against the same past under another, each as if it had always been in force.

    `empty` makes a store with nothing in it, such as `MemoryStore`: each version lives in one of its own. Deals are handed in,
    approved and moved when and by whom they were; what a version does not allow does not happen in it. A person's approval is
    replayed, a person's settlement of a conflict is not; what the rules do where nobody acted in time is done at the end.
    """
    if before.name != after.name:
        raise InvalidInput(f"found {before.name!r} and {after.name!r}; accepted: two versions of one program")
    was, would = (_World.lived(past, one, empty()) for one in (before, after))
    return Simulation(
        moves=moves(was.decisions, would.decisions),
        costs=compared(was.ledger, would.ledger),
        accounts=_moved_accounts(past, before, after),
        deals=tuple(
            DealChange(before=was.deals[id], after=one)
            for id, one in would.deals.items()
            if id in was.deals and _place(was.deals[id]) != _place(one)
        ),
        deadlines=(
            *(DeadlineChange(due=one, is_new=False) for one in _beside(was.deadlines, would.deadlines)),
            *(DeadlineChange(due=one, is_new=True) for one in _beside(would.deadlines, was.deadlines)),
        ),
    )


def _moved_accounts(past: Past, before: Program, after: Program) -> tuple[AccountMove, ...]:
    if before.coverage is None or after.coverage is None:
        return ()
    return tuple(moved_accounts(before.coverage, after.coverage, past.accounts, after.day_at(past.through)))


def _beside(mine: tuple[Due, ...], others: tuple[Due, ...]) -> Iterator[Due]:
    """What is among mine only."""
    held = frozenset(others)
    return (one for one in mine if one not in held)


def _place(one: Registration) -> tuple[Any, ...]:
    """What of a registration matters at the end."""
    return one.state, one.protection, one.discount


@attrs.frozen
class _World:
    """The past as one version has it."""

    decisions: tuple[Judged, ...]
    ledger: Ledger
    deals: Mapping[str, Registration]
    deadlines: tuple[Due, ...]

    @classmethod
    def lived(cls, past: Past, program: Program, store: Store) -> _World:
        always = ProgramVersions.always(program)
        with store.unit_of_work() as work:
            for partner in past.partners.values():
                work.repository(PARTNERS).put(partner)
            for agreement in past.agreements:
                work.repository(AGREEMENTS).put(agreement)
            work.commit()
        decisions = tuple(_reviewed(past, always))
        record(store, always.name, decisions)
        _handed_in(past, always, store)
        deals = {one.id: one for one in registrations_of(store, always.name)}
        return cls(decisions, _earned(past, always, store), deals, tuple(_deadlines(past, program)))


def _reviewed(past: Past, always: ProgramVersions) -> Iterator[Judged]:
    if past.book is None:
        return iter(())

    def may(partner: str, day: datetime.date) -> bool:
        kept = past.partners.get(partner)
        return kept is None or may_be_reviewed(kept, always.name, day)

    return judged(always, past.book, past.given, past.days, None, past.data_as_of, may)


def _earned(past: Past, always: ProgramVersions, store: Store) -> Ledger:
    sales = sales_of(store, always, past.sales, past.given, past.through)
    return paid(always, sales, next(iter(always)).day_at(past.through), past.around)


def _deadlines(past: Past, program: Program) -> Iterator[Due]:
    if program.contracts is None:
        return
    last = program.day_at(past.through)
    for one in past.agreements:
        yield from upcoming(one, program.contracts, last, past.through, after=past.since - _DAY)


# deals


Step: TypeAlias = tuple[datetime.datetime, int, Registration, RegistrationStep]


def _handed_in(past: Past, always: ProgramVersions, store: Store) -> None:
    """Every deal as it was written, and every step that somebody took, in the order of time."""
    program = next(iter(always))
    if program.registrations is None:
        return
    for one in past.registrations:
        first = one.revisions[0]
        draft_registration(
            store, always, id=one.id, partner=one.partner, deal=first.deal, by=first.by, at=first.at
        )
    steps: list[Step] = [
        (step.at, place, one, step)
        for one in past.registrations
        for place, step in enumerate(one.steps)
        if step.at <= past.through and step.action not in _BY_ITSELF
    ]
    for at, _, one, step in sorted(steps, key=lambda found: (found[0], found[2].id, found[1])):
        _Replay(past, always, store, one, at).step(step)
    catch_up(store, always, past.through, lambda one: _known(past, always, store, one, past.through))


def _known(
    past: Past, always: ProgramVersions, store: Store, one: Registration, at: datetime.datetime
) -> Any:
    return circumstances(
        store, always, one.partner, at, account=one.account, registration=one.id,
        attributes=past.accounts.get(one.account or ""), **past.known_of(one),
    )  # fmt: skip


@attrs.frozen
class _Replay:
    """One deal at one instant."""

    past: Past
    always: ProgramVersions
    store: Store
    one: Registration
    at: datetime.datetime

    def step(self, step: RegistrationStep) -> None:
        """What somebody did, done again; what this version does not allow does not happen."""
        id, by, at = self.one.id, step.by, self.at
        if step.action in (_A.SUBMIT, _A.RESUBMIT):
            self.submit(step)
        elif step.action in (_A.APPROVE, _A.APPROVE_PART):
            if step.role is not None:  # else the rules approved it, and do so again where they would
                who = Acting(by=by, role=step.role)
                approve_registration(self.store, self.always, id, self.known(), who=who, at=at)
        elif step.action is _A.CONVERT:
            convert_registration(self.store, self.always, id, self.one.opportunity or id, by=by, at=at)
        elif self.allows(step.action):
            move_registration(self.store, self.always, id, step.action, by=by, at=at, reason=step.reason)

    def submit(self, step: RegistrationStep) -> None:
        written = [revision for revision in self.one.revisions if revision.at <= self.at]
        if len(written) > 1 and self.is_open():
            last = written[-1]
            revise_registration(self.store, self.one.id, last.deal, by=last.by, at=last.at)
        account = self.one.account or self.one.deal.customer
        submit_registration(
            self.store, self.always, self.one.id, account, self.known(), by=step.by, at=self.at
        )

    def is_open(self) -> bool:
        """Whether the deal can be written anew."""
        with self.store.unit_of_work() as work:
            kept = asked_for(work, REGISTRATIONS, self.one.id).record
        return kept.state in (RegistrationState.DRAFT, RegistrationState.RETURNED)

    def allows(self, action: RegistrationAction) -> bool:
        """Whether the version knows the action at all."""
        policy = next(iter(self.always)).registrations
        if policy is None or (action in (_A.ASK_EXTENSION, _A.EXTEND) and policy.extension is None):
            return False
        return action is not _A.RESEARCH or (
            policy.review is not None and policy.review.research_days is not None
        )

    def known(self) -> Any:
        return _known(self.past, self.always, self.store, self.one, self.at)
