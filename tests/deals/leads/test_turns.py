"""The weighted round: exact shares, and no member pays for what another does."""

from collections import Counter
from collections.abc import Callable
from fractions import Fraction

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prmcore.deals.leads import Turn, Turns
from prmcore.errors import InvalidInput
from prmcore.values.wire import from_plain, to_plain

WEIGHTS = st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 5), min_size=1)


def play(turns: Turns, count: int) -> tuple[Turns, list[str]]:
    given_ = []
    for _ in range(count):
        partner = turns.fairest(turns.members)
        assert partner is not None
        given_.append(partner)
        turns = turns.taken((partner,))
    return turns, given_


@given(WEIGHTS, st.integers(1, 4))
def test_after_k_rounds_every_member_has_exactly_k_times_its_weight(
    weights: dict[str, int], rounds: int
) -> None:
    _, found = play(Turns.of("pool", weights), rounds * sum(weights.values()))
    assert Counter(found) == {partner: rounds * weight for partner, weight in weights.items()}


@given(WEIGHTS, st.integers(0, 30))
def test_at_any_time_no_member_is_a_whole_lead_below_its_share(weights: dict[str, int], count: int) -> None:
    """Lower quota, which the divisor method of D'Hondt keeps."""
    _, found = play(Turns.of("pool", weights), count)
    for partner, weight in weights.items():
        assert found.count(partner) > Fraction(count * weight, sum(weights.values())) - 1


@given(WEIGHTS, st.integers(0, 30), st.data())
def test_a_member_that_leaves_changes_nothing_for_those_who_stay(
    weights: dict[str, int], count: int, data: st.DataObject
) -> None:
    turns, _ = play(Turns.of("pool", weights), count)
    gone = data.draw(st.sampled_from(sorted(weights)))
    rest = {partner: weight for partner, weight in weights.items() if partner != gone}
    left = turns.with_members(rest)
    assert left.turns == tuple(one for one in turns.turns if one.partner != gone)
    assert left.by_fairness(rest) == [one for one in turns.by_fairness(weights) if one != gone]


@given(WEIGHTS, st.integers(0, 30))
def test_a_member_that_joins_does_not_catch_up_on_what_came_before_it(
    weights: dict[str, int], count: int
) -> None:
    """It starts with the least far: in the next round it gets no more than its weight and one."""
    turns, _ = play(Turns.of("pool", weights), count)
    joined = turns.with_members({**weights, "new": 1})
    _, found = play(joined, sum(weights.values()) + 1)
    assert found.count("new") <= 2


@given(WEIGHTS, st.integers(0, 30))
def test_a_round_goes_through_plain_values_without_loss(weights: dict[str, int], count: int) -> None:
    turns, _ = play(Turns.of("pool", weights), count)
    assert from_plain(to_plain(turns), Turns) == turns


def test_a_weight_of_two_is_spread_over_the_round() -> None:
    """By hand: next is passed + 1/weight. a: 1/2, b: 1 -> a; a: 1 before b: 1 by order -> a; b; and so on."""
    assert play(Turns.of("pool", {"a": 2, "b": 1}), 6)[1] == ["a", "a", "b", "a", "a", "b"]


def test_whoever_is_no_member_has_no_turn() -> None:
    assert Turns.of("pool", {"a": 1}).fairest({"z"}) is None
    assert Turns.of("pool", {"a": 1}).taken(("z",)).turns == (Turn(partner="a"),)


def test_a_weight_of_zero_or_a_member_twice_is_refused() -> None:
    with pytest.raises(InvalidInput, match="weight"):
        Turn(partner="a", weight=0)
    with pytest.raises(InvalidInput, match="twice"):
        Turns(id="pool", turns=(Turn(partner="a"), Turn(partner="a")))


def test_every_part_of_a_turn_is_given_by_name_and_nothing_has_passed_at_first() -> None:
    assert all(field.kw_only for record in (Turn, Turns) for field in attrs.fields(record))
    first = Turn(partner="a")
    assert (first.weight, first.passed, first.last, first.next) == (1, Fraction(0), 0, Fraction(1))
    assert Turns.of("pool", {}).given == 0


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: Turn(partner=""),
         "the turn of '' cannot be used: 1 fault\n  found ''; accepted: an id of 1 to 200 characters @ partner"),
        (lambda: Turn(partner="a", weight=0),
         "the turn of 'a' cannot be used: 1 fault\n  found 0; accepted: a whole number from 1 to 100000 @ weight"),
        (lambda: Turn(partner="a", weight=100_001),
         "the turn of 'a' cannot be used: 1 fault\n  found 100001; accepted: a whole number from 1 to 100000 @ weight"),
        (lambda: Turns.of("", {}),
         "the turns '' cannot be used: 1 fault\n  found ''; accepted: an id of 1 to 200 characters @ id"),
        (lambda: Turns(id="pool", turns=(Turn(partner="a"), Turn(partner="a"))),
         "the turns 'pool' cannot be used: 1 fault\n  'a' stands here twice @ turns"),
    ],
)  # fmt: skip
def test_a_turn_says_what_is_wrong_with_it(build: Callable[[], object], message: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        build()
    assert str(refused.value) == message


def test_a_turn_moves_a_partner_on_by_one_over_its_weight_and_counts_the_lead() -> None:
    """By hand: a of weight two is at 1/2 after its first lead, b at 1 after its own, the second."""
    turns = Turns.of("pool", {"a": 2, "b": 1, "c": 1}).taken(("a",)).taken(("b", "z"))
    assert turns == Turns(
        id="pool", given=2,
        turns=(
            Turn(partner="a", weight=2, passed=Fraction(1, 2), last=1), Turn(partner="b", passed=Fraction(1), last=2),
            Turn(partner="c"),
        ),
    )  # fmt: skip
    assert turns.members == {"a", "b", "c"}
    assert turns.by_fairness({"a", "b", "c", "z"}) == [
        "a",
        "c",
        "b",
    ]  # next: 1, 1 and 2; of a and c the first in order
    assert turns.by_waiting({"a", "b", "c", "z"}) == ["c", "a", "b"]
    assert turns.by_waiting({"a", "b"}) == ["a", "b"]
    both = Turns.of("pool", {"a": 1, "b": 1}).taken(("a", "b"))
    assert (both.given, [one.last for one in both.turns]) == (1, [1, 1])


def test_members_that_join_start_with_whoever_of_those_who_stay_is_least_far() -> None:
    turns = Turns.of("pool", {"a": 2, "b": 1, "c": 1}).taken(("a",)).taken(("b",))
    changed = turns.with_members({"d": 3, "b": 4, "a": 2})
    assert changed.turns == (
        Turn(partner="a", weight=2, passed=Fraction(1, 2), last=1), Turn(partner="b", weight=4, passed=Fraction(1), last=2),
        Turn(partner="d", weight=3, passed=Fraction(1, 2)),
    )  # fmt: skip
    assert turns.with_members({"x": 1}).turns == (Turn(partner="x"),)  # nobody stays: a new round
