"""The lifecycle: which steps lead from which status to which, as a table, and the record of each step taken."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from enum import StrEnum

import attrs

from prmcore.errors import InvalidInput
from prmcore.partners.model import Partner, Status
from prmcore.values import Dated, DateRange, PartnerId
from prmcore.values.date_ranges import checked_date

__all__ = ["LIFECYCLE", "Step", "StepTaken", "moved", "steps_from"]


class Step(StrEnum):
    """What is done to a partnership."""

    ACCEPT = "accept"
    ACTIVATE = "activate"
    SUSPEND = "suspend"
    RESUME = "resume"
    END = "end"
    REOPEN = "reopen"


LIFECYCLE: Mapping[tuple[Status, Step], Status] = {
    (Status.CANDIDATE, Step.ACCEPT): Status.ONBOARDING,
    (Status.CANDIDATE, Step.END): Status.ENDED,
    (Status.ONBOARDING, Step.ACTIVATE): Status.ACTIVE,
    (Status.ONBOARDING, Step.END): Status.ENDED,
    (Status.ACTIVE, Step.SUSPEND): Status.SUSPENDED,
    (Status.ACTIVE, Step.END): Status.ENDED,
    (Status.SUSPENDED, Step.RESUME): Status.ACTIVE,
    (Status.SUSPENDED, Step.END): Status.ENDED,
    (Status.ENDED, Step.REOPEN): Status.CANDIDATE,
}


@attrs.frozen(kw_only=True)
class StepTaken:
    """One step, for the audit trail."""

    partner: PartnerId
    step: Step
    before: Status
    after: Status
    on: datetime.date  # the first day of the new status
    author: str
    reason: str


def steps_from(status: Status) -> tuple[Step, ...]:
    """The steps that can be taken from a status."""
    return tuple(step for (before, step) in LIFECYCLE if before is status)


def moved(
    partner: Partner, step: Step, *, on: datetime.date, author: str, reason: str
) -> tuple[Partner, StepTaken]:
    """The partner after a step, and the step for the audit trail.

    A step that the status does not allow is refused, and so is one before the last change: what was in force stays.
    """
    before = partner.status_on(checked_date(on, "on"))
    after = LIFECYCLE.get((before, step))
    if after is None:
        accepted = ", ".join(steps_from(before))
        raise InvalidInput(f"the step {step.value!r} from the status {before.value!r}; accepted: {accepted}")
    entries = partner.lifecycle.entries
    if entries and (last := entries[-1][0]).start is not None and on <= last.start:
        raise InvalidInput(
            f"on: found {on.isoformat()}; accepted: a day after the last change, {last.start.isoformat()}"
        )
    taken = StepTaken(
        partner=partner.id, step=step, before=before, after=after, on=on, author=author, reason=reason
    )
    kept = tuple((_until(period, on), status) for period, status in entries)
    lifecycle = Dated((*kept, (DateRange(on), after)))
    return attrs.evolve(partner, lifecycle=lifecycle), taken


def _until(period: DateRange, end: datetime.date) -> DateRange:
    """The period, ending then if it had no end."""
    return attrs.evolve(period, end=end) if period.end is None else period
