"""The message catalogs: whatever the source says is there, in both languages, with the same braces."""

import ast
import string
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import prmcore
from prmcore.contracts.agreements import AgreementKind
from prmcore.contracts.lifecycle import AgreementState
from prmcore.deals.leads import LeadState, Overlap, Same
from prmcore.deals.opportunities import OpportunityState
from prmcore.deals.registrations import Conflict, RegistrationState
from prmcore.decisions.explain import CATALOGS
from prmcore.incentives.funds import ClaimState, FundState, RequestState
from prmcore.incentives.ledger.disputes import DisputeState
from prmcore.incentives.payouts.model import EntryState, PayoutState
from prmcore.partners import Status
from prmcore.territory.claims import CaseState
from prmcore.tiers import Action

SOURCE = Path(prmcore.__file__).parent
SAYING = {"Said", "sentence", "say", "gettext"}  # what takes a message as its first argument


def words_in(node: ast.expr, assigned: dict[str, list[ast.expr]]) -> Iterator[str]:
    """The texts that an expression may come out as: itself, either side of a choice, or what its name was given."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from words_in(node.body, assigned)
        yield from words_in(node.orelse, assigned)
    elif isinstance(node, ast.Dict):
        for value in node.values:
            yield from words_in(value, assigned)
    elif isinstance(node, ast.Subscript):
        yield from words_in(node.value, assigned)
    elif isinstance(node, ast.Name):
        for given in assigned.get(node.id, []):
            yield from words_in(given, {})


def messages_in(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assigned: dict[str, list[ast.expr]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    assigned.setdefault(target.id, []).append(node.value)
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args:
            called = (
                node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", None)
            )
            if called in SAYING:
                found.update(words_in(node.args[0], assigned))
    return found


MESSAGES = {message for path in SOURCE.rglob("*.py") for message in messages_in(path)}
NAMES = (
    AgreementKind,
    AgreementState,
    Action,
    Status,
    PayoutState,
    DisputeState,
    EntryState,
    FundState,
    RequestState,
    ClaimState,
    CaseState,
    RegistrationState,
    Conflict,
    LeadState,
    OpportunityState,
    Overlap,
    Same,
)
Key = tuple[str | None, str]  # a context, and a message; None = said without one
# said by `Words.word`: within the context of its type, or without
NAMES_SAID: set[Key] = {
    (context, name.value) for names in NAMES for name in names for context in (names.__name__, None)
}
SAID: set[Key] = {(None, message) for message in MESSAGES}


def catalog(language: str) -> dict[Key, str]:
    with (SOURCE / "decisions" / "catalogs" / f"{language}.po").open("rb") as source:
        read = read_po(source, locale=language, abort_invalid=True)
    assert not [message.id for message in read if message.fuzzy]
    return {(message.context, str(message.id)): str(message.string) for message in read if message.id}


def missing(known: Mapping[Key, str]) -> list[str]:
    """What is said and not translated; the name of a state is, within the context of its type or without."""
    found = {message for message in MESSAGES if not known.get((None, message))}
    for names in NAMES:
        found |= {
            name.value
            for name in names
            if not (known.get((names.__name__, name.value)) or known.get((None, name.value)))
        }
    return sorted(found)


def left_over(known: Mapping[Key, str]) -> list[Key]:
    """What nobody says, or not in this context."""
    return sorted(set(known) - SAID - NAMES_SAID, key=str)


def braces(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


def test_the_source_is_searched_for_what_it_says() -> None:
    """What the search must find at least: a plain message, one chosen by a word, one of two, one in a template."""
    assert {
        "{policy} on {day}: {level}",
        "{fact}: {observed}, asked for one of {bound}",
        "{level} can be met without meeting {below}, the level below it",
        "everybody meets {level}",
        "no",
        "nothing is missing",
    } <= MESSAGES


@pytest.mark.parametrize("language", CATALOGS)
def test_whatever_is_said_is_translated(language: str) -> None:
    assert missing(catalog(language)) == []


@pytest.mark.parametrize("language", CATALOGS)
def test_a_translation_has_the_braces_of_its_message(language: str) -> None:
    assert [key for key, words in catalog(language).items() if braces(key[1]) != braces(words)] == []


@pytest.mark.parametrize("language", CATALOGS)
def test_no_translation_is_left_over(language: str) -> None:
    assert left_over(catalog(language)) == []


def test_a_translation_in_a_context_that_there_is_not_counts_for_nothing() -> None:
    misspelt: Key = ("RegistrationStat", "returned")
    known = {**catalog("ja"), misspelt: "差戻し"}
    del known["RegistrationState", "returned"]
    assert left_over(known) == [misspelt]
    known.pop((None, "returned"), None)
    assert missing(known) == ["returned"]


def test_both_catalogs_hold_the_same_messages_in_the_same_order() -> None:
    first, second = (list(catalog(language)) for language in CATALOGS)
    assert first == second
