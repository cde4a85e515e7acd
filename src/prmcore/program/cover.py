"""The use case of coverage: decide who covers each account, hand it to a member, keep what a person pinned.

Deciding the same accounts again by the same version changes nothing. Another version moves only what it gives to another
territory; inside a territory an account stays with its member.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

import attrs

from prmcore.decisions import Decision, recorded
from prmcore.errors import Faults, InvalidInput
from prmcore.program.model import Program, ProgramVersions
from prmcore.repository import Store, UnitOfWork, committed, found_in
from prmcore.territory.coverage import Assignment, CoveragePolicy, Member, Turns, handed
from prmcore.territory.coverage.repository import (
    ACCOUNT_ASSIGNMENTS,
    TURNS,
    AccountAssignment,
    AssignmentStep,
    KeptTurns,
    Pin,
)
from prmcore.values import checked_date, natural_key

__all__ = ["Covered", "assign_accounts", "assignment_of", "coverage_on", "pin_account", "unpin_account"]

BATCH = 500  # accounts in one unit of work


@attrs.frozen
class Covered:
    """What assigning did."""

    decided: int
    moved: int  # accounts that came to somebody else, new ones among them
    pinned: int  # that stayed where a person had put them
    results: Mapping[str, int]  # by what became of them
    decisions: tuple[Decision[Assignment], ...]


def coverage_on(versions: ProgramVersions | Program, day: datetime.date) -> CoveragePolicy:
    """The coverage that is in force on a day; a draft decides nothing."""
    program = versions if isinstance(versions, Program) else versions.on(day)
    if program.coverage is None:
        raise InvalidInput(f"{program.full_name} has no coverage; accepted: a program file with [coverage]")
    if not program.coverage.decides:
        raise InvalidInput(f"the coverage of {program.full_name} is a draft; accepted: state = 'active'")
    return program.coverage


def assign_accounts(
    store: Store,
    versions: ProgramVersions,
    accounts: Mapping[str, Mapping[str, Any]],
    on: datetime.date,
    scores: Mapping[str, int] | None = None,
) -> Covered:
    """Decides every account and keeps who has it; `accounts` are values by dimension, `scores` those of members.

    All are checked before anything is kept, and everything that is wrong is told at once, below `accounts.<id>`. They are
    kept 500 at a time: should another run give an account to somebody on a later day in between, this one is refused
    when it comes to it, and what was kept before that stays.
    """
    checked_date(on, "on")
    policy = coverage_on(versions, on)
    decisions = _checked(store, versions.name, policy, accounts, on)
    tally: Counter[str] = Counter()
    waiting = iter(decisions)
    while batch := list(islice(waiting, BATCH)):

        def change(work: UnitOfWork, batch: Sequence[Decision[Assignment]] = batch) -> Counter[str]:
            return _Hand(work, versions.name, policy, on, scores or {}).out(batch)

        tally += committed(store, change)
    results = Counter(decision.outcome.result.value for decision in decisions)
    return Covered(len(decisions), tally["moved"], tally["pinned"], dict(results), tuple(decisions))


def _checked(
    store: Store,
    program: str,
    policy: CoveragePolicy,
    accounts: Mapping[str, Mapping[str, Any]],
    on: datetime.date,
) -> list[Decision[Assignment]]:
    """What the rules say to each account, when nothing is wrong with any."""
    decisions = []
    faults = Faults("the accounts cannot be assigned")
    with store.unit_of_work() as work:
        kept = work.repository(ACCOUNT_ASSIGNMENTS)
        for id, values in accounts.items():
            with faults.within(f"accounts.{id}"):
                account = policy.account(id, **values)
                policy.check(account)
                decisions.append(policy.decide(account, on))
                found = found_in(kept, natural_key(program, id))
                if found is not None:
                    _check_day(found.record, on)
    faults.raise_if_any()
    return decisions


def _check_day(one: AccountAssignment, on: datetime.date) -> None:
    if one.last is not None and on < one.last.on:
        raise InvalidInput(
            f"{one.account!r} was assigned on {one.last.on}, after {on}; accepted: that day, or a later one"
        )


class _Hand:
    """Hands accounts out in one unit of work."""

    def __init__(
        self,
        work: UnitOfWork,
        program: str,
        policy: CoveragePolicy,
        on: datetime.date,
        scores: Mapping[str, int],
    ) -> None:
        self.program, self.policy, self.on, self.scores = program, policy, on, scores
        self.kept = work.repository(ACCOUNT_ASSIGNMENTS)
        self.turns = work.repository(TURNS)
        self.stored = {one.record.turns.territory: one for one in self.turns.query(program=program)}
        self.counters: dict[str, Turns] = {name: one.record.turns for name, one in self.stored.items()}
        self.loads = self._loads()
        self.tally: Counter[str] = Counter()

    def _loads(self) -> Counter[str]:
        """How many accounts each member has; not counted where nothing depends on it."""
        members: list[Member] = [
            one for territory in self.policy.model.territories for one in territory.members
        ]
        limited = any(one.capacity is not None for one in members)
        uses_load = limited or any(
            one.distribution.value == "capacity" for one in self.policy.model.territories
        )
        return Counter(
            {one.id: self.kept.count(program=self.program, member=one.id) for one in members}
            if uses_load
            else {}
        )

    def out(self, decisions: Sequence[Decision[Assignment]]) -> Counter[str]:
        for decision in decisions:
            self.hand(decision)
        for name in self._changed():
            before, turns = self.stored.get(name), self.counters.get(name, Turns(territory=name))
            version = 0 if before is None else before.version
            self.turns.put(KeptTurns(program=self.program, turns=turns), expected=version)
        return self.tally

    def _changed(self) -> set[str]:
        """The territories that handed something out, and those that share a member with them whose room is limited.

        All of them are put: of two runs that fill the same room from two territories, one has to count anew.
        """
        changed = {
            name
            for name, turns in self.counters.items()
            if name not in self.stored or self.stored[name].record.turns != turns
        }
        members = [(one.name, each) for one in self.policy.model.territories for each in one.members]
        limited = {each.id for _, each in members if each.capacity is not None}
        filled = {each.id for name, each in members if name in changed and each.id in limited}
        return changed | {name for name, each in members if each.id in filled}

    def hand(self, decision: Decision[Assignment]) -> None:
        account = decision.facts["account"]
        found = found_in(self.kept, natural_key(self.program, account))
        one = AccountAssignment(program=self.program, account=account) if found is None else found.record
        holder = None if one.last is None else one.last.member
        self.load(holder, -1)  # an account takes no room from itself
        step = self.step(one, decision)
        self.load(holder if step is None else step.member, 1)
        if step is None:
            return
        last = one.last
        self.tally["moved"] += last is None or (last.territory, last.member) != (step.territory, step.member)
        self.kept.put(
            attrs.evolve(one, steps=(*one.steps, step)), expected=0 if found is None else found.version
        )

    def load(self, member: str | None, more: int) -> None:
        if member is not None:
            self.loads[member] += more

    def step(self, one: AccountAssignment, decision: Decision[Assignment]) -> AssignmentStep | None:
        """Where the account goes; None = it stays."""
        _check_day(one, self.on)  # again: another run may have been here since
        last, outcome = one.last, decision.outcome
        if one.pin is not None and one.pin.holds_on(self.on):
            self.tally["pinned"] += 1
            return None
        released = last is not None and last.pinned_by is not None  # the pin is over: the rules decide anew
        if last is not None and not released and last.result is outcome.result and self.stays(last, outcome):
            return None
        member, territory, turns = None, outcome.territory, self.counters
        if outcome.territory is not None:
            given = handed(self.policy.model, outcome.territory, turns, loads=self.loads, scores=self.scores)
            member, territory, self.counters = given.member, given.territory, dict(given.turns)
        return AssignmentStep(
            on=self.on,
            model=self.policy.name,
            result=outcome.result,
            territory=territory,
            member=member,
            record=recorded(decision),
        )

    def stays(self, last: AssignmentStep, outcome: Assignment) -> bool:
        """Whether who has it may keep it."""
        if outcome.territory is None:
            return last.territory is None and last.record["outcome"]["tied"] == list(outcome.tied)
        decided = last.record["outcome"]["territory"]
        if decided != outcome.territory or last.territory is None:
            return False
        members = [one.id for one in self.policy.model.territory(last.territory).members]
        return last.member in members if last.member is not None else not members


def assignment_of(store: Store, program: str, account: str) -> AccountAssignment | None:
    """Who has an account, and who had it; None = nothing is recorded."""
    with store.unit_of_work() as work:
        found = found_in(work.repository(ACCOUNT_ASSIGNMENTS), natural_key(program, account))
    return None if found is None else found.record


def pin_account(
    store: Store, versions: ProgramVersions, account: str, values: Mapping[str, Any], pin: Pin
) -> AccountAssignment:
    """A person gives an account to a territory, and maybe a member; it stays there until the pin is over."""
    policy = coverage_on(versions, pin.on)
    territory = policy.model.territory(pin.territory)
    if pin.member is not None and pin.member not in {one.id for one in territory.members}:
        known = ", ".join(one.id for one in territory.members) or "none"
        raise InvalidInput(f"{pin.member!r} is no member of {pin.territory!r}; its members: {known}")
    decision = policy.decide(policy.account(account, **values), pin.on)

    def change(work: UnitOfWork) -> AccountAssignment:
        kept = work.repository(ACCOUNT_ASSIGNMENTS)
        found = found_in(kept, natural_key(versions.name, account))
        one = AccountAssignment(program=versions.name, account=account) if found is None else found.record
        _check_day(one, pin.on)
        step = AssignmentStep(
            on=pin.on,
            model=policy.name,
            result=decision.outcome.result,
            territory=pin.territory,
            member=pin.member,
            record=recorded(decision),
            pinned_by=pin.by,
        )
        made = attrs.evolve(one, steps=(*one.steps, step), pin=pin)
        kept.put(made, expected=0 if found is None else found.version)
        return made

    return committed(store, change)


def unpin_account(store: Store, program: str, account: str) -> AccountAssignment:
    """Takes a pin off; the next run decides by the rules again."""

    def change(work: UnitOfWork) -> AccountAssignment:
        kept = work.repository(ACCOUNT_ASSIGNMENTS)
        found = found_in(kept, natural_key(program, account))
        if found is None or found.record.pin is None:
            raise InvalidInput(f"{account!r:.200} is not pinned")
        made = attrs.evolve(found.record, pin=None)
        kept.put(made, expected=found.version)
        return made

    return committed(store, change)
