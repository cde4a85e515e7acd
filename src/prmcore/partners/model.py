"""The partner: who it is, where it works, whom to talk to, and its status through time."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from enum import StrEnum
from itertools import combinations

import attrs

from prmcore.errors import Faults, unknown_name
from prmcore.values import ContactId, Dated, DateRange, PartnerId, ProgramId, Tree, checked_id, geography

__all__ = [
    "Contact", "ContactRole", "Enrolment", "Partner", "PartnerKind", "Reference", "Status", "hierarchy",
]  # fmt: skip


class PartnerKind(StrEnum):
    """What a partner does; it may do several of them."""

    RESELLER = "reseller"
    DISTRIBUTOR = "distributor"
    AGENCY = "agency"
    REFERRAL = "referral"
    SERVICE = "service"
    TECHNOLOGY = "technology"
    ALLIANCE = "alliance"
    OEM = "oem"


class Status(StrEnum):
    """Where the partnership stands on a day; what each status allows is in `policy.py`."""

    CANDIDATE = "candidate"
    ONBOARDING = "onboarding"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    ENDED = "ended"


class ContactRole(StrEnum):
    """What a person at the partner is asked about."""

    PRIMARY = "primary"
    EXECUTIVE = "executive"
    SALES = "sales"
    TECHNICAL = "technical"
    MARKETING = "marketing"
    FINANCE = "finance"
    LEGAL = "legal"


@attrs.frozen(kw_only=True)
class Contact:
    """A person at the partner."""

    id: ContactId
    name: str
    roles: frozenset[ContactRole] = frozenset()
    email: str | None = None
    phone: str | None = None
    language: str | None = None  # to write to them in; None = the partner's first


@attrs.frozen(kw_only=True)
class Enrolment:
    """A program that the partner takes part in, from its first day up to, not including, its end."""

    program: ProgramId  # the program's name, without a version
    period: DateRange = DateRange()


@attrs.frozen(kw_only=True)
class Reference:
    """What another system calls the partner."""

    system: str  # such as "salesforce"
    id: str

    @property
    def key(self) -> str:
        """System and id as one word, to ask a repository for."""
        return f"{self.system}|{self.id}"


@attrs.frozen(kw_only=True)
class Partner:
    """A partner company. Records are frozen: `attrs.evolve` changes them, `moved` changes the status.

    >>> partner = Partner(id=PartnerId("p-1"), name="株式会社サンプル", kinds=frozenset({PartnerKind.RESELLER}),
    ...                   countries=("JP",), languages=("ja",), time_zone="Asia/Tokyo")
    >>> partner.status_on(datetime.date(2026, 4, 1))
    <Status.CANDIDATE: 'candidate'>
    """

    id: PartnerId
    name: str
    kinds: frozenset[PartnerKind] = frozenset()
    parent: PartnerId | None = None  # the company it belongs to
    contacts: tuple[Contact, ...] = ()
    countries: tuple[str, ...] = ()  # ISO 3166-1, the home country first
    languages: tuple[str, ...] = ()  # such as ja, zh_Hans, the preferred one first
    time_zone: str | None = None  # IANA, such as Asia/Tokyo; deadlines fall at its midnight
    enrolments: tuple[Enrolment, ...] = ()
    references: tuple[Reference, ...] = ()
    lifecycle: Dated[Status] = Dated(())  # before its first day the partner is a candidate

    def __attrs_post_init__(self) -> None:
        faults = Faults(f"the partner {str(self.id)[:60]!r} cannot be used")
        with faults.within("id"):
            checked_id(self.id)
        if not self.name.strip():
            faults.add("is empty", "name")
        if self.parent == self.id:
            faults.add("is the partner itself", "parent")
        self._check_places(faults)
        self._check_once([contact.id for contact in self.contacts], "contacts", faults)
        self._check_once([reference.key for reference in self.references], "references", faults)
        self._check_enrolments(faults)
        faults.raise_if_any()

    def _check_places(self, faults: Faults) -> None:
        for place, country in enumerate(self.countries):
            if len(country) != 2 or country not in geography() or country in geography().groups:
                message = f"found {country!r:.40}; accepted: an ISO 3166-1 code such as JP"
                faults.add(message, f"countries[{place}]")
        spoken = [(f"languages[{place}]", language) for place, language in enumerate(self.languages)]
        spoken += [
            (f"contacts[{place}].language", one.language)
            for place, one in enumerate(self.contacts)
            if one.language
        ]
        for path, language in spoken:
            if not _is_language(language):
                faults.add(f"found {language!r:.40}; accepted: a language such as ja, zh_Hans", path)
        if self.time_zone is not None and self.time_zone not in _time_zones():
            faults.add(unknown_name("time zone", self.time_zone, _time_zones()), "time_zone")

    def _check_once(self, keys: list[str], path: str, faults: Faults) -> None:
        for key in sorted({key for key in keys if keys.count(key) > 1}):
            faults.add(f"{key!r} stands here twice", path)

    def _check_enrolments(self, faults: Faults) -> None:
        for (place, one), (_, other) in combinations(enumerate(self.enrolments), 2):
            if one.program == other.program and one.period.overlaps(other.period):
                faults.add(f"enrolled twice at a time in {one.program!r}", f"enrolments[{place}]")

    def status_on(self, day: datetime.date) -> Status:
        """The status in force on that day."""
        return self.lifecycle.get(day, Status.CANDIDATE) or Status.CANDIDATE

    def is_enrolled(self, program: str, day: datetime.date) -> bool:
        """Whether the partner takes part in the program on that day."""
        return any(one.program == program and day in one.period for one in self.enrolments)

    def contacts_for(self, role: ContactRole) -> tuple[Contact, ...]:
        """The people with that role; where there is none, the primary contacts."""
        return tuple(one for one in self.contacts if role in one.roles) or tuple(
            one for one in self.contacts if ContactRole.PRIMARY in one.roles
        )


def hierarchy(partners: Iterable[Partner]) -> Tree:
    """Parents and children as a tree of ids; a parent that is missing and a circle are refused, all at once."""
    parents: dict[str, str | None] = {partner.id: partner.parent for partner in partners}
    return Tree("partners", parents)


def _is_language(tag: str) -> bool:
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(tag.replace("-", "_")[:40]).language is not None
    except (UnknownLocaleError, ValueError):
        return False


def _time_zones() -> frozenset[str]:
    """Every time zone that CLDR knows by name, aliases included."""
    from babel.core import get_global

    zones: dict[str, str] = {**get_global("zone_territories"), **get_global("zone_aliases")}
    return frozenset(zones)
