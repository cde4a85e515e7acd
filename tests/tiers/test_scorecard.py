"""Points: linear up to a cap, floors, gates, unknown lines, the best of several tracks."""

import pickle
from datetime import date
from fractions import Fraction
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prmcore.decisions import FactField, FactSchema, FactSheet, Kind, fact
from prmcore.decisions.criteria import Rule, RuleReason, Truth
from prmcore.errors import InvalidInput
from prmcore.tiers import PointsLine, Scorecard, Track
from prmcore.values import CurrencyMismatch, Money, Rate

DAY = date(2025, 3, 31)
FACTS = FactSchema(
    "metrics",
    (
        FactField("adds", Kind.COUNT),
        FactField("people", Kind.COUNT),
        FactField("revenue", Kind.MONEY),
        FactField("retention", Kind.RATE),
        FactField("country", Kind.CODE),
    ),
)
ADDS = PointsLine(fact="adds", maximum=Fraction(30), full_at=3)
PEOPLE = PointsLine(fact="people", maximum=Fraction(20), full_at=4, floor=Fraction(5))
REVENUE = PointsLine(fact="revenue", maximum=Fraction(50), full_at=Money.parse("200000.00 EUR"))
RETENTION = PointsLine(fact="retention", maximum=Fraction(10), full_at=Rate.parse("80 %"))


def card(*lines: PointsLine, **other: tuple[PointsLine, ...]) -> Scorecard:
    return Scorecard(FACTS, (Track("main", lines), *(Track(name, found) for name, found in other.items())))


def sheet(**values: Any) -> FactSheet:
    return FactSheet.of(FACTS, values)


@pytest.mark.parametrize(
    ("line", "value", "points"),
    [
        (ADDS, 3, "30"),  # "3 customer adds give 30 points; a partner with 1 has 10" (Microsoft Learn)
        (ADDS, 1, "10"),
        (ADDS, 2, "20"),
        (ADDS, 0, "0"),
        (ADDS, -1, "0"),  # nothing is earned below zero
        (ADDS, 4, "30"),  # nor above the cap
        (PEOPLE, 1, "5"),
        (PEOPLE, 3, "15"),
        (REVENUE, Money.parse("100000.00 EUR"), "25"),
        (REVENUE, Money.parse("0.01 EUR"), "1/400000"),  # 50 * 0.01 / 200,000, exactly
        (RETENTION, Rate.parse("20 %"), "5/2"),  # 10 * 20 / 80
        (RETENTION, Rate.parse("100 %"), "10"),
    ],
)
def test_a_line_earns_in_proportion_up_to_its_maximum(line: PointsLine, value: Any, points: str) -> None:
    assert line.points(value) == Fraction(points)


def test_points_are_exact_however_they_are_written() -> None:
    line = PointsLine(fact="adds", maximum="7.5", full_at=3, floor="0.1")
    assert (line.maximum, line.floor) == (Fraction(15, 2), Fraction(1, 10))


def test_money_of_another_currency_earns_nothing_by_mistake() -> None:
    with pytest.raises(CurrencyMismatch):
        card(REVENUE).with_points(sheet(revenue=Money.parse("100000.00 USD")), DAY)


GATED = PointsLine(fact="adds", maximum=Fraction(30), full_at=3, gate=fact("people").at_least(2))


@pytest.mark.parametrize(
    ("people", "gate", "points"),
    [(2, Truth.MET, Fraction(30)), (1, Truth.UNMET, Fraction(0)), (None, Truth.UNKNOWN, None)],
)
def test_a_line_scores_nothing_until_its_gate_is_passed(
    people: int | None, gate: Truth, points: Fraction | None
) -> None:
    line = card(GATED).scores(sheet(adds=3, people=people), DAY)[0].lines[0]
    assert (line.gate, line.points) == (gate, points)


def test_a_gate_can_be_a_function() -> None:
    @Rule.named("in-europe")
    def in_europe(facts: FactSheet, as_of: date) -> RuleReason:
        return RuleReason(Truth.of(facts["country"] in ("DE", "FR")), facts["country"])

    gated = PointsLine(fact="adds", maximum=Fraction(30), full_at=3, gate=in_europe)
    for country, points in (("DE", 10), ("JP", 0)):
        assert card(gated).with_points(sheet(adds=1, country=country), DAY)["points"] == points


@pytest.mark.parametrize(
    ("values", "derived"),
    [
        # points, lowest line, lines not above their floor (0 for adds, 5 for people), track
        ({"adds": 3, "people": 4}, (50, 20, 0, "main")),
        ({"adds": 1, "people": 1}, (15, 5, 1, "main")),  # 5 is not above the floor of 5
        ({"adds": 0, "people": 0}, (0, 0, 2, "main")),
        ({"adds": 3, "people": None}, (None, None, None, None)),  # a total with an unknown line is unknown
    ],
)
def test_the_ladder_may_ask_for_what_the_lines_come_to(
    values: dict[str, Any], derived: tuple[Any, ...]
) -> None:
    found = card(ADDS, PEOPLE).with_points(sheet(**values), DAY)
    assert tuple(found[name] for name in ("points", "lowest_points", "lines_below_floor", "track")) == derived


@pytest.mark.parametrize(
    ("values", "track"),
    [
        ({"adds": 3, "people": 2}, "main"),  # 30 against 10
        ({"adds": 0, "people": 2}, "other"),  # 0 against 10
        ({"adds": 1, "people": 2}, "main"),  # 10 against 10: the first
        ({"adds": 3, "people": None}, "main"),  # 30 against at most 20
        ({"adds": 2, "people": None}, None),  # 20 against at most 20
        ({"adds": None, "people": 4}, None),
    ],
)
def test_the_best_track_is_known_when_no_unknown_one_can_reach_it(
    values: dict[str, Any], track: str | None
) -> None:
    assert card(ADDS, other=(PEOPLE,)).with_points(sheet(**values), DAY)["track"] == track


def test_faults_of_a_scorecard_are_listed_together() -> None:
    half = Fraction(1, 2)
    with pytest.raises(InvalidInput) as refused:
        card(
            PointsLine(fact="ads", maximum=half, full_at=1),
            PointsLine(fact="country", maximum=half, full_at="JP"),
            PointsLine(fact="adds", maximum=half, full_at=0),
            PointsLine(fact="adds", maximum=Fraction(0), full_at=1),
            PointsLine(fact="adds", maximum=half, full_at=1, floor=Fraction(1)),
            PointsLine(fact="adds", maximum=half, full_at=Rate.parse("1 %")),
            PointsLine(fact="adds", maximum=half, full_at=1, gate=fact("peple").at_least(1)),
            empty=(),
        )
    assert [fault.path.removeprefix("tracks[0].") for fault in refused.value.faults] == [
        "lines[0].fact", "lines[1].fact", "lines[2].full_at", "lines[3]", "lines[4]", "lines[5].full_at",
        "lines[6].gate", "tracks[1]",
    ]  # fmt: skip


@pytest.mark.parametrize(("floor", "fits"), [("0", True), ("30", True), ("-1/2", False), ("61/2", False)])
def test_the_floor_of_a_line_is_between_nothing_and_its_maximum(floor: str, fits: bool) -> None:
    line = attrs.evolve(ADDS, floor=Fraction(floor))
    if fits:
        assert card(line).tracks[0].lines == (line,)
    else:
        with pytest.raises(InvalidInput) as refused:
            card(line)
        assert [fault.path for fault in refused.value.faults] == ["tracks[0].lines[0]"]


@attrs.frozen
class Metrics:
    adds: int | None
    revenue: Money | None


def test_a_scorecard_may_be_over_a_record_of_ones_own() -> None:
    own = Scorecard(Metrics, (Track("main", (ADDS, REVENUE)),))  # 2 of 3 adds: 20; half of the revenue: 25
    assert own.with_points(Metrics(2, Money.parse("100000.00 EUR")), DAY)["points"] == 45


@pytest.mark.parametrize("tracks", [(), (Track("main", (ADDS,)), Track("main", (PEOPLE,)))])
def test_a_scorecard_has_tracks_and_each_a_name_of_its_own(tracks: tuple[Track, ...]) -> None:
    with pytest.raises(InvalidInput) as refused:
        Scorecard(FACTS, tracks)
    assert [fault.path for fault in refused.value.faults] == ["tracks"]


LINES = st.builds(
    PointsLine,
    fact=st.sampled_from(["adds", "people"]),
    maximum=st.fractions(Fraction(1, 7), 100, max_denominator=9),
    full_at=st.integers(1, 50),
    gate=st.none() | st.just(fact("people").at_least(3)),
)
COUNTS = st.none() | st.integers(-20, 60)


@given(st.lists(LINES, min_size=1, max_size=5), COUNTS, COUNTS)
def test_a_total_is_the_sum_of_its_lines_and_each_line_stays_within_its_maximum(
    lines: list[PointsLine], adds: int | None, people: int | None
) -> None:
    scorecard = card(*lines)
    (score,) = scorecard.scores(sheet(adds=adds, people=people), DAY)
    points = [line.points for line in score.lines]
    known = [one for one in points if one is not None]
    assert score.total == (sum(known) if len(known) == len(points) else None)
    assert all(0 <= one <= line.maximum for one, line in zip(points, lines, strict=True) if one is not None)
    assert score.most >= sum(known)
    assert all(line.room == line.line.maximum - (line.points or 0) for line in score.lines)


@given(LINES, st.integers(-20, 60), st.integers(0, 60))
def test_more_of_a_metric_never_earns_less(line: PointsLine, value: int, more: int) -> None:
    less, greater = line.points(value), line.points(value + more)
    assert less is not None
    assert greater is not None
    assert less <= greater


def test_a_line_is_written_with_the_names_of_its_parts_and_has_no_floor_unless_it_says_so() -> None:
    assert all(field.kw_only for field in attrs.fields(PointsLine))
    assert (ADDS.floor, ADDS.gate, ADDS.text) == (Fraction(0), None, None)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ({"fact": "ads"}, "unknown fact 'ads'; did you mean 'adds'? There are: adds, country, people, retention, revenue @ fact"),
        ({"fact": "country"}, "country is a code; accepted: count, number, money, rate @ fact"),
        ({"full_at": None}, "is missing @ full_at"),
        ({"full_at": 0}, "found 0; accepted: above zero @ full_at"),
        ({"fact": "retention", "full_at": Rate.percent("0")}, "found 0 %; accepted: above zero @ full_at"),
        ({"fact": "revenue", "full_at": Money.zero("EUR")}, "found 0.00 EUR; accepted: above zero @ full_at"),
        ({"fact": "yen", "full_at": Money.of("1", "EUR")}, "yen is counted in JPY, the value is 1.00 EUR @ full_at"),
        ({"maximum": Fraction(0)}, "the maximum, 0, is above zero, and the floor, 0, not above it"),
        ({"maximum": Fraction(-1), "floor": Fraction(-2)}, "the maximum, -1, is above zero, and the floor, -2, not above it"),
        ({"floor": Fraction(-1)}, "the maximum, 30, is above zero, and the floor, -1, not above it"),
        ({"floor": Fraction(31)}, "the maximum, 30, is above zero, and the floor, 31, not above it"),
    ],
)  # fmt: skip
def test_a_line_that_cannot_be_scored_is_refused_where_it_stands(line: dict[str, Any], fault: str) -> None:
    facts = attrs.evolve(FACTS, fields=(*FACTS.fields, FactField("yen", Kind.MONEY, currency="JPY")))
    known = facts if line.get("fact") == "yen" else FACTS
    with pytest.raises(InvalidInput) as refused:
        Scorecard(known, (Track("first", (ADDS,)), Track("main", (ADDS, attrs.evolve(ADDS, **line)))))
    message, _, path = fault.partition(" @ ")
    assert [(one.message, one.path) for one in refused.value.faults] == [
        (message, f"tracks[1].lines[1].{path}" if path else "tracks[1].lines[1]")
    ]


def test_money_of_the_currency_of_its_fact_and_of_any_where_there_is_none_is_accepted() -> None:
    yen = FactSchema("metrics", (FactField("revenue", Kind.MONEY, currency="EUR"),))
    for facts in (yen, FACTS):
        assert Scorecard(facts, (Track("main", (REVENUE,)),)).tracks[0].lines == (REVENUE,)


def test_a_metric_has_none_of_the_names_that_the_scorecard_derives() -> None:
    names = ("points", "lowest_points", "lines_below_floor", "track")
    taken = FactSchema("metrics", (FactField("adds", Kind.COUNT), *(FactField(name, Kind.COUNT) for name in names)))  # fmt: skip
    with pytest.raises(InvalidInput) as refused:
        Scorecard(taken, (Track("main", (ADDS,)),))
    assert list(map(str, refused.value.faults)) == [
        f"the metric {name!r} has the name of a fact that the scorecard derives @ {name}" for name in names
    ]


def test_a_track_has_lines() -> None:
    with pytest.raises(InvalidInput) as refused:
        card(ADDS, empty=())
    assert list(map(str, refused.value.faults)) == ["has no lines @ tracks[1]"]


def test_the_schema_of_a_scorecard_is_the_metrics_and_what_is_derived_from_them() -> None:
    schema = card(ADDS).schema
    assert [(field.name, field.kind) for field in schema.fields[len(FACTS.fields) :]] == [
        ("points", Kind.NUMBER), ("lowest_points", Kind.NUMBER), ("lines_below_floor", Kind.COUNT), ("track", Kind.CODE),
    ]  # fmt: skip
    assert schema.fields[: len(FACTS.fields)] == FACTS.fields


def test_a_score_says_what_there_is_what_it_may_come_to_and_what_each_line_could_add() -> None:
    known, unknown = (card(ADDS, PEOPLE).scores(sheet(adds=1, people=people), DAY)[0] for people in (1, None))
    assert [known.total, known.most, unknown.total, unknown.most] == [15, 15, None, 30]
    assert [[line.room for line in score.lines] for score in (known, unknown)] == [[20, 15], [20, 20]]
    assert [line.value for line in known.lines] == [1, 1]


def test_a_scorecard_crosses_processes_as_it_is() -> None:
    one = card(ADDS, other=(PEOPLE,))
    assert one.schema.name == "metrics with points"  # made before, and left behind
    assert pickle.loads(pickle.dumps(one)) == one
