"""Who approves: up to which amount a role does, which levels come before, and who stands in for whom."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping

import attrs

from prmcore.deals._moving import check_ids
from prmcore.errors import Faults, repeated
from prmcore.values import DateRange, Money

__all__ = ["Acting", "Approver", "ApproverChain", "Delegation", "acting"]


@attrs.frozen(kw_only=True)
class Approver:
    """Up to which amount a role approves."""

    role: str
    limits: tuple[Money, ...] = ()  # one a currency; none = whatever the amount

    def suffices(self, amount: Money | None) -> bool | None:
        """Whether its limit is high enough; None = the amount is not known."""
        if not self.limits:
            return True
        if amount is None:
            return None
        return any(one.currency == amount.currency and amount <= one for one in self.limits)


@attrs.frozen(kw_only=True)
class ApproverChain:
    """The levels of approval, lowest first.

    A role approves alone up to its limit. Where `every_level`, each level below has to approve before it. What is above
    all limits needs two people of the highest level, or is refused where `two_above_limits` is off.
    """

    approvers: tuple[Approver, ...] = ()  # nobody = only what the policy approves by itself
    every_level: bool = False
    two_above_limits: bool = False

    def __attrs_post_init__(self) -> None:
        faults = Faults("the approvers cannot be used")
        for role in repeated(one.role for one in self.approvers):
            faults.add(f"{role!r} stands here twice", "approvers")
        highest: dict[str, Money] = {}
        for place, one in enumerate(self.approvers):
            path = f"approvers[{place}].limits"
            check_ids(faults, role=one.role)
            for unit in repeated(limit.currency for limit in one.limits):
                faults.add(f"two limits in {unit}", path)
            for limit in one.limits:
                if limit.minor <= 0:
                    faults.add(f"found {limit}; accepted: an amount above zero", path)
                elif limit < highest.get(limit.currency, limit):
                    faults.add(f"found {limit}; accepted: no less than the level below it", path)
                highest[limit.currency] = limit
            if not one.limits and place < len(self.approvers) - 1:
                faults.add("a level above one without limits is never needed", f"approvers[{place + 1}]")
        faults.raise_if_any()

    def needed(self, amount: Money | None) -> tuple[str, ...] | None:
        """The roles that have to approve, in this order; None = the amount is above all limits, or not known.

        Two people of the highest level stand there twice. Without `every_level` the lowest one that suffices is enough,
        and any above it.
        """
        roles = tuple(one.role for one in self.approvers)
        for place, one in enumerate(self.approvers):
            if one.suffices(amount):
                return roles[: place + 1] if self.every_level else roles[place : place + 1]
        if amount is None or not roles or not self.two_above_limits:
            return None
        return (*roles[:-1], roles[-1], roles[-1]) if self.every_level else (roles[-1], roles[-1])

    def may_come_next(self, role: str, given: tuple[str, ...], amount: Money | None) -> bool:
        """Whether an approval in that role is what is needed next, after those that were given."""
        needed = self.needed(amount)
        roles = [one.role for one in self.approvers]
        if needed is None or role not in roles or len(given) >= len(needed):
            return False
        if self.every_level:
            return role == needed[len(given)]
        return roles.index(role) >= roles.index(needed[0])


@attrs.frozen(kw_only=True)
class Delegation:
    """Somebody approves in the role of somebody else for a while, within a limit; it cannot be delegated on."""

    by: str
    to: str
    role: str
    period: DateRange
    limits: tuple[Money, ...] = ()  # below those of the role, one a currency; none = those of the role

    def __attrs_post_init__(self) -> None:
        faults = Faults("the delegation cannot be used")
        check_ids(faults, by=self.by, to=self.to, role=self.role)
        if self.by == self.to:
            faults.add("nobody delegates to himself", "to")
        for unit in repeated(one.currency for one in self.limits):
            faults.add(f"two limits in {unit}", "limits")
        faults.raise_if_any()

    def covers(self, amount: Money | None, day: datetime.date) -> bool | None:
        """Whether it holds on that day for that amount; None = the amount is not known."""
        if day not in self.period:
            return False
        return Approver(role=self.role, limits=self.limits).suffices(amount)


@attrs.frozen(kw_only=True)
class Acting:
    """Who approves, in which role, and by whose delegation."""

    by: str
    role: str
    delegation: Delegation | None = None  # None = holds the role
    is_held: bool | None = True  # the role, by whoever approves or delegates; None = nobody knows

    def __attrs_post_init__(self) -> None:
        faults = Faults("nobody can act so")
        check_ids(faults, by=self.by, role=self.role)
        if self.delegation is not None and (self.delegation.to, self.delegation.role) != (self.by, self.role):
            faults.add(f"it is for {self.delegation.to!r} in the role {self.delegation.role!r}", "delegation")
        faults.raise_if_any()

    @property
    def people(self) -> tuple[str, ...]:
        """Who has a say in it: whoever approves, and whoever is stood in for."""
        return (self.by,) if self.delegation is None else (self.by, self.delegation.by)


def acting(
    by: str,
    role: str,
    day: datetime.date,
    *,
    holders: Mapping[str, frozenset[str]],
    delegations: Iterable[Delegation] = (),
) -> Acting:
    """In which way somebody acts in a role on a day: holds it, stands in for somebody who does, or neither.

    `holders` are the people who hold each role in their own right: a delegated role is not delegated on.

    >>> away = Delegation(by="mori", to="kim", role="director", period=DateRange())
    >>> today, holders = datetime.date(2026, 3, 2), {"director": frozenset({"mori"})}
    >>> acting("kim", "director", today, holders=holders, delegations=[away]).people
    ('kim', 'mori')
    """
    held_by = holders.get(role, frozenset())
    if by in held_by:
        return Acting(by=by, role=role)
    mine = [one for one in delegations if one.to == by and one.role == role and day in one.period]
    first = min(mine, key=lambda one: (one.by not in held_by, bool(one.limits), one.by), default=None)
    return Acting(by=by, role=role, delegation=first, is_held=first is not None and first.by in held_by)
