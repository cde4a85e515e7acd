"""What every section of a program document is made with: the document, the faults so far, and what has been left out.

A section is read by a function `X_from(builder, document)` beside its way back, `X_to`. It goes on with what could be read: what
cannot be used takes what refers to it along, without further faults.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from prmcore.decisions import Criterion, FactField, FactSchema, Kind, Rule, RuleReason, Truth
from prmcore.decisions.wire import criterion_from
from prmcore.errors import Fault, Faults
from prmcore.program.document.names import name_fault
from prmcore.program.document.partial import Partial
from prmcore.program.document.shapes import FieldDocument, ProgramDocument
from prmcore.values import currency_digits
from prmcore.values.wire import to_plain

__all__ = ["Builder", "field_to"]


def _unread(facts: Any, as_of: Any) -> RuleReason:
    return RuleReason(Truth.UNKNOWN)


# in the place of a criterion that has a fault, of its own or of what it refers to
UNREAD = Rule("unread", _unread)


class Builder:
    """A program that is being made of a document."""

    def __init__(self, document: ProgramDocument, part: Partial) -> None:
        self.document, self.part = document, part
        self.lost = set(part.lost)
        self.currency: str | None = (
            None  # of money that names none; None = none is written, or it cannot be used
        )
        self.schemas: Mapping[str, FactSchema] = {}  # of the rows of each source
        self.faults = Faults("the program cannot be read")
        if not part.faults:
            self.faults.title = f"the program {document.name[:60]!r} cannot be used"

    def criterion(self, written: Any, schema: FactSchema, path: str) -> Criterion:
        """The criterion that was written; without a fault of its own when what it asks for has one already."""
        if self.lost and not self.lost.isdisjoint(_facts_in(written)):
            return UNREAD
        with self.faults.within(path):
            return criterion_from(written, schema)
        return UNREAD

    def criteria(self, written: Iterable[Any], schema: FactSchema, path: str) -> tuple[Criterion, ...]:
        """Criteria that must all be met."""
        return tuple(self.criterion(one, schema, f"{path}[{place}]") for place, one in enumerate(written))

    def field(self, name: str, document: FieldDocument, path: str) -> FactField:
        currency = None
        if document.kind is Kind.MONEY:
            currency = self.currency_of(document.currency, f"{path}.{name}.currency")
            if document.currency is None and self.lacks_currency:
                self.faults.add(
                    "money without a currency; give one here or for the program", f"{path}.{name}"
                )
        if document.kind is not Kind.MONEY and (document.currency or document.rounding):
            self.faults.add(
                f"only money has a currency and rounding; this is a {document.kind.value}", f"{path}.{name}"
            )
        if document.words and document.kind not in (Kind.CODE, Kind.CODES):
            self.faults.add(f"only codes have words; this is a {document.kind.value}", f"{path}.{name}.words")
        return FactField(name, document.kind, document.text, currency, words=tuple(document.words.items()))

    @property
    def lacks_currency(self) -> bool:
        """Whether money has to name its currency; one of the program that cannot be used is told where it stands."""
        return self.document.currency is None and not self.is_left_out("currency")

    def currency_of(self, named: str | None, path: str) -> str | None:
        """The currency that a part names, else the program's; None when it cannot be used, which is told where it stands."""
        return self.currency if named is None else self.known_currency(named, path)

    def known_currency(self, named: str, path: str) -> str | None:
        with self.faults.within(path):
            currency_digits(named)
            return named
        return None

    def policy_name(self, *part: str) -> str:
        """What the policy that is made of a part is called; without one, the program's own."""
        return "/".join((self.document.name, self.document.version, *part))

    def is_left_out(self, path: str) -> bool:
        """Whether something at or below a path could not be read."""
        original = self.part.original(Fault("", path)).path
        return any(one.path.startswith(original) for one in self.part.faults)

    def check_size(self, given: Collection[Any], most: int, path: str) -> None:
        if len(given) > most:
            self.faults.add(f"found {len(given)}; accepted: at most {most}", path)

    def check_keys(self, names: Mapping[str, Any], path: str, *, free: bool = False) -> None:
        for name in names:
            fault = name_fault(name, free=free)
            if fault:
                self.faults.add(fault, f"{path}.{name[:60]}")


def field_to(field: Any, program_currency: str | None) -> dict[str, Any]:
    """A field as it is written."""
    currency = None if field.currency == program_currency else field.currency
    words = {code: to_plain(text) for code, text in field.words}
    return {"kind": field.kind.value, "text": to_plain(field.text), "currency": currency, "words": words}


def _facts_in(written: Any, depth: int = 0) -> Iterator[str]:
    """The facts that a criterion names, as far as it can be read."""
    if isinstance(written, Mapping) and depth <= 32:
        if isinstance(written.get("fact"), str):
            yield written["fact"]
        written = [part for key, part in written.items() if key != "fact"]
    if isinstance(written, (list, tuple)) and depth <= 32:
        for part in written:
            yield from _facts_in(part, depth + 1)
