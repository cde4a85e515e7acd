"""The tier policy around its rules: best days, records, distance, benefits, what-if, history."""

import json
import pickle
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import attrs
import pytest

from prmcore.decisions import (
    Decision,
    FactField,
    FactSchema,
    FactSheet,
    Kind,
    Ladder,
    Truth,
    fact,
    recorded,
    replayed,
    rung,
)
from prmcore.decisions.explain import explain
from prmcore.errors import InvalidInput
from prmcore.program import Program, ProgramVersions, load_program
from prmcore.program.judge import Judged, history, judged, level_on, record, replay, standings, step_in
from prmcore.program.what_if import at_next_review, moves, next_level
from prmcore.storage import MemoryStore
from prmcore.tiers import (
    Guarantee,
    InitialLevel,
    Movement,
    Override,
    PointsLine,
    Scorecard,
    Standing,
    TierFacts,
    TierOutcome,
    TierPolicy,
    Track,
    When,
)
from prmcore.tiers.benefits import Benefit, BenefitFacts, Benefits
from prmcore.tiers.movement import MovementFacts
from prmcore.values import Dated, DateRange, FiscalCalendar, Lifetime, Rate, Text

PROGRAMS = Path(__file__).parents[2] / "examples" / "programs"
ODOO = {path.stem[-10:]: load_program(path) for path in sorted(PROGRAMS.glob("odoo-*.toml"))}
LATEST = ODOO["2023-05-19"]
MICROSOFT = load_program(PROGRAMS / "microsoft-modern-work-2024.toml")
DAY = date(2023, 9, 30)


def odoo(users: int, people: int, retention: str | None) -> FactSheet:
    rate = None if retention is None else Rate.parse(retention)
    return FactSheet.of(LATEST.facts, {"users": users, "certified_people": people, "retention": rate})


def score(adds: int, people: int, usage: int, deployments: int) -> FactSheet:
    """Of the enterprise track; nothing on the other but the people."""
    names = ("customer_adds", "usage_growth", "deployments")
    values = {f"{name}_smb": 0 for name in names} | {"intermediate_people": people, "advanced_people": people}
    found = dict(zip((f"{name}_enterprise" for name in names), (adds, usage, deployments), strict=True))
    return FactSheet.of(MICROSOFT.facts, values | found)


def at(level: str, since: date = date(2023, 1, 1), judged_on: date = date(2023, 6, 30)) -> Standing:
    return Standing(level=level, since=since, judged_on=judged_on)


def decisions() -> list[Decision[TierOutcome]]:
    """With a standing in every part, and of the best day of a window."""
    period = DateRange(date(2023, 9, 1), date(2024, 1, 1))
    override = Override(level="gold", reason="merger", author="Kato", period=period)
    standing = LATEST.tiers.with_override(at("silver"), override)
    days = ((date(2024, 7, 1), score(5, 4, 500, 2)), (date(2024, 8, 1), score(5, 4, 1000, 0)))
    return [
        LATEST.tiers.decide(TierFacts(odoo(100, 3, None), standing, date(2023, 9, 1)), DAY),
        MICROSOFT.tiers.decide(TierFacts(days, at("member")), date(2024, 8, 15)),
    ]


@pytest.mark.parametrize("decision", decisions(), ids=repr)
def test_a_decision_survives_pickling_and_its_record(decision: Decision[TierOutcome]) -> None:
    policy: Any = decision.policy
    assert pickle.loads(pickle.dumps(decision)) == decision
    again = replayed(json.loads(json.dumps(recorded(decision))), [policy])
    assert again == decision
    assert again.mask == decision.mask
    for locale in ("en", "ja", "zh"):
        assert str(explain(again, locale)) == str(explain(decision, locale))


def test_a_record_says_what_was_decided_from_what() -> None:
    facts = TierFacts(odoo(0, 3, None), at("silver"), date(2023, 9, 1))
    written = recorded(LATEST.tiers.decide(facts, DAY))
    assert written["facts"]["data_as_of"] == "2023-09-01"
    assert written["facts"]["standing"] == {
        "level": "silver", "since": "2023-01-01", "judged_on": "2023-06-30", "below_since": None,
        "grace_until": None, "notice_until": None, "guarantee": None, "override": None,
    }  # fmt: skip
    assert written["outcome"] == {"level": "learning", "qualified": "learning", "action": "downgraded"}


def test_a_guarantee_keeps_the_level_until_its_day_and_not_on_it() -> None:
    guarantee = Guarantee(level="silver", until=date(2024, 1, 1))
    guaranteed = LATEST.tiers.with_guarantee(at("silver"), guarantee)

    def level(standing: Standing, day: date) -> str:
        return LATEST.tiers.decide(TierFacts(odoo(0, 0, "0 %"), standing), day).outcome.level

    assert level(at("silver"), date(2023, 12, 31)) == "learning"
    assert level(guaranteed, date(2023, 12, 31)) == "silver"
    assert level(guaranteed, date(2024, 1, 1)) == "learning"
    kept = LATEST.tiers.decide(TierFacts(odoo(0, 0, "0 %"), guaranteed), date(2023, 12, 31))
    assert "level guaranteed for now: yes, asked for yes" in str(explain(kept))


def test_a_day_is_a_date_without_a_time() -> None:
    with pytest.raises(InvalidInput, match=r"\bas_of\b"):
        LATEST.tiers.decide(TierFacts(odoo(100, 3, None)), datetime(2023, 9, 30))


@pytest.mark.parametrize(
    ("days", "level", "judged_day"),
    [
        # 70 points on two days: the later one is shown
        (
            [(1, score(5, 4, 500, 2)), (2, score(5, 4, 500, 2)), (3, score(0, 0, 0, 0))],
            "solutions-partner",
            2,
        ),
        # nobody qualifies: the day with the most points, 75, is the nearest
        ([(1, score(5, 4, 100, 2)), (2, score(5, 4, 1000, 0)), (3, score(1, 1, 1, 1))], "member", 2),
        # a qualifying day before one with more points that does not qualify
        ([(1, score(5, 4, 500, 2)), (2, score(5, 4, 1000, 0))], "solutions-partner", 1),
    ],
)
def test_the_best_day_is_the_one_with_the_best_level_then_the_most_points_then_the_last(
    days: list[tuple[int, FactSheet]], level: str, judged_day: int
) -> None:
    metrics = tuple((date(2024, 8, day), sheet) for day, sheet in days)
    decision = MICROSOFT.tiers.decide(TierFacts(metrics), date(2024, 8, 15))
    assert decision.outcome.level == level
    assert MICROSOFT.tiers.judged_day(decision) == date(2024, 8, judged_day)


def test_a_policy_whose_parts_do_not_fit_is_refused() -> None:
    tiers = MICROSOFT.tiers
    with pytest.raises(InvalidInput) as refused:
        attrs.evolve(
            tiers,
            ladder=LATEST.tiers.ladder,
            best_day_of=Lifetime(),
            movement=Movement(initial=InitialLevel("platinum", 12)),
        )
    assert [fault.path for fault in refused.value.faults] == [
        "ladder.facts", "best_day_of", "movement.initial.level",
    ]  # fmt: skip


def test_the_best_day_is_said_before_what_it_was_judged_by() -> None:
    lines = explain(decisions()[1]).lines()
    assert lines[1] == "  judged on the best day: July 1, 2024"


def test_a_first_level_lasts_up_to_a_hundred_years() -> None:
    assert Movement(initial=InitialLevel("gold", 1200)).initial == InitialLevel("gold", 1200)
    for months in (0, 1201):
        with pytest.raises(InvalidInput, match="1 to 1200"):
            Movement(initial=InitialLevel("gold", months))


def test_no_day_to_judge_is_refused() -> None:
    with pytest.raises(InvalidInput, match="found no days"):
        MICROSOFT.tiers.decide(TierFacts(()), date(2024, 8, 15))


def test_a_level_is_held_when_one_day_of_the_window_is_unknown() -> None:
    blank = FactSheet.of(MICROSOFT.facts, {})
    days = ((date(2024, 8, 1), blank), (date(2024, 8, 2), score(0, 0, 0, 0)))
    standing = at("solutions-partner", judged_on=date(2023, 12, 1))
    decision = MICROSOFT.tiers.decide(TierFacts(days, standing), date(2024, 1, 31))
    assert (decision.outcome.level, decision.outcome.action.value) == ("solutions-partner", "held")


def test_what_is_missing_says_how_many_points_each_line_could_add() -> None:
    # 3 of 5 adds: 12; 1 of 4 people: 2.5; 1 of 2: 7.5; 400 of 1000 users: 12; 2 of 5 deployments: 10. In all 44.
    facts = TierFacts(((date(2024, 8, 15), score(3, 1, 400, 2)),))
    found = next_level(MICROSOFT, MICROSOFT.tiers.decide(facts, date(2024, 8, 15)))
    assert found is not None
    assert found.level == "solutions-partner"
    ((change,),) = [way.changes for way in found.distance.ways]
    assert (change.fact, change.observed, change.target, change.missing) == ("points", 44, 70, 26)
    assert [line.room for line in found.room] == [8, Fraction(15, 2), Fraction(15, 2), 18, 15]


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        (
            "en",
            (
                "judged on the best day: August 1, 2024",
                "points on Enterprise: 44",
                "Net customer adds, enterprise: 3 gives 12 of 20 points",
                "Intermediate certified people: 1 gives 2.5 of 10 points",
                "total points: 44, asked for at least 70",
            ),
        ),
        ("ja", ("最良の日で判定：2024年8月1日", "純増顧客数（エンタープライズ）：3 → 12 / 20 ポイント")),
        ("zh", ("按最佳日评定：2024年8月1日", "净增客户（大型企业）：3 → 12 / 20 分")),
    ],
)
def test_a_score_is_explained_line_by_line_in_three_languages(locale: str, said: tuple[str, ...]) -> None:
    days = ((date(2024, 8, 1), score(3, 1, 400, 2)), (date(2024, 8, 2), score(0, 0, 0, 0)))
    decision = MICROSOFT.tiers.decide(TierFacts(days), date(2024, 8, 15))
    text = str(explain(decision, locale))
    for words in said:
        assert words in text


def test_distance_names_every_requirement_of_the_next_level() -> None:
    decision = LATEST.tiers.decide(TierFacts(odoo(100, 3, "75 %")), DAY)
    found = next_level(LATEST, decision)
    assert found is not None
    ((users, people, retention),) = [
        sorted(way.changes, key=lambda change: str(change.target)) for way in found.distance.ways
    ]
    assert {one.fact: (one.observed, one.target) for one in (users, people, retention)} == {
        "users": (100, 300),
        "certified_people": (3, 6),
        "retention": (Rate.parse("75 %"), Rate.parse("80 %")),
    }


def test_the_next_review_says_which_benefits_would_be_lost() -> None:
    decision = LATEST.tiers.decide(TierFacts(odoo(100, 3, "75 %"), at("gold")), date(2023, 8, 15))
    assert decision.outcome.level == "gold"
    found = at_next_review(LATEST, decision)
    assert (found.day, found.decision.outcome.level) == (DAY, "silver")
    assert found.lost == {"licence_commission": Rate.parse("20 %")}  # silver has 15 %; the rest is alike


@pytest.mark.parametrize(
    ("benefit", "level", "given"),
    [
        ("licence_commission", "silver", Rate.parse("15 %")),
        ("licence_commission", "ready", Rate.parse("10 %")),
        ("account_manager", "ready", True),
        ("account_manager", "learning", False),
        ("account_manager", None, False),  # nobody knows the level
    ],
)
def test_a_level_gives_what_the_program_says(benefit: str, level: str | None, given: Any) -> None:
    assert LATEST.benefits.entitlement(benefit, BenefitFacts(level), DAY).outcome == given


def test_a_benefit_says_why_it_is_not_given() -> None:
    suspended = LATEST.benefits.entitlement("account_manager", BenefitFacts("gold", may_use=False), DAY)
    assert suspended.outcome is False
    (reason,) = suspended.reasons
    assert [part.truth for part in reason.parts] == [Truth.MET, Truth.UNMET]
    unknown = LATEST.benefits.entitlement("account_manager", BenefitFacts(None), DAY)
    assert unknown.reasons[0].truth is Truth.UNKNOWN


def test_benefits_that_cannot_be_are_refused() -> None:
    with pytest.raises(InvalidInput, match="did you mean 'account_manager'"):
        LATEST.benefits.entitlement("acount_manager", BenefitFacts("gold"), DAY)
    with pytest.raises(InvalidInput, match="twice"):
        Benefits("tiers/1", (Benefit("badge", (("gold", True),)), Benefit("badge", (("gold", True),))))


def over(program: Program, sheets: dict[str, FactSheet], day: date) -> list[Judged]:
    found = []
    for partner, sheet in sheets.items():
        decision = program.tiers.decide(
            TierFacts(FactSheet.of(program.facts, values_of(program, sheet))), day
        )
        found.append(Judged(partner, decision, program.tiers.standing_after(decision)))
    return found


def values_of(program: Program, sheet: FactSheet) -> dict[str, Any]:
    return {name: sheet[name] for name in ("users", "certified_people", "retention")}


def test_simulation_finds_who_would_stand_elsewhere() -> None:
    sheets = {
        "ann": odoo(160, 3, "85 %"),  # gold in 2019, silver in 2021
        "bob": odoo(60, 2, "75 %"),  # silver in 2019, ready in 2021
        "cec": odoo(250, 9, "90 %"),  # gold in both
        "dot": odoo(5, 9, "90 %"),  # learning in both
    }
    found = moves(over(ODOO["2019-08-09"], sheets, DAY), over(ODOO["2021-01-12"], sheets, DAY))
    assert [(move.partner, move.levels) for move in found] == [
        ("ann", ("gold", "silver")),
        ("bob", ("silver", "ready")),
    ]


def test_history_is_set_against_another_version() -> None:
    given = {"ann": values_of(LATEST, odoo(160, 3, "85 %")), "cec": values_of(LATEST, odoo(250, 9, "90 %"))}
    old, new = ODOO["2019-08-09"], ODOO["2021-01-12"]
    store, day = MemoryStore(), date(2020, 12, 31)
    record(store, old.name, judged(ProgramVersions.of(old), old.book(), given, [day]))
    kept = [one for partner in given for one in history(store, old.name, partner)]
    before = [Judged(one.partner, replay(one, [old, new]), one.after) for one in kept]
    always = ProgramVersions(Dated(((DateRange(), new),)))
    found = moves(before, judged(always, new.book(), given, [day]))
    assert [(move.partner, move.levels) for move in found] == [("ann", ("gold", "silver"))]


GIVEN = """
format = "prmcore/1"
name = "small"
version = "1"
[facts.users]
kind = "count"
[tiers]
otherwise = "registered"
[[tiers.rungs]]
level = "gold"
requires = [{ fact = "users", at_least = 100 }]
[[tiers.rungs]]
level = "silver"
requires = [{ fact = "users", at_least = 50 }]
"""


def test_history_goes_on_from_what_a_person_did(tmp_path: Path) -> None:
    path = tmp_path / "small.toml"
    path.write_text(GIVEN)
    versions = ProgramVersions.of(load_program(path))
    program, store = versions.on(DAY), MemoryStore()

    def run(days: list[date], users: int) -> None:
        kept = standings(store, "small")
        decided = judged(versions, program.book(), {"acme": {"users": users}}, days, kept)
        record(store, "small", decided)

    days = [date(2025, 1, 31), date(2025, 2, 28), date(2025, 3, 31)]
    run(days[:1], 60)
    period = DateRange(date(2025, 2, 1), date(2025, 3, 1))
    override = Override(level="gold", reason="merger", author="Kato", period=period)
    last = history(store, "small", "acme")[-1]
    step_in(store, "small", "acme", program.tiers.with_override(last.after, override))
    run(days[1:], 60)  # goes on from what is recorded
    run(days, 60)  # again: nothing changes
    kept = history(store, "small", "acme")
    assert [(one.day, one.level, one.action) for one in kept] == [
        (days[0], "silver", "placed"),
        (days[1], "gold", "overridden"),
        (days[2], "silver", "kept"),
    ]
    assert [level_on(kept, day) for day in (days[0], date(2025, 3, 30), days[2])] == [
        "silver",
        "gold",
        "silver",
    ]
    assert replay(kept[1], [program]).outcome.level == "gold"
    with pytest.raises(InvalidInput, match="no level yet on 2025-01-30"):
        level_on(kept, date(2025, 1, 30))
    with pytest.raises(InvalidInput, match="nothing is recorded about 'other'"):
        step_in(store, "small", "other", last.after)


def test_the_last_day_of_the_data_is_kept_apart_from_the_day_decided_for() -> None:
    book = LATEST.book()
    for source in LATEST.sources:
        book.add(source, [])
    days = [date(2023, 6, 30), DAY]
    versions = ProgramVersions.of(LATEST)
    found = [
        one.decision.facts.data_as_of
        for one in judged(versions, book, {"acme": {}}, days, data_as_of=date(2023, 8, 1))
    ]
    assert found == [date(2023, 6, 30), date(2023, 8, 1)]  # a day is never judged from what came after it


USERS = FactSchema("tier facts", (FactField("users", Kind.COUNT), FactField("people", Kind.COUNT)))
SMALL: Ladder[FactSheet, str] = Ladder(
    "tiers/2025", facts=USERS, otherwise="registered",
    rungs=(
        rung("gold", fact("users").at_least(100), fact("people").at_least(2), text=Text.of("Gold")),
        rung("silver", fact("users").at_least(50)),
    ),
)  # fmt: skip
GRACE = TierPolicy(SMALL, Movement(grace_months=3))
GOLD = Standing(level="gold", since=date(2025, 1, 15), judged_on=date(2025, 1, 15))
NOTHING_DUE = MovementFacts(
    is_new=False, is_overridden=False, is_guaranteed=False, steps=0, is_unclear=False, review_due=False, year_end_due=False,
    grace_over=False, notice_given=False, notice_over=False,
)  # fmt: skip


def users(count: int | None, people: int | None = 2) -> FactSheet:
    return FactSheet(USERS, (count, people))


def on(day: date, count: int | None, standing: Standing | None = GOLD, people: int | None = 2) -> Decision[TierOutcome]:  # fmt: skip
    return GRACE.decide(TierFacts(users(count, people), standing), day)


JANUARY, MARCH = date(2025, 1, 31), date(2025, 3, 31)


@pytest.mark.parametrize(
    ("standing", "day", "count", "expected"),
    [
        (None, MARCH, 60, {"is_new": True}),
        ({}, MARCH, 100, {}),  # as good as its level: nothing hangs on what is due
        ({}, JANUARY, 60, {"steps": -1}),
        ({}, MARCH, 60, {"steps": -1, "review_due": True}),
        ({}, date(2025, 12, 31), 10, {"steps": -2, "review_due": True, "year_end_due": True}),
        ({"level": "registered"}, JANUARY, 100, {"steps": 2}),
        ({}, JANUARY, None, {"is_unclear": True}),
        ({"level": "silver"}, JANUARY, None, {"is_unclear": True}),
        ({"level": "registered"}, JANUARY, None, {}),
        ({"grace_until": date(2025, 2, 1)}, JANUARY, 60, {"steps": -1}),
        ({"grace_until": JANUARY}, JANUARY, 60, {"steps": -1, "grace_over": True}),
        ({"notice_until": date(2025, 2, 1)}, JANUARY, 60, {"steps": -1, "notice_given": True}),
        ({"notice_until": JANUARY}, JANUARY, 60, {"steps": -1, "notice_given": True, "notice_over": True}),
        ({"guarantee": Guarantee(level="gold", until=date(2025, 2, 1))}, JANUARY, 60, {"is_guaranteed": True}),
        ({"guarantee": Guarantee(level="gold", until=JANUARY)}, JANUARY, 60, {"steps": -1}),
        ({"guarantee": Guarantee(level="silver", until=MARCH)}, JANUARY, 10, {"steps": -1, "is_guaranteed": True}),
        ({"override": Override(level="silver", reason="x", author="y", period=DateRange(JANUARY, MARCH))}, JANUARY, 100,
         {"is_overridden": True}),
        ({"override": Override(level="silver", reason="x", author="y", period=DateRange(JANUARY, MARCH))}, MARCH, 100, {}),
    ],
)  # fmt: skip
def test_movement_looks_at_what_is_due_on_the_day(
    standing: dict[str, Any] | None, day: date, count: int | None, expected: dict[str, Any]
) -> None:
    before = None if standing is None else attrs.evolve(GOLD, **standing)
    decision = GRACE.movement_decision(on(day, count, before))
    assert decision.facts == attrs.evolve(NOTHING_DUE, **expected)
    assert decision == GRACE.movements.decide(decision.facts, day)
    assert decision.mask == GRACE.movements.decide(decision.facts, day).mask


@pytest.mark.parametrize("people", [2, 1, None])
@pytest.mark.parametrize("count", [120, 60, 10, None])
def test_a_decision_keeps_the_answers_of_the_levels_and_of_the_movement_apart(
    count: int | None, people: int | None
) -> None:
    decision = on(MARCH, count, people=people)
    asked = SMALL.decide(users(count, people), MARCH)
    of_levels = GRACE.ladder_decision(decision)
    assert (of_levels, of_levels.mask, of_levels.as_of) == (asked, asked.mask, MARCH)
    assert GRACE.reasons(decision) == SMALL.reasons(asked)
    # two bits for each of the three criteria of the levels, those of the movement above
    assert decision.mask == asked.mask | GRACE.movement_decision(decision).mask << 6
    assert GRACE.written(decision)["mask"] == asked.mask


def test_a_record_of_a_decision_is_made_of_plain_values() -> None:
    decision = GRACE.decide(TierFacts(users(60), GOLD, date(2025, 2, 1)), MARCH)
    assert recorded(decision) == {
        "policy": "tiers/2025", "as_of": "2025-03-31",
        "facts": {
            "metrics": {"users": 60, "people": 2},
            "standing": {
                "level": "gold", "since": "2025-01-15", "judged_on": "2025-01-15", "below_since": None, "grace_until": None,
                "notice_until": None, "guarantee": None, "override": None,
            },
            "data_as_of": "2025-02-01",
        },
        "outcome": {"level": "gold", "qualified": "silver", "action": "in-grace"},
        "mask": SMALL.decide(users(60), MARCH).mask,
    }  # fmt: skip
    assert GRACE.facts_from(recorded(decision)["facts"]) == decision.facts
    assert recorded(on(MARCH, 60, None))["facts"]["standing"] is None
    assert on(MARCH, 10, None).outcome.level == "registered"


def test_a_record_that_has_no_day_of_its_data_is_read_as_one_of_the_day_decided_for() -> None:
    assert GRACE.facts_from({"metrics": {"users": 1, "people": 2}, "standing": None}) == TierFacts(users(1))
    with pytest.raises(InvalidInput) as refused:
        GRACE.facts_from({"metrics": {"users": 1, "people": 2}})
    assert "the facts are not those of tiers/2025" in str(refused.value)
    assert [fault.path for fault in refused.value.faults] == ["standing"]


def test_days_of_a_window_are_written_by_their_day_and_read_in_order() -> None:
    tiers = attrs.evolve(GRACE, best_day_of=MICROSOFT.tiers.best_day_of)
    days = ((date(2025, 2, 1), users(60)), (date(2025, 2, 2), users(10)))
    written = recorded(tiers.decide(TierFacts(days), MARCH))["facts"]["metrics"]
    assert written == {"2025-02-01": {"users": 60, "people": 2}, "2025-02-02": {"users": 10, "people": 2}}
    turned = dict(reversed(written.items()))
    assert tiers.facts_from({"metrics": turned, "standing": None}).metrics == days


@pytest.mark.parametrize(
    ("standing", "lines"),
    [
        (
            GOLD,
            [
                "tiers/2025 on March 31, 2025: Gold",
                "  qualifies for silver",
                "    ✗ Gold",
                "      ✗ users: 60, asked for at least 100",
                "      ✓ people: 2, asked for at least 2",
                "    ✓ silver",
                "      ✓ users: 60, asked for at least 50",
                "  in grace; the level before was Gold",
                "    ✓ levels to move: -1, asked for at most -1",
                "    ✓ grace period over: no, asked for no",
                "    below the level since March 31, 2025",
                "    grace until June 30, 2025",
            ],
        ),
        (
            None,
            [
                "tiers/2025 on March 31, 2025: silver",
                "  qualifies for silver",
                "    ✗ Gold",
                "      ✗ users: 60, asked for at least 100",
                "      ✓ people: 2, asked for at least 2",
                "    ✓ silver",
                "      ✓ users: 60, asked for at least 50",
                "  placed",
                "    ✓ new to the program: yes, asked for yes",
            ],
        ),
    ],
)
def test_a_decision_is_said_from_the_level_to_the_movement(
    standing: Standing | None, lines: list[str]
) -> None:
    assert explain(on(MARCH, 60, standing)).lines() == lines
    known = GRACE.decide(TierFacts(users(60), standing, MARCH), MARCH)  # data of the day itself are no news
    assert explain(known).lines() == lines
    earlier = GRACE.decide(TierFacts(users(60), standing, JANUARY), MARCH)
    assert explain(earlier).lines() == [*lines, "  from data up to January 31, 2025"]


def test_a_policy_is_named_by_its_ladder_and_looks_at_its_facts() -> None:
    assert (GRACE.name, GRACE.facts) == ("tiers/2025", USERS)
    assert repr(GRACE) == "TierPolicy('tiers/2025': gold, silver, registered)"
    assert TierPolicy(SMALL) == TierPolicy(SMALL, Movement(), FiscalCalendar(), None, None)
    card = Scorecard(USERS, (Track("main", (PointsLine(fact="users", maximum=Fraction(9), full_at=3),)),))
    scored: Ladder[FactSheet, str] = Ladder(
        "scored", facts=card.schema, otherwise="none", rungs=(rung("some", fact("points").at_least(3)),)
    )
    with_card: TierPolicy = TierPolicy(scored, scorecard=card)
    assert with_card.facts == USERS
    assert with_card.decide(TierFacts(users(1)), MARCH).outcome.level == "some"
    assert with_card.seen(users(2), MARCH)["points"] == 6
    with pytest.raises(InvalidInput) as refused:
        TierPolicy(SMALL, scorecard=card, best_day_of=Lifetime())
    assert list(map(str, refused.value.faults)) == [
        "the ladder of a scorecard is built over the scorecard's schema @ ladder.facts",
        "a lifetime has no first day; accepted: any other window @ best_day_of",
    ]


def test_of_days_without_points_the_last_of_the_best_level_is_judged() -> None:
    tiers = attrs.evolve(GRACE, best_day_of=MICROSOFT.tiers.best_day_of)
    metrics = tuple((date(2025, 2, day), users(count)) for day, count in ((1, 60), (2, 70), (3, 10)))
    place, mask, day = tiers.qualified(metrics, MARCH)
    assert (place, day) == (1, date(2025, 2, 2))
    assert mask == SMALL.decide(users(70), day).mask
    decision = tiers.decide(TierFacts(metrics), MARCH)
    assert (tiers.judged_day(decision), tiers.judged_metrics(decision)) == (day, users(70))
    assert (GRACE.judged_day(on(MARCH, 1)), GRACE.judged_metrics(on(MARCH, 1))) == (MARCH, users(1))


def test_a_best_day_whose_points_are_unknown_goes_behind_one_without_any() -> None:
    """Nobody qualifies: of a day without points, one whose points are not known, and one before both."""
    days = ((1, score(0, 0, 0, 0)), (2, FactSheet.of(MICROSOFT.facts, {})))
    for order in (days, days[::-1]):
        metrics = tuple((date(2024, 8, place), sheet) for place, (_, sheet) in enumerate(order, 1))
        _, _, day = MICROSOFT.tiers.qualified(metrics, date(2024, 8, 15))
        assert dict(metrics)[day] == days[0][1]


@pytest.mark.parametrize("proposed", ["upgrade", "downgrade"])
def test_an_approval_on_the_day_of_the_decision_counts_from_it(proposed: str) -> None:
    tiers = TierPolicy(SMALL, Movement(downgrade=When.AT_ONCE, approval=frozenset({proposed})))
    before = attrs.evolve(GOLD, level="silver")
    decision = tiers.decide(TierFacts(users(120 if proposed == "upgrade" else 10), before), MARCH)
    level = "gold" if proposed == "upgrade" else "registered"
    expected = Standing(level=level, since=MARCH, judged_on=MARCH)
    assert tiers.approved(decision) == tiers.approved(decision, MARCH) == expected
    later = date(2025, 4, 1)
    assert tiers.approved(decision, later) == attrs.evolve(expected, since=later, judged_on=later)


def test_what_no_decision_allows_is_refused_in_words() -> None:
    tiers = TierPolicy(SMALL, Movement(notice_days=30))
    with pytest.raises(InvalidInput, match=r"^the decision proposes no move: its action is in-grace$"):
        GRACE.approved(on(MARCH, 60))
    with pytest.raises(InvalidInput, match=r"^'tiers/2025' moves partners without notice$"):
        GRACE.with_notice(GOLD, MARCH)
    fallen = attrs.evolve(GOLD, below_since=JANUARY)
    given = tiers.with_notice(fallen, MARCH)
    assert given == attrs.evolve(fallen, notice_until=date(2025, 4, 30))  # 30 days after 31 March
    for standing, found in ((GOLD, "is not below its level"), (given, "was given notice already")):
        with pytest.raises(InvalidInput, match=f"^the partner {found}; nothing to give notice of$"):
            tiers.with_notice(standing, MARCH)


def test_a_policy_crosses_processes_without_what_it_has_worked_out() -> None:
    on(MARCH, 60)
    again = pickle.loads(pickle.dumps(GRACE))
    assert again == GRACE
    assert "movements" not in vars(again)
    assert again.decide(TierFacts(users(60), GOLD), MARCH) == on(MARCH, 60)
