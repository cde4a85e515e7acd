"""What funds keep, as aggregates for any store: see prmcore.repository."""

from __future__ import annotations

from prmcore.incentives.funds.due import Notice
from prmcore.incentives.funds.model import Fund, FundClaim, FundMove, FundRequest
from prmcore.repository import Aggregate

__all__ = ["FUNDS", "FUND_BOOK_MOVES", "FUND_CLAIMS", "FUND_NOTICES", "FUND_REQUESTS"]

FUNDS: Aggregate[Fund] = Aggregate(
    "fund",
    Fund,
    lambda fund: fund.id,
    {
        "program": lambda fund: fund.program,
        "parent": lambda fund: fund.parent,
        "state": lambda fund: fund.state,
    },
)
FUND_BOOK_MOVES: Aggregate[FundMove] = Aggregate(
    "fund-move",
    FundMove,
    lambda move: move.id,
    {
        "book": lambda move: [
            one for one in (move.fund, move.parent) if one is not None
        ],  # in which it counts
        "partner": lambda move: move.partner,
    },
    is_log=True,
)
FUND_REQUESTS: Aggregate[FundRequest] = Aggregate(
    "fund-request",
    FundRequest,
    lambda request: request.id,
    {
        "fund": lambda request: request.fund,
        "partner": lambda request: request.partner,
        "state": lambda request: request.state,
    },
)
FUND_CLAIMS: Aggregate[FundClaim] = Aggregate(
    "fund-claim",
    FundClaim,
    lambda claim: claim.id,
    {
        "fund": lambda claim: claim.fund,
        "partner": lambda claim: claim.partner,
        "request": lambda claim: claim.request,
        "state": lambda claim: claim.state,
        "proof": lambda claim: [f"{proof.kind} {proof.reference}" for proof in claim.proofs],
    },
)
FUND_NOTICES: Aggregate[Notice] = Aggregate(
    "fund-notice",
    Notice,
    lambda notice: notice.id,
    {"fund": lambda notice: notice.fund, "partner": lambda notice: notice.partner},
    is_log=True,
)
