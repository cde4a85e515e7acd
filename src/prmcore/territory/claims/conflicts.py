"""Which claims meet: the same company, some product in common, some day in common.

A conflict is one set of claims over one piece of an account. Claims that meet others in a chain are not thrown together:
of a claim for bikes, one for bikes and helmets, and one for helmets, the first and the last have nothing to settle.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

import attrs

from prmcore.errors import Faults, InvalidInput, repeated
from prmcore.territory.claims.model import Claim, Conflict
from prmcore.territory.identity.model import Sameness
from prmcore.values import DateRange, Tree, checked_date

__all__ = ["Companies", "Overlap", "Samenesses", "conflicts", "covers", "divided", "overlap"]

Pair: TypeAlias = tuple[str, str]
Samenesses: TypeAlias = Mapping[Pair, Sameness] | Callable[[str, str], Sameness]
ALL = ""  # stands for every product among codes; no code is empty


@attrs.frozen
class Companies:
    """Which accounts are one company, as far as a set of claims goes.

    A chain of accounts that are the same makes one company. Two of its accounts of which something else is said are still
    in doubt, and so is a pair of which one is possibly the same as some account of the other's company.
    """

    company: Mapping[str, str]  # account -> the first account of its company
    doubts: frozenset[Pair] = frozenset()  # accounts of one company that are said not to be the same
    links: frozenset[Pair] = frozenset()  # companies that are possibly one

    @classmethod
    def of(cls, accounts: Iterable[str], sameness: Samenesses) -> Companies:
        """From what is known of pairs: a mapping, of which each pair may stand in either order, or a function.

        What a mapping does not hold is distinct; accounts that only it knows link others all the same. A function is asked
        for every pair, which takes its time for thousands of accounts; what a grouping has found makes the better mapping.
        """
        linking = (one for pair in sameness for one in pair) if isinstance(sameness, Mapping) else ()
        known = sorted({*accounts, *linking})
        said = _said_of(known, sameness)
        company = _joined(known, (pair for pair, found in said.items() if found is Sameness.SAME))
        within = {
            pair for pair, found in said.items()
            if found is not Sameness.SAME and company[pair[0]] == company[pair[1]]
        }  # fmt: skip
        links = {
            _pair(company[a], company[b]) for (a, b), found in said.items()
            if found is Sameness.POSSIBLE and company[a] != company[b]
        }  # fmt: skip
        return cls(company, frozenset(within), frozenset(links))

    def between(self, first: str, second: str) -> Sameness:
        """Whether two accounts are one company; an account that is not known is the same as itself only."""
        mine, other = self.company.get(first, first), self.company.get(second, second)
        if mine != other:
            return Sameness.POSSIBLE if _pair(mine, other) in self.links else Sameness.DISTINCT
        return Sameness.POSSIBLE if _pair(first, second) in self.doubts else Sameness.SAME

    def is_certain(self, accounts: Iterable[str]) -> bool:
        """Whether accounts of one company are so without any doubt."""
        if not self.doubts:
            return True
        among = set(accounts)
        return not any(a in among and b in among for a, b in self.doubts)


def companies_of(claims: Iterable[Claim], sameness: Samenesses | Companies) -> Companies:
    """The companies of some claims' accounts, if they are not known yet."""
    if isinstance(sameness, Companies):
        return sameness
    return Companies.of((one.account for one in claims), sameness)


def _pair(first: str, second: str) -> Pair:
    return (first, second) if first <= second else (second, first)


def _said_of(accounts: Sequence[str], sameness: Samenesses) -> dict[Pair, Sameness]:
    """What is said of each pair of these accounts; of two that contradict each other the more doubtful one."""
    if not isinstance(sameness, Mapping):
        return {(a, b): sameness(a, b) for place, a in enumerate(accounts) for b in accounts[place + 1 :]}
    said: dict[Pair, Sameness] = {}
    for (a, b), found in sameness.items():
        if a == b:
            continue
        before = said.setdefault(_pair(a, b), found)
        if before is not found:
            said[_pair(a, b)] = Sameness.POSSIBLE
    return said


def _joined(accounts: Iterable[str], same: Iterable[Pair]) -> dict[str, str]:
    """Each account with the first one of its company."""
    above = {account: account for account in accounts}

    def top(account: str) -> str:
        while above[account] != account:
            above[account] = above[above[account]]
            account = above[account]
        return account

    for first, second in same:
        low, high = sorted((top(first), top(second)))
        above[high] = low
    return {account: top(account) for account in above}


# products


def _nodes(products: Iterable[str], tree: Tree | None) -> frozenset[str]:
    """The codes with every group as its members; a code that the tree does not know is refused."""
    if tree is None:
        return frozenset(products)
    found: set[str] = set()
    for code in products:
        tree.depth(code)  # refuses a code that is not there
        found.update(tree.groups.get(code, (code,)))
    return frozenset(found)


def _upward(code: str, tree: Tree | None) -> tuple[str, ...]:
    """The code and all above it, every product last."""
    return (code, ALL) if tree is None else (*reversed(tree.path(code)), ALL)


def _highest(nodes: Iterable[str], tree: Tree | None) -> frozenset[str]:
    """Codes without those that lie below another one of them."""
    found = frozenset(nodes)
    return frozenset(code for code in found if found.isdisjoint(_upward(code, tree)[1:-1]))


def covers(products: frozenset[str], others: frozenset[str], tree: Tree | None = None) -> bool:
    """Whether all of the others are among these products, or below them. An empty set is every product.

    >>> tree = Tree("products", {"bikes": None, "road bikes": "bikes", "helmets": None})
    >>> covers(frozenset({"bikes"}), frozenset({"road bikes"}), tree), covers(frozenset({"bikes"}), frozenset(), tree)
    (True, False)
    """
    if not products:
        return True
    mine = _nodes(products, tree)
    return bool(others) and all(not mine.isdisjoint(_upward(code, tree)) for code in _nodes(others, tree))


def in_common(
    first: frozenset[str], second: frozenset[str], tree: Tree | None = None
) -> frozenset[str] | None:
    """The products that both sets hold, empty when both are every product; None when there are none."""
    if not first or not second:
        return _highest(_nodes(first or second, tree), tree)
    mine, other = _nodes(first, tree), _nodes(second, tree)
    found = {code for code in mine if not other.isdisjoint(_upward(code, tree))}
    found |= {code for code in other if not mine.isdisjoint(_upward(code, tree))}
    return _highest(found, tree) if found else None


def without(products: frozenset[str], taken: frozenset[str], tree: Tree) -> frozenset[str]:
    """The codes that are left of some products when others are taken out; what is partly taken stays as its other parts.

    >>> tree = Tree("products", {"bikes": None, "road bikes": "bikes", "city bikes": "bikes", "helmets": None})
    >>> sorted(without(frozenset({"bikes", "helmets"}), frozenset({"road bikes"}), tree))
    ['city bikes', 'helmets']
    """
    out = _nodes(taken, tree)
    partly = {above for code in out for above in tree.path(code)[:-1]}
    left: set[str] = set()
    waiting = list(_nodes(products, tree))
    while waiting:
        code = waiting.pop()
        if not out.isdisjoint(tree.path(code)):
            continue
        if code in partly:
            waiting.extend(tree.children(code))
        else:
            left.add(code)
    return _highest(left, tree)


def divided(
    conflict: Conflict, sold: frozenset[str], tree: Tree | None = None
) -> tuple[Conflict | None, Conflict | None]:
    """A conflict in two: over what was sold before, in which an incumbent may win, and over the rest.

    `sold` are the products that the partner of record sold; none = everything is the rest. Either half may be None.
    """
    both = in_common(conflict.products, sold, tree) if sold else None
    if both is None:
        return None, conflict
    if covers(both, conflict.products, tree):
        return conflict, None
    within = attrs.evolve(conflict, products=both)
    if tree is None:  # everything but some codes cannot be named: it stays every product
        return within, attrs.evolve(conflict, products=conflict.products - both)
    whole = conflict.products or frozenset(code for code, above in tree.parents.items() if above is None)
    rest = without(whole, both, tree)
    return within, attrs.evolve(conflict, products=rest) if rest else None


# pairs


@attrs.frozen(kw_only=True)
class Overlap:
    """What two claims have in common."""

    sameness: Sameness  # same or possible
    products: frozenset[str]  # empty = everything
    period: DateRange


def overlap(first: Claim, second: Claim, companies: Companies, tree: Tree | None = None) -> Overlap | None:
    """What two claims of different claimants have in common; None when they do not meet. It does not matter which is first."""
    if first.claimant == second.claimant:
        return None
    sameness = companies.between(first.account, second.account)
    period = first.period.intersection(second.period)
    products = in_common(first.products, second.products, tree)
    if sameness is Sameness.DISTINCT or period is None or products is None:
        return None
    return Overlap(sameness=sameness, products=products, period=period)


# many


def conflicts(
    claims: Iterable[Claim],
    sameness: Samenesses | Companies,
    products: Tree | None = None,
    *,
    as_of: datetime.date,
) -> tuple[Conflict, ...]:
    """The conflicts among the claims that are live on that day, in an order that the order of the claims does not change.

    Claims on one company make a conflict for every piece that another set of them claims. A conflict for bikes beside one for
    road bikes is about the bikes that are not road bikes. Claims on two companies that are possibly one make conflicts of
    their own, for a person to look at; what is certain within each of the two is not held up by them.

    Near-linear in the claims and links, except for companies that many claims meet at.
    """
    checked_date(as_of, "as_of")
    given = tuple(claims)
    live = _checked(given, products, as_of)
    known = companies_of(given, sameness)
    of_company: defaultdict[str, list[Claim]] = defaultdict(list)
    for claim in live:
        of_company[known.company.get(claim.account, claim.account)].append(claim)
    found = [
        made for group in of_company.values() if len(group) > 1
        for made in _of_one_company(group, known, products)
    ]  # fmt: skip
    for first, second in known.links:
        if first in of_company and second in of_company:
            found.extend(_of_two_companies(of_company[first], of_company[second], products))
    return tuple(sorted(found, key=lambda one: ([claim.id for claim in one.claims], sorted(one.products))))


def _checked(claims: Iterable[Claim], tree: Tree | None, as_of: datetime.date) -> list[Claim]:
    """The live claims by id; two of one id, and products that the tree does not know, are refused."""
    live = sorted((claim for claim in claims if claim.is_live_on(as_of)), key=lambda claim: claim.id)
    faults = Faults("the claims cannot be compared")
    for name in repeated(claim.id for claim in live):
        faults.add(f"two claims have the id {name!r}")
    if tree is not None:
        for claim in live:
            try:
                _nodes(claim.products, tree)
            except InvalidInput as error:
                faults.add(error.title, claim.id)
    faults.raise_if_any()
    return live


def _of_one_company(group: Sequence[Claim], known: Companies, tree: Tree | None) -> Iterator[Conflict]:
    for claims, products in _pieces(group, tree):
        if len({claim.claimant for claim in claims}) > 1:
            certain = known.is_certain(claim.account for claim in claims)
            yield _conflict(claims, products, Sameness.SAME if certain else Sameness.POSSIBLE)


def _of_two_companies(
    group: Sequence[Claim], other: Sequence[Claim], tree: Tree | None
) -> Iterator[Conflict]:
    """Where claims of both meet: a piece on which both have one, and not one and the same claimant alone."""
    mine = {claim.id for claim in group}
    for claims, products in _pieces([*group, *other], tree):
        here = {claim.claimant for claim in claims if claim.id in mine}
        there = {claim.claimant for claim in claims if claim.id not in mine}
        if here and there and len(here | there) > 1:
            yield _conflict(claims, products, Sameness.POSSIBLE)


def _pieces(group: Sequence[Claim], tree: Tree | None) -> Iterator[tuple[tuple[Claim, ...], frozenset[str]]]:
    """Each distinct set of claims that claim the same piece, with that piece; two claims that meet are in one of them.

    Where two claims meet, one of them names the piece: codes lie within one another or apart.
    """
    naming: defaultdict[str, set[int]] = defaultdict(set)  # code -> the claims that name it
    for number, claim in enumerate(group):
        for code in _nodes(claim.products, tree) or (ALL,):
            naming[code].add(number)
    sharing: defaultdict[frozenset[int], list[str]] = defaultdict(list)
    for code in naming:
        above = _upward(code, tree) if code != ALL else (ALL,)
        claimed = frozenset().union(*(naming[one] for one in above if one in naming))
        if len(claimed) > 1:
            sharing[claimed].append(code)
    for claimed, codes in sharing.items():
        piece = frozenset() if ALL in codes else _highest(codes, tree)
        yield tuple(group[number] for number in sorted(claimed)), piece


def _conflict(claims: tuple[Claim, ...], products: frozenset[str], sameness: Sameness) -> Conflict:
    period: DateRange | None = claims[0].period
    for claim in claims[1:]:
        period = period.intersection(claim.period) if period is not None else None
    assert period is not None  # all of them are live on one day
    return Conflict(claims=claims, products=products, period=period, sameness=sameness)
