"""The records of tier evaluation: what they cannot be, and what they leave open."""

from datetime import date
from typing import Any

import attrs
import pytest

from prmcore.errors import InvalidInput
from prmcore.tiers import Action, Guarantee, InitialLevel, Movement, Override, Standing, TierFacts, When
from prmcore.values import DateRange

YEAR = DateRange(date(2025, 1, 1), date(2026, 1, 1))
KATO: dict[str, Any] = {"level": "gold", "reason": "merger", "author": "Kato", "period": YEAR}


@pytest.mark.parametrize("record", [Guarantee, Movement, Override, Standing])
def test_each_record_is_written_with_the_names_of_its_parts(record: Any) -> None:
    assert all(field.kw_only for field in attrs.fields(record))


def test_a_movement_that_says_nothing_is_up_at_once_and_down_at_the_end_of_a_quarter() -> None:
    assert attrs.asdict(Movement()) == {
        "upgrade": When.AT_ONCE, "downgrade": When.AT_REVIEW, "review": "quarter", "grace_months": None, "notice_days": None,
        "approval": frozenset(), "one_step_down": False, "initial": None, "term_months": None,
    }  # fmt: skip


def test_only_four_actions_give_another_level() -> None:
    assert {action.value for action in Action if action.moves} == {
        "placed", "upgraded", "downgraded", "overridden",
    }  # fmt: skip


NUMBERS = ("grace_months", "notice_days", "term_months")


@pytest.mark.parametrize(
    ("parts", "faults"),
    [
        ({"review": "week"}, ["found 'week'; accepted: month, quarter, half, year @ review"]),
        *(({name: number}, [f"found {number}; accepted: 1 to 1200, or nothing @ {name}"])
          for name in NUMBERS for number in (0, 1201, True)),
        ({"approval": frozenset({"upgrade", "sideways", "aside"})},
         [f"found {move!r}; accepted: upgrade, downgrade @ approval" for move in ("aside", "sideways")]),
        ({"initial": InitialLevel("gold", 0)}, ["found 0; accepted: 1 to 1200 @ initial.months"]),
        ({"initial": InitialLevel("gold", 1201)}, ["found 1201; accepted: 1 to 1200 @ initial.months"]),
        ({"initial": InitialLevel("gold", 7), "term_months": 6},
         ["is longer than the term for which every level is kept @ initial.months"]),
        ({"initial": InitialLevel("gold", 0), "term_months": 6}, ["found 0; accepted: 1 to 1200 @ initial.months"]),
    ],
)  # fmt: skip
def test_a_movement_that_cannot_be_is_refused_at_its_part(parts: dict[str, Any], faults: list[str]) -> None:
    with pytest.raises(InvalidInput) as refused:
        Movement(**parts)
    assert list(map(str, refused.value.faults)) == faults


@pytest.mark.parametrize(
    "parts",
    [
        *({"review": review} for review in ("month", "quarter", "half", "year")),
        *({name: number} for name in NUMBERS for number in (None, 1, 1200)),
        {"approval": frozenset({"upgrade", "downgrade"})},
        *({"initial": InitialLevel("gold", months)} for months in (1, 1200)),
        {"initial": InitialLevel("gold", 6), "term_months": 6},  # as long as the term
    ],
)
def test_a_movement_may_be_as_long_as_a_hundred_years(parts: dict[str, Any]) -> None:
    assert {name: getattr(Movement(**parts), name) for name in parts} == parts


@pytest.mark.parametrize(
    ("parts", "fault"),
    [
        *(({name: empty}, f"is empty @ {name}") for name in ("level", "reason", "author") for empty in ("", " ")),
        ({"period": DateRange(date(2025, 1, 1))}, "has no end; an override expires @ period"),
    ],
)  # fmt: skip
def test_an_override_that_cannot_be_is_refused_at_its_part(parts: dict[str, Any], fault: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        Override(**{**KATO, **parts})
    assert list(map(str, refused.value.faults)) == [fault]
    assert Override(**KATO).period == YEAR


def test_a_partner_without_a_standing_is_new_and_its_metrics_are_of_the_day() -> None:
    facts = TierFacts({"users": 1})
    assert (facts.standing, facts.data_as_of) == (None, None)
