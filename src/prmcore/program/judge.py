"""The use case of tiers: gather facts, decide every partner on every day asked for, record what was decided."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import attrs

from prmcore.decisions import Decision, recorded, replayed
from prmcore.errors import InvalidInput
from prmcore.performance import RowBook
from prmcore.program.model import Program, ProgramVersions
from prmcore.repository import Aggregate, Store, UnitOfWork, committed, found_in
from prmcore.tiers import Standing, TierFacts, TierOutcome

__all__ = [
    "DECISIONS", "Judged", "RecordedDecision", "Tally", "history", "judged", "level_on", "level_recorded", "levels_recorded", "record",
    "replay", "step_in",
]  # fmt: skip


@attrs.frozen
class RecordedDecision:
    """A tier decision as it is kept: enough to explain it, to replay it, and to go on from it."""

    program: str  # name without version; the version is in the record
    partner: str
    day: datetime.date  # decided for
    level: str
    action: str
    record: Mapping[str, Any]  # see prmcore.decisions.recorded
    after: Standing  # where the next decision starts

    @property
    def id(self) -> str:
        return f"{self.program}/{self.partner}/{self.day.isoformat()}"  # a program's name holds no "/"


DECISIONS: Aggregate[RecordedDecision] = Aggregate(
    "tier-decision",
    RecordedDecision,
    lambda one: one.id,
    {
        "partner": lambda one: one.partner,
        "day": lambda one: one.day,
        "program": lambda one: one.program,
        "level": lambda one: one.level,
    },
    is_log=True,
)


@attrs.frozen
class Judged:
    """One decision with its partner, and where it leaves the partner."""

    partner: str
    decision: Decision[TierOutcome]
    after: Standing


def judged(
    versions: ProgramVersions,
    book: RowBook,
    partners: Mapping[str, Mapping[str, Any]],
    days: Sequence[datetime.date],
    standings: Mapping[tuple[str, datetime.date], Standing] | None = None,
    data_as_of: datetime.date | None = None,
    reviewed: Callable[[str, datetime.date], bool] = lambda partner, day: True,
) -> Iterator[Judged]:
    """Every partner on every day, in order of days, each day going on from the one before.

    `partners` holds the given facts by partner. Each day is judged by the version in force, from metrics as that version
    defines them. `standings` are what recorded decisions left behind: where one exists for a partner and a day, the next
    day goes on from it, the first day from the last one before it. A partner is passed over on days on which it is not
    `reviewed`: see `may_be_reviewed`.
    """
    kept = standings or {}
    current = _last_before(days[0], kept) if days else {}
    books: dict[str, RowBook] = {}
    for day in days:
        program = versions.on(day)
        if program.full_name not in books:
            books[program.full_name] = book.read_by(program.registry, program.calendar)
        counted = books[program.full_name]
        known = min(day, data_as_of) if data_as_of is not None else None
        for partner, given in partners.items():
            if not reviewed(partner, day):
                continue
            facts = TierFacts(program.gathered(counted, partner, day, given), current.get(partner), known)
            decision = program.tiers.decide(facts, day)
            after = kept.get((partner, day)) or program.tiers.standing_after(decision)
            current[partner] = after
            yield Judged(partner, decision, after)


def _last_before(
    day: datetime.date, standings: Mapping[tuple[str, datetime.date], Standing]
) -> dict[str, Standing]:
    """Where each partner stood last before a day."""
    earlier = sorted((on, partner) for partner, on in standings if on < day)
    return {partner: standings[partner, on] for on, partner in earlier}


@attrs.define
class Tally:
    """What recording did."""

    recorded: int = 0
    already: int = 0  # recorded before, and the same
    different: list[tuple[str, datetime.date]] = attrs.field(
        factory=list
    )  # recorded before from other facts; kept as it was


def record(store: Store, program: str, decisions: Iterable[Judged], batch: int = 2000) -> Tally:
    """Records decisions, each once. What was recorded before stays as it was: a decision is a fact of its day.

    They are kept a batch at a time. A run that was cut off is completed by running again, and two runs at a time record
    every decision once.
    """
    tally = Tally()
    waiting: list[RecordedDecision] = []
    for one in decisions:
        waiting.append(as_record(program, one))
        if len(waiting) == batch:
            _record(store, waiting, tally)
            waiting = []
    _record(store, waiting, tally)
    return tally


def as_record(program: str, one: Judged) -> RecordedDecision:
    decision = one.decision
    return RecordedDecision(
        program=program,
        partner=one.partner,
        day=decision.as_of,
        level=decision.outcome.level,
        action=decision.outcome.action.value,
        record=recorded(decision),
        after=one.after,
    )


def _record(store: Store, waiting: list[RecordedDecision], tally: Tally) -> None:
    def put_new(work: UnitOfWork) -> list[RecordedDecision | None]:
        """What was recorded before; what was not is recorded now."""
        decisions = work.repository(DECISIONS)
        kept = [found_in(decisions, one.id) for one in waiting]
        found = [None if one is None else one.record for one in kept]
        for one, before in zip(waiting, found, strict=True):
            if before is None:
                decisions.put(one)
        return found

    kept = committed(store, put_new)
    for one, before in zip(waiting, kept, strict=True):
        if before is None:
            tally.recorded += 1
        elif before.record == one.record:
            tally.already += 1
        else:
            tally.different.append((one.partner, one.day))


def standings(store: Store, program: str) -> dict[tuple[str, datetime.date], Standing]:
    """Where recorded decisions left each partner, by partner and day."""
    with store.unit_of_work() as work:
        return {
            (one.record.partner, one.record.day): one.record.after
            for one in work.repository(DECISIONS).query(program=program)
        }


def history(store: Store, program: str, partner: str) -> tuple[RecordedDecision, ...]:
    """The recorded decisions about a partner, in order of days: its tier history."""
    with store.unit_of_work() as work:
        found = [one.record for one in work.repository(DECISIONS).query(program=program, partner=partner)]
    return tuple(sorted(found, key=lambda one: one.day))


def levels_recorded(store: Store, program: str) -> list[tuple[str, datetime.date, str]]:
    """Partner, day and level of every recorded decision, in order of days."""
    with store.unit_of_work() as work:
        found = [one.record for one in work.repository(DECISIONS).query(program=program)]
    return sorted(((one.partner, one.day, one.level) for one in found), key=lambda one: one[1])


def level_on(history: Sequence[RecordedDecision], day: datetime.date) -> str:
    """The level that a partner had on a day, from its history in order of days."""
    levels = [one.level for one in history if one.day <= day]
    if not levels:
        raise InvalidInput(f"there is no level yet on {day.isoformat()}; the history starts later")
    return levels[-1]


def level_recorded(work: UnitOfWork, program: str, partner: str, day: datetime.date) -> str | None:
    """The level that a partner had on a day, by what is recorded; None = nothing is, up to that day."""
    found = (one.record for one in work.repository(DECISIONS).query(program=program, partner=partner))
    last = max((one for one in found if one.day <= day), key=lambda one: one.day, default=None)
    return None if last is None else last.level


def step_in(store: Store, program: str, partner: str, after: Standing) -> RecordedDecision:
    """Records where a partner stands once a person stepped in: an override, a guarantee, a notice, an approval.

    The last decision stays as it was; the next one goes on from this standing. `TierPolicy.with_override` and its
    sisters make it from the `after` of the last one.
    """
    with store.unit_of_work() as work:
        decisions = work.repository(DECISIONS)
        found = list(decisions.query(program=program, partner=partner))
        if not found:
            raise InvalidInput(f"nothing is recorded about {partner!r}")
        last = max(found, key=lambda one: one.record.day)
        changed = attrs.evolve(last.record, after=after)
        decisions.put(changed, expected=last.version)
        work.commit()
    return changed


def replay(kept: RecordedDecision, programs: Iterable[Program]) -> Decision[TierOutcome]:
    """The decision again, by the version that made it; refused when it would come out differently."""
    return replayed(kept.record, [program.tiers for program in programs])
