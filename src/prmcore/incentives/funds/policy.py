"""The rules of funds: which activities are supported, who approves what, and what each action asks for.

Every action is a decision over small facts. What would be left after it is a fact, too, so that a refusal says how much is
lacking.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Generic, TypeVar

import attrs

from prmcore.decisions import Decision, Ladder, fact
from prmcore.decisions.permission import permission, starts_of
from prmcore.errors import Faults, InvalidInput, repeated
from prmcore.incentives.funds.model import (
    CLAIM_MOVES,
    FUND_MOVES,
    REQUEST_MOVES,
    ClaimAction,
    ClaimState,
    Fund,
    FundAction,
    FundMove,
    FundState,
    FundStep,
    RequestAction,
    RequestState,
)
from prmcore.incentives.ledger.model import Entry
from prmcore.incentives.payouts.model import Approver, check_approvers
from prmcore.incentives.plans.curve import Rounding
from prmcore.values import Money, Rate, Text, checked_date, checked_id

__all__ = [
    "ActivityRule", "AskFacts", "ClaimFacts", "FileFacts", "FundFacts", "FundMoved", "FundPolicy", "RequestFacts", "moved_fund",
]  # fmt: skip

RecordT = TypeVar("RecordT")


@attrs.frozen(kw_only=True)
class ActivityRule:
    """On which terms a kind of activity is supported."""

    kind: str
    rate: Rate  # the part of what is spent that is reimbursed
    proofs: tuple[str, ...] = ()  # the kinds of proof that each claim has to bring


@attrs.frozen(kw_only=True)
class FundPolicy:
    """The rules of a program's funds.

    Who asked or claimed does not approve, and who approved a claim does not pay it. The reminders on day 2, 14 and 28 after
    an event are those of GitLab's channel handbook.
    """

    name: str = "funds/standard"
    activities: tuple[ActivityRule, ...]  # what is not here is not supported
    approvers: tuple[Approver, ...] = ()  # up to which amount a role approves a request or a claim
    approver_may_approve_claims: bool = False  # who approved a request may approve its claims, too
    claim_days: int = 30  # after the last day of the activity, until which it can be claimed
    reminder_days: tuple[int, ...] = (2, 14, 28)  # after it
    expiry_notice_days: int = 0  # before an amount expires, from which on that is due to be told
    ahead_days: int | None = None  # a request is made so long before the activity; None = before it is over
    early_proof_days: int = (
        0  # before the activity, from which on proofs count: a hall is paid for in advance
    )
    rounding: Rounding = Rounding.HALF_EVEN  # of the part of what was spent, once for each claim

    def __attrs_post_init__(self) -> None:
        faults = Faults(f"the policy {self.name!r} cannot be used")
        if not self.activities:
            faults.add("found none; accepted: one at least, for nothing else is supported", "activities")
        for kind in repeated(one.kind for one in self.activities):
            faults.add(f"{kind!r} stands here twice", "activities")
        for place, one in enumerate(self.activities):
            if not Rate.of(0) < one.rate <= Rate.of(1):
                faults.add(f"found {one.rate}; accepted: above 0 %, up to 100 %", f"activities[{place}].rate")
            for kind in repeated(one.proofs):
                faults.add(f"{kind!r} stands here twice", f"activities[{place}].proofs")
        check_approvers(self.approvers, faults)
        days = {
            "claim_days": self.claim_days,
            "expiry_notice_days": self.expiry_notice_days,
            "early_proof_days": self.early_proof_days,
            "ahead_days": self.ahead_days or 0,
        }
        for name, count in (*days.items(), *(("reminder_days", one) for one in self.reminder_days)):
            if type(count) is not int or count < 0:
                faults.add(f"found {count!r:.40}; accepted: zero days or more", name)
        faults.raise_if_any()

    def rule(self, activity: str) -> ActivityRule | None:
        """None = it is not supported."""
        return next((one for one in self.activities if one.kind == activity), None)

    def is_within_limit(self, role: str, amount: Money) -> bool:
        return any(
            one.role == role and one.limit.currency == amount.currency and amount <= one.limit
            for one in self.approvers
        )

    def share(self, rate: Rate, spent: Money) -> Money:
        """The part of what is spent that is reimbursed."""
        return Money(spent.currency, self.rounding.whole(spent.minor * rate.fraction))


@attrs.frozen
class FundMoved(Generic[RecordT]):
    """What came of an action: the decision, the record after it, and what is posted."""

    decision: Decision[Any]  # whether it was allowed, and why
    record: RecordT  # as it was, when it was not allowed
    moves: tuple[FundMove, ...] = ()  # to add to the fund's book
    entries: tuple[Entry, ...] = ()  # to add to the ledger


# facts


def _said(english: str, ja: str, zh: str) -> Any:
    return {"text": Text.of(english, ja=ja, zh=zh)}


_FUND_STATE = _said("state of the fund", "資金枠の状態", "资金状态")
_LEFT_OF_ALLOCATION = _said("left of the allocation after it", "実行後の割当残額", "执行后分配余额")
_LEFT_OF_FUND = _said("left of the fund after it", "実行後の資金枠残額", "执行后资金余额")
_IS_NEW = _said("not posted before", "未計上", "此前未入账")
_STATE = _said("state", "状態", "状态")
_ASKED_IT = _said("asked for it", "申請者本人", "本人申请")
_WITHIN_LIMIT = _said("within the limit of the role", "役割の承認限度内", "在角色的审批限额内")


@attrs.frozen
class FundFacts:
    """What changing a budget or an allocation depends on."""

    state: FundState = attrs.field(metadata=_FUND_STATE)
    is_new: bool = attrs.field(metadata=_IS_NEW)
    left_of_fund: Money | None = attrs.field(default=None, metadata=_LEFT_OF_FUND)  # free after it
    left_of_parent: Money | None = attrs.field(  # None = there is none
        default=None,
        metadata=_said("left of the parent fund after it", "実行後の親資金枠残額", "执行后上级资金余额"),
    )
    left_of_allocation: Money | None = attrs.field(default=None, metadata=_LEFT_OF_ALLOCATION)


@attrs.frozen
class AskFacts:
    """What asking for funds depends on."""

    fund_state: FundState = attrs.field(metadata=_FUND_STATE)
    may_ask: bool | None = attrs.field(  # by the partner's status; None = unknown
        metadata=_said("may ask for funds", "資金申請の資格", "可以申请资金")
    )
    is_supported: bool = attrs.field(
        metadata=_said("activity is supported", "対象となる活動", "属于支持的活动")
    )
    in_period: bool = attrs.field(
        metadata=_said("activity is in the fund's period", "活動が資金枠の期間内", "活动在资金期间内")
    )
    days_ahead: int = attrs.field(  # below zero once it has begun
        metadata=_said("days until the activity", "活動までの日数", "距活动天数")
    )
    is_over: bool = attrs.field(metadata=_said("activity is over", "活動は終了済み", "活动已结束"))


@attrs.frozen
class RequestFacts:
    """What moving a request depends on."""

    state: RequestState = attrs.field(metadata=_STATE)
    fund_state: FundState = attrs.field(metadata=_FUND_STATE)
    asked_it: bool = attrs.field(metadata=_ASKED_IT)
    within_limit: bool | None = attrs.field(default=None, metadata=_WITHIN_LIMIT)
    left_of_asked: Money | None = attrs.field(
        default=None, metadata=_said("left of what was asked for", "申請額の残り", "申请额余额")
    )
    left_of_share: Money | None = attrs.field(  # of the cost as estimated
        default=None,
        metadata=_said("left of the supported part of the cost", "費用の補助対象分の残り", "可支持费用余额"),
    )
    left_of_allocation: Money | None = attrs.field(default=None, metadata=_LEFT_OF_ALLOCATION)
    days_left: int | None = attrs.field(
        default=None, metadata=_said("days left for claims", "請求期限までの日数", "距申报截止天数")
    )
    open_claims: int = attrs.field(
        default=0, metadata=_said("claims not decided", "未決定の請求", "未决定的申报")
    )
    claims: int = attrs.field(default=0, metadata=_said("claims", "請求", "申报"))


@attrs.frozen
class FileFacts:
    """What filing a claim depends on."""

    state: RequestState = attrs.field(metadata=_said("state of the request", "申請の状態", "申请状态"))
    days_begun: int = attrs.field(
        metadata=_said("days since the activity began", "活動開始からの日数", "活动开始后天数")
    )
    days_left: int = attrs.field(
        metadata=_said("days left for claims", "請求期限までの日数", "距申报截止天数")
    )
    remainder: Money = attrs.field(metadata=_said("left of the request", "申請の残額", "申请余额"))
    used_proofs: int = attrs.field(
        metadata=_said("proofs used in another claim", "他の請求で使用済みの証憑", "其他申报已用的凭证")
    )


@attrs.frozen
class ClaimFacts:
    """What moving a claim depends on."""

    state: ClaimState = attrs.field(metadata=_STATE)
    asked_it: bool = attrs.field(metadata=_ASKED_IT)
    approved_request: bool = attrs.field(
        metadata=_said("approved the request", "申請の承認者本人", "本人批准了该申请")
    )
    approved_it: bool = attrs.field(metadata=_said("approved it", "承認者本人", "本人批准"))
    within_limit: bool | None = attrs.field(default=None, metadata=_WITHIN_LIMIT)
    missing_proofs: int = attrs.field(
        default=0, metadata=_said("proofs missing", "不足している証憑", "缺少的凭证")
    )
    used_proofs: int = attrs.field(
        default=0,
        metadata=_said("proofs used in another claim", "他の請求で使用済みの証憑", "其他申报已用的凭证"),
    )
    amount: Money | None = attrs.field(default=None, metadata=_said("amount", "金額", "金额"))
    left_of_share: Money | None = attrs.field(
        default=None,
        metadata=_said("left of the supported part of the spend", "支出の補助対象分の残り", "可支持支出余额"),
    )
    left_of_request: Money | None = attrs.field(
        default=None, metadata=_said("left of the request after it", "実行後の申請残額", "执行后申请余额")
    )
    left_of_allocation: Money | None = attrs.field(default=None, metadata=_LEFT_OF_ALLOCATION)
    left_of_fund: Money | None = attrs.field(default=None, metadata=_LEFT_OF_FUND)
    left_of_claim: Money | None = attrs.field(
        default=None, metadata=_said("left of the claim after it", "実行後の請求残額", "执行后申报余额")
    )
    is_new: bool = attrs.field(default=True, metadata=_IS_NEW)


# what each action asks for


def _nothing_lacking(unit: str, *names: str) -> tuple[Any, ...]:
    return tuple(fact(name).at_least(Money.zero(unit)) for name in names)


@lru_cache(maxsize=256)
def changing(
    policy: FundPolicy, what: str, more: bool, has_parent: bool, unit: str
) -> Ladder[FundFacts, bool]:
    """A budget or an allocation: more is given while the fund is active, and taken from what is free above it."""
    asked = [fact("is_new").is_true()]
    if more:
        asked.append(fact("state").one_of(FundState.ACTIVE))
    if what == "budget":  # more of it is never too much for the fund itself
        lacking: tuple[str, ...] = (
            ("left_of_fund",) if not more else ("left_of_parent",) if has_parent else ()
        )
    else:
        lacking = ("left_of_fund",) if more else ("left_of_allocation",)
    name = f"{policy.name}/{what}/{'increase' if more else 'decrease'}{'/child' if has_parent else ''}/{unit}"
    return permission(name, FundFacts, *asked, *_nothing_lacking(unit, *lacking))


@lru_cache(maxsize=64)
def asking(policy: FundPolicy) -> Ladder[AskFacts, bool]:
    ahead = (
        fact("is_over").is_false()
        if policy.ahead_days is None
        else fact("days_ahead").at_least(policy.ahead_days)
    )
    return permission(
        f"{policy.name}/ask", AskFacts,
        fact("fund_state").one_of(FundState.ACTIVE), fact("may_ask").is_true(), fact("is_supported").is_true(),
        fact("in_period").is_true(), ahead,
    )  # fmt: skip


@lru_cache(maxsize=256)
def moving_request(policy: FundPolicy, action: RequestAction, unit: str) -> Ladder[RequestFacts, bool]:
    asked: Mapping[RequestAction, tuple[Any, ...]] = {
        RequestAction.APPROVE: (
            fact("fund_state").one_of(FundState.ACTIVE), fact("asked_it").is_false(), fact("within_limit").is_true(),
            fact("days_left").at_least(0),
            *_nothing_lacking(unit, "left_of_asked", "left_of_share", "left_of_allocation"),
        ),
        RequestAction.DECLINE: (fact("asked_it").is_false(),),
        RequestAction.CANCEL: (fact("claims").at_most(0),),
        RequestAction.CLOSE: (fact("open_claims").at_most(0),),
    }  # fmt: skip
    name = f"{policy.name}/request/{action.value}/{unit}"
    return permission(name, RequestFacts, starts_of(REQUEST_MOVES, action), *asked[action])


@lru_cache(maxsize=64)
def filing(policy: FundPolicy, unit: str) -> Ladder[FileFacts, bool]:
    return permission(
        f"{policy.name}/claim/file/{unit}", FileFacts,
        fact("state").one_of(RequestState.APPROVED), fact("days_begun").at_least(0), fact("days_left").at_least(0),
        fact("remainder").more_than(Money.zero(unit)), fact("used_proofs").at_most(0),
    )  # fmt: skip


@lru_cache(maxsize=256)
def moving_claim(policy: FundPolicy, action: ClaimAction, unit: str) -> Ladder[ClaimFacts, bool]:
    not_asker = fact("asked_it").is_false()
    approver = () if policy.approver_may_approve_claims else (fact("approved_request").is_false(),)
    paying = (
        fact("is_new").is_true(),
        fact("approved_it").is_false(),
        *_nothing_lacking(unit, "left_of_claim"),
    )
    asked: Mapping[ClaimAction, tuple[Any, ...]] = {
        ClaimAction.APPROVE: (
            not_asker, *approver, fact("within_limit").is_true(), fact("missing_proofs").at_most(0),
            fact("used_proofs").at_most(0), fact("amount").more_than(Money.zero(unit)),
            *_nothing_lacking(unit, "left_of_share", "left_of_request", "left_of_allocation", "left_of_fund"),
        ),
        ClaimAction.DECLINE: (not_asker,),
        ClaimAction.PAY_PART: paying,
        ClaimAction.PAY: paying,
    }  # fmt: skip
    name = f"{policy.name}/claim/{action.value}/{unit}"
    return permission(name, ClaimFacts, starts_of(CLAIM_MOVES, action), *asked.get(action, ()))


@lru_cache(maxsize=64)
def _moving_fund(policy: FundPolicy, action: FundAction) -> Ladder[FundFacts, bool]:
    return permission(f"{policy.name}/fund/{action.value}", FundFacts, starts_of(FUND_MOVES, action))


def moved_fund(
    fund: Fund,
    action: FundAction,
    policy: FundPolicy,
    *,
    by: str,
    on: datetime.date,
    reason: str | None = None,
) -> FundMoved[Fund]:
    """The fund closed to new requests, or open again."""
    checked_step(on, fund.steps[-1].on if fund.steps else fund.opened_on)
    decision = _moving_fund(policy, action).decide(FundFacts(fund.state, True), on)
    if not decision.outcome:
        return FundMoved(decision, fund)
    step = FundStep(
        action=action.value, after=FUND_MOVES[fund.state, action].value, on=on, by=by, reason=reason
    )
    return FundMoved(decision, attrs.evolve(fund, steps=(*fund.steps, step)))


def checked_step(on: datetime.date, last: datetime.date) -> None:
    if checked_date(on, "on") < last:
        raise InvalidInput(f"on: found {on}; accepted: {last}, the day of its last step, or later")


def check_amounts(faults: Faults, unit: str, amounts: Mapping[str, Money | None]) -> None:
    """Adds what is of another currency than the fund's, or is not positive."""
    for name, amount in amounts.items():
        if amount is not None and amount.currency != unit:
            faults.add(f"found {amount}; accepted: {unit}, the currency of the fund", name)
        elif amount is not None and amount.minor <= 0:
            faults.add(f"found {amount}; accepted: an amount above zero", name)


def check_ids(faults: Faults, ids: Iterable[tuple[str, str]]) -> None:
    for name, one in ids:
        with faults.within(name):
            checked_id(one)
