"""Trees, and the world as one of them."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prmcore.errors import InvalidInput
from prmcore.values import Tree, geography

CODES = "abcdefgh"
# each code below an earlier one, or at the top: always a tree
TREES = st.tuples(*(st.sampled_from([None, *CODES[:place]]) for place in range(len(CODES)))).map(
    lambda parents: Tree("drawn", dict(zip(CODES, parents, strict=True)))
)


@given(TREES, st.sampled_from(CODES), st.sampled_from(CODES))
def test_a_code_is_contained_in_whatever_lists_it_below(tree: Tree, outer: str, inner: str) -> None:
    assert tree.contains(outer, inner) == (inner == outer or inner in list(tree.below(outer)))


@given(TREES, st.sampled_from(CODES))
def test_the_children_of_a_code_are_one_level_deeper(tree: Tree, code: str) -> None:
    assert {tree.depth(child) for child in tree.children(code)} <= {tree.depth(code) + 1}
    assert {tree.path(child)[:-1] for child in tree.children(code)} <= {tree.path(code)}


# Placed by hand from the UN's M49 regions and ISO 3166-2.
@pytest.mark.parametrize(
    ("code", "path"),
    [
        ("JP", ("001", "142", "030", "JP")),
        ("JP-13", ("001", "142", "030", "JP", "JP-13")),
        ("CN-BJ", ("001", "142", "030", "CN", "CN-BJ")),
        ("US-CA", ("001", "019", "021", "US", "US-CA")),
        ("GB-LND", ("001", "150", "154", "GB", "GB-ENG", "GB-LND")),
        ("BR", ("001", "019", "005", "BR")),
    ],
)
def test_the_world_goes_down_from_continents_to_subdivisions(code: str, path: tuple[str, ...]) -> None:
    assert geography().path(code) == path


def test_nothing_stands_above_the_world_and_four_codes_above_tokyo() -> None:
    assert [geography().depth(code) for code in ("001", "JP", "JP-13")] == [0, 3, 4]


def test_groups_cut_across_the_tree() -> None:
    world = geography()
    assert world.contains("EU", "FR-75C")
    assert not world.contains("EU", "GB")
    assert world.contains("419", "MX")  # Latin America, though Mexico lies in North America for the UN
    assert world.contains("EU", "EZ")
    assert not world.contains("150", "EZ")  # Cyprus lies in Western Asia for the UN
    assert len(world.children("EU")) == 27
    # the euro area as the European Central Bank lists it: 19 until 2022, Croatia from 2023, Bulgaria from 2026 on
    euro = "AT BE BG CY DE EE ES FI FR GR HR IE IT LT LU LV MT NL PT SI SK"
    assert world.children("EZ") == tuple(euro.split())
    assert set(world.children("EU")) - set(world.children("EZ")) == {"CZ", "DK", "HU", "PL", "RO", "SE"}


def test_every_one_of_japans_47_prefectures_is_there() -> None:
    assert list(geography().below("JP")) == [f"JP-{number:02d}" for number in range(1, 48)]


def test_a_tree_that_is_none_is_refused_with_every_fault() -> None:
    with pytest.raises(InvalidInput) as caught:
        Tree(
            "products",
            {"a": "b", "b": "a", "c": "bikes", "d": None},
            {"d": frozenset(), "g": frozenset({"x"})},
        )
    assert [str(fault) for fault in caught.value.faults] == [
        "unknown parent 'bikes'. There are: a, b, c, d @ c",
        "is a code of the tree and a group too @ d",
        "unknown member 'x'. There are: a, b, c, d @ g",
        "stands below itself: a > b > a @ a",
    ]


@pytest.mark.parametrize(
    ("parents", "fault"),
    [
        ({"a": "a"}, "stands below itself: a > a @ a"),
        # from its smallest code, wherever it was entered
        ({"z": "c", "c": "d", "d": "b", "b": "c"}, "stands below itself: b > c > d > b @ b"),
    ],
)
def test_a_loop_is_told_once_from_its_smallest_code(parents: dict[str, str | None], fault: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        Tree("t", parents)
    assert str(caught.value) == f"the tree 't' cannot be used: 1 fault\n  {fault}"


SHOPS = Tree(
    "shops",
    {"bikes": None, "road": "bikes", "gravel": "bikes", "wide": "gravel", "narrow": "gravel", "hats": None},
    {"outdoor": frozenset({"wide", "hats"})},
)


def test_codes_are_listed_in_order_and_each_before_those_below_it() -> None:
    assert SHOPS.children("bikes") == ("gravel", "road")
    assert list(SHOPS.below("bikes")) == ["gravel", "narrow", "wide", "road"]
    assert (SHOPS.children("outdoor"), SHOPS.children("hats")) == (("hats", "wide"), ())
    assert list(SHOPS.below("outdoor")) == ["hats", "wide"]
    assert ["outdoor" in SHOPS, "hats" in SHOPS, "shoes" in SHOPS] == [True, True, False]
    assert repr(SHOPS) == "Tree('shops': 6 codes)"


def test_a_group_lies_where_all_of_its_members_lie() -> None:
    assert SHOPS.contains("outdoor", "outdoor")
    assert SHOPS.contains("outdoor", "wide")
    assert not SHOPS.contains("outdoor", "gravel")
    assert not SHOPS.contains("bikes", "outdoor")


def test_no_question_is_answered_for_a_code_that_there_is_not() -> None:
    for ask in (
        lambda: SHOPS.contains("shoes", "hats"), lambda: SHOPS.contains("hats", "shoes"),
        lambda: SHOPS.children("shoes"), lambda: list(SHOPS.below("shoes")), lambda: SHOPS.depth("shoes"),
    ):  # fmt: skip
        with pytest.raises(InvalidInput, match=r"unknown code of shops 'shoes'.* There are: bikes, gravel"):
            ask()


def test_an_unknown_code_is_refused_with_the_nearest() -> None:
    with pytest.raises(InvalidInput, match="did you mean 'JP-13'"):
        geography().path("JP-1 3")


def test_a_deep_tree_is_walked_without_recursion() -> None:
    chain: dict[str, str | None] = {"0": None, **{str(place): str(place - 1) for place in range(1, 20_000)}}
    assert sum(1 for _ in Tree("chain", chain).below("0")) == 19_999


def test_a_tree_pickles() -> None:
    assert pickle.loads(pickle.dumps(geography())).path("CN") == ("001", "142", "030", "CN")
    assert pickle.loads(pickle.dumps(SHOPS)) == SHOPS
    assert pickle.loads(pickle.dumps(SHOPS)).children("bikes") == ("gravel", "road")
