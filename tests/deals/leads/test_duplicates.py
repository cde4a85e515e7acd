"""Whether a lead is one that is there already: every part that it is decided by."""

import datetime
from typing import Any

import pytest

from prmcore.deals.leads import (
    DuplicateFacts,
    Lead,
    LeadPolicy,
    Likeness,
    Overlap,
    Same,
    likenesses,
    merged,
    settled,
)
from prmcore.decisions import FactSchema
from prmcore.decisions.explain import explain
from prmcore.errors import InvalidInput
from prmcore.values import Text, Tree

AT = datetime.datetime(2026, 3, 2, 9, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)
POLICY = LeadPolicy()
TREE = Tree("products", {"bikes": None, "road": "bikes", "gravel": "bikes", "helmets": None})


@pytest.mark.parametrize(
    ("record", "words"),
    [
        (DuplicateFacts, {
            "same": ("same account", "同一取引先", "同一客户"),
            "same_contact": ("same contact", "同一連絡先", "同一联系人"),
            "overlap": ("products in common", "共通製品", "共同产品"),
            "days_apart": ("days apart", "間隔日数", "间隔天数"),
        }),
    ],
)  # fmt: skip
def test_facts_are_called_what_people_call_them(record: type, words: dict[str, tuple[str, str, str]]) -> None:
    expected = {name: Text.of(english, ja=ja, zh=zh) for name, (english, ja, zh) in words.items()}
    assert {one.name: one.text for one in FactSchema.of(record).fields if one.text is not None} == expected


def lead(name: str, *products: str, days: int = 0, contact: str | None = None) -> Lead:
    return Lead(
        id=name, program="p", customer="Contoso", made_at=AT + days * DAY, products=frozenset(products), contact=contact
    )  # fmt: skip


@pytest.mark.parametrize(
    ("earlier", "later", "tree", "overlap"),
    [
        ((), ("road",), TREE, Overlap.UNKNOWN),
        (("road",), (), TREE, Overlap.UNKNOWN),
        (("road",), ("road",), None, Overlap.SHARED),
        (("bikes",), ("road",), None, Overlap.APART),
        (("bikes",), ("road",), TREE, Overlap.SHARED),
        (("road",), ("bikes",), TREE, Overlap.SHARED),
        (("road",), ("gravel",), TREE, Overlap.APART),
        (("helmets", "road"), ("bikes", "x"), TREE, Overlap.SHARED),
        (("x",), ("x",), TREE, Overlap.SHARED),  # not in the tree any more
        (("x",), ("bikes",), TREE, Overlap.APART),
        (("bikes",), ("x",), TREE, Overlap.APART),
    ],
)
def test_products_are_in_common_by_the_tree(
    earlier: tuple[str, ...], later: tuple[str, ...], tree: Tree | None, overlap: Overlap
) -> None:
    assert Overlap.of(lead("L-2", *later), lead("L-1", *earlier), tree) is overlap


@pytest.mark.parametrize(
    ("contacts", "same"),
    [(("a", "a"), True), (("a", "b"), False), (("a", None), None), ((None, "a"), None), ((None, None), None)],
)
def test_what_a_likeness_is_decided_by(contacts: tuple[str | None, str | None], same: bool | None) -> None:
    first, second = (
        lead("L-1", "bikes", contact=contacts[0]),
        lead("L-2", "road", days=7, contact=contacts[1]),
    )
    (found,) = likenesses(second, [(first, Same.POSSIBLE)], POLICY, products=TREE)
    assert found.decision.facts == DuplicateFacts(Same.POSSIBLE, same, Overlap.SHARED, 7)
    assert (found.lead, found.decision.as_of) == ("L-1", datetime.date(2026, 3, 9))
    assert found.decision.policy.name == "leads/standard/duplicates"


@pytest.mark.parametrize(
    ("facts", "likeness"),
    [
        ((Same.SAME, None, Overlap.SHARED, 90), Likeness.DUPLICATE),
        ((Same.SAME, None, Overlap.SHARED, 91), Likeness.NEW),
        ((Same.SAME, None, Overlap.UNKNOWN, 90), Likeness.REVIEW),
        ((Same.SAME, None, Overlap.UNKNOWN, 91), Likeness.NEW),
        ((Same.SAME, None, Overlap.APART, 0), Likeness.NEW),
        ((Same.POSSIBLE, None, Overlap.SHARED, 0), Likeness.REVIEW),
        ((Same.DISTINCT, True, Overlap.SHARED, 0), Likeness.REVIEW),
        ((Same.DISTINCT, False, Overlap.SHARED, 0), Likeness.NEW),
        ((Same.DISTINCT, True, Overlap.APART, 0), Likeness.NEW),
    ],
)
def test_a_duplicate_is_of_the_same_account_and_close_by(facts: Any, likeness: Likeness) -> None:
    (found,) = likenesses(lead("L-2", "x", days=1), [(lead("L-1", "x"), Same.SAME)], POLICY)
    assert found.decision.policy.decide(DuplicateFacts(*facts), AT.date()).outcome is likeness


def test_leads_are_held_against_those_that_came_before_in_their_order() -> None:
    new = lead("L-9", "x", days=3)
    given = [(lead(name, "x", days=days), Same.SAME) for name, days in (("L-3", 2), ("L-2", 1), ("L-1", 2))]
    assert [one.lead for one in likenesses(new, given, POLICY)] == ["L-2", "L-1", "L-3"]
    doubled = merged(lead("L-0", "x"), given[1][0], POLICY, by="kim", at=AT).record
    assert [one.lead for one in likenesses(new, [(doubled, Same.SAME), *given], POLICY)] == [
        "L-2",
        "L-1",
        "L-3",
    ]
    at_once = [(lead("L-8", "x", days=3), Same.SAME)]
    assert [one.lead for one in likenesses(new, at_once, POLICY)] == ["L-8"]
    for name in ("L-9", "L-91"):
        with pytest.raises(
            InvalidInput, match=f"'{name}' does not come before 'L-9'; accepted: earlier leads"
        ):
            likenesses(new, [(lead(name, "x", days=3), Same.SAME)], POLICY)


def test_a_duplicate_counts_before_what_a_person_has_to_see_and_each_the_earliest() -> None:
    new = lead("L-9", "x", days=3)
    see, later = (lead("L-1", "x"), Same.POSSIBLE), (lead("L-2", "x", days=1), Same.POSSIBLE)
    sure, again = (lead("L-3", "x", days=2), Same.SAME), (lead("L-4", "x", days=2), Same.SAME)
    for given, expected in (
        ([see, later, sure, again], "L-3"), ([later, see], "L-1"), ([(lead("L-1", "y"), Same.SAME)], None), ([], None),
    ):  # fmt: skip
        found = settled(likenesses(new, given, POLICY))
        assert (found.lead if found else None) == expected


@pytest.mark.parametrize(
    ("same", "words"),
    [(Same.SAME, "a duplicate"), (Same.POSSIBLE, "a person decides"), (Same.DISTINCT, "a new lead")],
)
def test_a_likeness_says_what_it_comes_to(same: Same, words: str) -> None:
    (found,) = likenesses(lead("L-2", "x", days=1), [(lead("L-1", "x"), same)], POLICY)
    assert words in explain(found.decision).text
