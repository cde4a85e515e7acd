"""Who keeps an account that several claim: a declared list of steps, each leaving some of the claims.

The list ends as soon as the claims that are left are of one claimant. Where no step decides, and where it is not certain that
the accounts are one company, a person does: nobody wins because of an id, or of the order in a file.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import partial
from typing import Any

import attrs

from prmcore.decisions import Decision, Reason, Rule, RuleReason
from prmcore.decisions.explain import Said
from prmcore.decisions.narrowing import Narrowed, narrowings
from prmcore.errors import Faults, repeated
from prmcore.territory.claims.facts import ConflictFacts, Contender
from prmcore.territory.claims.model import ClaimKind, place
from prmcore.territory.claims.resolution import WHOLE, Award, Resolution, RunnerUp, Verdict, WhyReview
from prmcore.territory.claims.said import said_of_decision
from prmcore.territory.claims.steps import ResolutionStep, SplitBy, StepKind, WhyOut, narrowed
from prmcore.territory.identity.model import Sameness
from prmcore.values import Rate, checked_date, checked_id
from prmcore.values.business_hours import checked_zone
from prmcore.values.wire import from_plain, to_plain

__all__ = ["ConflictPolicy"]

_LAST = (StepKind.SPLIT, StepKind.REVIEW)  # these always decide, or ask


@attrs.frozen(kw_only=True)
class ConflictPolicy:
    """Resolves a conflict by its steps, in their order.

    >>> policy = ConflictPolicy(name="conflicts/2026", steps=(
    ...     ResolutionStep(kind=StepKind.PROTECTION), ResolutionStep(kind=StepKind.EARLIEST)))
    >>> [step.kind.value for step in policy.steps]
    ['protection', 'earliest']
    """

    name: str  # like a document's, with its version: "conflicts/2026"
    steps: tuple[ResolutionStep, ...]
    runner_up: Rate | None = None  # the part of the winner's terms that the next partner gets; None = nothing
    runners_up: int = 1  # how many get it, and whoever came at the same time as the last of them
    resubmission_keeps_place: bool = False  # whether a corrected claim keeps its place in the queue
    zone: str = "UTC"  # IANA, in which an instant falls on a day

    def __attrs_post_init__(self) -> None:
        faults = Faults(f"the policy {self.name!r:.100} cannot be used")
        with faults.within("name"):
            checked_id(self.name)
        if not self.steps:
            faults.add("found none; accepted: one at least", "steps")
        for kind in repeated(step.kind for step in self.steps):
            faults.add(f"the step {kind} stands here twice", "steps")
        for number, step in enumerate(self.steps[:-1]):
            if step.kind in _LAST:
                faults.add(f"after {step.kind.value} no step is reached", f"steps[{number + 1}]")
        if self.runner_up is not None and not Rate(0) < self.runner_up <= WHOLE:
            faults.add(f"found {self.runner_up}; accepted: above 0 %, up to 100 %", "runner_up")
        if type(self.runners_up) is not int or not 1 <= self.runners_up <= 100:
            faults.add(f"found {self.runners_up!r:.40}; accepted: 1 to 100", "runners_up")
        with faults.within("zone"):
            checked_zone(self.zone)
        faults.raise_if_any()

    def decide(self, facts: ConflictFacts, as_of: datetime.date) -> Decision[Resolution]:
        """Who keeps the account on that day; the order of the claims changes nothing."""
        checked_date(as_of, "as_of")
        return Decision(self._resolution(facts, self.narrowings(facts, as_of)), self, as_of, facts, 0)

    def narrowings(self, facts: ConflictFacts, as_of: datetime.date) -> tuple[Narrowed[Contender], ...]:
        """What each step did, up to the one that decided or asked; none when the accounts are possibly not one company."""
        if facts.sameness is not Sameness.SAME:
            return ()
        return tuple(
            narrowings(
                facts.contenders,
                self.steps,
                lambda step, left: narrowed(step, facts, left, as_of, self.zone),
                _is_decided,
            )
        )

    def _resolution(self, facts: ConflictFacts, taken: Sequence[Narrowed[Contender]]) -> Resolution:
        if not taken:
            return _review(WhyReview.POSSIBLY_SAME)
        last, left = taken[-1], taken[-1].left
        kind = last.step.kind
        if last.unknown:
            chosen = kind is StepKind.CUSTOMER_CHOICE
            return _review(WhyReview.CHOSEN_OUTSIDE if chosen else WhyReview.UNKNOWN, kind)
        if not left:
            return Resolution(verdict=Verdict.HOUSE, step=kind)
        if _is_decided(left):
            runners_up = self._runners_up(facts, taken)
            return Resolution(
                verdict=Verdict.AWARDED, awards=_awards(left, {}), runners_up=runners_up, step=kind
            )
        if kind is StepKind.SPLIT:
            return _split(last.step, left)
        return _review(WhyReview.ASKED, kind) if kind is StepKind.REVIEW else _review(WhyReview.UNDECIDED)

    def _runners_up(self, facts: ConflictFacts, taken: Sequence[Narrowed[Contender]]) -> tuple[RunnerUp, ...]:
        """The partners next in line, each once: complete registrations that only came behind the one that stands."""
        winner = taken[-1].left[0]
        if self.runner_up is None or winner.is_direct:
            return ()
        shut_out = {
            out.claim.id for one in taken for out in one.fell_out
            if out.why in (WhyOut.ENGAGED, WhyOut.HOUSE_ACCOUNT)
        }  # fmt: skip
        behind = [
            one for one in sorted(facts.contenders, key=lambda one: place(one.claim))
            if one.claimant != winner.claimant and one.claim.kind is ClaimKind.REGISTRATION
            and one.claim.completed is not None and one.id not in shut_out
        ]  # fmt: skip
        first = {one.claimant: one for one in reversed(behind)}
        inline = [one for one in behind if first[one.claimant] is one]
        if len(inline) > self.runners_up:  # two of the same instant and sequence are both next
            last = place(inline[self.runners_up - 1].claim)[:3]
            inline = [one for one in inline if place(one.claim)[:3] <= last]
        return tuple(RunnerUp(claim=one.id, claimant=one.claimant, terms=self.runner_up) for one in inline)

    def reasons(self, decision: Decision[Any]) -> tuple[Reason, ...]:
        """One reason for each step that was taken: met when claims fell out, and the claims left after it."""
        return tuple(
            Reason(Rule(one.step.kind.value, partial(_answer, one)), one.truth, tuple(c.id for c in one.left))
            for one in self.narrowings(decision.facts, decision.as_of)
        )

    def said(self, decision: Decision[Any]) -> Said:
        return said_of_decision(decision, self.narrowings(decision.facts, decision.as_of))

    def written(self, decision: Decision[Any]) -> dict[str, Any]:
        """The facts and the outcome as plain JSON values."""
        return {
            "facts": to_plain(decision.facts),
            "outcome": to_plain(decision.outcome),
            "mask": decision.mask,
        }

    def facts_from(self, written: Any) -> ConflictFacts:
        return from_plain(written, ConflictFacts)


def _is_decided(left: Iterable[Contender]) -> bool:
    """Whether nobody is left who stands against somebody else."""
    return len({one.claimant for one in left}) < 2


def _answer(one: Narrowed[Contender], facts: Any, as_of: datetime.date) -> RuleReason:
    return RuleReason(one.truth, tuple(contender.id for contender in one.left))


def _review(why: WhyReview, step: StepKind | None = None) -> Resolution:
    return Resolution(verdict=Verdict.REVIEW, why=why, step=step)


def _awards(left: Iterable[Contender], shares: dict[str, Fraction]) -> tuple[Award, ...]:
    """One award for each claimant, for the first of its claims; of shares that are not given the whole."""
    first: dict[str, Contender] = {}
    for one in sorted(left, key=lambda one: place(one.claim)):
        first.setdefault(one.claimant, one)
    return tuple(
        Award(claim=one.id, claimant=claimant, share=Rate.of(shares.get(claimant, Fraction(1))))
        for claimant, one in sorted(first.items())
        if shares.get(claimant) != 0
    )


def _split(step: ResolutionStep, left: Sequence[Contender]) -> Resolution:
    """Credit shared among the claimants, not their claims: filing twice makes nobody's share larger."""
    shares = {SplitBy.EQUAL: _equal, SplitBy.ROLES: _by_roles, SplitBy.AGREED: _agreed}[
        step.by or SplitBy.EQUAL
    ](step, left)
    if shares is None:
        return _review(WhyReview.UNKNOWN, step.kind)
    if sum(shares.values()) != 1:
        return _review(WhyReview.SHARES, step.kind)
    awards = _awards(left, shares)
    verdict = Verdict.SPLIT if len(awards) > 1 else Verdict.AWARDED  # all of it may be agreed on for one
    return Resolution(verdict=verdict, awards=awards, step=step.kind)


def _equal(step: ResolutionStep, left: Sequence[Contender]) -> dict[str, Fraction]:
    claimants = {one.claimant for one in left}
    return {claimant: Fraction(1, len(claimants)) for claimant in claimants}


def _by_roles(step: ResolutionStep, left: Sequence[Contender]) -> dict[str, Fraction] | None:
    """Each role's part, shared equally by the claimants who have it; None when somebody's role is not known."""
    holders: dict[str, set[str]] = {}
    for one in left:
        if one.role is None:
            return None
        holders.setdefault(one.role, set()).add(one.claimant)
    shares: dict[str, Fraction] = {}
    for role, claimants in holders.items():
        part = step.shares[role].fraction if role in step.shares else Fraction(0)
        for claimant in claimants:
            shares[claimant] = shares.get(claimant, Fraction(0)) + part / len(claimants)
    return shares


def _agreed(step: ResolutionStep, left: Sequence[Contender]) -> dict[str, Fraction] | None:
    """What they agreed on; None when somebody's share is not known, or its claims say two."""
    said: dict[str, set[Fraction]] = {one.claimant: set() for one in left}
    for one in left:
        if one.agreed_share is not None:
            said[one.claimant].add(one.agreed_share.fraction)
    if any(len(shares) != 1 for shares in said.values()):
        return None
    return {claimant: min(shares) for claimant, shares in said.items()}
