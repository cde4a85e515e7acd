"""The ladder: the best rung whose rules all hold."""

import datetime
import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prmcore.decisions import (
    FactField,
    FactSchema,
    FactSheet,
    Kind,
    Ladder,
    Rule,
    RuleReason,
    Truth,
    all_of,
    any_of,
    fact,
    not_,
    rung,
)  # fmt: skip
from prmcore.decisions.explain import explain
from prmcore.errors import InvalidInput
from prmcore.values import Money, Rate, Text

D = datetime.date
DAY = D(2026, 3, 31)
# Odoo's partnership tiers of 2023-05-19: users, certified people, retention.
SCHEMA = FactSchema(
    "OdooFacts",
    (FactField("users", Kind.COUNT), FactField("certified", Kind.COUNT), FactField("retention", Kind.RATE)),
)
ODOO = Ladder[FactSheet, str](
    "odoo/2023-05-19",
    facts=SCHEMA,
    otherwise="learning",
    otherwise_text=Text.of("Learning", ja="ラーニング"),
    rungs=(
        rung(
            "gold", fact("users").at_least(300), fact("certified").at_least(6),
            fact("retention").at_least(Rate.percent(80)), text=Text.of("Gold", ja="ゴールド"),
        ),
        rung(
            "silver", fact("users").at_least(75), fact("certified").at_least(3),
            fact("retention").at_least(Rate.percent(70)),
        ),
        rung("ready", fact("users").at_least(10), fact("certified").at_least(1)),
    ),
)  # fmt: skip


def facts(users: int | None, certified: int | None, retention: int | None) -> FactSheet:
    rate = None if retention is None else Rate.percent(retention)
    return FactSheet.of(SCHEMA, {"users": users, "certified": certified, "retention": rate})


# The rows worked from the published table; with unknown facts: what is known grants, what is unknown might.
@pytest.mark.parametrize(
    ("users", "certified", "retention", "level", "could_be"),
    [
        (160, 3, 85, "silver", "silver"),
        (80, 2, 75, "ready", "ready"),
        (200, 3, 80, "silver", "silver"),
        (74, 6, 95, "ready", "ready"),
        (9, 5, 99, "learning", "learning"),
        (300, 6, 80, "gold", "gold"),
        (299, 6, 80, "silver", "silver"),
        (300, 6, None, "ready", "gold"),
        (300, 5, None, "ready", "silver"),
        (None, 6, 80, "learning", "gold"),
        (None, None, 60, "learning", "ready"),
        (None, 0, None, "learning", "learning"),
        (None, None, None, "learning", "gold"),
    ],
)
def test_the_level_is_the_best_rung_whose_rules_all_hold(
    users: int | None, certified: int | None, retention: int | None, level: str, could_be: str
) -> None:
    decision = ODOO.decide(facts(users, certified, retention), DAY)
    assert (decision.outcome, ODOO.could_be(decision)) == (level, could_be)
    assert [reason.level for reason in decision.reasons] == ["gold", "silver", "ready"]


KNOWN = st.tuples(st.integers(0, 400), st.integers(0, 8), st.integers(0, 100))


@given(KNOWN, st.tuples(st.booleans(), st.booleans(), st.booleans()))
def test_unknown_never_grants_and_could_be_is_what_the_known_may_become(
    known: tuple[int, int, int], hidden: tuple[bool, bool, bool]
) -> None:
    full = ODOO.decide(facts(*known), DAY)
    users, certified, retention = (None if hide else value for value, hide in zip(known, hidden, strict=True))
    partly = ODOO.decide(facts(users, certified, retention), DAY)
    assert ODOO.rank(partly.outcome) <= ODOO.rank(full.outcome) <= ODOO.rank(ODOO.could_be(partly))


def test_levels_are_ranked_from_otherwise_up() -> None:
    assert ODOO.levels == ("gold", "silver", "ready", "learning")
    assert [ODOO.rank(level) for level in ODOO.levels] == [3, 2, 1, 0]
    with pytest.raises(
        InvalidInput,
        match="'odoo/2023-05-19' has no level 'bronze'; its levels: gold, silver, ready, learning",
    ):
        ODOO.rank("bronze")


def test_people_read_what_a_level_is_called() -> None:
    assert str(ODOO.called("gold")) == "Gold"
    assert str(ODOO.called("learning")) == "Learning"
    assert ODOO.called("silver") == "silver"


def test_a_criterion_that_stands_on_two_rungs_is_asked_once() -> None:
    same = fact("users").at_least(10)
    ladder = Ladder[FactSheet, str](
        "p",
        facts=SCHEMA,
        otherwise="no",
        rungs=(rung("a", same, fact("certified").at_least(1)), rung("b", same)),
    )
    assert ladder.leaves == (same, fact("certified").at_least(1))
    decision = ladder.decide(facts(10, 0, None), DAY)
    assert (decision.outcome, decision.mask) == ("b", 0b01)


# one fact compared with several bounds in any order, beside a rung that asks for the opposite of something
@pytest.mark.parametrize(
    ("users", "certified", "level"),
    [
        (9, 9, "none"), (10, 9, "few"), (14, 9, "few"), (15, 9, "some"), (20, 9, "many"), (30, 9, "many"), (31, 9, "some"),
        (None, 9, "none"), (30, 0, "new"), (9, 0, "new"), (None, None, "none"),
    ],
)  # fmt: skip
def test_bounds_stand_in_any_order(users: int | None, certified: int | None, level: str) -> None:
    asked, people = fact("users"), fact("certified")
    ladder = Ladder[FactSheet, str](
        "p", facts=SCHEMA, otherwise="none",
        rungs=(
            rung("new", all_of(not_(people.at_least(1)))), rung("many", asked.at_most(30), asked.at_least(20)),
            rung("some", asked.at_least(15)), rung("few", asked.at_least(10), people.at_least(2)),
            rung("least", asked.at_least(12)),
        ),
    )  # fmt: skip
    sheet = facts(users, certified, None)
    assert ladder.decide(sheet, DAY).outcome == level
    assert ladder.judge(sheet, DAY) == ladder.interpret(sheet, DAY)


def test_a_level_may_be_any_value() -> None:
    ladder = Ladder[FactSheet, int](
        "p",
        facts=SCHEMA,
        otherwise=0,
        rungs=(rung(2, fact("users").at_least(2)), rung(1, fact("users").at_least(1))),
    )
    assert [ladder.decide(facts(users, None, None), DAY).outcome for users in (0, 1, 2)] == [0, 1, 2]


def test_a_ladder_without_rungs_is_otherwise_for_everyone() -> None:
    ladder = Ladder[FactSheet, str]("p", facts=SCHEMA, otherwise="all", rungs=())
    decision = ladder.decide(facts(None, None, None), DAY)
    assert (decision.outcome, decision.reasons, ladder.could_be(decision)) == ("all", (), "all")


def enough(facts: FactSheet, as_of: datetime.date) -> RuleReason:
    return RuleReason(Truth.of(facts["users"] is not None), facts["users"])


def test_every_policy_and_decision_pickles_and_decides_on() -> None:
    ladder = Ladder[FactSheet, str](
        "p",
        facts=SCHEMA,
        otherwise="no",
        rungs=(
            rung(
                "yes",
                any_of(
                    all_of(fact("users").at_least(2), Rule("enough", enough)), fact("certified").at_most(0)
                ),
            ),
        ),
    )
    for policy in (ODOO, ladder):
        decision = policy.decide(facts(80, 3, 75), DAY)  # compiled by now; what is compiled does not travel
        again: Any = pickle.loads(pickle.dumps(decision))
        assert again == decision
        assert again.policy == policy
        assert again.reasons == decision.reasons
        assert again.policy.decide(facts(80, 3, 75), DAY) == decision


def test_a_policy_with_too_many_criteria_to_compile_decides_all_the_same() -> None:
    rungs = tuple(rung(level, fact("users").at_least(level)) for level in range(2500, 0, -1))
    ladder = Ladder[FactSheet, int]("p", facts=SCHEMA, otherwise=0, rungs=rungs)
    assert [ladder.decide(facts(users, None, None), DAY).outcome for users in (0, 1234, 9999)] == [
        0,
        1234,
        2500,
    ]


def test_a_ladder_is_asked_for_a_day_and_about_its_own_facts() -> None:
    with pytest.raises(InvalidInput, match=r"^as_of: found .*; accepted: a date without a time$"):
        ODOO.decide(facts(1, 1, 1), datetime.datetime(2026, 3, 31))
    with pytest.raises(
        InvalidInput, match=r"^the facts are not OdooFacts: 1 fault\n  found the float 0.5; .* @ users$"
    ):
        ODOO.decide(FactSheet(SCHEMA, (0.5, 1, None)), DAY)
    with pytest.raises(InvalidInput, match=r"^the policy 'p' cannot be used: 1 fault"):
        Ladder("p", facts=SCHEMA, otherwise="no", rungs=(rung("no", fact("users").at_least(1)),))


def test_every_amount_in_another_currency_is_told_at_once() -> None:
    fields = (FactField("sold", Kind.MONEY), FactField("paid", Kind.MONEY), FactField("users", Kind.COUNT))
    schema = FactSchema("sales", fields)
    euro, yen = Money.of(1, "EUR"), Money.of(1, "JPY")
    ladder = Ladder[FactSheet, str](
        "p", facts=schema, otherwise="no",
        rungs=(rung("yes", fact("sold").between(euro, euro), fact("paid").at_least(yen), fact("users").at_least(1)),),
    )  # fmt: skip
    with pytest.raises(InvalidInput) as caught:
        ladder.decide(FactSheet.of(schema, {"sold": yen, "paid": euro, "users": 1}), DAY)
    assert caught.value.title == "the facts do not suit 'p'"
    assert [str(fault) for fault in caught.value.faults] == [
        "found 1 JPY; the policy asks for EUR @ sold", "found 1.00 EUR; the policy asks for JPY @ paid",
    ]  # fmt: skip


def test_all_of_a_group_is_not_said_when_it_is_all_that_a_rung_asks_for() -> None:
    asked = (fact("users").at_least(1), fact("certified").at_least(1))
    for criteria in (asked, (all_of(*asked),)):
        ladder = Ladder[FactSheet, str]("p", facts=SCHEMA, otherwise="no", rungs=(rung("yes", *criteria),))
        assert explain(ladder.decide(facts(1, 0, None), DAY)).lines() == [
            "p on March 31, 2026: no", "  ✗ yes", "    ✓ users: 1, asked for at least 1",
            "    ✗ certified: 0, asked for at least 1",
        ]  # fmt: skip


def test_a_ladder_reads_as_its_levels() -> None:
    assert repr(ODOO) == "Ladder('odoo/2023-05-19': gold, silver, ready, learning)"
