"""Incentives: what each fact adds to an entitlement, beside a plain loop over tiers in Decimal."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from typing import TypeAlias

import attrs
from timing import side_by_side

from prmcore.incentives.plans.curve import Band, Curve, Rounding
from prmcore.values import Money, Rate

__all__ = ["increments"]

Tier: TypeAlias = tuple[int | None, str]  # up to so many cents, None = open; the rate in percent

FIVE: tuple[Tier, ...] = (
    (1_000_000, "2"),
    (2_500_000, "3"),
    (5_000_000, "4.5"),
    (10_000_000, "6.25"),
    (None, "8"),
)
FLAT: tuple[Tier, ...] = ((None, "2.5"),)


@attrs.frozen
class Facts:
    """The same sales in the forms that are asked for; amounts in cents."""

    by_partner: list[list[int]]
    in_time: list[tuple[str, int]]
    by_partner_decimal: list[list[Decimal]]
    in_time_decimal: list[tuple[str, Decimal]]


def increments(count: int, rounds: int) -> dict[str, float]:
    """Microseconds for one fact, by prmcore and by the plain loop: five marginal tiers, and a flat rate.

    Facts lie in memory partner by partner, as a query ordered by partner gives them; and once more in order of time, all
    partners mixed, where prmcore first puts together what belongs together and the loop keeps totals in a dict.
    """
    facts = random_facts(count, partners=max(1, count // 100))
    jobs: dict[str, Callable[[], object]] = {}
    for words, tiers in (("five tiers", FIVE), ("flat", FLAT)):
        check(words, tiers, facts)
        jobs |= _jobs(words, tiers, facts)
    rate = decimal_tiers(FLAT)[0][1]
    jobs["flat: Decimal, no loop"] = lambda: [posted_flat(one, rate) for one in facts.by_partner_decimal]
    found = {name: time / count for name, time in side_by_side(jobs, rounds, 0.01).items()}
    return {"count": count, **found}


def _jobs(words: str, tiers: Sequence[Tier], facts: Facts) -> dict[str, Callable[[], object]]:
    of_group, plain = curve(tiers).compiled(), decimal_tiers(tiers)
    return {
        f"{words}: prmcore": lambda: [of_group(one) for one in facts.by_partner],
        f"{words}: Decimal": lambda: [posted(one, plain) for one in facts.by_partner_decimal],
        f"{words}, mixed: prmcore": lambda: posted_together(facts.in_time, of_group),
        f"{words}, mixed: Decimal": lambda: posted_in_time(facts.in_time_decimal, plain),
    }


def check(words: str, tiers: Sequence[Tier], facts: Facts) -> None:
    """All give the same, fact by fact; and it adds up to what the exact fractions say that explain an amount."""
    exact, plain = curve(tiers), decimal_tiers(tiers)
    of_group = exact.compiled()
    ours = [of_group(one) for one in facts.by_partner]
    left = {f"p{place}": iter(found) for place, found in enumerate(ours)}
    in_time = [next(left[partner]) for partner, _ in facts.in_time]
    first = list(dict.fromkeys(partner for partner, _ in facts.in_time))
    agree = (
        ours == [posted(one, plain) for one in facts.by_partner_decimal]
        and in_time == posted_in_time(facts.in_time_decimal, plain)
        and posted_together(facts.in_time, of_group) == [ours[int(partner[1:])] for partner in first]
        and (len(tiers) > 1 or ours == [posted_flat(one, plain[0][1]) for one in facts.by_partner_decimal])
    )
    if not agree:
        raise SystemExit(f"{words}: the loop in Decimal gives other amounts")
    for quantities, found in zip(facts.by_partner, ours, strict=True):
        if sum(found) != Rounding.HALF_EVEN.whole(exact.amount(sum(quantities))):
            raise SystemExit(f"{words}: increments do not add up to the entitlement of {sum(quantities)}")


def curve(tiers: Sequence[Tier]) -> Curve:
    return Curve(
        tuple(
            Band(up_to=None if up_to is None else Money("EUR", up_to), rate=Rate.percent(percent))
            for up_to, percent in tiers
        )
    )


def posted_together(
    in_time: list[tuple[str, int]], of_group: Callable[[Sequence[int]], list[int]]
) -> list[list[int]]:
    """prmcore, for all partners at once: first what belongs together."""
    groups: defaultdict[str, list[int]] = defaultdict(list)
    for partner, quantity in in_time:
        groups[partner].append(quantity)
    return [of_group(one) for one in groups.values()]


def posted(quantities: list[Decimal], tiers: list[tuple[Decimal | None, Decimal]]) -> list[Decimal]:
    """The plain loop, for one partner: what it is due by all tiers, rounded, less what was posted before."""
    total = before = Decimal(0)
    found = []
    for quantity in quantities:
        total += quantity
        due = low = Decimal(0)
        for up_to, rate in tiers:
            if up_to is None or total <= up_to:
                due += (total - low) * rate
                break
            due += (up_to - low) * rate
            low = up_to
        now = due.quantize(Decimal(1), ROUND_HALF_EVEN)
        found.append(now - before)
        before = now
    return found


def posted_in_time(
    in_time: list[tuple[str, Decimal]], tiers: list[tuple[Decimal | None, Decimal]]
) -> list[Decimal]:
    """The same loop for all partners at once."""
    totals: defaultdict[str, Decimal] = defaultdict(Decimal)
    before: defaultdict[str, Decimal] = defaultdict(Decimal)
    found = []
    for partner, quantity in in_time:
        total = totals[partner] = totals[partner] + quantity
        due = low = Decimal(0)
        for up_to, rate in tiers:
            if up_to is None or total <= up_to:
                due += (total - low) * rate
                break
            due += (up_to - low) * rate
            low = up_to
        now = due.quantize(Decimal(1), ROUND_HALF_EVEN)
        found.append(now - before[partner])
        before[partner] = now
    return found


def posted_flat(quantities: list[Decimal], rate: Decimal) -> list[Decimal]:
    """What somebody writes who knows that there is one tier and will never be another."""
    total = before = Decimal(0)
    found = []
    for quantity in quantities:
        total += quantity
        now = (total * rate).quantize(Decimal(1), ROUND_HALF_EVEN)
        found.append(now - before)
        before = now
    return found


def decimal_tiers(tiers: Sequence[Tier]) -> list[tuple[Decimal | None, Decimal]]:
    return [(None if up_to is None else Decimal(up_to), Decimal(percent) / 100) for up_to, percent in tiers]


def random_facts(count: int, partners: int) -> Facts:
    """Sales, of which one in thirty takes back; most partners pass through every tier."""
    chance = random.Random(7)
    turns = [chance.randrange(partners) for _ in range(count)]
    sizes = [0] * partners
    for place in turns:
        sizes[place] += 1
    by_partner = [[_amount(chance) for _ in range(size)] for size in sizes]
    left = [iter(quantities) for quantities in by_partner]
    in_time = [
        (f"p{place}", int(str(next(left[place])))) for place in turns
    ]  # a number anew: time orders the memory
    return Facts(
        by_partner,
        in_time,
        [[Decimal(one) for one in quantities] for quantities in by_partner],
        [(partner, Decimal(one)) for partner, one in in_time],
    )


def _amount(chance: random.Random) -> int:
    return -chance.randrange(100, 100_000) if chance.randrange(30) == 0 else chance.randrange(100, 300_000)
