"""Evidence: what speaks for two accounts being one company, and what against it, line by line.

A `Profile` is what of an account can be compared on a day; `lines` compares two of them. Nothing is weighed here: how much
a line counts is said by the policy.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from enum import StrEnum
from functools import cached_property, lru_cache
from itertools import product
from typing import Any, NamedTuple

import attrs

from prmcore.territory.identity.addresses import AddressParts, read_address, same_place
from prmcore.territory.identity.domains import read_domain
from prmcore.territory.identity.forms import form_kind
from prmcore.territory.identity.keys import KeyKind
from prmcore.territory.identity.likeness import Likeness, Relation, Shape, are_alike, likeness, shape_of
from prmcore.territory.identity.model import Account, NameKind, OtherName
from prmcore.territory.identity.names import NameParts, initials, read_name, reading_key, romaji_key
from prmcore.territory.identity.phones import phone_key
from prmcore.territory.identity.romaji import latin_of, latin_skeleton

__all__ = ["Evidence", "EvidenceKind", "Name", "Profile", "Strength", "lines", "profile"]


class Strength(StrEnum):
    """How much a line of evidence can say at best."""

    STRONG = "strong"  # decides alone
    MEDIUM = "medium"  # decides with another
    WEAK = "weak"  # asks a person to look
    NONE = "none"  # is told, and says nothing


class EvidenceKind(StrEnum):
    """What was compared, and how it came out."""

    __hash__ = str.__hash__  # the one of `Enum` is written in Python, and kinds are looked up all the time

    SAME_ACCOUNT = "same account"  # the same in every part
    SAME_KEY = "same key"
    OTHER_KEY = "other key"
    SAME_NAME = "same name"
    FORMER_NAME = "former name"  # the name that one has is one that the other had
    SIMILAR_NAME = "similar name"
    SAME_READING = "same reading"
    SAME_SOUND = "same sound"  # kana on one side, Latin letters on the other
    SAME_INITIALS = "same initials"
    FAMILY = "family"  # one name holds the other
    OTHER_NUMBER = "other number"  # names that are alike but for a number
    OTHER_FORM = "other form"
    OTHER_READING = "other reading"
    SAME_DOMAIN = "same domain"
    CROWDED_DOMAIN = "crowded domain"  # the same, of too many accounts to say anything
    SAME_PHONE = "same phone"
    CROWDED_PHONE = "crowded phone"
    SAME_PLACE = "same place"
    OTHER_PLACE = "other place"
    OTHER_COUNTRY = "other country"
    OTHER_OFFICE = "other office"  # a branch on one side: the same company
    OTHER_LOCATION = "other location"  # D-U-N-S numbers, none of them in common


_STRENGTHS: Mapping[EvidenceKind, Strength] = {
    EvidenceKind.SAME_ACCOUNT: Strength.STRONG, EvidenceKind.SAME_KEY: Strength.STRONG, EvidenceKind.OTHER_KEY: Strength.STRONG, EvidenceKind.SAME_NAME: Strength.MEDIUM,
    EvidenceKind.FORMER_NAME: Strength.MEDIUM, EvidenceKind.SAME_DOMAIN: Strength.MEDIUM, EvidenceKind.SAME_PLACE: Strength.MEDIUM,
    EvidenceKind.OTHER_NUMBER: Strength.MEDIUM, EvidenceKind.OTHER_FORM: Strength.MEDIUM, EvidenceKind.OTHER_LOCATION: Strength.MEDIUM,
    EvidenceKind.CROWDED_DOMAIN: Strength.NONE, EvidenceKind.CROWDED_PHONE: Strength.NONE, EvidenceKind.OTHER_OFFICE: Strength.NONE,
}  # fmt: skip
KANA = re.compile("[ァ-ヺーヽヾ]{2,}")
AGAINST = frozenset(kind for kind in EvidenceKind if kind.value.startswith("other ")) - {
    EvidenceKind.OTHER_OFFICE
}
ABOUT_NAMES = frozenset((EvidenceKind.SAME_NAME, EvidenceKind.FORMER_NAME, EvidenceKind.SIMILAR_NAME))


@attrs.frozen
class Evidence:
    """One line: what was compared, and what was seen on either side."""

    kind: EvidenceKind
    first: str
    second: str
    count: int | None = None  # accounts of the list that have it; None = not counted

    @property
    def strength(self) -> Strength:
        return _STRENGTHS.get(self.kind, Strength.WEAK)

    @property
    def is_against(self) -> bool:
        return self.kind in AGAINST


class Name(NamedTuple):
    """A name as it is compared."""

    written: str
    parts: NameParts
    shape: Shape
    is_former: bool
    is_kana: bool


@attrs.frozen(slots=False, eq=False)
class Profile:
    """What of an account can be compared on a day."""

    names: tuple[Name, ...]  # the first is the one that it is kept under
    reading: str | None  # as written
    countries: frozenset[str]
    keys: frozenset[tuple[str, str]]
    domains: Mapping[str, str]  # as registered -> as written; none that everybody can use
    phones: Mapping[str, str]
    addresses: tuple[str, ...]
    has_kana: bool  # it is known how a name is read, in kana
    has_latin: bool  # a name is in Latin letters

    def is_apart_from(self, other: Profile) -> bool:
        """Whether the two are in countries, and in none together."""
        return bool(self.countries and other.countries) and self.countries.isdisjoint(other.countries)

    @cached_property
    def readings(self) -> frozenset[str]:
        """Of kana: the reading of the name, and names that are nothing but kana."""
        given = () if self.reading is None else (reading_key(self.reading),)
        return frozenset(filter(None, (*given, *(one.parts.key for one in self.names if one.is_kana))))

    @cached_property
    def sounds(self) -> frozenset[str]:
        """The same as Latin letters would spell it."""
        given = () if self.reading is None else (romaji_key(self.reading),)
        named = (
            latin_skeleton(latin_of(one.parts.core.replace(" ", ""))) for one in self.names if one.is_kana
        )
        return frozenset(filter(None, (*given, *named)))

    @property
    def latin(self) -> frozenset[str]:
        """Names in Latin letters, by their sound."""
        keys = (one.parts.key for one in self.names if one.parts.key.isascii())
        return frozenset(latin_skeleton(key) for key in keys if not key.isdigit())

    @cached_property
    def places(self) -> tuple[tuple[str, AddressParts], ...]:
        return tuple((one, address_parts(one)) for one in self.addresses)


def name_of(written: str, is_former: bool = False) -> Name:
    parts = read_name(written)
    return Name(
        written,
        parts,
        shape_of(parts),
        is_former,
        parts.is_japanese and KANA.fullmatch(parts.key) is not None,
    )


address_parts = lru_cache(65536)(read_address)


def profile(account: Account, as_of: datetime.date, shared: Collection[str] = ()) -> Profile:
    """What of the account can be compared on that day; `shared` are further hosts that say nothing of who uses them.

    A name that it had counts as a former one, and one that it is yet to have does not count.
    """
    name = name_of(account.name)
    names = (name, *_other_names(account, as_of)) if account.other_names else (name,)
    return Profile(
        names,
        account.reading,
        _countries(account) if account.country or account.addresses else NONE,
        frozenset([one.identity for one in account.keys]) if account.keys else NONE,
        _domains(account.domains, shared) if account.domains else {},
        {phone_key(one, account.country): one for one in account.phones} if account.phones else {},
        tuple([one.text for one in account.addresses]) if account.addresses else (),
        has_kana=account.reading is not None or any(one.is_kana for one in names),
        has_latin=any(one.parts.key.isascii() for one in names),
    )


NONE: frozenset[Any] = frozenset()


def _countries(account: Account) -> frozenset[str]:
    return frozenset(filter(None, (account.country, *(one.country for one in account.addresses))))


def _domains(written: Iterable[str], shared: Collection[str]) -> dict[str, str]:
    found = {}
    for one in written:
        domain = read_domain(one, shared)
        if domain.registered and not domain.is_shared:
            found[domain.registered] = one
    return found


def _other_names(account: Account, as_of: datetime.date) -> Iterator[Name]:
    for other in account.other_names:
        if other.valid.start is None or other.valid.start <= as_of:
            yield name_of(other.name, _is_former(other, as_of))


def _is_former(other: OtherName, as_of: datetime.date) -> bool:
    """A former name without an end ended on a day that nobody wrote down."""
    return as_of not in other.valid or (other.kind is NameKind.FORMER and other.valid.end is None)


def lines(first: Profile, second: Profile, crowds: Mapping[str, int] | None = None) -> tuple[Evidence, ...]:
    """What speaks for and against two accounts being one company.

    `crowds` are the domains and phones that too many accounts of a list have to say anything, with their number.
    """
    found = list(_of_keys(first, second)) if first.keys and second.keys else []
    found += _of_names(first, second)
    if first.domains and second.domains:
        found += _of_shared(
            first.domains, second.domains, crowds, EvidenceKind.SAME_DOMAIN, EvidenceKind.CROWDED_DOMAIN
        )
    if first.phones and second.phones:
        found += _of_shared(
            first.phones, second.phones, crowds, EvidenceKind.SAME_PHONE, EvidenceKind.CROWDED_PHONE
        )
    if first.addresses and second.addresses:
        found += _of_places(first, second)
    if first.is_apart_from(second):
        found.append(Evidence(EvidenceKind.OTHER_COUNTRY, min(first.countries), min(second.countries)))
    return tuple(found)


def _of_keys(first: Profile, second: Profile) -> Iterator[Evidence]:
    for _, number in sorted(first.keys & second.keys):
        yield Evidence(EvidenceKind.SAME_KEY, number, number)
    for namespace, number in sorted(first.keys - second.keys):
        if namespace in ONE_OF_SEVERAL:
            continue
        for other in sorted(theirs for name, theirs in second.keys if name == namespace):
            yield Evidence(EvidenceKind.OTHER_KEY, number, other)
    for namespace in ONE_OF_SEVERAL:
        ours, theirs = _numbers(first, namespace), _numbers(second, namespace)
        if ours and theirs and not set(ours) & set(theirs):
            yield Evidence(EvidenceKind.OTHER_LOCATION, ", ".join(ours), ", ".join(theirs))


# A company has one for each of its locations: another one can be of the same company, and of another one as well.
ONE_OF_SEVERAL = (KeyKind.DUNS.value,)


def _numbers(profile: Profile, namespace: str) -> list[str]:
    return sorted(number for name, number in profile.keys if name == namespace)


_NAME_KINDS = {
    Relation.SIMILAR: EvidenceKind.SIMILAR_NAME,
    Relation.FAMILY: EvidenceKind.FAMILY,
    Relation.NUMBERED: EvidenceKind.OTHER_NUMBER,
}
_BEST = (Relation.EQUAL, Relation.SIMILAR, Relation.NUMBERED, Relation.FAMILY, Relation.OTHER)


def _of_names(first: Profile, second: Profile) -> Iterator[Evidence]:
    one, other, found = _nearest(first, second)
    if found.relation is Relation.EQUAL:
        former = one.is_former or other.is_former
        kind = EvidenceKind.FORMER_NAME if former else EvidenceKind.SAME_NAME
        yield Evidence(kind, one.written, other.written)
    elif found.relation in _NAME_KINDS:
        yield Evidence(_NAME_KINDS[found.relation], one.written, other.written)
    if are_alike(found):
        if forms_differ(one.parts.forms, other.parts.forms, first.is_apart_from(second)):
            yield Evidence(EvidenceKind.OTHER_FORM, one.written, other.written)
        if one.parts.branch != other.parts.branch:
            yield Evidence(EvidenceKind.OTHER_OFFICE, one.written, other.written)
    if found.relation is not Relation.EQUAL:
        yield from _of_sound(first, second)
    elif (
        kind is EvidenceKind.SAME_NAME
        and first.reading
        and second.reading
        and not first.readings & second.readings
    ):
        yield Evidence(EvidenceKind.OTHER_READING, first.reading, second.reading)


def _nearest(first: Profile, second: Profile) -> tuple[Name, Name, Likeness]:
    """The two names that are most alike: those of a like form, and current ones, before others."""
    if len(first.names) == len(second.names) == 1:
        return first.names[0], second.names[0], likeness(first.names[0].shape, second.names[0].shape)
    pairs = [(a, b, likeness(a.shape, b.shape)) for a in first.names for b in second.names]

    def order(pair: tuple[Name, Name, Likeness]) -> tuple[object, ...]:
        a, b, found = pair
        differ = are_alike(found) and forms_differ(a.parts.forms, b.parts.forms, first.is_apart_from(second))
        named = min((a.written, b.written), (b.written, a.written))
        return (
            not are_alike(found),
            differ,
            _BEST.index(found.relation),
            a.is_former or b.is_former,
            found.slips,
            named,
        )

    return min(pairs, key=order)


def _of_sound(first: Profile, second: Profile) -> Iterator[Evidence]:
    if first.has_kana or second.has_kana:
        if first.readings & second.readings:
            yield Evidence(EvidenceKind.SAME_READING, _as_read(first), _as_read(second))
        elif _sound_alike(first, second) or _sound_alike(second, first):
            yield Evidence(EvidenceKind.SAME_SOUND, _as_read(first), _as_read(second))
    for one, other in product(first.names, second.names):
        if _is_initials(one.parts, other.parts) or _is_initials(other.parts, one.parts):
            yield Evidence(EvidenceKind.SAME_INITIALS, first.names[0].written, second.names[0].written)
            return


def _is_initials(short: NameParts, long: NameParts) -> bool:
    """Whether one name is the initials of the other, three letters or more."""
    return 2 < len(short.key) <= len(long.words) and (initials(long) or "").casefold() == short.key


def _sound_alike(kana: Profile, latin: Profile) -> bool:
    return kana.has_kana and latin.has_latin and not kana.sounds.isdisjoint(latin.latin)


def _as_read(profile: Profile) -> str:
    return profile.reading or profile.names[0].written


def _of_shared(
    first: Mapping[str, str],
    second: Mapping[str, str],
    crowds: Mapping[str, int] | None,
    same: EvidenceKind,
    crowded: EvidenceKind,
) -> list[Evidence]:
    """One line for what both have: that which few have goes before that which many have."""
    common = sorted(first.keys() & second.keys(), key=lambda one: ((crowds or {}).get(one, 0), one))
    if not common:
        return []
    one, count = common[0], (crowds or {}).get(common[0])
    return [Evidence(crowded if count else same, first[one], second[one], count)]


def _of_places(first: Profile, second: Profile) -> list[Evidence]:
    """One line: the same place if any two addresses are, another if all of them are told apart."""
    pairs = [(a, b, same_place(x, y)) for a, x in first.places for b, y in second.places]
    for kind, answer in ((EvidenceKind.SAME_PLACE, True), (EvidenceKind.OTHER_PLACE, False)):
        found = [(a, b) for a, b, same in pairs if same is answer]
        if found and (answer or len(found) == len(pairs)):
            return [Evidence(kind, *min(found, key=sorted))]
    return []


# Forms that stand for one another: a translation chosen at will, or a habit of writing.
_ENGLISH = frozenset(("LTD", "CO LTD", "CO", "INC", "CORP", "CO INC"))
_LIKE: Mapping[str, frozenset[str]] = {
    "KK": _ENGLISH,
    "YK": frozenset(("LTD", "CO LTD", "CO", "INC", "LLC")),
    "GK": frozenset(("LLC", "LTD", "CO LTD", "CO", "INC")),
    "有限公司": frozenset(("CO LTD", "LTD", "CO", "INC", "LLC")),
    "有限责任公司": frozenset(("CO LTD", "LTD", "CO", "INC", "LLC", "有限公司")),
    "股份有限公司": _ENGLISH,
    "주식회사": _ENGLISH,
    "유한회사": frozenset(("LTD", "CO LTD", "LLC", "CO")),
    "CO LLC": frozenset(("LLC",)),
    "FZ LLC": frozenset(("LLC",)),
    "OOO": frozenset(("LLC", "ООО", "LTD")),
    "ZAO": frozenset(("CJSC", "JSC", "ЗАО")),
    "OAO": frozenset(("OJSC", "JSC", "ОАО")),
    "PAO": frozenset(("PJSC", "JSC", "ПАО")),
    "PT": frozenset(("PT TBK", "TBK")),
    "AB": frozenset(("ABP",)),
}
_SHORTENED = frozenset(("LTD", "CO LTD"))  # of what ends in LTD: PTY LTD, PTE LTD, PVT LTD


def forms_differ(first: tuple[str, ...], second: tuple[str, ...], apart: bool = False) -> bool:
    """Whether two legal forms cannot be of one company; one that is not told differs from none.

    English forms stand for one another in one country, where lists are careless, and in two (`apart`) do not: Ltd and Inc are of
    different laws. A 株式会社 translates its form as it likes.

    >>> forms_differ(("KK",), ("GMBH",)), forms_differ(("KK",), ("INC",)), forms_differ(("LTD",), ("INC",), apart=True)
    (True, False, True)
    """
    if not first or not second or set(first) & set(second):
        return False
    return not any(_stand_for_one(a, b, apart) for a in first for b in second)


def _stand_for_one(first: str, second: str, apart: bool) -> bool:
    if second in _LIKE.get(first, ()) or first in _LIKE.get(second, ()):
        return True
    if first in _ENGLISH and second in _ENGLISH:
        return not apart
    for one, short in ((first, second), (second, first)):
        if one.endswith(" LTD") and short in _SHORTENED:
            return True
    return not (_is_told(first) and _is_told(second))


def _is_told(form: str) -> bool:
    return form in _LIKE or form in _ENGLISH or form_kind(form) is not None or form.endswith(("会社", "法人"))
