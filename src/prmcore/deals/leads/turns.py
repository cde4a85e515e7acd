"""Whose turn it is: a weighted round whose state is kept, so that the same state always gives the same partner.

Each partner has come so far in the round, and each lead moves it on by one over its weight; whoever would come the least
far is next. So a partner of weight two gets two leads where another gets one, and the leads of a partner are spread
over the round. Whoever is away keeps its place as long as it is a member; whoever joins starts where the others are, and
whoever leaves changes nothing for those who stay (in Frappe, a removed user puts the pointer back to the first).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from fractions import Fraction

import attrs

from prmcore.deals._moving import check_days, check_ids
from prmcore.errors import Faults, repeated

__all__ = ["Turn", "Turns"]


@attrs.frozen(kw_only=True)
class Turn:
    """How far one partner has come."""

    partner: str
    weight: int = 1
    passed: Fraction = Fraction(0)  # in the round: one over its weight for each lead, from where it joined
    last: int = 0  # the number of the lead that it got last; 0 = none yet

    def __attrs_post_init__(self) -> None:
        faults = Faults(f"the turn of {self.partner!r:.60} cannot be used")
        check_ids(faults, partner=self.partner)
        check_days(faults, [("weight", self.weight)], lowest=1)
        faults.raise_if_any()

    @property
    def next(self) -> Fraction:
        return self.passed + Fraction(1, self.weight)


@attrs.frozen(kw_only=True)
class Turns:
    """The round of a pool of partners; among those that have come equally far, the order in which they stand here decides.

    >>> round = Turns.of("emea", {"acme": 2, "bolt": 1})
    >>> given = []
    >>> for _ in range(6):
    ...     given.append(round.fairest({"acme", "bolt"}))
    ...     round = round.taken((given[-1],))
    >>> given
    ['acme', 'acme', 'bolt', 'acme', 'acme', 'bolt']
    """

    id: str  # the name of the pool
    turns: tuple[Turn, ...]
    given: int = 0  # leads, so far

    def __attrs_post_init__(self) -> None:
        faults = Faults(f"the turns {self.id!r:.60} cannot be used")
        check_ids(faults, id=self.id)
        for partner in repeated(one.partner for one in self.turns):
            faults.add(f"{partner!r} stands here twice", "turns")
        faults.raise_if_any()

    @classmethod
    def of(cls, id: str, weights: Mapping[str, int]) -> Turns:
        """A new round, with the weight of each member."""
        turns = tuple(Turn(partner=partner, weight=weight) for partner, weight in weights.items())
        return cls(id=id, turns=turns)

    @property
    def members(self) -> frozenset[str]:
        return frozenset(one.partner for one in self.turns)

    def with_members(self, weights: Mapping[str, int]) -> Turns:
        """The same round with other members or weights: whoever stays keeps its place, whoever joins starts with those who are least far."""
        known = {one.partner: one for one in self.turns}
        start = min((one.passed for partner, one in known.items() if partner in weights), default=Fraction(0))
        staying = [
            attrs.evolve(one, weight=weights[one.partner]) for one in self.turns if one.partner in weights
        ]
        joining = [
            Turn(partner=partner, weight=weight, passed=start)
            for partner, weight in weights.items()
            if partner not in known
        ]
        return attrs.evolve(self, turns=(*staying, *joining))  # fmt: skip

    def by_fairness(self, among: Collection[str]) -> list[str]:
        """The members among these, whoever is next first."""
        placed = enumerate(self.turns)
        ranked = sorted((one.next, place, one.partner) for place, one in placed if one.partner in among)
        return [partner for _, _, partner in ranked]

    def by_waiting(self, among: Collection[str]) -> list[str]:
        """The members among these, whoever waits the longest first."""
        placed = enumerate(self.turns)
        ranked = sorted((one.last, place, one.partner) for place, one in placed if one.partner in among)
        return [partner for _, _, partner in ranked]

    def fairest(self, among: Collection[str]) -> str | None:
        """Whose turn it is among these; None when none of them is a member."""
        return next(iter(self.by_fairness(among)), None)

    def taken(self, partners: Iterable[str]) -> Turns:
        """The round after these had their turn; whoever is no member has none."""
        taking, number = set(partners), self.given + 1
        moved = (
            attrs.evolve(one, passed=one.next, last=number) if one.partner in taking else one
            for one in self.turns
        )
        return attrs.evolve(self, turns=tuple(moved), given=number)
