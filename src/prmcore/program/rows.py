"""Rows from files: good rows become facts, bad ones are reported with their line and reason, none is guessed."""

from __future__ import annotations

import csv
import datetime
import decimal
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import InvalidOperation
from fractions import Fraction
from typing import Any, TypeAlias, TypeVar

import attrs

from prmcore.decisions import FactField, Kind
from prmcore.decisions.wire import value_from
from prmcore.errors import Fault, InvalidInput, repeated, unknown_name
from prmcore.incentives import Accumulate, Component, Quota
from prmcore.partners import Enrolment, Partner, PartnerKind, Status
from prmcore.program.document.saved import header_faults, undecoded
from prmcore.program.document.shapes import FieldDocument
from prmcore.program.earning import reading_of
from prmcore.program.incentives import row_check
from prmcore.program.model import Program, ProgramVersions
from prmcore.territory.coverage import ACCOUNT, CoveragePolicy
from prmcore.values import (
    Dated,
    DateRange,
    Money,
    PartnerId,
    PeriodKind,
    ProgramId,
    QuotedRate,
    checked_id,
    is_points,
)  # fmt: skip
from prmcore.values.wire import from_plain

__all__ = [
    "PartnerRow", "Reject", "Rejected", "account_rows", "cell_of", "exchange_rows", "partner_rows", "quota_rows",
    "read_rows", "several", "source_rows",
]  # fmt: skip

_ROUNDINGS = {
    "half_even": decimal.ROUND_HALF_EVEN,
    "half_up": decimal.ROUND_HALF_UP,
    "down": decimal.ROUND_DOWN,
}
MOST_GUESSED = (
    1000  # partners that do not exist, for which it is said who may have been meant: comparing is slow
)
Rejected: TypeAlias = Callable[["Reject"], None]
T = TypeVar("T")


@attrs.frozen
class Reject:
    """A row that was not taken."""

    file: str
    line: int  # in the file, from 1; the header is line 1
    reason: str
    row: str  # as it stood there


@attrs.frozen
class PartnerRow:
    """A partner as the file of partners has it."""

    told: Mapping[str, Any]  # the fields of the partner's record that the file says something about
    enrolment: Enrolment
    given: Mapping[str, Any]  # the program's given facts

    @property
    def id(self) -> PartnerId:
        identity: PartnerId = self.told["id"]
        return identity

    @property
    def name(self) -> str:
        return str(self.told["name"])

    def partner(self, kept: Partner | None = None) -> Partner:
        """The partner's record: what the file says, over what was kept before; a new one is active from the start."""
        if kept is None:
            active = Dated(((self.enrolment.period, Status.ACTIVE),))
            return Partner(**{"lifecycle": active, **self.told}, enrolments=(self.enrolment,))
        others = tuple(one for one in kept.enrolments if one.program != self.enrolment.program)
        return attrs.evolve(kept, **self.told, enrolments=(*others, self.enrolment))


def read_rows(
    file: str,
    lines: Iterable[str],
    columns: list[str],
    read: Callable[[Mapping[str, str]], T],
    rejected: Rejected,
) -> Iterator[T]:
    """What `read` makes of each row of a CSV file that has these columns; a row that it refuses is rejected."""
    for number, row in _records(file, lines, columns, rejected):
        try:
            found = read(row)
        except InvalidInput as error:
            rejected(Reject(file, number, _reason(error), _shown(row)))
            continue
        yield found


def source_rows(
    program: Program | ProgramVersions,
    source: str,
    lines: Iterable[str],
    partners: frozenset[str] | None,
    rejected: Rejected,
) -> Iterator[tuple[str, datetime.date, tuple[Any, ...]]]:
    """The rows of one source, from the lines of its CSV file; `partners` are those that exist (None = any)."""
    document = program.sources[source]
    schema = program.registry.source(source).fields
    readers = [
        (document.fields[field.name].column or field.name, cell_of(field, document.fields[field.name]))
        for field in schema.fields
    ]
    columns = [document.partner, document.date, *(column for column, _ in readers)]
    check_partner = _partner_check(document.partner, partners)
    reading = reading_of(program)
    check = row_check(reading, schema) if reading is not None and reading.source == source else None

    def taken(row: Mapping[str, str]) -> tuple[str, datetime.date, tuple[Any, ...]]:
        partner = row[document.partner].strip()
        check_partner(partner)
        day = _day(document.date, row[document.date])
        values = tuple(_named(column, read, row[column]) for column, read in readers)
        if check is not None:
            check((partner, day, values))
        return partner, day, values

    yield from read_rows(source, lines, columns, taken, rejected)


def _partner_check(column: str, partners: frozenset[str] | None) -> Callable[[str], None]:
    """Refuses a partner that does not exist; None = any may."""

    reasons: dict[str, str] = {"": "is empty; accepted: a partner of the list of partners"}

    def check(partner: str) -> None:
        if partners is None or partner in partners:
            return
        if partner not in reasons and len(reasons) <= MOST_GUESSED:
            reasons[partner] = unknown_name("partner", partner, partners)
        raise InvalidInput(f"{column}: {reasons.get(partner) or f'unknown partner {partner[:100]!r}'}")

    return check


def partner_rows(
    program: Program | ProgramVersions, lines: Iterable[str], rejected: Rejected
) -> Iterator[PartnerRow]:
    """The partners: columns `partner`, `name`, one for each fact that the program is given, and any of `OF_PARTNERS`.

    Who is in the file takes part in the program: from the day `active_from` until before the day `ended_on`, as far as
    the file has these columns and says so.
    """
    readers = [(field.name, cell_of(field, FieldDocument(kind=field.kind))) for field in program.given]
    seen: set[str] = set()

    def taken(row: Mapping[str, str]) -> PartnerRow:
        partner = checked_id(row["partner"].strip())
        if partner in seen:
            raise InvalidInput(f"partner: {partner!r} stands here twice")
        given = {name: _named(name, read, row[name]) for name, read in readers}
        period = DateRange(
            *(_named(name, _day_or_none, row.get(name, "")) for name in ("active_from", "ended_on"))
        )
        told = {"id": partner, "name": row["name"].strip() or partner, **_told(row, period)}
        found = PartnerRow(told, Enrolment(program=ProgramId(program.name), period=period), given)
        found.partner()  # refuses what cannot be a partner
        seen.add(partner)
        return found

    columns = ["partner", "name", *(name for name, _ in readers)]
    yield from read_rows("partners", lines, columns, taken, rejected)


def account_rows(
    coverage: CoveragePolicy, lines: Iterable[str], rejected: Rejected
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The accounts to be covered: a column `account`, and one for each dimension that the file knows; an empty cell is unknown.

    A dimension without a column is unknown for all of them. What a dimension does not know is rejected with its row.
    """
    fields = {field.name: field for field in coverage.facts.fields if field.name != ACCOUNT}
    readers = {name: cell_of(field, FieldDocument(kind=field.kind)) for name, field in fields.items()}
    seen: set[str] = set()

    def taken(row: Mapping[str, str]) -> tuple[str, dict[str, Any]]:
        account = _named(ACCOUNT, checked_id, row[ACCOUNT].strip())
        if account in seen:
            raise InvalidInput(f"{ACCOUNT}: {account!r} stands here twice")
        values = {name: _named(name, read, row[name]) for name, read in readers.items() if name in row}
        coverage.check(coverage.account(account, **values))
        seen.add(account)
        return account, values

    yield from read_rows("accounts", lines, [ACCOUNT], taken, rejected)


def quota_rows(
    program: Program | ProgramVersions,
    lines: Iterable[str],
    partners: frozenset[str] | None,
    rejected: Rejected,
) -> Iterator[Quota]:
    """What partners were asked to reach: columns `partner`, `period`, `amount`, and `component` where it is of one only.

    A row that no calculation could ask for is rejected: of a partner that does not exist (None = any may), a period or a
    component that there is not, in another unit than the component's, or of what another row says already.
    """
    calendar = next(iter(program)).calendar if isinstance(program, ProgramVersions) else program.calendar
    asking = _asking_for_quotas(program)
    check_partner = _partner_check("partner", partners)
    seen: dict[tuple[str, str, str | None, str | None], int] = {}
    for number, row in _records("quotas", lines, ["partner", "period", "amount"], rejected):
        try:
            quota = Quota(
                payee=_named("partner", checked_id, row["partner"].strip()),
                period=calendar.named(row["period"].strip()).name,
                amount=_named("amount", _amount, row["amount"].strip()),
                component=row.get("component", "").strip() or None,
            )
            check_partner(quota.payee)
            unit = quota.amount.currency if isinstance(quota.amount, Money) else None
            _check_asked(quota, unit, calendar.named(quota.period).kind, asking)
            first = seen.setdefault((quota.payee, quota.period, quota.component, unit), number)
            if first != number:
                raise InvalidInput(f"line {first} says it already; accepted: one row for each quota")
        except InvalidInput as error:
            rejected(Reject("quotas", number, _reason(error), _shown(row)))
            continue
        yield quota


def _asking_for_quotas(program: Program | ProgramVersions) -> list[Component]:
    versions = program if isinstance(program, ProgramVersions) else (program,)
    plans = [plan for one in versions if one.incentives is not None for plan in one.incentives.plans]
    return [one for plan in plans for one in plan.components if one.needs_quota]


def _check_asked(quota: Quota, unit: str | None, kind: PeriodKind, asking: list[Component]) -> None:
    """Refuses a quota that no component asks for."""
    of = [one for one in asking if quota.component in (None, one.name)]
    if not of:
        raise InvalidInput(
            unknown_name("component with a quota", quota.component or "", {one.name for one in asking})
        )
    fitting = [one for one in of if one.quota_in == unit]
    if not fitting:
        units = sorted({one.quota_in or "units" for one in of})
        raise InvalidInput(f"amount: found {unit or 'a number of units'}; accepted: {', '.join(units)}")
    if all(one.period != kind for one in fitting if one.accumulate is not Accumulate.LIFETIME):
        periods = sorted({one.period for one in fitting})
        raise InvalidInput(f"period: {quota.period} is a {kind}; accepted: a {' or '.join(periods)}")
    if (quota.amount.minor if isinstance(quota.amount, Money) else quota.amount) <= 0:
        raise InvalidInput(f"amount: found {quota.amount}; accepted: more than zero")


def exchange_rows(lines: Iterable[str], rejected: Rejected) -> Iterator[QuotedRate]:
    """Rates of exchange: columns `day`, `source`, `target` and `rate`, units of the target for one of the source.

    A rate that stands there twice is rejected the second time; two for one day and pair are refused, with the file.
    """
    seen: dict[tuple[str, str, datetime.date], tuple[int, QuotedRate]] = {}
    for number, row in _records("exchange", lines, ["day", "source", "target", "rate"], rejected):
        try:
            day = _day("day", row["day"])
            rate = _named("rate", lambda text: value_from(Kind.NUMBER, text), row["rate"].strip())
            quoted = QuotedRate(row["source"].strip(), row["target"].strip(), day, rate)
            first, before = seen.setdefault((quoted.source, quoted.target, day), (number, quoted))
            if first != number and before == quoted:
                raise InvalidInput(f"line {first} says it already")
        except InvalidInput as error:
            rejected(Reject("exchange", number, _reason(error), _shown(row)))
            continue
        if first != number:
            message = f"{quoted.source}-{quoted.target} is quoted otherwise for {day} on line {first}"
            raise InvalidInput("exchange.csv cannot be used", [Fault(message, "rate", number)])
        yield quoted


def _amount(text: str) -> Money | Fraction:
    """Money, or a number of units."""
    return Money.parse(text) if " " in text else Fraction(value_from(Kind.NUMBER, text))


def several(text: str) -> tuple[str, ...]:
    """The parts of a cell that semicolons divide."""
    return tuple(part.strip() for part in text.split(";") if part.strip())


def _kinds(text: str) -> frozenset[PartnerKind]:
    return from_plain(list(several(text)), frozenset[PartnerKind])


OF_PARTNERS: Mapping[str, Callable[[str], Any]] = {  # columns that the file of partners may have
    "kinds": _kinds,
    "countries": several,
    "languages": several,
    "parent": lambda text: text or None,
    "time_zone": lambda text: text or None,
}


def _told(row: Mapping[str, str], period: DateRange) -> dict[str, Any]:
    told = {name: _named(name, read, row[name].strip()) for name, read in OF_PARTNERS.items() if name in row}
    if period != DateRange():
        ended = [(DateRange(period.end), Status.ENDED)] if period.end else []
        told["lifecycle"] = Dated(((period, Status.ACTIVE), *ended))
    return told


def _records(
    file: str, lines: Iterable[str], columns: list[str], rejected: Rejected
) -> Iterator[tuple[int, dict[str, str]]]:
    """Each row by column, with the line it starts on; rows of another length than the header are rejected."""
    feed = _Feed(lines)
    header = _header(file, feed, columns)
    while True:
        start = feed.next_row()
        try:
            cells = next(feed.reader, None)
        except csv.Error as error:
            rejected(Reject(file, start, f"not CSV: {error}", _cut(feed.first_line_only())))
            continue
        if cells is None:
            return
        if fault := next(filter(None, map(undecoded, feed.read)), None):
            rejected(Reject(file, start, fault, _cut(",".join(cells))))
        elif len(cells) == len(header):
            yield start, dict(zip(header, cells, strict=True))
        elif any(cell.strip() for cell in cells):
            reason = f"found {len(cells)} columns; the header has {len(header)}"
            if len(cells) > len(header):
                reason += '; accepted: as many, with double quotes around a cell that holds a comma: "a, b"'
            rejected(Reject(file, start, reason, _cut(",".join(cells))))


class _Feed:
    """Hands lines to a CSV reader, and takes those back that an unclosed quote had swallowed."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.lines = iter(lines)
        self.waiting: list[str] = []  # taken back, the next one last
        self.read: list[str] = []  # of the row that is being read
        self.before = 0  # lines before that row
        self.reader = csv.reader(self, strict=True)

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        self.read.append(self.waiting.pop() if self.waiting else next(self.lines))
        return self.read[-1]

    def next_row(self) -> int:
        """The line that the next row starts on."""
        self.before += len(self.read)
        self.read = []
        return self.before + 1

    def first_line_only(self) -> str:
        """Gives up on the row: its first line is spent, the others are read anew."""
        self.waiting.extend(reversed(self.read[1:]))
        self.read = self.read[:1]
        self.reader = csv.reader(self, strict=True)
        return self.read[0].rstrip("\r\n") if self.read else ""


def _cut(row: str) -> str:
    """So much of a row that it can be found again, in signs that every file can hold."""
    return row[:200].encode("utf-8", "backslashreplace").decode()


def _header(file: str, feed: _Feed, columns: list[str]) -> list[str]:
    first = next(feed.lines, "").removeprefix("\ufeff")
    if fault := undecoded(first):
        raise InvalidInput(f"{file}.csv cannot be read", [fault])
    feed.waiting = [first] if first else []
    try:
        header = [cell.strip() for cell in next(feed.reader, [])]
    except csv.Error as error:
        raise InvalidInput(f"{file}.csv cannot be read", [f"its header is not CSV: {error}"]) from None
    faults = header_faults(first, header, columns)
    faults += [f"the column {name[:60]!r} stands there twice" for name in repeated(header)]
    if faults:
        raise InvalidInput(f"{file}.csv cannot be read", faults)
    return header


def cell_of(field: FactField, document: FieldDocument) -> Callable[[str], Any]:
    """How a cell of this field is read; an empty one is unknown."""
    read: Callable[[str], Any] = {
        Kind.BOOL: _bool,
        Kind.COUNT: _count,
        Kind.CODES: lambda text: frozenset(part.strip() for part in text.split(";") if part.strip()),
        Kind.MONEY: lambda text: _money(text, str(field.currency), document.rounding),
    }.get(field.kind, lambda text: value_from(field.kind, text))
    return lambda text: read(text.strip()) if text.strip() else None


def _bool(text: str) -> bool:
    known = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
    if text.lower() not in known:
        raise InvalidInput(f"found {text!r:.40}; accepted: {', '.join(known)}")
    return known[text.lower()]


def _count(text: str) -> int:
    if len(text) > 18 or not text.removeprefix("-").isdecimal() or not text.isascii():
        raise InvalidInput(f"found {text!r:.40}; accepted: a whole number")
    return int(text)


def _money(text: str, currency: str, rounding: str | None) -> Money:
    """An amount in the column's currency, or one that names it itself."""
    amount, _, named = text.partition(" ")
    if len(text) > 60:
        raise InvalidInput(f"found {text!r:.40}; accepted: an amount such as 12.50")
    if named != currency and (_CURRENCY.fullmatch(named) or is_points(named)):
        raise InvalidInput(
            f"found {text!r:.40}; the column is in {currency}; accepted: that, or a field of its own for {named}"
        )
    try:
        return Money.of(
            amount if named == currency else text,
            currency,
            rounding=_ROUNDINGS[rounding] if rounding else None,
        )
    except InvalidOperation:
        raise InvalidInput(f"found {text!r:.40}; accepted: an amount such as 12.50") from None


_CURRENCY = re.compile("[A-Z]{3}")


def _day_or_none(text: str) -> datetime.date | None:
    day: datetime.date | None = value_from(Kind.DATE, text.strip()[:40]) if text.strip() else None
    return day


def _day(column: str, text: str) -> datetime.date:
    day: datetime.date | None = _named(column, _day_or_none, text)
    if day is None:
        raise InvalidInput(f"{column}: is empty; accepted: a date such as 2026-03-31")
    return day


def _named(column: str, read: Callable[[str], Any], text: str) -> Any:
    try:
        return read(text)
    except InvalidInput as error:
        raise InvalidInput(f"{column}: {_reason(error)}") from None


def _reason(error: InvalidInput) -> str:
    return "; ".join([error.title, *map(str, error.faults)])


def _shown(row: Mapping[str, str]) -> str:
    return _cut(",".join(row.values()))
