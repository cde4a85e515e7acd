"""Who of a territory takes the next account; every expected order was worked out by hand from the counts beside it."""

from fractions import Fraction
from typing import Any

import pytest

from prmcore.decisions.explain import put_into_words
from prmcore.errors import InvalidInput
from prmcore.territory.coverage import (
    CoverageModel,
    Distribution,
    Handed,
    Member,
    Territory,
    Turns,
    handed,
)
from prmcore.territory.coverage.distribution import checked_turns
from prmcore.values import Text

ROUND_ROBIN, CAPACITY, SCORE = Distribution.ROUND_ROBIN, Distribution.CAPACITY, Distribution.SCORE
ANN, BOB, CY = Member(id="ann"), Member(id="bob"), Member(id="cy")


def east(*members: Member, by: Distribution = ROUND_ROBIN, fallback: str | None = None) -> Territory:
    return Territory(name="east", members=members, distribution=by, fallback=fallback)


def model(*territories: Territory) -> CoverageModel:
    return CoverageModel(name="coverage/1", dimensions=(), territories=territories, rules=())


def given(**counts: int) -> dict[str, Turns]:
    """The turns of the east."""
    return {"east": Turns(territory="east", given=tuple(sorted(counts.items())))}


def one_of(*territories: Territory, turns: dict[str, Turns] | None = None, **more: Any) -> Handed:
    return handed(model(*territories), "east", turns or {}, **more)


def taken(territory: Territory, count: int, turns: dict[str, Turns] | None = None) -> list[str | None]:
    """The members that take so many accounts, one after the other."""
    found, now = [], dict(turns or {})
    for _ in range(count):
        one = one_of(territory, turns=now)
        found.append(one.member)
        now = dict(one.turns)
    return found


def told(one: Handed) -> list[str]:
    return [put_into_words(said, "en").text for said in one.steps]


# by turns


def test_members_take_turns_in_their_order() -> None:
    assert taken(east(ANN, BOB, CY), 5) == ["ann", "bob", "cy", "ann", "bob"]


def test_a_member_that_leaves_does_not_reset_whose_turn_it_is() -> None:
    # of five accounts ann had two, bob two and cy one: cy is next, whoever leaves
    turns = given(ann=2, bob=2, cy=1)
    assert taken(east(BOB, CY), 3, turns) == ["cy", "bob", "cy"]
    assert taken(east(ANN, CY), 3, turns) == ["cy", "ann", "cy"]


def test_a_member_that_comes_back_has_the_turns_it_had() -> None:
    without_ann = one_of(east(BOB, CY), turns=given(ann=2, bob=2, cy=1))
    assert without_ann.turns == given(ann=2, bob=2, cy=2)


def test_a_member_that_joins_is_not_flooded() -> None:
    # cy begins with the four that the least served had, and so has one in three
    assert taken(east(ANN, BOB, CY), 6, given(ann=4, bob=4)) == ["ann", "bob", "cy"] * 2


def test_a_member_that_joins_with_a_weight_begins_with_its_share() -> None:
    # ann has had 3 at weight 1; cy begins with 6 at weight 2. 3 | 3: ann. 4 | 3: cy. 4 | 3.5: cy. 4 | 4: ann.
    assert taken(east(ANN, Member(id="cy", weight=2)), 4, given(ann=3)) == ["ann", "cy", "cy", "ann"]


def test_a_member_of_weight_three_takes_three_of_four() -> None:
    # turns by weight, ann | bob: 0 | 0 ann, 1/3 | 0 bob, 1/3 | 1 ann, 2/3 | 1 ann; 1 | 1, and so on
    territory = east(Member(id="ann", weight=3), BOB)
    assert taken(territory, 8) == ["ann", "bob", "ann", "ann"] * 2


def test_a_full_member_is_passed_over_and_keeps_its_turn() -> None:
    territory = east(Member(id="ann", capacity=2), BOB)
    full = one_of(territory, loads={"ann": 2})
    assert (full.member, full.turns) == ("bob", given(ann=0, bob=1))
    assert one_of(territory, turns=dict(full.turns), loads={"ann": 1}).member == "ann"


def test_a_member_that_is_away_is_passed_over() -> None:
    assert one_of(east(ANN, BOB), unavailable=frozenset({"ann"})).member == "bob"


def test_the_same_state_gives_the_same_member_and_is_left_as_it_was() -> None:
    turns = given(ann=1, bob=0)
    first, second = (one_of(east(ANN, BOB), turns=turns) for _ in range(2))
    assert first == second
    assert (first.member, turns) == ("bob", given(ann=1, bob=0))


def test_why_somebody_is_next_is_told() -> None:
    one = one_of(east(Member(id="ann", weight=3), BOB), turns=given(ann=4, bob=1))
    assert told(one) == ["bob is next by turns: it had 1, at weight 1"]


# by room


def test_the_member_with_most_room_takes_the_account() -> None:
    territory = east(Member(id="ann", capacity=10), Member(id="bob", capacity=5), by=CAPACITY)
    one = one_of(territory, loads={"ann": 7, "bob": 1})  # room for 3 and for 4
    assert (one.member, told(one)) == ("bob", ["bob has most room: 1 of 5 are taken"])
    assert one_of(territory, loads={"ann": 5, "bob": 1}).member == "ann"  # for 5 and for 4


def test_members_with_as_much_room_take_turns() -> None:
    territory = east(Member(id="ann", capacity=4), Member(id="bob", capacity=6), by=CAPACITY)
    assert one_of(territory, loads={"ann": 1, "bob": 3}, turns=given(ann=1, bob=0)).member == "bob"


def test_a_member_that_takes_any_number_comes_after_those_with_room() -> None:
    territory = east(ANN, Member(id="bob", capacity=1), by=CAPACITY)
    assert one_of(territory).member == "bob"
    assert one_of(territory, loads={"bob": 1}).member == "ann"


def test_of_members_that_take_any_number_the_one_with_fewest_accounts_is_next() -> None:
    assert one_of(east(ANN, BOB, by=CAPACITY), loads={"ann": 3, "bob": 2}).member == "bob"


@pytest.mark.parametrize(
    ("changed", "path"),
    [({"id": ""}, "id"), ({"weight": 0}, "weight"), ({"weight": 1001}, "weight"), ({"weight": True}, "weight"),
     ({"capacity": -1}, "capacity"), ({"capacity": 1.5}, "capacity"), ({"capacity": True}, "capacity")],
)  # fmt: skip
def test_a_member_has_an_id_a_weight_and_room(changed: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        Member(**{"id": "ann", **changed})
    assert [fault.path for fault in refused.value.faults] == [path]


def test_a_capacity_of_none_at_all_takes_nothing() -> None:
    one = one_of(east(Member(id="ann", capacity=0)))
    assert (one.member, one.territory, told(one)) == (None, "east", ["nobody in east has room"])
    assert one.turns == {}


# falling back


def test_a_territory_in_which_nobody_has_room_falls_back_as_far_as_it_must() -> None:
    full = Member(id="ann", capacity=1)
    west = Territory(name="west", members=(Member(id="bob", capacity=1),), fallback="house")
    house = Territory(name="house", members=(CY,))
    territories = (east(full, fallback="west"), west, house)
    near = one_of(*territories, loads={"ann": 1})
    assert (near.member, near.territory) == ("bob", "west")
    far = one_of(*territories, loads={"ann": 1, "bob": 1})
    assert (far.member, far.territory, set(far.turns)) == ("cy", "house", {"house"})
    assert told(far) == [
        "nobody in east has room",
        "nobody in west has room",
        "cy is next by turns: it had 0, at weight 1",
    ]


def test_a_territory_without_members_takes_what_falls_back_on_it() -> None:
    one = one_of(
        east(Member(id="ann", capacity=1), fallback="west"), Territory(name="west"), loads={"ann": 1}
    )
    assert (one.member, one.territory) == (None, "west")


# by score


def test_the_highest_score_takes_the_account_and_no_score_comes_last() -> None:
    territory = east(ANN, BOB, CY, by=SCORE)
    one = one_of(territory, scores={"bob": -1, "cy": 7})
    assert (one.member, told(one)) == ("cy", ["cy has the highest score: 7"])
    assert one_of(territory, scores={"bob": -1}).member == "bob"


def test_scores_are_compared_exactly() -> None:
    third = Fraction(1, 3)
    scores = {"ann": third, "bob": third + Fraction(1, 10**30)}  # alike, had they been floats
    assert one_of(east(ANN, BOB, by=SCORE), scores=scores).member == "bob"


def test_members_of_one_score_take_turns() -> None:
    territory = east(ANN, BOB, by=SCORE)
    assert one_of(territory, scores={"ann": 5, "bob": 5}, turns=given(ann=1, bob=0)).member == "bob"


def test_the_highest_score_without_room_is_passed_over() -> None:
    territory = east(Member(id="ann", capacity=1), BOB, by=SCORE)
    assert one_of(territory, scores={"ann": 9, "bob": 1}, loads={"ann": 1}).member == "bob"


# counters


def test_two_counters_of_one_territory_are_refused() -> None:
    with pytest.raises(InvalidInput, match="the turns of 'east' are given twice"):
        checked_turns([Turns(territory="east"), Turns(territory="east", given=(("ann", 1),))])


# what is not said


def test_who_has_no_accounts_yet_has_all_its_room() -> None:
    """Ann has room for two of two, bob for two of three: whoever stands first is next."""
    ann, bob = Member(id="ann", capacity=2), Member(id="bob", capacity=3)
    for members, first in (((ann, bob), "ann"), ((bob, ann), "bob")):
        assert one_of(east(*members, by=CAPACITY), loads={"bob": 1}).member == first
    assert told(one_of(east(ann, by=CAPACITY))) == ["ann has most room: 0 of 2 are taken"]
    for members, first in (((ANN, BOB), "ann"), ((BOB, ANN), "bob")):  # any number, and none yet
        assert one_of(east(*members, by=CAPACITY), loads={"bob": 0}).member == first


def test_one_account_less_than_its_capacity_is_room() -> None:
    territory = east(Member(id="ann", capacity=1), fallback=None)
    assert one_of(territory).member == "ann"
    assert one_of(territory, loads={"ann": 1}).member is None


def test_members_without_a_score_take_turns() -> None:
    for members, first in (((ANN, BOB), "ann"), ((BOB, ANN), "bob")):
        assert one_of(east(*members, by=SCORE)).member == first
    assert one_of(east(ANN, BOB, by=SCORE), turns=given(ann=1, bob=0)).member == "bob"


def test_a_territory_without_members_keeps_the_turns_as_they_are() -> None:
    turns = given(ann=1)
    one = one_of(east(), turns=turns)
    assert (one.member, one.territory, one.turns, one.steps) == (None, "east", turns, ())


def test_other_territories_keep_their_turns() -> None:
    west = {"west": Turns(territory="west", given=(("cy", 3),))}
    one = one_of(east(ANN, BOB), turns={**given(ann=1, bob=0), **west})
    assert one.turns == {**given(ann=1, bob=1), **west}
    assert Turns(territory="east").given == ()


def test_a_territory_is_called_by_its_text_when_nobody_has_room() -> None:
    full = Territory(name="east", members=(Member(id="ann", capacity=0),), text=Text.of("Team East"))
    assert told(one_of(full)) == ["nobody in Team East has room"]


def test_counters_are_found_by_territory() -> None:
    east_turns, west_turns = Turns(territory="east"), Turns(territory="west", given=(("cy", 3),))
    assert checked_turns([west_turns, east_turns]) == {"east": east_turns, "west": west_turns}
