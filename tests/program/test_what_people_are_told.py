"""Messages that someone who writes a program file, and no Python, has to understand."""

import sys
from pathlib import Path

import pytest

from prmcore.errors import InvalidInput
from prmcore.program import load_program, to_toml

TUTORIAL = Path(__file__).parents[2] / "examples/tutorial/acme-2026.toml"


def test_of_several_files_the_faulty_one_is_named(tmp_path: Path) -> None:
    path = tmp_path / "acme-2028.toml"
    path.write_text(TUTORIAL.read_text(encoding="utf-8").replace("trailing_quarters", "trailing_quarter"))
    with pytest.raises(InvalidInput, match=r"^acme-2028\.toml: "):
        load_program(path)


def test_money_without_a_currency_is_asked_for_as_a_person_writes_it(tmp_path: Path) -> None:
    path = tmp_path / "acme.toml"
    path.write_text(TUTORIAL.read_text(encoding="utf-8").replace('"80000 EUR"', "80000"))
    with pytest.raises(
        InvalidInput, match=r"found 80000; accepted: an amount and its currency, such as '12\.50 EUR'"
    ):
        load_program(path)


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    program = load_program(TUTORIAL)
    monkeypatch.setitem(sys.modules, "tomli_w", None)
    with pytest.raises(ModuleNotFoundError, match=r"install prmcore\[toml\]"):
        to_toml(program)
