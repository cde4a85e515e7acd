"""Lines: what each gives, what is refused, and what is said of them. Worked out by hand."""

import datetime
from fractions import Fraction
from typing import Any

import attrs
import pytest

from prmcore.decisions import (
    FactField,
    FactSchema,
    FactSheet,
    Kind,
    Lines,
    ScoreLine,
    Total,
    Truth,
    fact,
    recorded,
)
from prmcore.decisions.explain import explain
from prmcore.errors import InvalidInput
from prmcore.values import Rate, Text

TODAY = datetime.date(2026, 3, 31)
SCHEMA = FactSchema(
    "candidate",
    (
        FactField("people", Kind.COUNT, Text.of("People")), FactField("size", Kind.NUMBER),
        FactField("share", Kind.RATE), FactField("local", Kind.BOOL), FactField("country", Kind.CODE),
    ),
)  # fmt: skip
LOCAL, IN_JAPAN = fact("local").is_true(), fact("country").equals("JP")


def lines(*given: ScoreLine) -> Lines[FactSheet]:
    return Lines("score/2026", facts=SCHEMA, lines=given)


@pytest.mark.parametrize(
    ("line", "known", "points"),
    [
        (ScoreLine(points=5), {}, 5),
        (ScoreLine(points=5, when=(LOCAL,)), {"local": True}, 5),
        (ScoreLine(points=5, when=(LOCAL,)), {"local": False}, 0),
        (ScoreLine(points=5, when=(LOCAL,)), {}, 0),
        (ScoreLine(points=5, when=(LOCAL,), unknown=2), {}, 2),
        (ScoreLine(points=5, when=(LOCAL,), unknown=2), {"local": False}, 0),
        (ScoreLine(points=5, when=(LOCAL, IN_JAPAN)), {"local": True, "country": "JP"}, 5),
        (ScoreLine(points=5, when=(LOCAL, IN_JAPAN), unknown=2), {"local": True, "country": "CN"}, 0),
        (ScoreLine(points=5, times="people"), {"people": 3}, 15),
        (ScoreLine(points="2.5", times="size"), {"size": Fraction(1, 2)}, Fraction(5, 4)),
        (ScoreLine(points=50, times="share"), {"share": Rate.percent(30)}, 15),
        (ScoreLine(points=5, times="people", unknown=2), {}, 2),
        (ScoreLine(points=5, times="people"), {}, 0),
        # not met counts before not known
        (ScoreLine(points=5, times="people", when=(LOCAL,), unknown=2), {"local": False}, 0),
        (ScoreLine(points=5, times="people", when=(LOCAL,), unknown=2), {"people": 3}, 2),
        (ScoreLine(points=5, times="people", when=(LOCAL,), unknown=2), {"people": 3, "local": True}, 15),
    ],
)
def test_a_line_gives_its_points_where_it_is_met(line: ScoreLine, known: dict[str, Any], points: Any) -> None:
    found = lines(line, ScoreLine(points=1)).decide(FactSheet.of(SCHEMA, known), TODAY).outcome
    assert found == Total(points=Fraction(points) + 1, lines=(Fraction(points), Fraction(1)))


POLICY = lines(
    ScoreLine(points=30, when=(LOCAL, IN_JAPAN), text=Text.of("Nearby", ja="近隣")),
    ScoreLine(points=2, times="people"),
    ScoreLine(points=5, when=(IN_JAPAN,)),
    ScoreLine(points=7),
    ScoreLine(points=3, times="size", unknown=1, text=Text.of("Size")),
)
DECISION = POLICY.decide(FactSheet.of(SCHEMA, {"local": True, "country": "JP", "people": 12}), TODAY)


def test_a_total_is_explained_line_by_line() -> None:
    """30 + 2 x 12 + 5 + 7 + 1 = 67."""
    assert explain(DECISION).lines() == [
        "score/2026 on March 31, 2026: score: 67",
        "  Nearby: 30 points",
        "    ✓ all of these",
        "      ✓ local: yes, asked for yes",
        "      ✓ country: JP, asked for JP",
        "  People: 24 points",
        "    People: 12",
        "  3: 5 points",
        "    ✓ country: JP, asked for JP",
        "  4: 7 points",
        "  Size: 1 points",
        "    size: unknown",
    ]
    assert explain(DECISION, "ja").lines()[1] == "  近隣：30 点"


def test_the_reasons_are_those_of_the_lines_that_ask_for_something() -> None:
    found = [(one.level, one.truth, [part.criterion for part in one.parts]) for one in DECISION.reasons]
    assert found == [(0, Truth.MET, [LOCAL, IN_JAPAN]), (2, Truth.MET, [])]


def test_a_decision_of_lines_is_recorded_in_plain_values() -> None:
    record = recorded(DECISION)
    assert record == {
        "policy": "score/2026", "as_of": "2026-03-31", "mask": 0,
        "facts": {"people": 12, "size": None, "share": None, "local": True, "country": "JP"},
        "outcome": {"points": "67", "lines": ["30", "24", "5", "7", "1"]},
    }  # fmt: skip
    assert POLICY.facts_from(record["facts"]) == DECISION.facts


@pytest.mark.parametrize(
    ("given", "faults"),
    [
        ((), ["found none; accepted: one line or more @ lines"]),
        (
            (ScoreLine(points=1), ScoreLine(points=1, when=(LOCAL, fact("local").at_least(1)), times="locale")),
            [
                "local is a bool, it cannot be asked for at_least; accepted: is @ lines[1].when[1]",
                "unknown fact 'locale'; did you mean 'local'? There are: country, local, people, share, size @ lines[1].times",
            ],
        ),
        ((ScoreLine(points=1, times="local"),), ["found 'local'; accepted: a count or number or rate @ lines[0].times"]),
    ],
)  # fmt: skip
def test_lines_say_where_they_are_wrong(given: tuple[ScoreLine, ...], faults: list[str]) -> None:
    with pytest.raises(InvalidInput) as caught:
        lines(*given)
    assert caught.value.title == "the policy 'score/2026' cannot be used"
    assert [str(fault) for fault in caught.value.faults] == faults


def test_lines_are_asked_for_a_day_and_about_their_own_facts() -> None:
    with pytest.raises(InvalidInput, match=r"as_of: found .*; accepted: a date without a time"):
        POLICY.decide(DECISION.facts, datetime.datetime(2026, 3, 31))
    with pytest.raises(InvalidInput, match=r"found the float 1.5; .* @ people"):
        POLICY.decide(FactSheet(SCHEMA, (1.5, None, None, None, None)), TODAY)


@pytest.mark.parametrize(("record", "by_place"), [(ScoreLine, []), (Total, []), (Lines, ["name"])])
def test_a_record_of_many_parts_is_made_by_keyword(
    record: type[attrs.AttrsInstance], by_place: list[str]
) -> None:
    assert [field.name for field in attrs.fields(record) if not field.kw_only] == by_place
