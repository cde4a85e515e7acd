"""Groups: the companies of a list, each with the accounts that are it, and the links that a person has to look at.

Accounts that are the same are joined, the surest first, and through one another. Two that a register tells apart are never
in one group, whatever lies between them: a link that would do so is refused, and told.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator

import attrs

from prmcore.territory.identity.evidence import ONE_OF_SEVERAL, EvidenceKind
from prmcore.territory.identity.lookup import IdentityIndex, collector_at_rest
from prmcore.territory.identity.model import Account, Sameness
from prmcore.territory.identity.policy import IdentityPolicy

__all__ = ["Grouping", "Link", "grouped"]


@attrs.frozen(order=True)
class Link:
    """Two accounts that are, or may be, one company."""

    first: str  # ids, in the order of the alphabet
    second: str
    points: int
    kinds: tuple[EvidenceKind, ...] = attrs.field(order=False)  # of the lines, for and against


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
    for pair in _pairs(index):
        evidence = index.evidence(index.profiles[pair[0]], index.profiles[pair[1]])
        outcome = index.policy.outcome(evidence)
        if outcome is Sameness.DISTINCT:
            continue
        kinds = tuple(line.kind for line in evidence)
        first, second = sorted(index.accounts[place].id for place in pair)
        link = Link(first, second, sum(index.policy.points(evidence)), kinds)
        if outcome is Sameness.SAME:
            same.append((EvidenceKind.SAME_KEY not in kinds, -link.points, first, second, pair, link))
        else:
            possible.append((pair, link))
    refused = [link for *_, pair, link in sorted(same, key=lambda one: one[:4]) if not groups.join(*pair)]
    open_ = (link for pair, link in possible if groups.may_join(*pair))
    return Grouping(groups.as_ids(), tuple(sorted(open_)), tuple(sorted(refused)))


def _pairs(index: IdentityIndex) -> Iterator[tuple[int, int]]:
    """Every two accounts that are worth comparing, once."""
    for place, profile in enumerate(index.profiles):
        found = {other for other in index.sharing(profile) if other > place}
        yield from ((place, other) for other in found)
    yield from _slips_apart(index)


def _slips_apart(index: IdentityIndex) -> Iterator[tuple[int, int]]:
    """Those that only their slips bring together; each is found by the shorter name."""
    seen: set[tuple[int, int]] = set()
    for place, profile in enumerate(index.profiles):
        for name in profile.names:
            for other in index.slips_apart(name.shape, 0):
                pair = (place, other) if place < other else (other, place)
                if place != other and pair not in seen:
                    seen.add(pair)
                    if pair[1] not in index.sharing(index.profiles[pair[0]]):
                        yield pair


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
