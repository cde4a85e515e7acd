"""Benefits: what a level gives, why, and what is lost with it."""

import pickle
from datetime import date
from typing import Any

import pytest

from prmcore.decisions import FactSchema, Kind, Truth
from prmcore.decisions.explain import explain
from prmcore.errors import InvalidInput
from prmcore.tiers.benefits import Benefit, BenefitFacts, Benefits
from prmcore.values import Rate, Text

DAY = date(2026, 1, 1)
TEN, FIVE = Rate.percent("10"), Rate.percent("5")
MARGIN = Benefit("margin", (("gold", TEN), ("silver", FIVE), ("bronze", FIVE)), kind=Kind.RATE)
BADGE = Benefit("badge", (("gold", True), ("silver", True)))
DESK = Benefit("desk", (("gold", True),))
ALL = Benefits("tiers/1", (MARGIN, BADGE, DESK), {"gold": Text.of("Gold", ja="ゴールド", zh="金牌")})


@pytest.mark.parametrize(
    ("benefit", "level", "given"),
    [
        ("margin", "gold", TEN), ("margin", "silver", FIVE), ("margin", "bronze", FIVE), ("margin", "other", False),
        ("badge", "gold", True), ("badge", "silver", True), ("badge", "bronze", False),
    ],
)  # fmt: skip
def test_a_level_gives_its_value_and_a_level_that_is_not_listed_nothing(
    benefit: str, level: str, given: Any
) -> None:
    assert ALL.entitlement(benefit, BenefitFacts(level), DAY).outcome == given
    suspended = ALL.entitlement(benefit, BenefitFacts(level, may_use=False), DAY)
    assert suspended.outcome is False


def test_while_nobody_knows_whether_benefits_are_allowed_none_is_given() -> None:
    unknown = ALL.entitlement("badge", BenefitFacts("gold", may_use=None), DAY)
    assert (unknown.outcome, [reason.truth for reason in unknown.reasons]) == (False, [Truth.UNKNOWN])


@pytest.mark.parametrize(
    ("locale", "facts", "lines"),
    [
        ("en", BenefitFacts("gold"), ["tiers/1/benefits/badge on January 1, 2026: granted", "level: Gold, asked for one of Gold and silver",
                                      "status allows benefits: yes, asked for yes"]),
        ("en", BenefitFacts("bronze"), ["tiers/1/benefits/badge on January 1, 2026: not granted"]),
        ("ja", BenefitFacts("gold"), ["利用可", "レベル：ゴールド", "特典を利用できる状態"]),
        ("ja", BenefitFacts(None), ["利用不可"]),
        ("zh", BenefitFacts("gold"), ["可享有", "等级", "金牌", "状态允许享受权益"]),
        ("zh", BenefitFacts(None), ["不可享有"]),
    ],
)  # fmt: skip
def test_it_says_why_in_the_words_of_people(locale: str, facts: BenefitFacts, lines: list[str]) -> None:
    told = str(explain(ALL.entitlement("badge", facts, DAY), locale))
    assert [line for line in lines if line not in told] == []


def test_a_value_is_said_and_not_that_it_is_granted() -> None:
    told = explain(ALL.entitlement("margin", BenefitFacts("gold"), DAY)).lines()[0]
    assert told == "tiers/1/benefits/margin on January 1, 2026: 10%"


def test_what_a_benefit_depends_on_has_words_in_three_languages() -> None:
    schema = FactSchema.of(BenefitFacts)
    assert [str(schema.label(name)) for name in ("level", "may_use")] == ["level", "status allows benefits"]
    assert BenefitFacts("gold").may_use is True


def test_all_that_a_level_gives_and_what_is_lost_with_it() -> None:
    assert ALL.of_level("gold") == {"margin": TEN, "badge": True, "desk": True}
    assert ALL.of_level("bronze") == {"margin": FIVE}
    assert ALL.of_level("other") == {}
    assert ALL.lost("gold", "silver") == {"margin": TEN, "desk": True}
    assert ALL.lost("silver", "bronze") == {"badge": True}
    assert ALL.lost("silver", "gold") == {"margin": FIVE}  # it gives another


def test_benefits_that_cannot_be_are_refused_at_their_level() -> None:
    with pytest.raises(InvalidInput) as refused:
        Benefits("tiers/1", (BADGE, Benefit("margin", (("gold", "much"),), kind=Kind.RATE), BADGE))
    assert refused.value.title == "the benefits of 'tiers/1' cannot be used"
    assert [fault.path for fault in refused.value.faults] == ["badge", "margin.gold"]
    assert refused.value.faults[0].message == "the benefit 'badge' stands here twice"


def test_a_benefit_that_there_is_not_is_answered_with_the_nearest() -> None:
    with pytest.raises(InvalidInput) as refused:
        ALL.entitlement("bage", BenefitFacts("gold"), DAY)
    assert (
        str(refused.value) == "unknown benefit 'bage'; did you mean 'badge'? There are: badge, desk, margin"
    )


def test_benefits_cross_processes_as_they_are() -> None:
    assert ALL.policies["badge"].name == "tiers/1/benefits/badge"  # made before, and left behind
    assert pickle.loads(pickle.dumps(ALL)) == ALL
    assert pickle.loads(pickle.dumps(ALL)).levels == ALL.levels
    assert (Benefits("tiers/1").benefits, Benefits("tiers/1").levels) == ((), {})
