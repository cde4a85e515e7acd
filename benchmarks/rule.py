"""The rule that everybody decides: three rungs of seven criteria each, over seven facts, with a grace period."""

from __future__ import annotations

import datetime
import random

import attrs

from prmcore.decisions import Ladder, fact, rung
from prmcore.tiers import Movement, Standing, TierFacts, TierPolicy
from prmcore.values import Money, Rate

__all__ = [
    "DAY",
    "LADDER",
    "LEVELS",
    "POLICY",
    "Facts",
    "Record",
    "bounds",
    "cases",
    "plain",
    "random_facts",
    "standing",
]

DAY = datetime.date(2026, 3, 31)
LEVELS = ("gold", "silver", "bronze")  # best first; "registered" is for everybody else
COUNTRIES = ("JP", "CN", "DE", "US", "FR")


@attrs.frozen
class Facts:
    """What is known of a partner."""

    revenue: Money
    users: int
    people: int
    retention: Rate
    disputes: int
    country: str
    trained: bool


@attrs.frozen
class Record:
    """The yardstick: one frozen attrs record of ten fields."""

    a: int
    b: int
    c: int
    d: int
    e: int
    f: int
    g: int
    h: int
    i: int
    j: int


def bounds(level: str) -> dict[str, int]:
    """The numbers of a rung: money in cents, retention in percent."""
    step = 3 - LEVELS.index(level)
    return {
        "revenue": step * 8_000_000,
        "users": step * 50,
        "people": step,
        "retention": 60 + step * 5,
        "disputes": 4 - step,
    }


def _rung(level: str):  # type: ignore[no-untyped-def]  # inferred
    asked = bounds(level)
    return rung(
        level,
        fact("revenue").at_least(Money("EUR", asked["revenue"])),
        fact("users").at_least(asked["users"]),
        fact("people").at_least(asked["people"]),
        fact("retention").at_least(Rate.percent(asked["retention"])),
        fact("disputes").at_most(asked["disputes"]),
        fact("country").one_of("JP", "CN", "DE"),
        fact("trained").is_true(),
    )


LADDER: Ladder[Facts, str] = Ladder(
    "tiers/2026", facts=Facts, rungs=tuple(map(_rung, LEVELS)), otherwise="registered"
)
POLICY = TierPolicy(LADDER, Movement(grace_months=3))


def random_facts(count: int, seed: int = 7) -> list[Facts]:
    """Facts around the bounds, so that every level comes up."""
    chance = random.Random(seed)
    return [
        Facts(
            revenue=Money("EUR", chance.randrange(0, 40_000_000)),
            users=chance.randrange(0, 260),
            people=chance.randrange(0, 7),
            retention=Rate.percent(chance.randrange(55, 100)),
            disputes=chance.choice((0, 0, 0, 1, 2, 5)),
            country=chance.choice(("JP", "CN", "DE", "JP", "CN", "US", "FR")),
            trained=chance.random() < 0.9,
        )
        for _ in range(count)
    ]


def plain(facts: Facts) -> dict[str, int | str | bool]:
    """The same facts as the peers take them: plain numbers, in the units of `bounds`."""
    return {
        "revenue": facts.revenue.minor,
        "users": facts.users,
        "people": facts.people,
        "retention": int(facts.retention.fraction * 100),
        "disputes": facts.disputes,
        "country": facts.country,
        "trained": facts.trained,
    }


def standing(facts: Facts, grace_until: datetime.date = DAY) -> TierFacts[Facts]:
    """A partner on gold since last year, found below it in December, and in grace since."""
    below = datetime.date(2025, 12, 31)
    gold_since = datetime.date(2025, 1, 1)
    where = Standing(
        level="gold", since=gold_since, judged_on=below, below_since=below, grace_until=grace_until
    )
    return TierFacts(facts, where)


def cases() -> dict[str, TierFacts[Facts]]:
    """Each level qualified for, on the day that the grace is over and within it: all that can come out."""
    of_level = {LADDER.decide(facts, DAY).outcome: facts for facts in random_facts(400)}
    return {
        f"{level}, {words}": standing(of_level[level], until)
        for level in LADDER.levels
        for words, until in (("grace over", DAY), ("in grace", datetime.date(2026, 6, 30)))
    }
