"""The audit trail: who did what to which records, when, and by which decision; kept with the change itself.

`Trail` is a store around a store. Whatever a use case changes through it, and every refusal that it gives, becomes an `Event`
in the same unit of work: none is without the other, and no use case can forget it.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

import attrs

from prmcore.decisions import Decision, recorded
from prmcore.errors import Faults
from prmcore.repository import Aggregate, KeyValue, Repository, Store, Stored, UnitOfWork, found_in
from prmcore.values import checked_id, checked_instant, natural_key
from prmcore.values.wire import to_plain

__all__ = ["EVENTS", "Changed", "Event", "Trail", "events_of"]

R = TypeVar("R")


@attrs.frozen(kw_only=True)
class Changed:
    """A record as an action left it."""

    kind: str  # such as "registration": the name of its aggregate
    id: str
    version: int  # 1 = it was added


@attrs.frozen(kw_only=True)
class Event:
    """One action, done or refused, in one unit of work."""

    id: str  # what it is about: the same action on the same versions is one event
    program: str
    action: str  # such as "approve-registration"
    by: str
    at: datetime.datetime
    changed: tuple[Changed, ...] = ()  # none = it was refused, or added entries only
    added: Mapping[str, int] = attrs.field(factory=dict)  # entries of logs, by kind: how many
    # by which it was done or refused, see prmcore.decisions.recorded; None = its records hold theirs, or none was needed
    decision: Mapping[str, Any] | None = None

    @property
    def subjects(self) -> tuple[str, ...]:
        """The records that it changed, by kind and id."""
        return tuple(natural_key(one.kind, one.id) for one in self.changed)


EVENTS: Aggregate[Event] = Aggregate(
    "event",
    Event,
    lambda one: one.id,
    {
        "program": lambda one: one.program,
        "action": lambda one: one.action,
        "by": lambda one: one.by,
        "subject": lambda one: one.subjects,
    },
    {"on": lambda one: one.at.date()},
    is_log=True,
)


@attrs.frozen(kw_only=True)
class Trail:
    """A store whose units of work leave an event each, when they change something or say no.

    `by` is who acts, `at` when, `action` what it is called: it is passed to any use case in the place of the store.
    """

    store: Store
    program: str
    action: str
    by: str
    at: datetime.datetime

    def __attrs_post_init__(self) -> None:
        faults = Faults("the action cannot be followed")
        for name in ("program", "action", "by"):
            with faults.within(name):
                checked_id(getattr(self, name))
        with faults.within("at"):
            checked_instant(self.at)
        faults.raise_if_any()

    def unit_of_work(self) -> UnitOfWork:
        return _Unit(self, self.store.unit_of_work())


class _Unit:
    """A unit of work that writes down what is changed in it."""

    def __init__(self, trail: Trail, work: UnitOfWork) -> None:
        self.trail, self.work = trail, work
        self.replaced: dict[tuple[str, str], int] = {}  # the version that each record had before
        self.added: dict[tuple[str, str], None] = {}  # entries of logs
        self.decision: Decision[Any] | None = None

    def repository(self, kind: Aggregate[R]) -> Repository[R]:
        return _Repository(self, kind, self.work.repository(kind))

    def put(self, kind: Aggregate[Any], identity: str, expected: int) -> None:
        if kind.is_log and not expected:
            self.added[kind.name, identity] = None
        elif (kind.name, identity) not in self.added:
            self.replaced.setdefault((kind.name, identity), expected)

    def answered(self, answer: object) -> None:
        self.decision = _decision_in(answer)

    def commit(self) -> None:
        if self.replaced or self.added or self.decision is not None:
            event = self.event()
            events = self.work.repository(EVENTS)
            if found_in(events, event.id) is None:
                events.put(event)
        self.work.commit()
        self.replaced, self.added, self.decision = {}, {}, None

    def event(self) -> Event:
        changed = tuple(
            Changed(kind=kind, id=id, version=before + 1) for (kind, id), before in self.replaced.items()
        )
        trail = self.trail
        made = Event(
            id="",
            program=trail.program,
            action=trail.action,
            by=trail.by,
            at=trail.at,
            changed=changed,
            added=dict(sorted(Counter(kind for kind, _ in self.added).items())),
            decision=None if self.decision is None else recorded(self.decision),
        )
        told = json.dumps([to_plain(made), *self.added], sort_keys=True).encode()
        mark = hashlib.sha256(told).hexdigest()[:16]
        return attrs.evolve(made, id=natural_key(trail.program, trail.action, trail.at.isoformat(), mark))

    def __enter__(self) -> Self:
        self.work.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.work.__exit__(kind, error, trace)


@attrs.frozen
class _Repository(Generic[R]):
    unit: _Unit
    kind: Aggregate[R]
    within: Repository[R]

    def get(self, identity: str) -> Stored[R]:
        return self.within.get(identity)

    def put(self, record: R, *, expected: int = 0) -> None:
        self.within.put(record, expected=expected)
        self.unit.put(self.kind, self.kind.identity(record), expected)

    def __iter__(self) -> Iterator[Stored[R]]:
        return iter(self.within)

    def query(self, **keys: KeyValue) -> Iterator[Stored[R]]:
        return self.within.query(**keys)

    def count(self, **keys: KeyValue) -> int:
        return self.within.count(**keys)

    def up_to(self, name: str, last: datetime.date) -> Iterator[Stored[R]]:
        return self.within.up_to(name, last)


def _decision_in(answer: object) -> Decision[Any] | None:
    """The decision that an action came to, where it can be recorded."""
    found = answer if isinstance(answer, Decision) else getattr(answer, "decision", None)
    return found if isinstance(found, Decision) and hasattr(found.policy, "written") else None


def events_of(
    store: Store, program: str, *, kind: str | None = None, id: str | None = None
) -> tuple[Event, ...]:
    """What was done and refused in a program, or to one record of a kind, in the order in which it was done."""
    keys = {"program": program}
    if kind is not None and id is not None:
        keys["subject"] = natural_key(kind, id)
    with store.unit_of_work() as work:
        found = [one.record for one in work.repository(EVENTS).query(**keys)]
    return tuple(sorted(found, key=_in_order))


def _in_order(one: Event) -> tuple[datetime.datetime, bool, int, str]:
    """By the instant; of one instant by the versions that it came to, and refusals last."""
    return one.at, not one.changed, max((each.version for each in one.changed), default=0), one.id
