"""Which accounts another version of a coverage model moves, from whom to whom, and why."""

from datetime import date
from typing import Any

from hypothesis import given, settings

from prmcore.decisions.explain import put_into_words
from prmcore.territory.coverage import (
    AccountMove,
    Among,
    CodeDimension,
    CoverageModel,
    CoveragePolicy,
    CoverageRule,
    Dimension,
    Role,
    Territory,
    moved_accounts,
    said_of_account_move,
)
from prmcore.testing._territory import coverage_models

DAY = date(2027, 1, 1)
SEGMENT = CodeDimension(name="segment", accepted=frozenset({"big", "small"}))
BRAND = CodeDimension(name="brand")
BIG, SMALL = {"segment": "big"}, {"segment": "small"}


def rule(id: str, territory: str | None, segment: str = "big", **more: Any) -> CoverageRule:
    return CoverageRule(
        id=id, territory=territory, cells={"segment": Among(codes=frozenset({segment}))}, **more
    )


def version(*rules: CoverageRule, dimensions: tuple[Dimension, ...] = (SEGMENT,)) -> CoveragePolicy:
    return CoveragePolicy(
        CoverageModel(
            name="coverage/1",
            dimensions=dimensions,
            territories=(Territory(name="east"), Territory(name="west")),
            rules=rules,
        )
    )


BEFORE = version(rule("big", "east"))


def moves(after: CoveragePolicy, before: CoveragePolicy = BEFORE, **accounts: Any) -> list[AccountMove]:
    return list(moved_accounts(before, after, accounts or {"acme": BIG}, DAY))


def told(after: CoveragePolicy, before: CoveragePolicy = BEFORE, **accounts: Any) -> list[str]:
    """The one move in words: from whom to whom, and then why."""
    (move,) = moves(after, before, **accounts)
    said = said_of_account_move(move)
    return [put_into_words(one, "en").text for one in (said, *said.parts)]


def test_only_accounts_that_come_to_somebody_else_move_in_their_order() -> None:
    after = version(rule("big", "west"), rule("small", "east", "small"))
    before = version(rule("big", "east"), rule("small", "east", "small"))
    found = moves(after, before, zeta=BIG, acme=SMALL, beta=BIG)
    assert [(one.account, one.before.outcome.territory, one.after.outcome.territory) for one in found] == [
        ("zeta", "east", "west"),
        ("beta", "east", "west"),
    ]


def test_an_account_that_another_rule_gives_to_the_same_territory_does_not_move() -> None:
    assert moves(version(rule("renamed", "east"))) == []


def test_a_rule_that_is_gone_and_one_that_is_new_are_named() -> None:
    assert told(version(rule("large", "west"))) == [
        "acme: from east to west",
        "big, which won before, is gone",
        "large is new, and wins",
    ]


def test_a_rule_that_does_not_hold_any_more_leaves_the_account_to_nobody() -> None:
    assert told(version(rule("big", "east", "small"))) == [
        "acme: from east to nobody covers it",
        "big, which won before, does not hold for it any more",
    ]


def test_a_rule_that_is_excluded_now_is_told_of_as_that() -> None:
    after = version(rule("big", "east"), rule("not-east", "east", role=Role.EXCLUSION))
    assert told(after)[1:] == ["big, which won before, is excluded now"]


def test_a_rule_that_others_go_before_still_holds() -> None:
    before = version(rule("big", "east", priority=2), rule("large", "west", priority=1))
    after = version(rule("big", "east", priority=1), rule("large", "west", priority=2))
    assert told(after, before) == [
        "acme: from east to west",
        "big, which won before, still holds, and others go before it or beside it",
        "large wins now",
    ]


def test_an_account_that_becomes_ambiguous_moves_to_a_person() -> None:
    after = version(rule("big", "east"), rule("large", "west"))
    assert told(after) == [
        "acme: from east to ambiguous between east and west: a person decides",
        "big, which won before, still holds, and others go before it or beside it",
        "nothing tells big and large apart",
    ]


def test_an_ambiguous_account_that_comes_to_one_of_them_is_told_so() -> None:
    tied = version(rule("big", "east"), rule("large", "west"))
    assert told(version(rule("large", "west")), tied) == [
        "acme: from ambiguous between east and west: a person decides to west",
        "large wins now",
        "nothing told big and large apart before",
    ]
    assert told(version(), tied)[1:] == ["nothing told big and large apart before"]


def test_an_account_that_other_rules_leave_ambiguous_between_the_same_territories_does_not_move() -> None:
    tied = version(rule("big", "east"), rule("large", "west"))
    assert moves(version(rule("big", "east"), rule("huge", "west")), tied) == []


def test_a_rule_that_gives_the_account_to_another_territory_is_told_of() -> None:
    assert told(version(rule("big", "west"))) == [
        "acme: from east to west",
        "big wins as before, and was changed: west",
    ]


def test_a_rule_that_becomes_a_house_rule_is_told_of() -> None:
    assert told(version(rule("big", "east", role=Role.HOUSE)))[1:] == [
        "big wins as before, and was changed: east, as house account"
    ]


def test_another_territory_beside_the_winner_is_a_move_too_and_so_is_one_that_goes() -> None:
    beside = version(rule("big", "east"), rule("beside", "west", role=Role.OVERLAY))
    (move,) = moves(beside)
    assert (move.before.outcome.overlays, move.after.outcome.overlays) == ((), ("west",))
    assert told(beside)[1:] == ["west covers it, too"]
    assert told(BEFORE, beside)[1:] == ["west does not cover it beside others any more"]


@settings(max_examples=60)
@given(coverage_models(3, 6), coverage_models(3, 6))
def test_every_move_has_a_reason(first: CoverageModel, second: CoverageModel) -> None:
    values = [
        {"place": place, "size": size, "segment": "x"} for place in ("e1", "w1", None) for size in (0, 3)
    ]
    accounts = {f"a{number}": one for number, one in enumerate(values)} | {"n1": values[0]}
    policies = [CoveragePolicy(one) for one in (first, second)]
    for move in moved_accounts(policies[0], policies[1], accounts, date(2026, 4, 1)):
        said = said_of_account_move(move)
        assert said.parts
        assert all(put_into_words(one, language).text for one in said.parts for language in ("ja", "zh"))


def test_each_version_looks_at_the_dimensions_that_it_has() -> None:
    branded = CoverageRule(id="brand", territory="west", cells={"brand": Among(codes=frozenset({"own"}))})
    after = version(branded, dimensions=(BRAND,))
    (move,) = moves(after, acme={"segment": "big", "brand": "own"})
    assert (move.before.outcome.territory, move.after.outcome.territory) == ("east", "west")
