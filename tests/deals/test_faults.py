"""What a record of a lead, a sale or a negotiation does not accept, and where it says so."""

import datetime
from typing import Any

import attrs
import pytest

from prmcore.deals.leads import Lead, Offer
from prmcore.deals.opportunities import (
    LossReason,
    NegotiationPolicy,
    OpportunityState,
    Price,
    SalesProcess,
    SalesStage,
    moved,
    opened,
)
from prmcore.deals.registrations import Capacity, Eligibility, Extension, RegistrationPolicy, Review, Term
from prmcore.errors import InvalidInput
from prmcore.values import BusinessHours, Money, PercentagePoints, Rate

AT = datetime.datetime(2026, 3, 2, 9, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)
LEAD = Lead(id="L-1", program="acme", customer="Contoso", made_at=AT)
OFFER = Offer(partners=("a", "b"), at=AT, accept_by=AT + DAY)


def faults(record: Any, **changed: Any) -> list[str]:
    """Where each fault is: its path, or, of an instant, the name that its message begins with."""
    with pytest.raises(InvalidInput) as refused:
        attrs.evolve(record, **changed)
    return [fault.path or fault.message.partition(":")[0] for fault in refused.value.faults]


@pytest.mark.parametrize(
    "name", ["id", "program", "customer", "account", "contact", "source", "same_as", "opportunity"]
)
def test_what_a_lead_is_known_by_is_an_id(name: str) -> None:
    assert faults(LEAD, **{name: " "}) == [name]


def test_a_lead_is_made_at_an_instant() -> None:
    assert faults(LEAD, made_at=datetime.datetime(2026, 3, 2)) == ["made_at"]


@pytest.mark.parametrize(
    ("changed", "path"),
    [
        ({"partners": ()}, "partners"),
        ({"partners": ("a", "a")}, "partners"),
        ({"partners": ("a", "")}, "partners[1]"),
        ({"passed": ("c",)}, "partners"),
        ({"taken_by": "c"}, "partners"),
        ({"accept_by": AT - DAY}, "accept_by"),
        ({"work_by": datetime.datetime(2026, 3, 2)}, "work_by"),
    ],
)
def test_an_offer_is_to_partners_that_have_time_to_accept_it(changed: dict[str, Any], path: str) -> None:
    assert faults(OFFER, **changed) == [path]


def test_whoever_is_offered_a_lead_may_accept_it_at_once() -> None:
    assert attrs.evolve(OFFER, accept_by=AT).asked == ("a", "b")


WON = SalesStage(code="won", probability=Rate.of(1), state=OpportunityState.WON)
LOST = SalesStage(code="lost", probability=Rate.of(0), state=OpportunityState.LOST)
PROCESS = SalesProcess(stages=(SalesStage(code="open", probability=Rate.percent(10)), WON, LOST))


def test_whoever_moves_a_sale_is_known_by_an_id() -> None:
    sale = opened(
        PROCESS, id="O-1", program="acme", account="contoso", amount=Money.of(1, "EUR"),
        expected_close=datetime.date(2026, 6, 30), by="kim", at=AT,
    )  # fmt: skip
    with pytest.raises(InvalidInput) as refused:
        moved(sale, "won", PROCESS, by="", at=AT)
    assert [fault.path for fault in refused.value.faults] == ["by"]


@pytest.mark.parametrize(
    ("changed", "paths"),
    [
        ({"name": ""}, ["name"]),
        ({"stages": (WON, LOST)}, ["stages"]),
        ({"stages": (*PROCESS.stages, LOST)}, ["stages"]),
        ({"stages": PROCESS.stages[:2]}, ["stages"]),
        ({"loss_reasons": (LossReason(code="price"), LossReason(code="price"))}, ["loss_reasons"]),
        ({"loss_reasons": (LossReason(code=""),)}, ["loss_reasons[0].code"]),
    ],
)
def test_a_process_goes_from_an_open_stage_to_won_and_lost(changed: dict[str, Any], paths: list[str]) -> None:
    assert faults(PROCESS, **changed) == paths


@pytest.mark.parametrize(
    ("changed", "path"),
    [
        ({"quantity": 0}, "quantity"),
        ({"quantity": 10**12 + 1}, "quantity"),
        ({"list_price": Money.of(0, "EUR"), "unit_price": None, "discount": Rate.of(0)}, "list_price"),
        ({"unit_price": None}, "unit_price"),
        ({"unit_price": Money.of(150, "USD")}, "unit_price"),
        ({"unit_price": Money.of(-1, "EUR")}, "unit_price"),
        ({"unit_price": None, "discount": Rate.percent(101)}, "discount"),
        ({"discount": Rate.percent(20)}, "discount"),  # 150 of 200 is 25 % off
    ],
)
def test_a_price_says_where_it_is_wrong(changed: dict[str, Any], path: str) -> None:
    price = Price(list_price=Money.of(200, "EUR"), quantity=1, unit_price=Money.of(150, "EUR"))
    assert faults(price, **changed) == [path]


def test_a_policy_of_negotiation_has_a_name() -> None:
    assert faults(NegotiationPolicy(), name="") == ["name"]


OFFICE = BusinessHours(zone="UTC", week={0: [(datetime.time(9), datetime.time(17))]}, years=frozenset({2026}))


@pytest.mark.parametrize(
    ("record", "changed", "path"),
    [
        (Capacity(), {"of_partner": 0}, "of_partner"),
        (Capacity(), {"on_account": 0}, "on_account"),
        (Capacity(), {"on_account": 1.5}, "on_account"),
        (Eligibility(), {"minimums": (Money.of(1, "EUR"), Money.of(2, "EUR"))}, "minimums"),
        (Eligibility(), {"required": frozenset({""})}, "required"),
        (Review(hours=OFFICE, within=1), {"within": 0}, "within"),
        (Review(hours=OFFICE, within=1), {"research_days": 0}, "research_days"),
        (Extension(term=Term(days=30)), {"at_most": 0}, "at_most"),
        (Extension(term=Term(days=30)), {"ask_days": 0}, "ask_days"),
        (RegistrationPolicy(), {"reminder_days": (14, 0)}, "reminder_days"),
        (RegistrationPolicy(), {"second_share": Rate.of(0)}, "second_share"),
        (RegistrationPolicy(), {"second_share": Rate.percent(101)}, "second_share"),
        (RegistrationPolicy(), {"discount": PercentagePoints.of("0")}, "discount"),
        (RegistrationPolicy(), {"discount": PercentagePoints.of("-1")}, "discount"),
        (RegistrationPolicy(), {"zone": "Mars/Olympus"}, "zone"),
    ],
)
def test_the_numbers_of_a_policy_of_registrations_are_what_they_count(
    record: Any, changed: dict[str, Any], path: str
) -> None:
    assert faults(record, **changed) == [path]


def test_the_smallest_numbers_of_a_policy_of_registrations_are_accepted() -> None:
    assert Capacity(of_partner=1, on_account=1).on_account == 1
    assert Review(hours=OFFICE, within=1, research_days=1).research_days == 1
    assert Extension(term=Term(days=1), at_most=1, ask_days=1).ask_days == 1
    assert RegistrationPolicy(second_share=Rate.of(1), reminder_days=(1,)).reminder_days == (1,)
