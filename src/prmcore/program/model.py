"""A partner program: one version of all its rules, as one frozen object."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

import attrs

from prmcore.contracts.agreements import Agreement
from prmcore.contracts.lifecycle import ContractPolicy
from prmcore.contracts.obligations import Obligation
from prmcore.deals.leads import LeadPolicy, RoutingPolicy
from prmcore.deals.opportunities import NegotiationPolicy, QuantityBands, SalesProcess
from prmcore.deals.registrations import RegistrationPolicy
from prmcore.deals.responsibility import ResponsibilityMatrix
from prmcore.decisions import FactField, FactSchema, FactSheet, PolicyVersions
from prmcore.errors import Faults, InvalidInput
from prmcore.performance import MetricRegistry, RowBook, Source
from prmcore.program.document.shapes import SourceDocument
from prmcore.program.incentives import Incentives
from prmcore.territory.claims import AppealPolicy, ConflictPolicy
from prmcore.territory.coverage import CoveragePolicy
from prmcore.tiers import TierPolicy
from prmcore.tiers.benefits import Benefits
from prmcore.values import (
    BusinessHours,
    Dated,
    DateRange,
    FiscalCalendar,
    Text,
    Tree,
    checked_instant,
    day_in,
)

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
    incentives: Incentives | None = None
    trees: Mapping[str, Tree] = attrs.field(factory=dict)  # codes below codes, by name
    tree_words: Mapping[str, Mapping[str, Text]] = attrs.field(factory=dict)  # what people call their codes
    coverage: CoveragePolicy | None = None
    products: str | None = None  # the tree that the products of deals are codes of
    registrations: RegistrationPolicy | None = None
    conflicts: ConflictPolicy | None = None
    appeals: AppealPolicy | None = None
    leads: LeadPolicy | None = None
    lead_hours: BusinessHours | None = None  # in which the times of leads are counted
    routing: RoutingPolicy | None = None
    pools: Mapping[str, Mapping[str, int]] = attrs.field(factory=dict)  # of partners: turns in each round
    sales: SalesProcess | None = None
    negotiation: NegotiationPolicy | None = None
    quantity_bands: Mapping[str, QuantityBands] = attrs.field(factory=dict)  # by name, such as a product
    responsibilities: ResponsibilityMatrix | None = None
    contracts: ContractPolicy | None = None  # of all agreements; None = it keeps none
    agreements: tuple[Agreement, ...] = ()  # that stand in its own file
    obligations: tuple[Obligation, ...] = ()  # under them
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
    def zone(self) -> str:
        """Where its days begin: the zone of the registrations, else of the conflicts, else of the hours of leads, else UTC."""
        zoned = (self.registrations, self.conflicts, self.lead_hours)
        return next((one.zone for one in zoned if one is not None), "UTC")

    def day_at(self, instant: datetime.datetime) -> datetime.date:
        """The day that it is in the program's zone."""
        return day_in(self.zone, instant)

    @property
    def facts(self) -> FactSchema:
        """All facts that the tiers can ask for."""
        return self.tiers.facts

    @property
    def product_tree(self) -> Tree | None:
        """The products of deals; None = they are words without an order."""
        return None if self.products is None else self.trees[self.products]

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

    @classmethod
    def always(cls, program: Program) -> ProgramVersions:
        """One version, as if it had always been in force: for what-if."""
        return cls(Dated(((DateRange(), program),)))

    def on(self, day: datetime.date) -> Program:
        return self.versions.on(day)

    def at(self, instant: datetime.datetime) -> Program:
        """The latest version whose period holds the day that it is in its own zone.

        Between versions of two zones there can be hours that neither period holds: the zone of the day in UTC says whose
        they are.
        """
        instant = checked_instant(instant)
        for period, program in reversed(self.versions.entries):
            if program.day_at(instant) in period:
                return program
        return self.on(self.on(instant.date()).day_at(instant))

    def __iter__(self) -> Iterator[Program]:
        return (program for _, program in self.versions.entries)

    @property
    def name(self) -> str:
        return next(iter(self)).name

    @cached_property
    def given(self) -> tuple[FactField, ...]:
        """Every fact that some version is given."""
        return self._union(
            "facts", [(one.full_name, {field.name: field for field in one.given}) for one in self]
        )

    @cached_property
    def sources(self) -> Mapping[str, SourceDocument]:
        """How files of rows are read so that every version finds the fields that it counts."""
        found: dict[str, SourceDocument] = {}
        faults = Faults(f"the versions of {self.name!r} read rows differently")
        for one in self:
            for name, source in one.sources.items():
                earlier = found.get(name, source)
                if (earlier.partner, earlier.date) != (source.partner, source.date):
                    faults.add(
                        f"{one.full_name} has other columns for the partner or the day", f"sources.{name}"
                    )
                for field, document in source.fields.items():
                    other = earlier.fields.get(field, document)
                    if (other.column, other.rounding) != (document.column, document.rounding):
                        faults.add(
                            f"{one.full_name} has another column or rounding",
                            f"sources.{name}.fields.{field}",
                        )
                found[name] = attrs.evolve(source, fields={**earlier.fields, **source.fields})
        faults.raise_if_any()
        return found

    @cached_property
    def registry(self) -> MetricRegistry:
        """The sources of all versions, with every field that one of them counts; the metrics are each version's own."""
        sources = []
        for name in self.sources:
            ours = [(one.full_name, _fields_of(one, name)) for one in self]
            sources.append(
                Source(name, FactSchema(f"rows of {name}", self._union(f"sources.{name}.fields", ours)))
            )
        return MetricRegistry(tuple(sources), ())

    def book(self) -> RowBook:
        """An empty book for rows that every version can count."""
        return RowBook(self.registry, next(iter(self)).calendar)

    def _union(self, path: str, versions: list[tuple[str, dict[str, FactField]]]) -> tuple[FactField, ...]:
        """The fields of all versions; one that is of another kind or currency in two of them is refused."""
        found: dict[str, FactField] = {}
        faults = Faults(f"the versions of {self.name!r} read rows differently")
        for version, fields in versions:
            for name, field in fields.items():
                earlier = found.get(name, field)
                if (earlier.kind, earlier.currency) != (field.kind, field.currency):
                    faults.add(f"is of another kind or currency in {version}", f"{path}.{name}")
                found[name] = field
        faults.raise_if_any()
        return tuple(found.values())

    @cached_property
    def policies(self) -> PolicyVersions[TierPolicy]:
        return PolicyVersions(
            Dated(tuple((period, program.tiers) for period, program in self.versions.entries))
        )

    def gaps(self, within: DateRange) -> tuple[DateRange, ...]:
        return self.versions.gaps(within)


def _fields_of(program: Program, source: str) -> dict[str, FactField]:
    found = [one for one in program.registry.sources if one.name == source]
    return {field.name: field for one in found for field in one.fields.fields}
