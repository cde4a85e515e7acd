"""Hypothesis strategies for the public records, small and awkward on purpose: equal amounts, last days, unknown facts.

    @given(strategies.money("EUR"), strategies.money("EUR"))
    def test_my_rule(...): ...

`of(Record)` is the strategy of any public record. Records that belong together are drawn together: `fact_sheets(schema)`
fit a schema, `criteria(schema)` ask for its facts.
"""

from __future__ import annotations

import datetime
import string
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any, TypeVar

import attrs
from hypothesis import strategies as st

from prmcore.contracts.lifecycle import Due
from prmcore.deals.registrations import Registration
from prmcore.decisions import (
    AllOf,
    AnyOf,
    AtLeastOf,
    Comparison,
    Criterion,
    Decision,
    Fact,
    FactField,
    FactSchema,
    FactSheet,
    Kind,
    Ladder,
    Not,
    PolicyVersions,
    Rule,
    RuleReason,
    Rung,
    Truth,
    Word,
)  # fmt: skip
from prmcore.decisions.explain import Said
from prmcore.decisions.versions import recorded
from prmcore.errors import InvalidInput, unknown_name
from prmcore.incentives.plans.splits import At, Parts, Split, SplitKind
from prmcore.partners import (
    LIFECYCLE,
    Contact,
    ContactRole,
    Enrolment,
    Partner,
    PartnerFacts,
    PartnerKind,
    Reference,
    Right,
    Rights,
    Status,
    StepTaken,
)  # fmt: skip
from prmcore.performance import (
    Average,
    Count,
    Difference,
    DistinctCount,
    Growth,
    Latest,
    Metric,
    MetricRegistry,
    Peak,
    Ratio,
    Rows,
    Source,
    Sum,
    ValidOn,
)  # fmt: skip
from prmcore.program import (
    Area,
    AtReview,
    Changed,
    DeadlineChange,
    DealChange,
    DueToday,
    Event,
    Judged,
    Move,
    NextLevel,
    PartnerRow,
    Past,
    Program,
    ProgramVersions,
    RecordedDecision,
    Reject,
    Reviewed,
    Simulation,
    at_next_review,
    next_level,
)  # fmt: skip
from prmcore.program.judge import Tally, as_record
from prmcore.program.lead import LeadDesk, RecordedRouting
from prmcore.repository import Stored
from prmcore.testing import (
    _agreements,
    _benefits,
    _claims,
    _funds,
    _identity,
    _incentives,
    _leads,
    _lifecycle,
    _notice,
    _obligations,
    _payouts,
    _periods,
    _registrations,
    _shapes,
    _terms,
    _territory,
)
from prmcore.testing._agreements import agreements, amendments, clauses
from prmcore.testing._benefits import deal_lines, points_moves, stackings
from prmcore.testing._incentives import components, curves, histories, plans, postings, with_incentives
from prmcore.tiers import (
    Guarantee,
    InitialLevel,
    Movement,
    Override,
    PointsLine,
    Scorecard,
    Standing,
    TierFacts,
    TierOutcome,
    TierPolicy,
    Track,
    When,
)  # fmt: skip
from prmcore.tiers.benefits import Benefit, BenefitFacts, Benefits
from prmcore.tiers.model import Action
from prmcore.values import (
    Allocation,
    AppliedRate,
    BusinessCalendar,
    Converted,
    Dated,
    DateRange,
    ExchangeRates,
    FiscalCalendar,
    FiscalPeriod,
    Holiday,
    Length,
    Lifetime,
    Missing,
    Money,
    PercentagePoints,
    QuotedRate,
    Rate,
    Roll,
    RollingDays,
    RollingMonths,
    Schedule,
    Text,
    TrailingQuarters,
    Tree,
    Unit,
    Window,
    YearToDate,
)  # fmt: skip
from prmcore.values.money import METHODS

__all__ = [
    "agreements", "amendments", "calendars", "clauses", "components", "criteria", "curves", "date_ranges", "dates", "deal_lines", "exchange_rates", "fact_schemas", "fact_sheets", "facts_of_kind", "fractions", "histories", "ladders", "lengths", "money",
    "of", "partners", "plans", "points_moves", "postings", "programs", "rates", "rolls", "schedules", "scorecards", "splits", "stackings", "standings", "texts", "tier_decisions", "tier_policies", "windows", "words",
]  # fmt: skip

T = TypeVar("T")
Strategy = st.SearchStrategy

FIRST, LAST = datetime.date(2023, 1, 1), datetime.date(2028, 12, 31)
CODES = ("JP", "CN", "DE", "US")
LEVELS = ("platinum", "gold", "silver", "bronze")
KINDS = (Kind.BOOL, Kind.COUNT, Kind.NUMBER, Kind.MONEY, Kind.RATE, Kind.DATE, Kind.CODE, Kind.CODES)
DAYS_OFTEN_WRONG = (
    datetime.date(2024, 2, 29),
    datetime.date(2026, 3, 31),
    datetime.date(2026, 4, 1),
    datetime.date(2027, 1, 1),
)


def words() -> Strategy[str]:
    """Names as identifiers: of facts, metrics, levels."""
    return st.text(string.ascii_lowercase, min_size=1, max_size=6)


def texts() -> Strategy[Text]:
    """A name in English, and at times in Japanese and Chinese."""
    others = st.fixed_dictionaries({}, optional={"ja": st.sampled_from("売上")}) | st.just(
        {"ja": "金額", "zh": "金额"}
    )
    return st.builds(lambda english, more: Text.of(english, **more), words(), others)


def dates(first: datetime.date = FIRST, last: datetime.date = LAST) -> Strategy[datetime.date]:
    """Days, those on which calendars go wrong more often than others."""
    known = [day for day in DAYS_OFTEN_WRONG if first <= day <= last]
    return st.one_of(st.sampled_from(known), st.dates(first, last)) if known else st.dates(first, last)


def date_ranges() -> Strategy[DateRange]:
    """Periods, with and without a start and an end."""
    bounded = st.tuples(dates(), st.integers(1, 800)).map(
        lambda pair: DateRange(pair[0], pair[0] + _days(pair[1]))
    )
    return st.one_of(
        bounded, dates().map(DateRange), dates().map(lambda day: DateRange(None, day)), st.just(DateRange())
    )


def _days(count: int) -> datetime.timedelta:
    return datetime.timedelta(days=count)


def lengths(units: Sequence[Unit] = tuple(Unit), *, most: int = 40) -> Strategy[Length]:
    """Lengths of time, of at least one unit."""
    return st.builds(Length, st.integers(1, most), st.sampled_from(units))


def rolls() -> Strategy[Roll]:
    """Every way to say on which day of its month a date lies."""
    return st.one_of(
        st.just(Roll()),
        st.builds(Roll, day=st.integers(1, 31)),
        st.builds(Roll, before_end=st.integers(0, 27)),
        st.builds(Roll, nth=st.sampled_from((-1, 1, 2, 3, 4, 5)), weekday=st.integers(0, 6)),
    )


def schedules() -> Strategy[Schedule]:
    """Schedules of every step; a day that a month does not have is rounded, never refused."""
    rounded = st.sampled_from((Missing.DOWN, Missing.UP))
    by_months = st.builds(
        Schedule, anchor=dates(), step=lengths((Unit.MONTHS, Unit.YEARS)), roll=rolls(), missing=rounded
    )
    return st.one_of(
        by_months, st.builds(Schedule, anchor=dates(), step=lengths((Unit.DAYS, Unit.WEEKS)), missing=rounded)
    )


def calendars(first: int = FIRST.year - 1, last: int = LAST.year + 1) -> Strategy[BusinessCalendar]:
    """Calendars that know these years: with few holidays or many, and with weekends of every kind."""
    holidays = st.dictionaries(
        st.dates(datetime.date(first, 1, 1), datetime.date(last, 12, 31)), words(), max_size=8
    )
    return st.builds(
        BusinessCalendar,
        name=words(), version=words(), years=st.just(frozenset(range(first, last + 1))), holidays=holidays,
        weekend=st.sampled_from((frozenset({5, 6}), frozenset({4, 5}), frozenset({6}), frozenset())),
    )  # fmt: skip


def money(currency: str = "EUR", lowest: int = -500, highest: int = 10**9) -> Strategy[Money]:
    """Amounts of one currency, by minor units; small ones are common, so that they meet bounds."""
    return st.one_of(st.integers(max(lowest, -3), min(highest, 3)), st.integers(lowest, highest)).map(
        lambda minor: Money(currency, minor)
    )


def fractions() -> Strategy[Fraction]:
    return st.fractions(-3, 3, max_denominator=12)


def rates() -> Strategy[Rate]:
    """Rates around zero and one, thirds and sevenths among them."""
    return fractions().map(Rate.of)


def exchange_rates(*currencies: str) -> Strategy[ExchangeRates]:
    """Tables of a few quotes, with and without inverses and a pivot; of euro, yen, dinar and UF unless told otherwise."""
    code = st.sampled_from(currencies or ("EUR", "JPY", "BHD", "CLF"))
    quoted = st.dictionaries(dates(), fractions().map(lambda rate: abs(rate) + Fraction(1, 9)), max_size=3)
    pairs = st.tuples(code, code).filter(lambda pair: pair[0] != pair[1])
    return st.builds(
        ExchangeRates.of, words(), st.dictionaries(pairs, quoted, max_size=4), last_within_days=st.integers(0, 9),
        inverse=st.booleans(), pivot=st.none() | code,
    )  # fmt: skip


def _applied_rates() -> Strategy[AppliedRate]:
    def of_a_quote(quote: QuotedRate, late: int) -> AppliedRate:
        table = ExchangeRates("drawn/1", (quote,), last_within_days=late, inverse=True)
        return table.on(quote.target, quote.source, quote.day + _days(late))

    return st.builds(of_a_quote, of(QuotedRate), st.integers(0, 9))


def splits() -> Strategy[Split]:
    """Splits of both kinds, at credit and at payout, thirds and sevenths among their shares."""
    weights = st.dictionaries(words(), st.integers(0, 7), min_size=1, max_size=4).filter(
        lambda found: any(found.values())
    )
    parts = weights.map(lambda found: {payee: Rate(one, sum(found.values())) for payee, one in found.items()})
    overlay = weights.map(lambda found: {payee: Rate(one, 10) for payee, one in found.items()})
    common = {"at": st.sampled_from(At), "method": st.sampled_from(METHODS)}
    return st.builds(Split, shares=parts, **common) | st.builds(
        Split, shares=overlay, kind=st.just(SplitKind.OVERLAY), **common
    )


def windows() -> Strategy[Window]:
    """Every window with a first day."""
    count = st.integers(1, 30)
    return st.one_of(
        st.builds(RollingMonths, count, st.booleans()),
        st.builds(RollingDays, count),
        st.builds(TrailingQuarters, st.integers(1, 8), st.booleans()),
        st.just(YearToDate()),
    )


def facts_of_kind(kind: Kind, currency: str = "EUR") -> Strategy[Any]:
    """Known values of a kind of fact."""
    by_kind: dict[Kind, Strategy[Any]] = {
        Kind.BOOL: st.booleans(),
        Kind.COUNT: st.integers(-3, 12),
        Kind.NUMBER: fractions() | st.integers(-3, 3) | st.decimals(-3, 3, places=1),
        Kind.MONEY: money(currency),
        Kind.RATE: rates(),
        Kind.DATE: dates(),
        Kind.CODE: st.sampled_from(CODES),
        Kind.CODES: st.frozensets(st.sampled_from(CODES)),
    }
    return by_kind[kind]


def fact_schemas(kinds: tuple[Kind, ...] = KINDS) -> Strategy[FactSchema]:
    """Facts of different names and of these kinds."""
    field = st.builds(FactField, words(), st.sampled_from(kinds), st.none() | texts())
    fields = st.lists(field, min_size=1, max_size=5, unique_by=lambda one: one.name)
    return fields.map(lambda found: FactSchema("drawn", tuple(found)))


def fact_sheets(schema: FactSchema) -> Strategy[FactSheet]:
    """Facts of a schema, some of them unknown."""
    values = st.tuples(
        *(st.none() | facts_of_kind(field.kind, field.currency or "EUR") for field in schema.fields)
    )
    return values.map(lambda found: FactSheet(schema, found))


def comparisons(schema: FactSchema) -> Strategy[Comparison]:
    """Every word that suits a fact, with a bound of its kind."""
    return st.sampled_from(schema.fields).flatmap(
        lambda field: st.sampled_from([word for word in Word if word.suits(field.kind)]).flatmap(
            lambda word: _bounds(field, word).map(lambda bound: Comparison(field.name, word, bound))
        )
    )


def _bounds(field: FactField, word: Word) -> Strategy[Any]:
    if word in (Word.ONE_OF, Word.INCLUDES_ALL, Word.INCLUDES_ANY, Word.WITHIN):
        return st.frozensets(st.sampled_from(CODES), min_size=1)
    values = facts_of_kind(field.kind, field.currency or "EUR")
    if word is not Word.BETWEEN:
        return values
    exact: Callable[[Any], Any] = Fraction if field.kind is Kind.NUMBER else lambda value: value
    return st.tuples(values, values).map(lambda pair: tuple(sorted(pair, key=exact)))


def criteria(schema: FactSchema, leaves: int = 6) -> Strategy[Criterion]:
    """Criterion trees of a few comparisons: all of, any of, at least k of, not."""

    def groups(parts: Strategy[Criterion]) -> Strategy[Criterion]:
        several = st.lists(parts, min_size=1, max_size=4).map(tuple)
        counted = several.flatmap(
            lambda found: st.builds(AtLeastOf, st.integers(1, len(found)), st.just(found))
        )
        return st.one_of(st.builds(AllOf, several), st.builds(AnyOf, several), counted, st.builds(Not, parts))

    return st.recursive(comparisons(schema), groups, max_leaves=leaves)


def ladders(schema: FactSchema) -> Strategy[Ladder[FactSheet, str]]:
    """Ladders of one to four rungs over facts of this schema."""
    asked = st.lists(criteria(schema, 4), min_size=1, max_size=3).map(tuple)
    return st.lists(asked, min_size=1, max_size=len(LEVELS)).map(
        lambda found: Ladder(
            "drawn/1",
            facts=schema,
            rungs=tuple(Rung(level, required) for level, required in zip(LEVELS, found, strict=False)),
            otherwise="registered",
        )
    )


def _ladders() -> Strategy[Ladder[FactSheet, str]]:
    return fact_schemas().flatmap(ladders)


def decisions() -> Strategy[Decision[str]]:
    """Decisions of drawn ladders about drawn facts."""
    return _ladders().flatmap(lambda ladder: st.builds(ladder.decide, fact_sheets(ladder.facts), dates()))


def trees() -> Strategy[Tree]:
    """Each code below an earlier one, or at the top."""
    above = st.tuples(*(st.sampled_from([None, *"abcdef"[:place]]) for place in range(6)))
    return above.map(lambda found: Tree("drawn", dict(zip("abcdef", found, strict=True))))


def dated(values: Strategy[T]) -> Strategy[Dated[T]]:
    """Values from different days on, without gaps after the first."""
    return st.dictionaries(dates(), values, max_size=4).map(Dated.starting)


def partners() -> Strategy[Partner]:
    """Partners with a few contacts, places and programs."""
    return st.builds(
        Partner,
        id=words(),
        name=words() | st.sampled_from(["株式会社サンプル", "样本有限公司"]),
        kinds=st.frozensets(st.sampled_from(PartnerKind)),
        contacts=st.lists(of(Contact), max_size=2, unique_by=lambda one: one.id).map(tuple),
        countries=st.lists(st.sampled_from(CODES), max_size=2).map(tuple),
        languages=st.lists(st.sampled_from(["ja", "zh_Hans", "en"]), max_size=2).map(tuple),
        time_zone=st.sampled_from([None, "Asia/Tokyo", "America/New_York"]),
        enrolments=st.lists(of(Enrolment), max_size=2, unique_by=lambda one: one.program).map(tuple),
        references=st.lists(of(Reference), max_size=2, unique_by=lambda one: one.key).map(tuple),
        lifecycle=dated(st.sampled_from(Status)),
    )


def standings(levels: tuple[str, ...] = (*LEVELS, "registered")) -> Strategy[Standing]:
    """Where partners stand, with grace, notice, guarantees and overrides under way."""
    level, later = st.sampled_from(levels), st.none() | dates()
    return st.builds(
        Standing,
        level=level,
        since=dates(),
        judged_on=dates(),
        below_since=later,
        grace_until=later,
        notice_until=later,
        guarantee=st.none() | st.builds(Guarantee, level=level, until=dates()),
        override=st.none() | overrides(levels),
    )


def overrides(levels: tuple[str, ...] = (*LEVELS, "registered")) -> Strategy[Override]:
    ending = date_ranges().filter(lambda period: period.end is not None)
    return st.builds(Override, level=st.sampled_from(levels), reason=words(), author=words(), period=ending)


def movements() -> Strategy[Movement]:
    """How programs let partners move, every combination."""
    return st.builds(
        Movement,
        upgrade=st.sampled_from(When),
        downgrade=st.sampled_from(When),
        review=st.sampled_from(("month", "quarter", "half", "year")),
        grace_months=st.none() | st.integers(1, 12),
        notice_days=st.none() | st.integers(1, 90),
        approval=st.frozensets(st.sampled_from(("upgrade", "downgrade"))),
        one_step_down=st.booleans(),
    )


def tier_policies(schema: FactSchema | None = None) -> Strategy[TierPolicy]:
    """A ladder with a movement and a fiscal calendar."""
    chosen = _ladders() if schema is None else ladders(schema)
    return st.builds(TierPolicy, chosen, movements(), of(FiscalCalendar))


def scorecards() -> Strategy[Scorecard]:
    """One or two tracks over facts that can be scored."""
    return fact_schemas((Kind.COUNT, Kind.MONEY, Kind.RATE)).flatmap(
        lambda schema: st.lists(_tracks(schema), min_size=1, max_size=2, unique_by=lambda one: one.name).map(
            lambda tracks: Scorecard(schema, tuple(tracks))
        )
    )


def _tracks(schema: FactSchema) -> Strategy[Track]:
    return st.builds(Track, words(), st.lists(_lines(schema), min_size=1, max_size=3).map(tuple))


def _lines(schema: FactSchema) -> Strategy[PointsLine]:
    full = {
        Kind.COUNT: st.integers(1, 9),
        Kind.MONEY: money(lowest=1),
        Kind.RATE: st.fractions(Fraction(1, 9), 2, max_denominator=9).map(Rate.of),
    }
    return st.sampled_from(schema.fields).flatmap(
        lambda field: st.builds(
            PointsLine, fact=st.just(field.name), maximum=st.integers(1, 40), full_at=full[field.kind]
        )
    )


def programs() -> Strategy[Program]:
    """Whole programs over given facts, with benefits; some have incentives."""
    plain = _plain_programs()
    return plain | plain.flatmap(with_incentives)


def _plain_programs() -> Strategy[Program]:
    return fact_schemas().flatmap(
        lambda schema: st.builds(
            _program,
            st.just(schema),
            words(),
            words(),
            tier_policies(schema),
            date_ranges(),
            st.none() | texts(),
        )
    )


def _program(
    schema: FactSchema, name: str, version: str, tiers: TierPolicy, effective: DateRange, text: Text | None
) -> Program:
    """What a document with these rules would build: names, currencies and facts agree."""
    given = tuple(
        attrs.evolve(one, currency="EUR" if one.kind is Kind.MONEY else None) for one in schema.fields
    )
    full = f"{name}/{version}"
    ladder = attrs.evolve(tiers.ladder, name=full, facts=FactSchema(f"{name} facts", given))
    best = ladder.levels[0]
    return Program(
        name=name,
        version=version,
        tiers=attrs.evolve(tiers, ladder=ladder),
        effective=effective,
        given=given,
        benefits=Benefits(full, (Benefit("early_access", ((best, True),)),)),
        currency="EUR",
        text=text,
    )


def tier_decisions(policy: TierPolicy) -> Strategy[Decision[TierOutcome]]:
    """Decisions of a policy about drawn facts, partners new to the program among them."""
    where = st.none() | standings(policy.ladder.levels)
    return st.builds(policy.decide, st.builds(TierFacts, fact_sheets(policy.facts), where), dates())


def _judged() -> Strategy[Judged]:
    return tier_policies().flatmap(
        lambda policy: tier_decisions(policy).map(lambda one: Judged("p-1", one, policy.standing_after(one)))
    )


def _with_programs(ask: Callable[[Program, Decision[TierOutcome]], T]) -> Strategy[T]:
    """What a use case answers about a decision of a drawn program."""
    return programs().flatmap(
        lambda program: tier_decisions(program.tiers).map(lambda one: ask(program, one))
    )


def of(record: type[T]) -> Strategy[T]:
    """The strategy of any public record; a record that has none is refused, listing those that have."""
    if record not in _STRATEGIES:
        known = [one.__name__ for one in _STRATEGIES]
        raise InvalidInput(unknown_name("record", getattr(record, "__name__", repr(record)), known))
    found: Strategy[T] = _STRATEGIES[record]()
    return found


def _registries() -> Strategy[MetricRegistry]:
    fields = FactSchema(
        "rows of sales", (FactField("amount", Kind.MONEY, currency="EUR"), FactField("until", Kind.DATE))
    )
    sum_ = Metric("revenue", Sum("amount"), "sales", RollingMonths(12))
    shapes = [Count(), DistinctCount("amount"), Average("amount"), Latest("amount")]
    counted = st.builds(
        Metric,
        st.just("counted"),
        st.sampled_from(shapes),
        st.just("sales"),
        windows() | st.just(ValidOn("until")),
    )
    derived = [
        Difference("revenue", "revenue"),
        Growth("revenue"),
        Ratio("revenue", "revenue"),
        Peak("revenue", RollingDays(3)),
    ]
    further = st.builds(Metric, st.just("derived"), st.sampled_from(derived))
    source = Source("sales", fields)
    return st.builds(lambda one, other: MetricRegistry((source,), (sum_, one, other)), counted, further)


def _metrics(measure: type[Any]) -> Callable[[], Strategy[Any]]:
    """The measures of that type among drawn metrics."""
    places = {
        Sum: 0,
        Count: 1,
        DistinctCount: 1,
        Average: 1,
        Latest: 1,
        Difference: 2,
        Growth: 2,
        Ratio: 2,
        Peak: 2,
    }
    return lambda: (
        _registries()
        .map(lambda found: found.metrics[places[measure]].measure)
        .filter(lambda one: type(one) is measure)
    )


def _any_answer(facts: Any, as_of: datetime.date) -> RuleReason:
    return RuleReason(Truth.UNKNOWN)


_STRATEGIES: Mapping[type, Callable[[], Strategy[Any]]] = {
    # values
    Allocation: lambda: st.builds(
        lambda amount, weights, method: amount.allocation(weights, method=method),
        money(), st.dictionaries(words(), st.integers(1, 9), min_size=1, max_size=4), st.sampled_from(METHODS),
    ),
    AppliedRate: _applied_rates,
    Converted: lambda: _applied_rates().flatmap(
        lambda rate: money(rate.source).map(lambda amount: rate.convert(amount, rounding="ROUND_HALF_EVEN"))
    ),
    ExchangeRates: exchange_rates,
    QuotedRate: lambda: exchange_rates().filter(lambda table: table.quotes).map(lambda table: table.quotes[0]),
    DateRange: date_ranges,
    Dated: lambda: dated(st.sampled_from(CODES)),
    BusinessCalendar: calendars,
    Holiday: lambda: st.builds(Holiday, dates(), words()),
    Length: lengths,
    Roll: rolls,
    Schedule: schedules,
    FiscalCalendar: lambda: st.builds(FiscalCalendar, st.integers(1, 12), st.sampled_from(("start", "end"))),
    FiscalPeriod: lambda: st.builds(
        lambda calendar, kind, day: calendar.period(kind, day),
        of(FiscalCalendar), st.sampled_from(("month", "quarter", "half", "year")), dates(),
    ),
    Lifetime: lambda: st.just(Lifetime()),
    Money: money,
    PercentagePoints: lambda: fractions().map(PercentagePoints),
    Rate: rates,
    RollingDays: lambda: st.builds(RollingDays, st.integers(1, 400)),
    RollingMonths: lambda: st.builds(RollingMonths, st.integers(1, 40), st.booleans()),
    Text: texts,
    TrailingQuarters: lambda: st.builds(TrailingQuarters, st.integers(1, 8), st.booleans()),
    Tree: trees,
    YearToDate: lambda: st.just(YearToDate()),
    # decisions
    AllOf: lambda: st.builds(AllOf, _parts()),
    AnyOf: lambda: st.builds(AnyOf, _parts()),
    AtLeastOf: lambda: _parts().flatmap(lambda parts: st.builds(AtLeastOf, st.integers(1, len(parts)), st.just(parts))),
    Comparison: lambda: fact_schemas().flatmap(comparisons),
    Decision: decisions,
    Fact: lambda: words().map(Fact),
    FactField: lambda: fact_schemas().map(lambda schema: schema.fields[0]),
    FactSchema: fact_schemas,
    FactSheet: lambda: fact_schemas().flatmap(fact_sheets),
    Ladder: _ladders,
    Not: lambda: fact_schemas().flatmap(criteria).map(Not),
    PolicyVersions: lambda: st.builds(PolicyVersions, dated(_ladders())),
    Rule: lambda: st.builds(Rule, words(), st.just(_any_answer), st.none() | texts()),
    RuleReason: lambda: st.builds(RuleReason, st.sampled_from(Truth), st.none() | st.integers(), st.none() | texts()),
    Rung: lambda: _ladders().map(lambda ladder: ladder.rungs[0]),
    # partners
    Contact: lambda: st.builds(
        Contact, id=words(), name=words(), roles=st.frozensets(st.sampled_from(ContactRole)),
        email=st.none() | words().map(lambda name: f"{name}@example.com"), language=st.sampled_from([None, "ja"]),
    ),
    Enrolment: lambda: st.builds(Enrolment, program=words(), period=date_ranges()),
    Partner: partners,
    PartnerFacts: lambda: st.builds(PartnerFacts, st.none() | st.sampled_from(Status), st.none() | st.booleans()),
    Reference: lambda: st.builds(Reference, system=words(), id=words()),
    Rights: lambda: st.builds(
        Rights, words(), st.fixed_dictionaries({status: st.frozensets(st.sampled_from(Right)) for status in Status})
    ),
    StepTaken: lambda: st.sampled_from(sorted(LIFECYCLE.items())).flatmap(
        lambda one: st.builds(
            StepTaken, partner=words(), before=st.just(one[0][0]), step=st.just(one[0][1]), after=st.just(one[1]),
            on=dates(), author=words(), reason=words(),
        )
    ),
    # performance
    **{measure: _metrics(measure) for measure in (Sum, Count, DistinctCount, Average, Latest, Difference, Growth, Ratio, Peak)},
    Metric: lambda: _registries().flatmap(lambda found: st.sampled_from(found.metrics)),
    MetricRegistry: _registries,
    Rows: lambda: st.lists(dates(), max_size=5).map(lambda days: Rows(tuple(sorted(days)), tuple((day,) for day in days))),
    Source: lambda: fact_schemas().map(lambda schema: Source("sales", schema)),
    ValidOn: lambda: words().map(ValidOn),
    # tiers
    Benefit: lambda: st.builds(
        Benefit, words(), st.dictionaries(st.sampled_from(LEVELS), st.just(True)).map(lambda found: tuple(found.items()))
    ),
    BenefitFacts: lambda: st.builds(BenefitFacts, st.none() | st.sampled_from(LEVELS), st.none() | st.booleans()),
    Benefits: lambda: st.builds(
        Benefits, words(), st.lists(of(Benefit), max_size=3, unique_by=lambda one: one.name).map(tuple)
    ),
    Guarantee: lambda: st.builds(Guarantee, level=st.sampled_from(LEVELS), until=dates()),
    InitialLevel: lambda: st.builds(InitialLevel, st.sampled_from(LEVELS), st.integers(1, 24)),
    Movement: movements,
    Override: overrides,
    PointsLine: lambda: scorecards().map(lambda found: found.tracks[0].lines[0]),
    Scorecard: scorecards,
    Standing: standings,
    TierFacts: lambda: st.builds(TierFacts, of(FactSheet), st.none() | standings(), st.none() | dates()),
    TierOutcome: lambda: st.builds(
        TierOutcome, st.sampled_from(LEVELS), st.sampled_from(LEVELS), st.sampled_from(Action)
    ),
    TierPolicy: tier_policies,
    Track: lambda: scorecards().map(lambda found: found.tracks[0]),
    # incentives
    Parts: lambda: splits().flatmap(
        lambda split: st.integers(-99, 99).map(split.credited if split.at is At.CREDIT else split.paid_out)
    ),
    Split: splits,
    **_agreements.STRATEGIES,
    **_claims.STRATEGIES,
    **_funds.STRATEGIES,
    **_identity.STRATEGIES,
    **_incentives.STRATEGIES,
    **_leads.STRATEGIES,
    **_notice.STRATEGIES,
    **_obligations.STRATEGIES,
    **_payouts.STRATEGIES,
    **_registrations.STRATEGIES,
    **_shapes.STRATEGIES,
    **_terms.STRATEGIES,
    **_lifecycle.STRATEGIES,
    **_periods.STRATEGIES,
    **_territory.STRATEGIES,
    **_benefits.STRATEGIES,
    # program, repository
    AtReview: lambda: _with_programs(at_next_review),
    Judged: _judged,
    Move: lambda: st.builds(
        lambda before, after: Move("p-1", after.decision.as_of, before, after.decision), st.sampled_from(LEVELS), _judged()
    ),
    Changed: lambda: _changed(),
    DueToday: lambda: st.builds(
        DueToday, id=words(), area=st.sampled_from(Area), kind=words(), subject=words(), since=dates(),
        until=st.none() | dates(), partner=st.none() | words(), said=st.builds(Said, words()),
    ),
    Event: lambda: st.builds(
        Event, id=words(), program=words(), action=words(), by=words(),
        at=st.datetimes(timezones=st.just(datetime.UTC)), changed=st.lists(_changed(), max_size=3).map(tuple),
        added=st.dictionaries(words(), st.integers(1, 9), max_size=2), decision=st.none() | decisions().map(recorded),
    ),
    DeadlineChange: lambda: st.builds(DeadlineChange, due=of(Due), is_new=st.booleans()),
    DealChange: lambda: st.builds(DealChange, before=of(Registration), after=of(Registration)),
    Past: lambda: st.builds(
        Past, since=dates(), through=st.datetimes(timezones=st.just(datetime.UTC)), known_of=st.just(_nothing_known),
        days=st.lists(dates(), max_size=2).map(tuple),
    ),
    Simulation: lambda: st.builds(
        Simulation, moves=st.lists(of(Move), max_size=1).map(tuple), costs=st.just(()), accounts=st.just(()),
        deals=st.lists(of(DealChange), max_size=1).map(tuple), deadlines=st.lists(of(DeadlineChange), max_size=1).map(tuple),
    ),
    Reviewed: lambda: _judged().map(lambda one: Reviewed((one,), Tally(recorded=1))),
    LeadDesk: lambda: st.builds(LeadDesk, program=words(), taken=st.integers(0, 9), routed=st.integers(0, 9)),
    RecordedRouting: lambda: st.builds(
        RecordedRouting, program=words(), lead=words(), step=st.integers(1, 9), record=decisions().map(recorded)
    ),
    NextLevel: lambda: _with_programs(next_level).filter(lambda found: found is not None),
    PartnerRow: lambda: st.builds(
        PartnerRow, told=st.fixed_dictionaries({"id": words(), "name": words()}), enrolment=of(Enrolment),
        given=st.just({"users": 3}),
    ),
    RecordedDecision: lambda: _judged().map(lambda one: as_record("drawn", one)),
    Reject: lambda: st.builds(Reject, words(), st.integers(2, 99), words(), words()),
    Program: programs,
    ProgramVersions: lambda: programs().map(ProgramVersions.of),
    Stored: lambda: st.builds(Stored, partners(), st.integers(1, 9)),
}  # fmt: skip


def _nothing_known(one: Registration) -> dict[str, Any]:
    return {}


def _changed() -> Strategy[Changed]:
    return st.builds(Changed, kind=words(), id=words(), version=st.integers(1, 9))


def _parts() -> Strategy[tuple[Criterion, ...]]:
    return st.lists(fact_schemas().flatmap(lambda schema: criteria(schema, 3)), min_size=1, max_size=3).map(
        tuple
    )
