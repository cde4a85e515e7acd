"""The records of account identity: accounts as they are written down, and whether two of them are one company."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum

import attrs

from prmcore.errors import Faults, repeated
from prmcore.territory.identity.domains import read_domain
from prmcore.territory.identity.keys import KeyKind, StrongKey
from prmcore.territory.identity.phones import phone_key
from prmcore.values import DateRange, checked_id

__all__ = ["Account", "Address", "Crowd", "NameKind", "OtherName", "Pair", "Sameness"]

LONGEST = 400  # characters of a name or an address
MOST = 100  # of each, of one account
EVER = DateRange()


class Sameness(StrEnum):
    """Whether two accounts are one company."""

    SAME = "same"
    POSSIBLE = "possible"  # a person has to look
    DISTINCT = "distinct"


class NameKind(StrEnum):
    """How a company came to another name."""

    FORMER = "former"  # it was called so
    ALIAS = "alias"  # it is called so
    ENGLISH = "english"
    TRADE = "trade"  # it does business under it


@attrs.frozen(kw_only=True)
class OtherName:
    """Another name of a company, and when it had it."""

    name: str
    kind: NameKind = NameKind.ALIAS
    valid: DateRange = EVER

    def __attrs_post_init__(self) -> None:
        faults = Faults("the name cannot be used")
        _check_words(faults, self.name, "name")
        faults.raise_if_any()


@attrs.frozen(kw_only=True)
class Address:
    """Where a company is, as it is written."""

    text: str
    postcode: str | None = None
    country: str | None = None  # ISO 3166-1, two letters; None = that of the account

    def __attrs_post_init__(self) -> None:
        faults = Faults("the address cannot be used")
        _check_words(faults, self.text, "text")
        if self.postcode is not None:
            _check_words(faults, self.postcode, "postcode", 20)
        _check_country(faults, self.country)
        faults.raise_if_any()


@attrs.frozen(kw_only=True, cache_hash=True)
class Account:
    """A company as one list has it: whatever is known, as it was written."""

    id: str
    name: str
    reading: str | None = None  # of the name, in kana
    other_names: tuple[OtherName, ...] = ()
    country: str | None = None  # ISO 3166-1, two letters
    addresses: tuple[Address, ...] = ()
    domains: tuple[str, ...] = ()  # hosts, URLs or e-mail addresses
    phones: tuple[str, ...] = ()
    keys: tuple[StrongKey, ...] = ()

    def __attrs_post_init__(self) -> None:
        faults = Faults("the account cannot be used")
        if not _is_plain(self.id):
            with faults.within("id"):
                checked_id(self.id)
        _check_words(faults, self.name, "name")
        if self.reading is not None:
            _check_words(faults, self.reading, "reading")
        _check_country(faults, self.country)
        if self.other_names:
            _check_count(faults, self.other_names, "other_names")
        if self.addresses:
            _check_count(faults, self.addresses, "addresses")
        if self.domains:
            _check_domains(faults, self.domains)
        if self.phones:
            _check_phones(faults, self.phones, self.country)
        if self.keys:
            _check_keys(faults, self.keys)
        faults.raise_if_any()


@attrs.frozen
class Crowd:
    """A domain, or a phone, that many accounts of a list have."""

    of: str  # the registered domain; the phone as it is compared
    count: int


@attrs.frozen
class Pair:
    """Two accounts, and what is known of the list that they come from. Which of them is the first does not matter."""

    first: Account
    second: Account
    crowds: tuple[Crowd, ...] = ()  # what too many accounts of the list have to say anything


def _is_plain(id: object) -> bool:
    """Whether it is an id at first sight, as most are: to look at each sign costs more than all the other checks."""
    return isinstance(id, str) and id.isascii() and id.isalnum() and len(id) <= 100


def _check_words(faults: Faults, text: object, path: str, longest: int = LONGEST) -> None:
    if not isinstance(text, str) or len(text) > longest or not any(map(str.isalnum, text)):
        faults.add(f"found {text!r:.60}; accepted: a letter or digit, at most {longest} characters", path)


_COUNTRY = re.compile(r"[A-Z]{2}")


def _check_country(faults: Faults, country: object) -> None:
    if country is not None and not (isinstance(country, str) and _COUNTRY.fullmatch(country)):
        faults.add(f"found {country!r:.40}; accepted: two letters of ISO 3166-1, such as JP", "country")


def _check_count(faults: Faults, several: Sequence[object], path: str) -> bool:
    if len(several) > MOST:
        faults.add(f"found {len(several)}; accepted: at most {MOST}", path)
    return len(several) <= MOST


def _check_domains(faults: Faults, domains: tuple[str, ...]) -> None:
    for place, one in enumerate(domains if _check_count(faults, domains, "domains") else ()):
        with faults.within(f"domains[{place}]"):
            read_domain(one)


def _check_phones(faults: Faults, phones: tuple[str, ...], country: str | None) -> None:
    for place, one in enumerate(phones if _check_count(faults, phones, "phones") else ()):
        with faults.within(f"phones[{place}]"):
            phone_key(one, country if isinstance(country, str) else None)


def _check_keys(faults: Faults, keys: tuple[StrongKey, ...]) -> None:
    """One company has one number of each register; of D-U-N-S numbers one for each location."""
    identities = {one.identity for one in keys if one.kind is not KeyKind.DUNS}
    for namespace in repeated(namespace for namespace, _ in identities):
        found = ", ".join(sorted(number for name, number in identities if name == namespace))
        faults.add(f"found {found} of {namespace}; accepted: one, for an account is one company", "keys")
    _check_count(faults, keys, "keys")
