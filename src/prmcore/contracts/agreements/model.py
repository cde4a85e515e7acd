"""An agreement as its paper: parties, documents, and what each document says on which point, from when, known since when.

Nothing is overwritten. An amendment is a further document with further provisions; which of them holds is decided when it
is asked for: see `precedence.py`.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from enum import StrEnum

import attrs

from prmcore.contracts.agreements.clauses import Clause
from prmcore.errors import Faults, PrmError, repeated, unknown_name
from prmcore.values import DateRange, Text, checked_date, checked_id, checked_instant, geography

__all__ = [
    "Agreement",
    "AgreementKind",
    "AlreadySigned",
    "Document",
    "Party",
    "Provision",
    "amended",
    "redrafted",
]


class AgreementKind(StrEnum):
    """What an agreement is for."""

    RESELLER = "reseller"
    DISTRIBUTOR = "distributor"
    AGENCY = "agency"
    REFERRAL = "referral"
    ALLIANCE = "alliance"
    OEM = "oem"
    NDA = "nda"


class AlreadySigned(PrmError):
    """A signed agreement was to be drafted anew; it changes by amendments only."""

    def __init__(self, agreement: str, signed_on: datetime.date) -> None:
        self.agreement, self.signed_on = agreement, signed_on
        super().__init__(
            f"the agreement {agreement!r} was signed on {signed_on}; accepted: an amendment, with `amended`"
        )


@attrs.frozen(kw_only=True)
class Party:
    """Somebody who signs, in a role."""

    role: str  # vendor, partner, guarantor ...
    id: str
    name: str
    country: str | None = None  # ISO 3166-1

    def __attrs_post_init__(self) -> None:
        faults = Faults("the party cannot be used")
        for name in ("role", "id", "name"):
            with faults.within(name):
                checked_id(getattr(self, name))
        if self.country is not None:
            with faults.within("country"):
                checked_id(self.country)
            known = geography()
            if len(self.country) != 2 or self.country not in known or self.country in known.groups:
                faults.add(f"found {self.country!r:.40}; accepted: an ISO 3166-1 code such as JP", "country")
        faults.raise_if_any()


@attrs.frozen(kw_only=True)
class Document:
    """One paper of the agreement."""

    id: str
    document_class: str  # in your words: master, amendment, order, schedule, policy, side-letter ...
    known_since: datetime.datetime  # when it came to be known here
    signed_on: datetime.date | None = None  # None = a draft: nothing in it holds
    effective_from: datetime.date | None = None  # None = from its signature on
    rank: int | None = None  # among its class, 1 first, where the precedence clause goes by stated ranks
    title: str | None = None

    def __attrs_post_init__(self) -> None:
        faults = Faults("the document cannot be used")
        for name in ("id", "document_class", "title"):
            if getattr(self, name) is not None:
                with faults.within(name):
                    checked_id(getattr(self, name))
        for name in ("signed_on", "effective_from"):
            if getattr(self, name) is not None:
                with faults.within(name):
                    checked_date(getattr(self, name))
        _check_known(faults, self.known_since)
        if self.rank is not None and (type(self.rank) is not int or not 1 <= self.rank <= 10_000):
            faults.add(f"found {self.rank!r:.40}; accepted: 1 to 10000", "rank")
        faults.raise_if_any()

    @property
    def counts_from(self) -> datetime.date | None:
        """The first day on which it holds; None = it is not signed."""
        return None if self.signed_on is None else self.effective_from or self.signed_on


@attrs.frozen(kw_only=True)
class Provision:
    """What one document says on one point."""

    key: str  # the point: two provisions of one key cannot both hold
    clause: Clause
    document: str  # its id
    number: str | None = None  # of the clause in it, such as 12.3
    page: int | None = None
    effective: DateRange | None = None  # None = as long as its document
    known_since: datetime.datetime | None = None  # None = since its document is
    text: Text | None = None  # its wording

    def __attrs_post_init__(self) -> None:
        faults = Faults("the provision cannot be used")
        for name in ("key", "document", "number"):
            if getattr(self, name) is not None:
                with faults.within(name):
                    checked_id(getattr(self, name))
        if self.page is not None and (type(self.page) is not int or not 1 <= self.page <= 100_000):
            faults.add(f"found {self.page!r:.40}; accepted: 1 to 100000", "page")
        if self.known_since is not None:
            _check_known(faults, self.known_since)
        faults.raise_if_any()

    @property
    def where(self) -> str:
        """Where it stands, to be found by a person: the document, and the clause of it."""
        return self.document if self.number is None else f"{self.document} {self.number}"


def _check_known(faults: Faults, known_since: datetime.datetime) -> None:
    with faults.within("known_since"):
        checked_instant(known_since, "known_since")


@attrs.frozen(kw_only=True)
class Agreement:
    """What parties have agreed on: their papers, in the order in which they came, and what these say on each point."""

    id: str
    kind: AgreementKind
    partner: str  # the id of the party that is the partner
    parties: tuple[Party, ...]
    documents: tuple[Document, ...]  # the first is the one that makes it an agreement
    provisions: tuple[Provision, ...] = ()

    def __attrs_post_init__(self) -> None:
        faults = Faults("the agreement cannot be used")
        with faults.within("id"):
            checked_id(self.id)
        parties = {party.id for party in self.parties}
        if self.partner not in parties:
            faults.add(unknown_name("party", str(self.partner), parties), "partner")
        if not self.documents:
            faults.add("found none; accepted: one at least", "documents")
        for what, ids in (
            ("parties", [party.id for party in self.parties]),
            ("documents", [one.id for one in self.documents]),
        ):
            for twice in repeated(ids):
                faults.add(f"{twice!r} is given twice", what)
        faults.raise_if_any()

    @property
    def signed_on(self) -> datetime.date | None:
        """When its first document was; None = it is a draft."""
        return self.documents[0].signed_on

    @property
    def is_signed(self) -> bool:
        return self.signed_on is not None

    def document(self, identity: str) -> Document | None:
        return next((one for one in self.documents if one.id == identity), None)


def redrafted(agreement: Agreement, provisions: Iterable[Provision]) -> Agreement:
    """A draft with other provisions; `AlreadySigned` when it is none any more."""
    if agreement.signed_on is not None:
        raise AlreadySigned(agreement.id, agreement.signed_on)
    return attrs.evolve(agreement, provisions=tuple(provisions))


def amended(agreement: Agreement, document: Document, provisions: Iterable[Provision]) -> Agreement:
    """The agreement with one more document; the same document and provisions again change nothing.

    What is refused, all at once: an agreement that is a draft, another document of the same id, provisions that stand in
    another document. An amendment that nobody has signed is kept, and does not hold.
    """
    given = tuple(provisions)
    faults = Faults(f"the agreement {agreement.id!r} cannot be amended")
    if not agreement.is_signed:
        faults.add(
            "found a draft; accepted: a signed agreement (a draft is changed with `redrafted`)", "agreement"
        )
    for place, one in enumerate(given):
        if one.document != document.id:
            faults.add(f"found {one.document!r}; accepted: {document.id!r}", f"provisions[{place}].document")
    there = agreement.document(document.id)
    said = tuple(one for one in agreement.provisions if one.document == document.id)
    if there is not None and (there, frozenset(said)) != (document, frozenset(given)):
        faults.add(f"there is another document {document.id!r}; accepted: an id of its own", "document.id")
    faults.raise_if_any()
    if there is not None:
        return agreement
    return attrs.evolve(
        agreement, documents=(*agreement.documents, document), provisions=(*agreement.provisions, *given)
    )
