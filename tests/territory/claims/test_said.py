"""What a person reads of a resolution: the verdict, the shares, who is next in line, and why each claim fell out."""

import datetime
from typing import Any

import pytest

from prmcore.decisions.explain import explain, put_into_words
from prmcore.territory.claims import (
    Award,
    Claim,
    ClaimKind,
    ConflictFacts,
    ConflictPolicy,
    Contender,
    CustomerChoice,
    Resolution,
    ResolutionStep,
    RunnerUp,
    SplitBy,
    StepKind,
    Verdict,
    WhyReview,
)
from prmcore.territory.claims.said import said_of_resolution
from prmcore.values import DateRange, Rate

D = datetime.date
TODAY = D(2026, 6, 1)
NINE = datetime.datetime(2026, 5, 4, 9, tzinfo=datetime.UTC)
HALF = Rate(1, 2)


def one(id: str, claimant: str, seconds: float | None = 0, /, **told: Any) -> Contender:
    completed = None if seconds is None else NINE + datetime.timedelta(seconds=seconds)
    kind = ClaimKind.DIRECT if claimant == "vendor" else ClaimKind.REGISTRATION
    protected = told.pop("protected", None)
    claim = Claim(
        id=id, kind=kind, account="A", claimant=claimant, submitted=NINE, completed=completed, protected=protected
    )  # fmt: skip
    return Contender(claim=claim, **told)


def told(kind: StepKind, *contenders: Contender, step: dict[str, Any] | None = None, **known: Any) -> list[str]:  # fmt: skip
    """The lines about the one step, after that about the outcome."""
    policy = ConflictPolicy(name="conflicts/1", steps=(ResolutionStep(kind=kind, **(step or {})),))
    decision = policy.decide(ConflictFacts(contenders=contenders, **known), TODAY)
    return [line.strip() for line in str(explain(decision)).splitlines()[1:]]


ACME, BOLT = one("1", "acme"), one("2", "bolt")
LETTER = CustomerChoice(claimant="bolt", reference="mail-7", on=TODAY)


@pytest.mark.parametrize(
    ("kind", "contenders", "more", "lines"),
    [
        (
            StepKind.HOUSE_ACCOUNT, (ACME, one("2", "vendor")), {"is_house_account": True},
            ["✓ house account: leaves 2", "1 of acme falls out: the vendor keeps this account"],
        ),
        (StepKind.HOUSE_ACCOUNT, (ACME, BOLT), {}, ["? house account: a person is asked about 1 and 2"]),
        (
            StepKind.DIRECT_ENGAGEMENT, (ACME, one("2", "vendor")), {"engagements": [D(2026, 5, 3)], "step": {"days": 9}},
            [
                "✓ engagement of the direct team: leaves 2",
                "1 of acme falls out: the direct team was engaged on May 3, 2026",
            ],
        ),
        (
            StepKind.PROTECTION, (one("1", "acme", protected=DateRange()), BOLT), {},
            ["✓ protected claim: leaves 1", "2 of bolt falls out: it is not protected"],
        ),
        (
            StepKind.INCUMBENT, (one("1", "acme", is_incumbent=False), one("2", "bolt", is_incumbent=True)), {"is_renewal": True},
            ["✓ incumbent partner: leaves 2", "1 of acme falls out: another claimant sold this before"],
        ),
        (
            StepKind.EARLIEST, (ACME, one("2", "bolt", None), one("3", "cato", 0.25), one("4", "dora", 3600)), {},
            [
                "✓ first complete submission: leaves 1",
                "2 of bolt falls out: its submission is not complete",
                "3 of cato falls out: it was complete later, at 2026-05-04 09:00:00.25 UTC",
                "4 of dora falls out: it was complete later, at 2026-05-04 10:00:00 UTC",
            ],
        ),
        (StepKind.EARLIEST, (ACME, BOLT), {}, ["✗ first complete submission: decides nothing here"]),
        (
            StepKind.TIER, (one("1", "acme", tier="silver"), one("2", "bolt", tier="gold")), {"step": {"order": ("gold", "silver")}},
            ["✓ partner tier: leaves 2", "1 of acme falls out: its tier silver is lower"],
        ),
        (
            StepKind.TERRITORY_OWNER, (one("1", "acme", owns_territory=False), one("2", "bolt", owns_territory=True)), {},
            ["✓ territory owner: leaves 2", "1 of acme falls out: the territory is another claimant's"],
        ),
        (
            StepKind.CUSTOMER_CHOICE, (ACME, BOLT), {"choice": LETTER},
            [
                "✓ written choice of the customer: leaves 2",
                "1 of acme falls out: the customer chose another claimant in writing (mail-7)",
            ],
        ),
        (
            StepKind.SPLIT, (ACME, BOLT), {"step": {"by": SplitBy.EQUAL}},
            ["1 of acme: 50%", "2 of bolt: 50%", "✗ split of the credit: decides nothing here"],
        ),
        (StepKind.REVIEW, (ACME, BOLT), {}, ["✗ review by a person: decides nothing here"]),
    ],
)  # fmt: skip
def test_each_step_says_what_it_leaves_and_why_the_others_fell_out(
    kind: StepKind, contenders: tuple[Contender, ...], more: dict[str, Any], lines: list[str]
) -> None:
    assert told(kind, *contenders, **more) == lines


WON = (Award(claim="1", claimant="acme"),)
BOTH = tuple(Award(claim=id, claimant=name, share=HALF) for id, name in (("1", "acme"), ("2", "bolt")))
NEXT = (RunnerUp(claim="2", claimant="bolt", terms=HALF),)


def review(why: WhyReview) -> Resolution:
    return Resolution(verdict=Verdict.REVIEW, why=why)


@pytest.mark.parametrize(
    ("resolution", "lines"),
    [
        (Resolution(verdict=Verdict.AWARDED, awards=WON), ["1 of acme stands"]),
        (
            Resolution(verdict=Verdict.AWARDED, awards=WON, runners_up=NEXT),
            ["1 of acme stands", "2 of bolt gets 50% of the winner's terms"],
        ),
        (
            Resolution(verdict=Verdict.SPLIT, awards=BOTH),
            ["the credit is shared", "1 of acme: 50%", "2 of bolt: 50%"],
        ),
        (Resolution(verdict=Verdict.HOUSE), ["the vendor keeps the account; no claim stands"]),
        (
            review(WhyReview.POSSIBLY_SAME),
            ["a person decides: the accounts are possibly one company"],
        ),
        (
            review(WhyReview.UNKNOWN),
            ["a person decides: something that a step asks for is not known"],
        ),
        (
            review(WhyReview.CHOSEN_OUTSIDE),
            ["a person decides: the customer chose somebody who has no claim"],
        ),
        (review(WhyReview.SHARES), ["a person decides: the shares do not make 100 %"]),
        (review(WhyReview.ASKED), ["a person decides: the policy asks for it"]),
        (
            review(WhyReview.UNDECIDED),
            ["a person decides: no step decides between the claims that are left"],
        ),
    ],
)
def test_a_resolution_says_how_the_conflict_ends(resolution: Resolution, lines: list[str]) -> None:
    said = said_of_resolution(resolution)
    assert [put_into_words(one, "en").text for one in (said, *said.parts)] == lines


def test_a_decision_says_the_policy_the_day_and_the_outcome_first() -> None:
    policy = ConflictPolicy(name="conflicts/1", steps=(ResolutionStep(kind=StepKind.REVIEW),))
    decision = policy.decide(ConflictFacts(contenders=[ACME, BOLT]), TODAY)
    assert str(explain(decision)).splitlines()[0] == (
        "conflicts/1 on June 1, 2026: a person decides: the policy asks for it"
    )
