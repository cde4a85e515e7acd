"""The rules of funds: what a policy may say, what it says by itself, and the words of each fact that it looks at."""

import datetime
from typing import Any

import attrs
import pytest
from tests.incentives.funds.test_funds import POLICY, TODAY, budgeted, eur, fund, refused

from prmcore.decisions.facts import schema_of
from prmcore.errors import InvalidInput
from prmcore.incentives.funds import (
    ActivityRule,
    Approver,
    FundAction,
    FundBook,
    FundPolicy,
    FundState,
    FundStep,
    allocated,
    budget_changed,
    moved_fund,
)
from prmcore.incentives.funds.policy import AskFacts, ClaimFacts, FileFacts, FundFacts, RequestFacts
from prmcore.incentives.plans.curve import Rounding
from prmcore.values import Money, Rate, Text

D = datetime.date
EVENT = ActivityRule(kind="event", rate=Rate.percent(50))


def policy(**more: Any) -> FundPolicy:
    told: dict[str, Any] = {"activities": (EVENT,), **more}
    return FundPolicy(**told)


def test_what_a_policy_does_not_say_is_the_standard() -> None:
    """The reminders on day 2, 14 and 28 are those of GitLab's channel handbook."""
    assert policy() == FundPolicy(
        name="funds/standard", activities=(EVENT,), approvers=(), approver_may_approve_claims=False, claim_days=30,
        reminder_days=(2, 14, 28), expiry_notice_days=0, ahead_days=None, early_proof_days=0, rounding=Rounding.HALF_EVEN,
    )  # fmt: skip
    assert EVENT.proofs == ()


DAYS = "accepted: zero days or more"
RATE = "accepted: above 0 %, up to 100 %"


@pytest.mark.parametrize(
    ("more", "message", "path"),
    [
        ({"activities": ()}, "found none; accepted: one at least", "activities"),
        ({"activities": (EVENT, EVENT)}, "'event' stands here twice", "activities"),
        ({"activities": (ActivityRule(kind="x", rate=Rate.of(0)),)}, RATE, "activities[0].rate"),
        ({"activities": (EVENT, ActivityRule(kind="x", rate=Rate.percent(-1)))}, RATE, "activities[1].rate"),
        ({"activities": (EVENT, ActivityRule(kind="x", rate=Rate.percent("100.01")))}, RATE, "activities[1].rate"),
        ({"activities": (attrs.evolve(EVENT, proofs=("p", "q", "p")),)}, "'p' stands here twice", "activities[0].proofs"),
        ({"approvers": (Approver("clerk", Money("EUR", 0)),)}, "an amount above zero", "approvers[0].limit"),
        ({"claim_days": -1}, f"found -1; {DAYS}", "claim_days"),
        ({"claim_days": True}, f"found True; {DAYS}", "claim_days"),
        ({"claim_days": 2.5}, f"found 2.5; {DAYS}", "claim_days"),
        ({"expiry_notice_days": -1}, f"found -1; {DAYS}", "expiry_notice_days"),
        ({"early_proof_days": -1}, f"found -1; {DAYS}", "early_proof_days"),
        ({"ahead_days": -1}, f"found -1; {DAYS}", "ahead_days"),
        ({"reminder_days": (2, -1)}, f"found -1; {DAYS}", "reminder_days"),
        ({"reminder_days": ("2",)}, f"found '2'; {DAYS}", "reminder_days"),
    ],
)  # fmt: skip
def test_a_policy_that_cannot_be_meant_is_refused(more: dict[str, Any], message: str, path: str) -> None:
    with pytest.raises(InvalidInput, match="the policy 'funds/standard' cannot be used") as caught:
        policy(**more)
    (fault,) = caught.value.faults
    assert message in fault.message
    assert fault.path == path


@pytest.mark.parametrize(
    "more",
    [
        {"activities": (attrs.evolve(EVENT, rate=Rate.percent("0.01")), ActivityRule(kind="x", rate=Rate.of(1)))},
        {"claim_days": 0, "expiry_notice_days": 0, "early_proof_days": 0, "ahead_days": 0, "reminder_days": (0,)},
        {"reminder_days": ()},
    ],
)  # fmt: skip
def test_the_least_and_the_most_that_a_policy_may_say(more: dict[str, Any]) -> None:
    assert {name: getattr(policy(**more), name) for name in more} == more


def test_the_rule_of_an_activity_is_found_by_its_kind() -> None:
    training = ActivityRule(kind="training", rate=Rate.of(1))
    found = policy(activities=(EVENT, training))
    assert [found.rule(kind) for kind in ("event", "training", "yacht")] == [EVENT, training, None]


@pytest.mark.parametrize(
    ("role", "amount", "within"),
    [
        ("clerk", eur("100"), True),
        ("clerk", eur("100.01"), False),
        ("clerk", Money.of(40, "USD"), True),
        ("clerk", Money.of(41, "USD"), False),
        ("clerk", Money.of(1, "JPY"), False),
        ("head", eur("100.01"), True),
        ("head", Money.of(1, "USD"), False),
        ("guest", eur("1"), False),
    ],
)
def test_a_role_approves_up_to_its_limit_in_the_currency_of_the_limit(
    role: str, amount: Money, within: bool
) -> None:
    limits = (("clerk", eur("100")), ("clerk", Money.of(40, "USD")), ("head", eur("500")))
    assert policy(approvers=tuple(Approver(*one) for one in limits)).is_within_limit(role, amount) is within


def test_the_share_is_rounded_as_the_policy_says() -> None:
    """Half of 0.05 is 2.5 cents: 2 to even, 3 up."""
    assert policy().share(Rate.percent(50), eur("0.05")) == eur("0.02")
    assert policy(rounding=Rounding.HALF_UP).share(Rate.percent(50), eur("0.05")) == eur("0.03")


# a fund closed and opened again


def test_a_fund_keeps_who_closed_it_when_and_why() -> None:
    moved = moved_fund(fund(), FundAction.CLOSE, POLICY, by="kim", on=D(2026, 1, 1), reason="all is given")
    assert moved.record.steps == (
        FundStep(action="close", after="closed", on=D(2026, 1, 1), by="kim", reason="all is given"),
    )
    assert (moved.moves, moved.entries) == ((), ())
    assert moved.decision.facts == FundFacts(FundState.ACTIVE, True, None, None, None)
    assert (moved.decision.outcome, moved.decision.as_of) == (True, D(2026, 1, 1))
    again = moved_fund(moved.record, FundAction.REOPEN, POLICY, by="lee", on=D(2026, 1, 5)).record
    assert [(step.action, step.by, step.reason) for step in again.steps] == [
        ("close", "kim", "all is given"),
        ("reopen", "lee", None),
    ]
    refused(
        moved_fund(again, FundAction.REOPEN, POLICY, by="kim", on=D(2026, 1, 5)),
        "✗ state of the fund: active, asked for one of closed",
    )


def test_a_fund_moves_on_the_day_of_its_last_step_or_later() -> None:
    with pytest.raises(
        InvalidInput, match="on: found 2025-12-31; accepted: 2026-01-01, the day of its last step"
    ):
        moved_fund(fund(), FundAction.CLOSE, POLICY, by="kim", on=D(2025, 12, 31))
    days = [D(2026, 1, 3), D(2026, 1, 7)]
    told = (("close", "closed", days[0]), ("reopen", "active", days[1]))
    used = fund(
        steps=tuple(FundStep(action=action, after=after, on=on, by="kim") for action, after, on in told)
    )
    with pytest.raises(InvalidInput, match="accepted: 2026-01-07"):
        moved_fund(used, FundAction.CLOSE, POLICY, by="kim", on=D(2026, 1, 6))
    assert moved_fund(used, FundAction.CLOSE, POLICY, by="kim", on=days[1]).record.state is FundState.CLOSED
    wrong: Any = "2026-01-09"
    with pytest.raises(InvalidInput, match=r"^on: found '2026-01-09'"):
        moved_fund(used, FundAction.CLOSE, POLICY, by="kim", on=wrong)


# what a decision is called, and the words of what it looks at


def test_each_change_of_budgets_and_allocations_is_a_policy_of_its_own() -> None:
    book = budgeted()
    child = FundBook(fund(id="apac", parent="mdf"))
    told: dict[str, Any] = {"key": "k", "by": "kim", "on": TODAY}
    found = [
        budget_changed(book, eur(1), POLICY, **told),
        budget_changed(book, eur(-1), POLICY, **told),
        budget_changed(child, eur(1), POLICY, above=book, **told),
        budget_changed(child, eur(-1), POLICY, above=book, **told),
        allocated(book, "acme", eur(1), POLICY, **told),
        allocated(child, "acme", eur(-1), POLICY, **told),
    ]
    assert [one.decision.policy.name for one in found] == [
        "funds/standard/budget/increase/EUR", "funds/standard/budget/decrease/EUR",
        "funds/standard/budget/increase/child/EUR", "funds/standard/budget/decrease/child/EUR",
        "funds/standard/allocation/increase/EUR", "funds/standard/allocation/decrease/EUR",
    ]  # fmt: skip


WORDS: dict[type, list[tuple[str, str, str, str]]] = {
    FundFacts: [
        ("state", "state of the fund", "資金枠の状態", "资金状态"),
        ("is_new", "not posted before", "未計上", "此前未入账"),
        ("left_of_fund", "left of the fund after it", "実行後の資金枠残額", "执行后资金余额"),
        ("left_of_parent", "left of the parent fund after it", "実行後の親資金枠残額", "执行后上级资金余额"),
        ("left_of_allocation", "left of the allocation after it", "実行後の割当残額", "执行后分配余额"),
    ],
    AskFacts: [
        ("fund_state", "state of the fund", "資金枠の状態", "资金状态"),
        ("may_ask", "may ask for funds", "資金申請の資格", "可以申请资金"),
        ("is_supported", "activity is supported", "対象となる活動", "属于支持的活动"),
        ("in_period", "activity is in the fund's period", "活動が資金枠の期間内", "活动在资金期间内"),
        ("days_ahead", "days until the activity", "活動までの日数", "距活动天数"),
        ("is_over", "activity is over", "活動は終了済み", "活动已结束"),
    ],
    RequestFacts: [
        ("state", "state", "状態", "状态"),
        ("fund_state", "state of the fund", "資金枠の状態", "资金状态"),
        ("asked_it", "asked for it", "申請者本人", "本人申请"),
        ("within_limit", "within the limit of the role", "役割の承認限度内", "在角色的审批限额内"),
        ("left_of_asked", "left of what was asked for", "申請額の残り", "申请额余额"),
        ("left_of_share", "left of the supported part of the cost", "費用の補助対象分の残り", "可支持费用余额"),
        ("left_of_allocation", "left of the allocation after it", "実行後の割当残額", "执行后分配余额"),
        ("days_left", "days left for claims", "請求期限までの日数", "距申报截止天数"),
        ("open_claims", "claims not decided", "未決定の請求", "未决定的申报"),
        ("claims", "claims", "請求", "申报"),
    ],
    FileFacts: [
        ("state", "state of the request", "申請の状態", "申请状态"),
        ("days_begun", "days since the activity began", "活動開始からの日数", "活动开始后天数"),
        ("days_left", "days left for claims", "請求期限までの日数", "距申报截止天数"),
        ("remainder", "left of the request", "申請の残額", "申请余额"),
        ("used_proofs", "proofs used in another claim", "他の請求で使用済みの証憑", "其他申报已用的凭证"),
    ],
    ClaimFacts: [
        ("state", "state", "状態", "状态"),
        ("asked_it", "asked for it", "申請者本人", "本人申请"),
        ("approved_request", "approved the request", "申請の承認者本人", "本人批准了该申请"),
        ("approved_it", "approved it", "承認者本人", "本人批准"),
        ("within_limit", "within the limit of the role", "役割の承認限度内", "在角色的审批限额内"),
        ("missing_proofs", "proofs missing", "不足している証憑", "缺少的凭证"),
        ("used_proofs", "proofs used in another claim", "他の請求で使用済みの証憑", "其他申报已用的凭证"),
        ("amount", "amount", "金額", "金额"),
        ("left_of_share", "left of the supported part of the spend", "支出の補助対象分の残り", "可支持支出余额"),
        ("left_of_request", "left of the request after it", "実行後の申請残額", "执行后申请余额"),
        ("left_of_allocation", "left of the allocation after it", "実行後の割当残額", "执行后分配余额"),
        ("left_of_fund", "left of the fund after it", "実行後の資金枠残額", "执行后资金余额"),
        ("left_of_claim", "left of the claim after it", "実行後の請求残額", "执行后申报余额"),
        ("is_new", "not posted before", "未計上", "此前未入账"),
    ],
}  # fmt: skip


@pytest.mark.parametrize("facts", WORDS, ids=lambda facts: facts.__name__)
def test_each_fact_is_called_by_its_words_in_three_languages(facts: type) -> None:
    found = schema_of(facts).fields
    assert [(one.name, one.text) for one in found] == [
        (name, Text.of(english, ja=ja, zh=zh)) for name, english, ja, zh in WORDS[facts]
    ]
