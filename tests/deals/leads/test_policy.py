"""The rules of leads: what they say when nothing is said, what they refuse, and what each action asks for."""

import datetime
from typing import Any

import attrs
import pytest

from prmcore.deals.leads import (
    LEAD_MOVES,
    AfterOffers,
    LeadAction,
    LeadFacts,
    LeadPolicy,
    LeadReason,
    LeadState,
    Timer,
    Unit,
    WorkedFrom,
)
from prmcore.deals.leads.policy import decided, moving
from prmcore.decisions import FactSchema
from prmcore.errors import InvalidInput
from prmcore.values import BusinessHours, Text

A, S = LeadAction, LeadState
AT = datetime.datetime(2026, 3, 2, 9, tzinfo=datetime.UTC)  # a Monday
DAY = datetime.timedelta(days=1)
POLICY = LeadPolicy()
OFFICE = BusinessHours(
    zone="UTC",
    week={day: [(datetime.time(9), datetime.time(17))] for day in range(5)},
    years=frozenset({2026}),
)


def test_five_days_to_accept_and_ten_to_work_are_the_standard() -> None:
    assert attrs.asdict(POLICY, recurse=False) == {
        "name": "leads/standard", "accept_within": Timer(5, Unit.DAYS), "work_within": Timer(10, Unit.DAYS),
        "worked_from": WorkedFrom.OFFER, "offered_to": 1, "most_offers": 3, "afterwards": AfterOffers.HOUSE,
        "reminder_hours": (24,), "expires_after_days": None, "same_within_days": 90, "reasons": (),
    }  # fmt: skip
    assert Timer(5).unit is Unit.DAYS


@pytest.mark.parametrize("record", [LeadReason, LeadPolicy])
def test_every_rule_is_given_by_name(record: Any) -> None:
    assert all(field.kw_only for field in attrs.fields(record))


def number(found: object, lowest: int, path: str) -> str:
    return f"found {found}; accepted: a whole number from {lowest} to 100000 @ {path}"


@pytest.mark.parametrize(
    ("record", "changed", "messages"),
    [
        (Timer(5), {"count": 0}, [number(0, 1, "count")]),
        (Timer(5), {"count": 100_001}, [number(100_001, 1, "count")]),
        (POLICY, {"name": ""}, ["found ''; accepted: an id of 1 to 200 characters @ name"]),
        (POLICY, {"offered_to": 0, "most_offers": 0}, [number(0, 1, "offered_to"), number(0, 1, "most_offers")]),
        (POLICY, {"same_within_days": -1}, [number(-1, 0, "same_within_days")]),
        (POLICY, {"expires_after_days": 0}, [number(0, 1, "expires_after_days")]),
        (POLICY, {"reminder_hours": (0, 1.5)}, [number(0, 1, "reminder_hours"), number(1.5, 1, "reminder_hours")]),
        (POLICY, {"reminder_hours": (5, 24, 5)}, ["5 stands here twice @ reminder_hours"]),
        (POLICY, {"reasons": (LeadReason(code="x"), LeadReason(code="x"))}, ["'x' stands here twice @ reasons"]),
        (POLICY, {"reasons": (LeadReason(code="x"), LeadReason(code=""))},
         ["found ''; accepted: an id of 1 to 200 characters @ reasons[1].code"]),
    ],
)  # fmt: skip
def test_a_rule_says_what_is_wrong_with_it(record: Any, changed: dict[str, Any], messages: list[str]) -> None:
    with pytest.raises(InvalidInput, match="cannot be used") as refused:
        attrs.evolve(record, **changed)
    assert [str(fault) for fault in refused.value.faults] == messages


def test_the_least_of_each_number_is_accepted() -> None:
    least: dict[str, Any] = {
        "offered_to": 1, "most_offers": 1, "same_within_days": 0, "expires_after_days": 1, "reminder_hours": (1,),
    }  # fmt: skip
    found = attrs.evolve(POLICY, accept_within=Timer(1), **least)
    assert {name: getattr(found, name) for name in least} == least


def test_a_time_in_days_is_of_the_clock_and_one_in_hours_of_business() -> None:
    """Nine hours from Monday at nine: eight on Monday, one on Tuesday."""
    assert Timer(3).after(AT, None) == AT + 3 * DAY
    assert Timer(9, Unit.BUSINESS_HOURS).after(AT, OFFICE) == AT + DAY + datetime.timedelta(hours=1)
    with pytest.raises(
        InvalidInput, match="counted in business hours; accepted: hours, the hours of business"
    ):
        Timer(9, Unit.BUSINESS_HOURS).after(AT, None)
    with pytest.raises(InvalidInput, match="time zone"):
        Timer(3).after(datetime.datetime(2026, 3, 2), None)


@pytest.mark.parametrize(
    ("changed", "accepted", "work_by"),
    [
        ({}, AT + 2 * DAY, AT + 10 * DAY),
        ({"worked_from": WorkedFrom.ACCEPTANCE}, AT + 2 * DAY, AT + 12 * DAY),
        ({"work_within": None}, AT + 2 * DAY, None),
        ({"work_within": Timer(1)}, AT + 2 * DAY, AT + 2 * DAY),  # not before it could be
    ],
)
def test_by_when_a_lead_is_to_be_worked(
    changed: dict[str, Any], accepted: datetime.datetime, work_by: datetime.datetime | None
) -> None:
    assert attrs.evolve(POLICY, **changed).work_by(AT, accepted, None) == work_by


def test_any_words_are_a_reason_unless_some_are_declared() -> None:
    declared = attrs.evolve(POLICY, reasons=(LeadReason(code="x"), LeadReason(code="y")))
    given = ("x", "y", "z", "", None)
    assert [POLICY.has_reason(code) for code in given] == [True, True, True, False, False]
    assert [declared.has_reason(code) for code in given] == [True, True, False, False, False]


# facts


@pytest.mark.parametrize(
    ("record", "words"),
    [
        (LeadFacts, {
            "state": ("state", "状態", "状态"),
            "is_asked": ("the lead is offered to the partner", "リードの提示先である", "线索已提供给该合作伙伴"),
            "is_owner": ("the partner has the lead", "リードの担当パートナーである", "该合作伙伴持有线索"),
            "others_asked": ("others that are asked", "他の提示先の数", "其他受邀合作伙伴数"),
            "in_time": ("in time", "期限内", "未超过期限"),
            "is_over": ("its time is over", "期限切れ", "已超过期限"),
            "offers_left": ("offers left", "残りの提示回数", "剩余提供次数"),
            "offered_to": ("partners offered to at once", "同時提示先の数", "同时提供的合作伙伴数"),
            "had_it": ("partners that had it before", "以前に提示済みの数", "曾获提供的合作伙伴数"),
            "has_reason": ("a reason that is accepted", "認められた理由", "理由在认可范围内"),
            "by_person": ("a person decided it", "担当者による判断", "由人员决定"),
        }),
    ],
)  # fmt: skip
def test_facts_are_called_what_people_call_them(record: type, words: dict[str, tuple[str, str, str]]) -> None:
    expected = {name: Text.of(english, ja=ja, zh=zh) for name, (english, ja, zh) in words.items()}
    assert {one.name: one.text for one in FactSchema.of(record).fields if one.text is not None} == expected


def test_what_nobody_said_of_a_lead_is_unknown() -> None:
    facts = attrs.asdict(LeadFacts(S.NEW))
    assert facts == {**dict.fromkeys(facts), "state": S.NEW}


@pytest.mark.parametrize(
    ("action", "allowed", "refused"),
    [
        (A.OFFER, {"offers_left": 1, "had_it": 0, "offered_to": 1}, {"offers_left": 0, "had_it": 0, "offered_to": 1}),
        (A.OFFER, {"offers_left": 0, "had_it": 0, "offered_to": 3, "by_person": True},
         {"offers_left": 1, "had_it": 1, "offered_to": 1, "by_person": True}),
        (A.OFFER, {"offers_left": 2, "had_it": 0, "offered_to": 3}, {"offers_left": 2, "had_it": 0, "offered_to": 4}),
        (A.OFFER, {"offers_left": 2, "had_it": 0, "offered_to": 1}, {"offers_left": 2, "had_it": 0, "offered_to": 0}),
        (A.RE_ROUTE, {"offers_left": 1, "had_it": 0, "offered_to": 1}, {"offers_left": -1, "had_it": 0, "offered_to": 1}),
        (A.RE_ROUTE, {"offers_left": 1, "had_it": 0, "offered_to": 1}, {"offers_left": 1, "had_it": 1, "offered_to": 1}),
        (A.ACCEPT, {"is_asked": True, "in_time": True}, {"is_asked": False, "in_time": True}),
        (A.ACCEPT, {"is_asked": True, "in_time": True}, {"is_asked": True, "in_time": False}),
        (A.STAND_ASIDE, {"is_asked": True, "others_asked": 1}, {"is_asked": True, "others_asked": 0}),
        (A.STAND_ASIDE, {"is_asked": True, "others_asked": 2}, {"is_asked": False, "others_asked": 2}),
        (A.DECLINE, {"is_owner": True, "is_asked": False}, {"is_owner": False, "is_asked": False}),
        (A.DECLINE, {"is_owner": False, "is_asked": True}, {}),
        (A.WORK, {"is_owner": True, "in_time": True}, {"is_owner": True, "in_time": False}),
        (A.WORK, {"is_owner": True, "in_time": True}, {"is_owner": False, "in_time": True}),
        (A.RECALL, {"is_over": True}, {"is_over": False}),
        (A.RECALL, {"is_over": False, "by_person": True}, {"by_person": False}),
        (A.DISQUALIFY, {"has_reason": True}, {"has_reason": False}),
        (A.EXPIRE, {"is_over": True}, {"is_over": False, "by_person": True}),
    ],
)  # fmt: skip
def test_an_action_asks_for_what_the_rules_say(
    action: LeadAction, allowed: dict[str, Any], refused: dict[str, Any]
) -> None:
    state = next(before for before, taken in LEAD_MOVES if taken is action)
    policy = attrs.evolve(POLICY, offered_to=3)
    assert moving(policy, action).decide(LeadFacts(state, **allowed), AT.date()).outcome is True
    assert moving(policy, action).decide(LeadFacts(state, **refused), AT.date()).outcome is False


@pytest.mark.parametrize("action", [A.REFER, A.RETURN, A.MERGE, A.CONVERT])
def test_some_actions_ask_for_nothing_but_the_state(action: LeadAction) -> None:
    for state in LeadState:
        allowed = (state, action) in LEAD_MOVES
        assert moving(POLICY, action).decide(LeadFacts(state), AT.date()).outcome is allowed


def test_an_action_is_decided_on_its_day_in_utc_and_found_again_by_its_name() -> None:
    tokyo = datetime.timezone(datetime.timedelta(hours=9))
    found = decided(POLICY, A.REFER, LeadFacts(S.NEW), datetime.datetime(2026, 3, 2, 8, tzinfo=tokyo))
    assert (found.as_of, found.policy.name) == (datetime.date(2026, 3, 1), "leads/standard/refer")
