"""The use case of agreements: keep their paper, take steps, record notices, tell what is due; each one unit of work.

What the program says of all its agreements is its `ContractPolicy`; a program that says nothing has the plain one. What is due
is found by the day that each record keeps for it, and told once: the day up to which it was told is kept, too.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, TypeVar

import attrs

from prmcore.contracts.agreements import Agreement
from prmcore.contracts.lifecycle import (
    AGREEMENTS,
    AgreementRecord,
    AgreementStep,
    AgreementTaken,
    ContractPolicy,
    Due,
    Purpose,
    commitments_of,
    courses,
    due_of,
    given,
    redocumented,
    standing_of,
    taken,
    tidied,
)
from prmcore.contracts.notice import GivenNotice
from prmcore.contracts.obligations import Done, Measured, Obligation, Waiver
from prmcore.errors import Faults, InvalidInput, unknown_name
from prmcore.program.model import Program, ProgramVersions
from prmcore.repository import Store, Stored, UnitOfWork, asked_for, committed, found_in
from prmcore.values import checked_date, day_in

__all__ = [
    "agreement_in_force", "agreements_in_force", "agreements_of", "contract_policy", "due_by", "keep_agreements", "keep_obligations", "record_kept",
    "record_notice", "take_step", "tell_due",
]  # fmt: skip

T = TypeVar("T")
_PLAIN = ContractPolicy()


def contract_policy(versions: ProgramVersions, at: datetime.datetime) -> ContractPolicy:
    """What the version in force at an instant says of all agreements."""
    return versions.at(at).contracts or _PLAIN


def keep_agreements(
    store: Store,
    versions: ProgramVersions,
    agreements: Iterable[Agreement],
    *,
    at: datetime.datetime,
    since: datetime.date | None = None,
) -> tuple[str, ...]:
    """Keeps new paper: drafts, signed agreements, amendments; gives the ids of those that were not kept so before.

    All or none: every agreement that cannot be followed, or was signed and reads otherwise now, is a fault. What became due up to
    `since` counts as told; it is the day of `at` unless it is given.
    """
    policy = contract_policy(versions, at)
    told = since or day_in(policy.zone, at)
    new = tuple(agreements)

    def change(work: UnitOfWork) -> tuple[str, ...]:
        faults, changed = Faults("the agreements cannot be kept"), []
        repository = work.repository(AGREEMENTS)
        for agreement in new:
            with faults.within(agreement.id):
                found = found_in(repository, agreement.id)
                before = (
                    AgreementRecord(agreement=agreement, told_until=told) if found is None else found.record
                )
                made = tidied(redocumented(before, agreement), policy, at)
                _check_term(agreement, policy, at)
                if found is None or made != found.record:
                    repository.put(made, expected=0 if found is None else found.version)
                    changed.append(agreement.id)
        faults.raise_if_any()
        return tuple(changed)

    return committed(store, change)


def _check_term(agreement: Agreement, policy: ContractPolicy, at: datetime.datetime) -> None:
    since = agreement.documents[0].known_since
    if not agreement.is_signed or courses(agreement, at, policy.calendars):
        return
    if since > at:
        raise InvalidInput(f"is known since {since.isoformat()}; accepted: {at.isoformat()}, now, or before")
    raise InvalidInput("says nothing of a term; accepted: a provision whose clause is of the kind term")


def keep_obligations(
    store: Store, versions: ProgramVersions, obligations: Iterable[Obligation], *, at: datetime.datetime
) -> tuple[str, ...]:
    """Keeps what parties have to do under agreements that are kept; gives the ids of what was not kept so before.

    All or none: an obligation of an agreement that is not there, and one of an id that is there and was done for a day that it
    has no more, are faults. An obligation of the same id replaces the one before.
    """
    policy = contract_policy(versions, at)
    new = tuple(obligations)

    def change(work: UnitOfWork) -> tuple[str, ...]:
        faults, changed = Faults("the obligations cannot be kept"), []
        repository = work.repository(AGREEMENTS)
        for one in new:
            with faults.within(one.id):
                found = asked_for(work, AGREEMENTS, one.agreement)
                if one in found.record.obligations:
                    continue
                others = (other for other in found.record.obligations if other.id != one.id)
                made = attrs.evolve(found.record, obligations=(*others, one))
                repository.put(tidied(made, policy, at), expected=found.version)
                changed.append(one.id)
        faults.raise_if_any()
        return tuple(changed)

    return committed(store, change)


def record_kept(
    store: Store, versions: ProgramVersions, id: str, *facts: Done | Measured | Waiver, at: datetime.datetime
) -> AgreementRecord:
    """Keeps what was done, measured or waived under an agreement; the same again changes nothing.

    What is no day of its obligation, in another unit than its minimum, or of something that the agreement does not have is refused.
    """
    policy = contract_policy(versions, at)

    def change(work: UnitOfWork) -> AgreementRecord:
        found = asked_for(work, AGREEMENTS, id)
        made = attrs.evolve(found.record, **_with(found.record, facts))
        held = commitments_of(made, policy, day_in(policy.zone, at), at)
        faults = Faults(f"what was kept of {id!r:.60} cannot be recorded")
        for place, one in enumerate(facts):
            if not isinstance(one, Done) and one.minimum not in held.minimums:
                faults.add(unknown_name("minimum", one.minimum, held.minimums), f"facts[{place}].minimum")
        faults.raise_if_any()
        if made == found.record:
            return made
        made = tidied(made, policy, at)
        work.repository(AGREEMENTS).put(made, expected=found.version)
        return made

    return committed(store, change)


def _with(record: AgreementRecord, facts: Iterable[Done | Measured | Waiver]) -> dict[str, Any]:
    """The record's facts with further ones; an obligation that was done for a day stays done as it was."""
    done, measured, waived = record.done, record.measured, record.waived
    for one in facts:
        if isinstance(one, Done):
            done = done if any(other.key == one.key for other in done) else (*done, one)
        elif isinstance(one, Measured):
            measured = measured if one in measured else (*measured, one)
        else:
            waived = waived if one in waived else (*waived, one)
    return {"done": done, "measured": measured, "waived": waived}


def take_step(store: Store, versions: ProgramVersions, id: str, step: AgreementStep) -> AgreementTaken:
    """Takes a step, if the state of its day allows it."""
    policy = contract_policy(versions, step.at)
    return _changed(store, policy, id, step.at, lambda record: taken(record, policy, step))


def record_notice(
    store: Store,
    versions: ProgramVersions,
    id: str,
    notice: GivenNotice,
    *,
    at: datetime.datetime,
    by: str,
    purpose: Purpose = Purpose.STOP_RENEWAL,
    is_agreed: bool = False,
) -> AgreementTaken:
    """Judges a notice and keeps it, whatever it does: see `prmcore.contracts.lifecycle.given`."""
    policy = contract_policy(versions, at)

    def change(record: AgreementRecord) -> AgreementTaken:
        return given(record, policy, notice, at=at, by=by, purpose=purpose, is_agreed=is_agreed)

    return _changed(store, policy, id, at, change)


def _changed(
    store: Store,
    policy: ContractPolicy,
    id: str,
    at: datetime.datetime,
    change: Callable[[AgreementRecord], AgreementTaken],
) -> AgreementTaken:
    def changed(work: UnitOfWork) -> AgreementTaken:
        found = asked_for(work, AGREEMENTS, id)
        outcome = change(found.record)
        if outcome.record == found.record:
            return outcome
        made = tidied(outcome.record, policy, at)
        work.repository(AGREEMENTS).put(made, expected=found.version)
        return attrs.evolve(outcome, record=made)

    return committed(store, changed)


def agreements_of(store: Store, **keys: str) -> tuple[AgreementRecord, ...]:
    """All that are kept, by id; with `partner` or `kind` those of it."""
    with store.unit_of_work() as work:
        return tuple(one.record for one in work.repository(AGREEMENTS).query(**keys))


def due_by(
    store: Store, versions: ProgramVersions, as_of: datetime.date, *, at: datetime.datetime
) -> tuple[Due, ...]:
    """What is due by a day and was not told yet; nothing is changed.

    Refused, all at once: agreements that cannot be followed so far, such as by a calendar whose years are over.
    """
    checked_date(as_of, "as_of")
    policy = contract_policy(versions, at)
    found = _of_waiting(store, as_of, lambda one: _due(one.record, policy, as_of, at))
    return _in_order(due for items in found.values() for due in items)


def tell_due(
    store: Store, versions: ProgramVersions, as_of: datetime.date, *, at: datetime.datetime
) -> tuple[Due, ...]:
    """What is due by a day, told once: run again it tells nothing, and after missed days it tells all of them.

    Each agreement is a unit of work of its own; what `as_of` has told is kept with it. Refused before anything is told: see
    `due_by`.
    """
    checked_date(as_of, "as_of")
    policy = contract_policy(versions, at)
    found: list[Due] = []
    for id, ready in _of_waiting(store, as_of, lambda one: _ready(one, policy, as_of, at)).items():
        found += committed(store, lambda work, id=id, ready=ready: _told(work, policy, id, as_of, at, ready))  # type: ignore[misc]
    return _in_order(found)


@attrs.frozen
class _Told:
    """What is to be told of an agreement, and its record after that."""

    version: int  # of the record that this was made of
    items: tuple[Due, ...]
    record: AgreementRecord


def _of_waiting(
    store: Store, as_of: datetime.date, make: Callable[[Stored[AgreementRecord]], T]
) -> dict[str, T]:
    """Something of each agreement of which something is due by a day, by their ids; all that cannot be made is said at once."""
    with store.unit_of_work() as work:
        waiting = tuple(work.repository(AGREEMENTS).up_to("next_action_on", as_of))
    faults, found = Faults("what is due cannot be told"), {}
    for one in waiting:
        with faults.within(one.record.agreement.id):
            found[one.record.agreement.id] = make(one)
    faults.raise_if_any()
    return found


def _ready(
    one: Stored[AgreementRecord], policy: ContractPolicy, as_of: datetime.date, at: datetime.datetime
) -> _Told:
    made = tidied(attrs.evolve(one.record, told_until=as_of), policy, at)
    return _Told(one.version, _due(one.record, policy, as_of, at), made)


def _due(
    record: AgreementRecord, policy: ContractPolicy, as_of: datetime.date, at: datetime.datetime
) -> tuple[Due, ...]:
    after = record.told_until or datetime.date.min + datetime.timedelta(days=1)
    return due_of(record, policy, as_of, at, after=after)


def _told(
    work: UnitOfWork,
    policy: ContractPolicy,
    id: str,
    as_of: datetime.date,
    at: datetime.datetime,
    ready: _Told,
) -> tuple[Due, ...]:
    found = asked_for(work, AGREEMENTS, id)
    record = found.record
    if record.told_until is not None and record.told_until >= as_of:  # somebody else was faster
        return ()
    if found.version != ready.version:
        ready = _ready(found, policy, as_of, at)
    work.repository(AGREEMENTS).put(ready.record, expected=found.version)
    return ready.items


def _in_order(items: Iterable[Due]) -> tuple[Due, ...]:
    return tuple(sorted(items, key=lambda one: (one.on, one.agreement, one.kind)))


def agreement_in_force(
    work: UnitOfWork, program: Program, partner: str, day: datetime.date, at: datetime.datetime
) -> bool | None:
    """Whether a partner has an agreement that both sides may rely on, on a day: a fact for gates.

    None = the program keeps no agreements, or one of this partner cannot be followed, so that nobody knows. Of which kinds it
    may be is the policy's `qualifying`.
    """
    kept = (one.record for one in work.repository(AGREEMENTS).query(partner=partner))
    return _any_in_force(kept, program.contracts, day, at)


def _any_in_force(
    kept: Iterable[AgreementRecord], policy: ContractPolicy | None, day: datetime.date, at: datetime.datetime
) -> bool | None:
    if policy is None:
        return None
    try:
        found = [standing_of(one, policy, day, at) for one in kept if one.agreement.kind in policy.qualifying]
    except InvalidInput:  # such as a calendar that does not reach the day
        return None
    return any(one.is_in_force for one in found)


def agreements_in_force(
    store: Store, versions: ProgramVersions, at: datetime.datetime
) -> Callable[[str, datetime.date], bool | None]:
    """Whether a partner had an agreement in force on a day, by what is known at an instant: for many days of many partners.

    Each agreement is read once, and each answer found once.
    """
    kept: dict[str, list[AgreementRecord]] = {}
    for one in agreements_of(store):
        kept.setdefault(one.agreement.partner, []).append(one)

    @cache
    def in_force(partner: str, day: datetime.date) -> bool | None:
        return _any_in_force(kept.get(partner, []), versions.on(day).contracts, day, at)

    return in_force
