"""Test set-up: examples in docs and docstrings run as tests; Hypothesis without deadlines, repeatable in CI."""

import os
from doctest import ELLIPSIS, NORMALIZE_WHITESPACE
from pathlib import Path

import pytest
from hypothesis import settings
from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser, SkipParser
from sybil.parsers.rest import DocTestParser

settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.register_profile(
    "ends", settings.get_profile("ci"), max_examples=10
)  # the same tests, on other versions
settings.load_profile("ci" if os.environ.get("CI") else "here")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where there are other versions to try, a test that asks for more examples than the others gets no more than they."""
    if settings.get_current_profile_name() == "ends":
        for item in items:
            test = getattr(item, "obj", None)
            test = getattr(test, "__func__", test)
            if own := getattr(test, OWN, None):
                setattr(test, OWN, settings(own, max_examples=settings.get_profile("ends").max_examples))


OWN = "_hypothesis_internal_use_settings"  # where Hypothesis keeps them
OPTIONS = ELLIPSIS | NORMALIZE_WHITESPACE


def at_home(namespace: dict[str, object]) -> None:
    """Examples run in the project's folder, where the files that they name are."""
    os.chdir(Path(__file__).parent)


pages = Sybil(
    parsers=[SkipParser(), PythonCodeBlockParser(doctest_optionflags=OPTIONS)],
    patterns=["*.md"],
    excludes=["CHANGELOG.md", "CONTRIBUTING.md", "examples/*", ".venv/*", ".tools/*"],
    setup=at_home,
)
docstrings = Sybil(
    parsers=[DocTestParser(OPTIONS)],
    patterns=["src/prmcore/*.py", "src/prmcore/*/*.py", "src/prmcore/*/*/*.py"],
)
pytest_collect_file = (pages + docstrings).pytest()
