"""Lint: what looks wrong with the rules of leads, sales and registrations before anybody works by them.

Each finding has facts that show it, where there are any. Who does what is checked by `responsibility.check_matrix`.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TypeAlias

import attrs

from prmcore.deals.leads import LeadPolicy, RoutingPolicy, Timer, Unit, WorkedFrom
from prmcore.deals.leads.routing import CANDIDATES, ByTurn
from prmcore.deals.opportunities import OpportunityState, QuantityBands, SalesProcess
from prmcore.deals.registrations import (
    ExtendedFrom,
    Missed,
    RegistrationAction,
    RegistrationFacts,
    RegistrationPolicy,
    Term,
)
from prmcore.deals.registrations.policy import approving_by_criteria, submitting
from prmcore.decisions import Criterion, FactSchema, Not, Prefer, Rule, all_of, comparisons, fact
from prmcore.decisions.criteria import leaves
from prmcore.decisions.explain import Said
from prmcore.decisions.lint import Budget, Finding, Undecided, facts_meeting
from prmcore.values import Money

__all__ = ["lint_bands", "lint_leads", "lint_registrations", "lint_routing", "lint_sales"]

Limits: TypeAlias = Mapping[str, tuple[int, int]]

_COUNTED = (0, 10**9)  # never below zero
_COUNTS_OF_CANDIDATES: Limits = dict.fromkeys(("open_leads", "capacity", "distance_km"), _COUNTED)
_COUNTS_OF_REGISTRATIONS: Limits = dict.fromkeys(
    ("holders", "ahead", "open_registrations", "open_on_account"), _COUNTED
)


# leads


def lint_leads(policy: LeadPolicy) -> tuple[Finding, ...]:
    """Partners that have no time to work what they accepted, and reminders that come at once.

    Codes: `no-time-to-work`, `reminder-at-once`. Times in business hours are compared with their like only.
    """
    found = []
    accept, work = policy.accept_within, policy.work_within
    late = policy.worked_from is WorkedFrom.OFFER and work is not None and work.unit is accept.unit
    if late and work is not None and work.count <= accept.count:
        said = Said("whoever accepts a lead at the last moment has no time left to work it")
        found.append(Finding("no-time-to-work", "work_within", said, {"accepted_after": accept.count}))
    hours = [_hours(one) for one in (accept, work) if one is not None]
    longest = max((one for one in hours if one is not None), default=0)
    for place, before in enumerate(policy.reminder_hours):
        if None not in hours and before >= longest:
            values = {"hours": before, "most": longest}
            said = Said("a reminder {hours} hours before the end comes at once: there are {most}", values)
            found.append(Finding("reminder-at-once", f"reminder_hours[{place}]", said))
    return tuple(found)


def _hours(timer: Timer) -> int | None:
    return timer.count * 24 if timer.unit is Unit.DAYS else None


def lint_routing(policy: RoutingPolicy, *, has_pools: bool = True) -> tuple[Finding, ...]:
    """Criteria that no candidate can meet, and steps that tell nobody apart.

    Codes: `nobody-eligible`, `prefers-nobody`, `prefers-everybody`, `turn-without-pool`, `undecided`.
    """
    found: list[Finding] = []
    search = _Search(CANDIDATES, _COUNTS_OF_CANDIDATES)
    if policy.eligible and _is_data(policy.eligible):
        said = Said("no candidate is ever eligible: the criteria contradict each other")
        found.extend(search.never(policy.eligible, Finding("nobody-eligible", "eligible", said)))
    can_be_met = not found
    for place, step in enumerate(policy.steps):
        path, values = f"steps[{place}]", {"step": step.name}
        if isinstance(step, ByTurn) and not has_pools:
            said = Said("the step {step} never decides: there is no pool whose turn it could be", values)
            found.append(Finding("turn-without-pool", path, said))
        if isinstance(step, Prefer) and can_be_met and _is_data((*policy.eligible, *step.criteria)):
            found.extend(_of_preference(policy.eligible, step, path, search))
    return tuple(found)


def _of_preference(
    eligible: Sequence[Criterion], step: Prefer, path: str, search: _Search
) -> Iterator[Finding]:
    """That a step keeps nobody, or everybody, of those who are eligible."""
    values = {"step": step.name}
    said = Said("no eligible candidate ever meets the step {step}: it tells nobody apart", values)
    yield from search.never((*eligible, *step.criteria), Finding("prefers-nobody", path, said))
    said = Said("every eligible candidate meets the step {step}: it tells nobody apart", values)
    others = (*eligible, Not(all_of(*step.criteria)))
    yield from search.never(others, Finding("prefers-everybody", path, said))


# sales


def lint_sales(process: SalesProcess) -> tuple[Finding, ...]:
    """Stages that no sale comes to, and open ones in which it stays for ever, or from which it is never won.

    Codes: `unreachable-stage`, `dead-end`, `never-won`.
    """
    found = []
    reached = _reached(process, process.stages[0].code)
    for place, stage in enumerate(process.stages):
        path, values = f"stages[{place}]", {"stage": stage.text or stage.code}
        if stage.code not in reached:
            said = Said("no sale ever comes to {stage}", values)
            found.append(Finding("unreachable-stage", path, said))
            continue
        ends = {process.stage(code).state for code in _reached(process, stage.code)}
        if OpportunityState.WON not in ends and OpportunityState.LOST not in ends:
            said = Said("a sale that comes to {stage} never ends: it can be neither won nor lost", values)
            found.append(Finding("dead-end", path, said, {"stage": stage.code}))
        elif stage.state is OpportunityState.OPEN and OpportunityState.WON not in ends:
            said = Said("a sale in {stage} can only be lost", values)
            found.append(Finding("never-won", path, said, {"stage": stage.code}))
    return tuple(found)


def _reached(process: SalesProcess, code: str) -> set[str]:
    """The stages that a sale may come to from this one, and this one."""
    reached, ahead = {code}, [code]
    while ahead:
        for following in process.moves_from(ahead.pop()):
            if following not in reached:
                reached.add(following)
                ahead.append(following)
    return reached


def lint_bands(bands: QuantityBands) -> tuple[Finding, ...]:
    """Where more costs less, where the discount falls, and quantities above the highest band.

    Codes: `cliff`, `discount-falls`, `gap`. Holes between bands are refused when the bands are made.
    """
    found = []
    for place, (band, following) in enumerate(pairwise(bands.bands), start=1):
        path, more = f"bands[{place}]", following.lowest
        if following.discount < band.discount:
            values = {"quantity": more, "discount": following.discount, "before": band.discount}
            said = Said("from {quantity} on the discount falls from {before} to {discount}", values)
            found.append(Finding("discount-falls", path, said, {"quantity": more}))
            continue
        price, better = 1 - band.discount.fraction, 1 - following.discount.fraction
        if price <= 0 or (more - 1) * price <= more * better:
            continue
        first = max(int(more * better / price) + 1, band.lowest)
        said = Said("to order {more} costs less than {quantity}", {"quantity": first, "more": more})
        found.append(Finding("cliff", path, said, {"quantity": first, "more": more}))
    highest = bands.bands[-1].highest
    if highest is not None:
        said = Said("no band holds more than {quantity}", {"quantity": highest})
        found.append(Finding("gap", f"bands[{len(bands.bands) - 1}]", said, {"quantity": highest + 1}))
    return tuple(found)


# registrations


def lint_registrations(policy: RegistrationPolicy) -> tuple[Finding, ...]:
    """Clauses that can never come to anything.

    Codes: `nobody-approves`, `approval-never`, `extension-never`, `reminder-never`, `capacity-never`, `undecided`.
    """
    return (
        *_nobody_approves(policy),
        *_auto_approval(policy),
        *_extension(policy),
        *_reminders(policy),
        *_capacity(policy),
    )


def _nobody_approves(policy: RegistrationPolicy) -> Iterator[Finding]:
    by_time = policy.review is not None and policy.review.when_missed is Missed.APPROVE
    if not (policy.approvers.approvers or policy.auto_approval or by_time):
        said = Said("nobody ever approves a registration: there are neither approvers nor criteria for it")
        yield Finding("nobody-approves", "approvers", said)


def _auto_approval(policy: RegistrationPolicy) -> Iterator[Finding]:
    """Criteria for approval that contradict each other, or what every registration has to meet."""
    if not policy.auto_approval or not _is_data(policy.auto_approval):
        return
    code, path = "approval-never", "auto_approval"
    search = _Search(FactSchema.of(RegistrationFacts), _COUNTS_OF_REGISTRATIONS)
    said = Said("nothing is ever approved by criteria: they contradict each other")
    alone = search.never(policy.auto_approval, Finding(code, path, said))
    yield from alone
    if alone:
        return
    said = Said(
        "nothing is ever approved by criteria: what meets them cannot be registered, or not be protected"
    )
    asked = _currency(policy.auto_approval)
    submitted = submitting(policy, RegistrationAction.SUBMIT, asked).rungs[0].criteria
    approved = approving_by_criteria(policy, False).rungs[0].criteria
    wanted = [*submitted[1:], *approved[1:]]  # the first asks for the state, which is another one
    if asked is not None:  # else the value may be any, and so be high enough
        wanted.append(fact("currency").one_of(asked))
    yield from search.never(wanted, Finding(code, path, said))


def _extension(policy: RegistrationPolicy) -> Iterator[Finding]:
    extension, windows = policy.extension, _windows(policy)
    if extension is None:
        return
    if not windows:
        yield Finding("extension-never", "extension", Said("no protection ends: nothing is ever extended"))
    elif extension.ask_days > max(windows):
        values = {"days": extension.ask_days, "most": max(windows)}
        said = Said(
            "an extension is asked for {days} days before the end, and no protection has more than {most}",
            values,
        )
        yield Finding("extension-never", "extension.ask_days", said)
    added = _longest(extension.term)
    if extension.counted_from is ExtendedFrom.ASKED and added <= extension.ask_days:
        values = {"days": extension.ask_days, "most": added}
        said = Said("an extension of {most} days, counted from {days} days before the end, adds none", values)
        yield Finding("extension-never", "extension.term", said)


def _reminders(policy: RegistrationPolicy) -> Iterator[Finding]:
    windows = _windows(policy)
    if not windows or policy.extension is not None:
        return
    for place, days in enumerate(policy.reminder_days):
        if days >= max(windows):
            values = {"days": days, "most": max(windows)}
            said = Said(
                "a reminder {days} days before the end is never sent: no protection has more than {most}",
                values,
            )
            yield Finding("reminder-never", f"reminder_days[{place}]", said)


def _capacity(policy: RegistrationPolicy) -> Iterator[Finding]:
    of_partner, on_account = policy.capacity.of_partner, policy.capacity.on_account
    if of_partner is not None and on_account is not None and on_account > of_partner:
        values = {"most": of_partner, "number": on_account}
        said = Said(
            "{number} registrations for an account are never reached: a partner has at most {most}", values
        )
        yield Finding("capacity-never", "capacity.on_account", said)


def _windows(policy: RegistrationPolicy) -> list[int]:
    """The most days of each window that ends."""
    terms = (policy.protection.term, *(one.term for one in policy.protection.by_tier))
    return [_longest(one) for one in terms if one is not None]


def _longest(term: Term) -> int:
    """The most days that a term may have, whenever it begins: over four years, one of them a leap year."""
    starts = (datetime.date(2000 + month // 12, month % 12 + 1, 1) for month in range(48))
    return max((term.after(day) - day).days for day in starts)


# the common part


@attrs.frozen
class _Search:
    """Searches for facts, which together take no more than a few seconds."""

    schema: FactSchema
    limits: Limits
    budget: Budget = attrs.field(factory=Budget)

    def never(self, wanted: Sequence[Criterion], finding: Finding) -> list[Finding]:
        """The finding when no facts meet all criteria; that it is not known, when the search is given up."""
        try:
            met = facts_meeting(all_of(*wanted), self.schema, self.limits, self.budget)
        except Undecided:
            said = Said("whether these criteria can be met: not decided")
            return [Finding("undecided", finding.path, said)]
        return [finding] if met is None else []


def _is_data(criteria: Iterable[Criterion]) -> bool:
    """Whether the criteria can be searched: a function cannot."""
    return not any(isinstance(leaf, Rule) for one in criteria for leaf in leaves(one))


def _currency(criteria: Iterable[Criterion]) -> str | None:
    """The currency that criteria ask for; no policy asks for two."""
    bounds = (bound for one in criteria for leaf in comparisons(one) for bound in leaf.bounds)
    return next((bound.currency for bound in bounds if isinstance(bound, Money)), None)
