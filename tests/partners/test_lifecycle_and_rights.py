"""Status by date: every step of the table, and what each status allows."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prmcore.decisions.explain import explain
from prmcore.decisions.versions import recorded, replayed
from prmcore.errors import InvalidInput
from prmcore.partners import (
    ALLOWED,
    LIFECYCLE,
    Partner,
    PartnerFacts,
    Right,
    Rights,
    Status,
    Step,
    moved,
    steps_from,
)
from prmcore.values import PartnerId

FIRST = datetime.date(2026, 4, 1)
NEW = Partner(id=PartnerId("p-1"), name="Sample Ltd")


def after(*steps: Step) -> Partner:
    found = NEW
    for number, step in enumerate(steps):
        found, _ = moved(found, step, on=FIRST + datetime.timedelta(days=number), author="mk", reason="test")
    return found


@given(st.lists(st.sampled_from(Step), max_size=12))
def test_any_walk_through_the_table_keeps_every_earlier_status(walk: list[Step]) -> None:
    expected, found = [Status.CANDIDATE], NEW
    for step in walk:
        day = FIRST + datetime.timedelta(days=len(expected) - 1)
        following = LIFECYCLE.get((expected[-1], step))
        if following is None:
            with pytest.raises(InvalidInput, match="accepted: "):
                moved(found, step, on=day, author="mk", reason="test")
            continue
        found, taken = moved(found, step, on=day, author="mk", reason="test")
        assert (taken.before, taken.after, taken.on) == (expected[-1], following, day)
        expected.append(following)
    days = [FIRST + datetime.timedelta(days=number - 1) for number in range(len(expected))]
    assert [found.status_on(day) for day in days] == expected


def test_every_status_can_be_reached_and_left() -> None:
    reached = {Status.CANDIDATE}
    for _ in Status:
        reached |= {following for (before, _), following in LIFECYCLE.items() if before in reached}
    assert reached == set(Status)
    assert all(steps_from(status) for status in Status)


def test_a_step_before_the_last_change_is_refused() -> None:
    onboarding = after(Step.ACCEPT)
    with pytest.raises(InvalidInput, match="after the last change, 2026-04-01"):
        moved(onboarding, Step.ACTIVATE, on=FIRST, author="mk", reason="too early")


# What the program's owner expects of each status, as the domain describes it: a suspended partner registers nothing new
# and keeps accrued money; a candidate has no rights yet; one that has left is paid what it earned.
EXPECTED = {
    Status.CANDIDATE: "",
    Status.ONBOARDING: "train",
    Status.ACTIVE: "train be-reviewed receive-leads register earn request-funds use-benefits keep-accrued be-paid",
    Status.SUSPENDED: "train be-reviewed keep-accrued",
    Status.ENDED: "keep-accrued be-paid",
}


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("right", Right)
def test_a_status_allows_what_it_says(status: Status, right: Right) -> None:
    decision = Rights().decide(right, PartnerFacts(status, True), FIRST)
    assert decision.outcome is (right.value in EXPECTED[status].split())


def test_without_enrolment_only_what_was_earned_stays() -> None:
    allowed = {
        right for right in Right if Rights().decide(right, PartnerFacts(Status.ACTIVE, False), FIRST).outcome
    }
    assert allowed == {Right.KEEP_ACCRUED, Right.BE_PAID}


def test_an_unknown_status_grants_nothing() -> None:
    assert not any(Rights().decide(right, PartnerFacts(None, True), FIRST).outcome for right in Right)


def test_a_table_with_a_status_missing_is_refused() -> None:
    with pytest.raises(InvalidInput, match=r"is missing; a status that allows nothing says so @ ended"):
        Rights("mine", {status: rights for status, rights in ALLOWED.items() if status is not Status.ENDED})


@pytest.mark.parametrize(
    ("locale", "lines"),
    [
        ("en", ["partners/standard/register on April 1, 2026: not allowed", "  ✗ allowed",
                "    ✗ status: suspended, asked for one of active", "    ✓ enrolled in the program: yes, asked for yes"]),
        ("ja", ["2026年4月1日時点の partners/standard/register：不可", "  ✗ 可",
                "    ✗ ステータス：停止中（必要：有効 のいずれか）", "    ✓ プログラムに参加：はい（必要：はい）"]),
        ("zh", ["partners/standard/register，截至2026年4月1日：不允许", "  ✗ 允许",
                "    ✗ 状态：已暂停（要求：有效 之一）", "    ✓ 已加入计划：是（要求：是）"]),
    ],
)  # fmt: skip
def test_a_refusal_explains_itself_and_so_does_its_replay(locale: str, lines: list[str]) -> None:
    rights = Rights()
    decision = rights.decide(Right.REGISTER, PartnerFacts(Status.SUSPENDED, True), FIRST)
    again = replayed(recorded(decision), [rights.policies[Right.REGISTER]])
    assert str(explain(decision, locale)).splitlines() == lines
    assert str(explain(again, locale)).splitlines() == lines
