"""An agreement as it is kept: its paper, what happened to it, and up to which day what was due of it has been told.

`next_action_on` is kept with it, so that a store finds among millions what needs action by a day; it is never stated, but
follows from the same function as the state (`tidied`).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from prmcore.contracts.agreements import Agreement, AgreementKind, LawClause, resolved
from prmcore.contracts.lifecycle.course import course_on, courses
from prmcore.contracts.lifecycle.due import Due, Reminders, due, next_action_on
from prmcore.contracts.lifecycle.model import ENDED, AgreementStep
from prmcore.contracts.lifecycle.standing import Course, Standing, standing, unsigned
from prmcore.contracts.obligations import NO_COMMITMENTS, Commitments, Done, Measured, Obligation, Waiver
from prmcore.errors import Faults, InvalidInput
from prmcore.repository import Aggregate
from prmcore.values import BusinessCalendar, FiscalCalendar, checked_date, checked_zone

__all__ = [
    "AGREEMENTS", "AgreementRecord", "ContractPolicy", "commitments_of", "due_of", "next_action_of", "redocumented", "standing_of", "tidied", "upcoming", "zone_of",
]  # fmt: skip

_DAY = datetime.timedelta(days=1)
_EVER = datetime.datetime.min.replace(tzinfo=datetime.UTC)
_NO_REMINDERS = Reminders()
_CALENDAR_YEARS = FiscalCalendar()
_QUALIFYING = frozenset(AgreementKind) - {AgreementKind.NDA}


@attrs.frozen(kw_only=True)
class ContractPolicy:
    """What a program says of all its agreements."""

    zone: str = "UTC"  # of an agreement whose paper names none
    fiscal: FiscalCalendar = _CALENDAR_YEARS  # whose years the minimums of a fiscal year are for
    calendars: Mapping[str, BusinessCalendar] = attrs.field(factory=dict)  # by their names in the paper
    reminders: Reminders = _NO_REMINDERS
    qualifying: frozenset[AgreementKind] = (
        _QUALIFYING  # one of which, in force, is a valid agreement of the partner
    )

    def __attrs_post_init__(self) -> None:
        faults = Faults("the contract policy cannot be used")
        with faults.within("zone"):
            checked_zone(self.zone)
        faults.raise_if_any()

    @property
    def named_zone(self) -> str | None:
        """The zone that somebody chose; None = UTC, which is also what holds where nobody chose one."""
        return None if self.zone == "UTC" else self.zone


@attrs.frozen(kw_only=True)
class AgreementRecord:
    """What is kept of one agreement."""

    agreement: Agreement
    steps: tuple[AgreementStep, ...] = ()
    obligations: tuple[Obligation, ...] = ()
    done: tuple[Done, ...] = ()  # of the obligations
    measured: tuple[Measured, ...] = ()  # of the minimums in the paper
    waived: tuple[Waiver, ...] = ()
    told_until: datetime.date | None = (
        None  # up to which day all that was due has been told; None = nothing was
    )
    next_action_on: datetime.date | None = None  # when something is due next; None = nothing is


AGREEMENTS: Aggregate[AgreementRecord] = Aggregate(
    "agreement",
    AgreementRecord,
    lambda one: one.agreement.id,
    {"partner": lambda one: one.agreement.partner, "kind": lambda one: one.agreement.kind},
    {"next_action_on": lambda one: one.next_action_on},
)
"""Agreements as an aggregate for any store: see prmcore.repository."""


def standing_of(
    record: AgreementRecord, policy: ContractPolicy, on: datetime.date, known: datetime.datetime
) -> Standing:
    """How an agreement stands on a day, as far as its paper and its steps were known at an instant.

    What was over before an amendment counts stays over: whoever goes on signs anew.
    """
    checked_date(on, "on")
    steps = _known(record, known)
    found = unsigned(record.agreement.id, steps, on)
    for _, end, course in _spans(record.agreement, policy, known):
        last = on if end is None else min(on, end - _DAY)
        found = attrs.evolve(standing(course, steps, last), on=on)
        if last == on or found.state in ENDED:
            break
    return found


def due_of(
    record: AgreementRecord,
    policy: ContractPolicy,
    as_of: datetime.date,
    known: datetime.datetime,
    *,
    after: datetime.date,
) -> tuple[Due, ...]:
    """All that became due after a day and by another one, across the amendments between them: see `due`."""
    checked_date(as_of, "as_of")
    steps = _known(record, known)
    found: list[Due] = []
    for first, stop, course, before in _stretches(record, steps, policy, known, after):
        last = as_of if stop is None else min(as_of, stop - _DAY)
        if first < last:
            found += due(
                course, steps, last,
                after=first, reminders=policy.reminders, before=before, commitments=_commitments(record, policy, course, known),
            )  # fmt: skip
    return tuple(one for one in found if one.until is None or one.until >= as_of)


def next_action_of(
    record: AgreementRecord, policy: ContractPolicy, known: datetime.datetime, *, after: datetime.date
) -> datetime.date | None:
    """The next day after a day on which something becomes due, as things stand; None = nothing will."""
    steps = _known(record, known)
    for first, stop, course, before in _stretches(record, steps, policy, known, after):
        day = next_action_on(
            course, steps,
            after=first, reminders=policy.reminders, before=before, commitments=_commitments(record, policy, course, known),
        )  # fmt: skip
        if day is not None and (stop is None or day < stop):
            return day
    return None


def upcoming(
    record: AgreementRecord,
    policy: ContractPolicy,
    until: datetime.date,
    known: datetime.datetime,
    *,
    after: datetime.date,
) -> tuple[Due, ...]:
    """All that will become due after a day and by another one, as things stand: for a calendar."""
    found: list[Due] = []
    while (day := next_action_of(record, policy, known, after=after)) is not None and day <= until:
        found += due_of(record, policy, day, known, after=day - _DAY)
        after = day
    return tuple(found)


def tidied(record: AgreementRecord, policy: ContractPolicy, known: datetime.datetime) -> AgreementRecord:
    """The record with the day on which something is due next: after the last day that was told, or of all its days."""
    after = record.told_until or datetime.date.min + _DAY
    return attrs.evolve(record, next_action_on=next_action_of(record, policy, known, after=after))


def redocumented(record: AgreementRecord, agreement: Agreement) -> AgreementRecord:
    """The record with a newer state of its paper: a draft that was changed, or a signed one with further documents.

    The same paper again changes nothing. An amendment that nobody has signed is a draft, too. Refused: that something signed
    reads otherwise than it did.
    """
    before = record.agreement
    if _as_read(before) == _as_read(agreement):
        return record
    if before.id != agreement.id:
        raise InvalidInput(f"found the agreement {agreement.id!r}; accepted: {before.id!r}")
    signed = frozenset(one.id for one in before.documents if one.signed_on is not None)
    if before.is_signed and _as_read(before, signed) != _as_read(agreement, signed):
        raise InvalidInput(
            f"the agreement {before.id!r} was signed on {before.signed_on} and reads otherwise now; "
            "accepted: the same papers, and further ones"
        )
    return attrs.evolve(record, agreement=agreement)


def zone_of(agreement: Agreement, policy: ContractPolicy, on: datetime.date, known: datetime.datetime) -> str:
    """The zone in whose days the agreement is read: what its law clause says, else the program's."""
    laws = resolved(agreement, on, known).clauses(LawClause).values()
    return next((one.zone for one in laws if one.zone is not None), policy.zone)


def _as_read(agreement: Agreement, only: frozenset[str] | None = None) -> tuple[Any, ...]:
    """All of it, or of some documents, whatever the order in which they came; the first is the one that makes it."""
    documents = frozenset(  # a draft that is read again was known before
        one if one.signed_on is not None else attrs.evolve(one, known_since=_EVER)
        for one in agreement.documents
        if only is None or one.id in only
    )
    said = frozenset(one for one in agreement.provisions if only is None or one.document in only)
    parts = agreement.id, agreement.kind, agreement.partner, agreement.parties, agreement.documents[0].id
    return *parts, documents, said


def commitments_of(
    record: AgreementRecord, policy: ContractPolicy, on: datetime.date, known: datetime.datetime
) -> Commitments:
    """The obligations and minimums that hold on a day, with what was known of them at an instant."""
    course = course_on(record.agreement, on, known, policy.calendars)
    return NO_COMMITMENTS if course is None else _commitments(record, policy, course, known)


def _commitments(
    record: AgreementRecord, policy: ContractPolicy, course: Course, known: datetime.datetime
) -> Commitments:
    """What was measured or waived of a minimum that the paper has no more is left out."""
    if not record.obligations and not course.minimums:
        return NO_COMMITMENTS
    return Commitments(
        obligations=record.obligations,
        done=tuple(one for one in record.done if one.at <= known),
        minimums=course.minimums,
        measured=tuple(one for one in record.measured if one.minimum in course.minimums),
        waived=tuple(one for one in record.waived if one.minimum in course.minimums),
        fiscal=policy.fiscal,
        since=course.since,
    )


def _known(record: AgreementRecord, known: datetime.datetime) -> tuple[AgreementStep, ...]:
    return tuple(one for one in record.steps if one.at <= known)


def _stretches(
    record: AgreementRecord,
    steps: tuple[AgreementStep, ...],
    policy: ContractPolicy,
    known: datetime.datetime,
    after: datetime.date,
) -> Iterator[tuple[datetime.date, datetime.date | None, Course, Standing | None]]:
    """Of each course that counts after a day, until it is over: the day after which it is asked, the first day on which another
    counts, and where it has replaced one since then, how the agreement stood by that.
    """
    before: Standing | None = None
    for start, end, course in _spans(record.agreement, policy, known):
        if end is None or after < end - _DAY:
            yield max(after, start - _DAY), end, course, before if after < start else None
        if end is not None:
            before = standing(course, steps, end - _DAY)
            if before.state in ENDED:
                return


def _spans(
    agreement: Agreement, policy: ContractPolicy, known: datetime.datetime
) -> Iterator[tuple[datetime.date, datetime.date | None, Course]]:
    """Each course with its first day, and the first day after it; the first begins before anything."""
    found = courses(agreement, known, policy.calendars)
    starts = [datetime.date.min + _DAY, *(day for day, _ in found[1:])]
    ends = [*starts[1:], None]
    for start, end, (_, course) in zip(starts, ends, found, strict=False):
        yield start, end, course
