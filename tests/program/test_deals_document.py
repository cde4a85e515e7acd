"""Leads, routing, sales, negotiation, quantity bands and responsibilities in a program file: read, written back, refused."""

import datetime
import tomllib
from fractions import Fraction
from pathlib import Path
from typing import Any

import attrs
import pytest
import tomli_w
from hypothesis import given, settings
from hypothesis import strategies as st

from prmcore.deals.leads import (
    AfterOffers,
    ByTurn,
    LeadPolicy,
    RoutingPolicy,
    Timer,
    TurnBy,
    Unit,
    WorkedFrom,
)
from prmcore.deals.opportunities import NegotiationPolicy, OpportunityState, QuantityBands, SalesProcess
from prmcore.deals.responsibility import ResponsibilityMatrix, responsible_for
from prmcore.decisions import ByOrder, ByScore, ByValue, FactSchema, FactSheet, Kind, Prefer, fact
from prmcore.errors import InvalidInput
from prmcore.program import Program, from_document, lint, parse_program, to_document
from prmcore.program.document.schema import json_schema
from prmcore.testing import strategies
from prmcore.values import Money, Rate

EVERYTHING = (Path(__file__).parent / "everything.toml").read_text(encoding="utf-8")
PAGE = (Path(__file__).parents[2] / "docs/reference/program-file.md").read_text(encoding="utf-8")
PROGRAM = parse_program(EVERYTHING)
OPEN, WON, LOST = (
    {"code": "qualified", "probability": "20 %"},
    {"code": "won", "probability": "100 %", "state": "won"},
    {"code": "lost", "probability": "0 %", "state": "lost"},
)
SALES = {"stages": [OPEN, WON, LOST]}
DUTIES: dict[str, Any] = {
    "parties": [{"code": "vendor"}, {"code": "partner"}],
    "activities": [{"code": "close"}],
    "facts": {"size": {"kind": "money", "currency": "EUR"}},
    "rows": [{"name": "close/all", "activity": "close", "responsible": "partner", "accountable": "vendor"}],
}


def document(**parts: Any) -> dict[str, Any]:
    """The smallest program with leads, and other parts."""
    return {"format": "prmcore/1", "name": "channel", "version": "2026", "leads": {}, **parts}


def faults(**parts: Any) -> list[str]:
    with pytest.raises(InvalidInput) as caught:
        from_document(document(**parts))
    return [str(fault) for fault in caught.value.faults]


def found(**parts: Any) -> list[tuple[str, str]]:
    return [(one.code, one.path) for one in lint(from_document(document(**parts)))]


# every key


def test_the_file_with_every_key_has_every_key() -> None:
    """The records of the schema, each with all its keys.

    A direct engagement counts by days or by months, protection has a term or no end, and a calendar is written or a country's.
    """
    schema = json_schema()
    seen: dict[str, set[str]] = {}
    _walk(tomllib.loads(EVERYTHING), schema, schema["$defs"], seen)
    records = {name: set(one["properties"]) for name, one in schema["$defs"].items() if "properties" in one}
    missing = {(name, key) for name, keys in records.items() for key in keys - seen.get(name, set())}
    one_or_the_other = {("territory.resolutionstep", "days"), ("protection", "endless")}
    assert missing == one_or_the_other | {
        ("businesscalendar", "country"),
        ("businesscalendar", "subdivision"),
    }


def _walk(value: Any, schema: Any, records: Any, seen: dict[str, set[str]]) -> None:
    """Notes the keys of each record in a document."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        schema = records[name]
        if "properties" in schema:
            seen.setdefault(name, set()).update(value)
    for key, part in value.items() if isinstance(value, dict) else ():
        inner = schema.get("properties", {}).get(key) or schema.get("additionalProperties") or {}
        _walk(part, inner, records, seen)
    for part in value if isinstance(value, list) else ():
        _walk(part, schema.get("items", {}), records, seen)


def test_nothing_that_the_file_with_every_key_says_is_dropped_on_the_way() -> None:
    kept = set(_leaves(to_document(PROGRAM)))
    said = _leaves(tomllib.loads(EVERYTHING))
    assert {
        leaf for leaf in said if leaf not in kept and f"{leaf}en." not in kept
    } == set()  # a text alone is English


def _leaves(value: Any) -> list[str]:
    """The paths of all values."""
    parts = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    )
    return [""] if parts is None else [f"{key}.{leaf}" for key, part in parts for leaf in _leaves(part)]


def test_the_reference_describes_every_key_and_every_word() -> None:
    schema = json_schema()["$defs"]
    ours = [name for name in schema if name.startswith("deals.") or name in _OURS]
    assert set(_OURS) <= set(ours)
    keys = {key for name in ours for key in schema[name]["properties"]}
    assert {key for key in keys if f"`{key}`" not in PAGE and f"{key} = " not in PAGE} == set()
    words = [word for kind in (Unit, WorkedFrom, AfterOffers, TurnBy, OpportunityState) for word in kind]
    assert {word.value for word in words if f'"{word.value}"' not in PAGE} == set()


_OURS = ("leads", "routing", "routestep", "scoreline", "sales", "negotiation", "responsibilities", "dutyrow")


# read


def test_leads_mean_what_they_say() -> None:
    assert PROGRAM.leads is not None
    assert PROGRAM.lead_hours is not None
    assert PROGRAM.leads.name == "everything/1/leads"
    assert PROGRAM.leads.accept_within == Timer(16, Unit.BUSINESS_HOURS)
    assert PROGRAM.leads.work_within == Timer(10)
    assert PROGRAM.leads.worked_from is WorkedFrom.ACCEPTANCE
    assert PROGRAM.leads.afterwards is AfterOffers.PERSON
    assert [one.code for one in PROGRAM.leads.reasons] == ["no-budget"]
    assert PROGRAM.lead_hours.week[0].closes == datetime.time(17, 30)


def test_leads_that_say_nothing_have_the_usual_rules_and_no_limit_to_work() -> None:
    """Five days to accept, as in GitLab's channel handbook; what is not written has no limit."""
    usual = attrs.evolve(LeadPolicy(), name="channel/2026/leads", work_within=None)
    assert from_document(document()).leads == usual


def test_routing_means_what_it_says() -> None:
    assert PROGRAM.routing is not None
    assert PROGRAM.routing.eligible == (fact("certified").is_true(), fact("has_room").is_true())
    home, tier, near, score, turn = PROGRAM.routing.steps
    assert isinstance(home, Prefer)
    assert isinstance(tier, ByOrder)
    assert tier.order == ("gold", "silver")
    assert isinstance(near, ByValue)
    assert not near.highest
    assert isinstance(score, ByScore)
    assert [(one.points, one.unknown, one.times) for one in score.lines] == [
        (Fraction(10), Fraction(1, 2), None),
        (Fraction(20), Fraction(0), "win_rate"),
    ]
    assert turn == ByTurn(name="turn", by=TurnBy.LONGEST_WAITING)
    assert PROGRAM.pools == {"emea": {"acme": 2, "bolt": 1}, "apac": {"coil": 1}}


def test_sales_and_prices_mean_what_they_say() -> None:
    assert PROGRAM.sales is not None
    assert [one.probability for one in PROGRAM.sales.stages] == [
        Rate.percent(10),
        Rate(1, 3),
        Rate.of(1),
        Rate.of(0),
    ]
    assert PROGRAM.sales.moves_from("qualified") == ("proposed", "lost")
    assert PROGRAM.negotiation is not None
    assert PROGRAM.negotiation.limit("head") == Rate.percent(60)
    band = PROGRAM.quantity_bands["bikes"].band(100)
    assert band is not None
    assert band.discount == Rate.percent(5)


@pytest.mark.parametrize(("size", "who"), [(100_000, "vendor"), (99_999, "partner")])
def test_responsibilities_mean_what_they_say(size: int, who: str) -> None:
    assert PROGRAM.responsibilities is not None
    deal = FactSheet.of(PROGRAM.responsibilities.facts, {"size": Money.of(size, "EUR")})
    duty = responsible_for(PROGRAM.responsibilities, "close", deal, datetime.date(2026, 3, 2)).outcome
    assert duty is not None
    assert duty.responsible == who


@pytest.mark.parametrize(
    ("key", "part"), [("leads", {}), ("sales", SALES), ("responsibilities", DUTIES)], ids=["leads", "sales", "duties"]
)  # fmt: skip
def test_a_program_may_be_about_nothing_else(key: str, part: dict[str, Any]) -> None:
    whole = {"format": "prmcore/1", "name": "channel", "version": "2026", key: part}
    assert getattr(from_document(whole), key) is not None


# written back


@st.composite
def programs(draw: st.DrawFn) -> Program:
    """A program with drawn rules, named as those of a file are."""

    def drawn(kind: type, part: str) -> Any:
        return attrs.evolve(draw(strategies.of(kind)), name=f"channel/2026/{part}")

    leads: LeadPolicy = drawn(LeadPolicy, "leads")
    routing: RoutingPolicy = drawn(RoutingPolicy, "routing")
    matrix: ResponsibilityMatrix = drawn(ResponsibilityMatrix, "responsibilities")
    in_euro = (
        attrs.evolve(one, currency="EUR" if one.kind is Kind.MONEY else None) for one in matrix.facts.fields
    )
    return attrs.evolve(
        from_document(document()),
        leads=leads,
        routing=attrs.evolve(routing, winners=min(routing.winners, leads.offered_to)),
        pools=draw(st.dictionaries(st.sampled_from(("east", "西")), st.just({"acme": 2, "bolt": 1}))),
        sales=draw(st.none() | st.just(drawn(SalesProcess, "sales"))),
        negotiation=drawn(NegotiationPolicy, "negotiation"),
        quantity_bands={"bikes": draw(strategies.of(QuantityBands))},
        responsibilities=attrs.evolve(matrix, facts=FactSchema("channel deals", tuple(in_euro))),
    )


@settings(max_examples=50)
@given(programs())
def test_any_rules_of_deals_go_through_toml_without_loss(program: Program) -> None:
    written = to_document(program)
    assert from_document(written) == program
    assert parse_program(tomli_w.dumps(written)) == program


# mistakes


TIMES = {"accept_within": {"count": 8, "unit": "business-hours"}}
MISTAKES: list[tuple[dict[str, Any], list[str]]] = [
    ({"leads": {"accept_within": {"count": 0}}}, ["found 0; accepted: a whole number from 1 to 100000 @ leads.accept_within.count"]),
    ({"leads": {"accept_within": {"count": 8, "unit": "hours"}}}, ["unknown unit 'hours'. There are: business-hours, days @ leads.accept_within.unit"]),
    ({"leads": TIMES}, ["is missing; times are counted in business hours @ leads.hours"]),
    ({"leads": {"hours": {"zone": "Asia/Tokio", "years": [2026], "week": [{"weekday": 0, "opens": "09:00", "closes": "17:00"}]}}}, ["found 'Asia/Tokio'; accepted: a zone of the IANA database, such as 'Asia/Tokyo'"]),
    ({"leads": {**TIMES, "hours": {"zone": "UTC", "years": [], "week": []}}}, ["found no opening; accepted: one at least @ leads.hours.week", "found none; accepted: the years for which the holidays are known @ leads.hours.years"]),
    ({"leads": {"offered_to": "two"}, "routing": {"winners": 2}}, ["found 'two' (str); accepted: a whole number @ leads.offered_to"]),
    ({"routing": {"pools": {"east": {"acme": "one"}}}}, ["found 'one' (str); accepted: a whole number @ routing.pools.east.acme"]),
    ({"leads": {"afterwards": "nobody"}}, ["unknown after offers 'nobody'. There are: house, person @ leads.afterwards"]),
    ({"leads": {"accept_in": 5}}, ["unknown key 'accept_in'; did you mean 'accept_within'?"]),
    ({"leads": {"reasons": [{"code": "a"}, {"code": "a"}]}}, ["'a' stands here twice @ leads.reasons"]),
    ({"routing": {"winners": 2}}, ["found 2; accepted: at most 1, to which a lead is offered at once @ routing.winners"]),
    ({"routing": {"eligible": [{"fact": "certifed", "is": True}]}}, ["unknown fact 'certifed'; did you mean 'certified'?"]),
    ({"routing": {"steps": [{"name": "a", "kind": "by_lot"}]}}, ["found 'by_lot'; accepted: prefer, by_order, by_value, by_score, by_turn @ routing.steps[0].kind"]),
    ({"routing": {"steps": [{"name": "a", "kind": "by_turn", "fact": "tier"}]}}, ["goes with the kind by_order or by_value only @ routing.steps[0].fact"]),
    ({"routing": {"steps": [{"name": "a", "kind": "by_order"}]}}, ["is missing @ routing.steps[0].fact", "is missing @ routing.steps[0].order"]),
    ({"routing": {"steps": [{"name": "a", "kind": "by_value", "fact": "tier"}]}}, ["found 'tier'; accepted: a count or number or money or rate or date @ routing.steps[0].fact"]),
    ({"routing": {"steps": [{"name": "a", "kind": "by_score", "lines": [{"points": "ten"}]}]}}, ["@ routing.steps[0].lines[0].points"]),
    ({"routing": {"steps": [{"name": "a", "kind": "by_lot"}, {"name": "b", "kind": "by_order", "fact": "tier"}]}}, ["found 'by_lot'", "is missing @ routing.steps[1].order"]),
    ({"routing": {"steps": [{"name": "a", "kind": "by_value", "fact": 5}]}}, ["found 5 (int); accepted: words @ routing.steps[0].fact"]),
    ({"routing": {"steps": [{"name": "a", "kind": "by_score", "lines": [{"points": 1, "when": [{"fact": "tier", "is": True}]}]}]}}, ["@ routing.steps[0].lines[0].when[0]"]),
    ({"routing": {"steps": [{"name": str(number), "kind": "by_turn"} for number in range(51)]}}, ["found 51; accepted: at most 50 @ routing.steps"]),
    ({"routing": {"pools": {"east": {}}}}, ["found none; accepted: one partner or more @ routing.pools.east"]),
    ({"routing": {"pools": {"east": {"acme": 0}}}}, ["found 0; accepted: a whole number from 1 to 100000 @ routing.pools.east.acme.weight"]),
    ({"routing": {"pools": {"a/b": {"acme": 1}}}}, ["found the name 'a/b'; accepted: 1 to 60 printable characters"]),
    ({"sales": {"stages": [OPEN]}}, ["no stage is won; accepted: one or more @ sales.stages", "no stage is lost; accepted: one or more @ sales.stages"]),
    ({"sales": {"stages": [{**OPEN, "moves_to": ["wom"]}, WON, LOST]}}, ["unknown stage 'wom'; did you mean 'won'? There are: lost, qualified, won @ sales.stages[0].moves_to"]),
    ({"sales": {"stages": [OPEN, {**WON, "probability": "90 %"}, LOST]}}, ["found 90 %; accepted: 100 %, for it is won @ sales.stages[1].probability"]),
    ({"sales": {"stages": [OPEN, {**WON, "probabilty": "100 %"}, LOST]}}, ["unknown key 'probabilty'; did you mean 'probability'?"]),
    ({"sales": {"stages": [{"code": str(number), "probability": "1 %"} for number in range(101)]}}, ["found 101; accepted: at most 100 @ sales.stages"]),
    ({"negotiation": {"limits": [{"role": "rep", "up_to": "110 %"}]}}, ["found 110 %; accepted: 0 % to 100 % @ negotiation.limits[0].up_to"]),
    ({"negotiation": {"limits": [{"role": "rep", "up_to": "10 %"}, {"role": "rep", "up_to": "20 %"}]}}, ["'rep' stands here twice @ negotiation.limits"]),
    ({"quantity_bands": {"bikes": {"bands": [{"lowest": 1, "highest": 99, "discount": "0 %"}, {"lowest": 101, "discount": "5 %"}]}}}, ["no band holds 100, between 1-99 and 101+; accepted: bands that follow each other @ quantity_bands.bikes.bands[1]"]),
    ({"quantity_bands": {"bikes": {"bands": [{"lowest": 10, "highest": 9, "discount": "5"}]}}}, ["found '5'; accepted: a rate with its unit, such as '15 %' or '1/3' @ quantity_bands.bikes.bands[0].discount"]),
    ({"responsibilities": {**DUTIES, "rows": [{**DUTIES["rows"][0], "responsible": "partnr"}]}}, ["unknown party 'partnr'; did you mean 'partner'? There are: partner, vendor @ responsibilities.rows[0].responsible"]),
    ({"responsibilities": {**DUTIES, "activities": [{"code": "close"}, {"code": "demo"}]}}, ["nobody is responsible for 'demo'; accepted: one row or more @ responsibilities.rows"]),
    ({"responsibilities": {**DUTIES, "rows": [{**DUTIES["rows"][0], "when": [{"fact": "sise", "at_least": "1 EUR"}]}]}}, ["unknown fact 'sise'; did you mean 'size'? There are: size @ responsibilities.rows[0].when[0].fact"]),
    ({"responsibilities": {**DUTIES, "parties": [{"code": f"p{number}"} for number in range(501)]}}, ["found 501; accepted: at most 500 @ responsibilities.parties"]),
    ({"responsibilities": {**DUTIES, "facts": {"deal size": {"kind": "count"}}}}, ["found the name 'deal size'; accepted: a word of letters"]),
    ({"responsibilities": {**DUTIES, "facts": {"size": {"kind": "money"}}}}, ["money without a currency; give one here or for the program @ responsibilities.facts.size"]),
]  # fmt: skip


@pytest.mark.parametrize(("parts", "told"), MISTAKES, ids=[told[0][:60] for _, told in MISTAKES])
def test_a_mistake_is_told_once_with_its_path_and_what_is_accepted(
    parts: dict[str, Any], told: list[str]
) -> None:
    said = faults(**parts)
    assert len(said) == len(told), said
    for fault, expected in zip(said, told, strict=True):
        assert expected in fault


LEAVES: st.SearchStrategy[Any] = st.sampled_from(
    (None, True, -1, 0, 10**12, 0.5, "", "x", "1 %", "gold", [], [{}], {}, {"x": 1}, datetime.date.min)
)
OURS = ("leads", "routing", "sales", "negotiation", "quantity_bands", "responsibilities")
SOURCE = tomllib.loads(EVERYTHING)
WHOLE = document(currency="EUR", **{key: SOURCE[key] for key in OURS})


@settings(max_examples=150)
@given(st.randoms(use_true_random=False), LEAVES)
def test_whatever_stands_in_the_place_of_a_value_ends_in_a_program_or_in_its_faults(
    chance: Any, leaf: Any
) -> None:
    try:
        program = from_document(_replaced(WHOLE, chance, leaf))
    except InvalidInput:
        return
    assert from_document(to_document(program)) == program
    assert [one for one in lint(program) if not one.in_words("ja")] == []


def _replaced(value: Any, chance: Any, leaf: Any) -> Any:
    """The document with one of its values, at any depth, replaced."""
    keys = (
        list(value) if isinstance(value, dict) else list(range(len(value))) if isinstance(value, list) else []
    )
    if not keys or (value is not WHOLE and chance.random() < 0.2):
        return leaf
    chosen = chance.choice(keys)
    changed = value.copy()
    changed[chosen] = _replaced(value[chosen], chance, leaf)
    return changed


def test_mistakes_in_several_parts_are_told_together() -> None:
    said = faults(
        leads={"most_offers": 0},
        routing={
            "steps": [
                {"name": "a", "kind": "by_turn", "fact": "tier"},
                {"name": "b", "kind": "by_order", "fact": "teir", "order": ["gold"]},
            ]
        },
        sales={"stages": [OPEN, WON]},
        negotiation={"limits": [{"role": "", "up_to": "1 %"}]},
        responsibilities={**DUTIES, "rows": [*DUTIES["rows"], *DUTIES["rows"]]},
    )
    assert [fault.partition(" @ ")[2] for fault in said] == [
        "leads.most_offers",
        "routing.steps[0].fact",
        "routing.steps[1].fact",
        "sales.stages",
        "negotiation.limits[0].role",
        "responsibilities.rows",
        "responsibilities.rows[1]",
    ]


# lint


def test_lint_tells_what_looks_wrong_with_each_part() -> None:
    duties = {**DUTIES, "rows": [{**DUTIES["rows"][0], "when": [{"fact": "size", "at_least": "5 EUR"}]}]}
    assert found(
        leads={"accept_within": {"count": 5}, "work_within": {"count": 3}},
        routing={"steps": [{"name": "turn", "kind": "by_turn"}]},
        sales={"stages": [{**OPEN, "moves_to": ["lost"]}, WON, LOST]},
        registrations={},
        quantity_bands={"bikes": {"bands": [{"lowest": 1, "highest": 9, "discount": "0 %"}]}},
        responsibilities=duties,
    ) == [
        ("gap", "quantity_bands.bikes.bands[0]"),
        ("nobody-approves", "registrations.approvers"),
        ("no-time-to-work", "leads.work_within"),
        ("turn-without-pool", "routing.steps[0]"),
        ("never-won", "sales.stages[0]"),
        ("unreachable-stage", "sales.stages[1]"),
        ("gap", "responsibilities.rows"),
    ]


def test_lint_shows_a_deal_for_which_nobody_closes() -> None:
    """From 5 EUR on a row holds: the largest amount below it is 4.99 EUR."""
    duties = {**DUTIES, "rows": [{**DUTIES["rows"][0], "when": [{"fact": "size", "at_least": "5 EUR"}]}]}
    (gap,) = lint(from_document(document(responsibilities=duties)))
    assert gap.witness == {"size": Money.of("4.99", "EUR")}
    assert gap.in_words() == "nobody does close (for example size = 4.99 EUR)"
    assert len({gap.in_words(locale) for locale in ("en", "ja", "zh")}) == 3


def test_rows_that_are_too_many_to_compare_are_said_to_be() -> None:
    row = DUTIES["rows"][0]
    many = [
        {**row, "name": f"r{number}", "when": [{"fact": "size", "at_least": f"{number} EUR"}]}
        for number in range(51)
    ]
    assert found(responsibilities={**DUTIES, "rows": many}) == [("undecided", "responsibilities.rows")]


TIERS: dict[str, Any] = {
    "facts": {"users": {"kind": "count"}},
    "tiers": {"otherwise": "registered", "rungs": [{"level": "gold", "requires": [{"fact": "users", "at_least": 9}]}]},
}  # fmt: skip
SILVER = {"fact": "tier", "one_of": ["gold", "silver"]}


def test_a_tier_that_the_ladder_does_not_have_is_found_wherever_clauses_on_deals_name_it() -> None:
    parts: dict[str, Any] = {
        "registrations": {
            "protection": {"by_tier": [{"tier": "silver", "term": {"days": 120}}]},
            "auto_approval": [SILVER],
        },
        "conflicts": {"steps": [{"kind": "tier", "order": ["gold", "silver"]}]},
        "routing": {
            "eligible": [{"any_of": [SILVER, {"fact": "certified", "is": True}]}],
            "steps": [
                {"name": "a", "kind": "by_order", "fact": "tier", "order": ["silver", "registered"]},
                {"name": "b", "kind": "prefer", "criteria": [SILVER]},
                {"name": "c", "kind": "by_score", "lines": [{"points": 1, "when": [SILVER]}]},
            ],
        },
    }
    assert found(**TIERS, **parts) == [
        ("no-level", "registrations.protection.by_tier[0]"),
        ("no-level", "registrations.auto_approval[0]"),
        ("no-level", "conflicts.steps[0].order"),
        ("no-level", "routing.eligible[0]"),
        ("no-level", "routing.steps[0].order"),
        ("no-level", "routing.steps[1].criteria[0]"),
        ("no-level", "routing.steps[2].lines[0].when[0]"),
    ]
    assert found(**parts) == []  # without a ladder tiers come from elsewhere


@pytest.mark.parametrize(
    ("effective", "expected"),
    [
        ({}, []),
        ({"start": "2026-07-01"}, []),
        ({"start": "2026-07-01", "end": "2027-01-01"}, []),
        ({"start": "2026-07-01", "end": "2027-07-01"}, [("no-holidays", "leads.hours.years")]),
        ({"start": "2025-07-01"}, [("no-holidays", "leads.hours.years")]),
    ],
)
def test_the_holidays_are_known_while_the_program_is_in_force(
    effective: dict[str, str], expected: list[tuple[str, str]]
) -> None:
    hours = {
        "zone": "Asia/Tokyo",
        "years": [2026],
        "week": [{"weekday": 0, "opens": "09:00", "closes": "17:00"}],
    }
    assert found(effective=effective, leads={"hours": hours}) == expected


def test_the_days_of_conflicts_begin_where_those_of_the_registrations_do() -> None:
    """Nine hours lie between the first of April in Tokyo and that in UTC, which is meant where nothing is said."""
    tokyo, steps = {"zone": "Asia/Tokyo"}, {"steps": [{"kind": "earliest"}]}
    clauses = {"approvers": {"approvers": [{"role": "manager"}]}}
    apart = [("two-zones", "conflicts.zone")]
    assert found(registrations={**clauses, **tokyo}, conflicts=steps) == apart
    assert found(registrations=clauses, conflicts={**steps, **tokyo}) == apart
    assert found(registrations={**clauses, **tokyo}, conflicts={**steps, **tokyo}) == []
    assert found(registrations={**clauses, **tokyo}) == []
