"""Registration clauses in a program file: protection without end, of everybody or of a tier, is read and written back."""

from typing import Any

import pytest

from prmcore.deals.registrations import ProtectedFrom, ProtectionWindow, RegistrationPolicy, Term
from prmcore.deals.registrations.policy import TierTerm
from prmcore.errors import InvalidInput
from prmcore.program import from_document, parse_program, to_document
from prmcore.program.document.files import to_toml
from prmcore.program.document.schema import json_schema

SIXTY = {"days": 60}


def document(**protection: Any) -> dict[str, Any]:
    return {
        "format": "prmcore/1",
        "name": "deals",
        "version": "2026",
        "registrations": {"protection": protection},
    }


def read(**protection: Any) -> RegistrationPolicy:
    found = from_document(document(**protection)).registrations
    assert found is not None
    return found


def faults(**protection: Any) -> list[str]:
    with pytest.raises(InvalidInput) as caught:
        from_document(document(**protection))
    return [str(fault) for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("written", "window"),
    [
        ({}, ProtectionWindow(term=Term(days=90))),  # the default of the reference
        ({"endless": False}, ProtectionWindow(term=Term(days=90))),
        ({"endless": True}, ProtectionWindow(term=None)),
        ({"term": SIXTY, "endless": False}, ProtectionWindow(term=Term(days=60))),
        (
            {"term": SIXTY, "starts": "submission", "by_tier": [{"tier": "gold", "endless": True}]},
            ProtectionWindow(
                term=Term(days=60),
                starts=ProtectedFrom.SUBMISSION,
                by_tier=(TierTerm(tier="gold", term=None),),
            ),
        ),
        (
            {"endless": True, "by_tier": [{"tier": "silver", "term": {"months": 6}}]},
            ProtectionWindow(term=None, by_tier=(TierTerm(tier="silver", term=Term(months=6)),)),
        ),
    ],
)
def test_protection_means_what_it_says_and_is_written_as_it_was_read(
    written: dict[str, Any], window: ProtectionWindow
) -> None:
    program = from_document(document(**written))
    assert program.registrations is not None
    assert program.registrations.protection == window
    for again in (from_document(to_document(program)), parse_program(to_toml(program))):
        assert again.registrations == program.registrations


def test_without_end_is_written_only_where_it_is_so() -> None:
    program = from_document(document(endless=True, by_tier=[{"tier": "gold", "term": SIXTY}]))
    assert to_document(program)["registrations"]["protection"] == {
        "endless": True,
        "starts": "approval",
        "by_tier": [{"tier": "gold", "term": {"days": 60, "months": 0}}],
    }


def test_a_term_and_no_end_together_are_refused_and_so_is_a_tier_with_neither() -> None:
    tiers = [{"tier": "gold", "term": SIXTY, "endless": True}, {"tier": "silver"}]
    assert faults(term=SIXTY, endless=True) == [
        "found term and endless; accepted: one of them @ registrations.protection"
    ]
    assert faults(by_tier=tiers) == [
        "found term and endless; accepted: one of them @ registrations.protection.by_tier[0]",
        "found neither term nor endless; accepted: one of them @ registrations.protection.by_tier[1]",
    ]


def test_a_tier_with_two_terms_is_refused_where_it_stands() -> None:
    twice = [{"tier": "gold", "term": SIXTY}, {"tier": "gold", "endless": True}]
    assert faults(by_tier=twice) == ["'gold' has two terms @ registrations.protection"]


def test_without_end_is_a_key_of_protection_and_of_a_tier_and_of_nothing_else() -> None:
    having = {name for name, one in json_schema()["$defs"].items() if "endless" in one.get("properties", {})}
    assert having == {"protection", "tierterm"}


def test_nobody_else_is_let_in_ever_when_the_protection_has_no_end() -> None:
    assert read(endless=True).protection.of("gold") is None
    assert read(by_tier=[{"tier": "gold", "endless": True}]).protection.of("silver") == Term(days=90)
