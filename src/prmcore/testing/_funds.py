"""Hypothesis strategies for funds: a fund with what was given, asked, claimed and paid from it, as far as it has come."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from typing import Any

import attrs
from hypothesis import strategies as st

from prmcore.incentives.funds import (
    Accrual,
    ActivityRule,
    AskFacts,
    ClaimAction,
    ClaimFacts,
    Conversion,
    ConversionFacts,
    ConversionOf,
    FileFacts,
    Fund,
    FundAction,
    FundBook,
    FundClaim,
    FundExpiry,
    FundFacts,
    FundMove,
    FundMoved,
    FundPolicy,
    FundRequest,
    FundStep,
    Notice,
    Proof,
    RequestAction,
    RequestFacts,
    accrued,
    allocated,
    asked,
    budget_changed,
    claim_approved,
    claim_moved,
    claimed,
    conversions,
    due,
    expired,
    moved_fund,
    reimbursed,
    request_approved,
    request_moved,
)
from prmcore.incentives.payouts.model import Approver
from prmcore.values import DateRange, Money, Rate

__all__ = ["STRATEGIES", "fund_policies", "fund_stories", "funds"]

Strategy = st.SearchStrategy

FIRST, LAST = datetime.date(2026, 1, 1), datetime.date(2026, 12, 31)
YEAR = DateRange.of_days(FIRST, LAST)
ASKED_ON, CLAIMED_ON, LATER = datetime.date(2026, 2, 2), datetime.date(2026, 3, 20), datetime.date(2026, 6, 1)
FAIR = DateRange.of_days(datetime.date(2026, 3, 9), datetime.date(2026, 3, 11))


def _euros(lowest: int = 1, highest: int = 90_000) -> Strategy[Money]:
    return st.integers(lowest, highest).map(lambda minor: Money("EUR", minor))


def _rules() -> Strategy[ActivityRule]:
    return st.builds(
        ActivityRule, kind=st.just("event"), rate=st.sampled_from((Rate.percent(50), Rate(1, 3), Rate.of(1))),
        proofs=st.sampled_from(((), ("invoice",), ("invoice", "photo"))),
    )  # fmt: skip


def fund_policies() -> Strategy[FundPolicy]:
    """Events are supported, a director approves up to 500 EUR."""
    return st.builds(
        FundPolicy, activities=_rules().map(lambda one: (one,)),
        approvers=st.just((Approver("director", Money("EUR", 50_000)),)), approver_may_approve_claims=st.booleans(),
        claim_days=st.integers(0, 60), ahead_days=st.none() | st.integers(0, 30), early_proof_days=st.integers(0, 60),
    )  # fmt: skip


def funds() -> Strategy[Fund]:
    """Funds that accrue, and that do not; some of them closed, some with a day on which they expire."""

    def close(fund: Fund, policy: FundPolicy, closed: bool) -> Fund:
        if not closed:
            return fund
        return moved_fund(fund, FundAction.CLOSE, policy, by="kim", on=LATER).record

    opened = st.booleans().flatmap(
        lambda accrues: st.builds(
            Fund, id=st.just("mdf"), program=st.just("acme"), period=st.just(YEAR), currency=st.just("EUR"),
            region=st.none() | st.just("APAC"), accrues=st.just(accrues),
            below_zero=st.booleans() if accrues else st.just(False),
            expires=st.none() | st.just(datetime.date(2027, 2, 1)), opened_by=st.just("kim"), opened_on=st.just(FIRST),
        )
    )  # fmt: skip
    return st.builds(close, opened, fund_policies(), st.booleans())


def _proofs() -> Strategy[tuple[Proof, ...]]:
    dated = st.dates(datetime.date(2026, 3, 1), datetime.date(2026, 4, 30))
    one = st.builds(
        Proof, kind=st.sampled_from(("invoice", "photo")), reference=st.sampled_from(("1", "2")), dated=dated
    )
    return st.lists(one, max_size=3, unique_by=lambda proof: (proof.kind, proof.reference)).map(tuple)


@attrs.frozen
class Story:
    """What has happened in a fund, allowed or not."""

    book: FundBook
    policy: FundPolicy
    moved: tuple[FundMoved[Any], ...]
    requests: tuple[FundRequest, ...]
    claims: tuple[FundClaim, ...]


@st.composite
def fund_stories(draw: st.DrawFn) -> Story:
    """A budget, an allocation, accruals, and a request on its way, as far as it has come."""
    policy = draw(fund_policies())
    fund = attrs.evolve(draw(funds()), steps=())
    book, done = FundBook(fund), []

    def follow(moved: FundMoved[Any]) -> Any:
        nonlocal book
        done.append(moved)
        book = book.with_moves(moved.moves)
        return moved.record

    told: dict[str, Any] = {"policy": policy, "key": "1", "by": "kim", "on": ASKED_ON}
    follow(budget_changed(book, draw(_euros(50_000, 200_000)), **told))
    follow(allocated(book, "acme", draw(_euros(20_000, 60_000)), **told))
    if fund.accrues:
        book = book.with_moves(
            accrued(book, draw(st.lists(_accruals(), max_size=3, unique_by=_key)), by="run", on=ASKED_ON)
        )
    request = follow(asked(
        fund, policy, id="R-1", partner="acme", activity="event", planned=FAIR, cost=draw(_euros(40_000, 90_000)),
        amount=draw(_euros(1_000, 40_000)), by="yamada", on=ASKED_ON, may_ask=draw(st.sampled_from((True, True, True, None))),
    ))  # fmt: skip
    if request is None:
        return Story(book, policy, tuple(done), (), ())
    end = draw(st.sampled_from((None, RequestAction.DECLINE, RequestAction.CANCEL)))
    if end is not None:
        request = follow(
            request_moved(book, request, (), end, policy, by="sato", on=ASKED_ON, reason="no hall")
        )
        return Story(book, policy, tuple(done), (request,), ())
    request = follow(request_approved(book, request, policy, by="sato", role="director", on=ASKED_ON))
    claim = follow(claimed(
        book, request, policy, id="C-1", spend=draw(_euros()), proofs=draw(_proofs()), by="yamada", on=CLAIMED_ON
    ))  # fmt: skip
    if claim is None:
        return Story(book, policy, tuple(done), (request,), ())
    claim = follow(claim_approved(book, request, claim, policy, by="mori", role="director", on=CLAIMED_ON))
    for number, part in enumerate(draw(st.lists(st.none() | _euros(1, 9_000), max_size=2))):
        told = {"key": str(number), "by": "bank", "on": CLAIMED_ON}
        claim = follow(reimbursed(book, request, claim, policy, amount=part, **told))
    action = draw(st.none() | st.sampled_from((ClaimAction.DECLINE, ClaimAction.CANCEL, ClaimAction.CLOSE)))
    if action is not None:
        claim = follow(claim_moved(book, request, claim, action, policy, by="kim", on=CLAIMED_ON))
    return Story(book, policy, tuple(done), (request,), (claim,))


def _accruals() -> Strategy[Accrual]:
    return st.builds(
        Accrual, key=st.sampled_from(("S-1", "S-2", "S-3")), partner=st.just("acme"),
        amount=st.integers(-9_000, 9_000).map(lambda minor: Money("EUR", minor)), effective=st.just(ASKED_ON),
    )  # fmt: skip


def _key(accrual: Accrual) -> str:
    return accrual.key


def _moved() -> Strategy[FundMoved[Any]]:
    return fund_stories().flatmap(lambda story: st.sampled_from(story.moved))


def _facts(kind: type) -> Callable[[], Strategy[Any]]:
    """The facts of that kind that decisions were made by."""

    def drawn() -> Strategy[Any]:
        found = fund_stories().map(lambda story: [one.decision.facts for one in story.moved])
        return (
            found.map(lambda facts: [one for one in facts if type(one) is kind])
            .filter(bool)
            .flatmap(st.sampled_from)
        )

    return drawn


def _told(story: Story) -> tuple[Notice, ...]:
    return due(story.book, story.requests, story.claims, story.policy, datetime.date(2027, 3, 1))


def _requests() -> Strategy[FundRequest]:
    return fund_stories().filter(lambda story: bool(story.requests)).map(lambda story: story.requests[0])


def _claims() -> Strategy[FundClaim]:
    return fund_stories().filter(lambda story: bool(story.claims)).map(lambda story: story.claims[0])


def _conversions() -> Strategy[Conversion]:
    return st.builds(
        lambda story, of: conversions(
            story.book, story.requests, story.claims, Rate.percent(50), LATER, of=of, pipeline={"acme": Money("EUR", 9)}
        ),
        fund_stories(), st.sampled_from(ConversionOf),
    ).filter(bool).map(lambda found: found[0])  # fmt: skip


STRATEGIES: Mapping[type, Callable[[], Strategy[Any]]] = {
    Accrual: _accruals,
    ActivityRule: _rules,
    AskFacts: _facts(AskFacts),
    ClaimFacts: _facts(ClaimFacts),
    Conversion: _conversions,
    ConversionFacts: lambda: _conversions().map(lambda one: one.decision.facts),
    FileFacts: _facts(FileFacts),
    Fund: funds,
    FundClaim: _claims,
    FundExpiry: lambda: fund_stories().map(
        lambda one: expired(one.book, one.requests, one.claims, one.policy, by="run", on=datetime.date(2027, 3, 1))
    ),
    FundFacts: _facts(FundFacts),
    FundMove: lambda: fund_stories().flatmap(lambda story: st.sampled_from(list(story.book))),
    FundMoved: _moved,
    FundPolicy: fund_policies,
    FundRequest: _requests,
    FundStep: lambda: _requests().filter(lambda one: bool(one.steps)).map(lambda one: one.steps[0]),
    Notice: lambda: fund_stories().map(_told).filter(bool).map(lambda found: found[0]),
    Proof: lambda: _proofs().filter(bool).map(lambda found: found[0]),
    RequestFacts: _facts(RequestFacts),
}  # fmt: skip
