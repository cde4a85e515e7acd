"""The reference of the program file names every key and every word that a file may hold."""

from pathlib import Path

import attrs
import pytest

from prmcore.decisions import Kind, Word
from prmcore.program import documents
from prmcore.tiers import When

PAGE = (Path(__file__).parents[2] / "docs/reference/program-file.md").read_text(encoding="utf-8")
RECORDS = [getattr(documents, name) for name in documents.__all__ if name.endswith("Document")]
KEYS = sorted({field.name for record in RECORDS for field in attrs.fields(record)})


@pytest.mark.parametrize("key", KEYS)
def test_every_key_is_described(key: str) -> None:
    assert f"`{key}`" in PAGE or f"{key} = " in PAGE


@pytest.mark.parametrize("word", [*Word, *Kind, *When], ids=lambda word: str(word.value))
def test_every_word_is_described(word: Word | Kind | When) -> None:
    assert any(written in PAGE for written in (f"`{word.value}`", f"`{word.value} = ", f'"{word.value}"'))
