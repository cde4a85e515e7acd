"""Groups: the companies of a list, each with the accounts that are it, and the links that a person has to look at.

Accounts that are the same are joined, the surest first, and through one another. Two that a register tells apart are never
in one group, whatever lies between them: a link that would do so is refused, and told.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from operator import attrgetter

import attrs

from prmcore.territory.identity.evidence import ONE_OF_SEVERAL, EvidenceKind
from prmcore.territory.identity.lookup import IdentityIndex, collector_at_rest
from prmcore.territory.identity.model import Account, Sameness
from prmcore.territory.identity.policy import IdentityPolicy

__all__ = ["Grouping", "Link", "grouped"]


@attrs.frozen
class Link:
    """Two accounts that are, or may be, one company."""

    first: str  # ids, in the order of the alphabet
    second: str
    points: int
    kinds: tuple[EvidenceKind, ...]  # of the lines, for and against


@attrs.frozen
class Grouping:
    """The companies of a list; the same for every order of the list."""

    groups: tuple[tuple[str, ...], ...]  # ids; every account is in one, alone or with others
    possible: tuple[Link, ...]  # between two groups: a person has to look
    refused: tuple[
        Link, ...
    ]  # the same by what they have, but their groups have different numbers of one register

    @property
    def joined(self) -> tuple[tuple[str, ...], ...]:
        """The groups of more than one account."""
        return tuple(group for group in self.groups if len(group) > 1)

    def pairs(self) -> dict[tuple[str, str], Sameness]:
        """The answers by pairs of ids, for those who ask by pair; what is not there is distinct, or follows.

        The same: the first account of a group with each of the others. Possible: every link, refused ones among them.
        """
        same = {(group[0], one): Sameness.SAME for group in self.joined for one in group[1:]}
        links = (*self.possible, *self.refused)
        return same | {(link.first, link.second): Sameness.POSSIBLE for link in links}


def grouped(accounts: Iterable[Account], policy: IdentityPolicy, as_of: datetime.date) -> Grouping:
    """The companies of a list on a day.

    Possible links are told where a person can settle them: none within a group, and none between groups that registers
    tell apart. As for `IdentityIndex.find`, links of names that are slips apart can be missing, and so are those among the
    many accounts of one name (more than 50) that nothing else brings together.
    """
    with collector_at_rest():
        return group_index(IdentityIndex(accounts, policy, as_of))


def group_index(index: IdentityIndex) -> Grouping:
    """The same of a list that is ready to be searched."""
    groups = _Groups(index)
    same: list[tuple[bool, int, str, str, tuple[int, int], Link]] = []
    possible: list[tuple[tuple[int, int], Link]] = []
    for pair in index.pairs():
        evidence = index.evidence(index.profiles[pair[0]], index.profiles[pair[1]])
        outcome, points = index.policy.weighed(evidence)
        if outcome is Sameness.DISTINCT:
            continue
        kinds = tuple(line.kind for line in evidence)
        first, second = sorted(index.accounts[place].id for place in pair)
        link = Link(first, second, points, kinds)
        if outcome is Sameness.SAME:
            same.append((EvidenceKind.SAME_KEY not in kinds, -link.points, first, second, pair, link))
        else:
            possible.append((pair, link))
    refused = [link for *_, pair, link in sorted(same, key=lambda one: one[:4]) if not groups.join(*pair)]
    open_ = [link for pair, link in possible if groups.may_join(*pair)]
    ids = attrgetter("first", "second")
    return Grouping(groups.as_ids(), tuple(sorted(open_, key=ids)), tuple(sorted(refused, key=ids)))


class _Groups:
    """Accounts joined so far, with the register numbers of each group."""

    def __init__(self, index: IdentityIndex) -> None:
        self.index = index
        self.above = list(range(len(index)))
        self.numbers = {
            place: {name: number for name, number in one.keys if name not in ONE_OF_SEVERAL}
            for place, one in enumerate(index.profiles)
            if one.keys
        }

    def top(self, place: int) -> int:
        above = self.above
        while above[place] != place:
            above[place] = above[above[place]]
            place = above[place]
        return place

    def may_join(self, first: int, second: int) -> bool:
        """Whether they are in two groups that no register tells apart."""
        first, second = self.top(first), self.top(second)
        return first != second and not self._apart(first, second)

    def _apart(self, first: int, second: int) -> bool:
        ours, theirs = self.numbers.get(first, {}), self.numbers.get(second, {})
        return any(theirs.get(name, number) != number for name, number in ours.items())

    def join(self, first: int, second: int) -> bool:
        """Whether they are in one group now."""
        first, second = self.top(first), self.top(second)
        if first == second:
            return True
        if self._apart(first, second):
            return False
        self.above[second] = first
        if numbers := self.numbers.get(second):
            self.numbers[first] = {**self.numbers.get(first, {}), **numbers}
        return True

    def as_ids(self) -> tuple[tuple[str, ...], ...]:
        found: dict[int, list[str]] = {}
        for place, account in enumerate(self.index.accounts):
            found.setdefault(self.top(place), []).append(account.id)
        return tuple(sorted(tuple(sorted(ids)) for ids in found.values()))
