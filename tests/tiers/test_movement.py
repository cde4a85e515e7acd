"""How partners move: timelines worked out by hand, a day, the users on it, the level after it and the action."""

import datetime
from collections.abc import Callable
from datetime import date
from typing import Any, TypeAlias

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prmcore.decisions import (
    Decision,
    FactField,
    FactSchema,
    FactSheet,
    Kind,
    Ladder,
    fact,
    recorded,
    replayed,
    rung,
)
from prmcore.decisions.explain import explain
from prmcore.errors import InvalidInput
from prmcore.tiers import (
    Action,
    Guarantee,
    InitialLevel,
    Movement,
    Override,
    Standing,
    TierFacts,
    TierOutcome,
    TierPolicy,
    When,
)
from prmcore.tiers.movement import MovementFacts, is_due, moved, movement_ladder
from prmcore.values import DateRange, FiscalCalendar, PeriodKind, Text
from prmcore.values.wire import from_plain, to_plain

FACTS = FactSchema("tier facts", (FactField("users", Kind.COUNT), FactField("people", Kind.COUNT)))
LADDER: Ladder[FactSheet, str] = Ladder(
    "tiers/2025",
    facts=FACTS,
    otherwise="registered",
    rungs=(
        rung("gold", fact("users").at_least(100), text=Text.of("Gold", ja="ゴールド", zh="金牌")),
        rung("silver", fact("users").at_least(50)),
    ),
)
Step: TypeAlias = (
    tuple[str, int | None, str, str] | Callable[[TierPolicy, Decision[TierOutcome], Standing], Standing]
)


def policy(movement: Movement, start_month: int = 1) -> TierPolicy:
    return TierPolicy(LADDER, movement, FiscalCalendar(start_month))


def sheet(users: int | None, people: int | None = None) -> FactSheet:
    return FactSheet(FACTS, (users, people))


def walk(tiers: TierPolicy, steps: list[Step]) -> Standing | None:
    """Takes a new partner through the days; what a person does in between is a function of the standing."""
    standing: Standing | None = None
    decision: Decision[TierOutcome] | None = None
    for step in steps:
        if callable(step):
            assert decision is not None
            assert standing is not None
            standing = step(tiers, decision, standing)
            continue
        day, users, level, action = step
        decision = tiers.decide(TierFacts(sheet(users), standing), date.fromisoformat(day))
        assert (decision.outcome.level, decision.outcome.action.value) == (level, action), day
        standing = tiers.standing_after(decision)
    return standing


def notice(day: str) -> Step:
    return lambda tiers, _, standing: tiers.with_notice(standing, date.fromisoformat(day))


def override(level: str, start: str, end: str) -> Step:
    period = DateRange(date.fromisoformat(start), date.fromisoformat(end))
    set_by_hand = Override(level=level, reason="merger", author="Kato", period=period)
    return lambda tiers, _, standing: tiers.with_override(standing, set_by_hand)


def approve(day: str) -> Step:
    return lambda tiers, decision, standing: tiers.approved(decision, date.fromisoformat(day))


NEW = ("2025-01-15", 10, "registered", "placed")
GOLD = ("2025-01-15", 120, "gold", "placed")
AT_ONCE = {"upgrade": When.AT_ONCE, "downgrade": When.AT_ONCE}
TIMELINES: dict[str, tuple[dict[str, Any], list[Step]]] = {
    "up at once": ({}, [NEW, ("2025-02-01", 60, "silver", "upgraded")]),
    "up by two at once": ({}, [NEW, ("2025-02-01", 100, "gold", "upgraded")]),
    "up at a review": (
        {"upgrade": When.AT_REVIEW},
        [NEW, ("2025-02-01", 60, "registered", "upgrade-waits"), ("2025-03-31", 60, "silver", "upgraded")],
    ),
    "up at a review that was missed": (
        {"upgrade": When.AT_REVIEW},
        [NEW, ("2025-04-05", 60, "silver", "upgraded")],
    ),
    "a review that was held is not held again": (
        {"upgrade": When.AT_REVIEW},
        [
            NEW,
            ("2025-03-31", 10, "registered", "kept"),
            ("2025-04-05", 60, "registered", "upgrade-waits"),
            ("2025-06-29", 60, "registered", "upgrade-waits"),
            ("2025-06-30", 60, "silver", "upgraded"),
        ],
    ),
    "up at the end of the year": (
        {"upgrade": When.AT_YEAR_END},
        [NEW, ("2025-06-30", 60, "registered", "upgrade-waits"), ("2025-12-31", 60, "silver", "upgraded")],
    ),
    "never up": ({"upgrade": When.NEVER}, [NEW, ("2025-03-31", 120, "registered", "kept")]),
    "monthly reviews": (
        {"upgrade": When.AT_REVIEW, "review": "month"},
        [NEW, ("2025-01-30", 60, "registered", "upgrade-waits"), ("2025-01-31", 60, "silver", "upgraded")],
    ),
    "down at once": (AT_ONCE, [GOLD, ("2025-01-16", 60, "silver", "downgraded")]),
    "down at a review": (
        {},
        [GOLD, ("2025-02-01", 60, "gold", "downgrade-waits"), ("2025-03-31", 10, "registered", "downgraded")],
    ),
    "made good before the review": (
        {},
        [GOLD, ("2025-02-01", 60, "gold", "downgrade-waits"), ("2025-03-31", 100, "gold", "kept")],
    ),
    "down at the end of the year": (
        {"downgrade": When.AT_YEAR_END},
        [GOLD, ("2025-03-31", 60, "gold", "downgrade-waits"), ("2025-12-31", 60, "silver", "downgraded")],
    ),
    "never down, whatever grace and notice say": (
        {"downgrade": When.NEVER, "grace_months": 1, "notice_days": 10},
        [GOLD, ("2025-03-31", 0, "gold", "kept"), ("2030-12-31", 0, "gold", "kept")],
    ),
    "one level at a time": (
        {"one_step_down": True},
        [
            GOLD,
            ("2025-03-31", 10, "silver", "downgraded"),
            ("2025-04-01", 10, "silver", "downgrade-waits"),
            ("2025-06-30", 10, "registered", "downgraded"),
        ],
    ),
    "grace from review to review": (
        {"grace_months": 3},
        [GOLD, ("2025-03-31", 60, "gold", "in-grace"), ("2025-06-30", 60, "silver", "downgraded")],
    ),
    "grace ends between reviews": (
        {"grace_months": 3},
        [
            GOLD,
            ("2025-02-10", 60, "gold", "in-grace"),
            ("2025-05-09", 60, "gold", "in-grace"),
            ("2025-05-10", 60, "gold", "downgrade-waits"),
            ("2025-06-30", 60, "silver", "downgraded"),
        ],
    ),
    "grace ends and the level with it": (
        {**AT_ONCE, "grace_months": 3},
        [GOLD, ("2025-02-10", 60, "gold", "in-grace"), ("2025-05-10", 60, "silver", "downgraded")],
    ),
    "a deeper fall gets no grace of its own": (
        {**AT_ONCE, "grace_months": 3},
        [
            GOLD,
            ("2025-02-10", 60, "gold", "in-grace"),
            ("2025-04-10", 10, "gold", "in-grace"),
            ("2025-05-10", 10, "registered", "downgraded"),
        ],
    ),
    "a fall made good is forgotten": (
        {**AT_ONCE, "grace_months": 3},
        [
            GOLD,
            ("2025-02-10", 60, "gold", "in-grace"),
            ("2025-05-09", 100, "gold", "kept"),
            ("2025-05-10", 60, "gold", "in-grace"),
        ],
    ),
    "up in the middle of grace": (
        {**AT_ONCE, "grace_months": 3},
        [
            ("2025-01-15", 60, "silver", "placed"),
            ("2025-02-10", 10, "silver", "in-grace"),
            ("2025-03-01", 120, "gold", "upgraded"),
            ("2025-05-10", 60, "gold", "in-grace"),
        ],
    ),
    "a month after 31 January is 28 February": (
        {**AT_ONCE, "grace_months": 1},
        [
            GOLD,
            ("2025-01-31", 60, "gold", "in-grace"),
            ("2025-02-27", 60, "gold", "in-grace"),
            ("2025-02-28", 60, "silver", "downgraded"),
        ],
    ),
    "two months after 31 December are counted from there": (
        {**AT_ONCE, "grace_months": 2},
        [
            ("2023-12-01", 120, "gold", "placed"),
            ("2023-12-31", 60, "gold", "in-grace"),
            ("2024-01-31", 60, "gold", "in-grace"),
            ("2024-02-28", 60, "gold", "in-grace"),
            ("2024-02-29", 60, "silver", "downgraded"),
        ],
    ),
    "30 days of notice": (  # 2 February and 30 days are 4 March
        {**AT_ONCE, "notice_days": 30},
        [
            GOLD,
            ("2025-02-01", 60, "gold", "notice-due"),
            notice("2025-02-02"),
            ("2025-02-02", 60, "gold", "under-notice"),
            ("2025-03-03", 60, "gold", "under-notice"),
            ("2025-03-04", 60, "silver", "downgraded"),
        ],
    ),
    "notice is void once the level is earned again": (
        {**AT_ONCE, "notice_days": 30},
        [
            GOLD,
            ("2025-02-01", 60, "gold", "notice-due"),
            notice("2025-02-01"),
            ("2025-03-01", 100, "gold", "kept"),
            ("2025-04-01", 60, "gold", "notice-due"),
        ],
    ),
    "grace, then notice, then the review": (
        {"grace_months": 1, "notice_days": 10},
        [
            GOLD,
            ("2025-02-01", 60, "gold", "in-grace"),
            ("2025-03-01", 60, "gold", "notice-due"),
            notice("2025-03-01"),
            ("2025-03-10", 60, "gold", "under-notice"),
            ("2025-03-11", 60, "gold", "downgrade-waits"),
            ("2025-03-31", 60, "silver", "downgraded"),
        ],
    ),
    "up only with approval": (
        {"approval": frozenset({"upgrade"})},
        [
            NEW,
            ("2025-02-01", 60, "registered", "upgrade-proposed"),
            ("2025-02-02", 60, "registered", "upgrade-proposed"),
            approve("2025-02-05"),
            ("2025-02-06", 60, "silver", "kept"),
        ],
    ),
    "down only with approval": (
        {"approval": frozenset({"downgrade"})},
        [
            GOLD,
            ("2025-02-01", 10, "gold", "downgrade-waits"),
            ("2025-03-31", 10, "gold", "downgrade-proposed"),
            approve("2025-04-02"),
            ("2025-04-03", 10, "registered", "kept"),
        ],
    ),
    "a first level is granted for a year": (
        {"initial": InitialLevel("silver", 12)},
        [
            ("2024-01-31", 10, "silver", "placed"),
            ("2024-06-30", 10, "silver", "guaranteed"),
            ("2025-01-30", 10, "silver", "guaranteed"),
            ("2025-01-31", 10, "silver", "downgrade-waits"),
            ("2025-03-31", 10, "registered", "downgraded"),
        ],
    ),
    "the granted level is a floor and no ceiling": (
        {"initial": InitialLevel("silver", 12)},
        [
            ("2024-01-31", 100, "gold", "placed"),
            ("2024-03-31", 10, "silver", "downgraded"),
            ("2024-06-30", 10, "silver", "guaranteed"),
        ],
    ),
    "a level is kept for a term": (
        {**AT_ONCE, "term_months": 12},
        [
            ("2024-01-15", 60, "silver", "placed"),
            ("2024-01-31", 120, "gold", "upgraded"),
            ("2024-06-30", 10, "gold", "guaranteed"),
            ("2025-01-30", 10, "gold", "guaranteed"),
            ("2025-01-31", 60, "silver", "downgraded"),
            ("2025-06-30", 10, "silver", "guaranteed"),
            ("2026-01-31", 10, "registered", "downgraded"),
        ],
    ),
    "a term that is renewed is counted from the level's first day": (
        {**AT_ONCE, "term_months": 1},
        [
            ("2024-01-31", 120, "gold", "placed"),
            ("2024-02-28", 10, "gold", "guaranteed"),
            ("2024-02-29", 120, "gold", "kept"),  # renewed until 31 March, not 29
            ("2024-03-30", 10, "gold", "guaranteed"),
            ("2024-04-10", 120, "gold", "kept"),  # judged late: renewed until 30 April
            ("2024-04-29", 10, "gold", "guaranteed"),
            ("2024-04-30", 10, "registered", "downgraded"),
        ],
    ),
    "a term ends while facts are missing": (
        {**AT_ONCE, "term_months": 12},
        [
            ("2024-01-31", 120, "gold", "placed"),
            ("2025-01-31", None, "gold", "held"),
            ("2025-02-28", 120, "gold", "kept"),
            ("2025-03-31", 10, "gold", "guaranteed"),
            ("2026-01-31", 10, "registered", "downgraded"),
        ],
    ),
    "an override lies over the level": (
        {},
        [
            ("2025-01-15", 60, "silver", "placed"),
            override("gold", "2025-02-01", "2025-05-01"),
            ("2025-01-31", 60, "silver", "kept"),
            ("2025-02-01", 60, "gold", "overridden"),
            ("2025-04-30", 10, "gold", "overridden"),
            ("2025-05-01", 60, "silver", "kept"),
        ],
    ),
    "reviews that an override covered are due after it": (
        {},
        [
            ("2025-01-15", 60, "silver", "placed"),
            override("gold", "2025-02-01", "2025-05-01"),
            ("2025-03-31", 10, "gold", "overridden"),
            ("2025-05-01", 10, "registered", "downgraded"),
        ],
    ),
    "an override can hold a partner down": (
        {},
        [
            GOLD,
            override("registered", "2025-02-01", "2025-03-01"),
            ("2025-02-01", 200, "registered", "overridden"),
            ("2025-03-01", 200, "gold", "kept"),
        ],
    ),
    "nothing is lost for want of facts, and the review stays due": (
        {},
        [
            GOLD,
            ("2025-03-31", None, "gold", "held"),
            ("2025-04-05", 60, "silver", "downgraded"),
        ],
    ),
    "a fall that was found stays found while facts are missing": (
        {**AT_ONCE, "grace_months": 3},
        [
            GOLD,
            ("2025-02-10", 60, "gold", "in-grace"),
            ("2025-05-10", None, "gold", "held"),
            ("2025-05-11", 60, "silver", "downgraded"),
        ],
    ),
    "a new partner of whom nothing is known": ({}, [("2025-01-15", None, "registered", "placed")]),
}


@pytest.mark.parametrize(("movement", "steps"), TIMELINES.values(), ids=TIMELINES)
def test_a_partner_moves_as_the_program_says(movement: dict[str, Any], steps: list[Step]) -> None:
    walk(policy(Movement(**movement)), steps)


def test_a_japanese_year_ends_in_march() -> None:
    tiers = policy(Movement(downgrade=When.AT_YEAR_END), start_month=4)
    walk(
        tiers,
        [GOLD, ("2025-03-30", 60, "gold", "downgrade-waits"), ("2025-03-31", 60, "silver", "downgraded")],
    )


def test_only_levels_that_are_ruled_out_are_lost() -> None:
    facts = (fact("users").at_least(100), fact("people").at_least(3))
    ladder: Ladder[FactSheet, str] = Ladder(
        "tiers/people",
        facts=FACTS,
        otherwise="registered",
        rungs=(
            rung("gold", *facts),
            rung("silver", fact("people").at_least(1)),
            rung("bronze", fact("users").at_least(1)),
        ),
    )
    tiers = TierPolicy(ladder, Movement(downgrade=When.AT_ONCE))
    day = date(2025, 2, 1)
    gold = Standing(level="gold", since=date(2025, 1, 1), judged_on=date(2025, 1, 1))
    # 60 users rule gold out; silver asks for people only, of whom nothing is known; bronze is sure.
    decision = tiers.decide(TierFacts(sheet(60, None), gold), day)
    assert (decision.outcome.level, decision.outcome.qualified) == ("silver", "bronze")
    silver = tiers.standing_after(decision)
    assert tiers.decide(TierFacts(sheet(60, None), silver), day).outcome.action is Action.HELD


def test_an_approval_needs_a_proposal_and_a_day_not_before_it() -> None:
    tiers = policy(Movement(approval=frozenset({"upgrade"})))
    new = tiers.decide(TierFacts(sheet(10)), date(2025, 1, 15))
    with pytest.raises(InvalidInput, match="proposes no move"):
        tiers.approved(new)
    proposed = tiers.decide(TierFacts(sheet(60), tiers.standing_after(new)), date(2025, 2, 1))
    with pytest.raises(InvalidInput, match="before 2025-02-01"):
        tiers.approved(proposed, date(2025, 1, 31))
    approved = tiers.approved(proposed, date(2025, 2, 3))
    assert (approved.level, approved.since) == ("silver", date(2025, 2, 3))


def test_notice_is_given_once_and_only_to_who_is_below_its_level() -> None:
    tiers = policy(Movement(downgrade=When.AT_ONCE, notice_days=30))
    standing = walk(tiers, [GOLD])
    assert standing is not None
    with pytest.raises(InvalidInput, match="not below"):
        tiers.with_notice(standing, date(2025, 1, 20))
    fallen = walk(tiers, [GOLD, ("2025-02-01", 60, "gold", "notice-due"), notice("2025-02-01")])
    assert fallen is not None
    with pytest.raises(InvalidInput, match="already"):
        tiers.with_notice(fallen, date(2025, 2, 2))
    with pytest.raises(InvalidInput, match="without notice"):
        policy(Movement()).with_notice(standing, date(2025, 1, 20))


JANUARY = date(2025, 1, 1)
SILVER = Standing(level="silver", since=JANUARY, judged_on=JANUARY)
OTHER = Standing(level="platinum", since=JANUARY, judged_on=JANUARY)
YEAR = DateRange(JANUARY, date(2026, 1, 1))
UNKNOWN: dict[str, Callable[[TierPolicy], object]] = {
    "standing": lambda tiers: tiers.decide(TierFacts(sheet(1), OTHER), JANUARY),
    "guarantee": lambda tiers: tiers.with_guarantee(
        SILVER, Guarantee(level="platinum", until=date(2026, 1, 1))
    ),
    "override": lambda tiers: tiers.with_override(
        SILVER, Override(level="platinum", reason="merger", author="Kato", period=YEAR)
    ),
}


@pytest.mark.parametrize("use", UNKNOWN.values(), ids=UNKNOWN)
def test_a_level_that_the_version_does_not_have_is_refused_by_name(
    use: Callable[[TierPolicy], object],
) -> None:
    with pytest.raises(InvalidInput, match=r"platinum.*gold, silver, registered"):
        use(policy(Movement()))


def test_faults_of_a_movement_are_listed_together() -> None:
    wrong: dict[str, Any] = {
        "review": "week", "grace_months": 0, "notice_days": 5000, "term_months": True, "approval": frozenset({"aside"}),
        "initial": InitialLevel("gold", 0),
    }  # fmt: skip
    with pytest.raises(InvalidInput) as refused:
        Movement(**wrong)
    found = [fault.path for fault in refused.value.faults]
    assert found == ["review", "grace_months", "notice_days", "term_months", "approval", "initial.months"]
    with pytest.raises(InvalidInput, match="longer than the term"):
        Movement(term_months=6, initial=InitialLevel("gold", 12))


def test_an_override_says_why_and_expires() -> None:
    with pytest.raises(InvalidInput) as refused:
        Override(level="gold", reason=" ", author="", period=DateRange(date(2025, 1, 1)))
    assert [fault.path for fault in refused.value.faults] == ["reason", "author", "period"]


SAID = {
    "en": (
        "in grace; the level before was Gold",
        "below the level since February 10, 2025",
        "grace until May 10, 2025",
        "from data up to March 20, 2025",
    ),
    "ja": (
        "猶予期間中（直前のレベル：ゴールド）",
        "2025年2月10日から基準未達",
        "2025年5月10日まで猶予",
        "2025年3月20日までのデータに基づく",
    ),
    "zh": ("金牌", "2025年2月10日", "2025年5月10日", "2025年3月20日"),
}


@pytest.mark.parametrize("locale", SAID)
def test_grace_is_explained_in_three_languages(locale: str) -> None:
    tiers = policy(Movement(grace_months=3))
    standing = walk(tiers, [GOLD, ("2025-02-10", 60, "gold", "in-grace")])
    facts = TierFacts(sheet(60), standing, data_as_of=date(2025, 3, 20))
    said = str(explain(tiers.decide(facts, date(2025, 3, 31)), locale))
    for words in SAID[locale]:
        assert words in said


@pytest.mark.parametrize(
    ("locale", "held", "set_by"),
    [
        ("en", "held", "set by Kato through April 30, 2025: merger"),
        ("ja", "一部の項目が不明のため維持", "Kato が 2025年4月30日 まで設定：merger"),
        ("zh", "因部分事实未知而保留等级", "Kato"),
    ],
)
def test_holding_and_overriding_say_so(locale: str, held: str, set_by: str) -> None:
    tiers = policy(Movement())
    standing = walk(tiers, [GOLD, override("silver", "2025-02-01", "2025-05-01")])
    unknown = tiers.decide(TierFacts(sheet(None), walk(tiers, [GOLD])), date(2025, 3, 31))
    assert held in str(explain(unknown, locale))
    for day in (date(2025, 2, 1), date(2025, 5, 1)):  # while it is in force, and on the day it has ended
        assert set_by in str(explain(tiers.decide(TierFacts(sheet(120), standing), day), locale))


MOVEMENTS = st.builds(
    Movement,
    upgrade=st.sampled_from(When),
    downgrade=st.sampled_from(When),
    review=st.sampled_from(["month", "quarter", "half", "year"]),
    grace_months=st.none() | st.integers(1, 4),
    notice_days=st.none() | st.integers(1, 60),
    approval=st.frozensets(st.sampled_from(["upgrade", "downgrade"])),
    one_step_down=st.booleans(),
    initial=st.none() | st.builds(InitialLevel, st.sampled_from(["silver", "gold"]), st.integers(1, 14)),
    term_months=st.none() | st.integers(14, 20),
)
STREAMS = st.lists(
    st.tuples(st.integers(1, 100), st.none() | st.sampled_from([0, 49, 50, 99, 100, 150])),
    min_size=1,
    max_size=12,
)


@given(MOVEMENTS, st.integers(1, 12), STREAMS)
def test_levels_move_only_as_actions_say_and_every_decision_can_be_replayed(
    movement: Movement, start_month: int, stream: list[tuple[int, int | None]]
) -> None:
    tiers, day, standing = policy(movement, start_month), date(2024, 1, 31), None
    ranks = LADDER.ranks
    for later, users in stream:
        day += datetime.timedelta(days=later)
        decision = tiers.decide(TierFacts(sheet(users), standing), day)
        outcome, after = decision.outcome, tiers.standing_after(decision)
        assert after.level == outcome.level
        if standing is not None:
            steps = ranks[outcome.level] - ranks[standing.level]
            assert (steps > 0) == (outcome.action is Action.UPGRADED)
            assert (steps < 0) == (outcome.action is Action.DOWNGRADED)
            if users is None:
                assert steps >= 0
            if steps < 0:
                assert ranks[outcome.level] >= ranks[outcome.qualified]
        assert replayed(recorded(decision), [tiers]) == decision
        assert tiers.movement_decision(decision).outcome is outcome.action
        assert from_plain(to_plain(after), Standing) == after
        standing = after


LABELS = {
    "is_new": ("new to the program", "プログラムへの新規参加", "新加入计划"),
    "is_overridden": ("manual override in force", "手動設定が有効", "人工设定生效中"),
    "is_guaranteed": ("level guaranteed for now", "レベル保証期間中", "等级保证期内"),
    "steps": ("levels to move", "移動する段数", "应变动的级数"),
    "is_unclear": (
        "unknown facts might keep the level",
        "不明な項目次第でレベル維持",
        "未知的事实可能保住等级",
    ),
    "review_due": ("review due", "審査日の到来", "到达审核日"),
    "year_end_due": ("end of the year reached", "年度末の到来", "到达年度末"),
    "grace_over": ("grace period over", "猶予期間の終了", "宽限期已过"),
    "notice_given": ("notice given", "通知済み", "已发出通知"),
    "notice_over": ("notice period over", "通知期間の終了", "通知期已过"),
}


def test_what_movement_looks_at_has_words_in_three_languages() -> None:
    schema = FactSchema.of(MovementFacts)
    assert {field.name: field.text for field in schema.fields} == {
        name: Text.of(english, ja=japanese, zh=chinese)
        for name, (english, japanese, chinese) in LABELS.items()
    }


@pytest.mark.parametrize(
    ("period", "judged_on", "as_of", "due"),
    [
        ("month", "2025-01-31", "2025-02-27", False),
        ("month", "2025-01-31", "2025-02-28", True),
        ("month", "2025-02-27", "2025-02-28", True),
        ("month", "2025-02-28", "2025-02-28", False),  # judged on it already
        ("month", "2025-03-31", "2025-02-28", False),
        ("quarter", "2025-01-01", "2025-03-30", False),
        ("quarter", "2025-01-01", "2025-06-29", True),
        ("half", "2025-01-01", "2025-06-29", False),
        ("half", "2025-01-01", "2025-06-30", True),
        ("year", "2025-01-01", "2025-12-30", False),
        ("year", "2024-12-31", "2025-12-31", True),
    ],
)
def test_a_review_is_due_once_a_period_has_ended_since_the_last_judgement(
    period: PeriodKind, judged_on: str, as_of: str, due: bool
) -> None:
    days = (date.fromisoformat(judged_on), date.fromisoformat(as_of))
    assert is_due(FiscalCalendar(), period, *days) is due


DAY = date(2025, 5, 10)
FALLEN = Standing(
    level="gold", since=date(2024, 1, 31), judged_on=date(2025, 4, 1), below_since=date(2025, 3, 1), grace_until=date(2025, 6, 1),
    notice_until=date(2025, 5, 5),
)  # fmt: skip
WELL = {"judged_on": DAY, "below_since": None, "grace_until": None, "notice_until": None}
ON_DAY, LATER = DAY, DAY + datetime.timedelta(days=1)


def granted(until: date) -> Guarantee:
    return Guarantee(level="silver", until=until)


def hand(last_day: date) -> Override:
    period = DateRange.of_days(date(2025, 5, 1), last_day)
    return Override(level="gold", reason="merger", author="Kato", period=period)


@pytest.mark.parametrize(
    ("movement", "before", "action", "changed"),
    [
        ({}, {}, Action.KEPT, WELL),
        ({}, {}, Action.GUARANTEED, WELL),
        ({}, {}, Action.UPGRADE_WAITS, WELL),
        ({}, {}, Action.UPGRADE_PROPOSED, WELL),
        ({}, {}, Action.UPGRADED, {**WELL, "level": "silver", "since": DAY}),
        ({}, {}, Action.DOWNGRADED, {**WELL, "level": "silver", "since": DAY}),
        ({}, {}, Action.OVERRIDDEN, {}),
        ({}, {}, Action.HELD, {}),
        *(({"grace_months": 3}, {}, action, {"judged_on": DAY})  # grace goes on from the day of the fall
          for action in (Action.IN_GRACE, Action.NOTICE_DUE, Action.UNDER_NOTICE, Action.DOWNGRADE_WAITS, Action.DOWNGRADE_PROPOSED)),
        ({}, {}, Action.DOWNGRADE_WAITS, {"judged_on": DAY, "grace_until": None}),
        ({"grace_months": 1}, {"below_since": None}, Action.IN_GRACE,
         {"judged_on": DAY, "below_since": DAY, "grace_until": date(2025, 6, 10)}),
        # what is over is taken away, even while facts are missing
        ({}, {"guarantee": granted(ON_DAY), "override": hand(ON_DAY)}, Action.HELD, {"guarantee": None}),
        ({}, {"guarantee": granted(LATER), "override": hand(date(2025, 5, 9))}, Action.HELD, {"override": None}),
        ({}, {"guarantee": granted(LATER)}, Action.KEPT, WELL),
        # terms are counted from the level's first day, 31 January 2024: to 31 May 2025, and of one that begins today from today
        ({"term_months": 1}, {}, Action.KEPT, {**WELL, "guarantee": Guarantee(level="gold", until=date(2025, 5, 31))}),
        ({"term_months": 1}, {"guarantee": granted(LATER)}, Action.KEPT, WELL),
        ({"term_months": 1}, {"guarantee": granted(LATER)}, Action.UPGRADED,
         {**WELL, "level": "silver", "since": DAY, "guarantee": granted(date(2025, 6, 10))}),
        ({"term_months": 1}, {"guarantee": granted(LATER)}, Action.DOWNGRADED,
         {**WELL, "level": "silver", "since": DAY, "guarantee": granted(date(2025, 6, 10))}),
        ({"term_months": 1}, {"since": date(2025, 4, 10)}, Action.KEPT,  # the first is over today: the second has begun
         {**WELL, "guarantee": Guarantee(level="gold", until=date(2025, 6, 10))}),
    ],
)  # fmt: skip
def test_where_a_partner_stands_after_each_action(
    movement: dict[str, Any], before: dict[str, Any], action: Action, changed: dict[str, Any]
) -> None:
    standing = attrs.evolve(FALLEN, **before)
    assert moved(standing, "silver", action, Movement(**movement), DAY) == attrs.evolve(standing, **changed)


@pytest.mark.parametrize(
    ("movement", "guarantee"),
    [
        ({}, None),
        ({"term_months": 2}, Guarantee(level="bronze", until=date(2025, 7, 10))),
        ({"initial": InitialLevel("silver", 12)}, Guarantee(level="silver", until=date(2026, 5, 10))),
        ({"initial": InitialLevel("silver", 1), "term_months": 2}, Guarantee(level="bronze", until=date(2025, 7, 10))),
    ],
)  # fmt: skip
def test_where_a_new_partner_stands(movement: dict[str, Any], guarantee: Guarantee | None) -> None:
    found = moved(None, "bronze", Action.PLACED, Movement(**movement), DAY)
    assert found == Standing(level="bronze", since=DAY, judged_on=DAY, guarantee=guarantee)


def test_the_movement_is_a_ladder_of_its_own_name() -> None:
    ladder = movement_ladder("tiers/2025", Movement(upgrade=When.NEVER, downgrade=When.NEVER))
    assert ladder.name == "tiers/2025/movement"
    assert ladder.levels == (
        Action.OVERRIDDEN, Action.PLACED, Action.GUARANTEED, Action.HELD, Action.KEPT,
    )  # fmt: skip
