"""What a coverage model refuses when it is made."""

import pickle
from collections.abc import Callable
from functools import partial
from typing import Any

import attrs
import pytest

from prmcore.decisions import FactField, Kind
from prmcore.errors import Fault, InvalidInput
from prmcore.territory.coverage import (
    Among,
    Cell,
    CodeDimension,
    CoverageModel,
    CoverageRule,
    CoverageState,
    Dimension,
    Distribution,
    Member,
    NoneOf,
    PostcodeDimension,
    PostcodeRange,
    Postcodes,
    Ranking,
    Role,
    Span,
    SpanDimension,
    Territory,
    TreeDimension,
    Under,
    Within,
)
from prmcore.territory.coverage.model import COVERAGE_MOVES
from prmcore.values import DateRange, Money, Text, Tree

PLACES = Tree(
    "places", {"world": None, "JP": "world", "JP-13": "JP", "US": "world"}, {"EU": frozenset({"US"})}
)


def model(*ranges: str, of: str = "geography") -> CoverageModel:
    """Places and postcodes, and one rule that asks for these ranges."""
    cell = Postcodes(ranges=tuple(PostcodeRange.read(one) for one in ranges))
    return CoverageModel(
        name="coverage/1",
        dimensions=(
            TreeDimension(name="geography", tree=PLACES),
            PostcodeDimension(name="postcode", of=of),
        ),
        territories=(Territory(name="east"),),
        rules=(CoverageRule(id="big", territory="east", cells={"postcode": cell}),),
    )


def faults_of(*ranges: str, of: str = "geography") -> list[str]:
    with pytest.raises(InvalidInput) as refused:
        model(*ranges, of=of)
    return [str(fault) for fault in refused.value.faults]


def test_postcodes_of_a_country_that_is_not_among_the_places_are_refused() -> None:
    assert faults_of("JP 100", "FR 75") == [
        "unknown country of places 'FR'. There are: JP, US @ rules.big.where.postcode"
    ]


def test_a_group_of_countries_has_no_postcodes_of_its_own() -> None:
    assert faults_of("EU 10") == [
        "unknown country of places 'EU'. There are: JP, US @ rules.big.where.postcode"
    ]


def test_postcodes_of_countries_among_the_places_are_accepted() -> None:
    assert model("JP 100", "US 94").rule("big").id == "big"


def test_postcodes_in_a_dimension_that_there_is_not_are_told_of_once() -> None:
    (fault,) = faults_of("FR 75", of="geografy")
    assert fault.endswith("@ dimensions.postcode.of")


# dimensions


def under(*codes: str, outside: tuple[str, ...] = ()) -> Under:
    return Under(codes=frozenset(codes), outside=frozenset(outside))


def among(*codes: str) -> Among:
    return Among(codes=frozenset(codes))


def above(bound: Any) -> Within:
    return Within(spans=(Span(at_least=1), Span(more_than=bound))) if isinstance(bound, int) else Within(spans=(Span(more_than=bound),))  # fmt: skip


GEOGRAPHY = TreeDimension(name="geography", tree=PLACES)
BRAND, OPEN = CodeDimension(name="brand", accepted=frozenset({"a", "b"})), CodeDimension(name="segment")
EMPLOYEES = SpanDimension(name="employees", kind=Kind.COUNT)
REVENUE = SpanDimension(name="revenue", kind=Kind.MONEY, currency="JPY")
POSTCODE = PostcodeDimension(name="postcode")
RANGES = Postcodes(ranges=(PostcodeRange.read("JP 100"),))


@pytest.mark.parametrize(
    ("dimension", "cell", "fault"),
    [
        (GEOGRAPHY, under("JP", "EU", outside=("JP-13",)), None),
        (GEOGRAPHY, under("JP", "ZZ", "AA"), "unknown code of places 'AA'. There are: EU, JP, JP-13, US, world"),
        (GEOGRAPHY, under("JP", outside=("ZZ",)), "unknown code of places 'ZZ'. There are: EU, JP, JP-13, US, world"),
        (GEOGRAPHY, among("JP"), "found a cell of Among; accepted: codes of a tree"),
        (BRAND, among("a"), None),
        (BRAND, NoneOf(codes=frozenset({"b"})), None),
        (BRAND, among("a", "z", "y"), "unknown word of brand 'y'. There are: a, b"),
        (BRAND, under("a"), "found a cell of Under; accepted: one of these words, or none of them"),
        (OPEN, among("whatever"), None),
        (OPEN, above(3), "found a cell of Within; accepted: one of these words, or none of them"),
        (EMPLOYEES, above(3), None),
        (EMPLOYEES, above(True), "found True (bool); accepted: an int"),
        (EMPLOYEES, among("a"), "found a cell of Among; accepted: spans of values"),
        (REVENUE, above(Money("JPY", 3)), None),
        (REVENUE, above(Money("EUR", 300)), "found 3.00 EUR; the dimension is counted in JPY"),
        (POSTCODE, RANGES, None),
        (POSTCODE, among("100"), "found a cell of Among; accepted: ranges of postcodes"),
    ],
)  # fmt: skip
def test_a_dimension_refuses_what_it_cannot_be_asked(
    dimension: Dimension, cell: Cell, fault: str | None
) -> None:
    found = dimension.fault_of(cell)
    assert found is None if fault is None else found is not None and found.startswith(fault)


@pytest.mark.parametrize(
    ("kind", "currency", "says"),
    [
        (Kind.CODE, None, "size: found code; accepted: an ordered kind of fact"),
        (Kind.MONEY, None, "size: a currency is given for money, and only for money"),
        (Kind.COUNT, "JPY", "size: a currency is given for money, and only for money"),
    ],
)
def test_a_dimension_of_ordered_values_is_of_an_ordered_kind(
    kind: Kind, currency: str | None, says: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        SpanDimension(name="size", kind=kind, currency=currency)
    assert str(refused.value) == says


LABEL = Text.of("label")


@pytest.mark.parametrize(
    ("dimension", "field"),
    [
        (
            TreeDimension(name="where", tree=PLACES, text=LABEL, words=(("JP", LABEL),)),
            FactField("where", Kind.CODE, LABEL, words=(("JP", LABEL),)),
        ),
        (CodeDimension(name="brand", text=LABEL), FactField("brand", Kind.CODE, LABEL)),
        (
            SpanDimension(name="revenue", kind=Kind.MONEY, currency="JPY", text=LABEL),
            FactField("revenue", Kind.MONEY, LABEL, "JPY"),
        ),
        (PostcodeDimension(name="code", text=LABEL), FactField("code", Kind.CODE, LABEL)),
    ],
)
def test_a_dimension_is_a_fact_of_every_account(dimension: Dimension, field: FactField) -> None:
    assert dimension.field == field
    facts = CoverageModel(name="coverage/1", dimensions=(dimension, GEOGRAPHY), territories=(), rules=()).facts  # fmt: skip
    assert (facts.name, facts.fields) == (
        "accounts of coverage/1",
        (FactField("account", Kind.CODE, Text.of("account", ja="取引先", zh="客户")), field, GEOGRAPHY.field),
    )


# territories and rules


BLANKS = "found ' x'; accepted: an id without outer blanks, in Unicode NFC"


@pytest.mark.parametrize(
    ("made", "faults"),
    [
        (lambda: Member(id=" x"), [Fault(BLANKS, "id")]),
        (lambda: Member(id="a", weight=0), [Fault("found 0; accepted: 1 to 1000", "weight")]),
        (lambda: Member(id="a", weight=1001), [Fault("found 1001; accepted: 1 to 1000", "weight")]),
        (lambda: Member(id="a", capacity=-1), [Fault("found -1; accepted: a whole number from 0 on", "capacity")]),
        (lambda: Territory(name=" x"), [Fault(BLANKS, "name")]),
        (
            lambda: Territory(name="a", members=(Member(id="m"), Member(id="n"), Member(id="m", weight=2))),
            [Fault("'m' stands here twice", "members")],
        ),
        (lambda: CoverageRule(id=" x", territory="east"), [Fault(BLANKS, "id")]),
        *(
            (partial(CoverageRule, id="r", role=role), [Fault("is missing; only an exclusion may leave it out", "territory")])
            for role in (Role.PRIMARY, Role.HOUSE, Role.OVERLAY)
        ),
        (
            lambda: CoverageRule(id="r", territory="east", accounts=frozenset()),
            [Fault("names none; leave it out for any account", "accounts")],
        ),
        (lambda: CoverageRule(id="r", territory="east", priority=True), [Fault("found True; accepted: a whole number", "priority")]),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused(made: Callable[[], object], faults: list[Fault]) -> None:
    with pytest.raises(InvalidInput) as refused:
        made()
    assert list(refused.value.faults) == faults


def test_what_is_just_within_bounds_is_taken_and_what_is_not_said_is_the_usual() -> None:
    assert [Member(id="a", weight=weight).weight for weight in (1, 1000)] == [1, 1000]
    assert [Member(id="a", capacity=room).capacity for room in (0, None)] == [0, None]
    assert Member(id="a") == Member(id="a", weight=1, capacity=None)
    assert Territory(name="a") == Territory(
        name="a", members=(), distribution=Distribution.ROUND_ROBIN, fallback=None, text=None
    )
    plain = CoverageRule(id="r", territory="east")
    assert plain == CoverageRule(
        id="r", territory="east", role=Role.PRIMARY, cells={}, accounts=None, priority=0, effective=DateRange(), text=None,
    )  # fmt: skip
    assert len({plain, CoverageRule(id="r", territory="east")}) == 1
    assert CoverageRule(id="r", role=Role.EXCLUSION).territory is None
    assert PostcodeDimension(name="code").of == "geography"
    usual = CoverageModel(name="coverage/1", dimensions=(), territories=(), rules=())
    assert (usual.ranking, usual.order, usual.state) == (
        (Ranking.PRIORITY, Ranking.NAMED, Ranking.SPECIFICITY), (), CoverageState.ACTIVE,
    )  # fmt: skip


# the model


def made(**told: Any) -> CoverageModel:
    usual: dict[str, Any] = {"name": "coverage/1", "dimensions": (GEOGRAPHY, BRAND), "territories": (), "rules": ()}  # fmt: skip
    return CoverageModel(**{**usual, **told})


def of(id: str, territory: str, **cells: Cell) -> CoverageRule:
    return CoverageRule(id=id, territory=territory, cells=cells)


def named(*names: str, **fallbacks: str) -> tuple[Territory, ...]:
    return tuple(Territory(name=name, fallback=fallbacks.get(name)) for name in names)


ORDER = (
    "accepted: priority and named first, in any order, then specificity, dimensions and id, in this order, each or none: "
    "what comes after a comparison of regions could not be checked"
)


def out_of_order(*ranking: Ranking) -> tuple[dict[str, Any], list[str]]:
    return {"ranking": ranking}, [f"found {', '.join(ranking)}; {ORDER} @ ranking"]


@pytest.mark.parametrize(
    ("told", "faults"),
    [
        ({"dimensions": (GEOGRAPHY, BRAND, BRAND)}, ["is given twice @ dimensions.brand"]),
        (
            {"dimensions": (CodeDimension(name="account"),)},
            ["is the dimension of named accounts @ dimensions.account"],
        ),
        ({"territories": named("east", "east")}, ["is given twice @ territories.east"]),
        (
            {"territories": named("east"), "rules": (of("r", "east"), of("r", "east"))},
            ["is given twice @ rules.r"],
        ),
        (
            {"territories": named("east"), "rules": (of("r", "eats"), CoverageRule(id="x", role=Role.EXCLUSION))},
            ["unknown territory 'eats'; did you mean 'east'? There are: east @ rules.r.territory"],
        ),
        (
            {"territories": named("east"), "rules": (of("r", "east", brnd=among("a"), geography=under("JP"), brand=among("z")),)},
            [
                "unknown dimension 'brnd'; did you mean 'brand'? There are: brand, geography @ rules.r.where.brnd",
                "unknown word of brand 'z'. There are: a, b @ rules.r.where.brand",
            ],
        ),
        ({"ranking": (Ranking.PRIORITY, Ranking.NAMED, Ranking.PRIORITY)}, ["priority stands here twice @ ranking"]),
        out_of_order(Ranking.SPECIFICITY, Ranking.PRIORITY),
        out_of_order(Ranking.ID, Ranking.NAMED),
        out_of_order(Ranking.NAMED, Ranking.DIMENSIONS, Ranking.SPECIFICITY),
        out_of_order(Ranking.ID, Ranking.DIMENSIONS),
        (
            {"order": ("brnd", "brand", "account", "brand")},
            ["unknown dimension 'brnd'; did you mean 'brand'? There are: brand, geography @ order", "brand stands here twice @ order"],
        ),
        (
            {"territories": named("b", "c", "a", "d", "e", b="c", c="a", a="b", d="zz", e="a")},
            [
                "falls back on itself: a > b > c > a @ territories.a.fallback",
                "unknown territory 'zz'. There are: a, b, c, d, e @ territories.d.fallback",
            ],
        ),
        ({"territories": named("a", a="a")}, ["falls back on itself: a > a @ territories.a.fallback"]),
        (
            {"dimensions": (GEOGRAPHY, BRAND, PostcodeDimension(name="code", of="brand"))},
            ["unknown dimension of places 'brand'. There are: geography @ dimensions.code.of"],
        ),
    ],
)  # fmt: skip
def test_a_model_that_contradicts_itself_is_refused(told: dict[str, Any], faults: list[str]) -> None:
    with pytest.raises(InvalidInput) as refused:
        made(**told)
    assert [str(fault) for fault in refused.value.faults] == faults


@pytest.mark.parametrize(
    "told",
    [
        {"ranking": ()},
        {"ranking": (Ranking.NAMED, Ranking.PRIORITY)},
        {"ranking": (Ranking.PRIORITY, Ranking.SPECIFICITY, Ranking.DIMENSIONS, Ranking.ID)},
        {"ranking": (Ranking.NAMED, Ranking.ID)},
        {"order": ("account", "brand")},
        {"territories": named("a", "b", "c", a="c", b="c")},
    ],
)
def test_a_model_that_can_be_meant_is_taken(told: dict[str, Any]) -> None:
    ((name, value),) = told.items()
    assert getattr(made(**told), name) == value


def test_regions_are_compared_in_the_order_that_is_given_or_that_of_the_dimensions() -> None:
    assert made().compared == ("geography", "brand", "account")
    assert made(order=("brand",)).compared == ("brand",)


def test_what_a_model_has_is_found_by_its_name_and_what_it_has_not_is_refused() -> None:
    found = made(territories=named("east"), rules=(of("r", "east"),))
    assert (found.territory("east").name, found.rule("r").territory) == ("east", "east")
    assert (found.dimension("brand"), found.dimension_or_none("brand")) == (BRAND, BRAND)
    assert found.dimension_or_none("account") is None
    with pytest.raises(
        InvalidInput, match=r"^unknown territory 'west'; did you mean 'east'\? There are: east$"
    ):
        found.territory("west")
    with pytest.raises(InvalidInput, match=r"^unknown rule 'q'\. There are: r$"):
        found.rule("q")


def test_a_model_crosses_processes_without_what_it_has_worked_out() -> None:
    found = made(territories=named("east"), rules=(of("r", "east"), of("q", "east")))
    assert found.territory("east")
    assert found.facts
    again = pickle.loads(pickle.dumps(found))
    assert again == found
    assert set(vars(again)) == {field.name for field in attrs.fields(CoverageModel)}
    assert repr(again) == "CoverageModel('coverage/1': 2 rules)"


def test_only_what_lies_in_a_country_of_postcodes_is_told_apart_in_the_dimension_of_theirs() -> None:
    other = TreeDimension(name="other", tree=PLACES)
    rules = (of("r", "east", postcode=Postcodes(ranges=(PostcodeRange.read("JP 1"),), unknown=True)),)
    found = made(dimensions=(GEOGRAPHY, other, POSTCODE), territories=named("east"), rules=rules)
    axes = found.axes({"account": [], "geography": [], "other": [], "postcode": [rules[0].cells["postcode"]]})
    assert list(axes) == ["account", "geography", "other", "postcode"]
    assert {piece.country for piece in axes["geography"].pieces} == {None, "JP"}
    assert {piece.country for piece in axes["other"].pieces} == {None}


@pytest.mark.parametrize(
    ("words", "written"),
    [
        (Role, "primary overlay exclusion house"),
        (Ranking, "priority named specificity dimensions id"),
        (CoverageState, "draft active superseded"),
        (Distribution, "round-robin capacity score"),
    ],
)
def test_a_program_file_writes_these_words(words: Any, written: str) -> None:
    assert [word.value for word in words] == written.split()


def test_a_draft_becomes_active_and_then_is_superseded() -> None:
    assert [(str(a), action, str(b)) for (a, action), b in COVERAGE_MOVES.items()] == [
        ("draft", "activate", "active"), ("active", "supersede", "superseded"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "record",
    [
        TreeDimension, CodeDimension, SpanDimension, PostcodeDimension, Member, Territory, CoverageRule, CoverageModel,
    ],
)  # fmt: skip
def test_every_part_is_told_by_its_name(record: type[attrs.AttrsInstance]) -> None:
    assert all(field.kw_only for field in attrs.fields(record))
