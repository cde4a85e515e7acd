"""A program is a document: read, written back without loss, and refused with every fault at once."""

import json
import tomllib
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import attrs
import jsonschema
import pytest
import tomli_w
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from prmcore.decisions import FactField, FactSchema, Kind, Ladder, fact, rung
from prmcore.errors import InvalidInput
from prmcore.performance import MetricRegistry
from prmcore.program import Program, from_document, load_program, parse_program, to_document
from prmcore.program.document.schema import json_schema
from prmcore.program.document.shapes import FieldDocument, SourceDocument
from prmcore.testing import strategies
from prmcore.tiers import PointsLine, Scorecard, TierPolicy, Track

EXAMPLES = sorted(
    path for path in (Path(__file__).parents[2] / "examples").rglob("*.toml") if path.stem != "agreements"
)
SCHEMA = jsonschema.Draft202012Validator(json_schema())


def document(**parts: Any) -> dict[str, Any]:
    """The smallest program over one count, with some parts changed."""
    tiers = {
        "otherwise": "registered",
        "rungs": [{"level": "gold", "requires": [{"fact": "users", "at_least": 9}]}],
    }
    return {
        "format": "prmcore/1",
        "name": "acme",
        "version": "1",
        "facts": {"users": {"kind": "count"}},
        "tiers": tiers,
        **parts,
    }


# Read and written back


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_is_written_back_without_loss_in_every_form(path: Path) -> None:
    program = load_program(path)
    written = to_document(program)
    assert from_document(written) == program
    assert parse_program(tomli_w.dumps(written)) == program
    assert parse_program(json.dumps(written), is_json=True) == program
    assert to_document(from_document(written)) == written


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_part_of_an_example_comes_back(path: Path) -> None:
    """What the file says and what is written back differ in nothing that was said: no key is dropped on the way."""
    said = tomllib.loads(path.read_text(encoding="utf-8"))
    kept = set(_leaves(to_document(load_program(path))))
    assert {leaf for leaf in _leaves(said) if leaf not in kept and f"{leaf}en." not in kept} == set()


def _leaves(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [f"{key}.{leaf}" for key, part in value.items() for leaf in _leaves(part)]
    if isinstance(value, list):
        return [f"{place}.{leaf}" for place, part in enumerate(value) for leaf in _leaves(part)]
    return [""]


@st.composite
def whole_programs(draw: st.DrawFn) -> Program:
    """Drawn programs; some count metrics from rows, some have a scorecard."""
    program = draw(strategies.programs())
    registry = draw(st.none() | strategies.of(MetricRegistry))
    if registry is None:
        return program
    source = {
        name: SourceDocument(
            fields={
                "amount": FieldDocument(kind=Kind.MONEY, currency="EUR"),
                "until": FieldDocument(kind=Kind.DATE),
            }
        )
        for name in ["sales"]
    }
    counted = tuple(registry.field_of(metric) for metric in registry.metrics)
    given_facts = (FactField("users", Kind.COUNT),)
    facts = FactSchema(f"{program.name} facts", (*given_facts, *counted))
    scorecard = draw(st.sampled_from((None, _scorecard(facts, draw(st.integers(1, 40))))))
    schema = facts if scorecard is None else scorecard.schema
    ladder: Ladder[Any, str] = Ladder(
        program.full_name,
        facts=schema,
        rungs=(
            rung("gold", fact("users" if scorecard is None else "points").at_least(draw(st.integers(0, 99)))),
        ),
        otherwise="none",
    )
    return attrs.evolve(
        program,
        given=given_facts,
        registry=registry,
        sources=source,
        incentives=None,
        currency="EUR",
        tiers=TierPolicy(ladder, calendar=program.calendar, scorecard=scorecard),
        benefits=attrs.evolve(program.benefits, benefits=()),
    )


def _scorecard(facts: FactSchema, maximum: int) -> Scorecard:
    line = PointsLine(
        fact="users",
        maximum=Fraction(maximum, 3),
        full_at=5,
        floor=Fraction(1, 7),
        gate=fact("users").at_least(1),
    )
    return Scorecard(facts, (Track("one", (line,)), Track("two", (line, line))))


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(whole_programs())
def test_any_program_goes_through_toml_and_json_without_loss(program: Program) -> None:
    written = to_document(program)
    SCHEMA.validate(written)
    assert from_document(written) == program
    assert parse_program(tomli_w.dumps(written)) == program
    assert parse_program(json.dumps(written, ensure_ascii=False), is_json=True) == program


# The schema for editors


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(json_schema())


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_schema_accepts_every_example(path: Path) -> None:
    loaded = tomllib.loads(path.read_text(encoding="utf-8"))
    SCHEMA.validate(json.loads(json.dumps(loaded, default=str)))


MISTAKES: dict[str, dict[str, Any]] = {
    "an unknown key": document(verson="1"),
    "a missing part": {key: part for key, part in document().items() if key != "tiers"},
    "an old format": document(format="prmcore/0"),
    "a kind that does not exist": document(facts={"users": {"kind": "counter"}}),
    "a number for words": document(name=5),
    "a boolean for a number": document(calendar={"start_month": True}),
    "a list for a table": document(facts=[]),
    "a misspelt comparison": document(
        tiers={"otherwise": "a", "rungs": [{"level": "b", "requires": [{"fact": "users", "at_leest": 1}]}]}
    ),
    "two comparisons in one": document(
        tiers={
            "otherwise": "a",
            "rungs": [{"level": "b", "requires": [{"fact": "users", "at_least": 1, "at_most": 2}]}],
        }
    ),
    "an empty group": document(
        tiers={"otherwise": "a", "rungs": [{"level": "b", "requires": [{"any_of": []}]}]}
    ),
    "a criterion that is a word": document(
        tiers={"otherwise": "a", "rungs": [{"level": "b", "requires": ["users"]}]}
    ),
    "a rung that asks for nothing": document(
        tiers={"otherwise": "a", "rungs": [{"level": "b", "requires": []}]}
    ),
    "points that are no number": document(
        scorecard={"tracks": [{"name": "one", "lines": [{"fact": "users", "maximum": "ten", "full_at": 1}]}]}
    ),
    "a float for points": document(
        scorecard={"tracks": [{"name": "one", "lines": [{"fact": "users", "maximum": 1.5, "full_at": 1}]}]}
    ),
    "a rounding that does not exist": document(
        facts={"users": {"kind": "money", "currency": "EUR", "rounding": "up"}}
    ),
    "an empty text": document(text={}),
    "a text in a number": document(text={"en": 1}),
    "a movement that does not exist": document(
        tiers={"otherwise": "a", "rungs": [], "movement": {"upgrade": "now"}}
    ),
    "a date that is a number": document(effective={"start": 20260101}),
}


@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=MISTAKES)
def test_the_schema_and_the_loader_refuse_the_same_mistakes(mistake: dict[str, Any]) -> None:
    assert not SCHEMA.is_valid(mistake)
    with pytest.raises(InvalidInput):
        from_document(mistake)


# Faults

HEAD = """format = "prmcore/1"
name = "acme"
version = "1"
currency = "EUR"

[facts]
users = { kind = "count" }
share = { kind = "rate" }
region = { kind = "code" }
sold = { kind = "money" }
until = { kind = "date" }
score = { kind = "number" }
active = { kind = "bool" }

[sources.sales.fields]
amount = { kind = "money" }
day = { kind = "date" }

[metrics.revenue]
source = "sales"
measure = { sum = "amount" }
window = { rolling_months = 12 }

[tiers]
otherwise = "registered"

[[tiers.rungs]]
level = "gold"
requires = [{ fact = "users", at_least = 9 }]
"""
AFTER = HEAD.count("\n")  # the snippet's first line is AFTER + 1


def asks(criterion: str) -> str:
    """A further rung with one criterion, on its third line."""
    return f'[[tiers.rungs]]\nlevel = "silver"\nrequires = [{criterion}]\n'


ASKED = "tiers.rungs[1].requires[0]"
# (what stands below the head, path, line within it, words of the message)
FAULTS = [
    # keys and names
    ("[movement]\nx = 1\n", "movement", 1, ["unknown key 'movement'"]),
    ("[tiers.movment]\nupgrade = 'never'\n", "tiers.movment", 1, ["'movment'", "did you mean 'movement'"]),
    ("[tiers.movement]\n\nupgrad = 'never'\n", "tiers.movement.upgrad", 3, ["did you mean 'upgrade'"]),
    ("[facts.x]\nkind = 'cuont'\n", "facts.x.kind", 2, ["did you mean 'count'"]),
    ("[facts.x]\ntext = 'x'\n", "facts.x.kind", 1, ["is missing"]),
    ("[facts.revenue]\nkind = 'money'\n", "facts.revenue", 1, ["is a metric too"]),
    ("[facts.'a b']\nkind = 'count'\n", "facts.a b", 1, ["a word of letters"]),
    ("[facts.'ﬁt']\nkind = 'count'\n", "facts.ﬁt", 1, ["NFKC"]),
    ("[facts.'a\u200bb']\nkind = 'count'\n", "facts.a\u200bb", 1, ["a word of letters", "\\u200b"]),
    (f"[facts.{'a' * 61}]\nkind = 'count'\n", f"facts.{'a' * 60}", None, ["at most 60"]),
    ("[[tiers.rungs]]\nlevel = 'gold'\nrequires = [{ fact = 'users', at_least = 1 }]\n", "tiers.rungs[1].level", 2, ["twice"]),
    ("[[tiers.rungs]]\nlevel = 'registered'\nrequires = [{ fact = 'users', at_least = 1 }]\n", "tiers.rungs[1].level", 2, ["twice"]),
    ("[[tiers.rungs]]\nlevel = 'a\u202eb'\nrequires = [{ fact = 'users', at_least = 1 }]\n", "tiers.rungs[1].level", 2, ["printable", "\\u202e"]),
    ("[[tiers.rungs]]\nlevel = 'silver'\nrequires = []\n", "tiers.rungs[1].requires", 3, ["asks for nothing"]),
    # dates
    ("[effective]\nstart = 2027-01-01\nend = 2026-01-01\n", "effective", 1, ["2026-01-01", "2027-01-01"]),
    ("[effective]\nstart = '2026-02-30'\n", "effective.start", 2, ["a date such as"]),
    ("[effective]\nstart = 2026-01-01T00:00:00\n", "effective.start", 2, ["a date such as"]),
    ("[effective]\nstart = 12:00:00\n", "effective.start", 2, ["a date such as"]),
    (asks("{ fact = 'until', at_least = 2026-01-01T00:00:00Z }"), f"{ASKED}.at_least", 3, ["a date"]),
    # numbers and money
    (asks("{ fact = 'users', at_least = true }"), f"{ASKED}.at_least", 3, ["True", "a whole number"]),
    (asks("{ fact = 'users', at_least = 2.5 }"), f"{ASKED}.at_least", 3, ["2.5", "a whole number"]),
    (asks("{ fact = 'users', at_least = inf }"), f"{ASKED}.at_least", 3, ["a whole number"]),
    (asks("{ fact = 'score', at_least = nan }"), f"{ASKED}.at_least", 3, ["NaN"]),
    (asks("{ fact = 'score', at_least = inf }"), f"{ASKED}.at_least", 3, ["Infinity"]),
    (asks("{ fact = 'score', at_least = 1e999999999 }"), f"{ASKED}.at_least", 3, ["a number"]),
    (asks("{ fact = 'score', at_least = '1/0' }"), f"{ASKED}.at_least", 3, ["1/0"]),
    (asks("{ fact = 'sold', at_least = 12 }"), f"{ASKED}.at_least", 3, ["an amount and its currency"]),
    (asks("{ fact = 'sold', at_least = 1.5 }"), f"{ASKED}.at_least", 3, ["an amount and its currency"]),
    (asks("{ fact = 'sold', at_least = '12.345 EUR' }"), f"{ASKED}.at_least", 3, ["12.345"]),
    (asks("{ fact = 'sold', at_least = 'NaN EUR' }"), f"{ASKED}.at_least", 3, ["NaN"]),
    (asks("{ fact = 'sold', at_least = 'Infinity EUR' }"), f"{ASKED}.at_least", 3, ["Infinity"]),
    (asks("{ fact = 'sold', at_least = '1 USD' }"), ASKED, 3, ["EUR", "USD"]),
    (asks("{ fact = 'share', at_least = 0.5 }"), f"{ASKED}.at_least", 3, ["a rate with its unit"]),
    (asks("{ fact = 'share', at_least = '50' }"), f"{ASKED}.at_least", 3, ["unit"]),
    (asks("{ fact = 'active', is = 1 }"), f"{ASKED}.is", 3, ["true or false"]),
    (asks("{ fact = 'region', one_of = 'JP' }"), f"{ASKED}.one_of", 3, ["a list of words"]),
    (asks("{ fact = 'users', between = [9, 1] }"), f"{ASKED}.between", 3, ["9"]),
    (asks("{ fact = 'users', between = [1] }"), f"{ASKED}.between", 3, ["a pair"]),
    ("[facts.x]\nkind = 'money'\ncurrency = 'ERU'\n", "facts.x.currency", 3, ["'ERU'", "did you mean 'EUR'"]),
    ("[facts.x]\nkind = 'count'\ncurrency = 'EUR'\n", "facts.x", 1, ["only money has a currency"]),
    ("[facts.x]\nkind = 'count'\nwords.a = 'A'\n", "facts.x.words", 3, ["only codes have words"]),
    # criteria
    (asks("{ fact = 'user', at_least = 1 }"), f"{ASKED}.fact", 3, ["did you mean 'users'"]),
    (asks("{ fact = 'users', at_leest = 1 }"), f"{ASKED}.at_leest", 3, ["did you mean 'at_least'"]),
    (asks("{ fact = 'users' }"), ASKED, 3, ["one comparison"]),
    (asks("{ fact = 'region', at_least = 'JP' }"), f"{ASKED}.at_least", 3, ["region is a code"]),
    (asks("{ at_least_of = 3, of = [{ fact = 'users', at_least = 1 }] }"), f"{ASKED}.at_least_of", 3, ["from 1 to 1"]),
    (asks("{ any_of = [], all_of = [] }"), ASKED, 3, ["any_of", "all_of", "accepted"]),
    (asks("5"), ASKED, 3, ["found 5", "a table"]),
    (asks("{ not = " * 33 + "{ fact = 'users', at_least = 1 }" + "}" * 33), None, 3, ["deeper than 32"]),
    # metrics
    ("[metrics.m]\nsource = 'sales'\nmeasure = { sum = 'amuont' }\nwindow = { lifetime = true }\n", "metrics.m.measure", 3, ["did you mean 'amount'"]),
    ("[metrics.m]\nsource = 'sale'\nmeasure = { count = true }\nwindow = { lifetime = true }\n", "metrics.m.source", 2, ["did you mean 'sales'"]),
    ("[metrics.m]\nsource = 'sales'\nmeasure = { count = true }\n", "metrics.m.window", 1, ["no window"]),
    ("[metrics.m]\nsource = 'sales'\nmeasure = { count = true }\nwindow = { lifetime = true, rolling_days = 3 }\n", "metrics.m.window", 4, ["exactly one of"]),
    ("[metrics.m]\nsource = 'sales'\nmeasure = { count = true }\nwindow = { rolling_days = 3, aligned = true }\n", "metrics.m.window.aligned", 4, ["rolling_months only"]),
    ("[metrics.m]\nsource = 'sales'\nmeasure = { count = true }\nwindow = { rolling_days = 0 }\n", "metrics.m.window", 4, ["0"]),
    ("[metrics.m]\nsource = 'sales'\nmeasure = { count = true, sum = 'amount' }\nwindow = { lifetime = true }\n", "metrics.m.measure", 3, ["exactly one of"]),
    ("[metrics.m]\nmeasure = { growth = 'revenu' }\n", "metrics.m.measure", 2, ["did you mean 'revenue'"]),
    ("[metrics.m]\nmeasure = { ratio = ['revenue'] }\n", "metrics.m.measure.ratio", 2, ["found 1", "two"]),
    ("[metrics.m]\nmeasure = { peak = 'revenue' }\n", "metrics.m.measure", 2, ["no window to look"]),
    ("[metrics.m]\nsource = 'sales'\nmeasure = { sum = 'day' }\nwindow = { lifetime = true }\n", "metrics.m.measure", 3, ["day is a date"]),
    # tiers, scorecards, benefits
    ("[tiers.movement]\ngrace_months = -1\n", "tiers.movement.grace_months", 2, ["-1"]),
    ("[tiers.movement]\ninitial = { level = 'gould', months = 3 }\n", "tiers.movement.initial.level", 2, ["gould"]),
    ("[tiers.best_day_of]\nvalid_until = 'day'\n", "tiers.best_day_of", 1, ["not a window of days"]),
    ("[[scorecard.tracks]]\nname = 'a'\nlines = [{ fact = 'users', maximum = 5, full_at = 0 }]\n", "scorecard.tracks[0].lines[0].full_at", 3, ["above zero"]),
    ("[[scorecard.tracks]]\nname = 'a'\nlines = [{ fact = 'uesrs', maximum = 5, full_at = 1 }]\n", "scorecard.tracks[0].lines[0].fact", 3, ["did you mean 'users'"]),
    ("[[scorecard.tracks]]\nname = 'a'\nlines = [{ fact = 'users', maximum = 1.5, full_at = 1, floor = 2 }]\n", "scorecard.tracks[0].lines[0]", 3, ["floor, 2"]),
    ("[[scorecard.tracks]]\nname = 'a'\nlines = []\n", "scorecard.tracks[0]", 1, ["has no lines"]),
    ("[benefits.desk]\nlevels = ['gold', 'glod']\n", "benefits.desk.levels[1]", 2, ["did you mean 'gold'"]),
    ("[benefits.rebate]\nkind = 'rate'\nvalues = { gold = 5 }\n", "benefits.rebate.values.gold", 3, ["a rate with its unit"]),
    ("[benefits.rebate]\nkind = 'rate'\n", "benefits.rebate", 1, ["either levels, or kind and values"]),
    ("[benefits.rebate]\nvalues = { gold = true }\n", "benefits.rebate", 1, ["kind and values go together"]),
]  # fmt: skip


@pytest.mark.parametrize(("snippet", "path", "line", "words"), FAULTS, ids=[str(one[:3]) for one in FAULTS])
def test_a_fault_is_told_with_its_path_and_its_line(
    snippet: str, path: str | None, line: int | None, words: list[str]
) -> None:
    with pytest.raises(InvalidInput) as caught:
        parse_program(HEAD + snippet)
    (fault,) = caught.value.faults
    assert [word for word in words if word not in fault.message] == []
    assert path is None or fault.path == path
    assert line is None or fault.line == AFTER + line


def test_the_head_of_these_snippets_is_a_program() -> None:
    assert parse_program(HEAD).name == "acme"


FAR_APART = """[tiers.movement]
upgrad = "never"
[facts.spent]
kind = "mony"
[metrics.visits]
source = "visit"
measure = { count = true }
window = { lifetime = true }
[metrics.visits_growth]
measure = { growth = "visits" }
[[tiers.rungs]]
lvel = "silver"
requires = [{ fact = "users", at_least = true }]
[[tiers.rungs]]
level = "bronze"
requires = [
  { fact = "visits", at_least = 1 },
  { fact = "spent", at_least = "1 EUR" },
  { fact = "usres", at_least = 1 },
]
[benefits.desk]
levels = ["silver", "bronze", "brass"]
"""


def test_faults_of_every_stage_come_in_one_error_in_the_order_of_the_file() -> None:
    """A misspelt key, a source, a criterion, a level; nothing is said of what only refers to a faulty part.

    `visits`, `visits_growth`, `spent` and `silver` are written somewhere, so whoever names them made no mistake there.
    """
    with pytest.raises(InvalidInput) as caught:
        parse_program(HEAD + FAR_APART)
    assert [(fault.path, (fault.line or 0) - AFTER) for fault in caught.value.faults] == [
        ("tiers.movement.upgrad", 2),
        ("facts.spent.kind", 4),
        ("metrics.visits.source", 6),
        ("tiers.rungs[1].level", 11),
        ("tiers.rungs[1].lvel", 12),
        ("tiers.rungs[2].requires[2].fact", 19),
        ("benefits.desk.levels[2]", 22),
    ]


def test_faults_of_plain_values_have_paths_and_no_lines() -> None:
    with pytest.raises(InvalidInput) as caught:
        from_document(document(verson=2, currency="EURO", calendar={"start_month": 13}))
    assert [fault.line for fault in caught.value.faults] == [None] * 3
    assert {fault.path for fault in caught.value.faults} == {"verson", "currency", "calendar"}


def test_plain_values_may_be_python_s_own() -> None:
    rungs = ({"level": "gold", "requires": ({"fact": "score", "at_least": Decimal("2.50")},)},)
    program = from_document(
        document(facts={"score": {"kind": "number"}}, tiers={"otherwise": "none", "rungs": rungs})
    )
    assert program == from_document(to_document(program))
    floats = ({"level": "gold", "requires": ({"fact": "score", "at_least": 2.5},)},)
    with pytest.raises(InvalidInput, match="float"):
        from_document(
            document(facts={"score": {"kind": "number"}}, tiers={"otherwise": "none", "rungs": floats})
        )
