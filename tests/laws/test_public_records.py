"""Laws that every public record keeps."""

import importlib
import pickle
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prmcore.decisions import Decision, Ladder
from prmcore.decisions.versions import recorded, replayed
from prmcore.incentives.funds import Fund, FundClaim, FundMove, FundRequest, Notice
from prmcore.partners import Contact, Enrolment, Partner, Reference, StepTaken
from prmcore.program import Event, Office, Program, Trail, from_document, to_document
from prmcore.territory.claims import Claim, Conflict, ConflictCase, ConflictFacts, ConflictPolicy
from prmcore.territory.coverage import Turns
from prmcore.territory.coverage.repository import AccountAssignment, KeptTurns, Pin
from prmcore.territory.identity import Account, IdentityPolicy, Pair, StrongKey
from prmcore.testing import strategies
from prmcore.tiers import Guarantee, InitialLevel, Movement, Override, Standing
from prmcore.values import (
    BusinessCalendar,
    DateRange,
    FiscalCalendar,
    Length,
    Money,
    PercentagePoints,
    Rate,
    Roll,
    Schedule,
    Text,
)
from prmcore.values.wire import from_plain, to_plain

PACKAGES = (
    "values",
    "decisions",
    "partners",
    "performance",
    "tiers",
    "tiers.benefits",
    "incentives",
    "incentives.funds",
    "contracts.agreements",
    "contracts.notice",
    "contracts.obligations",
    "contracts.terms",
    "contracts.periods",
    "contracts.lifecycle",
    "deals.leads",
    "deals.opportunities",
    "deals.responsibility",
    "deals",
    "deals.registrations",
    "territory.claims",
    "territory.coverage",
    "territory.identity",
    "program",
)


SERVICES = (Office, Trail)  # they hold a store, and are no records


def public_records() -> list[type]:
    found = {}
    for package in PACKAGES:
        module = importlib.import_module(f"prmcore.{package}")
        for name in module.__all__:
            record = getattr(module, name)
            if isinstance(record, type) and attrs.has(record) and record not in SERVICES:
                found[f"{package}.{name}"] = record
    return list(found.values())


RECORDS = public_records()
STORED = (
    Account, IdentityPolicy, Pair, StrongKey,
    AccountAssignment, KeptTurns, Pin, Turns,
    Claim, Conflict, ConflictCase, ConflictFacts, ConflictPolicy,
    Event,
    BusinessCalendar, Contact, DateRange, Length, Roll, Schedule, Enrolment, FiscalCalendar, Fund, FundClaim, FundMove, FundRequest, Guarantee, InitialLevel, Money, Movement, Notice, Override,
    Partner, PercentagePoints, Rate, Reference, Standing, StepTaken, Text,
)  # fmt: skip


@pytest.mark.parametrize("record", RECORDS)
@settings(max_examples=8)
@given(data=st.data())
def test_every_public_record_can_be_drawn_is_frozen_and_pickles(record: type, data: st.DataObject) -> None:
    drawn: Any = data.draw(strategies.of(record))
    assert type(drawn) is record
    for field in attrs.fields(record)[:1]:
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            setattr(drawn, field.name, None)
    assert pickle.loads(pickle.dumps(drawn)) == drawn


@pytest.mark.parametrize("record", STORED)
@settings(max_examples=25)
@given(data=st.data())
def test_what_is_stored_goes_through_plain_values_without_loss(record: type, data: st.DataObject) -> None:
    drawn: Any = data.draw(strategies.of(record))
    assert from_plain(to_plain(drawn), record) == drawn


@settings(max_examples=40)
@given(strategies.programs())
def test_a_program_goes_through_its_document_without_loss(program: Program) -> None:
    assert from_document(to_document(program)) == program


@settings(max_examples=40)
@given(strategies.of(Decision))
def test_a_recorded_decision_replays_to_the_same_decision(decision: Decision[str]) -> None:
    policy: Any = decision.policy
    again = replayed(recorded(decision), [policy])
    assert (again.outcome, again.mask, again.reasons) == (decision.outcome, decision.mask, decision.reasons)


@settings(max_examples=25)
@given(strategies.of(Ladder), st.data())
def test_a_pickled_policy_decides_alike(ladder: Ladder[Any, str], data: st.DataObject) -> None:
    facts, day = data.draw(strategies.fact_sheets(ladder.facts)), data.draw(strategies.dates())
    assert pickle.loads(pickle.dumps(ladder)).judge(facts, day) == ladder.judge(facts, day)
