"""What a law says about counting a period: what no rule can say, and what it leaves open."""

import datetime
from typing import Any

import attrs
import pytest

from prmcore.contracts.periods import (
    Ambiguity,
    Counted,
    CountedHours,
    PeriodRule,
    PeriodStep,
    Rolls,
    counted,
)
from prmcore.errors import InvalidInput
from prmcore.values import Length
from prmcore.values.wire import to_plain

D = datetime.date
HOUSE: dict[str, Any] = {"id": "house", "jurisdiction": "the parties", "source": "clause 12.3"}
WEEKEND = frozenset({5, 6})


@pytest.mark.parametrize("record", [Ambiguity, Counted, CountedHours, PeriodRule, PeriodStep])
def test_each_record_is_written_with_the_names_of_its_parts(record: Any) -> None:
    assert all(field.kw_only for field in attrs.fields(record))


def test_a_rule_that_says_nothing_counts_from_the_day_after_to_the_corresponding_day_and_is_law() -> None:
    assert to_plain(PeriodRule(**HOUSE)) == {
        **HOUSE, "first_day": "excluded", "month_end": "corresponding", "rolls": "never", "no_end_on": [], "clear_back": False,
        "short_days": 0, "least_business_days": 0, "hours": None, "hours_roll": False, "is_law": True,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("parts", "faults"),
    [
        ({"id": ""}, ["found ''; accepted: an id of 1 to 200 characters @ id"]),
        *(({name: empty}, [f"found nothing; accepted: some text @ {name}"])
          for name in ("jurisdiction", "source") for empty in ("", " ", None)),
        *(({name: number}, [f"found {number!r}; accepted: 0 to 31 @ {name}"])
          for name in ("short_days", "least_business_days") for number in (-1, 32, True)),
        ({"no_end_on": frozenset({6, 7})}, ["found [6, 7]; accepted: 0 (Monday) to 6, not all @ no_end_on"]),
        ({"no_end_on": frozenset({-1})}, ["found [-1]; accepted: 0 (Monday) to 6, not all @ no_end_on"]),
        ({"no_end_on": frozenset(range(7)), "rolls": Rolls.ONWARD},
         ["found [0, 1, 2, 3, 4, 5, 6]; accepted: 0 (Monday) to 6, not all @ no_end_on"]),
        *(({"no_end_on": WEEKEND, "rolls": rolls}, [f"found weekdays; accepted with {rolls}: none @ no_end_on"])
          for rolls in (Rolls.NEVER, Rolls.BY_CUSTOM)),
        ({"hours_roll": True}, ["found yes; accepted with it: hours, that say from when they count @ hours_roll"]),
    ],
)  # fmt: skip
def test_a_rule_that_cannot_be_is_refused_at_its_part(parts: dict[str, Any], faults: list[str]) -> None:
    with pytest.raises(InvalidInput) as refused:
        PeriodRule(**{**HOUSE, **parts})
    assert list(map(str, refused.value.faults)) == faults


@pytest.mark.parametrize(
    "parts",
    [
        *({name: number} for name in ("short_days", "least_business_days") for number in (0, 31)),
        *({"no_end_on": days, "rolls": rolls} for days in (frozenset({0}), frozenset(range(6)), frozenset(range(1, 7)))
          for rolls in (Rolls.FORWARD_ONLY, Rolls.ONWARD)),
    ],
)  # fmt: skip
def test_a_rule_may_leave_out_all_weekdays_but_one_and_a_month_of_days(parts: dict[str, Any]) -> None:
    rule = PeriodRule(**{**HOUSE, **parts})
    assert {name: getattr(rule, name) for name in parts} == parts


def test_a_period_is_over_on_the_day_after_its_last() -> None:
    assert counted(PeriodRule(**HOUSE), D(2026, 1, 30), Length.of("1 day")).over_on == D(2026, 2, 1)
