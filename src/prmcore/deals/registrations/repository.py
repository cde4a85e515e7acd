"""What deal registration keeps, as aggregates for any store: see prmcore.repository."""

from __future__ import annotations

from prmcore.deals.registrations.due import Due
from prmcore.deals.registrations.model import RegisteredAccount, Registration
from prmcore.repository import Aggregate

__all__ = ["REGISTERED_ACCOUNTS", "REGISTRATIONS", "REGISTRATION_NOTICES"]

REGISTRATIONS: Aggregate[Registration] = Aggregate(
    "registration",
    Registration,
    lambda one: one.id,
    {
        "program": lambda one: one.program,
        "partner": lambda one: one.partner,
        "account": lambda one: one.account,
        "state": lambda one: one.state,
    },
)
REGISTERED_ACCOUNTS: Aggregate[RegisteredAccount] = Aggregate(
    "registered-account", RegisteredAccount, lambda one: one.id, {"program": lambda one: one.program}
)
REGISTRATION_NOTICES: Aggregate[Due] = Aggregate(
    "registration-notice",
    Due,
    lambda one: one.id,
    {"registration": lambda one: one.registration},
    is_log=True,
)
