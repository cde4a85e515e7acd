"""Decisions: when two are the same, and how one is recorded and replayed years later."""

import datetime
import json
import pickle
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prmcore.decisions import (
    FactField,
    FactSchema,
    FactSheet,
    Kind,
    Ladder,
    Lines,
    PolicyVersions,
    ReplayDiffers,
    Rule,
    RuleReason,
    ScoreLine,
    Truth,
    fact,
    recorded,
    replayed,
    rung,
)  # fmt: skip
from prmcore.errors import InvalidInput
from prmcore.values import Dated, DateRange, Money, NothingOn, Rate

D = datetime.date
DAY = D(2026, 3, 31)
SCHEMA = FactSchema("facts", tuple(FactField(kind.value, kind) for kind in Kind))
VALUES: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.BOOL: st.booleans(),
    Kind.COUNT: st.integers(),
    Kind.NUMBER: st.one_of(
        st.integers(-(10**9), 10**9), st.fractions(-9, 9, max_denominator=999), st.decimals(-9, 9, places=5)
    ),
    Kind.MONEY: st.builds(Money, st.sampled_from(["EUR", "JPY"]), st.integers(-(10**12), 10**12)),
    Kind.RATE: st.fractions(-9, 9, max_denominator=999).map(Rate.of),
    Kind.DATE: st.dates(),
    Kind.CODE: st.text(max_size=5),
    Kind.CODES: st.frozensets(st.text(max_size=3), max_size=4),
}
SHEETS = st.builds(
    lambda *values: FactSheet(SCHEMA, values), *(st.one_of(st.none(), VALUES[kind]) for kind in Kind)
)


def ladder(name: str = "tiers/2026", users: int = 10, facts: Any = SCHEMA) -> Ladder[Any, str]:
    return Ladder(name, facts=facts, otherwise="none", rungs=(rung("gold", fact("count").at_least(users)),))


def sheet(count: int | None) -> FactSheet:
    return FactSheet.of(SCHEMA, {"count": count})


def test_decisions_are_equal_when_the_same_policy_decided_the_same() -> None:
    decision = ladder().decide(sheet(12), DAY)
    assert decision == ladder().decide(sheet(12), DAY)  # another object, the same document
    assert hash(decision) == hash(ladder().decide(sheet(12), DAY))
    assert decision != ladder("tiers/2027").decide(sheet(12), DAY)
    assert decision != ladder().decide(sheet(13), DAY)
    assert decision != ladder().decide(sheet(12), D(2026, 4, 1))
    assert repr(decision) == "Decision('gold', 'tiers/2026', as_of=2026-03-31)"


def test_a_record_holds_plain_values_that_can_be_read() -> None:
    facts = FactSheet.of(
        SCHEMA,
        {
            "bool": True, "count": 12, "number": Decimal("2.50"), "money": Money.of("12.50", "EUR"),
            "rate": Rate(1, 3), "date": D(2026, 1, 31), "code": "JP", "codes": frozenset({"b", "a"}),
        },
    )  # fmt: skip
    assert recorded(ladder().decide(facts, DAY)) == {
        "policy": "tiers/2026", "as_of": "2026-03-31", "mask": 1, "outcome": "gold",
        "facts": {
            "bool": True, "count": 12, "number": "2.50", "money": "12.50 EUR", "rate": "1/3", "date": "2026-01-31",
            "code": "JP", "codes": ["a", "b"],
        },
    }  # fmt: skip


@given(SHEETS)
def test_a_decision_is_replayed_from_its_record_through_json(facts: FactSheet) -> None:
    decision = ladder().decide(facts, DAY)
    record = json.loads(json.dumps(recorded(decision)))
    again = replayed(record, [ladder("tiers/2025", 5), ladder()])
    assert again == decision


@attrs.frozen
class Facts:
    count: int | None
    share: Fraction | None = None


def test_facts_of_a_class_are_replayed_as_that_class() -> None:
    policy = ladder(facts=Facts)
    decision = policy.decide(Facts(3, Fraction(1, 3)), DAY)
    assert replayed(recorded(decision), [policy]).facts == Facts(3, Fraction(1, 3))


def test_a_policy_that_was_changed_under_its_name_is_found_out() -> None:
    record = recorded(ladder().decide(sheet(12), DAY))
    with pytest.raises(ReplayDiffers) as caught:
        replayed(record, [ladder(users=15)])
    assert str(caught.value) == (
        "the decision of 'tiers/2026' for 2026-03-31 was gold; replayed it is none. A published "
        "version must not change: publish the change under a new version"
    )
    again: Any = pickle.loads(pickle.dumps(caught.value))
    assert (again.record["outcome"], again.now["outcome"]) == ("gold", "none")


def test_another_mask_with_the_same_outcome_is_a_difference_too() -> None:
    seen = [Truth.UNMET]
    rule = Rule("moody", lambda facts, as_of: RuleReason(seen[0]))
    policy = Ladder[FactSheet, str](
        "p", facts=SCHEMA, otherwise="no", rungs=(rung("yes", fact("count").at_least(10), rule),)
    )
    record = recorded(policy.decide(sheet(5), DAY))
    seen[0] = Truth.UNKNOWN
    with pytest.raises(ReplayDiffers) as caught:
        replayed(record, [policy])
    # of two criteria, the second is not met in the record; unknown, it has the bit above both
    assert "was no (criteria 0); replayed it is no (criteria 1000)." in str(caught.value)


def test_an_outcome_of_several_parts_is_told_part_by_part() -> None:
    def policy(points: int) -> Lines[FactSheet]:
        return Lines("score/2026", facts=SCHEMA, lines=(ScoreLine(points=points),))

    with pytest.raises(ReplayDiffers) as caught:
        replayed(recorded(policy(5).decide(sheet(1), DAY)), [policy(7)])
    assert str(caught.value).startswith(
        "the decision of 'score/2026' for 2026-03-31 was lines ['5'], points 5; replayed it is lines ['7'], points 7."
    )


def test_a_record_needs_its_parts_and_may_be_kept_with_others() -> None:
    record = {**recorded(ladder().decide(sheet(12), DAY)), "id": 7}
    assert replayed(record, [ladder()]).outcome == "gold"
    del record["facts"], record["mask"]
    with pytest.raises(InvalidInput) as refused:
        replayed({**record, "as_of": "today"}, [ladder()])
    assert refused.value.title == "the record cannot be read"
    assert sorted(fault.path for fault in refused.value.faults) == ["as_of", "facts", "mask"]


def test_a_record_of_an_unknown_policy_is_refused() -> None:
    record = recorded(ladder().decide(sheet(12), DAY))
    with pytest.raises(InvalidInput, match="unknown policy 'tiers/2026'; did you mean 'tiers/2025'"):
        replayed(record, [ladder("tiers/2025")])


def test_the_version_in_force_on_the_day_decides() -> None:
    first, second = ladder("tiers/2025", 10), ladder("tiers/2026", 20)
    versions = PolicyVersions(Dated.starting({D(2025, 1, 1): first, D(2026, 1, 1): second}))
    assert [versions.decide(sheet(15), day).outcome for day in (D(2025, 12, 31), D(2026, 1, 1))] == [
        "gold",
        "none",
    ]
    assert versions.on(DAY) is second
    assert list(versions) == [first, second]
    assert pickle.loads(pickle.dumps(versions)) == versions
    with pytest.raises(NothingOn, match="nothing is in force on 2024-12-31"):
        versions.decide(sheet(15), D(2024, 12, 31))


def test_versions_that_overlap_are_refused_and_gaps_are_found() -> None:
    with pytest.raises(InvalidInput, match="overlap"):
        PolicyVersions(Dated(((DateRange(D(2025, 1, 1)), ladder()), (DateRange(D(2026, 1, 1)), ladder()))))
    versions = PolicyVersions(
        Dated(((DateRange(D(2025, 1, 1), D(2026, 1, 1)), ladder()), (DateRange(D(2026, 2, 1)), ladder())))
    )
    assert versions.versions.gaps(DateRange(D(2025, 6, 1), D(2027, 1, 1))) == (
        DateRange(D(2026, 1, 1), D(2026, 2, 1)),
    )
