"""A resolution in words, in no language yet: what came of the conflict, and what each step did to the claims."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from prmcore.decisions import Decision
from prmcore.decisions.explain import Said
from prmcore.decisions.narrowing import FellOut, Narrowed
from prmcore.territory.claims.facts import Contender
from prmcore.territory.claims.resolution import Resolution, Verdict, WhyReview
from prmcore.territory.claims.steps import StepKind, WhyOut

__all__ = ["said_of_decision", "said_of_resolution"]

_STEPS = {
    StepKind.HOUSE_ACCOUNT: "house account",
    StepKind.DIRECT_ENGAGEMENT: "engagement of the direct team",
    StepKind.PROTECTION: "protected claim",
    StepKind.INCUMBENT: "incumbent partner",
    StepKind.EARLIEST: "first complete submission",
    StepKind.TIER: "partner tier",
    StepKind.TERRITORY_OWNER: "territory owner",
    StepKind.CUSTOMER_CHOICE: "written choice of the customer",
    StepKind.SPLIT: "split of the credit",
    StepKind.REVIEW: "review by a person",
}
_OUT = {
    WhyOut.HOUSE_ACCOUNT: "{claim} of {claimant} falls out: the vendor keeps this account",
    WhyOut.ENGAGED: "{claim} of {claimant} falls out: the direct team was engaged on {seen}",
    WhyOut.UNPROTECTED: "{claim} of {claimant} falls out: it is not protected",
    WhyOut.NOT_INCUMBENT: "{claim} of {claimant} falls out: another claimant sold this before",
    WhyOut.INCOMPLETE: "{claim} of {claimant} falls out: its submission is not complete",
    WhyOut.LATER: "{claim} of {claimant} falls out: it was complete later, at {seen}",
    WhyOut.LOWER_TIER: "{claim} of {claimant} falls out: its tier {seen} is lower",
    WhyOut.NOT_OWNER: "{claim} of {claimant} falls out: the territory is another claimant's",
    WhyOut.NOT_CHOSEN: "{claim} of {claimant} falls out: the customer chose another claimant in writing ({seen})",
}
_REVIEWS = {
    WhyReview.POSSIBLY_SAME: "a person decides: the accounts are possibly one company",
    WhyReview.UNKNOWN: "a person decides: something that a step asks for is not known",
    WhyReview.CHOSEN_OUTSIDE: "a person decides: the customer chose somebody who has no claim",
    WhyReview.SHARES: "a person decides: the shares do not make 100 %",
    WhyReview.ASKED: "a person decides: the policy asks for it",
    WhyReview.UNDECIDED: "a person decides: no step decides between the claims that are left",
}


def said_of_resolution(resolution: Resolution) -> Said:
    """How a conflict ends; the shares, and what others get, below it."""
    behind = tuple(
        Said("{claim} of {claimant} gets {terms} of the winner's terms", {
            "claim": one.claim, "claimant": one.claimant, "terms": one.terms,
        })
        for one in resolution.runners_up
    )  # fmt: skip
    if resolution.verdict is Verdict.AWARDED:
        won = resolution.awards[0]
        return Said(
            "{claim} of {claimant} stands", {"claim": won.claim, "claimant": won.claimant}, None, behind
        )
    if resolution.verdict is Verdict.SPLIT:
        parts = tuple(
            Said("{claim} of {claimant}: {share}", {
                "claim": one.claim, "claimant": one.claimant, "share": one.share,
            })
            for one in resolution.awards
        )  # fmt: skip
        return Said("the credit is shared", {}, None, parts)
    if resolution.verdict is Verdict.HOUSE:
        return Said("the vendor keeps the account; no claim stands")
    assert resolution.why is not None  # a review says why
    return Said(_REVIEWS[resolution.why])


def said_of_decision(decision: Decision[Any], taken: Iterable[Narrowed[Contender]]) -> Said:
    """A decision, then every step that was taken, and the claims left after it."""
    outcome = said_of_resolution(decision.outcome)
    steps = tuple(map(_said_of, taken))
    values = {"policy": decision.policy.name, "day": decision.as_of, "level": outcome}
    return Said("{policy} on {day}: {level}", values, None, (*outcome.parts, *steps))


def _said_of(one: Narrowed[Contender]) -> Said:
    step = Said(_STEPS[one.step.kind])
    if one.unknown:
        asked = tuple(contender.id for contender in one.unknown)
        return Said("{step}: a person is asked about {claims}", {"step": step, "claims": asked}, one.truth)
    if one.passes:
        return Said("{step}: decides nothing here", {"step": step}, one.truth)
    fell_out = tuple(_said_of_claim(out) for out in one.fell_out)
    left = tuple(contender.id for contender in one.left)
    return Said("{step}: leaves {claims}", {"step": step, "claims": left}, one.truth, fell_out)


def _said_of_claim(out: FellOut[Contender]) -> Said:
    seen = out.seen
    if isinstance(seen, datetime.datetime):  # an instant: its time matters, and is the same for every reader
        seen = f"{seen:%Y-%m-%d %H:%M:%S.%f}".rstrip("0").rstrip(".") + " UTC"
    return Said(_OUT[out.why], {"claim": out.claim.id, "claimant": out.claim.claimant, "seen": seen})
