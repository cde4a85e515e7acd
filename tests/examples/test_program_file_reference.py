"""The reference of the program file names every key and every word that a file may hold."""

from enum import StrEnum
from pathlib import Path

import attrs
import pytest

from prmcore.decisions import Kind, Word
from prmcore.incentives import (
    Accumulate,
    At,
    Base,
    Basis,
    Boundary,
    By,
    Clawback,
    ComponentKind,
    Day,
    Missed,
    Mode,
    Package,
    Rounding,
    Split,
    SplitKind,
    Target,
)
from prmcore.incentives.ledger.disputes import DisputePolicy
from prmcore.incentives.payouts.model import Approver, PayoutPolicy
from prmcore.program.document import shapes
from prmcore.program.incentives import ExchangePolicy, Reading
from prmcore.tiers import When

PAGE = (Path(__file__).parents[2] / "docs/reference/program-file.md").read_text(encoding="utf-8")
INCENTIVES = PAGE.partition("\n## `incentives`\n")[2]
PAID = [
    shapes.IncentivesDocument,
    shapes.PlanDocument,
    shapes.ComponentDocument,
    shapes.BandDocument,
    shapes.CurveDocument,
    *(Approver, Clawback, DisputePolicy, ExchangePolicy, Package, PayoutPolicy, Reading, Split, Target),
]
RECORDS = [getattr(shapes, name) for name in shapes.__all__ if name.endswith("Document")]
KEYS = sorted({field.name for record in RECORDS for field in attrs.fields(record)})
KEYS_OF_INCENTIVES = sorted({field.name for record in PAID for field in attrs.fields(record)})
OF_TIERS = (*Word, *Kind, *When)
OF_INCENTIVES = tuple(
    word
    for words in (
        Accumulate,
        At,
        Base,
        Basis,
        Boundary,
        By,
        ComponentKind,
        Day,
        Missed,
        Mode,
        Rounding,
        SplitKind,
    )
    for word in words
)


@pytest.mark.parametrize("key", KEYS)
def test_every_key_is_described(key: str) -> None:
    assert f"`{key}`" in PAGE or f"{key} = " in PAGE


@pytest.mark.parametrize("key", KEYS_OF_INCENTIVES)
def test_every_key_of_incentives_is_described_with_them(key: str) -> None:
    assert f"`{key}`" in INCENTIVES or f"{key} = " in INCENTIVES


@pytest.mark.parametrize("word", OF_TIERS, ids=lambda word: str(word.value))
def test_every_word_is_described(word: Word | Kind | When) -> None:
    assert any(written in PAGE for written in (f"`{word.value}`", f"`{word.value} = ", f'"{word.value}"'))


@pytest.mark.parametrize("word", OF_INCENTIVES, ids=lambda word: f"{type(word).__name__}.{word.value}")
def test_every_word_of_incentives_is_described_with_them(word: StrEnum) -> None:
    """As it is written in a file: in quotes, and below the key `incentives`, since tiers share some of the words."""
    assert f'"{word.value}"' in INCENTIVES
