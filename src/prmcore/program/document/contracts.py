"""What a program document says of all agreements: reminders, calendars, which kinds are a valid agreement; and the way back."""

from __future__ import annotations

from typing import Any

from prmcore.contracts.lifecycle import ContractPolicy
from prmcore.program.document.builder import Builder
from prmcore.program.document.shapes import ContractsDocument
from prmcore.values import BusinessCalendar, FiscalCalendar
from prmcore.values.wire import to_plain

__all__ = ["contracts_from", "contracts_to"]


def contracts_from(
    builder: Builder, document: ContractsDocument, fiscal: FiscalCalendar
) -> ContractPolicy | None:
    """What was written; None, with faults, when it cannot be used."""
    builder.check_keys(document.calendars, "contracts.calendars", free=True)
    calendars = {}
    for name, written in document.calendars.items():
        with builder.faults.within(f"contracts.calendars.{name}"):
            calendars[name] = written.calendar(name)
    with builder.faults.within("contracts"):
        return ContractPolicy(
            zone=document.zone,
            fiscal=fiscal,
            reminders=document.reminders,
            qualifying=document.qualifying,
            calendars=calendars,
        )
    return None


def contracts_to(policy: ContractPolicy | None) -> dict[str, Any] | None:
    """A policy as it is written; public holidays as the days that they were."""
    if policy is None:
        return None
    plain: dict[str, Any] = to_plain(policy)
    del plain["fiscal"]  # it is the program's
    return {**plain, "calendars": {name: _calendar(one) for name, one in policy.calendars.items()}}


def _calendar(calendar: BusinessCalendar) -> dict[str, Any]:
    return {
        "years": sorted(calendar.years),
        "version": calendar.version,
        "holidays": {one.day.isoformat(): one.name for one in calendar.holidays},
        "weekend": sorted(calendar.weekend),
        "worked": sorted(day.isoformat() for day in calendar.worked) or None,
    }
