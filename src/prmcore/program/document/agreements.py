"""Files of agreements: their parties, papers and provisions, or a template and what fills it in, as TOML or JSON.

They are partners' data, and in a file of their own, which may hold any number of them. A small program may hold its
agreements itself, under the same keys.
"""

from __future__ import annotations

import csv
import datetime
from collections.abc import Iterable, Iterator, Mapping
from itertools import zip_longest
from pathlib import Path
from typing import Any, Literal

import attrs

from prmcore.contracts.agreements import (
    Agreement,
    AgreementKind,
    Clause,
    Document,
    Party,
    Provision,
    Template,
    agreements_from_rows,
    from_template,
    shipped_templates,
)
from prmcore.contracts.obligations import Obligation
from prmcore.errors import Fault, Faults, InvalidInput, repeated, unknown_name
from prmcore.program.document.reading import loaded, parsed
from prmcore.program.document.saved import separated, undecoded
from prmcore.values import DateRange, Text, checked_instant, first_instant
from prmcore.values.wire import from_plain, to_plain

__all__ = [
    "AGREEMENTS_FORMAT",
    "agreements_from",
    "agreements_in_table",
    "agreements_to",
    "load_agreements",
    "load_obligations",
    "obligations_from",
    "paper_from",
    "parse_agreements",
]

AGREEMENTS_FORMAT = "prmcore-agreements/1"
_TITLE = "the agreements cannot be read"
_EARLIEST = "Pacific/Kiritimati"  # UTC+14: no place has a day earlier


@attrs.frozen(kw_only=True)
class PaperDocument:
    """A paper, such as an amendment."""

    id: str
    document_class: str
    known_since: datetime.datetime | None = (
        None  # None = since the day of its signature begins anywhere, or is read while nobody has signed it
    )
    signed_on: datetime.date | None = None
    effective_from: datetime.date | None = None
    rank: int | None = None
    title: str | None = None


@attrs.frozen(kw_only=True)
class ProvisionDocument:
    """What a paper says on one point."""

    key: str
    clause: Clause
    document: str | None = None  # None = the first
    number: str | None = None
    page: int | None = None
    effective: DateRange | None = None
    known_since: datetime.datetime | None = None
    text: Text | None = None


@attrs.frozen(kw_only=True)
class AgreementDocument:
    """One agreement: with a template its kind and first provisions come from there."""

    id: str
    partner: str
    parties: tuple[Party, ...]
    kind: AgreementKind | None = None
    template: str | None = None
    values: Mapping[str, Any] = attrs.field(factory=dict)  # what fills the template in
    documents: tuple[PaperDocument, ...]
    provisions: tuple[ProvisionDocument, ...] = ()


@attrs.frozen(kw_only=True)
class AgreementsDocument:
    """A file of agreements."""

    format: Literal["prmcore-agreements/1"]
    agreements: tuple[AgreementDocument, ...] = ()
    obligations: tuple[Obligation, ...] = ()


def load_agreements(path: str | Path, *, read_at: datetime.datetime) -> tuple[Agreement, ...]:
    """The agreements in a file; `.json` is read as JSON, everything else as TOML.

    `read_at` is the instant since which paper is known that nobody has signed yet.
    """
    return loaded(path, lambda written: agreements_from(written, read_at=read_at), _TITLE)


def load_obligations(path: str | Path) -> tuple[Obligation, ...]:
    """What the same file says that parties have to do, under these agreements or under others."""
    return loaded(path, obligations_from, _TITLE)


def parse_agreements(
    text: str, *, read_at: datetime.datetime, is_json: bool = False
) -> tuple[Agreement, ...]:
    """The agreements that a text describes; faults carry their lines."""
    return parsed(text, lambda written: agreements_from(written, read_at=read_at), _TITLE, is_json=is_json)


def agreements_from(written: Any, *, read_at: datetime.datetime | None) -> tuple[Agreement, ...]:
    """The agreements that plain values describe, or every fault of all of them.

    Without `read_at` nothing says since when paper is known that nobody has signed: it has to say so itself.
    """
    return paper_from(written, read_at=read_at)[0]


def paper_from(
    written: Any, *, read_at: datetime.datetime | None
) -> tuple[tuple[Agreement, ...], tuple[Obligation, ...]]:
    """The agreements that plain values describe, and what they say that parties have to do; see `agreements_from`."""
    at = None if read_at is None else checked_instant(read_at, "read_at")
    file = from_plain(written, AgreementsDocument, _TITLE)
    faults, made = Faults("the agreements cannot be used"), []
    seen: set[str] = set()
    for place, one in enumerate(file.agreements):
        if one.id in seen:
            faults.add(f"{one.id!r:.60} is given twice", f"agreements[{place}].id")
        seen.add(one.id)
        with faults.within(f"agreements[{place}]"):
            made.append(_made(one, at))
    faults.raise_if_any()
    return tuple(made), file.obligations


def obligations_from(written: Any) -> tuple[Obligation, ...]:
    """What plain values say that parties have to do, also under agreements that stand elsewhere."""
    return from_plain(written, AgreementsDocument, _TITLE).obligations


def _made(one: AgreementDocument, at: datetime.datetime | None) -> Agreement:
    _check(one)
    template = None if one.template is None else shipped_templates()[one.template]
    kind = one.kind if template is None else template.kind
    assert kind is not None
    documents = tuple(_papers(one.documents, at))
    made = Agreement(id=one.id, kind=kind, partner=one.partner, parties=one.parties, documents=documents)
    first = documents[0].id
    provisions = tuple(_provision(written, written.document or first) for written in one.provisions)
    if template is not None:
        replaced = {said.key for said in provisions if said.document == first}
        begun = _begun(template, one.values, made)
        provisions = (*(said for said in begun if said.key not in replaced), *provisions)
    return attrs.evolve(made, provisions=provisions)


def _begun(template: Template, values: Mapping[str, Any], made: Agreement) -> tuple[Provision, ...]:
    """What a template says in the first document."""
    first = made.documents[0]
    faults = Faults("the template cannot be used")
    with faults.within("values"):
        drafted = from_template(
            template,
            values,
            id=made.id,
            partner=made.partner,
            parties=made.parties,
            known_since=first.known_since,
        )
    faults.raise_if_any()
    return tuple(attrs.evolve(said, document=first.id) for said in drafted.provisions)


def _check(one: AgreementDocument) -> None:
    """That its parts go together."""
    faults = Faults("the agreement cannot be used")
    ids = [paper.id for paper in one.documents]
    if not ids:
        faults.add("found none; accepted: one at least", "documents")
    for place, written in enumerate(one.provisions):
        if written.document is not None and written.document not in ids:
            faults.add(unknown_name("document", written.document, ids), f"provisions[{place}].document")
    if one.template is None:
        if one.kind is None:
            faults.add("is missing; accepted: a kind, or a template that has one", "kind")
        if one.values:
            faults.add("found some, and no template that they fill in", "values")
    else:
        if one.template not in shipped_templates():
            faults.add(unknown_name("template", one.template, shipped_templates()), "template")
        if one.kind is not None:
            faults.add("found one; accepted: none, it is that of the template", "kind")
    faults.raise_if_any()


def _papers(papers: Iterable[PaperDocument], at: datetime.datetime | None) -> Iterator[Document]:
    faults = Faults("the agreement cannot be used")
    for place, paper in enumerate(papers):
        since = paper.known_since
        if since is None:
            since = at if paper.signed_on is None else first_instant(_EARLIEST, paper.signed_on)
        if since is None:
            faults.add(
                "is missing, and nobody has signed it; accepted: signed_on, or since when it is known",
                f"documents[{place}].known_since",
            )
            continue
        with faults.within(f"documents[{place}]"):
            yield Document(**{**attrs.asdict(paper, recurse=False), "known_since": since})
    faults.raise_if_any()


def _provision(written: ProvisionDocument, document: str) -> Provision:
    return Provision(**{**attrs.asdict(written, recurse=False), "document": document})


def agreements_in_table(
    lines: Iterable[str], *, read_at: datetime.datetime, day_first: bool | None = None
) -> tuple[Agreement, ...]:
    """The agreements of a CSV file, one a row: see `prmcore.contracts.agreements.agreements_from_rows`.

    What is signed counts as known since its day, what is not since `read_at`: the same file again says the same.
    """
    found = agreements_from_rows(_rows(lines), known_since=read_at, day_first=day_first)
    return tuple(attrs.evolve(one, documents=tuple(map(_since_signed, one.documents))) for one in found)


def _rows(lines: Iterable[str]) -> list[tuple[int, dict[str, str]]]:
    """The rows by column, each with the line it ends on; a row that ends early leaves the other columns empty."""
    faults, rows = Faults("the table of agreements cannot be read"), []
    reader = csv.reader(lines)
    try:
        header = next(reader, [])
        message = undecoded("".join(header)) or (separated(header[0]) if len(header) == 1 else None)
        if message:
            raise InvalidInput(faults.title, [Fault(message, line=reader.line_num)])
        for name in repeated(header):
            faults.add(f"the column {name[:60]!r} stands there twice", line=reader.line_num)
        for cells in reader:
            if len(cells) > len(header):
                faults.add(f"found {len(cells)} columns; the header has {len(header)}", line=reader.line_num)
            if message := undecoded("".join(cells)):
                faults.add(message, line=reader.line_num)
            if cells:
                rows.append((reader.line_num, dict(zip_longest(header, cells[: len(header)], fillvalue=""))))
    except csv.Error as error:
        faults.add(f"is not CSV: {error}", line=reader.line_num)
    faults.raise_if_any()
    return rows


def _since_signed(paper: Document) -> Document:
    if paper.signed_on is None:
        return paper
    return attrs.evolve(paper, known_since=first_instant(_EARLIEST, paper.signed_on))


def agreements_to(agreements: Iterable[Agreement]) -> dict[str, Any]:
    """Agreements as a file holds them: the exact way back, without the template that one began with."""
    return {"format": AGREEMENTS_FORMAT, "agreements": [_compact(to_plain(one)) for one in agreements]}


def _compact(value: Any) -> Any:
    """Without what is not said."""
    if isinstance(value, dict):
        return {key: _compact(part) for key, part in value.items() if part is not None}
    return [_compact(part) for part in value] if isinstance(value, (list, tuple)) else value
