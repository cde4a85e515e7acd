"""What tiers say beyond their criteria: points line by line, and the days that matter."""

from datetime import date
from fractions import Fraction
from typing import Any

import attrs
import pytest

from prmcore.decisions import FactField, FactSchema, FactSheet, Kind, Truth, fact
from prmcore.decisions.explain import put_into_words
from prmcore.tiers import Action, Guarantee, Override, PointsLine, Scorecard, Standing, Track
from prmcore.tiers.said import said_of_scores, said_of_standing
from prmcore.values import DateRange, Text

DAY = date(2025, 5, 10)
FACTS = FactSchema(
    "metrics", (FactField("adds", Kind.COUNT, Text.of("new customers")), FactField("people", Kind.COUNT))
)
ADDS = PointsLine(fact="adds", maximum=Fraction(30), full_at=3)
GATED = PointsLine(
    fact="people", maximum=Fraction(20), full_at=4, gate=fact("adds").at_least(1), text=Text.of("trained people")
)  # fmt: skip
CARD = Scorecard(FACTS, (Track("main", (ADDS, GATED), Text.of("Main track")), Track("other", (ADDS,))))


@pytest.mark.parametrize(
    ("values", "lines"),
    [
        (
            {"adds": 1, "people": 1},
            [
                "points on Main track: 15",
                "  new customers: 1 gives 10 of 30 points",
                "  trained people: 1 gives 5 of 20 points",
                "    ✓ the gate of this line",
                "points on other: 10",
                "  new customers: 1 gives 10 of 30 points",
            ],
        ),
        (
            {"adds": 0, "people": None},
            [
                "points on Main track: 0",
                "  new customers: 0 gives 0 of 30 points",
                "  trained people: unknown gives 0 of 20 points",
                "    ✗ the gate of this line",
                "points on other: 0",
                "  new customers: 0 gives 0 of 30 points",
            ],
        ),
    ],
)
def test_each_track_is_said_with_its_lines_and_what_each_could_give(
    values: dict[str, Any], lines: list[str]
) -> None:
    said = said_of_scores(CARD, CARD.scores(FactSheet.of(FACTS, values), DAY))
    assert [line for one in said for line in put_into_words(one, "en").lines()] == lines
    assert [part.truth for one in said for part in one.parts] == [None] * 3
    assert [gate.truth for part in said[0].parts for gate in part.parts] == [
        Truth.MET if values["adds"] else Truth.UNMET
    ]


WELL = Standing(level="gold", since=DAY, judged_on=DAY)
SET = Override(level="gold", reason="merger", author="Kato", period=DateRange(date(2025, 5, 1), date(2025, 6, 1)))  # fmt: skip
KEPT_FOR = attrs.evolve(WELL, guarantee=Guarantee(level="silver", until=date(2026, 5, 10)))
FALLEN = attrs.evolve(
    WELL, below_since=date(2025, 4, 1), grace_until=date(2025, 7, 1), notice_until=date(2025, 8, 1)
)
BY_HAND = "set by Kato through May 31, 2025: merger"
GRANTED = "silver is guaranteed until May 10, 2026"


@pytest.mark.parametrize(
    ("before", "after", "action", "lines"),
    [
        (None, WELL, Action.PLACED, []),
        (None, KEPT_FOR, Action.PLACED, [GRANTED]),
        (WELL, KEPT_FOR, Action.UPGRADED, [GRANTED]),
        (WELL, KEPT_FOR, Action.GUARANTEED, [GRANTED]),
        (WELL, KEPT_FOR, Action.KEPT, []),  # nothing hangs on it
        (WELL, KEPT_FOR, Action.DOWNGRADED, []),
        (
            WELL,
            FALLEN,
            Action.IN_GRACE,
            ["below the level since April 1, 2025", "grace until July 1, 2025", "notice runs until August 1, 2025"],
        ),
        (attrs.evolve(WELL, override=SET), attrs.evolve(WELL, override=SET), Action.OVERRIDDEN, [BY_HAND]),
        (attrs.evolve(WELL, override=SET), WELL, Action.KEPT, [BY_HAND]),  # it has ended
        (attrs.evolve(WELL, override=SET), attrs.evolve(WELL, override=SET), Action.KEPT, []),  # it has not begun
        (WELL, attrs.evolve(WELL, override=SET), Action.KEPT, []),
    ],
)  # fmt: skip
def test_the_days_are_said_until_when_a_level_is_kept_granted_or_set(
    before: Standing | None, after: Standing, action: Action, lines: list[str]
) -> None:
    assert [put_into_words(one, "en").text for one in said_of_standing(before, after, action)] == lines
