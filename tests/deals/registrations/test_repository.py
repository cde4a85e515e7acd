"""What a store is asked for: each record by its id, and by the keys that are looked up."""

from datetime import UTC, date, datetime
from typing import Any

from prmcore.deals.registrations import (
    Deal,
    Due,
    DueKind,
    RegisteredAccount,
    Registration,
    RegistrationState,
    Revision,
)
from prmcore.deals.registrations.repository import REGISTERED_ACCOUNTS, REGISTRATION_NOTICES, REGISTRATIONS

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


def kept(aggregate: Any, record: Any) -> tuple[Any, ...]:
    keys = {name: key(record) for name, key in aggregate.keys.items()}
    return aggregate.name, aggregate.record, aggregate.identity(record), keys, aggregate.is_log


def test_registrations_are_found_by_program_partner_account_and_state() -> None:
    written = Revision(deal=Deal(customer="Contoso"), at=AT, by="sato")
    one = Registration(id="R-1", program="acme", partner="P-1", revisions=(written,), account="A-1")
    keys = {"program": "acme", "partner": "P-1", "account": "A-1", "state": RegistrationState.DRAFT}
    assert kept(REGISTRATIONS, one) == ("registration", Registration, "R-1", keys, False)


def test_accounts_are_found_by_program() -> None:
    one = RegisteredAccount(program="acme", account="A-1")
    expected = ("registered-account", RegisteredAccount, "acme|A-1", {"program": "acme"}, False)
    assert kept(REGISTERED_ACCOUNTS, one) == expected


def test_notices_are_entries_of_a_log_found_by_registration() -> None:
    one = Due(
        id="D-1", kind=DueKind.ENDED, registration="R-1", partner="P-1", since=AT, until=date(2026, 3, 2)
    )
    expected = ("registration-notice", Due, "D-1", {"registration": "R-1"}, True)
    assert kept(REGISTRATION_NOTICES, one) == expected
