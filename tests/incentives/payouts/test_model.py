"""Payouts: what is due, why it is not, who approves and pays it, and that nothing is paid twice."""

import datetime
import json
import pickle
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from prmcore.decisions.explain import explain
from prmcore.errors import InvalidInput
from prmcore.incentives import (
    Band,
    Bookkeeping,
    Component,
    Curve,
    Day,
    Entry,
    EntryKind,
    Ledger,
    Line,
    LineKind,
    Plan,
    Transaction,
    post,
)  # fmt: skip
from prmcore.incentives.ledger.disputes import (
    Dispute,
    DisputeFacts,
    DisputePolicy,
    DisputeStep,
    Moved,
    RaisingFacts,
    raised,
    rejected,
    upheld,
)  # fmt: skip
from prmcore.incentives.ledger.statements import Part, Statement, statement
from prmcore.incentives.payouts.model import (
    PAYOUT_MOVES,
    Approval,
    Approver,
    DueFacts,
    EntryState,
    Owed,
    Payout,
    PayoutAction,
    PayoutAnswer,
    PayoutPolicy,
    PayoutState,
    PayoutStep,
    Proposal,
    owed_on,
    proposed,
    state_of,
)
from prmcore.incentives.payouts.paying import (
    Approving,
    PayoutFacts,
    Situation,
    approved,
    moved,
    paid,
    returned,
)
from prmcore.incentives.payouts.write_offs import WriteOffFacts, written_off
from prmcore.incentives.plans.curve import Rounding
from prmcore.incentives.repository import PAYOUTS
from prmcore.storage import MemoryStore
from prmcore.testing import strategies
from prmcore.values import Dated, DateRange, ExchangeRates, Money, Rate
from prmcore.values.wire import from_plain, to_plain

D = datetime.date
BOOKS = Bookkeeping()
TODAY = D(2026, 4, 1)


def eur(amount: str) -> Money:
    return Money.of(amount, "EUR")


POLICY = PayoutPolicy(
    thresholds=(eur("50"),),
    approvers=(Approver("manager", eur("1000")), Approver("director", eur("5000")), Approver("board", eur("5000"))),
    write_off_after=3,
)  # fmt: skip


def entry(
    number: int,
    amount: Money,
    kind: EntryKind = EntryKind.EARNED,
    recorded: D = D(2026, 3, 31),  # noqa: B008 - a date is never changed
    **more: Any,
) -> Entry:
    line = LineKind.PAYMENT if kind is EntryKind.PAYMENT else LineKind.DECISION
    booked = BOOKS.period(recorded).name
    made: dict[str, Any] = {
        "payee": "acme", "earner": "acme", "component": "reseller/2026/rebate/volume", "period": "FY2026-Q1",
        "number": number, "kind": kind, "amount": amount, "attributed": booked, "booked": booked,
        "effective": recorded, "recorded": recorded,
        "lines": (Line(what=line, amount=Fraction(amount.minor)),), **more,
    }  # fmt: skip
    return Entry(**made)


def propose(ledger: Ledger, payouts: Sequence[Payout] = (), on: D = TODAY, **more: Any) -> Proposal:
    told: dict[str, Any] = {"unit": "EUR", "policy": POLICY, "by": "run", **more}
    return proposed(ledger, "acme", on=on, payouts=payouts, **told)


def payout_of(ledger: Ledger, payouts: Sequence[Payout] = (), on: D = TODAY, **more: Any) -> Payout:
    found = propose(ledger, payouts, on, **more)
    assert found.payout is not None, explain(found.decision)
    return found.payout


def released(
    ledger: Ledger,
    payout: Payout,
    on: D = TODAY,
    policy: PayoutPolicy = POLICY,
    role: str = "director",
) -> Payout:
    around = Situation(ledger=ledger)
    found = approved(payout, around, policy, by="sato", role=role, on=on)
    assert found.decision.outcome is Approving.APPROVED, explain(found.decision)
    return moved(found.record, PayoutAction.RELEASE, around, policy, by="run", on=on).record


def pay(ledger: Ledger, payout: Payout, on: D = TODAY, **more: Any) -> Payout:
    """Approved, released and paid, with the payment in the ledger."""
    policy = more.get("policy", POLICY)
    ready = released(ledger, payout, on, policy)
    told = {"policy": policy, "by": "tanaka", "on": on, **more}
    found = paid(ready, Situation(ledger=ledger), BOOKS, **told)
    assert found.decision.outcome is True, explain(found.decision)
    ledger.add(found.entries)
    return found.record


# what is due


def test_what_is_due_is_proposed_once() -> None:
    """T28: a second settlement holds nothing of the first one."""
    ledger = Ledger([entry(1, eur("120")), entry(2, eur("30.50"))])
    first = payout_of(ledger)
    assert (first.amount, first.covers, first.carried) == (
        eur("150.50"),
        tuple(one.id for one in ledger),
        eur("0"),
    )
    after = pay(ledger, first)
    ledger.add([entry(3, eur("70"), recorded=D(2026, 4, 30))])
    second = payout_of(ledger, [after], D(2026, 5, 1))
    assert (second.amount, second.covers) == (eur("70"), (ledger.of_payee("acme")[-1].id,))
    assert (first.id, second.id) == ("acme|reseller/payout|EUR 1", "acme|reseller/payout|EUR 2")


def test_the_same_proposal_twice_is_the_same_payout() -> None:
    """T27: settled twice at the same time, it is one payout, and one store keeps it once."""
    ledger = Ledger([entry(1, eur("120"))])
    assert payout_of(ledger) == payout_of(ledger)


def test_a_proposal_after_another_one_finds_its_entries_under_way() -> None:
    """T27."""
    ledger = Ledger([entry(1, eur("120"))])
    found = propose(ledger, [payout_of(ledger)])
    assert (found.decision.outcome, found.payout) == (PayoutAnswer.UNDER_WAY, None)


def test_a_payment_without_a_payout_is_netted() -> None:
    """T27: an account that was paid before payouts were kept here is not paid again: 120 less 120, then 60."""
    ledger = Ledger(
        [entry(1, eur("120")), entry(1, eur("-120"), EntryKind.PAYMENT, component="reseller/payment")]
    )
    assert propose(ledger).payout is None
    ledger.add([entry(2, eur("60"))])
    found = payout_of(ledger)
    assert (found.amount, found.carried) == (eur("60"), eur("-120"))


def test_what_is_known_later_is_not_paid_yet() -> None:
    ledger = Ledger([entry(1, eur("120")), entry(2, eur("70"), recorded=D(2026, 4, 2))])
    assert payout_of(ledger).amount == eur("120")
    assert payout_of(ledger, on=D(2026, 4, 2)).amount == eur("190")


def test_a_proposal_of_an_earlier_day_comes_out_alike_after_all_that_followed() -> None:
    """And has the id of the payout that followed, so that no store keeps both."""
    ledger = Ledger([entry(1, eur("120"))])
    before = propose(ledger)
    after = pay(ledger, payout_of(ledger, on=D(2026, 4, 2)), D(2026, 4, 9))
    ledger.add([entry(2, eur("-500"), EntryKind.CLAWBACK, D(2026, 4, 10))])
    assert propose(ledger, [after]) == before
    assert before.payout is not None
    assert before.payout.id == after.id
    assert propose(ledger, [after], D(2026, 4, 10)).decision.outcome is PayoutAnswer.NEGATIVE


# why nothing is paid: each a decision with its reasons


NO_CASES: list[tuple[str, list[Entry], dict[str, Any], PayoutAnswer, tuple[str, str, str]]] = [
    ("T26: nothing is there", [], {}, PayoutAnswer.NOTHING, ("nothing is due", "支払対象なし", "无应付款项")),
    (
        "below the threshold of 50", [entry(1, eur("49.99"))], {}, PayoutAnswer.BELOW_THRESHOLD,
        ("below the threshold: carried forward", "最低支払額未満：繰り越し", "低于起付额：结转"),
    ),
    (
        "T10, PartnerStack: +20 and -100 are -80", [entry(1, eur("20")), entry(2, eur("-100"), EntryKind.CLAWBACK)], {},
        PayoutAnswer.NEGATIVE, ("below zero: carried forward", "マイナス残高：繰り越し", "余额为负：结转"),
    ),
    (
        "held until tomorrow", [entry(1, eur("120"), payable_from=D(2026, 4, 2))], {}, PayoutAnswer.HELD,
        ("held", "保留中", "暂扣中"),
    ),
    (
        "the payee is suspended", [entry(1, eur("120"))], {"stopped": True}, PayoutAnswer.STOPPED,
        ("stopped", "支払停止", "已停止"),
    ),
    (
        "nothing to pay out of nought", [entry(1, eur("0"))], {}, PayoutAnswer.NOTHING,
        ("nothing is due", "支払対象なし", "无应付款项"),
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("why", "entries", "more", "answer", "words"), NO_CASES, ids=[one[0] for one in NO_CASES]
)
def test_a_no_says_why_in_three_languages(
    why: str, entries: list[Entry], more: dict[str, Any], answer: PayoutAnswer, words: tuple[str, str, str]
) -> None:
    """T26: a settlement of nothing is no empty list."""
    found = propose(Ledger(entries), **more)
    assert (found.decision.outcome, found.payout) == (answer, None), why
    for locale, word in zip(("en", "ja", "zh"), words, strict=True):
        assert str(explain(found.decision, locale)).splitlines()[0].endswith(word)


def test_the_reasons_name_the_numbers() -> None:
    ledger = Ledger([entry(1, eur("20")), entry(2, eur("-100"), EntryKind.CLAWBACK)])
    text = str(explain(propose(ledger).decision, "en"))
    assert "✗ due: -€80.00, asked for at least €50.00" in text
    assert "✓ due: -€80.00, asked for less than €0.00" in text
    assert "✓ entries due: 2, asked for at least 1" in text


def test_a_disputed_entry_waits_and_the_rest_is_paid() -> None:
    ledger = Ledger([entry(1, eur("120")), entry(2, eur("70"))])
    about = ledger.of_payee("acme")[0].id
    dispute = raised(ledger, [about], issued=TODAY, by="yamada", on=TODAY, reason="too little").record
    assert dispute is not None
    assert payout_of(ledger, disputes=[dispute]).amount == eur("70")
    only = propose(Ledger([entry(1, eur("120"))]), disputes=[dispute])
    assert only.decision.outcome is PayoutAnswer.DISPUTED
    over = rejected(dispute, by="sato", on=D(2026, 4, 2), reason="stands").record
    assert payout_of(ledger, on=D(2026, 4, 2), disputes=[over]).amount == eur("190")


def test_what_was_taken_back_is_never_held() -> None:
    """A clawback nets at once, whatever day it carries and whatever is said of it: 120 - 30 = 90."""
    taken = entry(2, eur("-30"), EntryKind.CLAWBACK, payable_from=D(2027, 1, 1))
    ledger = Ledger([entry(1, eur("120")), taken])
    dispute = raised(ledger, [taken.id], issued=TODAY, by="yamada", on=TODAY, reason="no refund").record
    assert dispute is not None
    assert payout_of(ledger, disputes=[dispute]).amount == eur("90")


def test_a_held_entry_is_due_on_its_day_and_not_the_day_before() -> None:
    ledger = Ledger([entry(1, eur("120"), payable_from=D(2026, 4, 30))])
    assert propose(ledger, on=D(2026, 4, 29)).payout is None
    assert payout_of(ledger, on=D(2026, 4, 30)).amount == eur("120")


def test_currencies_are_never_netted_against_each_other() -> None:
    """T21: 120 EUR are paid whatever is owed back in yen, and no sum of both exists."""
    ledger = Ledger([entry(1, eur("120")), entry(2, Money.of(-90_000, "JPY"), EntryKind.CLAWBACK)])
    assert payout_of(ledger).amount == eur("120")
    assert propose(ledger, unit="JPY").decision.outcome is PayoutAnswer.NEGATIVE


def test_points_are_not_paid_out() -> None:
    with pytest.raises(InvalidInput, match="points are used, not paid out"):
        propose(Ledger(), unit="points")


def test_the_books_of_two_programs_are_not_one_payout() -> None:
    ledger = Ledger([entry(1, eur("120")), entry(1, eur("120"), component="alliance/2026/rebate/x")])
    with pytest.raises(InvalidInput, match="found the books of alliance, reseller"):
        propose(ledger)


def test_a_refund_after_payment_is_taken_from_the_next_payout() -> None:
    """T10: 10 % of 800 were paid; 300 are returned: -30.00, which the next sale's 10 % of 1,000 is netted with."""
    component = Component(name="volume", unit="EUR", curve=Curve((Band(rate=Rate.percent(10)),)))
    plans = Dated(((DateRange(D(2026, 1, 1)), Plan(name="reseller/2026/rebate", components=(component,))),))

    def sold(name: str, day: D, net: str, returns: str | None = None) -> Transaction:
        return Transaction(
            id=name, parties={"partner": "acme"}, days={Day.INVOICED: day}, net=eur(net), returns=returns
        )

    told = [sold("s1", D(2026, 1, 10), "800")]
    ledger = Ledger()
    ledger.add(post(plans, told, ledger, known=D(2026, 3, 31)).entries)
    first = pay(ledger, payout_of(ledger))
    assert (first.amount, ledger.balance("acme", "EUR")) == (eur("80"), eur("0"))
    told.append(sold("r1", D(2026, 4, 3), "-300", "s1"))
    ledger.add(post(plans, told, ledger, known=D(2026, 4, 3)).entries)
    assert propose(ledger, [first], D(2026, 4, 4)).decision.outcome is PayoutAnswer.NEGATIVE
    assert ledger.balance("acme", "EUR") == eur("-30")
    told.append(sold("s2", D(2026, 4, 5), "1000"))
    ledger.add(post(plans, told, ledger, known=D(2026, 4, 5)).entries)
    assert payout_of(ledger, [first], D(2026, 4, 6)).amount == eur("70")


# approval


@pytest.mark.parametrize(
    ("amount", "role", "outcome"),
    [
        ("1000", "manager", Approving.APPROVED),  # a limit is the last amount that it allows
        ("1000.01", "manager", Approving.REFUSED),
        ("5000", "director", Approving.APPROVED),
        ("5000.01", "director", Approving.SECOND_NEEDED),
        ("5000.01", "manager", Approving.REFUSED),
        ("60", "nobody", Approving.REFUSED),
    ],
)
def test_a_role_approves_up_to_its_limit(amount: str, role: str, outcome: Approving) -> None:
    ledger = Ledger([entry(1, eur(amount))])
    found = approved(payout_of(ledger), Situation(ledger=ledger), POLICY, by="sato", role=role, on=TODAY)
    assert found.decision.outcome is outcome
    assert found.record.state is (
        PayoutState.APPROVED if outcome is Approving.APPROVED else PayoutState.ACCRUED
    )


def test_what_is_above_all_limits_needs_two_people_of_the_highest() -> None:
    ledger = Ledger([entry(1, eur("9000"))])
    around = Situation(ledger=ledger)
    first = approved(payout_of(ledger), around, POLICY, by="sato", role="director", on=TODAY)
    assert first.decision.outcome is Approving.SECOND_NEEDED
    assert first.record.approvals == (Approval("sato", "director", TODAY),)
    same = approved(first.record, around, POLICY, by="sato", role="board", on=TODAY)
    assert (same.decision.outcome, same.record) == (Approving.REFUSED, first.record)
    lower = approved(first.record, around, POLICY, by="mori", role="manager", on=TODAY)
    assert lower.decision.outcome is Approving.REFUSED
    second = approved(first.record, around, POLICY, by="mori", role="board", on=TODAY)
    assert (second.decision.outcome, second.record.state) == (Approving.APPROVED, PayoutState.APPROVED)


def test_a_policy_may_refuse_what_is_above_all_limits() -> None:
    ledger = Ledger([entry(1, eur("9000"))])
    strict = attrs.evolve(POLICY, name="payouts/strict", two_above_limits=False)
    found = approved(
        payout_of(ledger), Situation(ledger=ledger), strict, by="sato", role="director", on=TODAY
    )
    assert found.decision.outcome is Approving.REFUSED
    assert "✗ within the limit of the role: no, asked for yes" in str(explain(found.decision, "en"))


def test_who_proposed_or_calculated_a_payout_does_not_approve_it() -> None:
    ledger = Ledger([entry(1, eur("60"))])
    payout = payout_of(ledger, by="mori", calculated_by=["kato"])
    around = Situation(ledger=ledger)
    for person, allowed in {"mori": False, "kato": False, "sato": True}.items():
        found = approved(payout, around, POLICY, by=person, role="manager", on=TODAY)
        assert (found.decision.outcome is Approving.APPROVED) is allowed, person
    refused = approved(payout, around, POLICY, by="kato", role="manager", on=TODAY)
    assert "✗ 起案または計算の担当者本人：はい（必要：いいえ）" in str(explain(refused.decision, "ja"))
    assert "✗ 本人提出或计算：是" in str(explain(refused.decision, "zh"))


def test_who_decided_an_adjustment_does_not_approve_its_payout() -> None:
    adjustment = entry(1, eur("60"), EntryKind.ADJUSTMENT, component="reseller/dispute", by="sato")
    ledger = Ledger([adjustment])
    found = approved(payout_of(ledger), Situation(ledger=ledger), POLICY, by="sato", role="manager", on=TODAY)
    assert found.decision.outcome is Approving.REFUSED


def test_who_approved_a_payout_does_not_pay_it() -> None:
    ledger = Ledger([entry(1, eur("60"))])
    ready = released(ledger, payout_of(ledger))
    found = paid(ready, Situation(ledger=ledger), BOOKS, POLICY, by="sato", on=TODAY)
    assert (found.decision.outcome, found.record, found.entries) == (False, ready, ())
    assert "✗ approved it: yes, asked for no" in str(explain(found.decision, "en"))


def test_limits_are_of_one_currency() -> None:
    """T21: a limit in euro says nothing about yen."""
    ledger = Ledger([entry(1, Money.of(100, "JPY"))])
    payout = payout_of(ledger, unit="JPY")
    found = approved(payout, Situation(ledger=ledger), POLICY, by="sato", role="director", on=TODAY)
    assert found.decision.outcome is Approving.REFUSED


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"thresholds": (eur("5"), eur("6"))}, "EUR stands here twice @ thresholds"),
        ({"steps": (eur("0"),)}, "accepted: an amount above zero @ steps"),
        ({"approvers": (Approver("a", eur("-1")),)}, "above zero @ approvers"),
        ({"approvers": (Approver("a", eur("1")), Approver("a", eur("2")))}, "a in EUR has two limits"),
        ({"write_off_after": 0}, "accepted: one period or more"),
    ],
)
def test_a_policy_that_cannot_be_meant_is_refused(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        PayoutPolicy(**wrong)


# paying


def test_what_is_paid_is_an_entry_below_zero() -> None:
    ledger = Ledger([entry(1, eur("120"))])
    after = pay(ledger, payout_of(ledger))
    (payment,) = ledger.of(after.calculation)
    assert (payment.kind, payment.amount, payment.by) == (EntryKind.PAYMENT, eur("-120"), "tanaka")
    assert (payment.attributed, payment.booked, payment.component) == (
        "2026-04",
        "2026-04",
        "reseller/payment",
    )
    assert (after.state, after.paid, after.rate) == (PayoutState.PAID, eur("120"), None)
    april = statement(ledger, BOOKS, "acme", "EUR", "2026-04")
    assert (april.opening, april.parts, april.closing) == (eur("120"), {Part.PAID: eur("-120")}, eur("0"))


def test_paying_twice_is_a_no() -> None:
    """T27: by its state, and by the ledger, should the payout be an older copy."""
    ledger = Ledger([entry(1, eur("120"))])
    ready = released(ledger, payout_of(ledger))
    around = Situation(ledger=ledger)
    first = paid(ready, around, BOOKS, POLICY, by="tanaka", on=TODAY)
    assert (
        paid(ready, around, BOOKS, POLICY, by="tanaka", on=TODAY).entries == first.entries
    )  # one entry, if at once
    ledger.add(first.entries)
    for copy in (first.record, ready):
        again = paid(copy, around, BOOKS, POLICY, by="tanaka", on=TODAY)
        assert (again.decision.outcome, again.entries) == (False, ())
        text = str(explain(again.decision, "en"))
        assert "✗ paid already: yes, asked for no" in text
        assert "✗ no longer owed: €120.00, asked for at most €0.00" in text
    assert "✗ state: paid, asked for one of payable" in str(
        explain(paid(first.record, around, BOOKS, POLICY, by="tanaka", on=TODAY).decision, "en")
    )
    assert ledger.balance("acme", "EUR") == eur("0")


def test_a_refund_between_approval_and_payment_stops_it() -> None:
    """T10: 120 was released, 30 is taken back: 90 is owed. It is void, and 90 is proposed."""
    ledger = Ledger([entry(1, eur("120"))])
    ready = released(ledger, payout_of(ledger))
    ledger.add([entry(2, eur("-30"), EntryKind.CLAWBACK, TODAY)])
    around = Situation(ledger=ledger, payouts=[ready])
    found = paid(ready, around, BOOKS, POLICY, by="tanaka", on=TODAY)
    assert found.decision.outcome is False
    assert "✗ no longer owed: €30.00, asked for at most €0.00" in str(explain(found.decision, "en"))
    void = moved(ready, PayoutAction.VOID, around, POLICY, by="tanaka", on=TODAY, reason="refund").record
    anew = payout_of(ledger, [void])
    assert (anew.amount, anew.number) == (eur("90"), 2)


def test_a_refund_or_a_dispute_stops_approval_and_release_too() -> None:
    """Nobody signs for what is not owed any more: T10."""
    ledger = Ledger([entry(1, eur("120"))])
    payout = payout_of(ledger)
    signed = approved(payout, Situation(ledger=ledger), POLICY, by="sato", role="manager", on=TODAY).record
    about = raised(ledger, payout.covers, issued=TODAY, by="yamada", on=TODAY, reason="too little").record
    assert about is not None
    refunded = Ledger([*ledger, entry(2, eur("-30"), EntryKind.CLAWBACK, TODAY)])
    for around, why in (
        (Situation(ledger=refunded), "✗ no longer owed: €30.00"),
        (Situation(ledger=ledger, disputes=[about]), "✗ entries in dispute: 1"),
    ):
        refused = approved(payout, around, POLICY, by="sato", role="manager", on=TODAY)
        assert (refused.decision.outcome, refused.record) == (Approving.REFUSED, payout)
        kept = moved(signed, PayoutAction.RELEASE, around, POLICY, by="run", on=TODAY)
        assert (kept.decision.outcome, kept.record) == (False, signed)
        for decision in (refused.decision, kept.decision):
            assert why in str(explain(decision, "en"))


def test_two_payouts_never_share_what_is_owed() -> None:
    """120 and 70 are in two payouts; 100 is taken back: of the 90 left, one of 70 can be paid, not both."""
    ledger = Ledger([entry(1, eur("120"))])
    first = released(ledger, payout_of(ledger))
    ledger.add([entry(2, eur("70"), recorded=TODAY)])
    second = released(ledger, payout_of(ledger, [first]))
    assert second.amount == eur("70")
    ledger.add([entry(3, eur("-100"), EntryKind.CLAWBACK, TODAY)])
    around = Situation(ledger=ledger, payouts=[first, second])
    for one in (first, second):
        assert paid(one, around, BOOKS, POLICY, by="tanaka", on=TODAY).decision.outcome is False
    void = moved(first, PayoutAction.VOID, around, POLICY, by="tanaka", on=TODAY).record
    after = Situation(ledger=ledger, payouts=[void, second])
    assert paid(second, after, BOOKS, POLICY, by="tanaka", on=TODAY).decision.outcome is True


def test_another_currency_is_paid_at_the_rate_of_the_day_which_is_kept() -> None:
    """200.00 EUR at 1.2087 USD, quoted the day before, are 241.74 USD; the euro balance is settled as a whole."""
    table = ExchangeRates.of("bank/2026-04", {("EUR", "USD"): {D(2026, 3, 31): "1.2087"}}, last_within_days=3)
    ledger = Ledger([entry(1, eur("200"))])
    after = pay(ledger, payout_of(ledger), currency="USD", exchange=table)
    assert after.paid == Money.of("241.74", "USD")
    assert after.rate is not None
    assert (after.rate.rate, after.rate.day, after.rate.quoted, after.rate.table) == (
        Fraction(12087, 10000), TODAY, D(2026, 3, 31), "bank/2026-04",
    )  # fmt: skip
    assert ledger.balance("acme", "EUR") == eur("0")
    assert ledger.units("acme") == ("EUR",)  # T21: no dollar is ever added to a euro
    assert from_plain(to_plain(after), Payout) == after


def test_another_currency_without_rates_and_what_comes_to_nothing_are_refused() -> None:
    ledger = Ledger([entry(1, eur("60"))])
    ready, around = released(ledger, payout_of(ledger)), Situation(ledger=ledger)
    with pytest.raises(InvalidInput, match="without a table of rates"):
        paid(ready, around, BOOKS, POLICY, by="tanaka", on=TODAY, currency="USD")
    table = ExchangeRates.of("bank/1", {("EUR", "JPY"): {TODAY: "0.001"}})
    with pytest.raises(InvalidInput, match=r"60\.00 EUR comes to 0 JPY"):
        paid(ready, around, BOOKS, POLICY, by="tanaka", on=TODAY, currency="JPY", exchange=table)


CASH = PayoutPolicy(
    name="payouts/cash",
    steps=(Money.of("0.05", "CHF"),),
    approvers=(Approver("director", Money.of(100, "CHF")), Approver("director", eur("1000"))),
)


def francs(amount: str) -> Money:
    return Money.of(amount, "CHF")


def test_cash_is_paid_in_steps_and_the_rest_stays_in_the_balance() -> None:
    """12.33 CHF are paid as 12.35; the 0.02 too much are netted with the 7.00 that follow: 6.98, paid as 7.00."""
    ledger = Ledger([entry(1, francs("12.33"))])
    first = pay(ledger, payout_of(ledger, unit="CHF", policy=CASH), policy=CASH)
    assert (first.paid, ledger.balance("acme", "CHF")) == (francs("12.35"), francs("-0.02"))
    ledger.add([entry(2, francs("7.00"), recorded=TODAY)])
    second = payout_of(ledger, [first], unit="CHF", policy=CASH)
    assert (second.amount, second.carried) == (francs("6.98"), francs("-0.02"))
    after = pay(ledger, second, policy=CASH)
    assert (after.paid, ledger.balance("acme", "CHF")) == (francs("7.00"), francs("-0.02"))


def test_what_cash_cannot_pay_waits() -> None:
    ledger = Ledger([entry(1, Money.of("0.02", "CHF"))])
    assert propose(ledger, unit="CHF", policy=CASH).decision.outcome is PayoutAnswer.BELOW_THRESHOLD


def test_cash_of_another_currency_is_rounded_once() -> None:
    """7.50 EUR at 1.0999 are 8.24925 CHF: 8.25 in steps of 0.05. 10.05 EUR at 0.9975 are 10.024875, so 10.00;
    rounded to 10.02, then to a step, the same; 1.00 EUR at 0.9749 is 0.9749: 0.95, not 0.97 and then 0.95 or 1.00."""
    for amount, rate, cash in (
        ("7.50", "1.0999", "8.25"),
        ("10.05", "0.9975", "10.00"),
        ("1.00", "0.9749", "0.95"),
    ):
        table = ExchangeRates.of("bank/1", {("EUR", "CHF"): {TODAY: rate}})
        ledger = Ledger([entry(1, eur(amount))])
        after = pay(ledger, payout_of(ledger, policy=CASH), policy=CASH, currency="CHF", exchange=table)
        assert after.paid == Money.of(cash, "CHF")
        assert ledger.balance("acme", "EUR") == eur("0")


def test_money_that_comes_back_is_owed_again_and_proposed_anew() -> None:
    ledger = Ledger([entry(1, eur("120"))])
    after = pay(ledger, payout_of(ledger))
    around = Situation(ledger=ledger, payouts=[after])
    told: dict[str, Any] = {"by": "tanaka", "on": D(2026, 4, 7), "reason": "the account is closed"}
    back = returned(after, around, BOOKS, POLICY, **told)
    ledger.add(back.entries)
    (entry_back,) = back.entries
    assert (entry_back.amount, entry_back.corrects) == (eur("120"), ledger.of(after.calculation)[0].id)
    assert (back.record.state, ledger.balance("acme", "EUR")) == (PayoutState.RETURNED, eur("120"))
    assert returned(back.record, around, BOOKS, POLICY, **told).decision.outcome is False
    anew = payout_of(ledger, [back.record], D(2026, 4, 8))
    assert (anew.number, anew.amount, anew.carried) == (2, eur("120"), eur("0"))
    pay(ledger, anew, D(2026, 4, 8))
    assert ledger.balance("acme", "EUR") == eur("0")


# the table


@pytest.mark.parametrize("state", PayoutState)
@pytest.mark.parametrize(
    "action", [PayoutAction.RELEASE, PayoutAction.HOLD, PayoutAction.RESUME, PayoutAction.VOID]
)
def test_a_move_that_the_table_has_not_is_a_no(state: PayoutState, action: PayoutAction) -> None:
    ledger = Ledger([entry(1, eur("120"))])
    payout = _in(state, ledger)
    found = moved(payout, action, Situation(ledger=ledger), POLICY, by="tanaka", on=TODAY)
    assert found.decision.outcome is ((state, action) in PAYOUT_MOVES)
    expected = PAYOUT_MOVES.get((state, action), state)
    assert found.record.state is expected


def _in(state: PayoutState, ledger: Ledger) -> Payout:
    """A payout that went the way to a state."""
    around, payout = Situation(ledger=ledger), payout_of(ledger)
    ready = released(ledger, payout)
    about = raised(ledger, payout.covers, issued=TODAY, by="yamada", on=TODAY, reason="x").record
    assert about is not None
    told: dict[str, Any] = {"by": "tanaka", "on": TODAY}
    disputed = Situation(ledger=ledger, disputes=[about])
    ways = {
        PayoutState.ACCRUED: payout,
        PayoutState.APPROVED: approved(payout, around, POLICY, by="sato", role="director", on=TODAY).record,
        PayoutState.PAYABLE: ready,
        PayoutState.PAID: paid(ready, around, BOOKS, POLICY, **told).record,
        PayoutState.HELD: moved(ready, PayoutAction.HOLD, around, POLICY, **told).record,
        PayoutState.DISPUTED: moved(payout, PayoutAction.DISPUTE, disputed, POLICY, **told).record,
        PayoutState.VOID: moved(ready, PayoutAction.VOID, around, POLICY, **told).record,
    }
    if state is PayoutState.RETURNED:
        done = paid(ready, around, BOOKS, POLICY, **told)
        return returned(
            done.record,
            Situation(ledger=Ledger([*ledger, *done.entries])),
            BOOKS,
            POLICY,
            reason="bank",
            **told,
        ).record
    assert ways[state].state is state
    return ways[state]


def test_every_state_can_be_reached_and_the_ended_ones_are_left_by_nothing() -> None:
    reached = {PayoutState.ACCRUED}
    for _ in PayoutState:
        reached |= {after for (before, _), after in PAYOUT_MOVES.items() if before in reached}
    assert reached == set(PayoutState)
    assert {before for before, _ in PAYOUT_MOVES} == reached - {PayoutState.VOID, PayoutState.RETURNED}


def test_what_stopped_is_approved_anew() -> None:
    ledger = Ledger([entry(1, eur("120"))])
    around, told = Situation(ledger=ledger), {"by": "tanaka", "on": TODAY}
    stopped = moved(released(ledger, payout_of(ledger)), PayoutAction.HOLD, around, POLICY, **told).record  # type: ignore[arg-type]
    assert stopped.state is PayoutState.HELD
    resumed = moved(stopped, PayoutAction.RESUME, around, POLICY, **told).record  # type: ignore[arg-type]
    assert (resumed.state, resumed.approvals) == (PayoutState.ACCRUED, ())
    assert [step.action for step in resumed.steps] == [
        PayoutAction.APPROVE, PayoutAction.RELEASE, PayoutAction.HOLD, PayoutAction.RESUME,
    ]  # fmt: skip


def test_a_dispute_stops_a_payout_until_it_is_settled() -> None:
    ledger = Ledger([entry(1, eur("120"))])
    ready = released(ledger, payout_of(ledger))
    about = raised(ledger, ready.covers, issued=TODAY, by="yamada", on=TODAY, reason="too little").record
    assert about is not None
    told: dict[str, Any] = {"by": "tanaka", "on": TODAY}
    around = Situation(ledger=ledger, disputes=[about])
    assert paid(ready, around, BOOKS, POLICY, **told).decision.outcome is False
    assert (
        moved(ready, PayoutAction.DISPUTE, Situation(ledger=ledger), POLICY, **told).decision.outcome is False
    )
    stopped = moved(ready, PayoutAction.DISPUTE, around, POLICY, **told).record
    assert stopped.state is PayoutState.DISPUTED
    assert moved(stopped, PayoutAction.RESUME, around, POLICY, **told).decision.outcome is False
    won = upheld(about, ledger, BOOKS, amount=eur("10"), by="sato", on=TODAY, reason="right")
    ledger.add(won.entries)
    settled = Situation(ledger=ledger, disputes=[won.record])
    assert moved(stopped, PayoutAction.RESUME, settled, POLICY, **told).record.state is PayoutState.ACCRUED


def test_moves_of_money_have_their_own_functions_and_no_move_goes_back_in_time() -> None:
    ledger = Ledger([entry(1, eur("120"))])
    payout, around = payout_of(ledger), Situation(ledger=ledger)
    for action in (PayoutAction.PAY, PayoutAction.APPROVE, PayoutAction.RETURN):
        with pytest.raises(InvalidInput, match="accepted here: release, hold, dispute, resume, void"):
            moved(payout, action, around, POLICY, by="tanaka", on=TODAY)
    with pytest.raises(InvalidInput, match="the day of its last move, or later"):
        moved(payout, PayoutAction.HOLD, around, POLICY, by="tanaka", on=D(2026, 3, 31))


# write-offs


def test_a_balance_below_zero_is_written_off_after_three_periods_and_not_before() -> None:
    """-80.00 since January: at the ends of January, February and March; so from April on."""
    ledger = Ledger([entry(1, eur("20"), recorded=D(2026, 1, 9)), entry(2, eur("-100"), EntryKind.CLAWBACK, D(2026, 1, 20))])  # fmt: skip
    told: dict[str, Any] = {"by": "sato", "role": "manager"}
    early = written_off(ledger, "acme", "EUR", BOOKS, POLICY, on=D(2026, 3, 31), **told)
    assert (early.decision.outcome, early.entries) == (False, ())
    assert "✗ periods below zero: 2, asked for at least 3" in str(explain(early.decision, "en"))
    found = written_off(ledger, "acme", "EUR", BOOKS, POLICY, on=D(2026, 4, 1), **told)
    (written,) = found.entries
    assert (written.kind, written.amount, written.by) == (EntryKind.WRITE_OFF, eur("80"), "sato")
    ledger.add(found.entries)
    assert ledger.balance("acme", "EUR") == eur("0")
    again = written_off(ledger, "acme", "EUR", BOOKS, POLICY, on=D(2026, 4, 1), **told)
    assert again.decision.outcome is False
    unknown = Ledger([*ledger, entry(4, eur("-5"), EntryKind.CLAWBACK, D(2026, 4, 2))])  # known tomorrow
    assert written_off(unknown, "acme", "EUR", BOOKS, POLICY, on=D(2026, 4, 1), **told).entries == ()
    ledger.add([entry(3, eur("60"), recorded=D(2026, 4, 2))])
    assert payout_of(ledger, on=D(2026, 4, 2)).amount == eur("60")


def test_a_month_above_zero_breaks_the_count() -> None:
    """-80 in January, +90 in February, -20 in March: below zero at the end of March only."""
    ledger = Ledger(
        entry(number, eur(amount), recorded=D(2026, number, 9))
        for number, amount in enumerate(("-80", "90", "-20"), 1)
    )
    found = written_off(ledger, "acme", "EUR", BOOKS, POLICY, by="sato", role="manager", on=D(2026, 4, 1))
    text = str(explain(found.decision, "en"))
    assert "✓ balance: -€10.00, asked for less than €0.00" in text
    assert "✗ periods below zero: 1, asked for at least 3" in text


def test_a_write_off_is_within_the_limit_of_the_role() -> None:
    ledger = Ledger([entry(1, eur("-1000.01"), recorded=D(2026, 1, 9))])
    told: dict[str, Any] = {"by": "sato", "on": D(2026, 4, 1)}
    manager = written_off(ledger, "acme", "EUR", BOOKS, POLICY, role="manager", **told)
    assert "✗ within the limit of the role: no" in str(explain(manager.decision, "en"))
    assert written_off(ledger, "acme", "EUR", BOOKS, POLICY, role="director", **told).decision.outcome is True


def test_a_balance_above_zero_or_a_policy_without_write_offs_writes_nothing_off() -> None:
    ledger = Ledger([entry(1, eur("10"), recorded=D(2026, 1, 9))])
    told: dict[str, Any] = {"by": "sato", "role": "manager", "on": D(2026, 4, 1)}
    assert written_off(ledger, "acme", "EUR", BOOKS, POLICY, **told).decision.outcome is False
    assert written_off(Ledger(), "acme", "EUR", BOOKS, POLICY, **told).decision.outcome is False
    with pytest.raises(InvalidInput, match="writes nothing off"):
        written_off(ledger, "acme", "EUR", BOOKS, attrs.evolve(POLICY, write_off_after=None), **told)


# how far an entry has come


def test_the_state_of_an_entry_is_derived_day_by_day() -> None:
    ledger = Ledger([entry(1, eur("120"), payable_from=D(2026, 4, 2))])
    (about,) = ledger
    april = [D(2026, 4, day) for day in range(1, 13)]
    payout = payout_of(ledger, on=april[2])
    around = Situation(ledger=ledger)
    payout = approved(payout, around, POLICY, by="sato", role="manager", on=april[3]).record
    payout = moved(payout, PayoutAction.HOLD, around, POLICY, by="sato", on=april[4]).record
    payout = moved(payout, PayoutAction.RESUME, around, POLICY, by="sato", on=april[5]).record
    payout = released(ledger, payout, april[6])
    done = paid(payout, around, BOOKS, POLICY, by="tanaka", on=april[7])
    ledger.add(done.entries)
    dispute = raised(
        ledger, [about.id], issued=april[8], by="yamada", on=april[8], reason="too little"
    ).record
    assert dispute is not None
    dispute = rejected(dispute, by="sato", on=april[9], reason="stands").record
    ledger.add([entry(2, eur("-120"), EntryKind.CLAWBACK, april[10])])
    found = [state_of(about, [done.record], [dispute], ledger, day) for day in april[:11]]
    assert found == [
        EntryState.HELD, EntryState.ACCRUED, EntryState.ACCRUED, EntryState.APPROVED, EntryState.HELD,
        EntryState.ACCRUED, EntryState.PAYABLE, EntryState.PAID, EntryState.DISPUTED, EntryState.PAID,
        EntryState.CLAWED_BACK,
    ]  # fmt: skip
    assert (
        state_of(ledger.of(payout.calculation)[0], [done.record], [dispute], ledger, april[9])
        is EntryState.PAID
    )
    with pytest.raises(InvalidInput, match="was recorded on 2026-03-31; accepted: that day or a later one"):
        state_of(about, [], [], ledger, D(2026, 3, 30))


def test_what_is_taken_back_is_taken_from_the_latest_entry_first() -> None:
    """+60, +50, -60: the 50 is gone, and 50 of the 60 is left; -50 more takes that, too; +30 stands."""
    amounts = ("60", "50", "-60", "-50", "30")
    made = [entry(number, eur(amount)) for number, amount in enumerate(amounts, 1)]
    states = [state_of(one, [], [], Ledger(made[:3]), TODAY) for one in made[:2]]
    assert states == [EntryState.ACCRUED, EntryState.CLAWED_BACK]
    states = [state_of(one, [], [], Ledger(made), TODAY) for one in made]
    assert states[:2] == [EntryState.CLAWED_BACK, EntryState.CLAWED_BACK]
    assert states[4] is EntryState.ACCRUED


def test_a_void_payout_leaves_its_entries_as_they_were() -> None:
    ledger = Ledger([entry(1, eur("120"))])
    payout = released(ledger, payout_of(ledger))
    void = moved(payout, PayoutAction.VOID, Situation(ledger=ledger), POLICY, by="sato", on=TODAY).record
    assert state_of(next(iter(ledger)), [payout], [], ledger, TODAY) is EntryState.PAYABLE
    assert state_of(next(iter(ledger)), [void], [], ledger, TODAY) is EntryState.ACCRUED


def test_a_payout_is_stored_and_found_by_what_it_covers() -> None:
    ledger = Ledger([entry(1, eur("120"))])
    after = pay(ledger, payout_of(ledger))
    store = MemoryStore()
    with store.unit_of_work() as work:
        work.repository(PAYOUTS).put(after)
        work.commit()
    with store.unit_of_work() as work:
        found = work.repository(PAYOUTS).query(entry=after.covers[0], state="paid", payee="acme")
        assert [one.record for one in found] == [after]


# every field of what is proposed, and what a policy says by itself


def test_what_a_policy_does_not_say_is_the_standard() -> None:
    assert PayoutPolicy() == PayoutPolicy(
        name="payouts/standard", thresholds=(), approvers=(), two_above_limits=True, write_off_after=None, steps=(),
        rounding=Rounding.HALF_EVEN,
    )  # fmt: skip


def test_states_actions_and_answers_are_called_as_they_are_stored() -> None:
    assert [", ".join(kind) for kind in (PayoutState, EntryState, PayoutAction, PayoutAnswer)] == [
        "accrued, approved, payable, paid, on-hold, disputed, void, returned",
        "accrued, on-hold, disputed, approved, payable, paid, clawed-back",
        "approve, release, pay, hold, dispute, resume, void, return",
        "pay, stopped, negative, below-threshold, disputed, held, under-way, nothing",
    ]


@pytest.mark.parametrize("record", [PayoutStep, Payout, PayoutPolicy])
def test_a_record_is_made_by_the_names_of_its_fields(record: Any) -> None:
    assert all(field.kw_only for field in attrs.fields(record))


ABOVE = "accepted: an amount above zero"


@pytest.mark.parametrize(
    ("more", "faults"),
    [
        ({"thresholds": (eur("5"), francs("1"), eur("6"))}, [("thresholds", "EUR stands here twice")]),
        ({"thresholds": (eur("0"),)}, [("thresholds", f"found 0.00 EUR; {ABOVE}")]),
        ({"steps": (francs("0.05"), francs("0.1"))}, [("steps", "CHF stands here twice")]),
        ({"steps": (eur("-1"),)}, [("steps", f"found -1.00 EUR; {ABOVE}")]),
        ({"write_off_after": 0}, [("write_off_after", "found 0; accepted: one period or more")]),
        (
            {"approvers": (Approver("a", eur("1")), Approver("b", eur("0")), Approver("a", eur("2")))},
            [("approvers[1].limit", f"found 0.00 EUR; {ABOVE}"), ("approvers", "a in EUR has two limits")],
        ),
        ({"approvers": (Approver("a", eur("-1")),)}, [("approvers[0].limit", f"found -1.00 EUR; {ABOVE}")]),
    ],
)
def test_all_that_is_wrong_with_a_policy_is_said_with_its_path(
    more: dict[str, Any], faults: list[tuple[str, str]]
) -> None:
    with pytest.raises(InvalidInput, match="the policy 'payouts/standard' cannot be used") as caught:
        PayoutPolicy(**more)
    assert [(fault.path, fault.message) for fault in caught.value.faults] == faults


def test_the_least_that_a_policy_may_say() -> None:
    """One cent, one period; a role may have a limit in each currency, and two roles the same."""
    roles = (Approver("a", eur("0.01")), Approver("a", francs("1")), Approver("b", eur("0.01")))
    made = PayoutPolicy(
        thresholds=(eur("0.01"),), steps=(francs("0.01"),), write_off_after=1, approvers=roles
    )
    assert (made.threshold("EUR"), made.write_off_after, made.approvers) == (eur("0.01"), 1, roles)


def test_the_least_that_is_paid_is_the_threshold_or_the_step_of_cash_or_one_minor_unit() -> None:
    made = PayoutPolicy(thresholds=(eur("50"), francs("0.01")), steps=(francs("0.05"), Money.of(100, "JPY")))
    assert [made.threshold(unit) for unit in ("EUR", "CHF", "JPY", "USD")] == [
        eur("50"), francs("0.05"), Money.of(100, "JPY"), Money.of("0.01", "USD"),
    ]  # fmt: skip


def test_limits_are_found_by_role_and_unit() -> None:
    made = attrs.evolve(POLICY, approvers=(*POLICY.approvers, Approver("manager", francs("7"))))
    assert made.limit("manager", "EUR") == eur("1000")
    assert made.limit("manager", "CHF") == francs("7")
    assert made.limit("board", "CHF") is made.limit("guest", "EUR") is None
    highest = [made.highest_limit(unit) for unit in ("EUR", "CHF", "JPY")]
    assert highest == [eur("5000"), francs("7"), Money.zero("JPY")]


def test_what_is_handed_over_is_rounded_as_the_policy_says() -> None:
    """In steps of 0.50, 0.75 is one and a half: two either way; 1.25 is two and a half: two to even, three up."""
    even = PayoutPolicy(steps=(Money.of("0.50", "USD"), francs("0.05")))
    up = attrs.evolve(even, rounding=Rounding.HALF_UP)
    for amount, to_even, rounded_up in (("0.75", "1.00", "1.00"), ("1.25", "1.00", "1.50")):
        owed = Money.of(amount, "USD")
        assert even.handed_over(owed, None) == Money.of(to_even, "USD")
        assert up.handed_over(owed, None) == Money.of(rounded_up, "USD")
    assert even.handed_over(eur("1.23"), None) == eur("1.23")


def test_a_payout_keeps_all_that_it_was_proposed_with() -> None:
    """An adjustment of sato's, and what was netted: 120 and 30 less 40 that were paid without a payout."""
    by_sato = entry(1, eur("30"), EntryKind.ADJUSTMENT, component="reseller/dispute", by="sato")
    paid_before = entry(1, eur("-40"), EntryKind.PAYMENT, component="reseller/payment", by="bank")
    ledger = Ledger([entry(1, eur("120")), by_sato, paid_before, entry(2, eur("0"))])
    found = propose(ledger, calculated_by=["run", "kato"])
    assert found.payout == Payout(
        id="acme|reseller/payout|EUR 1", books="reseller", payee="acme", unit="EUR", number=1,
        covers=tuple(sorted(one.id for one in (entry(1, eur("120")), by_sato, entry(2, eur("0"))))), carried=eur("-40"),
        amount=eur("110"), proposed_by="run", proposed_on=TODAY, calculated_by=("kato", "run", "sato"), approvals=(),
        steps=(), paid=None, rate=None,
    )  # fmt: skip
    assert found.payout.calculation == "acme|reseller/payment|EUR 1"
    assert found.decision.facts == DueFacts(
        amount=eur("110"), due=2, disputed=0, held=0, under_way=0, is_stopped=False
    )
    assert (found.decision.policy.name, found.decision.as_of) == ("payouts/standard/propose/EUR", TODAY)


def test_what_waits_is_counted_by_what_it_waits_for() -> None:
    """Two in dispute, one of them held as well, and one held: 2 and 1. What was taken back and what is nothing never waits."""
    tomorrow = D(2026, 4, 2)
    made = [
        entry(1, eur("1")), entry(2, eur("2"), payable_from=tomorrow), entry(3, eur("4"), payable_from=tomorrow),
        entry(4, eur("8")), entry(5, eur("-16"), EntryKind.CLAWBACK, payable_from=tomorrow),
        entry(6, eur("0"), payable_from=tomorrow), entry(7, eur("32"), recorded=tomorrow),
        entry(8, eur("64"), payee="bolt"), entry(9, Money.of(128, "CHF")),
    ]  # fmt: skip
    ledger = Ledger(made)
    disputed = [made[place].id for place in (0, 1, 4)]
    about = raised(ledger, disputed, issued=TODAY, by="yamada", on=TODAY, reason="x").record
    assert about is not None
    found = owed_on(ledger, "acme", "EUR", TODAY, [], [about])
    assert found == Owed(
        balance=eur("-1"), waiting=tuple(made[:3]), disputed=2, due=(made[3], made[4], made[5]), under_way=()
    )
    assert found.amount == eur("-8")
    facts = propose(ledger, disputes=[about]).decision.facts
    assert (facts.amount, facts.due, facts.disputed, facts.held) == (eur("-8"), 2, 2, 1)


def test_what_other_payouts_are_about_to_pay_is_not_due() -> None:
    """Those of this payee, unit and program only; one that is paid is in the balance already."""
    ledger = Ledger([entry(1, eur("120")), entry(2, eur("70"))])
    payout = payout_of(Ledger([entry(1, eur("120"))]))
    for changed, under_way in (
        ({}, 1), ({"payee": "bolt"}, 0), ({"unit": "CHF"}, 0), ({"books": "alliance"}, 0), ({"proposed_on": D(2026, 4, 2)}, 0),
    ):  # fmt: skip
        found = owed_on(ledger, "acme", "EUR", TODAY, iter([attrs.evolve(payout, **changed)]), ())
        assert len(found.under_way) == under_way
        assert len(found.due) == 2 - under_way
        assert found.amount == eur("70" if under_way else "190")
    done = pay(ledger, payout)
    after = owed_on(ledger, "acme", "EUR", TODAY, [done], ())
    assert (after.under_way, after.amount, [one.number for one in after.due]) == ((), eur("70"), [2])
    wrong: Any = "2026-04-01"
    with pytest.raises(InvalidInput, match=r"^on: found '2026-04-01'"):
        owed_on(ledger, "acme", "EUR", wrong, [], ())


def test_the_state_of_a_payout_is_told_for_the_end_of_each_day() -> None:
    ledger = Ledger([entry(1, eur("120"))])
    payout, around = payout_of(ledger), Situation(ledger=ledger)
    payout = approved(payout, around, POLICY, by="sato", role="manager", on=D(2026, 4, 3)).record
    payout = moved(payout, PayoutAction.HOLD, around, POLICY, by="sato", on=D(2026, 4, 5)).record
    payout = moved(payout, PayoutAction.VOID, around, POLICY, by="sato", on=D(2026, 4, 5)).record
    days = [D(2026, 3, 31), *(D(2026, 4, day) for day in range(1, 7))]
    assert [payout.state_on(day) for day in days] == [
        None, PayoutState.ACCRUED, PayoutState.ACCRUED, PayoutState.APPROVED, PayoutState.APPROVED, PayoutState.VOID,
        PayoutState.VOID,
    ]  # fmt: skip
    assert [payout.is_live_on(day) for day in days] == [False, True, True, True, True, False, False]
    assert payout.state is PayoutState.VOID


@pytest.mark.parametrize(
    ("taken", "state"),
    [
        (["-109.99"], EntryState.ACCRUED),
        (["-110"], EntryState.CLAWED_BACK),
        (["-120"], EntryState.CLAWED_BACK),
        (["-60", "-49.99"], EntryState.ACCRUED),
        (["-60", "-50"], EntryState.CLAWED_BACK),
        (["-50", "-59.99"], EntryState.ACCRUED),
        (["-50", "-60"], EntryState.CLAWED_BACK),
        (["-49", "-1", "-60"], EntryState.CLAWED_BACK),
        (["-49", "-1", "-59.99"], EntryState.ACCRUED),
    ],
)
def test_an_entry_is_taken_back_when_the_later_one_and_all_of_it_is(
    taken: list[str], state: EntryState
) -> None:
    """60, then 50; what is taken back is taken from the 50 first."""
    made = [entry(number, eur(amount)) for number, amount in enumerate(["60", "50", *taken], 1)]
    other = entry(9, eur("-500"), EntryKind.CLAWBACK, payee="bolt")
    later = entry(10, eur("-500"), EntryKind.CLAWBACK, D(2026, 4, 2))
    assert state_of(made[0], [], [], Ledger([*made, other, later]), TODAY) is state


def test_an_entry_of_nothing_or_below_zero_is_not_taken_back() -> None:
    made = [entry(1, eur("0")), entry(2, eur("-5"), EntryKind.CLAWBACK)]
    assert [state_of(one, [], [], Ledger(made), TODAY) for one in made] == [EntryState.ACCRUED] * 2
    wrong: Any = "2026-04-01"
    with pytest.raises(InvalidInput, match=r"^on: found '2026-04-01'"):
        state_of(made[0], [], [], Ledger(made), wrong)


def test_an_entry_is_told_from_the_first_day_that_it_is_recorded() -> None:
    made = entry(1, eur("5"), recorded=TODAY, payable_from=TODAY)
    assert state_of(made, [], [], Ledger([made]), TODAY) is EntryState.ACCRUED
    held = entry(1, eur("5"), recorded=TODAY, payable_from=D(2026, 4, 2))
    assert state_of(held, [], [], Ledger([held]), TODAY) is EntryState.HELD


@pytest.mark.parametrize(
    ("amount", "answer"), [("49.99", PayoutAnswer.BELOW_THRESHOLD), ("50", PayoutAnswer.PAY)]
)
def test_the_threshold_is_the_least_that_is_paid(amount: str, answer: PayoutAnswer) -> None:
    assert propose(Ledger([entry(1, eur(amount))])).decision.outcome is answer


def test_each_fact_of_what_is_due_is_called_by_its_words() -> None:
    assert {field.name: str(field.metadata["text"]) for field in attrs.fields(DueFacts)} == {
        "amount": "due",
        "due": "entries due",
        "disputed": "entries in dispute",
        "held": "entries held",
        "under_way": "payouts under way",
        "is_stopped": "payouts stopped",
    }


RECORDS = (
    Approval, Approver, Dispute, DisputeFacts, DisputePolicy, DisputeStep, DueFacts, Moved, Owed, Payout, PayoutFacts,
    PayoutPolicy, PayoutStep, Proposal, RaisingFacts, Statement, WriteOffFacts,
)  # fmt: skip
STORED = (Dispute, DisputeStep, Payout, PayoutPolicy, PayoutStep, Statement)


@pytest.mark.parametrize("record", RECORDS)
@settings(max_examples=10, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(data=st.data())
def test_every_record_can_be_drawn_is_frozen_and_pickles(record: type, data: st.DataObject) -> None:
    drawn: Any = data.draw(strategies.of(record))
    assert type(drawn) is record
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        setattr(drawn, attrs.fields(record)[0].name, None)
    assert pickle.loads(pickle.dumps(drawn)) == drawn


@pytest.mark.parametrize("record", STORED)
@settings(max_examples=25, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(data=st.data())
def test_what_is_stored_goes_through_json_without_loss(record: type, data: st.DataObject) -> None:
    drawn: Any = data.draw(strategies.of(record))
    assert from_plain(json.loads(json.dumps(to_plain(drawn))), record) == drawn


# whatever happens, in whatever order


class Payments(RuleBasedStateMachine):
    """Sales, refunds, holds, disputes, proposals, approvals, payments and returns of one payee, a day each."""

    def __init__(self) -> None:
        super().__init__()
        self.ledger = Ledger()
        self.payouts: dict[str, Payout] = {}
        self.disputes: dict[str, Dispute] = {}
        self.day = D(2026, 1, 1)
        self.number = 0

    def today(self) -> D:
        self.day += datetime.timedelta(days=1)
        return self.day

    @property
    def around(self) -> Situation:
        return Situation(ledger=self.ledger, payouts=self.payouts.values(), disputes=self.disputes.values())

    @property
    def some(self) -> list[Payout]:
        return [self.payouts[name] for name in sorted(self.payouts)]

    @initialize(minors=st.lists(st.integers(6_000, 400_000), min_size=1, max_size=4))
    def begin(self, minors: list[int]) -> None:
        for minor in minors:
            self.earn(minor, 0)

    @rule(minor=st.integers(6_000, 400_000) | st.integers(-300_000, 9_000), hold=st.sampled_from([0, 0, 5]))
    def earn(self, minor: int, hold: int) -> None:
        self.number += 1
        on = self.today()
        kind = EntryKind.EARNED if minor >= 0 else EntryKind.CLAWBACK
        until = on + datetime.timedelta(days=hold) if hold else None
        self.ledger.add([entry(self.number, Money("EUR", minor), kind, on, payable_from=until)])

    @rule(as_far_as=st.sampled_from([3, 0, 1, 2, 3]))
    def propose(self, as_far_as: int) -> None:
        found = proposed(
            self.ledger, "acme", "EUR", self.today(), POLICY, by="run",
            payouts=self.payouts.values(), disputes=self.disputes.values(),
        )  # fmt: skip
        if found.payout is not None:
            assert found.payout.id not in self.payouts
            assert found.payout.amount >= eur("50")
            self.payouts[found.payout.id] = found.payout
            for action in (PayoutAction.APPROVE, PayoutAction.RELEASE, PayoutAction.PAY)[:as_far_as]:
                self.move(found.payout.id, action, "director")

    @precondition(lambda self: len(self.payouts) > 0)
    @rule(data=st.data(), role=st.sampled_from(["manager", "director"]))
    def move_one(self, data: st.DataObject, role: str) -> None:
        payout = data.draw(st.sampled_from(self.some))
        allowed = [action for state, action in PAYOUT_MOVES if state is payout.state]
        self.move(payout.id, data.draw(st.sampled_from([*allowed, *PayoutAction])), role)

    def move(self, name: str, action: PayoutAction, role: str) -> None:
        payout, on = self.payouts[name], self.today()
        before = self.ledger.balance("acme", "EUR")
        if action is PayoutAction.APPROVE:
            found = approved(payout, self.around, POLICY, by="sato", role=role, on=on)
        elif action is PayoutAction.PAY:
            found = paid(payout, self.around, BOOKS, POLICY, by="tanaka", on=on)
            assert not found.entries or before >= -found.entries[0].amount  # never below zero by paying
        elif action is PayoutAction.RETURN:
            found = returned(payout, self.around, BOOKS, POLICY, by="tanaka", on=on, reason="bank")
        else:
            found = moved(payout, action, self.around, POLICY, by="tanaka", on=on)
        assert self.ledger.add(found.entries) == len(found.entries)
        self.payouts[payout.id] = found.record

    @precondition(lambda self: len(self.ledger) > 0)
    @rule(data=st.data())
    def dispute(self, data: st.DataObject) -> None:
        about, on = data.draw(st.sampled_from(sorted(one.id for one in self.ledger))), self.today()
        found = raised(
            self.ledger, [about], issued=on, by="yamada", on=on, reason="x", disputes=self.disputes.values()
        ).record
        if found is not None:
            self.disputes[found.id] = found

    @precondition(lambda self: len(self.disputes) > 0)
    @rule(data=st.data(), right=st.booleans())
    def settle(self, data: st.DataObject, right: bool) -> None:
        about, on = self.disputes[data.draw(st.sampled_from(sorted(self.disputes)))], self.today()
        told: dict[str, Any] = {"by": "sato", "on": on, "reason": "x"}
        found = (
            upheld(about, self.ledger, BOOKS, amount=eur("12.34"), **told)
            if right
            else rejected(about, **told)
        )
        self.ledger.add(found.entries)
        self.disputes[about.id] = found.record

    @invariant()
    def no_entry_is_in_two_payouts(self) -> None:
        covered = [
            one for payout in self.payouts.values() if payout.is_live_on(self.day) for one in payout.covers
        ]
        assert len(covered) == len(set(covered))

    @invariant()
    def what_was_paid_is_what_the_payouts_say(self) -> None:
        payments = [one.amount.minor for one in self.ledger if one.kind is EntryKind.PAYMENT]
        handed = [one.amount.minor for one in self.payouts.values() if one.state is PayoutState.PAID]
        assert -sum(payments) == sum(handed)

    @invariant()
    def a_payout_is_its_entries_and_what_was_carried(self) -> None:
        for one in self.payouts.values():
            covered = sum(self.ledger.entry(name).amount.minor for name in one.covers)
            assert one.amount.minor == covered + one.carried.minor
            assert one.carried == eur("0")  # euros are paid to the cent: nothing is left over

    @invariant()
    def the_state_of_an_entry_is_that_of_its_payout(self) -> None:
        for one in self.ledger:
            found = state_of(one, self.payouts.values(), self.disputes.values(), self.ledger, self.day)
            live = [each for each in self.some if one.id in each.covers and each.is_live_on(self.day)]
            if found is EntryState.PAID and one.kind is not EntryKind.PAYMENT:
                assert [each.state for each in live] == [PayoutState.PAID]
            if found in (EntryState.APPROVED, EntryState.PAYABLE):
                assert [each.state.value for each in live] == [found.value]
            if found is EntryState.ACCRUED:
                assert all(each.state is PayoutState.ACCRUED for each in live)


TestPayments = Payments.TestCase
TestPayments.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
