"""Timelines: what is refused, and what is said of the days. Worked out by hand."""

import datetime
from typing import Any

import attrs
import pytest

from prmcore.decisions import Milestone, Reached, Rule, RuleReason, Timeline, Truth, recorded
from prmcore.decisions.explain import explain
from prmcore.decisions.timeline import last_reached, next_after
from prmcore.errors import InvalidInput
from prmcore.testing._shapes import ClaimFacts
from prmcore.values import Length, Text

D = datetime.date
TODAY = D(2026, 3, 31)
SOON = Milestone(
    state="soon", fact="changed", before=Length.of("1 month"), text=Text.of("Due soon", ja="期限間近")
)
OVER = Milestone(state="over", fact="changed", after=Length.of("1 week"))


def timeline(*milestones: Milestone, **given: Any) -> Timeline[ClaimFacts]:
    return Timeline(
        "certificates/2026", **{"facts": ClaimFacts, "milestones": milestones, "otherwise": "valid", **given}
    )


def changed(day: D | None) -> ClaimFacts:
    return ClaimFacts(source="a", changed=day)


@pytest.mark.parametrize(
    ("day", "last", "coming"),
    [
        (D(2026, 1, 1), None, (D(2026, 1, 2), "a")),
        (D(2026, 1, 2), (D(2026, 1, 2), "a"), (D(2026, 1, 4), "c")),  # of several on one day the first of the list
        (D(2026, 1, 3), (D(2026, 1, 2), "a"), (D(2026, 1, 4), "c")),
        (D(2026, 1, 4), (D(2026, 1, 4), "c"), None),
    ],
)  # fmt: skip
def test_a_moment_is_reached_on_its_day(day: D, last: Any, coming: Any) -> None:
    moments = [(D(2026, 1, 2), "a"), (D(2026, 1, 2), "b"), (D(2026, 1, 4), "c"), (D(2026, 1, 4), "d")]
    assert (last_reached(moments, day), next_after(moments, day)) == (last, coming)


# Written by hand: 30 April less a month is 30 March, a week after it is 7 May.
@pytest.mark.parametrize(
    ("changed_on", "given", "locale", "lines"),
    [
        (D(2026, 4, 30), {}, "en", [
            "certificates/2026 on March 31, 2026: Due soon", "  ✓ Due soon: March 30, 2026", "  ✗ over: May 7, 2026"]),
        (D(2026, 4, 30), {}, "ja", [
            "2026年3月31日時点の certificates/2026：期限間近", "  ✓ 期限間近：2026年3月30日", "  ✗ over：2026年5月7日"]),
        (D(2026, 3, 24), {}, "en", [
            "certificates/2026 on March 31, 2026: over", "  ✓ Due soon: February 24, 2026", "  ✓ over: March 31, 2026"]),
        (None, {}, "en", [
            "certificates/2026 on March 31, 2026: valid", "  ? Due soon: unknown", "  ? over: unknown"]),
        (None, {"otherwise_text": Text.of("Valid")}, "en", [
            "certificates/2026 on March 31, 2026: Valid", "  ? Due soon: unknown", "  ? over: unknown"]),
    ],
)  # fmt: skip
def test_the_state_is_explained_by_the_days_of_all_milestones(
    changed_on: D | None, given: dict[str, Any], locale: str, lines: list[str]
) -> None:
    decision = timeline(SOON, OVER, **given).decide(changed(changed_on), TODAY)
    assert explain(decision, locale).lines() == lines


def test_a_milestone_is_a_rule_and_a_reason() -> None:
    facts = changed(D(2026, 4, 30))
    assert SOON(facts, TODAY) == RuleReason(Truth.MET, D(2026, 3, 30))
    assert SOON(facts, D(2026, 3, 29)) == RuleReason(Truth.UNMET, D(2026, 3, 30))
    assert SOON(changed(None), TODAY) == RuleReason(Truth.UNKNOWN, None)
    found = timeline(SOON, OVER).decide(facts, TODAY).reasons
    assert [(one.criterion, one.truth, one.observed, one.parts, one.level) for one in found] == [
        (Rule("soon", SOON, SOON.text), Truth.MET, D(2026, 3, 30), (), "soon"),
        (Rule("over", OVER, None), Truth.UNMET, D(2026, 5, 7), (), "over"),
    ]


def test_a_decision_of_a_timeline_is_recorded_in_plain_values() -> None:
    policy = timeline(SOON, OVER)
    record = recorded(policy.decide(changed(D(2026, 4, 30)), TODAY))
    assert record == {
        "policy": "certificates/2026", "as_of": "2026-03-31", "mask": 0,
        "facts": {"source": "a", "checked": None, "people": None, "tier": None, "changed": "2026-04-30"},
        "outcome": {"state": "soon", "since": "2026-03-30", "next_state": "over", "next_on": "2026-05-07"},
    }  # fmt: skip
    assert policy.facts_from(record["facts"]) == changed(D(2026, 4, 30))


def hours(**given: Any) -> Milestone:
    return Milestone(state="b", fact="changed", **given)


@pytest.mark.parametrize(
    ("milestones", "faults"),
    [
        ((), ["found none; accepted: one at least @ milestones"]),
        ((SOON, SOON), ["the state 'soon' stands here twice @ milestones"]),
        ((SOON, Milestone(state="", fact="changed")), [
            "found ''; accepted: an id of 1 to 200 characters @ milestones[1].state"]),
        ((Milestone(state="b", fact="change"),), [
            "unknown fact 'change'; did you mean 'changed'? There are: changed, checked, people, source, tier @ milestones[0].fact"]),
        ((hours(after=Length.of("2 business days")),), [
            "found 2 business days; accepted: days, weeks, months or years @ milestones[0].after"]),
        ((hours(before=Length.of("1 day"), after=Length.of("1 hour")),), [
            "found before and after; accepted: one of them, or neither @ milestones[0]",
            "found 1 hour; accepted: days, weeks, months or years @ milestones[0].after"]),
    ],
)  # fmt: skip
def test_a_timeline_says_where_it_is_wrong(milestones: tuple[Milestone, ...], faults: list[str]) -> None:
    with pytest.raises(InvalidInput) as caught:
        timeline(*milestones)
    assert caught.value.title == "the policy 'certificates/2026' cannot be used"
    assert [str(fault) for fault in caught.value.faults] == faults


@pytest.mark.parametrize("written", ["3 days", "3 weeks", "3 months", "3 years"])
def test_a_milestone_lies_so_many_days_weeks_months_or_years_away(written: str) -> None:
    policy = timeline(hours(after=Length.of(written)))
    assert policy.decide(changed(TODAY), TODAY).outcome.next_on == {
        "3 days": D(2026, 4, 3), "3 weeks": D(2026, 4, 21), "3 months": D(2026, 6, 30), "3 years": D(2029, 3, 31),
    }[written]  # fmt: skip


def test_a_timeline_is_asked_for_a_day_and_about_its_own_facts() -> None:
    policy, other = timeline(SOON), attrs.make_class("Other", [])()
    with pytest.raises(InvalidInput, match=r"as_of: found .*; accepted: a date without a time"):
        policy.decide(changed(TODAY), datetime.datetime(2026, 3, 31))
    with pytest.raises(InvalidInput, match="found Other; the policy is about ClaimFacts"):
        policy.decide(other, TODAY)
    with pytest.raises(InvalidInput, match="accepted: a date without a time, or None for unknown @ changed"):
        policy.decide(changed("2026-03-31"), TODAY)  # type: ignore[arg-type]


@pytest.mark.parametrize(("record", "by_place"), [(Milestone, []), (Reached, []), (Timeline, ["name"])])
def test_a_record_of_many_parts_is_made_by_keyword(
    record: type[attrs.AttrsInstance], by_place: list[str]
) -> None:
    assert [field.name for field in attrs.fields(record) if not field.kw_only] == by_place
