"""Templates: a first draft by kind and country, as data, with what has to be filled in.

A placeholder is a value in braces of its own, such as "{start}": it is replaced as a whole, and never evaluated. The
templates that are shipped name the source of each default that a law gives. They are where a draft begins; they are not
legal advice.
"""

from __future__ import annotations

import datetime
import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib import resources
from typing import Any

import attrs

from prmcore.contracts.agreements.model import Agreement, AgreementKind, Document, Party, Provision
from prmcore.errors import Faults, joined_path, unknown_name
from prmcore.values import Text, checked_id
from prmcore.values.wire import from_plain

__all__ = ["Template", "from_template", "shipped_templates"]

_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]{0,60})\}", re.ASCII)
_DRAFT = "draft"


@attrs.frozen(kw_only=True)
class Template:
    """A draft with holes."""

    id: str  # such as agency/DE
    kind: AgreementKind
    country: str  # whose law it is written for
    title: Text
    sources: tuple[str, ...]  # of the defaults
    placeholders: Mapping[str, Text]  # what to fill in, and what it is
    provisions: tuple[Mapping[str, Any], ...]  # plain, without their document

    def __attrs_post_init__(self) -> None:
        faults = Faults("the template cannot be used")
        with faults.within("id"):
            checked_id(self.id)
        used = dict(placeholders_in(self.provisions, "provisions"))
        for path, name in used.items():
            if name not in self.placeholders:
                faults.add(unknown_name("placeholder", name, self.placeholders), path)
        for name in sorted(self.placeholders.keys() - set(used.values())):
            faults.add("nothing in the template asks for it", f"placeholders.{name}")
        faults.raise_if_any()


def from_template(
    template: Template,
    values: Mapping[str, Any],
    *,
    id: str,
    partner: str,
    parties: tuple[Party, ...],
    known_since: datetime.datetime,
) -> Agreement:
    """A draft with the placeholders filled in, from plain values as JSON and TOML hold them.

    Every placeholder that is missing, not known, or filled with what its clause cannot take is a fault with its path.
    """
    faults = Faults(f"the template {template.id!r} cannot be filled in")
    for path, name in placeholders_in(template.provisions, "provisions"):
        if name not in values:
            faults.add(f"{template.placeholders[name]} ({name}) is missing", path)
    for name in sorted(values.keys() - template.placeholders.keys()):
        faults.add(unknown_name("placeholder", name, template.placeholders), name)
    faults.raise_if_any()
    provisions = []
    for place, plain in enumerate(template.provisions):
        with faults.within(f"provisions[{place}]"):
            provisions.append(from_plain({**filled(plain, values), "document": _DRAFT}, Provision))
    faults.raise_if_any()
    document = Document(
        id=_DRAFT, document_class="master", known_since=known_since, title=str(template.title)
    )
    return Agreement(
        id=id,
        kind=template.kind,
        partner=partner,
        parties=parties,
        documents=(document,),
        provisions=tuple(provisions),
    )


@lru_cache(maxsize=1)
def shipped_templates() -> Mapping[str, Template]:
    """The templates that come with the library, by id."""
    folder = resources.files("prmcore.contracts.agreements").joinpath("templates")
    texts = sorted(
        (one.name, one.read_text("utf-8")) for one in folder.iterdir() if one.name.endswith(".toml")
    )
    found = [from_plain(tomllib.loads(text), Template) for _, text in texts]
    return {one.id: one for one in found}


def placeholders_in(plain: Any, path: str) -> Iterator[tuple[str, str]]:
    """Each placeholder with its path."""
    if isinstance(plain, Mapping):
        for key, value in plain.items():
            yield from placeholders_in(value, joined_path(path, str(key)))
    elif isinstance(plain, (list, tuple)):
        for place, value in enumerate(plain):
            yield from placeholders_in(value, f"{path}[{place}]")
    elif isinstance(plain, str) and (found := _PLACEHOLDER.fullmatch(plain)):
        yield path, found[1]


def filled(plain: Any, values: Mapping[str, Any]) -> Any:
    """Plain values with their placeholders replaced; one that has no value stays."""
    if isinstance(plain, Mapping):
        return {key: filled(value, values) for key, value in plain.items()}
    if isinstance(plain, (list, tuple)):
        return [filled(value, values) for value in plain]
    if isinstance(plain, str) and (found := _PLACEHOLDER.fullmatch(plain)):
        return values.get(found[1], plain)
    return plain
