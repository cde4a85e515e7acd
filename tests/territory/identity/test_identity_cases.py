"""Pairs of accounts: every row of `identity_pairs.csv`, its answer worked out there from the rules, not by the code."""

import csv
import datetime
import re
from pathlib import Path

import pytest

from prmcore.territory.identity import (
    Account,
    Address,
    IdentityPolicy,
    KeyKind,
    NameKind,
    OtherName,
    Pair,
    Sameness,
    missing_libraries,
    strong_key,
)
from prmcore.values import DateRange

SOURCE = Path(__file__).parents[2] / "cases" / "identity_pairs.csv"
ROWS = list(csv.DictReader(SOURCE.read_text(encoding="utf-8").splitlines(), strict=True))
DAY = datetime.date(2026, 3, 31)
KEYS = frozenset(KeyKind)


def other_name(kind: str, cell: str) -> OtherName:
    """A name, and the day that it ended on: `松下電器産業株式会社 /2008-10-01`."""
    name, _, end = cell.partition(" /")
    until = DateRange(None, datetime.date.fromisoformat(end)) if end else DateRange()
    return OtherName(name=name, kind=NameKind(kind), valid=until)


def account(id: str, name: str, known: str) -> Account:
    """What is known besides the name, as `kind=value` between semicolons."""
    told = [(kind.strip(), value.strip()) for kind, value in re.findall(r"([a-z_]+)=([^;]+)", known)]

    def of(kind: str) -> tuple[str, ...]:
        return tuple(value for one, value in told if one == kind)

    assert {kind for kind, _ in told} <= KEYS | set(NameKind) | {
        "reading",
        "country",
        "domain",
        "phone",
        "address",
    }
    return Account(
        id=id, name=name, reading=next(iter(of("reading")), None), country=next(iter(of("country")), None),
        domains=of("domain"), phones=of("phone"), addresses=tuple(Address(text=text) for text in of("address")),
        keys=tuple(strong_key(kind, value) for kind, value in told if kind in KEYS),
        other_names=tuple(other_name(kind, value) for kind, value in told if kind in set(NameKind)),
    )  # fmt: skip


@pytest.mark.skipif(bool(missing_libraries()), reason="the rows count on the extra `identity`")
@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['left']} / {row['right']}")
def test_every_pair_of_the_table_comes_out_as_worked_out(row: dict[str, str]) -> None:
    first = account("left", row["left"], row["left_known"])
    second = account("right", row["right"], row["right_known"])
    for pair in (Pair(first, second), Pair(second, first)):
        decision = IdentityPolicy().decide(pair, DAY)
        assert decision.outcome is Sameness(row["expected"]), decision.reasons


def test_the_table_has_pairs_of_every_outcome_and_tells_why() -> None:
    assert {row["expected"] for row in ROWS} == set(Sameness)
    assert all(row["why"] for row in ROWS)
