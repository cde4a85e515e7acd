"""From a document to a program and back: names are resolved, criteria read, everything checked, all faults at once."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any

import attrs

from prmcore.decisions import Criterion, FactField, FactSchema, Kind, Ladder, Rung
from prmcore.decisions.wire import criterion_from, value_from
from prmcore.errors import Faults, InvalidInput
from prmcore.performance import (
    Average,
    Count,
    Difference,
    DistinctCount,
    Growth,
    Latest,
    Measure,
    Metric,
    MetricRegistry,
    Peak,
    Ratio,
    Source,
    Sum,
    ValidOn,
)  # fmt: skip
from prmcore.program.documents import (
    BenefitDocument,
    FieldDocument,
    LineDocument,
    MeasureDocument,
    MetricDocument,
    MovementDocument,
    ProgramDocument,
    RungDocument,
    WindowDocument,
)  # fmt: skip
from prmcore.program.model import Program
from prmcore.tiers import Movement, PointsLine, Scorecard, TierPolicy, Track
from prmcore.tiers.benefits import Benefit, Benefits
from prmcore.values import (
    DateRange,
    FiscalCalendar,
    Lifetime,
    RollingDays,
    RollingMonths,
    TrailingQuarters,
    Window,
    YearToDate,
    currency_digits,
)  # fmt: skip

__all__ = ["built"]

LONGEST_NAME = 60


def built(document: ProgramDocument) -> Program:
    """The program that a document describes."""
    return _Builder(document).program()


class _Builder:
    def __init__(self, document: ProgramDocument) -> None:
        self.document = document
        self.faults = Faults(f"the program {document.name[:60]!r} cannot be used")

    def program(self) -> Program:
        document = self.document
        self.check_names()
        self.stop_if_faulty()
        calendar = FiscalCalendar(document.calendar.start_month, document.calendar.named_by)
        given = tuple(self.field(name, one, "facts") for name, one in document.facts.items())
        registry = self.registry()
        facts = FactSchema(f"{document.name} facts", (*given, *map(registry.field_of, registry.metrics)))
        tiers = self.tiers(facts, calendar)
        benefits = self.benefits(tiers.ladder)
        self.stop_if_faulty()
        return Program(
            name=document.name,
            version=document.version,
            tiers=tiers,
            effective=DateRange(document.effective.start, document.effective.end),
            given=given,
            registry=registry,
            sources=document.sources,
            benefits=benefits,
            currency=document.currency,
            text=document.text,
            cites=document.cites,
        )

    def stop_if_faulty(self) -> None:
        self.faults.raise_if_any()

    def check_names(self) -> None:
        document, faults = self.document, self.faults
        for path, name in (("name", document.name), ("version", document.version)):
            fault = name_fault(name, free=True)
            if fault:
                faults.add(fault, path)
        if document.currency is not None:
            with faults.within("currency"):
                currency_digits(document.currency)
        with faults.within("effective"):
            DateRange(document.effective.start, document.effective.end)
        with faults.within("calendar"):
            FiscalCalendar(document.calendar.start_month, document.calendar.named_by)
        for part in ("sources", "facts", "metrics", "benefits"):
            self.check_keys(getattr(document, part), part)
        for name, source in document.sources.items():
            self.check_keys(source.fields, f"sources.{name}.fields")
        for name in document.facts:
            if name in document.metrics:
                faults.add(f"{name!r} is a metric too; one name, one meaning", f"facts.{name}")

    def check_keys(self, names: Mapping[str, Any], path: str) -> None:
        for name in names:
            fault = name_fault(name)
            if fault:
                self.faults.add(fault, f"{path}.{name[:60]}")

    def field(self, name: str, document: FieldDocument, path: str) -> FactField:
        currency = document.currency or self.document.currency if document.kind is Kind.MONEY else None
        if document.kind is Kind.MONEY and currency is None:
            self.faults.add("money without a currency; give one here or for the program", f"{path}.{name}")
        elif currency is not None:
            with self.faults.within(f"{path}.{name}.currency"):
                currency_digits(currency)
        if document.kind is not Kind.MONEY and (document.currency or document.rounding):
            self.faults.add(
                f"only money has a currency and rounding; this is a {document.kind.value}", f"{path}.{name}"
            )
        if document.words and document.kind not in (Kind.CODE, Kind.CODES):
            self.faults.add(f"only codes have words; this is a {document.kind.value}", f"{path}.{name}.words")
        return FactField(name, document.kind, document.text, currency, words=tuple(document.words.items()))

    def registry(self) -> MetricRegistry:
        sources = []
        for name, source in self.document.sources.items():
            path = f"sources.{name}.fields"
            fields = tuple(self.field(key, one, path) for key, one in source.fields.items())
            sources.append(Source(name, FactSchema(f"rows of {name}", fields), source.text))
        schemas = {source.name: source.fields for source in sources}
        metrics = [self.metric(name, one, schemas) for name, one in self.document.metrics.items()]
        self.stop_if_faulty()
        with self.faults.within("metrics"):
            return MetricRegistry(tuple(sources), tuple(metric for metric in metrics if metric is not None))
        self.stop_if_faulty()
        raise AssertionError("faults were found and raised")

    def metric(self, name: str, document: MetricDocument, schemas: Mapping[str, FactSchema]) -> Metric | None:
        path = f"metrics.{name}"
        where: Criterion | None = None
        if document.where is not None and document.source in schemas:
            with self.faults.within(f"{path}.where"):
                where = criterion_from(document.where, schemas[str(document.source)])
        measure = self.measure(document.measure, f"{path}.measure")
        window = None if document.window is None else self.window(document.window, f"{path}.window")
        return (
            None if measure is None else Metric(name, measure, document.source, window, where, document.text)
        )

    def measure(self, document: MeasureDocument, path: str) -> Measure | None:
        chosen = self.one_key(document, path, companions={"within": "peak"})
        if chosen is None:
            return None
        value = getattr(document, chosen)
        if chosen == "count":
            return Count()
        if chosen in ("difference", "ratio"):
            return self.of_two(chosen, value, path)
        if chosen == "peak":
            window = None if document.within is None else self.window(document.within, f"{path}.within")
            if window is None or isinstance(window, ValidOn):
                self.faults.add("has no window to look for the best day in; accepted: within = {...}", path)
                return None
            return Peak(value, window)
        kinds: dict[str, Any] = {
            "sum": Sum, "distinct": DistinctCount, "average": Average, "latest": Latest, "growth": Growth,
        }  # fmt: skip
        made: Measure = kinds[chosen](value)
        return made

    def of_two(self, chosen: str, names: tuple[str, ...], path: str) -> Measure | None:
        if len(names) != 2:
            self.faults.add(f"found {len(names)} metrics; accepted: two", f"{path}.{chosen}")
            return None
        return Ratio(*names) if chosen == "ratio" else Difference(*names)

    def window(self, document: WindowDocument, path: str) -> Window | ValidOn | None:
        if document.valid_until is not None:
            return self.valid_on(document, path)
        companions = {
            "aligned": "rolling_months", "complete": "trailing_quarters", "months_more": "valid_until",
        }  # fmt: skip
        chosen = self.one_key(document, path, companions)
        if chosen is None:
            return None
        try:
            return _window(chosen, document)
        except InvalidInput as error:
            self.faults.add(error.title, path)
            return None

    def valid_on(self, document: WindowDocument, path: str) -> ValidOn | None:
        """Rows in force, of those in the window that is said beside it."""
        rest = attrs.evolve(document, valid_until=None, months_more=None)
        within = None if rest == WindowDocument() else self.window(rest, path)
        try:
            return ValidOn(str(document.valid_until), document.months_more or 0, within)  # type: ignore[arg-type]  # not ValidOn
        except InvalidInput as error:
            self.faults.add(error.title, path)
            return None

    def one_key(self, document: Any, path: str, companions: Mapping[str, str]) -> str | None:
        """The one key that is given, beside the companion that belongs to it."""
        given = [
            one.name
            for one in attrs.fields(type(document))
            if getattr(document, one.name) not in (None, False)
        ]
        chosen = [name for name in given if name not in companions]
        accepted = [one.name for one in attrs.fields(type(document)) if one.name not in companions]
        if len(chosen) != 1:
            self.faults.add(
                f"found {', '.join(chosen) or 'none'}; accepted: exactly one of {', '.join(accepted)}", path
            )
            return None
        for name in set(given) & set(companions):
            if companions[name] != chosen[0]:
                self.faults.add(f"goes with {companions[name]} only", f"{path}.{name}")
        return str(chosen[0])

    def tiers(self, facts: FactSchema, calendar: FiscalCalendar) -> TierPolicy:
        document = self.document.tiers
        scorecard = self.scorecard(facts)
        self.stop_if_faulty()
        schema = facts if scorecard is None else scorecard.schema
        rungs = [self.rung(one, schema, f"tiers.rungs[{place}]") for place, one in enumerate(document.rungs)]
        best_day_of = document.best_day_of and self.window(document.best_day_of, "tiers.best_day_of")
        if isinstance(best_day_of, ValidOn):
            self.faults.add("valid_until is not a window of days", "tiers.best_day_of")
        self.stop_if_faulty()
        name = f"{self.document.name}/{self.document.version}"
        policy = None
        with self.faults.within("tiers"):
            ladder: Ladder[Any, str] = Ladder(
                name,
                facts=schema,
                rungs=tuple(rungs),
                otherwise=document.otherwise,
                otherwise_text=document.otherwise_text,
            )
            movement = self.movement(document.movement)
            policy = TierPolicy(ladder, movement, calendar, scorecard, best_day_of)  # type: ignore[arg-type]  # not ValidOn
        self.stop_if_faulty()
        assert policy is not None
        return policy

    def movement(self, document: MovementDocument) -> Movement:
        values = {one.name: getattr(document, one.name) for one in attrs.fields(MovementDocument)}
        return Movement(**{**values, "approval": frozenset(document.approval)})

    def rung(self, document: RungDocument, schema: FactSchema, path: str) -> Rung[str]:
        fault = name_fault(document.level, free=True)
        if fault:
            self.faults.add(fault, f"{path}.level")
        criteria = []
        for place, written in enumerate(document.requires):
            with self.faults.within(f"{path}.requires[{place}]"):
                criteria.append(criterion_from(written, schema))
        return Rung(document.level, tuple(criteria), document.text)

    def scorecard(self, facts: FactSchema) -> Scorecard | None:
        if self.document.scorecard is None:
            return None
        tracks = []
        for place, track in enumerate(self.document.scorecard.tracks):
            path = f"scorecard.tracks[{place}]"
            lines = [
                self.line(line, facts, f"{path}.lines[{number}]") for number, line in enumerate(track.lines)
            ]
            tracks.append(Track(track.name, tuple(line for line in lines if line is not None), track.text))
        self.stop_if_faulty()
        with self.faults.within("scorecard"):
            return Scorecard(facts, tuple(tracks))
        return None

    def line(self, document: LineDocument, facts: FactSchema, path: str) -> PointsLine | None:
        gate: Criterion | None = None
        with self.faults.within(path):
            kind = facts.field(document.fact).kind
            if document.gate is not None:
                gate = criterion_from(document.gate, facts, "gate")
            return PointsLine(
                fact=document.fact,
                maximum=document.maximum,
                full_at=value_from(kind, document.full_at),
                floor=document.floor,
                gate=gate,
                text=document.text,
            )
        return None

    def benefits(self, ladder: Ladder[Any, str]) -> Benefits:
        found = [self.benefit(name, one, ladder) for name, one in self.document.benefits.items()]
        levels = {one.level: one.text for one in ladder.rungs if one.text is not None}
        if ladder.otherwise_text is not None:
            levels[ladder.otherwise] = ladder.otherwise_text
        return Benefits(f"{self.document.name}/{self.document.version}", tuple(found), levels)

    def benefit(self, name: str, document: BenefitDocument, ladder: Ladder[Any, str]) -> Benefit:
        path = f"benefits.{name}"
        if (document.levels is None) == (document.values is None):
            self.faults.add("accepted: either levels, or kind and values", path)
        if (document.kind is None) != (document.values is None):
            self.faults.add("kind and values go together", path)
        kind = document.kind or Kind.BOOL
        values = (
            document.values if document.values is not None else dict.fromkeys(document.levels or (), True)
        )
        by_level = []
        for level, written in values.items():
            with self.faults.within(path):
                ladder.rank(level)
            with self.faults.within(f"{path}.values.{level}"):
                by_level.append((level, value_from(kind, written)))
        return Benefit(name, tuple(by_level), kind, document.text)


def _window(chosen: str, document: WindowDocument) -> Window:
    if chosen == "rolling_months":
        return RollingMonths(document.rolling_months or 0, bool(document.aligned))
    if chosen == "rolling_days":
        return RollingDays(document.rolling_days or 0)
    if chosen == "trailing_quarters":
        return TrailingQuarters(document.trailing_quarters or 0, document.complete is not False)
    return YearToDate() if chosen == "year_to_date" else Lifetime()


def name_fault(name: str, *, free: bool = False) -> str | None:
    """Why a name cannot be used; names of facts and metrics are identifiers, `free` ones may hold other signs."""
    plain = unicodedata.normalize("NFKC", name) == name and 0 < len(name) <= LONGEST_NAME
    if free:
        plain = plain and name.isprintable() and name == name.strip() and "/" not in name
        accepted = f"1 to {LONGEST_NAME} printable characters in Unicode NFKC, without '/'"
    else:
        plain = plain and name.isidentifier()
        accepted = f"a word of letters, digits and '_', in Unicode NFKC, of at most {LONGEST_NAME}"
    return None if plain else f"found the name {name[:LONGEST_NAME]!a}; accepted: {accepted}"
