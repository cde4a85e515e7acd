"""The shapes that a policy can have besides the ladder: a precedence, lines, a timeline."""

import datetime
import json
import pickle
from fractions import Fraction
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prmcore.decisions import (
    ByOrder,
    ByScore,
    ByValue,
    Contest,
    Lines,
    Milestone,
    Precedence,
    Prefer,
    Rule,
    RuleReason,
    ScoreLine,
    Stage,
    Timeline,
    Total,
    Truth,
    fact,
    recorded,
    replayed,
)
from prmcore.decisions.explain import explain
from prmcore.decisions.lines import total_of
from prmcore.decisions.narrowing import best, kept, narrowings
from prmcore.decisions.timeline import last_reached, next_after
from prmcore.errors import InvalidInput
from prmcore.testing import strategies
from prmcore.testing._shapes import ClaimFacts, contests, precedences
from prmcore.values import Length, Text

D = datetime.date
TODAY = D(2026, 3, 31)
CHECKED = Prefer(name="checked", criteria=(fact("checked").is_true(),))
TIER = ByOrder(name="tier", fact="tier", order=("gold", "silver"))
LATEST = ByValue(name="latest", fact="changed")


def claim(source: str, **known: Any) -> ClaimFacts:
    return ClaimFacts(source=source, **known)


def precedence(*steps: Any, **given: Any) -> Precedence[ClaimFacts]:
    return Precedence(name="crm/phone", facts=ClaimFacts, named_by="source", steps=steps, **given)


def contest(*claims: ClaimFacts) -> Contest[ClaimFacts]:
    return Contest(subject="A-1", claims=claims)


# precedence


def test_claims_are_narrowed_step_by_step_until_one_is_left() -> None:
    """c is not checked; of a and b, both gold, b was changed later."""
    claims = (
        claim("a", checked=True, tier="gold", changed=D(2026, 1, 1)),
        claim("b", checked=True, tier="gold", changed=D(2026, 2, 1)),
        claim("c", checked=False, tier="gold", changed=D(2026, 3, 1)),
    )
    found = precedence(CHECKED, TIER, LATEST).decide(contest(*claims), TODAY).outcome
    assert (found.claims, found.tied) == (("b",), ())
    assert found.stages == (
        Stage(step="checked", left=("a", "b"), fell=("c",)),
        Stage(step="tier", left=("a", "b"), fell=()),
        Stage(step="latest", left=("b",), fell=("a",)),
    )


def test_whoever_no_step_tells_apart_is_left_to_a_person_unless_the_order_of_names_may_decide() -> None:
    claims = contest(claim("b"), claim("a"))
    found = precedence(CHECKED).decide(claims, TODAY).outcome
    assert (found.claims, found.tied, found.is_arbitrary) == ((), ("a", "b"), False)
    found = precedence(CHECKED, ties_by_name=True).decide(claims, TODAY).outcome
    assert (found.claims, found.tied, found.is_arbitrary) == (("a",), (), True)


def test_what_is_asked_for_shuts_out_also_when_it_is_not_known() -> None:
    policy = precedence(LATEST, eligible=(fact("people").at_least(2),))
    claims = contest(claim("a", people=2), claim("b"), claim("c", people=1))
    decision = policy.decide(claims, TODAY)
    assert decision.outcome.claims == ("a",)
    assert [(one.level, one.truth) for one in decision.reasons] == [
        ("a", Truth.MET), ("b", Truth.UNKNOWN), ("c", Truth.UNMET),
    ]  # fmt: skip
    assert policy.decide(contest(claim("b")), TODAY).outcome.claims == ()


def test_a_function_rule_is_asked_by_a_step() -> None:
    def is_long(facts: ClaimFacts, as_of: D) -> RuleReason:
        return RuleReason(Truth.of(len(facts.source) > 1))

    step = Prefer(name="long", criteria=(Rule("long-name", is_long),))
    assert precedence(step).decide(contest(claim("a"), claim("bb")), TODAY).outcome.claims == ("bb",)


def test_an_unknown_value_comes_last_and_of_none_known_all_stay() -> None:
    highest = precedence(ByValue(name="people", fact="people"))
    assert highest.decide(contest(claim("a"), claim("b", people=0)), TODAY).outcome.claims == ("b",)
    assert highest.decide(contest(claim("a"), claim("b")), TODAY).outcome.tied == ("a", "b")


def test_the_score_of_a_step_is_the_sum_of_its_lines() -> None:
    """a: 2 x 3 + 5 = 11; b: 2 x 5 = 10."""
    lines = (ScoreLine(points=2, times="people"), ScoreLine(points=5, when=(fact("checked").is_true(),)))
    policy = precedence(ByScore(name="score", lines=lines))
    claims = contest(claim("a", people=3, checked=True), claim("b", people=5, checked=False))
    assert policy.decide(claims, TODAY).outcome.claims == ("a",)


def test_it_is_explained_in_three_languages() -> None:
    policy = precedence(CHECKED, LATEST)
    decision = policy.decide(contest(claim("a", checked=True), claim("b", checked=False)), TODAY)
    assert str(explain(decision)).splitlines() == [
        "crm/phone on March 31, 2026: a before the others",
        "  checked: 1 left",
        "    ✓ a",
        "      ✓ checked: yes, asked for yes",
        "    ✗ b",
        "      ✗ checked: no, asked for yes",
    ]
    assert "a が他より優先されます" in str(explain(decision, "ja"))
    assert "a 优先于其他" in str(explain(decision, "zh"))


def test_every_fault_of_a_precedence_is_told_at_once() -> None:
    with pytest.raises(InvalidInput) as refused:
        Precedence(
            name="x", facts=ClaimFacts, named_by="people", winners=0,
            steps=(CHECKED, CHECKED, ByValue(name="eligible", fact="tier"), ByOrder(name="o", fact="tier", order=())),
        )  # fmt: skip
    assert [(one.message[:46], one.path) for one in refused.value.faults] == [
        ("found 'people'; accepted: a code", "named_by"),
        ("found 0; accepted: 1 or more", "winners"),
        ("the step 'checked' stands here twice", "steps"),
        ("'eligible' is what comes before the steps; acc", "steps[2].name"),
        ("found 'tier'; accepted: a count or number or m", "steps[2].fact"),
        ("found (); accepted: codes, the best first, eac", "steps[3].order"),
    ]
    with pytest.raises(InvalidInput, match="'a' stands here twice"):
        precedence(CHECKED).decide(contest(claim("a"), claim("a")), TODAY)


@given(precedences(), contests(), st.randoms())
def test_the_order_of_claims_decides_nothing(
    policy: Precedence[ClaimFacts], facts: Contest[ClaimFacts], random: Any
) -> None:
    mixed = list(facts.claims)
    random.shuffle(mixed)
    assert policy.decide(attrs.evolve(facts, claims=tuple(mixed)), TODAY).outcome == (
        policy.decide(facts, TODAY).outcome
    )


@given(precedences(), contests())
def test_no_step_after_the_eligible_sends_away_the_last_one(
    policy: Precedence[ClaimFacts], facts: Contest[ClaimFacts]
) -> None:
    found = policy.decide(facts, TODAY).outcome
    assert len(found.claims) <= policy.winners
    assert not (found.claims and found.tied)
    left = {one.source for one in facts.claims}
    for stage in found.stages:
        assert set(stage.left) | set(stage.fell) == left
        assert stage.left or stage.step == "eligible"
        left = set(stage.left)
    assert set(found.claims or found.tied) <= left


def test_a_step_that_does_not_know_of_one_asks_a_person_and_the_walk_ends_there() -> None:
    walked = list(
        narrowings(
            ("a", "b", "c"),
            ("first", "second"),
            lambda step, left: kept(step, left, lambda one: None if one == "b" else True, why="out"),
            lambda left: len(left) < 2,
        )
    )
    assert [(one.step, one.unknown, one.truth) for one in walked] == [("first", ("b",), Truth.UNKNOWN)]


def test_a_step_may_leave_nobody_where_it_says_so() -> None:
    assert kept("s", ("a",), lambda one: False, may_empty=True).left == ()
    assert kept("s", ("a",), lambda one: False).passes
    out = kept("s", ("a", "b"), lambda one: one == "a", why="later", seen=str.upper)
    assert [(one.claim, one.why, one.seen) for one in out.fell_out] == [("b", "later", "B")]
    assert best("s", ("a", "b"), {"a": 1, "b": None}.__getitem__).left == ("a",)


# lines


def test_a_total_is_the_sum_of_its_lines_and_unknown_while_one_is() -> None:
    assert total_of([]) == 0
    assert total_of([Fraction(1, 3), Fraction(2, 3)]) == 1
    assert total_of([Fraction(1), None]) is None


def test_lines_say_what_each_gave_and_asked_for() -> None:
    """30 for being checked, 2 for each of 12 people; nothing for gold, and 1 for a date that nobody knows."""
    policy: Lines[ClaimFacts] = Lines(
        "recruitment/2026", facts=ClaimFacts,
        lines=(
            ScoreLine(points=30, when=(fact("checked").is_true(),), text=Text.of("checked")),
            ScoreLine(points=2, times="people"),
            ScoreLine(points=50, when=(fact("tier").equals("gold"),)),
            ScoreLine(points=9, when=(fact("changed").at_least(D(2026, 1, 1)),), unknown=1),
        ),
    )  # fmt: skip
    decision = policy.decide(claim("a", checked=True, people=12, tier="silver"), TODAY)
    assert decision.outcome == Total(points=Fraction(55), lines=tuple(map(Fraction, (30, 24, 0, 1))))
    assert [(one.level, one.truth) for one in decision.reasons] == [
        (0, Truth.MET), (2, Truth.UNMET), (3, Truth.UNKNOWN),
    ]  # fmt: skip
    assert str(explain(decision)).splitlines()[:5] == [
        "recruitment/2026 on March 31, 2026: score: 55",
        "  checked: 30 points",
        "    ✓ checked: yes, asked for yes",
        "  people: 24 points",
        "    people: 12",
    ]


def test_lines_that_cannot_be_used_are_refused() -> None:
    with pytest.raises(InvalidInput, match=r"found none; accepted: one line or more @ lines"):
        Lines("x", facts=ClaimFacts, lines=())
    with pytest.raises(
        InvalidInput, match=r"found 'tier'; accepted: a count or number or rate @ lines\[0\]\.times"
    ):
        Lines("x", facts=ClaimFacts, lines=(ScoreLine(points=1, times="tier"),))


# timeline

CERTIFICATE: Timeline[ClaimFacts] = Timeline(
    "certificates/2026", facts=ClaimFacts, otherwise="valid",
    milestones=(
        Milestone(state="expiring", fact="changed", before=Length.of("2 months")),
        Milestone(state="expired", fact="changed"),
        Milestone(state="void", fact="changed", after=Length.of("30 days")),
    ),
)  # fmt: skip


@pytest.mark.parametrize(
    ("on", "state", "since", "coming"),
    [
        (D(2026, 4, 29), "valid", None, ("expiring", D(2026, 4, 30))),  # two months before 30 June
        (D(2026, 4, 30), "expiring", D(2026, 4, 30), ("expired", D(2026, 6, 30))),
        (D(2026, 6, 30), "expired", D(2026, 6, 30), ("void", D(2026, 7, 30))),
        (D(2026, 7, 30), "void", D(2026, 7, 30), (None, None)),
    ],
)
def test_the_last_milestone_reached_is_the_state(on: D, state: str, since: D | None, coming: Any) -> None:
    found = CERTIFICATE.decide(claim("a", changed=D(2026, 6, 30)), on).outcome
    assert (found.state, found.since, (found.next_state, found.next_on)) == (state, since, coming)


def test_a_date_that_is_not_known_brings_no_milestone_and_says_so() -> None:
    decision = CERTIFICATE.decide(claim("a"), TODAY)
    assert (decision.outcome.state, decision.outcome.next_on) == ("valid", None)
    assert {one.truth for one in decision.reasons} == {Truth.UNKNOWN}
    assert str(explain(decision)).splitlines()[1] == "  ? expiring: unknown"


def test_of_two_milestones_on_one_day_the_later_in_the_list_counts() -> None:
    both: Timeline[ClaimFacts] = Timeline(
        "t", facts=ClaimFacts, otherwise="valid",
        milestones=(Milestone(state="first", fact="changed"), Milestone(state="second", fact="changed")),
    )  # fmt: skip
    found = both.decide(claim("a", changed=TODAY), TODAY).outcome
    assert (found.state, found.next_state) == ("second", None)
    found = both.decide(claim("a", changed=D(2026, 4, 1)), TODAY).outcome
    assert (found.state, found.next_state) == ("valid", "second")


def test_a_timeline_that_cannot_be_used_is_refused_with_every_fault() -> None:
    with pytest.raises(InvalidInput) as refused:
        Timeline(
            "t", facts=ClaimFacts, otherwise="valid",
            milestones=(
                Milestone(state="valid", fact="tier"),
                Milestone(state="b", fact="changed", before=Length.of("2 hours"), after=Length.of("1 day")),
            ),
        )  # fmt: skip
    assert [(one.message[:40], one.path) for one in refused.value.faults] == [
        ("the state 'valid' stands here twice", "milestones"),
        ("found 'tier'; accepted: a date", "milestones[0].fact"),
        ("found before and after; accepted: one of", "milestones[1]"),
        ("found 2 hours; accepted: days, weeks, mo", "milestones[1].before"),
    ]


@given(strategies.of(Timeline), strategies.dates(), st.data())
def test_what_comes_next_is_what_is_found_on_that_day(
    policy: Timeline[ClaimFacts], on: D, data: st.DataObject
) -> None:
    facts = claim("a", changed=data.draw(st.dates(D(2020, 1, 1), D(2030, 1, 1))))
    found = policy.decide(facts, on).outcome
    if found.next_on is not None:
        assert found.next_on > on
        assert policy.decide(facts, found.next_on).outcome.state == found.next_state
        assert policy.decide(facts, found.next_on - datetime.timedelta(1)).outcome.state == found.state


@given(st.lists(st.tuples(strategies.dates(), st.integers())), strategies.dates())
def test_a_moment_has_come_or_is_to_come(moments: list[tuple[D, int]], now: D) -> None:
    last, coming = last_reached(moments, now), next_after(moments, now)
    assert (last is None) is all(day > now for day, _ in moments)
    assert (coming is None) is all(day <= now for day, _ in moments)
    assert all(last is not None and day <= last[0] for day, _ in moments if day <= now)
    assert all(coming is not None and day >= coming[0] for day, _ in moments if day > now)


# every shape


@given(st.sampled_from((Precedence, Lines, Timeline)), st.data())
def test_a_decision_of_any_shape_is_recorded_replayed_pickled_and_explained(
    kind: Any, data: st.DataObject
) -> None:
    policy: Any = data.draw(strategies.of(kind))
    facts: Any = data.draw(
        contests()
        if kind is Precedence
        else strategies.of(Contest).filter(lambda one: bool(one.claims)).map(lambda one: one.claims[0])
    )
    decision = policy.decide(facts, TODAY)
    again = replayed(json.loads(json.dumps(recorded(decision))), [pickle.loads(pickle.dumps(policy))])
    assert again.outcome == decision.outcome
    assert again.reasons == decision.reasons
    for locale in ("en", "ja", "zh"):
        assert "{" not in str(explain(decision, locale))


@pytest.mark.parametrize(
    "damaged", [None, {}, {"subject": "A-1"}, {"subject": "A-1", "claims": [{"source": 1}]}]
)
def test_damaged_facts_of_a_recorded_precedence_are_refused(damaged: Any) -> None:
    with pytest.raises(InvalidInput):
        precedence(CHECKED).facts_from(damaged)
