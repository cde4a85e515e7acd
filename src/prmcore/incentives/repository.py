"""What incentives keep, as aggregates for any store: see prmcore.repository."""

from __future__ import annotations

from prmcore.incentives.ledger.disputes import Dispute
from prmcore.incentives.ledger.model import BookPeriod, Entry
from prmcore.incentives.payouts.model import Payout
from prmcore.repository import Aggregate

__all__ = ["BOOK_PERIODS", "DISPUTES", "ENTRIES", "PAYOUTS"]

ENTRIES: Aggregate[Entry] = Aggregate(
    "incentive-entry",
    Entry,
    lambda entry: entry.id,
    {
        "books": lambda entry: entry.books,
        "payee": lambda entry: entry.payee,
        "calculation": lambda entry: entry.calculation,
        "booked": lambda entry: entry.booked,
        "transaction": lambda entry: (
            [share.transaction for share in entry.earning.shares] if entry.earning else None
        ),
    },
    is_log=True,
)
BOOK_PERIODS: Aggregate[BookPeriod] = Aggregate(
    "book-period", BookPeriod, lambda period: period.id, {"books": lambda period: period.books}
)
PAYOUTS: Aggregate[Payout] = Aggregate(
    "payout",
    Payout,
    lambda payout: payout.id,
    {
        "books": lambda payout: payout.books,
        "payee": lambda payout: payout.payee,
        "state": lambda payout: payout.state,
        "entry": lambda payout: payout.covers,
    },
)
DISPUTES: Aggregate[Dispute] = Aggregate(
    "dispute",
    Dispute,
    lambda dispute: dispute.id,
    {
        "books": lambda dispute: dispute.books,
        "payee": lambda dispute: dispute.payee,
        "state": lambda dispute: dispute.state,
        "entry": lambda dispute: dispute.entries,
    },
)
