"""What is done with a registration: each action gives a decision, the registration after it, and the account after it.

Whoever keeps them puts both, the account in the version in which it was read, in one unit of work. Before others are approved,
what has lapsed on the account is expired (`RegisteredAccount.lapsed`).
"""

from __future__ import annotations

import datetime
from typing import Any

import attrs

from prmcore.deals._moving import check_ids
from prmcore.deals.approvers import Acting
from prmcore.deals.registrations.facts import (
    ApprovalFacts,
    Approving,
    Circumstances,
    MoveFacts,
    RegistrationFacts,
    registration_facts,
)
from prmcore.deals.registrations.model import (
    REGISTRATION_MOVES,
    Deal,
    Place,
    Protection,
    RegisteredAccount,
    RegisteredScope,
    Registration,
    RegistrationAction,
    RegistrationState,
    RegistrationStep,
    Revision,
    checked_step,
)
from prmcore.deals.registrations.policy import (
    Missed,
    ProtectedFrom,
    RegistrationPolicy,
    Resubmission,
    approving,
    approving_by_criteria,
    moving,
    submitting,
    suited,
)
from prmcore.decisions import Decision
from prmcore.errors import Faults, InvalidInput
from prmcore.values import Rate, Tree, checked_instant, day_in

__all__ = [
    "RegistrationMoved", "approved", "approved_by_policy", "converted", "discounted", "drafted", "moved", "queued",
    "reconsidered", "resubmitted", "review_deadline", "revised", "shared", "submitted",
]  # fmt: skip

_A, _S = RegistrationAction, RegistrationState
_ALONE = frozenset({  # what needs nothing beyond who does it, and why
    _A.REVIEW, _A.RESEARCH, _A.ESCALATE, _A.RETURN, _A.REJECT, _A.WITHDRAW, _A.ASK_EXTENSION, _A.EXTEND,
    _A.DECLINE_EXTENSION, _A.EXPIRE, _A.WIN, _A.LOSE,
})  # fmt: skip
_TO_BE_SAID = frozenset({_A.RETURN, _A.REJECT, _A.DECLINE_EXTENSION})


@attrs.frozen
class RegistrationMoved:
    """What came of an action."""

    decision: Decision[Any]  # whether it was allowed, and why
    registration: Registration  # as it was, when it was not allowed
    account: RegisteredAccount  # likewise


def drafted(
    *, id: str, program: str, partner: str, deal: Deal, by: str, at: datetime.datetime
) -> Registration:
    """A registration that the partner is still writing."""
    faults = Faults(f"the registration {id!r:.60} cannot be drafted")
    check_ids(faults, by=by)
    faults.raise_if_any()
    return Registration(
        id=id,
        program=program,
        partner=partner,
        revisions=(Revision(deal=deal, at=checked_instant(at), by=by),),
    )


def revised(registration: Registration, deal: Deal, *, by: str, at: datetime.datetime) -> Registration:
    """The registration with another deal, while the partner has it: as a draft, or returned."""
    if registration.state not in (_S.DRAFT, _S.RETURNED):
        raise InvalidInput(
            f"{registration.id!r} is {registration.state}; accepted: a draft, or what was returned"
        )
    revision = Revision(deal=deal, at=checked_step(at, registration), by=by)
    return attrs.evolve(registration, revisions=(*registration.revisions, revision))


def submitted(
    registration: Registration,
    account: RegisteredAccount,
    policy: RegistrationPolicy,
    known: Circumstances,
    *,
    by: str,
    at: datetime.datetime,
    products: Tree | None = None,
) -> RegistrationMoved:
    """The registration handed in, in the last place of the account's queue, if the deal is eligible."""
    return _handed_in(registration, account, policy, known, _A.SUBMIT, by, at, products)


def resubmitted(
    registration: Registration,
    account: RegisteredAccount,
    policy: RegistrationPolicy,
    known: Circumstances,
    *,
    by: str,
    at: datetime.datetime,
    products: Tree | None = None,
) -> RegistrationMoved:
    """What was returned, handed in again: in its old place, unless the policy gives a new one or its scope has grown."""
    return _handed_in(registration, account, policy, known, _A.RESUBMIT, by, at, products)


def _handed_in(
    registration: Registration,
    account: RegisteredAccount,
    policy: RegistrationPolicy,
    known: Circumstances,
    action: RegistrationAction,
    by: str,
    at: datetime.datetime,
    products: Tree | None,
) -> RegistrationMoved:
    instant, deal = _checked(registration, account, by, at), registration.deal
    if products is not None:
        faults = Faults(f"the registration {registration.id!r} cannot be handed in")
        for code in sorted(deal.products - set(products.parents) - set(products.groups)):
            faults.add(products.unknown(code), "products")
        faults.raise_if_any()
    scope, place = policy.scope_of(deal), registration.place
    if place is None or registration.scope is None or scope.grows_from(registration.scope, products):
        place = Place(instant, account.counted + 1)
    asking = attrs.evolve(registration, account=account.account, scope=scope, place=place)
    ladder = submitting(policy, action, deal.value.currency if deal.value else None)
    facts = suited(_registration_facts(asking, account, policy, known, instant, products), ladder)
    return _after(
        ladder.decide(facts, day_in(policy.zone, instant)), registration, account, asking, action, instant, by
    )


def moved(
    registration: Registration,
    account: RegisteredAccount,
    action: RegistrationAction,
    policy: RegistrationPolicy,
    *,
    by: str,
    at: datetime.datetime,
    reason: str | None = None,
) -> RegistrationMoved:
    """The registration reviewed, researched, escalated, returned, rejected, withdrawn, extended, expired, won or lost.

    Whoever returns or rejects it, or declines an extension, says why.
    """
    if action not in _ALONE:
        raise InvalidInput(f"found {action}; accepted here: {', '.join(sorted(_ALONE))}")
    instant = _checked(registration, account, by, at)
    if action in _TO_BE_SAID and not (isinstance(reason, str) and reason.strip()):
        raise InvalidInput(
            f"reason: is missing; accepted: why, in the words that the partner is told, for {action}"
        )
    if action is _A.RESEARCH and (policy.review is None or policy.review.research_days is None):
        raise InvalidInput(f"{policy.name!r} has no research days; accepted: a policy whose review has them")
    if action in (_A.ASK_EXTENSION, _A.EXTEND) and policy.extension is None:
        raise InvalidInput(f"{policy.name!r} has no extension; accepted: a policy that has one")
    day = day_in(policy.zone, instant)
    changed = _changed_by(registration, action, policy, day)
    facts = _move_facts(registration, policy, by, instant)
    if action is _A.EXTEND and changed.protection is not None:
        facts = attrs.evolve(facts, days_gained=_days_between(registration.protection, changed.protection))
    return _after(
        moving(policy, action).decide(facts, day),
        registration,
        account,
        changed,
        action,
        instant,
        by,
        reason=reason,
    )


def _changed_by(
    registration: Registration, action: RegistrationAction, policy: RegistrationPolicy, day: datetime.date
) -> Registration:
    """What an action changes besides the state."""
    asked, protection = registration.extension_asked, registration.protection
    if action is _A.EXTEND and asked is not None and protection is not None:
        return attrs.evolve(
            registration, protection=policy.extended(protection, day_in(policy.zone, asked.at), day)
        )
    if action is _A.RETURN and policy.resubmission is Resubmission.NEW_PLACE:
        return attrs.evolve(registration, place=None, scope=None)
    return registration


def _days_between(before: Protection | None, after: Protection) -> int | None:
    if before is None or before.until is None or after.until is None:
        return None
    return (after.until - before.until).days


def queued(
    registration: Registration,
    account: RegisteredAccount,
    policy: RegistrationPolicy,
    *,
    by: str,
    at: datetime.datetime,
    products: Tree | None = None,
) -> RegistrationMoved:
    """The registration put behind those that stand in its way, with a part of the first one's discount."""
    instant = _checked(registration, account, by, at)
    before = _in_the_way(registration, account, policy, products)
    facts = attrs.evolve(_move_facts(registration, policy, by, instant), in_its_way=len(before))
    decision = moving(policy, _A.QUEUE).decide(facts, day_in(policy.zone, instant))
    waiting = _with_share(registration, before, policy)
    return _after(decision, registration, account, waiting, _A.QUEUE, instant, by)


def shared(
    registration: Registration,
    account: RegisteredAccount,
    policy: RegistrationPolicy,
    *,
    products: Tree | None = None,
) -> Registration:
    """What is queued, with its part of the discount that the first one has by now: none before that is approved.

    Whoever approves or ends a registration asks it of those that go on waiting; nothing is decided by it, and there is
    no step. Whatever is not queued comes back as it is.
    """
    if registration.state is not _S.QUEUED:
        return registration
    return _with_share(registration, _in_the_way(registration, account, policy, products), policy)


def reconsidered(
    registration: Registration,
    account: RegisteredAccount,
    policy: RegistrationPolicy,
    *,
    by: str,
    at: datetime.datetime,
    products: Tree | None = None,
) -> RegistrationMoved:
    """The registration back under review, once nothing stands before it."""
    instant = _checked(registration, account, by, at)
    before = _in_the_way(registration, account, policy, products)
    facts = attrs.evolve(_move_facts(registration, policy, by, instant), in_its_way=len(before))
    decision = moving(policy, _A.RECONSIDER).decide(facts, day_in(policy.zone, instant))
    free = attrs.evolve(registration, discount=None)
    return _after(decision, registration, account, free, _A.RECONSIDER, instant, by)


def approved(
    registration: Registration,
    account: RegisteredAccount,
    policy: RegistrationPolicy,
    known: Circumstances,
    *,
    who: Acting,
    at: datetime.datetime,
    products: Tree | None = None,
) -> RegistrationMoved:
    """The registration approved by a person, or one approval nearer to it."""
    instant = _checked(registration, account, who.by, at)
    day, deal = day_in(policy.zone, instant), registration.deal
    protection = _protection(registration, policy, known.tier, day)
    given = registration.approvals
    needed = policy.approvers.needed(deal.value)
    facts = ApprovalFacts(
        state=registration.state, conflict=known.conflict, **_standing(registration, account, products),
        days_left=_days_left(protection, day), is_endless=protection is not None and protection.until is None,
        asked_it=not registration.asked_by.isdisjoint(who.people),
        approved_it=any(not {one.by, one.acting_for}.isdisjoint(who.people) for one in given),
        holds_role=who.is_held,
        is_delegated=True if who.delegation is None else who.delegation.covers(deal.value, day),
        is_next=policy.approvers.may_come_next(who.role, tuple(one.role or "" for one in given), deal.value),
        completes=needed is not None and len(given) + 1 == len(needed),
    )  # fmt: skip
    decision = approving(policy).decide(facts, day)
    action = _A.APPROVE if decision.outcome is Approving.APPROVED else _A.APPROVE_PART
    after = registration if action is _A.APPROVE_PART else _approved(registration, policy, protection)
    return _after(
        decision, registration, account, after, action, instant, who.by, role=who.role,
        acting_for=who.delegation.by if who.delegation is not None else None,
    )  # fmt: skip


def approved_by_policy(
    registration: Registration,
    account: RegisteredAccount,
    policy: RegistrationPolicy,
    known: Circumstances,
    *,
    at: datetime.datetime,
    products: Tree | None = None,
) -> RegistrationMoved:
    """The registration approved without a person: by the criteria of the policy, or because nobody decided in time."""
    instant = _checked(registration, account, policy.name, at)
    day = day_in(policy.zone, instant)
    approves = policy.review is not None and policy.review.when_missed is Missed.APPROVE
    missed = approves and _is_overdue(registration, policy, instant)
    if not missed and not policy.auto_approval:
        raise InvalidInput(
            f"{policy.name!r} approves nothing by itself; accepted: a policy with criteria, or a missed deadline"
        )
    ladder = approving_by_criteria(policy, missed)
    facts = suited(_registration_facts(registration, account, policy, known, instant, products), ladder)
    after = _approved(registration, policy, _protection(registration, policy, known.tier, day))
    return _after(ladder.decide(facts, day), registration, account, after, _A.APPROVE, instant, policy.name)


def converted(
    registration: Registration,
    account: RegisteredAccount,
    policy: RegistrationPolicy,
    *,
    opportunity: str,
    by: str,
    at: datetime.datetime,
) -> RegistrationMoved:
    """The registration as an opportunity: from now on its protection does not run out."""
    instant = _checked(registration, account, by, at)
    decision = moving(policy, _A.CONVERT).decide(
        _move_facts(registration, policy, by, instant), day_in(policy.zone, instant)
    )
    after = attrs.evolve(registration, opportunity=opportunity)
    return _after(decision, registration, account, after, _A.CONVERT, instant, by)


def discounted(rate: Rate, registration: Registration) -> Rate:
    """A partner's discount with what the registration adds, in percentage points, up to the whole price.

    It adds something while the registration is approved, converted or won, or waits behind a first partner.
    """
    counts = registration.state in (_S.APPROVED, _S.CONVERTED, _S.WON, _S.QUEUED)
    if registration.discount is None or not counts:
        return rate
    return max(rate, min(rate + registration.discount, Rate.of(1)))


def review_deadline(registration: Registration, policy: RegistrationPolicy) -> datetime.datetime | None:
    """Until when it has to be decided; None = there is no deadline, or nothing to decide."""
    since = registration.completed_at
    if policy.review is None or since is None or registration.state not in (_S.SUBMITTED, _S.UNDER_REVIEW):
        return None
    free = [step.at for step in registration.turn if step.action is _A.RECONSIDER]
    researched = any(step.action is _A.RESEARCH for step in registration.turn)
    return policy.review.deadline(free[-1] if free else since, researched)


# what is looked at


def _with_share(
    registration: Registration, before: tuple[RegisteredScope, ...], policy: RegistrationPolicy
) -> Registration:
    first = next((one.discount for one in before if one.holds and one.partner != registration.partner), None)
    return attrs.evolve(registration, discount=policy.second_discount(first))


def _checked(
    registration: Registration, account: RegisteredAccount, by: str, at: datetime.datetime
) -> datetime.datetime:
    faults = Faults(f"the registration {registration.id!r} cannot be moved")
    check_ids(faults, by=by)
    if account.program != registration.program:
        faults.add(
            f"it is of the program {registration.program!r}, the account of {account.program!r}", "account"
        )
    if registration.account not in (None, account.account):
        faults.add(f"it is for {registration.account!r}; another customer is another registration", "account")
    faults.raise_if_any()
    return checked_step(at, registration)


def _standing(
    registration: Registration, account: RegisteredAccount, products: Tree | None
) -> dict[str, int]:
    scope, place = registration.scope, registration.place
    if scope is None or place is None:
        return {"holders": 0, "ahead": 0}
    return {
        "holders": len(account.holders(scope, products, registration.id)),
        "ahead": len(account.ahead(scope, place, products)),
    }


def _in_the_way(
    registration: Registration, account: RegisteredAccount, policy: RegistrationPolicy, products: Tree | None
) -> tuple[RegisteredScope, ...]:
    scope, place = registration.scope, registration.place
    if scope is None or place is None:
        return ()
    waiting = account.ahead(scope, place, products) if policy.first_come else ()
    return (*account.holders(scope, products, registration.id), *waiting)


def _registration_facts(
    registration: Registration,
    account: RegisteredAccount,
    policy: RegistrationPolicy,
    known: Circumstances,
    at: datetime.datetime,
    products: Tree | None,
) -> RegistrationFacts:
    day = day_in(policy.zone, at)
    own = [
        one
        for one in account.scopes
        if one.partner == registration.partner and one.registration != registration.id
    ]
    protection = _protection(registration, policy, known.tier, day)
    return registration_facts(
        registration.state, registration.deal, known, day, **_standing(registration, account, products),
        open_on_account=len(own), days_left=_days_left(protection, day),
        is_endless=protection is not None and protection.until is None,
    )  # fmt: skip


def _move_facts(
    registration: Registration, policy: RegistrationPolicy, by: str, at: datetime.datetime
) -> MoveFacts:
    day, turn = day_in(policy.zone, at), registration.turn
    until = (
        registration.protection.until
        if registration.protection is not None
        else waits_until(registration, policy)
    )
    answer = answer_until(registration, policy)
    return MoveFacts(
        state=registration.state, asked_it=by in registration.asked_by,
        days_left=None if until is None else (until - day).days,
        is_endless=registration.protection is not None and until is None,
        days_to_answer=None if answer is None else (answer - day).days,
        is_overdue=_is_overdue(registration, policy, at), was_escalated=any(one.action is _A.ESCALATE for one in turn),
        was_researched=any(one.action is _A.RESEARCH for one in turn), extensions=registration.extensions,
        extension_asked=registration.extension_asked is not None,
    )  # fmt: skip


def waits_until(registration: Registration, policy: RegistrationPolicy) -> datetime.date | None:
    """Of a window from submission: the first day on which nothing would be left of it, whatever the tier."""
    if registration.place is None or policy.protection.starts is not ProtectedFrom.SUBMISSION:
        return None
    terms = [policy.protection.term, *(one.term for one in policy.protection.by_tier)]
    day = day_in(policy.zone, registration.place.at)
    ends = [term.after(day) for term in terms if term is not None]
    return max(ends) if len(ends) == len(terms) else None


def answer_until(registration: Registration, policy: RegistrationPolicy) -> datetime.date | None:
    """The first day on which what was returned can no longer come back."""
    if registration.state is not _S.RETURNED or policy.answer is None:
        return None
    return policy.answer.after(day_in(policy.zone, registration.steps[-1].at))


def _protection(
    registration: Registration, policy: RegistrationPolicy, tier: str | None, day: datetime.date
) -> Protection | None:
    if registration.place is None:
        return None
    return policy.protected(day_in(policy.zone, registration.place.at), day, tier)


def _days_left(protection: Protection | None, day: datetime.date) -> int | None:
    """None = it has no end; without a protection there is none left."""
    if protection is None:
        return 0
    return None if protection.until is None else (protection.until - day).days


def _is_overdue(registration: Registration, policy: RegistrationPolicy, at: datetime.datetime) -> bool:
    deadline = review_deadline(registration, policy)
    return deadline is not None and at > deadline


def _approved(
    registration: Registration, policy: RegistrationPolicy, protection: Protection | None
) -> Registration:
    return attrs.evolve(registration, protection=protection, discount=policy.discount)


def _after(
    decision: Decision[Any],
    before: Registration,
    account: RegisteredAccount,
    changed: Registration,
    action: RegistrationAction,
    at: datetime.datetime,
    by: str,
    **said: str | None,
) -> RegistrationMoved:
    """The step taken when it was allowed, and the account as it is then; otherwise everything as it was."""
    if decision.outcome in (False, Approving.REFUSED):
        return RegistrationMoved(decision, before, account)
    after = REGISTRATION_MOVES[before.state, action]
    step = RegistrationStep(action=action, after=after, at=at, by=by, **said)
    done = attrs.evolve(changed, steps=(*before.steps, step))
    return RegistrationMoved(decision, done, account.with_(done))
