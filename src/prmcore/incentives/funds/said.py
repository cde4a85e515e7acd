"""Funds in words: how a fund and a partner's part of it stand, and what is due, in no language yet."""

from __future__ import annotations

from typing import Any

from prmcore.decisions.explain import Said
from prmcore.incentives.funds.book import FundBook
from prmcore.incentives.funds.due import Notice, NoticeKind
from prmcore.incentives.funds.model import Measure

__all__ = ["said_of_fund", "said_of_notice", "said_of_partner"]

_NOTICES = {
    NoticeKind.REMINDER: "{partner} can claim {amount} for {request} until {until}",
    NoticeKind.MISSING_PROOF: "the claim {claim} of {partner} lacks proof: {missing}",
    NoticeKind.CLAIM_OVERDUE: "{partner} did not claim {amount} for {request}; the last day was {until}",
    NoticeKind.EXPIRY: "expires after {until}: {amount} of {what}",
}


def said_of_notice(notice: Notice) -> Said:
    """One thing that is due."""
    values: dict[str, Any] = {
        name: getattr(notice, name) for name in ("partner", "request", "claim", "amount", "until", "missing")
    }
    values["what"] = notice.request or notice.partner or notice.fund
    return Said(_NOTICES[notice.kind], values)


def said_of_fund(book: FundBook) -> Said:
    """How a fund stands: its budget, and what becomes of it."""
    parts = (
        Said("budgets of child funds: {amount}", {"amount": book.in_children}),
        Said("allocated: {amount}", {"amount": book.total(Measure.ALLOCATED)}),
        Said("free: {amount}", {"amount": book.free}),
    )
    return Said("{fund}, budget: {amount}", {"fund": book.fund.id, "amount": book.budget}, None, parts)


def said_of_partner(book: FundBook, partner: str) -> Said:
    """How a partner stands in a fund: its allocation, and what becomes of it."""
    parts = (
        Said("approved for requests: {amount}", {"amount": book.total(Measure.APPROVED, partner=partner)}),
        Said("approved for claims: {amount}", {"amount": book.total(Measure.CLAIMED, partner=partner)}),
        Said("reimbursed: {amount}", {"amount": book.total(Measure.REIMBURSED, partner=partner)}),
        Said("free: {amount}", {"amount": book.available(partner)}),
    )
    values = {
        "partner": partner,
        "fund": book.fund.id,
        "amount": book.total(Measure.ALLOCATED, partner=partner),
    }
    return Said("{partner} in {fund}, allocated: {amount}", values, None, parts)
