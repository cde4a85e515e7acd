"""Funds as use cases: each one unit of work, so that of two who approve the last of a balance at once only one does."""

import datetime
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from prmcore.decisions.explain import explain
from prmcore.errors import InvalidInput
from prmcore.incentives.funds import (
    Accrual,
    ActivityRule,
    Approver,
    ClaimAction,
    ClaimState,
    Fund,
    FundAction,
    FundMoveKind,
    FundPolicy,
    FundState,
    Measure,
    Proof,
    RequestAction,
    RequestState,
)
from prmcore.incentives.funds.repository import (
    FUND_BOOK_MOVES,
    FUND_CLAIMS,
    FUND_NOTICES,
    FUND_REQUESTS,
    FUNDS,
)
from prmcore.partners import Enrolment, Partner, Status
from prmcore.partners.repository import PARTNERS
from prmcore.program import ProgramVersions, from_document
from prmcore.program.earning import earn, ledger_of, transactions_of
from prmcore.program.fund_work import (
    accrue,
    add_proofs,
    allocate,
    approve_claim,
    approve_request,
    ask_for_funds,
    change_budget,
    expire_funds,
    file_claim,
    fund_book,
    fund_claims,
    fund_notices,
    fund_requests,
    move_claim,
    move_fund,
    move_request,
    open_fund,
    reimburse,
)
from prmcore.program.pay import propose_payouts
from prmcore.repository import Aggregate, Store
from prmcore.storage import MemoryStore, SqliteStore
from prmcore.values import Dated, DateRange, Money, PartnerId, ProgramId, Rate

D = datetime.date
YEAR = DateRange(D(2026, 1, 1), D(2027, 1, 1))
FAIR = DateRange.of_days(D(2026, 3, 9), D(2026, 3, 11))
FEBRUARY, MARCH = D(2026, 2, 2), D(2026, 3, 20)


def eur(amount: str | int) -> Money:
    return Money.of(amount, "EUR")


POLICY = FundPolicy(
    activities=(ActivityRule(kind="event", rate=Rate.percent(50), proofs=("invoice",)),),
    approvers=(Approver("director", eur(5_000)),),
)
ACME: dict[str, Any] = {
    "format": "prmcore/1",
    "name": "vendor",
    "version": "2026",
    "currency": "EUR",
    "sources": {"sales": {"fields": {"amount": {"kind": "money"}, "number": {"kind": "code"}, "credits": {"kind": "code"}}}},
    "incentives": {
        "transactions": {"source": "sales", "id": ["number"], "net": "amount", "returns": "credits"},
        "plans": {"coop": {"components": [{"name": "accrual", "bands": [{"rate": "1.5 %"}]}]}},
    },
}  # fmt: skip
VENDOR = ProgramVersions.of(from_document(ACME))
COOP = ProgramVersions.of(from_document({**ACME, "name": "vendor-coop"}))


def partner(name: str, status: Status = Status.ACTIVE) -> Partner:
    return Partner(
        id=PartnerId(name), name=name, enrolments=(Enrolment(program=ProgramId("vendor"), period=DateRange()),),
        lifecycle=Dated.starting({D(2025, 1, 1): status}),
    )  # fmt: skip


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    kept: Any = MemoryStore() if request.param == "memory" else SqliteStore(tmp_path / "store.sqlite")
    with kept.unit_of_work() as work:
        for one in (partner("acme"), partner("bolt"), partner("halt", Status.SUSPENDED)):
            work.repository(PARTNERS).put(one)
        work.commit()
    open_fund(kept, fund())
    yield kept
    if request.param == "sqlite":
        kept.close()


def fund(**more: Any) -> Fund:
    told: dict[str, Any] = {
        "id": "mdf", "program": "vendor", "period": YEAR, "currency": "EUR", "expires": D(2027, 2, 1), "opened_by": "kim",
        "opened_on": D(2026, 1, 1), **more,
    }  # fmt: skip
    return Fund(**told)


def give(store: Store, budget: int = 10_000, allocation: int = 3_000, fund: str = "mdf") -> None:
    assert change_budget(store, fund, eur(budget), POLICY, key="1", by="kim", on=FEBRUARY).moves
    assert allocate(store, fund, "acme", eur(allocation), POLICY, key="1", by="kim", on=FEBRUARY).moves


def ask(store: Store, id: str = "R-1", partner: str = "acme", amount: int = 2_000, fund: str = "mdf") -> Any:
    return ask_for_funds(
        store, fund, POLICY, id=id, partner=partner, activity="event", planned=FAIR, cost=eur(4_000), amount=eur(amount),
        by="yamada", on=FEBRUARY,
    )  # fmt: skip


def approve(store: Store, id: str = "R-1") -> Any:
    return approve_request(store, id, POLICY, by="sato", role="director", on=FEBRUARY)


def claim(store: Store, id: str = "C-1", request: str = "R-1", spend: int = 4_000) -> Any:
    proof = Proof(kind="invoice", reference=id, dated=D(2026, 3, 11))
    return file_claim(store, request, POLICY, id=id, spend=eur(spend), proofs=[proof], by="yamada", on=MARCH)


def all_at_once(*calls: Callable[[], Any]) -> list[Any]:
    begin, answers = threading.Barrier(len(calls)), [None] * len(calls)

    def run(place: int) -> None:
        begin.wait()
        answers[place] = calls[place]()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_a_fund_is_opened_given_asked_claimed_and_reimbursed(store: Store) -> None:
    """10,000, 3,000 for acme, 2,000 approved; half of 3,000 spent is 1,500; 500 of the request are left when it closes."""
    give(store)
    ask(store)
    assert approve(store).record.state is RequestState.APPROVED
    claim(store, spend=3_000)
    approved = approve_claim(store, "C-1", POLICY, by="mori", role="director", on=MARCH)
    assert approved.record.state is ClaimState.APPROVED
    assert reimburse(store, "C-1", POLICY, key="credit note 7", by="bank", on=MARCH).record.state == "paid"
    closed = move_request(store, "R-1", RequestAction.CLOSE, POLICY, by="kim", on=MARCH)
    assert closed.record.state is RequestState.CLOSED
    book = fund_book(store, "mdf")
    assert (book.free, book.available("acme"), book.total(Measure.REIMBURSED)) == (
        eur(7_000),
        eur(1_500),
        eur(1_500),
    )
    assert [one.id for one in book] == [
        "R-1|approval", "mdf|allocation|acme|1", "mdf|budget|1",  # in February
        "C-1|claim", "C-1|reimbursement|credit note 7", "R-1|release",
    ]  # fmt: skip


def test_a_reimbursement_is_owed_in_the_books_and_a_payout_pays_it(store: Store) -> None:
    give(store)
    ask(store)
    approve(store)
    claim(store)
    approve_claim(store, "C-1", POLICY, by="mori", role="director", on=MARCH)
    done = reimburse(store, "C-1", POLICY, key="1", by="bank", on=MARCH, amount=eur(750), versions=VENDOR)
    again = reimburse(store, "C-1", POLICY, key="1", by="bank", on=MARCH, amount=eur(750), versions=VENDOR)
    assert (len(done.entries), again.entries) == (1, ())
    assert (
        reimburse(store, "C-1", POLICY, key="2", by="bank", on=MARCH, versions=VENDOR).record.state == "paid"
    )
    assert ledger_of(store, "vendor").balance("acme", "EUR") == eur(2_000)
    (proposal,) = propose_payouts(store, VENDOR, MARCH, by="run")
    assert proposal.payout is not None
    assert (proposal.payout.payee, proposal.payout.amount) == ("acme", eur(2_000))
    with pytest.raises(InvalidInput, match="accepted: 'vendor', of the fund"):
        reimburse(store, "C-1", POLICY, key="3", by="bank", on=MARCH, versions=COOP)


def test_co_op_accrues_from_credited_sales_once_and_refunds_take_it_back(store: Store) -> None:
    """1.5 % of 10,000 are 150; of them 2,000 come back, which are 30. The books are a program's own, so nothing is paid."""
    open_fund(store, fund(id="coop", accrues=True))
    rows = [
        ("acme", D(2026, 1, 10), (eur(10_000), "S-1", None)),
        ("acme", D(2026, 2, 1), (eur(-2_000), "S-2", "S-1")),
    ]
    for count, known, accrued in ((1, D(2026, 1, 31), eur(150)), (2, D(2026, 2, 28), eur(120))):
        sold = transactions_of(COOP, rows[:count], {}, lambda partner, on: "partner")
        earn(store, COOP, sold, known=known)
        entries = [Accrual.of(one) for one in ledger_of(store, "vendor-coop")]
        assert accrue(store, "coop", entries, by="run", on=known)
        assert accrue(store, "coop", entries, by="run", on=known) == ()
        assert fund_book(store, "coop").available("acme") == accrued
    assert propose_payouts(store, VENDOR, MARCH, by="run") == ()


@pytest.mark.parametrize("people", [2, 6])
def test_of_contested_approvals_of_the_last_balance_one_wins(store: Store, people: int) -> None:
    """3,000 are allocated, and each request asks for 2,000."""
    give(store)
    for number in range(people):
        ask(store, f"R-{number}")
    answers = all_at_once(*(lambda number=number: approve(store, f"R-{number}") for number in range(people)))
    assert [one.decision.outcome for one in answers].count(True) == 1
    assert fund_book(store, "mdf").available("acme") == eur(1_000)
    states = [one.state for one in fund_requests(store, fund="mdf")]
    assert states.count(RequestState.APPROVED) == 1


def test_of_contested_claims_of_one_request_one_wins(store: Store) -> None:
    give(store)
    ask(store)
    approve(store)
    for number in range(4):
        claim(store, f"C-{number}")
    answers = all_at_once(
        *(
            lambda number=number: approve_claim(
                store, f"C-{number}", POLICY, by="mori", role="director", on=MARCH, amount=eur(2_000)
            )
            for number in range(4)
        )
    )
    assert [one.decision.outcome for one in answers].count(True) == 1
    assert fund_book(store, "mdf").remainder("R-1") == eur(0)


def test_two_children_cannot_both_take_the_last_of_their_parent(store: Store) -> None:
    change_budget(store, "mdf", eur(100), POLICY, key="1", by="kim", on=FEBRUARY)
    for name in ("a", "b"):
        open_fund(store, fund(id=name, parent="mdf"))
    answers = all_at_once(
        lambda: change_budget(store, "a", eur(60), POLICY, key="1", by="kim", on=FEBRUARY),
        lambda: change_budget(store, "b", eur(60), POLICY, key="1", by="kim", on=FEBRUARY),
        lambda: allocate(store, "mdf", "acme", eur(60), POLICY, key="1", by="kim", on=FEBRUARY),
    )
    assert [one.decision.outcome for one in answers].count(True) == 1
    assert fund_book(store, "mdf").free == eur(40)


class Interrupted:
    """A store in which somebody else acts between what the first unit of work read and what it keeps."""

    def __init__(self, store: Store, act: Callable[[], Any]) -> None:
        self.store, self.acts = store, [act]

    def unit_of_work(self) -> Any:
        work: Any = self.store.unit_of_work()
        commit = work.commit

        def after_the_other() -> None:
            while self.acts:
                self.acts.pop()()
            commit()

        work.commit = after_the_other
        return work


def take(child: str) -> Callable[[Store], Any]:
    return lambda store: change_budget(store, child, eur(60), POLICY, key="1", by="kim", on=FEBRUARY)


def give_to(partner: str, amount: int = 60) -> Callable[[Store], Any]:
    return lambda store: allocate(store, "mdf", partner, eur(amount), POLICY, key="2", by="kim", on=FEBRUARY)


def shrink(store: Store) -> Any:
    return change_budget(store, "mdf", eur(-60), POLICY, key="2", by="kim", on=FEBRUARY)


@pytest.mark.parametrize(
    ("first", "other"),
    [
        (take("a"), take("b")),
        (take("a"), give_to("acme")),
        (take("a"), shrink),
        (give_to("acme"), take("a")),
        (give_to("acme"), give_to("bolt")),
        (shrink, take("a")),
        (shrink, give_to("acme")),
    ],
    ids=["child, child", "child, partner", "child, less", "partner, child", "partner, partner", "less, child", "less, partner"],
)  # fmt: skip
def test_who_decided_by_a_balance_that_changed_meanwhile_decides_again(
    store: Store, first: Callable[[Store], Any], other: Callable[[Store], Any]
) -> None:
    """Of 100 both want 60. The other one comes between the first one's reading and its commit, so it wins, always."""
    change_budget(store, "mdf", eur(100), POLICY, key="1", by="kim", on=FEBRUARY)
    for name in ("a", "b"):
        open_fund(store, fund(id=name, parent="mdf"))
    answers: list[Any] = []
    interrupted = Interrupted(store, lambda: answers.append(other(store)))
    answers.append(first(interrupted))
    assert [one.decision.outcome for one in answers] == [True, False]
    assert fund_book(store, "mdf").free == eur(40)


def test_what_expires_is_what_is_unused_when_it_is_kept(store: Store) -> None:
    """A claim comes while a run of expiry is on its way: what the claim may take stays bound. The last day is in April."""
    give(store)
    ask(store)
    approve(store)
    last = D(2026, 4, 10)
    proof = Proof(kind="invoice", reference="1", dated=D(2026, 3, 11))
    late = Interrupted(
        store,
        lambda: file_claim(store, "R-1", POLICY, id="C-1", spend=eur(3_000), proofs=[proof], by="yamada", on=last),
    )  # fmt: skip
    moves = expire_funds(late, "vendor", POLICY, by="run", on=last + datetime.timedelta(days=1))
    assert [(one.kind, one.amount) for one in moves] == [(FundMoveKind.REQUEST_EXPIRED, eur(-500))]
    assert [one.state for one in fund_requests(store)] == [RequestState.APPROVED]


def test_one_settlement_by_its_key_however_often_it_is_sent(store: Store) -> None:
    give(store)
    ask(store)
    approve(store)
    claim(store)
    approve_claim(store, "C-1", POLICY, by="mori", role="director", on=MARCH)
    answers = all_at_once(
        *(
            lambda: reimburse(store, "C-1", POLICY, key="1", by="bank", on=MARCH, amount=eur(500))
            for _ in range(5)
        )
    )
    assert [len(one.moves) for one in answers].count(1) == 1
    assert fund_book(store, "mdf").total(Measure.REIMBURSED, claim="C-1") == eur(500)


def test_two_runs_of_accruals_and_expiry_at_once_post_each_move_once(store: Store) -> None:
    open_fund(store, fund(id="coop", accrues=True))
    given = [
        Accrual(key=f"S-{number}", partner="acme", amount=eur(number), effective=FEBRUARY)
        for number in range(1, 6)
    ]
    runs = all_at_once(*(lambda: accrue(store, "coop", given, by="run", on=FEBRUARY) for _ in range(3)))
    assert sorted(len(one) for one in runs) == [0, 0, 5]
    give(store)
    ask(store)
    approve(store)
    late = D(2026, 4, 11)
    runs = all_at_once(*(lambda: expire_funds(store, "vendor", POLICY, by="run", on=late) for _ in range(3)))
    assert sorted(len(one) for one in runs) == [0, 0, 1]
    assert fund_book(store, "mdf").available("acme") == eur(3_000)


def test_the_status_of_a_partner_says_whether_it_may_ask(store: Store) -> None:
    give(store)
    suspended = ask(store, "R-2", "halt")
    assert suspended.record is None
    assert "✗ may ask for funds: no, asked for yes" in str(explain(suspended.decision))
    unknown = ask(store, "R-3", "nobody")
    assert "? may ask for funds: unknown, asked for yes" in str(explain(unknown.decision))
    assert fund_requests(store) == ()


def test_the_same_again_gives_what_there_is_and_something_else_of_that_id_is_refused(store: Store) -> None:
    give(store)
    ask(store)
    approve(store)
    assert ask(store).record.state is RequestState.APPROVED
    with pytest.raises(InvalidInput, match="there is another fund request 'R-1'"):
        ask(store, amount=1_999)
    claim(store)
    add_proofs(store, "C-1", [Proof(kind="photo", reference="a", dated=MARCH)])
    assert len(claim(store).record.proofs) == 2
    with pytest.raises(InvalidInput, match="there is another fund claim 'C-1'"):
        claim(store, spend=1)
    assert open_fund(store, fund()) == fund()
    with pytest.raises(InvalidInput, match="there is another fund 'mdf'"):
        open_fund(store, fund(region="EMEA"))


def test_what_does_not_exist_is_refused(store: Store) -> None:
    told: dict[str, Any] = {"by": "kim", "on": MARCH}
    with pytest.raises(InvalidInput, match="there is no fund 'x'"):
        change_budget(store, "x", eur(1), POLICY, key="1", **told)
    with pytest.raises(InvalidInput, match="there is no fund 'x'"):
        open_fund(store, fund(id="y", parent="x"))
    with pytest.raises(InvalidInput, match="there is no fund request 'x'"):
        move_request(store, "x", RequestAction.CANCEL, POLICY, **told)
    with pytest.raises(InvalidInput, match="there is no fund claim 'x'"):
        move_claim(store, "x", ClaimAction.CANCEL, POLICY, **told)


def test_a_refusal_leaves_everything_as_it_was(store: Store) -> None:
    give(store)
    ask(store)

    def versions() -> list[tuple[str, int]]:
        with store.unit_of_work() as work:
            kinds: tuple[Aggregate[Any], ...] = (FUNDS, FUND_BOOK_MOVES, FUND_REQUESTS, FUND_CLAIMS)
            return [(repr(one.record), one.version) for kind in kinds for one in work.repository(kind)]

    before = versions()
    assert (
        approve_request(store, "R-1", POLICY, by="yamada", role="director", on=FEBRUARY).decision.outcome
        is False
    )
    assert (
        move_request(store, "R-1", RequestAction.CLOSE, POLICY, by="kim", on=FEBRUARY).decision.outcome
        is False
    )
    assert claim(store).record is None
    assert (
        allocate(store, "mdf", "bolt", eur(7_001), POLICY, key="1", by="kim", on=FEBRUARY).decision.outcome
        is False
    )
    assert versions() == before


def test_a_fund_is_closed_and_a_claim_cancelled(store: Store) -> None:
    give(store)
    ask(store)
    approve(store)
    closed = move_fund(store, "mdf", FundAction.CLOSE, POLICY, by="kim", on=FEBRUARY)
    assert closed.record.state is FundState.CLOSED
    assert ask(store, "R-2").record is None
    claim(store)
    approve_claim(store, "C-1", POLICY, by="mori", role="director", on=MARCH)
    move_claim(store, "C-1", ClaimAction.CANCEL, POLICY, by="kim", on=MARCH)
    assert [one.state for one in fund_claims(store, request="R-1")] == [ClaimState.CANCELLED]
    assert fund_book(store, "mdf").remainder("R-1") == eur(2_000)


def test_children_expire_before_their_parents(store: Store) -> None:
    """3,000 of the child go back to its parent, and with its own 7,000 out of it; the request's 2,000 come first."""
    change_budget(store, "mdf", eur(10_000), POLICY, key="1", by="kim", on=FEBRUARY)
    open_fund(store, fund(id="apac", parent="mdf"))
    give(store, 3_000, 2_500, "apac")
    ask(store, fund="apac")
    approve(store)
    moves = expire_funds(store, "vendor", POLICY, by="run", on=D(2027, 2, 1))
    assert [(one.fund, one.kind, one.amount) for one in moves] == [
        ("apac", FundMoveKind.REQUEST_EXPIRED, eur(-2_000)),
        ("apac", FundMoveKind.ALLOCATION_EXPIRED, eur(-2_500)),
        ("apac", FundMoveKind.BUDGET_EXPIRED, eur(-3_000)),
        ("mdf", FundMoveKind.BUDGET_EXPIRED, eur(-10_000)),
    ]
    assert expire_funds(store, "vendor", POLICY, by="run", on=D(2027, 2, 1)) == ()
    assert [fund_book(store, one).budget for one in ("apac", "mdf")] == [eur(0), eur(0)]
    assert [one.state for one in fund_requests(store)] == [RequestState.EXPIRED]


def test_what_is_due_is_told_once(store: Store) -> None:
    """The fair ends on the 11 March: reminders on the 13th and the 25th, then nothing new; the claim lacks no proof."""
    give(store)
    ask(store)
    approve(store)
    told = {
        day: [one.id for one in fund_notices(store, "vendor", POLICY, D(2026, 3, day))]
        for day in (12, 13, 14, 25, 26)
    }
    assert told == {12: [], 13: ["R-1|reminder|2"], 14: [], 25: ["R-1|reminder|14"], 26: []}
    assert [len(one) for one in all_at_once(
        *(lambda: fund_notices(store, "vendor", POLICY, D(2026, 4, 8)) for _ in range(3))
    )].count(1) == 1  # fmt: skip
    with store.unit_of_work() as work:
        assert [one.record.partner for one in work.repository(FUND_NOTICES).query(fund="mdf")] == ["acme"] * 3
