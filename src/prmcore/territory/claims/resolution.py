"""How a conflict ends: to one claim, shared, kept by the vendor, or for a person to decide."""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction

import attrs

from prmcore.errors import Faults, repeated
from prmcore.territory.claims.facts import ConflictFacts
from prmcore.territory.claims.steps import StepKind
from prmcore.values import Rate

__all__ = ["Award", "Resolution", "RunnerUp", "Verdict", "WhyReview", "check_resolution"]

WHOLE = Rate(1)


class Verdict(StrEnum):
    """How a conflict ends."""

    AWARDED = "awarded"  # to one claim
    SPLIT = "split"  # credit is shared
    HOUSE = "house"  # the vendor keeps the account, and none of the claims stands
    REVIEW = "review"  # a person decides


class WhyReview(StrEnum):
    """Why a person has to decide."""

    POSSIBLY_SAME = "possibly-same"  # it is not certain that the accounts are one company
    UNKNOWN = "unknown"  # a step asks for what is not known
    CHOSEN_OUTSIDE = "chosen-outside"  # the customer chose somebody who claims nothing
    SHARES = "shares"  # the shares to split by do not make the whole
    ASKED = "asked"  # the policy says so
    UNDECIDED = "undecided"  # no step decides


@attrs.frozen(kw_only=True)
class Award:
    """A claim that stands, and its share of the credit."""

    claim: str
    claimant: str
    share: Rate = WHOLE


@attrs.frozen(kw_only=True)
class RunnerUp:
    """A claim that does not stand, and the part of the winner's terms that its claimant gets all the same."""

    claim: str
    claimant: str
    terms: Rate


@attrs.frozen(kw_only=True)
class Resolution:
    """How a conflict ends, and by which step."""

    verdict: Verdict
    awards: tuple[Award, ...] = ()  # one for each claimant, by claimant; the shares make 100 %
    runners_up: tuple[RunnerUp, ...] = ()  # in the order of their places
    step: StepKind | None = None  # None = by a person, or before any step
    why: WhyReview | None = None  # of a review

    def __attrs_post_init__(self) -> None:
        faults = Faults("the resolution cannot be used")
        count = len(self.awards)
        accepted = {Verdict.AWARDED: count == 1, Verdict.SPLIT: count > 1}.get(self.verdict, count == 0)
        if not accepted:
            faults.add(f"found {count}; {self.verdict.value} goes with {_AWARDS[self.verdict]}", "awards")
        for claimant in repeated(one.claimant for one in self.awards):
            faults.add(f"found {claimant!r} twice; accepted: one award for each claimant", "awards")
        if any(one.share <= Rate(0) for one in self.awards):
            faults.add("accepted: shares above 0 %", "awards")
        whole = sum((one.share.fraction for one in self.awards), Fraction(0))
        if self.awards and whole != 1:
            faults.add(f"the shares make {Rate.of(whole)}; accepted: 100 % exactly", "awards")
        if self.runners_up and self.verdict is not Verdict.AWARDED:
            faults.add("goes with one award", "runners_up")
        if (self.why is not None) is not (self.verdict is Verdict.REVIEW):
            faults.add("a review and the reason for it go together", "why")
        faults.raise_if_any()

    @property
    def is_settled(self) -> bool:
        return self.verdict is not Verdict.REVIEW

    def share_of(self, claimant: str) -> Rate:
        """The claimant's part of the credit; nothing when it has none."""
        return next((one.share for one in self.awards if one.claimant == claimant), Rate(0))


_AWARDS = {
    Verdict.AWARDED: "one award",
    Verdict.SPLIT: "two awards or more",
    Verdict.HOUSE: "none",
    Verdict.REVIEW: "none",
}


def check_resolution(resolution: Resolution, facts: ConflictFacts, faults: Faults) -> None:
    """Adds the claims of a resolution that are not claims of the conflict."""
    known = {one.id: one.claimant for one in facts.contenders}
    named: tuple[Award | RunnerUp, ...] = (*resolution.awards, *resolution.runners_up)
    for one in named:
        if known.get(one.claim) != one.claimant:
            faults.add(
                f"found the claim {one.claim!r:.60} of {one.claimant!r:.60}; accepted: "
                + ", ".join(f"{claim} of {claimant}" for claim, claimant in known.items())
            )
