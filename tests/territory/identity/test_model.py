"""Accounts: what can be written down about a company, and every fault of it at once."""

import datetime

import pytest

from prmcore.errors import InvalidInput
from prmcore.territory.identity.keys import strong_key
from prmcore.territory.identity.model import Account, Address, NameKind, OtherName
from prmcore.values import DateRange
from prmcore.values.wire import from_plain, to_plain


def paths_of(error: InvalidInput) -> list[str]:
    return [fault.path for fault in error.faults]


def test_every_fault_of_an_account_comes_with_its_path() -> None:
    with pytest.raises(InvalidInput) as refused:
        Account(
            id=" a", name="!?", reading="", country="jp", domains=("example.com", "nowhere"), phones=("1",)
        )
    assert paths_of(refused.value) == ["id", "name", "reading", "country", "domains[1]", "phones[0]"]


def test_two_numbers_of_one_register_are_two_companies() -> None:
    keys = (strong_key("corporate_number", "7123456789012"), strong_key("corporate_number", "7010705000725"))
    with pytest.raises(InvalidInput, match="accepted: one, for an account is one company"):
        Account(id="a", name="Acme", keys=keys)


def test_the_offices_and_tax_numbers_of_one_company_are_one_number() -> None:
    keys = (strong_key("siren", "732829320"), strong_key("siret", "73282932000074"))
    assert len({key.identity for key in Account(id="a", name="Acme", keys=keys).keys}) == 1


def test_a_company_has_several_duns_numbers_and_vat_numbers_of_several_countries() -> None:
    keys = (
        strong_key("duns", "150483782"), strong_key("duns", "150483783"),
        strong_key("vat", "DE136695976"), strong_key("vat", "BE0697449992"),
    )  # fmt: skip
    assert Account(id="a", name="Acme", keys=keys).keys == keys


@pytest.mark.parametrize(
    ("make", "path"),
    [
        (lambda: Address(text="", country="JP"), "text"),
        (lambda: Address(text="Tokyo 1", country="Japan"), "country"),
        (lambda: Address(text="Tokyo 1", postcode="1" * 21), "postcode"),
        (lambda: OtherName(name="..."), "name"),
        (lambda: OtherName(name="x" * 401), "name"),
    ],
)
def test_addresses_and_other_names_are_checked_where_they_are_born(make: object, path: str) -> None:
    assert callable(make)
    with pytest.raises(InvalidInput) as refused:
        make()
    assert paths_of(refused.value) == [path]


def test_an_account_goes_through_plain_values_without_loss() -> None:
    account = Account(
        id="a-1", name="パナソニック株式会社", reading="パナソニック", country="JP",
        other_names=(OtherName(name="松下電器産業株式会社", kind=NameKind.FORMER, valid=DateRange(None, datetime.date(2008, 10, 1))),),
        addresses=(Address(text="大阪府門真市大字門真1006番地", postcode="571-8501"),),
        domains=("panasonic.com",), phones=("06-6908-1121",), keys=(strong_key("corporate_number", "7123456789012"),),
    )  # fmt: skip
    assert from_plain(to_plain(account), Account) == account
    assert hash(from_plain(to_plain(account), Account)) == hash(account)
