"""The book of a fund: every balance as a sum of its moves."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator

from prmcore.errors import Faults, InvalidInput
from prmcore.incentives.funds.model import CHANGES, Fund, FundMove, FundMoveKind, Measure
from prmcore.values import Money, checked_date, total

__all__ = ["FundBook"]


class FundBook:
    """A fund's own moves, and the budgets of its children; nothing else is needed to know how it stands.

    The same move given twice counts once; another move of the same id is refused.
    """

    def __init__(self, fund: Fund, moves: Iterable[FundMove] = ()) -> None:
        self.fund = fund
        self._moves: dict[str, FundMove] = {}
        self._sums: dict[tuple[Measure, str, str], int] = {}  # by what it is of, and whose it is
        self._numbers: Counter[tuple[FundMoveKind, str | None, str | None]] = Counter()
        self._in_children = 0
        faults = Faults(f"the book of {fund.id!r} cannot be read")
        for move in moves:
            fault = self._fault(move)
            if fault is not None:
                faults.add(fault, move.id)
            elif move.id not in self._moves:
                self._moves[move.id] = move
                self._count(move)
        faults.raise_if_any()

    def _fault(self, move: FundMove) -> str | None:
        if move.fund != self.fund.id and move.parent != self.fund.id:
            return (
                f"is a move of {move.fund!r}; accepted: moves of {self.fund.id!r} and budgets of its children"
            )
        if move.amount.currency != self.fund.currency:
            return f"found {move.amount}; accepted: {self.fund.currency}"
        if self._moves.get(move.id, move) != move:
            return "two moves have this id; a move is never changed, a correction is a new one"
        return None

    def _count(self, move: FundMove) -> None:
        minor = move.amount.minor
        if move.fund != self.fund.id:
            self._in_children += minor
            return
        self._numbers[move.kind, move.partner, move.request] += 1
        whose = (
            ("fund", move.fund),
            ("partner", move.partner),
            ("request", move.request),
            ("claim", move.claim),
        )
        for measure in CHANGES[move.kind]:
            for what, name in whose:
                if name is not None:
                    key = measure, what, name
                    self._sums[key] = self._sums.get(key, 0) + minor

    def __iter__(self) -> Iterator[FundMove]:
        return iter(sorted(self._moves.values(), key=lambda move: (move.recorded, move.id)))

    def __len__(self) -> int:
        return len(self._moves)

    def __contains__(self, identity: object) -> bool:
        return identity in self._moves

    def with_moves(self, moves: Iterable[FundMove]) -> FundBook:
        """The book after further moves."""
        return FundBook(self.fund, [*self._moves.values(), *moves])

    def as_of(self, day: datetime.date) -> FundBook:
        """The book as it was at the end of a day."""
        return FundBook(self.fund, [move for move in self if move.recorded <= day])

    def total(
        self,
        measure: Measure,
        *,
        partner: str | None = None,
        request: str | None = None,
        claim: str | None = None,
    ) -> Money:
        """What there is of it: of the fund, or of a partner, a request or a claim in it."""
        what, name = next(
            ((what, one) for what, one in (("claim", claim), ("request", request), ("partner", partner)) if one is not None),
            ("fund", self.fund.id),
        )  # fmt: skip
        return Money(self.fund.currency, self._sums.get((measure, what, name), 0))

    @property
    def budget(self) -> Money:
        return self.total(Measure.BUDGET)

    @property
    def in_children(self) -> Money:
        """The budgets of the child funds."""
        return Money(self.fund.currency, self._in_children)

    @property
    def free(self) -> Money:
        """What of the budget is neither a child's nor allocated.

        What was claimed is not given to others, whatever refunds took back of its allocation since: so it may be below
        zero in a fund whose partners may be, and nothing is given until the budget is raised or sales settle it.
        """
        kept = (
            max(self.total(measure, partner=one) for measure in (Measure.ALLOCATED, Measure.CLAIMED))
            for one in self.partners()
        )
        return self.budget - self.in_children - total(kept, self.fund.currency)

    @property
    def unclaimed(self) -> Money:
        """What of the budget no child has, and no approved claim has taken."""
        return self.budget - self.in_children - self.total(Measure.CLAIMED)

    def available(self, partner: str) -> Money:
        """What of a partner's allocation is not bound; below zero where refunds took back what was."""
        return self.total(Measure.ALLOCATED, partner=partner) - self.total(Measure.APPROVED, partner=partner)

    def remainder(self, request: str) -> Money:
        """What of a request's approved amount is not claimed."""
        return self.total(Measure.APPROVED, request=request) - self.total(Measure.CLAIMED, request=request)

    def owed(self, claim: str) -> Money:
        """What of an approved claim is not reimbursed."""
        return self.total(Measure.CLAIMED, claim=claim) - self.total(Measure.REIMBURSED, claim=claim)

    def partners(self) -> tuple[str, ...]:
        """Those who have moves, by id."""
        return tuple(sorted({move.partner for move in self._moves.values() if move.partner is not None}))

    def number(self, kind: FundMoveKind, *, partner: str | None = None, request: str | None = None) -> int:
        """The next number among moves of a kind, from 1."""
        return 1 + self._numbers[kind, partner, request]

    def checked_day(self, on: datetime.date) -> datetime.date:
        """A day for a new move: none before the last one, so that what was known on a day stays what it was."""
        last = max((move.recorded for move in self._moves.values()), default=self.fund.opened_on)
        if checked_date(on, "on") < last:
            raise InvalidInput(f"on: found {on}; accepted: {last}, the day of the fund's last move, or later")
        return on

    def is_posted(self, move: FundMove) -> bool:
        """Whether this very move stands here; one of its id that says something else is refused.

        By whom and since when it is known may differ: whoever repeats a move repeats what it is about.
        """
        found = self._moves.get(move.id)
        if found is None:
            return False
        if (found.kind, found.amount, found.partner) != (move.kind, move.amount, move.partner):
            raise InvalidInput(
                f"{move.id!r} stands in the book with {found.amount}; found {move.amount}; accepted: a key of its own"
            )
        return True
