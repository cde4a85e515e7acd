"""A partner program: one version of all its rules, as one frozen object."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from functools import cached_property
from typing import Any

import attrs

from prmcore.decisions import FactField, FactSchema, FactSheet, PolicyVersions
from prmcore.errors import Faults, InvalidInput
from prmcore.performance import MetricRegistry, RowBook
from prmcore.program.documents import SourceDocument
from prmcore.tiers import TierPolicy
from prmcore.tiers.benefits import Benefits
from prmcore.values import Dated, DateRange, FiscalCalendar, Text

__all__ = ["Program", "ProgramVersions"]


@attrs.frozen(slots=False, kw_only=True, repr=False)
class Program:
    """One version of a program. Two versions are two programs of one name."""

    name: str
    version: str
    tiers: TierPolicy
    effective: DateRange = DateRange()
    given: tuple[FactField, ...] = ()  # facts that come with the partner
    registry: MetricRegistry = MetricRegistry((), ())  # facts that are counted from rows
    sources: Mapping[str, SourceDocument] = attrs.field(factory=dict)  # how files of rows are read
    benefits: Benefits = Benefits("")
    currency: str | None = None
    text: Text | None = None
    cites: str | None = None  # where the rules are published

    @property
    def full_name(self) -> str:
        return f"{self.name}/{self.version}"

    @property
    def calendar(self) -> FiscalCalendar:
        return self.tiers.calendar

    @property
    def facts(self) -> FactSchema:
        """All facts that the tiers can ask for."""
        return self.tiers.facts

    def book(self) -> RowBook:
        """An empty book for this program's rows."""
        return RowBook(self.registry, self.calendar)

    def metrics_on(
        self, book: RowBook, partner: str, day: datetime.date, given: Mapping[str, Any]
    ) -> FactSheet:
        """All facts about a partner on a day: those given, and those counted."""
        counted = book.values(partner, day)
        return FactSheet(self.facts, tuple(given.get(name, counted.get(name)) for name in self.facts.names))

    def gathered(self, book: RowBook, partner: str, as_of: datetime.date, given: Mapping[str, Any]) -> Any:
        """The metrics that the tiers decide from: of the day, or of each day of the window whose best day counts."""
        if self.tiers.best_day_of is None:
            return self.metrics_on(book, partner, as_of, given)
        window = self.tiers.best_day_of.on(as_of, self.calendar)
        if window.start is None:
            raise InvalidInput("the best day needs a window with a first day; accepted: any but lifetime")
        days = [window.start + datetime.timedelta(days=number) for number in range(window.days)]
        return tuple((day, self.metrics_on(book, partner, day, given)) for day in days)

    def __repr__(self) -> str:
        return f"Program({self.full_name!r})"


@attrs.frozen(slots=False)
class ProgramVersions:
    """The versions of one program through time.

    Versions that overlap are refused, naming both; `gaps` finds days without rules.
    """

    versions: Dated[Program]

    @classmethod
    def of(cls, *programs: Program) -> ProgramVersions:
        faults = Faults("the versions do not make one program")
        names = sorted({program.name for program in programs})
        if len(names) != 1:
            faults.add(f"found the programs {', '.join(names) or 'none'}; accepted: versions of one program")
        full = [program.full_name for program in programs]
        for name in sorted({name for name in full if full.count(name) > 1}):
            faults.add(f"{name} is given twice")
        faults.raise_if_any()
        return cls(Dated(tuple((program.effective, program) for program in programs)))

    def on(self, day: datetime.date) -> Program:
        return self.versions.on(day)

    @cached_property
    def policies(self) -> PolicyVersions[TierPolicy]:
        return PolicyVersions(
            Dated(tuple((period, program.tiers) for period, program in self.versions.entries))
        )

    def gaps(self, within: DateRange) -> tuple[DateRange, ...]:
        return self.versions.gaps(within)
