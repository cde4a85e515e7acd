"""The command `match`: which accounts of one list, or of two, are one company, and on what evidence."""

from __future__ import annotations

import argparse
import datetime
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import attrs

from prmcore.cli.folder import check_all_writable, opened, rejects_beside, write_csv, write_rejects
from prmcore.cli.screen import Screen
from prmcore.decisions import Decision
from prmcore.decisions.explain import Explanation, Said, Words, explain, put_into_words
from prmcore.errors import Faults, InvalidInput
from prmcore.program.rows import Reject, read_rows, several
from prmcore.territory.identity import (
    Account,
    Address,
    Crowd,
    EvidenceKind,
    Grouping,
    IdentityIndex,
    IdentityPolicy,
    KeyKind,
    NameKind,
    OtherName,
    Pair,
    Sameness,
    StrongKey,
    missing_libraries,
    strong_key,
)
from prmcore.territory.identity.grouping import group_index

__all__ = ["match_accounts", "read_accounts"]

MOST_SHOWN = 10  # pairs that a person has to look at
NAMES_ALIKE = frozenset((EvidenceKind.SAME_NAME, EvidenceKind.FORMER_NAME, EvidenceKind.SIMILAR_NAME))
COLUMNS = ["first", "second", "sameness", "points", "company", "first_name", "second_name", "evidence"]


def match_accounts(options: argparse.Namespace, screen: Screen) -> int:
    """Compares the accounts of the lists, and says which are one company; 1 when a person has to look at some."""
    lists = [path for path in (options.left, options.right) if path is not None]
    rejects_to = options.rejects or rejects_beside(options.left)
    check_all_writable((rejects_to, options.out), lists)
    rejects: list[Reject] = []
    accounts = list(_accounts_of(lists, options.country, rejects.append))
    index = IdentityIndex(accounts, IdentityPolicy(), options.as_of or datetime.date.today())
    pairs = _pairs(index, group_index(index))
    write_rejects(rejects_to, rejects)
    words = Words.of(options.locale)
    if options.out:
        write_csv(options.out, COLUMNS, (_row(one, words) for one in pairs))
    possible = [one for one in pairs if one.sameness is Sameness.POSSIBLE]
    for one in possible[:MOST_SHOWN]:
        screen.line(_heading(one) + "\n".join(_explained(one, words).lines()))
    if len(possible) > MOST_SHOWN:
        screen.line(words.sentence("and {count} more", {"count": len(possible) - MOST_SHOWN}))
    _summary(accounts, pairs, len(rejects), screen)
    if rejects:
        screen.line(f"the reasons why rows were not taken are in {rejects_to}")
    return 1 if possible else 0


@attrs.frozen
class _Pair:
    """Two accounts that are one company, may be, or only look like it."""

    decision: Decision[Sameness]
    points: int
    company: int | None  # number of the company that both belong to
    is_refused: bool  # the same by what they have, and their companies have different numbers of one register

    @property
    def sameness(self) -> Sameness:
        return Sameness.POSSIBLE if self.is_refused else self.decision.outcome

    @property
    def accounts(self) -> tuple[Account, Account]:
        return self.decision.facts.first, self.decision.facts.second


def _pairs(index: IdentityIndex, grouping: Grouping) -> list[_Pair]:
    """Pairs that are one company, or may be; and those that are not, though their names are alike. The surest first."""
    company = {id: number for number, ids in enumerate(grouping.joined, start=1) for id in ids}
    crowds = tuple(Crowd(one, count) for one, count in sorted(index.crowds.items()))
    found = []
    for pair in index.pairs():
        one, other = sorted(pair, key=lambda place: index.accounts[place].id)
        first, second = index.accounts[one], index.accounts[other]
        evidence = index.evidence(index.profiles[one], index.profiles[other])
        decision = index.policy.decided(Pair(first, second, crowds), evidence, index.as_of)
        points = sum(index.policy.points(evidence))
        if decision.outcome is not Sameness.DISTINCT:
            number = company.get(first.id) if company.get(first.id) == company.get(second.id) else None
            is_refused = decision.outcome is Sameness.SAME and number is None
            found.append(_Pair(decision, points, number, is_refused))
        elif {line.kind for line in evidence} & NAMES_ALIKE:
            found.append(_Pair(decision, points, None, False))
    order = list(Sameness)
    return sorted(found, key=lambda one: (order.index(one.sameness), -one.points, *_ids(one)))


def _ids(one: _Pair) -> tuple[str, str]:
    first, second = one.accounts
    return first.id, second.id


def _heading(one: _Pair) -> str:
    first, second = _ids(one)
    return f"{first} | {second}\n"


def _explained(one: _Pair, words: Words) -> Explanation:
    said = explain(one.decision, words.name)
    if not one.is_refused:
        return said
    why = put_into_words(
        Said("joined with the others of their companies, they would have two numbers of one register"),
        words.name,
    )
    return attrs.evolve(said, parts=(*said.parts, why))


def _row(one: _Pair, words: Words) -> Sequence[str]:
    first, second = one.accounts
    company = "" if one.company is None else str(one.company)
    evidence = "\n".join("\n".join(part.lines()) for part in _explained(one, words).parts)
    return (
        first.id, second.id, one.sameness.value, str(one.points), company, first.name, second.name, evidence,
    )  # fmt: skip


def _summary(accounts: Sequence[Account], pairs: Sequence[_Pair], rejected: int, screen: Screen) -> None:
    counted = Counter(one.sameness for one in pairs)
    rows = [
        ["one company", str(counted[Sameness.SAME])],
        ["possibly one, a person has to look", str(counted[Sameness.POSSIBLE])],
        ["two companies with names alike", str(counted[Sameness.DISTINCT])],
    ]
    screen.table("pairs of accounts", ["answer", "pairs"], rows)
    screen.line(f"{len(accounts)} accounts compared, {rejected} rows not taken")
    missing = missing_libraries()
    if missing:
        screen.line(
            f"not installed: {', '.join(missing)}; less is found, or it takes longer: pip install 'prmcore[identity]'"
        )


# lists


def _accounts_of(
    lists: Sequence[Path], country: str | None, rejected: Callable[[Reject], None]
) -> Iterator[Account]:
    """Of every list, the ids with the name of the list before them; lists of one name are told apart by their place."""
    names = [path.name.split(".csv")[0] for path in lists]
    if len(set(names)) < len(names):
        names = [f"{name}-{place}" for place, name in enumerate(names, start=1)]
    for path, name in zip(lists, names, strict=True):
        for account in read_accounts(path, country, rejected):
            yield attrs.evolve(account, id=f"{name}/{account.id}")


def read_accounts(path: Path, country: str | None, rejected: Callable[[Reject], None]) -> tuple[Account, ...]:
    """The accounts of a file: columns `account` and `name`, and any of those that tell companies apart.

    These are `reading`, `former_names`, `other_names`, `country`, `address`, `postcode`, `domain`, `phone`, and the registers
    of `KeyKind`. Names, domains and phones may be several, with `;` between them. `country` is that of rows that name none.
    """
    seen: set[str] = set()

    def read(row: Mapping[str, str]) -> Account:
        found = _account(row, country)
        if found.id in seen:
            raise InvalidInput(f"account: {found.id!r} stands here twice")
        seen.add(found.id)
        return found

    with opened(path) as lines:
        return tuple(read_rows(path.name.split(".csv")[0], lines, ["account", "name"], read, rejected))


def _account(row: Mapping[str, str], country: str | None) -> Account:
    faults = Faults("the account cannot be used")
    keys = tuple(_keys(row, faults))
    made: Account | None = None
    with faults.within(""):
        made = Account(
            id=row["account"].strip(),
            name=row["name"].strip(),
            reading=_text(row, "reading"),
            other_names=tuple(_names(row)),
            country=_text(row, "country") or country,
            addresses=tuple(_addresses(row)),
            domains=several(row.get("domain", "")),
            phones=several(row.get("phone", "")),
            keys=keys,
        )
    faults.raise_if_any()
    assert made is not None
    return made


def _keys(row: Mapping[str, str], faults: Faults) -> Iterator[StrongKey]:
    for kind in KeyKind:
        written = _text(row, kind.value)
        if written is not None:
            with faults.within(kind.value):
                yield strong_key(kind, written)


def _names(row: Mapping[str, str]) -> Iterator[OtherName]:
    for column, kind in (("former_names", NameKind.FORMER), ("other_names", NameKind.ALIAS)):
        for name in several(row.get(column, "")):
            yield OtherName(name=name, kind=kind)


def _addresses(row: Mapping[str, str]) -> Iterator[Address]:
    text = _text(row, "address")
    if text is not None:
        yield Address(text=text, postcode=_text(row, "postcode"))


def _text(row: Mapping[str, str], column: str) -> str | None:
    return row.get(column, "").strip() or None
