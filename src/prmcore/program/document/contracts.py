"""What a program document says of all agreements: reminders, calendars, which kinds are a valid agreement; and the way back."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import attrs

from prmcore.contracts.agreements import AgreementKind
from prmcore.contracts.lifecycle import ContractPolicy, Reminders
from prmcore.errors import Faults
from prmcore.values import BusinessCalendar, FiscalCalendar, public_holidays
from prmcore.values.wire import to_plain

if TYPE_CHECKING:
    from prmcore.program.document.build import Builder

__all__ = ["BusinessCalendarDocument", "ContractsDocument", "contracts_from", "contracts_to"]

MOST_YEARS = 200

_PLAIN = ContractPolicy()
_WEEKEND = frozenset({5, 6})


@attrs.frozen(kw_only=True)
class BusinessCalendarDocument:
    """The days that are worked: public holidays of a country, or the days off that are written here."""

    years: frozenset[int]  # for which the holidays are known
    country: str | None = None  # ISO 3166-1: its public holidays, from the package `holidays`
    subdivision: str | None = None  # of the country
    version: str | None = None  # of what is written here
    holidays: Mapping[datetime.date, str] | None = None  # by their days
    weekend: frozenset[int] | None = None  # 0 = Monday; None = Saturday and Sunday
    worked: frozenset[datetime.date] | None = None  # days of a weekend that are worked

    def __attrs_post_init__(self) -> None:
        faults = Faults("the calendar cannot be used")
        if not 0 < len(self.years) <= MOST_YEARS or max(self.years) - min(self.years) >= MOST_YEARS:
            faults.add(f"found {len(self.years)}; accepted: 1 to {MOST_YEARS}, near each other", "years")
        written = ("version", "holidays", "weekend", "worked")
        for name in written if self.country is not None else ("subdivision",):
            if getattr(self, name) is not None:
                accepted = "without a country" if self.country is not None else "with a country"
                faults.add(f"accepted {accepted} only", name)
        if self.country is None and self.version is None:
            faults.add("missing; accepted: whose list of holidays it is, and which one", "version")
        faults.raise_if_any()

    def calendar(self, name: str) -> BusinessCalendar:
        """The calendar, under its name."""
        if self.country is not None:
            first, last = min(self.years), max(self.years)
            found = public_holidays(self.country, first, last, subdivision=self.subdivision)
            return attrs.evolve(found, name=name)
        return BusinessCalendar(
            name=name,
            version=self.version or "",
            years=self.years,
            holidays=self.holidays or (),
            weekend=_WEEKEND if self.weekend is None else self.weekend,
            worked=self.worked or frozenset(),
        )


@attrs.frozen(kw_only=True)
class ContractsDocument:
    """What holds for all agreements; see prmcore.contracts.lifecycle.ContractPolicy."""

    zone: str = _PLAIN.zone
    reminders: Reminders = _PLAIN.reminders
    qualifying: frozenset[AgreementKind] = _PLAIN.qualifying
    calendars: Mapping[str, BusinessCalendarDocument] = attrs.field(factory=dict)


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
