"""What the policies of registration look at: each fact, where it comes from, and what people call it."""

from datetime import date
from typing import Any

import attrs
import pytest

from prmcore.deals.registrations import Circumstances, Conflict, Deal, RegistrationState
from prmcore.deals.registrations.facts import (
    ApprovalFacts,
    MoveFacts,
    RegistrationFacts,
    registration_facts,
)
from prmcore.decisions import FactSchema
from prmcore.errors import InvalidInput
from prmcore.values import Money, Text

DAY = date(2026, 3, 2)
DRAFT = RegistrationState.DRAFT


@pytest.mark.parametrize(
    ("record", "words"),
    [
        (RegistrationFacts, {
            "state": ("state", "状態", "状态"),
            "filled": ("filled in", "記入済みの項目", "已填写的项目"),
            "may_register": ("may register deals", "案件登録の資格", "可以报备商机"),
            "has_agreement": ("agreement in force", "有効な契約", "有效协议"),
            "certified": ("certified for the products", "製品の認定あり", "已获产品认证"),
            "tier": ("tier", "ティア", "等级"),
            "source": ("source", "案件の発生元", "商机来源"),
            "products": ("products", "製品", "产品"),
            "value": ("value", "案件金額", "商机金额"),
            "currency": ("currency", "通貨", "币种"),
            "days_to_close": ("days until it is expected to close", "成約予定日までの日数", "距预计成交天数"),
            "is_tender": ("is a tender", "入札案件", "属于招标"),
            "tender_published": ("tender is published", "入札は公告済み", "招标已公布"),
            "has_bought": ("customer has bought before", "顧客の購入実績", "客户曾购买"),
            "days_since_purchase": ("days since the last purchase", "最終購入からの日数", "距上次购买天数"),
            "months_since_purchase": ("months since the last purchase", "最終購入からの月数", "距上次购买月数"),
            "was_engaged": ("direct team was engaged", "直販部門の接触実績", "直销团队曾接触"),
            "days_since_engaged": ("days since the direct team was engaged", "直販部門の最終接触からの日数", "距直销接触天数"),
            "months_since_engaged": ("months since the direct team was engaged", "直販部門の最終接触からの月数", "距直销接触月数"),
            "is_direct_account": ("is a direct account", "直販顧客", "属于直销客户"),
            "is_renewal": ("is a renewal", "更新案件", "属于续约"),
            "is_partner_of_record": ("is the partner of record", "既存の担当パートナー", "是登记的合作伙伴"),
            "conflict": ("conflict with other claims", "他の申請との競合", "与其他报备的冲突"),
            "holders": ("approved in the same scope", "同じ範囲の承認済み登録", "同一范围内已批准"),
            "ahead": ("waiting before it", "先に待っている登録", "排在前面的报备"),
            "days_left": ("days of protection left", "保護期間の残り日数", "剩余保护天数"),
            "is_endless": ("protection has no end", "保護期限なし", "保护无期限"),
            "open_registrations": ("other open registrations of the partner", "パートナーの他の有効な登録", "该伙伴其他有效报备"),
            "open_on_account": ("other open registrations of the partner for the account", "同じ顧客に対する他の有効な登録", "该伙伴对该客户的其他有效报备"),
        }),
        (MoveFacts, {
            "state": ("state", "状態", "状态"),
            "asked_it": ("registered it", "登録者本人", "本人报备"),
            "in_its_way": ("approved or waiting before it in the same scope", "同じ範囲で優先される登録", "同一范围内在先的报备"),
            "days_left": ("days of protection left", "保護期間の残り日数", "剩余保护天数"),
            "is_endless": ("protection has no end", "保護期限なし", "保护无期限"),
            "days_to_answer": ("days left to answer", "回答期限までの日数", "距答复期限天数"),
            "is_overdue": ("review is overdue", "審査期限を超過", "审核已逾期"),
            "was_escalated": ("escalated already", "エスカレーション済み", "已上报"),
            "was_researched": ("researched already", "調査延長済み", "已延长调查"),
            "extensions": ("extensions so far", "これまでの延長回数", "已延期次数"),
            "extension_asked": ("extension is asked for", "延長申請中", "已申请延期"),
            "days_gained": ("days gained by the extension", "延長で増える日数", "延期增加天数"),
        }),
        (ApprovalFacts, {
            "state": ("state", "状態", "状态"),
            "conflict": ("conflict with other claims", "他の申請との競合", "与其他报备的冲突"),
            "holders": ("approved in the same scope", "同じ範囲の承認済み登録", "同一范围内已批准"),
            "ahead": ("waiting before it", "先に待っている登録", "排在前面的报备"),
            "days_left": ("days of protection left", "保護期間の残り日数", "剩余保护天数"),
            "is_endless": ("protection has no end", "保護期限なし", "保护无期限"),
            "asked_it": ("registered it", "登録者本人", "本人报备"),
            "approved_it": ("approved it", "承認者本人", "本人批准"),
            "holds_role": ("role is held in one's own right", "本来の役割保持者の権限", "角色由本人持有"),
            "is_delegated": ("within the delegation", "委任の範囲内", "在委托范围内"),
            "is_next": ("is the next level to approve", "次の承認段階", "是下一审批级别"),
            "completes": ("is the last approval needed", "最後の承認", "是最后一次审批"),
        }),
    ],
)  # fmt: skip
def test_facts_are_called_what_people_call_them(record: type, words: dict[str, tuple[str, str, str]]) -> None:
    expected = {name: Text.of(english, ja=ja, zh=zh) for name, (english, ja, zh) in words.items()}
    assert {one.name: one.text for one in FactSchema.of(record).fields if one.text is not None} == expected


def test_what_nobody_said_of_a_registration_is_unknown_and_what_is_counted_is_none() -> None:
    facts = attrs.asdict(RegistrationFacts(DRAFT, frozenset()), recurse=False)
    counted = {"holders": 0, "ahead": 0, "is_endless": False, "open_registrations": 0, "open_on_account": 0}
    given = {"state": DRAFT, "filled": frozenset[str]()}
    assert facts == dict.fromkeys(facts) | counted | given


def test_a_move_that_nothing_is_known_of_is_neither_late_nor_extended() -> None:
    assert attrs.asdict(MoveFacts(DRAFT, False)) == {
        "state": DRAFT, "asked_it": False, "in_its_way": 0, "days_left": None, "is_endless": False, "days_to_answer": None,
        "is_overdue": False, "was_escalated": False, "was_researched": False, "extensions": 0, "extension_asked": False,
        "days_gained": None,
    }  # fmt: skip


def test_of_a_partner_and_a_customer_nothing_is_known_but_that_they_may_register_without_conflict() -> None:
    known = attrs.asdict(Circumstances())
    told = {"may_register": True, "conflict": Conflict.NONE, "open_registrations": 0}
    assert known == dict.fromkeys(known) | told


def test_circumstances_are_given_by_name() -> None:
    with pytest.raises(TypeError, match="positional"):
        Circumstances(True)  # type: ignore[call-arg]


@pytest.mark.parametrize(
    ("told", "messages"),
    [
        ({"has_bought": False, "last_bought": DAY},
         ["found 2026-03-02, and that it never was @ last_bought"]),
        ({"was_engaged": False, "last_engaged": DAY},
         ["found 2026-03-02, and that it never was @ last_engaged"]),
        ({"has_bought": False, "last_bought": DAY, "was_engaged": False, "last_engaged": DAY},
         ["found 2026-03-02, and that it never was @ last_bought", "found 2026-03-02, and that it never was @ last_engaged"]),
        ({"last_bought": "2026-03-02"},
         ["the day: found '2026-03-02'; accepted: a date without a time @ last_bought"]),
        ({"open_registrations": -1}, ["found -1; accepted: zero or more @ open_registrations"]),
        ({"open_registrations": 1.0}, ["found 1.0; accepted: zero or more @ open_registrations"]),
        ({"open_registrations": True}, ["found True; accepted: zero or more @ open_registrations"]),
    ],
)  # fmt: skip
def test_circumstances_that_contradict_each_other_are_refused(
    told: dict[str, Any], messages: list[str]
) -> None:
    with pytest.raises(InvalidInput, match="the circumstances cannot be used") as refused:
        Circumstances(**told)
    assert [str(fault) for fault in refused.value.faults] == messages


def test_whoever_bought_on_a_day_has_bought_and_whoever_did_not_may_have_been_engaged() -> None:
    bought = Circumstances(last_bought=DAY, was_engaged=False)
    assert (bought.has_bought, bought.was_engaged, bought.last_bought) == (True, False, DAY)
    engaged = Circumstances(last_engaged=DAY, has_bought=False)
    assert (engaged.has_bought, engaged.was_engaged) == (False, True)


KNOWN = Circumstances(
    may_register=False, has_agreement=True, certified=False, tier="gold", last_bought=date(2026, 1, 31),
    last_engaged=date(2025, 3, 2), is_direct_account=False, is_partner_of_record=True, conflict=Conflict.POSSIBLE,
    open_registrations=7,
)  # fmt: skip
DEAL = Deal(
    customer="Contoso", products=frozenset({"bikes"}), division="north", value=Money.of(500, "EUR"),
    expected_close=date(2026, 4, 1), source="fair", is_tender=True, tender_published=False, is_renewal=True,
    answers=(("budget", "approved"), ("rival", "")),
)  # fmt: skip


def test_the_facts_of_a_deal_are_what_was_written_and_what_is_known() -> None:
    """From 2 to 31 March and to 1 April are 30 days; from 31 January to 2 March 30 days, a month over on 28 February;
    from 2 March 2025 a year."""
    found = registration_facts(
        RegistrationState.RETURNED, DEAL, KNOWN, DAY, holders=1, ahead=2, open_on_account=3, days_left=4, is_endless=True
    )  # fmt: skip
    assert attrs.asdict(found, recurse=False) == {
        "state": RegistrationState.RETURNED,
        "filled": frozenset({
            "customer", "products", "division", "value", "expected_close", "source", "is_tender", "tender_published",
            "is_renewal", "budget",
        }),
        "may_register": False, "has_agreement": True, "certified": False, "tier": "gold", "source": "fair",
        "products": frozenset({"bikes"}), "value": Money.of(500, "EUR"), "currency": "EUR", "days_to_close": 30,
        "is_tender": True, "tender_published": False, "has_bought": True, "days_since_purchase": 30,
        "months_since_purchase": 1, "was_engaged": True, "days_since_engaged": 365, "months_since_engaged": 12,
        "is_direct_account": False, "is_renewal": True, "is_partner_of_record": True, "conflict": Conflict.POSSIBLE,
        "holders": 1, "ahead": 2, "days_left": 4, "is_endless": True, "open_registrations": 7, "open_on_account": 3,
    }  # fmt: skip


def test_of_a_deal_that_says_little_the_rest_is_unknown() -> None:
    found = registration_facts(
        DRAFT, Deal(customer="Contoso"), Circumstances(), DAY, holders=0, ahead=0, open_on_account=0
    )
    assert found == RegistrationFacts(
        DRAFT, frozenset({"customer"}), may_register=True, conflict=Conflict.NONE
    )


@pytest.mark.parametrize(
    ("since", "months"),
    [
        (date(2025, 3, 3), 11),  # a year is over on 3 March
        (date(2025, 3, 2), 12),
        (date(2025, 12, 2), 3),
        (date(2025, 12, 3), 2),
        (date(2025, 4, 1), 11),
        (date(2026, 2, 28), 0),
        (date(2024, 2, 29), 24),  # two years after 29 February is the 28th
    ],
)
def test_months_since_a_day_are_whole_ones(since: date, months: int) -> None:
    known = Circumstances(last_engaged=since)
    found = registration_facts(DRAFT, DEAL, known, DAY, holders=0, ahead=0, open_on_account=0)
    assert found.months_since_engaged == months
