"""What people call the facts that our own policies look at: words in each language that prmcore speaks."""

from importlib import import_module
from pkgutil import walk_packages
from typing import Any

import attrs
import pytest

from prmcore.decisions.facts import schema_of
from prmcore.values import Text

NAMED_BY_ITSELF = {"CandidateFacts.partner"}


def labelled_records(package: str) -> list[Any]:
    """The records of facts of which some field has words."""
    root = import_module(f"prmcore.{package}")
    modules = [import_module(found.name) for found in walk_packages(root.__path__, f"{root.__name__}.")]
    kinds = [
        kind for one in modules for kind in vars(one).values() if isinstance(kind, type) and attrs.has(kind)
    ]
    return [
        one for one in dict.fromkeys(kinds) if any("text" in field.metadata for field in attrs.fields(one))
    ]


@pytest.mark.parametrize("package", ["tiers", "territory", "deals", "incentives", "contracts"])
def test_every_fact_that_a_policy_of_our_own_looks_at_has_words_in_three_languages(package: str) -> None:
    records = labelled_records(package)
    assert records
    without = [
        f"{record.__name__}.{field.name}"
        for record in records
        for field in schema_of(record).fields
        if not isinstance(field.text, Text) or not {"en", "ja", "zh"} <= dict(field.text.by_locale).keys()
    ]
    assert set(without) <= NAMED_BY_ITSELF
