"""From a document to a program and back: names are resolved, criteria read, everything checked, all faults at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any

import attrs

from prmcore.decisions import Criterion, FactField, FactSchema, Kind, Ladder, Rule, RuleReason, Rung, Truth
from prmcore.decisions.wire import criterion_from, value_from
from prmcore.errors import Fault, Faults, InvalidInput, unknown_name
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
from prmcore.performance.model import metrics_in
from prmcore.program.document.agreements import AGREEMENTS_FORMAT, paper_from
from prmcore.program.document.conflicts import conflicts_from
from prmcore.program.document.contracts import contracts_from
from prmcore.program.document.coverage import NodeDocument, coverage_from, trees_from
from prmcore.program.document.leads import leads_from, routing_from
from prmcore.program.document.names import name_fault
from prmcore.program.document.partial import Partial, partial
from prmcore.program.document.plans import incentives_from
from prmcore.program.document.registrations import products_from, registrations_from
from prmcore.program.document.responsibilities import responsibilities_from
from prmcore.program.document.sales import negotiation_from, sales_from
from prmcore.program.document.shapes import (
    DECIDING,
    BenefitDocument,
    FieldDocument,
    LineDocument,
    MeasureDocument,
    MetricDocument,
    MovementDocument,
    ProgramDocument,
    RungDocument,
    TiersDocument,
    WindowDocument,
)  # fmt: skip
from prmcore.program.model import Program
from prmcore.tiers import Movement, PointsLine, Scorecard, TierPolicy, Track
from prmcore.tiers.benefits import Benefit, Benefits
from prmcore.tiers.scorecard import DERIVED
from prmcore.values import (
    DateRange,
    FiscalCalendar,
    Lifetime,
    RollingDays,
    RollingMonths,
    Text,
    TrailingQuarters,
    Window,
    YearToDate,
    currency_digits,
    is_points,
)  # fmt: skip

__all__ = ["built"]

ONE_LEVEL = TiersDocument(otherwise="partner", rungs=())  # of a program without tiers


def built(written: Mapping[str, Any]) -> Program:
    """The program that plain values describe."""
    return Builder(partial(written, "the program cannot be read")).program()


def _unread(facts: Any, as_of: Any) -> RuleReason:
    return RuleReason(Truth.UNKNOWN)


UNREAD = Rule(
    "unread", _unread
)  # in the place of a criterion that has a fault, of its own or of what it refers to


class Builder:
    """Goes on with what could be read: what cannot be used takes what refers to it along, without further faults."""

    document: ProgramDocument

    def __init__(self, part: Partial) -> None:
        self.part = part
        self.lost = set(part.lost)
        self.faults = Faults("the program cannot be read")

    def program(self) -> Program:
        made = None
        with suppress(InvalidInput):  # so many faults that gathering them was given up
            made = self.made()
        found = (*self.part.faults, *map(self.part.original, self.faults.found))
        if found or made is None:
            raise InvalidInput(self.faults.title, found)
        return made

    def made(self) -> Program | None:
        if self.part.document is None:
            return None
        self.document = document = self.part.document
        if not self.part.faults:
            self.faults.title = f"the program {document.name[:60]!r} cannot be used"
        self.check_names()
        calendar = self.calendar()
        given = tuple(self.field(name, one, "facts") for name, one in document.facts.items())
        registry = self.registry()
        counted = [registry.field_of(one) for one in registry.metrics if one.name not in document.facts]
        facts = FactSchema(f"{document.name} facts", (*given, *counted))
        tiers = self.tiers(facts, calendar)
        benefits = self.benefits()
        incentives = (
            None if document.incentives is None else incentives_from(self, document.incentives, given)
        )
        trees = trees_from(self, document.trees)
        coverage = None if document.coverage is None else coverage_from(self, document.coverage, trees)
        products_from(self, document.products, trees)
        conflicts = None if document.conflicts is None else conflicts_from(self, document.conflicts)
        registrations = (
            None if document.registrations is None else registrations_from(self, document.registrations)
        )
        contracts = None if document.contracts is None else contracts_from(self, document.contracts, calendar)
        paper = self.paper()
        deals = self.deals()
        if self.faults.found or self.part.faults or tiers is None:
            return None
        return Program(
            name=document.name,
            version=document.version,
            tiers=tiers,
            effective=DateRange(document.effective.start, document.effective.end),
            given=given,
            registry=registry,
            sources=document.sources,
            benefits=benefits,
            incentives=incentives,
            trees=trees,
            tree_words=_tree_words(document.trees),
            coverage=coverage,
            products=document.products,
            registrations=registrations,
            conflicts=None if conflicts is None else conflicts[0],
            appeals=None if conflicts is None else conflicts[1],
            **deals,
            currency=document.currency,
            text=document.text,
            contracts=contracts,
            **paper,
            cites=document.cites,
        )

    def deals(self) -> dict[str, Any]:
        """What a program says of leads, sales, and who does what, by the names of its fields."""
        document = self.document
        self.check_keys(document.quantity_bands, "quantity_bands", free=True)
        leads, routing, sales = document.leads, document.routing, document.sales
        negotiation, matrix = document.negotiation, document.responsibilities
        return {
            "leads": None if leads is None else leads_from(self, leads),
            "lead_hours": None if leads is None else leads.hours,
            "routing": None if routing is None else routing_from(self, routing),
            "pools": {} if routing is None else routing.pools,
            "sales": None if sales is None else sales_from(self, sales),
            "negotiation": None if negotiation is None else negotiation_from(self, negotiation),
            "quantity_bands": document.quantity_bands,
            "responsibilities": None if matrix is None else responsibilities_from(self, matrix),
        }

    def paper(self) -> dict[str, Any]:
        """The agreements that stand in the file itself, and what parties have to do under them."""
        document = self.document
        if not document.agreements and not document.obligations:
            return {}
        written = {
            "format": AGREEMENTS_FORMAT, "agreements": document.agreements, "obligations": document.obligations
        }  # fmt: skip
        with self.faults.within(""):
            agreements, obligations = paper_from(written, read_at=None)
            ids = {one.id for one in agreements}
            for place, one in enumerate(obligations):
                if one.agreement not in ids:
                    self.faults.add(
                        unknown_name("agreement of this file", one.agreement, ids),
                        f"obligations[{place}].agreement",
                    )
            return {"agreements": agreements, "obligations": obligations}
        return {}

    def calendar(self) -> FiscalCalendar:
        with self.faults.within("calendar"):
            return FiscalCalendar(self.document.calendar.start_month, self.document.calendar.named_by)
        return FiscalCalendar()

    def criterion(self, written: Any, schema: FactSchema, path: str) -> Criterion:
        """The criterion that was written; without a fault of its own when what it asks for has one already."""
        if self.lost and not self.lost.isdisjoint(_facts_in(written)):
            return UNREAD
        with self.faults.within(path):
            return criterion_from(written, schema)
        return UNREAD

    def criteria(self, written: Iterable[Any], schema: FactSchema, path: str) -> tuple[Criterion, ...]:
        """Criteria that must all be met."""
        return tuple(self.criterion(one, schema, f"{path}[{place}]") for place, one in enumerate(written))

    def policy_name(self, part: str) -> str:
        """What the policy that is made of a part is called."""
        return f"{self.document.name}/{self.document.version}/{part}"

    def is_left_out(self, path: str) -> bool:
        """Whether something at or below a path could not be read."""
        original = self.part.original(Fault("", path)).path
        return any(one.path.startswith(original) for one in self.part.faults)

    def check_size(self, given: Collection[Any], most: int, path: str) -> None:
        if len(given) > most:
            self.faults.add(f"found {len(given)}; accepted: at most {most}", path)

    def check_names(self) -> None:
        document, faults = self.document, self.faults
        if all(getattr(document, name) is None for name in DECIDING) and self.lost.isdisjoint(DECIDING):
            faults.add(f"decides nothing; accepted: {', '.join(DECIDING)}, or several of them")
        for path, name in (("name", document.name), ("version", document.version)):
            fault = name_fault(name, free=True)
            if fault:
                faults.add(fault, path)
        if document.currency is not None:
            with faults.within("currency"):
                currency_digits(document.currency)
            if is_points(document.currency):
                faults.add(
                    f"found {document.currency}; accepted: a currency; points are the unit of a component",
                    "currency",
                )
        with faults.within("effective"):
            DateRange(document.effective.start, document.effective.end)
        for part in ("sources", "facts", "metrics", "benefits"):
            self.check_keys(getattr(document, part), part)
        for name, source in document.sources.items():
            self.check_keys(source.fields, f"sources.{name}.fields")
        for name in document.facts:
            if name in document.metrics:
                faults.add(f"{name!r} is a metric too; one name, one meaning", f"facts.{name}")

    def check_keys(self, names: Mapping[str, Any], path: str, *, free: bool = False) -> None:
        for name in names:
            fault = name_fault(name, free=free)
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
        found = [self.metric(name, one, schemas) for name, one in self.document.metrics.items()]
        metrics = tuple(metric for metric in found if metric is not None)
        try:
            return MetricRegistry(tuple(sources), metrics)
        except InvalidInput as error:
            with self.faults.within("metrics"):
                raise
            wrong = {fault.path.partition(".")[0] for fault in error.faults}
        self.lost |= wrong
        right = tuple(metric for metric in metrics if not self.is_lost(metric))
        return MetricRegistry(tuple(sources), right)

    def is_lost(self, metric: Metric) -> bool:
        """Whether a metric, or something that it is made of, cannot be used; those made of it are lost then, too."""
        names = {
            metric.name,
            metric.source,
            getattr(metric.measure, "field", None),
            *metrics_in(metric.measure),
        }
        if isinstance(metric.window, ValidOn):
            names.add(metric.window.until)
        if not self.lost.isdisjoint(names):
            self.lost.add(metric.name)
        return metric.name in self.lost

    def metric(self, name: str, document: MetricDocument, schemas: Mapping[str, FactSchema]) -> Metric | None:
        path = f"metrics.{name}"
        where: Criterion | None = None
        if document.where is not None and document.source in schemas:
            where = self.criterion(document.where, schemas[str(document.source)], f"{path}.where")
        measure = self.measure(document.measure, f"{path}.measure")
        window = None if document.window is None else self.window(document.window, f"{path}.window")
        if measure is None or (window is None and document.window is not None):
            self.lost.add(name)
            return None
        made = Metric(name, measure, document.source, window, where, document.text)
        return None if self.is_lost(made) else made

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

    def plain_window(self, document: WindowDocument, path: str) -> Window | None:
        """A window of days."""
        window = self.window(document, path)
        if isinstance(window, ValidOn):
            self.faults.add("valid_until is not a window of days", path)
            return None
        return window

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
            if getattr(document, one.name) is not None and getattr(document, one.name) is not False
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

    def tiers(self, facts: FactSchema, calendar: FiscalCalendar) -> TierPolicy | None:
        document = self.document.tiers or ONE_LEVEL
        scorecard = self.scorecard(facts)
        schema = facts
        if self.document.scorecard is not None:
            derived = (field for field in DERIVED if field.name not in facts)
            schema = (
                FactSchema(facts.name, (*facts.fields, *derived)) if scorecard is None else scorecard.schema
            )
        rungs = [self.rung(one, schema, f"tiers.rungs[{place}]") for place, one in enumerate(document.rungs)]
        best_day_of = None
        if document.best_day_of is not None:
            best_day_of = self.plain_window(document.best_day_of, "tiers.best_day_of")
        movement = self.movement(document.movement)
        with self.faults.within("tiers"):
            ladder: Ladder[Any, str] = Ladder(
                f"{self.document.name}/{self.document.version}",
                facts=schema,
                rungs=tuple(rungs),
                otherwise=document.otherwise,
                otherwise_text=document.otherwise_text,
            )
            return TierPolicy(ladder, movement, calendar, scorecard, best_day_of)
        return None

    def movement(self, document: MovementDocument) -> Movement:
        values = {one.name: getattr(document, one.name) for one in attrs.fields(MovementDocument)}
        if not self.lost.isdisjoint((document.initial.level,) if document.initial else ()):
            values["initial"] = None
        with self.faults.within("tiers.movement"):
            return Movement(**{**values, "approval": frozenset(document.approval)})
        return Movement()

    def rung(self, document: RungDocument, schema: FactSchema, path: str) -> Rung[str]:
        fault = name_fault(document.level, free=True)
        if fault:
            self.faults.add(fault, f"{path}.level")
        criteria = [
            self.criterion(written, schema, f"{path}.requires[{place}]")
            for place, written in enumerate(document.requires)
        ]
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
            whole = tuple(line for line in lines if line is not None)
            if whole or not lines:  # else its lines have told what is wrong
                tracks.append(Track(track.name, whole, track.text))
        if self.document.scorecard.tracks and not tracks:
            return None
        with self.faults.within("scorecard"):
            return Scorecard(facts, tuple(tracks))
        return None

    def line(self, document: LineDocument, facts: FactSchema, path: str) -> PointsLine | None:
        gate = None if document.gate is None else self.criterion(document.gate, facts, f"{path}.gate")
        if document.fact in self.lost:
            return None
        with self.faults.within(f"{path}.fact"):
            facts.place(document.fact)
        if document.fact not in facts:
            return None
        with self.faults.within(f"{path}.full_at"):
            return PointsLine(
                fact=document.fact,
                maximum=document.maximum,
                full_at=value_from(facts.field(document.fact).kind, document.full_at),
                floor=document.floor,
                gate=gate,
                text=document.text,
            )
        return None

    def benefits(self) -> Benefits:
        tiers = self.document.tiers or ONE_LEVEL
        texts = {one.level: one.text for one in tiers.rungs} | {tiers.otherwise: tiers.otherwise_text}
        found = [self.benefit(name, one, texts) for name, one in self.document.benefits.items()]
        named = {level: text for level, text in texts.items() if text is not None}
        return Benefits(f"{self.document.name}/{self.document.version}", tuple(found), named)

    def benefit(self, name: str, document: BenefitDocument, levels: Collection[str]) -> Benefit:
        path = f"benefits.{name}"
        if (document.levels is None) == (document.values is None):
            self.faults.add("accepted: either levels, or kind and values", path)
        elif (document.kind is None) != (document.values is None):
            self.faults.add("kind and values go together", path)
        if document.values is None:
            for place, level in enumerate(document.levels or ()):
                self.check_level(level, levels, f"{path}.levels[{place}]")
            return Benefit(name, tuple((level, True) for level in document.levels or ()), text=document.text)
        kind = document.kind or Kind.BOOL
        by_level = []
        for level, written in document.values.items():
            self.check_level(level, levels, f"{path}.values.{level}")
            with self.faults.within(f"{path}.values.{level}"):
                by_level.append((level, value_from(kind, written)))
        return Benefit(name, tuple(by_level), kind, document.text)

    def check_level(self, level: str, levels: Collection[str], path: str) -> None:
        if level not in levels and not self.lost & {level, "tiers", "rungs", "otherwise"}:
            self.faults.add(unknown_name("level", level, levels), path)


def _tree_words(trees: Mapping[str, Mapping[str, NodeDocument]]) -> dict[str, dict[str, Text]]:
    """What people call the codes of each tree."""
    return {
        name: {code: node.text for code, node in nodes.items() if node.text is not None}
        for name, nodes in trees.items()
    }


def _facts_in(written: Any, depth: int = 0) -> Iterator[str]:
    """The facts that a criterion names, as far as it can be read."""
    if isinstance(written, Mapping) and depth <= 32:
        if isinstance(written.get("fact"), str):
            yield written["fact"]
        written = [part for key, part in written.items() if key != "fact"]
    if isinstance(written, (list, tuple)) and depth <= 32:
        for part in written:
            yield from _facts_in(part, depth + 1)


def _window(chosen: str, document: WindowDocument) -> Window:
    if chosen == "rolling_months":
        return RollingMonths(document.rolling_months or 0, bool(document.aligned))
    if chosen == "rolling_days":
        return RollingDays(document.rolling_days or 0)
    if chosen == "trailing_quarters":
        return TrailingQuarters(document.trailing_quarters or 0, document.complete is not False)
    return YearToDate() if chosen == "year_to_date" else Lifetime()
