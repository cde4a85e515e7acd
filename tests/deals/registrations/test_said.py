"""Registrations in words: what is read in English; that there are three languages is tested where they are made."""

from datetime import UTC, date, datetime
from typing import Any

import attrs
import pytest

from prmcore.deals.registrations import (
    Deal,
    Due,
    DueKind,
    Place,
    Protection,
    RegisteredAccount,
    RegisteredScope,
    Registration,
    RegistrationAction,
    RegistrationState,
    RegistrationStep,
    Revision,
    Scope,
    Term,
)
from prmcore.deals.registrations.said import said_of_account, said_of_due, said_of_registration
from prmcore.decisions.explain import Said, put_into_words
from prmcore.values import PercentagePoints

A, S = RegistrationAction, RegistrationState
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
NOTICE = Due(id="1", kind=DueKind.ENDED, registration="R-1", partner="acme", since=AT, until=date(2026, 3, 9))


def words(said: Said) -> str:
    return str(put_into_words(said, "en"))


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        (DueKind.REVIEW_OVERDUE, "R-1 of acme should have been decided by March 2, 2026"),
        (DueKind.ENDING, "the protection of R-1 of acme ends before March 9, 2026"),
        (DueKind.EXTENSION_WAITING, "acme asked for an extension of R-1, which ended before March 9, 2026"),
        (DueKind.ENDED, "R-1 of acme is no longer protected since March 9, 2026"),
        (DueKind.ANSWER_OVERDUE, "acme did not bring R-1 back in time"),
    ],
)
def test_what_is_due_says_of_what_and_until_when(kind: DueKind, told: str) -> None:
    assert words(said_of_due(attrs.evolve(NOTICE, kind=kind))) == told


def step(action: RegistrationAction, after: RegistrationState, **told: Any) -> RegistrationStep:
    return RegistrationStep(action=action, after=after, at=AT, by="kim", **told)


DRAFT = Registration(
    id="R-1", program="p", partner="acme", revisions=(Revision(deal=Deal(customer="Contoso"), at=AT, by="s"),)
)
PROTECTED = Protection(start=date(2026, 3, 2), anchor=date(2026, 3, 2), terms=(Term(days=90),))


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({}, "R-1 of acme: draft\n  customer: Contoso"),
        ({"steps": (step(A.SUBMIT, S.SUBMITTED), step(A.REJECT, S.REJECTED, reason="too late"))},
         "R-1 of acme: rejected\n  customer: Contoso\n  March 2, 2026, kim: rejected, because too late"),
        ({"protection": PROTECTED, "discount": PercentagePoints.of(20), "steps": (step(A.APPROVE, S.APPROVED),)},
         "R-1 of acme: approved\n  customer: Contoso\n  protected from March 2, 2026 to May 30, 2026"
         "\n  adds 20 points to the discount"),
        ({"protection": attrs.evolve(PROTECTED, terms=())},
         "R-1 of acme: draft\n  customer: Contoso\n  protected since March 2, 2026, without end"),
    ],
)  # fmt: skip
def test_a_registration_says_how_it_stands_and_why(changed: dict[str, Any], told: str) -> None:
    assert words(said_of_registration(attrs.evolve(DRAFT, **changed))) == told


def test_an_account_says_who_is_approved_for_what_and_who_waits() -> None:
    scopes = (
        RegisteredScope(
            registration="R-1", partner="acme", scope=Scope(products=frozenset({"road", "bikes"})), place=Place(AT, 1), holds=True,
        ),
        RegisteredScope(registration="R-2", partner="bolt", scope=Scope(division="north"), place=Place(AT, 2), holds=False),
    )  # fmt: skip
    account = RegisteredAccount(program="p", account="A-1", scopes=scopes)
    assert words(said_of_account(account)) == (
        "registered for A-1\n  R-1 of acme is approved\n    products: bikes and road"
        "\n  R-2 of bolt waits\n    all products\n    division: north"
    )
