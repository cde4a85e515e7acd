"""Precedence: what each step keeps, what is refused, and what is said of it. Worked out by hand."""

import datetime
from typing import Any

import attrs
import pytest

from prmcore.decisions import (
    ByOrder,
    ByScore,
    ByValue,
    Chosen,
    Contest,
    FactField,
    FactSchema,
    FactSheet,
    Kind,
    Precedence,
    Prefer,
    ScoreLine,
    Stage,
    Truth,
    fact,
    recorded,
)
from prmcore.decisions.explain import explain, put_into_words
from prmcore.decisions.precedence import said_of_chosen
from prmcore.errors import InvalidInput
from prmcore.testing._shapes import ClaimFacts
from prmcore.values import Text

D = datetime.date
TODAY = D(2026, 3, 31)
TIER = ByOrder(name="tier", fact="tier", order=("gold", "silver"))
CHECKED = Prefer(name="checked", criteria=(fact("checked").is_true(),))


def claim(source: str, **known: Any) -> ClaimFacts:
    return ClaimFacts(source=source, **known)


def precedence(*steps: Any, **given: Any) -> Precedence[ClaimFacts]:
    return Precedence(
        **{"name": "crm/phone", "facts": ClaimFacts, "named_by": "source", "steps": steps, **given}
    )


def contest(*claims: Any) -> Contest[Any]:
    return Contest(subject="A-1", claims=claims)


def left(step: Any, *claims: ClaimFacts) -> tuple[str, ...]:
    """The claims that one step leaves."""
    found = precedence(step).decide(contest(*claims), TODAY).outcome
    return found.claims or found.tied


@pytest.mark.parametrize(
    ("step", "claims", "expected"),
    [
        (TIER, {"a": {"tier": "silver"}, "b": {"tier": "gold"}, "c": {"tier": "gold"}}, ("b", "c")),
        (TIER, {"a": {"tier": "other"}, "b": {}, "c": {"tier": "silver"}}, ("c",)),  # not in the list: last
        (TIER, {"a": {"tier": "other"}, "b": {}}, ("a", "b")),  # of nobody in the list all stay
        (CHECKED, {"a": {"checked": False}, "b": {}, "c": {"checked": True}}, ("c",)),
        (CHECKED, {"a": {"checked": False}, "b": {}}, ("a", "b")),
        (
            Prefer(name="both", criteria=(fact("checked").is_true(), fact("people").at_least(2))),
            {"a": {"checked": True, "people": 1}, "b": {"checked": True, "people": 2}, "c": {"people": 3}},
            ("b",),
        ),
        (ByValue(name="most", fact="people"), {"a": {"people": 1}, "b": {"people": 2}, "c": {}}, ("b",)),
        (
            ByValue(name="fewest", fact="people", highest=False),
            {"a": {"people": 1}, "b": {"people": 2}, "c": {}},
            ("a",),
        ),
        (
            ByValue(name="first", fact="changed", highest=False),
            {"a": {"changed": D(2026, 2, 1)}, "b": {"changed": D(2026, 1, 31)}},
            ("b",),
        ),
        (
            ByScore(name="score", lines=(ScoreLine(points=-2, times="people"), ScoreLine(points=9))),
            {"a": {"people": 3}, "b": {"people": 2}, "c": {"people": 2}},
            ("b", "c"),
        ),
    ],
)
def test_a_step_keeps_the_best_by_what_it_looks_at(
    step: Any, claims: dict[str, dict[str, Any]], expected: tuple[str, ...]
) -> None:
    assert left(step, *(claim(name, **known) for name, known in claims.items())) == expected


TWO_STAY = Stage(step="tier", left=("a", "b"), fell=("c",))


@pytest.mark.parametrize(
    ("given", "outcome"),
    [
        ({}, Chosen(tied=("a", "b"), stages=(TWO_STAY,))),
        ({"ties_by_name": True}, Chosen(claims=("a",), is_arbitrary=True, stages=(TWO_STAY,))),
        ({"winners": 2}, Chosen(claims=("a", "b"), stages=(TWO_STAY,))),
        ({"winners": 2, "ties_by_name": True}, Chosen(claims=("a", "b"), stages=(TWO_STAY,))),
        ({"winners": 3}, Chosen(claims=("a", "b", "c"))),  # few enough: no step is asked
        (
            {"eligible": (fact("people").at_least(2),)},
            Chosen(
                claims=("b",),
                stages=(Stage(step="eligible", left=("b", "c"), fell=("a",)), Stage(step="tier", left=("b",), fell=("c",))),
            ),
        ),
        (
            {"eligible": (fact("people").at_least(2), fact("tier").equals("gold"))},
            Chosen(claims=("b",), stages=(Stage(step="eligible", left=("b",), fell=("a", "c")),)),
        ),
        (
            {"eligible": (fact("people").at_least(9),)},
            Chosen(stages=(Stage(step="eligible", left=(), fell=("a", "b", "c")),)),
        ),
    ],
)  # fmt: skip
def test_as_soon_as_few_enough_are_left_they_are_it(given: dict[str, Any], outcome: Chosen) -> None:
    """c is silver; a has one person, b two and c three."""
    claims = (
        claim("c", tier="silver", people=3),
        claim("b", tier="gold", people=2),
        claim("a", tier="gold", people=1),
    )
    assert precedence(TIER, **given).decide(contest(*claims), TODAY).outcome == outcome  # fmt: skip


def test_where_nothing_is_asked_before_the_steps_there_are_no_reasons() -> None:
    assert precedence(TIER).decide(contest(claim("a"), claim("b")), TODAY).reasons == ()


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (Chosen(claims=("a", "b")), "a and b before the others"),
        (
            Chosen(claims=("a",), is_arbitrary=True),
            "a before the others, an arbitrary choice: nothing but their names tells them apart",
        ),
        (Chosen(tied=("a", "b")), "ambiguous: nothing tells a and b apart; a person decides"),
        (Chosen(), "nobody is left"),
    ],
)
def test_what_came_of_it_is_said(outcome: Chosen, words: str) -> None:
    assert put_into_words(said_of_chosen(outcome), "en").text == words


def test_every_step_says_what_it_saw_of_each_claim() -> None:
    policy = precedence(
        Prefer(name="fit", criteria=(fact("checked").is_true(), fact("people").at_least(1)), text=Text.of("Fit")),
        TIER, ByValue(name="latest", fact="changed"), ByScore(name="score", lines=(ScoreLine(points=2, times="people"),)),
        eligible=(fact("people").at_least(1),),
    )  # fmt: skip
    known: dict[str, Any] = {"checked": True, "tier": "gold", "changed": TODAY}
    decision = policy.decide(
        contest(claim("a", people=1, **known), claim("b", people=2, **known), claim("c")), TODAY
    )
    assert str(explain(decision)).splitlines() == [
        "crm/phone on March 31, 2026: b before the others",
        "  eligible: 2 left",
        "    ✓ a",
        "      ✓ people: 1, asked for at least 1",
        "    ✓ b",
        "      ✓ people: 2, asked for at least 1",
        "    ✗ c",
        "      ? people: unknown, asked for at least 1",
        "  Fit: 2 left",
        "    ✓ a",
        "      ✓ checked: yes, asked for yes",
        "      ✓ people: 1, asked for at least 1",
        "    ✓ b",
        "      ✓ checked: yes, asked for yes",
        "      ✓ people: 2, asked for at least 1",
        "  tier: 2 left",
        "    ✓ a",
        "      tier: gold",
        "    ✓ b",
        "      tier: gold",
        "  latest: 2 left",
        "    ✓ a",
        "      changed: March 31, 2026",
        "    ✓ b",
        "      changed: March 31, 2026",
        "  score: 1 left",
        "    ✓ b",
        "      score: 4",
        "    ✗ a",
        "      score: 2",
    ]
    assert [(one.level, one.truth) for one in decision.reasons] == [
        ("a", Truth.MET), ("b", Truth.MET), ("c", Truth.UNKNOWN),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("given", "faults"),
    [
        ({"name": " x"}, ["found ' x'; accepted: an id without outer blanks, in Unicode NFC @ name"]),
        ({"named_by": "name"}, [
            "unknown fact 'name'. There are: changed, checked, people, source, tier @ named_by"]),
        ({"winners": True}, ["found True; accepted: 1 or more @ winners"]),
        ({"winners": 1.5}, ["found 1.5; accepted: 1 or more @ winners"]),
        ({"eligible": (fact("checked").is_true(), fact("tier").includes("x"))}, [
            "tier is a code, it cannot be asked for includes_all; accepted: equals, one_of @ eligible[1]"]),
        ({"steps": (TIER, attrs.evolve(TIER, name=""))}, [
            "found ''; accepted: an id of 1 to 200 characters @ steps[1].name"]),
        ({"steps": (Prefer(name="p", criteria=()),)}, [
            "found none; accepted: one criterion or more @ steps[0].criteria"]),
        ({"steps": (Prefer(name="p", criteria=(fact("tier").includes("x"),)),)}, [
            "tier is a code, it cannot be asked for includes_all; accepted: equals, one_of @ steps[0].criteria[0]"]),
        ({"steps": (ByOrder(name="o", fact="people", order=("a", "a")),)}, [
            "found 'people'; accepted: a code @ steps[0].fact",
            "found ('a', 'a'); accepted: codes, the best first, each once @ steps[0].order"]),
        ({"steps": (ByValue(name="v", fact="person"),)}, [
            "unknown fact 'person'. There are: changed, checked, people, source, tier @ steps[0].fact"]),
        ({"steps": (ByScore(name="s", lines=()),)}, ["found none; accepted: one line or more @ steps[0].lines"]),
        ({"steps": (ByScore(name="s", lines=(ScoreLine(points=1, times="tier"),)),)}, [
            "found 'tier'; accepted: a count or number or rate @ steps[0].lines[0].times"]),
    ],
)  # fmt: skip
def test_a_precedence_says_where_it_is_wrong(given: dict[str, Any], faults: list[str]) -> None:
    with pytest.raises(InvalidInput) as caught:
        precedence(**given)
    assert caught.value.title == f"the policy {given.get('name', 'crm/phone')!r} cannot be used"
    assert [str(fault) for fault in caught.value.faults] == faults


@pytest.mark.parametrize(
    ("claims", "faults"),
    [
        ((claim("a"), 5), ["found int; the policy is about ClaimFacts @ claims[1]"]),
        ((claim(None), claim("b")), ["is missing @ claims[0].source"]),  # type: ignore[arg-type]
        ((claim("a"), claim("b", people=1.5)), ["found the float 1.5; floats are not exact: give an int @ claims[1].people"]),
        ((claim("b"), claim("a"), claim("b")), ["'b' stands here twice @ claims"]),
    ],
)  # fmt: skip
def test_claims_that_cannot_be_told_apart_are_not_decided(claims: tuple[Any, ...], faults: list[str]) -> None:
    with pytest.raises(InvalidInput) as caught:
        precedence(TIER).decide(contest(*claims), TODAY)
    assert caught.value.title == "the contest of 'A-1' cannot be decided"
    assert [str(fault) for fault in caught.value.faults] == faults


def test_a_precedence_is_asked_for_a_day() -> None:
    with pytest.raises(InvalidInput, match=r"as_of: found .*; accepted: a date without a time"):
        precedence(TIER).decide(contest(claim("a")), datetime.datetime(2026, 3, 31))


def test_a_contest_is_written_with_the_facts_of_its_claims() -> None:
    sources = FactSchema("sources", (FactField("source", Kind.CODE), FactField("changed", Kind.DATE)))
    policy: Precedence[FactSheet] = Precedence(
        name="p", facts=sources, named_by="source", steps=(ByValue(name="latest", fact="changed"),)
    )
    claims = [
        FactSheet.of(sources, {"source": name, "changed": day})
        for name, day in (("b", TODAY), ("a", None))
    ]  # fmt: skip
    record = recorded(policy.decide(contest(*claims), TODAY))
    assert record == {
        "policy": "p", "as_of": "2026-03-31", "mask": 0,
        "facts": {"subject": "A-1", "claims": [
            {"source": "b", "changed": "2026-03-31"}, {"source": "a", "changed": None},
        ]},
        "outcome": {
            "claims": ["b"], "tied": [], "is_arbitrary": False,
            "stages": [{"step": "latest", "left": ["b"], "fell": ["a"]}],
        },
    }  # fmt: skip
    assert policy.facts_from(record["facts"]) == contest(*claims)
    with pytest.raises(InvalidInput, match=r"^the facts are not those of p: 2 faults"):
        policy.facts_from({})


@pytest.mark.parametrize(
    "record", [ByOrder, ByScore, ByValue, Chosen, Contest, Precedence, Prefer, ScoreLine, Stage]
)
def test_a_record_of_many_parts_is_made_by_keyword(record: type[attrs.AttrsInstance]) -> None:
    assert [field.name for field in attrs.fields(record) if field.init and not field.kw_only] == []
