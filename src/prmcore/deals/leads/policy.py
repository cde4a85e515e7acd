"""The rules of leads: how long partners have, to how many a lead is offered, and what each action asks for."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import attrs

from prmcore.deals._moving import check_days, check_ids
from prmcore.deals.leads.model import LEAD_MOVES, LeadAction, LeadState
from prmcore.decisions import Decision, Ladder, any_of, fact, labelled
from prmcore.decisions.permission import permission, starts_of
from prmcore.errors import Faults, InvalidInput, repeated
from prmcore.values import Text, checked_instant

if TYPE_CHECKING:
    from prmcore.values.business_hours import BusinessHours

__all__ = ["AfterOffers", "LeadFacts", "LeadPolicy", "LeadReason", "Timer", "Unit", "WorkedFrom", "moving"]


class Unit(StrEnum):
    """What the time of a timer is counted in."""

    DAYS = "days"  # of 24 hours, whatever the calendar says
    BUSINESS_HOURS = "business-hours"


class WorkedFrom(StrEnum):
    """From where the time to work a lead is counted."""

    OFFER = "offer"
    ACCEPTANCE = "acceptance"


class AfterOffers(StrEnum):
    """Where a lead goes that nobody took."""

    HOUSE = "house"
    PERSON = "person"


@attrs.frozen
class Timer:
    """A time that somebody has, such as five days or sixteen business hours."""

    count: int
    unit: Unit = Unit.DAYS

    def __attrs_post_init__(self) -> None:
        faults = Faults("the time cannot be used")
        check_days(faults, [("count", self.count)], lowest=1)
        faults.raise_if_any()

    def after(self, instant: datetime.datetime, hours: BusinessHours | None) -> datetime.datetime:
        """When the time is over."""
        if self.unit is Unit.DAYS:
            return checked_instant(instant) + datetime.timedelta(days=self.count)
        if hours is None:
            raise InvalidInput(
                "the time is counted in business hours; accepted: hours, the hours of business"
            )
        return hours.add(instant, datetime.timedelta(hours=self.count))


@attrs.frozen(kw_only=True)
class LeadReason:
    """A reason for which a lead is disqualified, and its words."""

    code: str
    text: Text | None = None  # None = the code itself


# a lead is accepted within 5 days and worked within 10, or it is recalled: GitLab's channel handbook
_FIVE_DAYS, _TEN_DAYS = Timer(5), Timer(10)


@attrs.frozen(kw_only=True)
class LeadPolicy:
    """The rules of a program's leads. Five days to accept and ten to work are those of GitLab's channel handbook."""

    name: str = "leads/standard"
    accept_within: Timer = _FIVE_DAYS
    work_within: Timer | None = _TEN_DAYS  # None = for as long as it takes
    worked_from: WorkedFrom = WorkedFrom.OFFER
    offered_to: int = 1  # at once; of several the first to accept has it
    most_offers: int = 3  # then it goes where `afterwards` says
    afterwards: AfterOffers = AfterOffers.HOUSE
    reminder_hours: tuple[int, ...] = (24,)  # before a time is over
    expires_after_days: int | None = None  # since it was made, unless somebody has it; None = never
    same_within_days: int = 90  # leads that are further apart are no duplicates
    reasons: tuple[LeadReason, ...] = ()  # for which a lead is disqualified; none = any words will do

    def __attrs_post_init__(self) -> None:
        faults = Faults(f"the policy {self.name!r:.60} cannot be used")
        check_ids(faults, name=self.name)
        check_days(faults, [("offered_to", self.offered_to), ("most_offers", self.most_offers)], lowest=1)
        check_days(faults, [("same_within_days", self.same_within_days)])
        check_days(faults, [("expires_after_days", self.expires_after_days)], lowest=1)
        check_days(faults, [("reminder_hours", one) for one in self.reminder_hours], lowest=1)
        for hours in repeated(map(str, self.reminder_hours)):
            faults.add(f"{hours} stands here twice", "reminder_hours")
        for code in repeated(one.code for one in self.reasons):
            faults.add(f"{code!r} stands here twice", "reasons")
        for place, one in enumerate(self.reasons):
            check_ids(faults, **{f"reasons[{place}].code": one.code})
        faults.raise_if_any()

    def work_by(
        self, offered: datetime.datetime, accepted: datetime.datetime, hours: BusinessHours | None
    ) -> datetime.datetime | None:
        """When a lead that was accepted has to be worked; not before it could be."""
        if self.work_within is None:
            return None
        start = offered if self.worked_from is WorkedFrom.OFFER else accepted
        return max(self.work_within.after(start, hours), accepted)

    def has_reason(self, code: str | None) -> bool:
        return bool(code) and (not self.reasons or any(one.code == code for one in self.reasons))


@attrs.frozen
class LeadFacts:
    """What moving a lead depends on."""

    state: LeadState = attrs.field(metadata=labelled("state", "状態", "状态"))
    is_asked: bool | None = attrs.field(  # None = no partner acts
        default=None,
        metadata=labelled(
            "the lead is offered to the partner", "リードの提示先である", "线索已提供给该合作伙伴"
        ),
    )
    is_owner: bool | None = attrs.field(
        default=None,
        metadata=labelled("the partner has the lead", "リードの担当パートナーである", "该合作伙伴持有线索"),
    )
    others_asked: int | None = attrs.field(
        default=None, metadata=labelled("others that are asked", "他の提示先の数", "其他受邀合作伙伴数")
    )
    in_time: bool | None = attrs.field(default=None, metadata=labelled("in time", "期限内", "未超过期限"))
    is_over: bool | None = attrs.field(
        default=None, metadata=labelled("its time is over", "期限切れ", "已超过期限")
    )
    offers_left: int | None = attrs.field(
        default=None, metadata=labelled("offers left", "残りの提示回数", "剩余提供次数")
    )
    offered_to: int | None = attrs.field(
        default=None,
        metadata=labelled("partners offered to at once", "同時提示先の数", "同时提供的合作伙伴数"),
    )
    had_it: int | None = attrs.field(
        default=None,
        metadata=labelled("partners that had it before", "以前に提示済みの数", "曾获提供的合作伙伴数"),
    )
    has_reason: bool | None = attrs.field(
        default=None, metadata=labelled("a reason that is accepted", "認められた理由", "理由在认可范围内")
    )
    by_person: bool | None = attrs.field(
        default=None, metadata=labelled("a person decided it", "担当者による判断", "由人员决定")
    )


@lru_cache(maxsize=256)
def moving(policy: LeadPolicy, action: LeadAction) -> Ladder[LeadFacts, bool]:
    """What an action asks for."""
    by_person = fact("by_person").is_true()
    offering = (
        any_of(fact("offers_left").at_least(1), by_person), fact("had_it").at_most(0),
        fact("offered_to").between(1, policy.offered_to),
    )  # fmt: skip
    asked: Mapping[LeadAction, tuple[Any, ...]] = {
        LeadAction.OFFER: offering,
        LeadAction.RE_ROUTE: offering,
        LeadAction.ACCEPT: (fact("is_asked").is_true(), fact("in_time").is_true()),
        LeadAction.STAND_ASIDE: (fact("is_asked").is_true(), fact("others_asked").at_least(1)),
        LeadAction.DECLINE: (any_of(fact("is_owner").is_true(), fact("is_asked").is_true()),),
        LeadAction.WORK: (fact("is_owner").is_true(), fact("in_time").is_true()),
        LeadAction.RECALL: (any_of(fact("is_over").is_true(), by_person),),
        LeadAction.DISQUALIFY: (fact("has_reason").is_true(),),
        LeadAction.EXPIRE: (fact("is_over").is_true(),),
    }
    name = f"{policy.name}/{action.value}"
    return permission(name, LeadFacts, starts_of(LEAD_MOVES, action), *asked.get(action, ()))


def decided(
    policy: LeadPolicy, action: LeadAction, facts: LeadFacts, at: datetime.datetime
) -> Decision[bool]:
    """Whether the action is allowed, on the day of its instant in UTC."""
    return moving(policy, action).decide(facts, checked_instant(at).date())
