"""Registrations in words: how one stands, who stands before it, and what is due, in no language yet."""

from __future__ import annotations

from prmcore.deals.registrations.due import Due, DueKind
from prmcore.deals.registrations.model import RegisteredAccount, RegisteredScope, Registration
from prmcore.decisions.explain import Said

__all__ = ["said_of_account", "said_of_due", "said_of_registration"]

_DUE = {
    DueKind.REVIEW_OVERDUE: "{registration} of {partner} should have been decided by {day}",
    DueKind.ENDING: "the protection of {registration} of {partner} ends before {until}",
    DueKind.EXTENSION_WAITING: "{partner} asked for an extension of {registration}, which ended before {until}",
    DueKind.ENDED: "{registration} of {partner} is no longer protected since {until}",
    DueKind.ANSWER_OVERDUE: "{partner} did not bring {registration} back in time",
}


def said_of_due(one: Due) -> Said:
    """One thing that is due."""
    values = {
        "registration": one.registration,
        "partner": one.partner,
        "until": one.until,
        "day": one.since.date(),
    }
    return Said(_DUE[one.kind], values)


def said_of_registration(registration: Registration) -> Said:
    """How a registration stands, and how it came there."""
    values = {"registration": registration.id, "partner": registration.partner, "state": registration.state}
    parts = [Said("customer: {customer}", {"customer": registration.deal.customer})]
    if registration.protection is not None and registration.protection.until is not None:
        period = {"first": registration.protection.start, "last": registration.protection.period.last_day}
        parts.append(Said("protected from {first} to {last}", period))
    elif registration.protection is not None:
        parts.append(Said("protected since {first}, without end", {"first": registration.protection.start}))
    if registration.discount is not None:
        parts.append(Said("adds {points} to the discount", {"points": registration.discount}))
    for step in registration.steps:
        if step.reason is not None:
            told = {"day": step.at.date(), "who": step.by, "state": step.after, "reason": step.reason}
            parts.append(Said("{day}, {who}: {state}, because {reason}", told))
    return Said("{registration} of {partner}: {state}", values, None, tuple(parts))


def said_of_account(account: RegisteredAccount) -> Said:
    """Who is registered for an account, and who waits."""
    return Said(
        "registered for {account}",
        {"account": account.account},
        None,
        tuple(map(_said_of_scope, account.scopes)),
    )


def _said_of_scope(one: RegisteredScope) -> Said:
    products = tuple(sorted(one.scope.products))
    values = {
        "registration": one.registration,
        "partner": one.partner,
        "products": products,
        "division": one.scope.division,
    }
    message = "{registration} of {partner} is approved" if one.holds else "{registration} of {partner} waits"
    parts = [Said("products: {products}", values)] if products else [Said("all products", {})]
    if one.scope.division is not None:
        parts.append(Said("division: {division}", values))
    return Said(message, values, None, tuple(parts))
