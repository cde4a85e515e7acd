"""Without the libraries of the extra `identity`: it decides all the same, finds less, and says so."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PROBE = """
import json, sys
sys.modules.update(dict.fromkeys(("phonenumbers", "publicsuffixlist", "rapidfuzz")))
import test_identity_cases as cases
from prmcore.decisions.explain import explain
from prmcore.territory.identity import IdentityIndex, IdentityPolicy, Pair, missing_libraries

policy, day, pairs = IdentityPolicy(), cases.DAY, []
for row in cases.ROWS:
    first, second = (cases.account(side, row[side], row[f"{side}_known"]) for side in ("left", "right"))
    decision = policy.decide(Pair(first, second), day)
    said = {locale: str(explain(decision, locale)) for locale in ("en", "ja", "zh")}
    pairs.append({**row, "found": decision.outcome.value, "said": said})
index = IdentityIndex([cases.account("a", "Mitsubishi Electric Corporation", "")], policy, day)
found = [match.account.id for match in index.find("Mitsubishi Electirc")]
print(json.dumps({"missing": missing_libraries(), "pairs": pairs, "slip": found}))
"""


@pytest.fixture(scope="module")
def bare() -> Any:
    """What another interpreter answers that cannot import them."""
    here = str(Path(__file__).parent)
    made = subprocess.run(
        [sys.executable, "-c", PROBE], cwd=here, capture_output=True, text=True, encoding="utf-8", check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join((here, *filter(None, sys.path))), "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    return json.loads(made.stdout)


def test_what_is_missing_is_named(bare: Any) -> None:
    assert bare["missing"] == ["phonenumbers", "publicsuffixlist", "rapidfuzz"]


def test_only_phones_with_and_without_their_country_are_lost(bare: Any) -> None:
    """By the rule that digits alone are compared: 0312345678 is not 81312345678."""
    lost = {
        (row["left"], row["expected"], row["found"])
        for row in bare["pairs"]
        if row["found"] != row["expected"]
    }
    assert lost == {("株式会社光通信", "same", "possible"), ("Acme, Inc.", "same", "possible")}


def test_the_decision_says_which_library_would_have_read_more(bare: Any) -> None:
    for row in bare["pairs"]:
        for kind, library in (("domain=", "publicsuffixlist"), ("phone=", "phonenumbers")):
            used = kind in row["left_known"] and kind in row["right_known"]
            assert all((library in text) is used for text in row["said"].values()), row


def test_slips_are_counted_without_a_library(bare: Any) -> None:
    assert bare["slip"] == ["a"]
