"""Accounts: what can be written down about a company, and every fault of it at once."""

import datetime
from collections.abc import Callable

import pytest

from prmcore.errors import InvalidInput
from prmcore.territory.identity.keys import strong_key
from prmcore.territory.identity.model import Account, Address, NameKind, OtherName, Sameness
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


LONG, X = "x" * 401, "x" * 59
WORDS = "accepted: a letter or digit, at most 400 characters"


@pytest.mark.parametrize(
    ("parts", "faults"),
    [
        ({"name": "x" * 400}, []),
        ({"name": LONG}, [f"found '{X}; {WORDS} @ name"]),
        ({"name": ""}, [f"found ''; {WORDS} @ name"]),
        ({"name": "- a -"}, []),
        ({"name": "- -"}, [f"found '- -'; {WORDS} @ name"]),
        ({"name": None}, [f"found None; {WORDS} @ name"]),
        ({"reading": "ア"}, []),
        ({"reading": "?"}, [f"found '?'; {WORDS} @ reading"]),
        ({"reading": LONG}, [f"found '{X}; {WORDS} @ reading"]),
        ({"id": ""}, ["found ''; accepted: an id of 1 to 200 characters @ id"]),
        ({"id": 7}, ["found 7; accepted: an id of 1 to 200 characters @ id"]),
        ({"id": "x" * 200}, []),
        ({"id": "x" * 201}, [f"found '{X}; accepted: an id of 1 to 200 characters @ id"]),
        ({"id": "a b"}, []),
        ({"id": "é"}, []),
        ({"id": "a\n"}, ["found 'a\\n'; accepted: an id without outer blanks, in Unicode NFC @ id"]),
        ({"country": "JP"}, []),
        ({"country": "jp"}, ["found 'jp'; accepted: two letters of ISO 3166-1, such as JP @ country"]),
        ({"country": "JPN"}, ["found 'JPN'; accepted: two letters of ISO 3166-1, such as JP @ country"]),
        ({"country": 81, "phones": ("03-1234-5678",)}, ["found 81; accepted: two letters of ISO 3166-1, such as JP @ country"]),
        ({"other_names": (OtherName(name="Acme"),) * 100}, []),
        ({"other_names": (OtherName(name="Acme"),) * 101}, ["found 101; accepted: at most 100 @ other_names"]),
        ({"addresses": (Address(text="Oslo"),) * 100}, []),
        ({"addresses": (Address(text="Oslo"),) * 101}, ["found 101; accepted: at most 100 @ addresses"]),
        ({"domains": ("acme.com",) * 100}, []),
        ({"domains": ("no domain",) * 101}, ["found 101; accepted: at most 100 @ domains"]),
        ({"domains": ("acme.com", "@")}, ["found '@'; accepted: a host, a URL or an e-mail address, such as example.co.jp @ domains[1]"]),
        ({"phones": ("03-1234-5678",) * 100}, []),
        ({"phones": ("1",) * 101}, ["found 101; accepted: at most 100 @ phones"]),
        ({"phones": ("03-1234-5678", "1")}, ["found '1'; accepted: a phone number of 5 digits or more @ phones[1]"]),
        ({"keys": tuple(strong_key("duns", f"{one:09}") for one in range(100))}, []),
        ({"keys": tuple(strong_key("duns", f"{one:09}") for one in range(101))}, ["found 101; accepted: at most 100 @ keys"]),
        ({"keys": (strong_key("vat", "DE136695976"), strong_key("vat", "DE129274202"))},
         ["found 129274202, 136695976 of vat DE; accepted: one, for an account is one company @ keys"]),
        ({"keys": (strong_key("duns", "150483782"), strong_key("siren", "732829320"), strong_key("siren", "404833048"))},
         ["found 404833048, 732829320 of siren; accepted: one, for an account is one company @ keys"]),
    ],
)  # fmt: skip
def test_an_account_is_refused_for_what_cannot_be_written_down(
    parts: dict[str, object], faults: list[str]
) -> None:
    whole = {"id": "a", "name": "Acme", **parts}
    if not faults:
        account = Account(**whole)  # type: ignore[arg-type]
        assert all(getattr(account, name) == value for name, value in whole.items())
        return
    with pytest.raises(InvalidInput) as refused:
        Account(**whole)  # type: ignore[arg-type]
    assert refused.value.title == "the account cannot be used"
    assert [str(fault) for fault in refused.value.faults] == faults


@pytest.mark.parametrize(
    ("parts", "faults"),
    [
        ({"text": "x" * 400}, []),
        ({"text": LONG}, [f"found '{X}; {WORDS} @ text"]),
        ({"text": "Oslo", "postcode": "1" * 20}, []),
        ({"text": "Oslo", "postcode": ""}, ["found ''; accepted: a letter or digit, at most 20 characters @ postcode"]),
        ({"text": "Oslo", "country": "no"}, ["found 'no'; accepted: two letters of ISO 3166-1, such as JP @ country"]),
        ({"text": "", "postcode": "-", "country": ""}, [
            f"found ''; {WORDS} @ text", "found '-'; accepted: a letter or digit, at most 20 characters @ postcode",
            "found ''; accepted: two letters of ISO 3166-1, such as JP @ country"]),
    ],
)  # fmt: skip
def test_an_address_is_refused_for_what_cannot_be_written_down(
    parts: dict[str, str], faults: list[str]
) -> None:
    if not faults:
        assert Address(**parts).text == parts["text"]
        return
    with pytest.raises(InvalidInput) as refused:
        Address(**parts)
    assert refused.value.title == "the address cannot be used"
    assert [str(fault) for fault in refused.value.faults] == faults


def test_what_is_not_told_is_not_known() -> None:
    account = Account(id="a", name="Acme")
    assert (account.reading, account.country) == (None, None)
    assert (account.other_names, account.addresses, account.domains, account.phones, account.keys) == (
        (),
    ) * 5
    assert (Address(text="Oslo").postcode, Address(text="Oslo").country) == (None, None)
    other = OtherName(name="Acme")
    assert (other.kind, other.valid) == (NameKind.ALIAS, DateRange())
    with pytest.raises(InvalidInput, match="the name cannot be used"):
        OtherName(name="")


@pytest.mark.parametrize(
    ("kind", "parts"), [(Account, ("a", "Acme")), (Address, ("Oslo",)), (OtherName, ("Acme",))]
)
def test_each_part_is_given_by_its_name(kind: Callable[..., object], parts: tuple[str, ...]) -> None:
    with pytest.raises(TypeError):
        kind(*parts)


def test_the_words_that_are_stored_are_these() -> None:
    assert [one.value for one in NameKind] == ["former", "alias", "english", "trade"]
    assert [one.value for one in Sameness] == ["same", "possible", "distinct"]
