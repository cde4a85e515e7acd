"""What a program file says of all agreements: reminders, calendars, which kinds are a valid agreement."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

import attrs

from prmcore.contracts.agreements import AgreementKind
from prmcore.contracts.lifecycle import ContractPolicy, Reminders
from prmcore.errors import Faults
from prmcore.values import BusinessCalendar, public_holidays

__all__ = ["BusinessCalendarDocument", "ContractsDocument"]

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
