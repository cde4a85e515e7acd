"""Test set-up: examples in docs and docstrings run as tests; Hypothesis without deadlines, repeatable in CI."""

import os
from doctest import ELLIPSIS, NORMALIZE_WHITESPACE
from pathlib import Path

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
