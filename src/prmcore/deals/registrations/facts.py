"""What the policies of registration may look at, and what the caller knows of the customer and the partner."""

from __future__ import annotations

import datetime
from enum import StrEnum

import attrs
from dateutil.relativedelta import relativedelta

from prmcore.deals.registrations.model import Conflict, Deal, RegistrationState
from prmcore.decisions import labelled
from prmcore.errors import Faults
from prmcore.values import Money, checked_date

__all__ = [
    "Approving",
    "ApprovalFacts",
    "Circumstances",
    "MoveFacts",
    "RegistrationFacts",
    "registration_facts",
]


@attrs.frozen(kw_only=True)
class Circumstances:
    """What is known of the partner and the customer beyond what the partner wrote; None = nobody knows."""

    may_register: bool | None = True  # by the partner's status
    has_agreement: bool | None = None  # the partner, one that is in force
    certified: bool | None = None  # the partner, for the products
    tier: str | None = None  # of the partner
    has_bought: bool | None = None  # the customer, ever
    last_bought: datetime.date | None = None
    was_engaged: bool | None = None  # the direct team with the customer, ever
    last_engaged: datetime.date | None = None
    is_direct_account: bool | None = None  # on the list of accounts that are sold to directly
    is_partner_of_record: bool | None = None  # this partner, of what is renewed
    conflict: Conflict | None = Conflict.NONE  # with other claims to the customer
    open_registrations: int = 0  # of the partner, without this one: waiting or approved

    def __attrs_post_init__(self) -> None:
        faults = Faults("the circumstances cannot be used")
        for known, last in (("has_bought", "last_bought"), ("was_engaged", "last_engaged")):
            day = getattr(self, last)
            if day is None:
                continue
            with faults.within(last):
                checked_date(day)
            if getattr(self, known) is False:
                faults.add(f"found {day}, and that it never was", last)
            object.__setattr__(self, known, True)
        if type(self.open_registrations) is not int or self.open_registrations < 0:
            faults.add(f"found {self.open_registrations!r:.40}; accepted: zero or more", "open_registrations")
        faults.raise_if_any()


@attrs.frozen
class RegistrationFacts:
    """What a registration is held against when it is submitted, and when it is approved by criteria."""

    state: RegistrationState = attrs.field(metadata=labelled("state", "状態", "状态"))
    filled: frozenset[str] = attrs.field(metadata=labelled("filled in", "記入済みの項目", "已填写的项目"))
    may_register: bool | None = attrs.field(
        default=None, metadata=labelled("may register deals", "案件登録の資格", "可以报备商机")
    )
    has_agreement: bool | None = attrs.field(
        default=None, metadata=labelled("agreement in force", "有効な契約", "有效协议")
    )
    certified: bool | None = attrs.field(
        default=None, metadata=labelled("certified for the products", "製品の認定あり", "已获产品认证")
    )
    tier: str | None = attrs.field(default=None, metadata=labelled("tier", "ティア", "等级"))
    source: str | None = attrs.field(default=None, metadata=labelled("source", "案件の発生元", "商机来源"))
    products: frozenset[str] | None = attrs.field(default=None, metadata=labelled("products", "製品", "产品"))
    value: Money | None = attrs.field(default=None, metadata=labelled("value", "案件金額", "商机金额"))
    currency: str | None = attrs.field(default=None, metadata=labelled("currency", "通貨", "币种"))
    days_to_close: int | None = attrs.field(
        default=None,
        metadata=labelled("days until it is expected to close", "成約予定日までの日数", "距预计成交天数"),
    )
    is_tender: bool | None = attrs.field(
        default=None, metadata=labelled("is a tender", "入札案件", "属于招标")
    )
    tender_published: bool | None = attrs.field(
        default=None, metadata=labelled("tender is published", "入札は公告済み", "招标已公布")
    )
    has_bought: bool | None = attrs.field(
        default=None, metadata=labelled("customer has bought before", "顧客の購入実績", "客户曾购买")
    )
    days_since_purchase: int | None = attrs.field(
        default=None,
        metadata=labelled("days since the last purchase", "最終購入からの日数", "距上次购买天数"),
    )
    months_since_purchase: int | None = attrs.field(  # whole ones
        default=None,
        metadata=labelled("months since the last purchase", "最終購入からの月数", "距上次购买月数"),
    )
    was_engaged: bool | None = attrs.field(
        default=None,
        metadata=labelled("direct team was engaged", "直販部門の接触実績", "直销团队曾接触"),
    )
    days_since_engaged: int | None = attrs.field(
        default=None,
        metadata=labelled(
            "days since the direct team was engaged", "直販部門の最終接触からの日数", "距直销接触天数"
        ),
    )
    months_since_engaged: int | None = attrs.field(
        default=None,
        metadata=labelled(
            "months since the direct team was engaged", "直販部門の最終接触からの月数", "距直销接触月数"
        ),
    )
    is_direct_account: bool | None = attrs.field(
        default=None, metadata=labelled("is a direct account", "直販顧客", "属于直销客户")
    )
    is_renewal: bool | None = attrs.field(
        default=None, metadata=labelled("is a renewal", "更新案件", "属于续约")
    )
    is_partner_of_record: bool | None = attrs.field(
        default=None,
        metadata=labelled("is the partner of record", "既存の担当パートナー", "是登记的合作伙伴"),
    )
    conflict: Conflict | None = attrs.field(
        default=None, metadata=labelled("conflict with other claims", "他の申請との競合", "与其他报备的冲突")
    )
    holders: int = attrs.field(
        default=0,
        metadata=labelled("approved in the same scope", "同じ範囲の承認済み登録", "同一范围内已批准"),
    )
    ahead: int = attrs.field(
        default=0, metadata=labelled("waiting before it", "先に待っている登録", "排在前面的报备")
    )
    days_left: int | None = attrs.field(  # if it is approved on that day
        default=None, metadata=labelled("days of protection left", "保護期間の残り日数", "剩余保护天数")
    )
    is_endless: bool = attrs.field(
        default=False, metadata=labelled("protection has no end", "保護期限なし", "保护无期限")
    )
    open_registrations: int = attrs.field(
        default=0,
        metadata=labelled(
            "other open registrations of the partner", "パートナーの他の有効な登録", "该伙伴其他有效报备"
        ),
    )
    open_on_account: int = attrs.field(
        default=0,
        metadata=labelled(
            "other open registrations of the partner for the account",
            "同じ顧客に対する他の有効な登録",
            "该伙伴对该客户的其他有效报备",
        ),
    )


def registration_facts(
    state: RegistrationState,
    deal: Deal,
    known: Circumstances,
    as_of: datetime.date,
    *,
    holders: int,
    ahead: int,
    open_on_account: int,
    days_left: int | None = None,
    is_endless: bool = False,
) -> RegistrationFacts:
    """The facts of a deal on a day."""
    return RegistrationFacts(
        state=state, filled=deal.filled, may_register=known.may_register, has_agreement=known.has_agreement,
        certified=known.certified,
        tier=known.tier, source=deal.source,
        products=deal.products or None, value=deal.value, currency=deal.value.currency if deal.value else None,
        days_to_close=(deal.expected_close - as_of).days if deal.expected_close else None,
        is_tender=deal.is_tender, tender_published=deal.tender_published, has_bought=known.has_bought,
        days_since_purchase=_days(known.last_bought, as_of), months_since_purchase=_months(known.last_bought, as_of),
        was_engaged=known.was_engaged, days_since_engaged=_days(known.last_engaged, as_of),
        months_since_engaged=_months(known.last_engaged, as_of), is_direct_account=known.is_direct_account,
        is_renewal=deal.is_renewal, is_partner_of_record=known.is_partner_of_record, conflict=known.conflict,
        holders=holders, ahead=ahead, days_left=days_left, is_endless=is_endless, open_registrations=known.open_registrations, open_on_account=open_on_account,
    )  # fmt: skip


def _days(since: datetime.date | None, as_of: datetime.date) -> int | None:
    return None if since is None else (as_of - since).days


def _months(since: datetime.date | None, as_of: datetime.date) -> int | None:
    """Whole months, each counted from the first day: a month after the 31st of January is the last of February."""
    if since is None:
        return None
    if since > as_of:
        return -1
    months = (as_of.year - since.year) * 12 + as_of.month - since.month
    return months if since + relativedelta(months=months) <= as_of else months - 1


@attrs.frozen
class MoveFacts:
    """What moving a registration depends on."""

    state: RegistrationState = attrs.field(metadata=labelled("state", "状態", "状态"))
    asked_it: bool = attrs.field(metadata=labelled("registered it", "登録者本人", "本人报备"))
    in_its_way: int = attrs.field(
        default=0,
        metadata=labelled(
            "approved or waiting before it in the same scope",
            "同じ範囲で優先される登録",
            "同一范围内在先的报备",
        ),
    )
    days_left: int | None = attrs.field(
        default=None, metadata=labelled("days of protection left", "保護期間の残り日数", "剩余保护天数")
    )
    is_endless: bool = attrs.field(
        default=False, metadata=labelled("protection has no end", "保護期限なし", "保护无期限")
    )
    days_to_answer: int | None = attrs.field(
        default=None, metadata=labelled("days left to answer", "回答期限までの日数", "距答复期限天数")
    )
    is_overdue: bool = attrs.field(
        default=False, metadata=labelled("review is overdue", "審査期限を超過", "审核已逾期")
    )
    was_escalated: bool = attrs.field(
        default=False, metadata=labelled("escalated already", "エスカレーション済み", "已上报")
    )
    was_researched: bool = attrs.field(
        default=False, metadata=labelled("researched already", "調査延長済み", "已延长调查")
    )
    extensions: int = attrs.field(
        default=0, metadata=labelled("extensions so far", "これまでの延長回数", "已延期次数")
    )
    extension_asked: bool = attrs.field(
        default=False, metadata=labelled("extension is asked for", "延長申請中", "已申请延期")
    )
    days_gained: int | None = attrs.field(
        default=None, metadata=labelled("days gained by the extension", "延長で増える日数", "延期增加天数")
    )


class Approving(StrEnum):
    """What an approval comes to."""

    APPROVED = "approved"
    MORE_NEEDED = "more-needed"  # others have to approve, too
    REFUSED = "refused"


@attrs.frozen
class ApprovalFacts:
    """What approving a registration depends on."""

    state: RegistrationState = attrs.field(metadata=labelled("state", "状態", "状态"))
    conflict: Conflict | None = attrs.field(
        metadata=labelled("conflict with other claims", "他の申請との競合", "与其他报备的冲突")
    )
    holders: int = attrs.field(
        metadata=labelled("approved in the same scope", "同じ範囲の承認済み登録", "同一范围内已批准")
    )
    ahead: int = attrs.field(metadata=labelled("waiting before it", "先に待っている登録", "排在前面的报备"))
    days_left: int | None = attrs.field(
        metadata=labelled("days of protection left", "保護期間の残り日数", "剩余保护天数")
    )
    is_endless: bool = attrs.field(metadata=labelled("protection has no end", "保護期限なし", "保护无期限"))
    asked_it: bool = attrs.field(metadata=labelled("registered it", "登録者本人", "本人报备"))
    approved_it: bool = attrs.field(metadata=labelled("approved it", "承認者本人", "本人批准"))
    holds_role: bool | None = attrs.field(
        metadata=labelled("role is held in one's own right", "本来の役割保持者の権限", "角色由本人持有")
    )
    is_delegated: bool | None = attrs.field(  # None = to what amount is not known; True without one
        metadata=labelled("within the delegation", "委任の範囲内", "在委托范围内")
    )
    is_next: bool = attrs.field(
        metadata=labelled("is the next level to approve", "次の承認段階", "是下一审批级别")
    )
    completes: bool = attrs.field(
        metadata=labelled("is the last approval needed", "最後の承認", "是最后一次审批")
    )
