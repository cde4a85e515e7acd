"""Incentives in a program file: every key is read and written back, and every mistake is told with its path."""

import tomllib
from fractions import Fraction
from pathlib import Path
from typing import Any

import attrs
import jsonschema
import pytest
import tomli_w

from prmcore.decisions import FactSheet
from prmcore.errors import InvalidInput
from prmcore.incentives import Accumulate, Basis, Boundary, By, Component, Missed, Mode
from prmcore.incentives.stacking import priced
from prmcore.program import from_document, lint, parse_program, to_document
from prmcore.program.document.schema import json_schema
from prmcore.values import Money, Rate, RollingMonths

EVERYTHING = (Path(__file__).parent / "everything.toml").read_text(encoding="utf-8")
SCHEMA = jsonschema.Draft202012Validator(json_schema())


def written(**changes: Any) -> dict[str, Any]:
    """A small program with one plan of one component, some keys of which are changed."""
    component = {
        "name": "volume",
        "bands": [{"up_to": "1000 EUR", "rate": "1 %"}, {"rate": "2 %"}],
        **changes,
    }
    return {
        "format": "prmcore/1",
        "name": "acme",
        "version": "1",
        "currency": "EUR",
        "sources": {
            "sales": {
                "fields": {"amount": {"kind": "money"}, "units": {"kind": "count"}, "order": {"kind": "code"}}
            }
        },
        "incentives": {
            "transactions": {"source": "sales", "net": "amount", "units": "units"},
            "plans": {"rebate": {"components": [component]}},
        },
    }


def faults(document: dict[str, Any]) -> list[str]:
    with pytest.raises(InvalidInput) as caught:
        from_document(document)
    return [str(fault) for fault in caught.value.faults]


def component_of(document: dict[str, Any]) -> Component:
    incentives = from_document(document).incentives
    assert incentives is not None
    return incentives.plan("rebate").components[0]


# Read and written back


def test_a_file_with_every_key_is_written_back_without_loss() -> None:
    program = parse_program(EVERYTHING)
    document = to_document(program)
    assert from_document(document) == program
    assert parse_program(tomli_w.dumps(document)) == program
    assert to_document(from_document(document)) == document


def test_a_file_with_every_key_is_what_the_schema_says() -> None:
    for document in (tomllib.loads(EVERYTHING), to_document(parse_program(EVERYTHING))):
        plain = _plain(document)
        assert [error.message for error in SCHEMA.iter_errors(plain)] == []


def _plain(value: Any) -> Any:
    """As JSON has it, where a day is words."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


def test_the_file_with_every_key_has_every_key_of_a_component() -> None:
    program = parse_program(EVERYTHING)
    assert program.incentives is not None
    found = [one for plan in program.incentives.plans for one in plan.components]
    for field in attrs.fields(Component):
        if field.default is attrs.NOTHING:
            continue
        default: Any = field.default
        if isinstance(default, attrs.Factory):  # type: ignore[arg-type]  # a class, which stubs call a function
            default = default.factory()
        assert any(getattr(one, field.name) != default for one in found), field.name


def test_what_is_written_means_what_it_says() -> None:
    program = parse_program(EVERYTHING)
    assert program.incentives is not None
    volume, growth, leg, monthly = program.incentives.plan("rebate").components
    assert volume.curve.mode is Mode.WHOLE
    assert volume.curve.boundary is Boundary.LOWER_INCLUSIVE
    assert [band.rate for band in volume.curve.bands] == [Rate.percent(1), Rate.percent(2), Rate.percent(3)]
    assert volume.curve.bands[0].up_to == Money.of(1000, "EUR")
    assert (volume.minimum, volume.maximum, volume.fixed) == (
        Money.of(1, "EUR"),
        Money.of(500, "EUR"),
        Money.of("0.50", "EUR"),
    )
    assert volume.clawback.basis is Basis.ORIGINAL_RATE
    assert volume.clawback.within_days == 60
    assert growth.growth
    assert growth.by is By.GROWTH
    assert growth.curve.bands[0].up_to == Rate.percent(5)
    assert growth.target is None
    assert leg.payee == "distributor"
    assert leg.target is not None
    assert leg.target.missed is Missed.PROPORTIONAL
    assert monthly.accumulate is Accumulate.ROLLING
    assert monthly.window == RollingMonths(12)


def test_prices_are_written_with_their_benefits_in_order() -> None:
    """By hand: of 100 EUR, three units, 50 % (30 % and 20 points) leave 50; the voucher takes the rest, up to 60 %."""
    program = parse_program(EVERYTHING)
    assert program.incentives is not None
    deal = program.incentives.price("deal")
    assert [one.name for one in deal.benefits] == ["standard", "other", "registered", "voucher", "piece"]
    sheet = FactSheet.of(deal.facts, {"segment": "smb"})
    found = priced(deal, Money.of(100, "EUR"), 1, sheet)
    assert found.net_price == Money.of(40, "EUR")
    assert deal.name == "everything/1/deal"


def test_mistakes_in_prices_are_told_with_their_paths() -> None:
    document = written()
    document["incentives"]["prices"] = {
        "deal": {
            "benefits": [
                {"name": "a", "rate": "10 %", "amount": "1 EUR"},
                {"name": "b", "rate": "10 %", "when": {"fact": "ordre", "one_of": ["x"]}},
            ]
        },
        "none": {"benefits": []},
    }
    assert [fault.partition(" @ ")[2] for fault in faults(document)] == [
        "incentives.prices.deal.benefits[0]",
        "incentives.prices.deal.benefits[1].when.fact",
        "incentives.prices.none.benefits",
    ]


def test_lint_tells_of_prices_whose_order_matters() -> None:
    document = written()
    document["incentives"]["prices"] = {
        "deal": {
            "combine": "sequential",
            "benefits": [{"name": "a", "rate": "10 %"}, {"name": "b", "amount": "5 EUR"}],
        }
    }
    found = lint(from_document(document))
    assert [one.path.partition(".benefits")[0] for one in found] == ["incentives.prices.deal"]


def test_without_tiers_everybody_stands_on_one_level() -> None:
    program = from_document(written())
    assert program.tiers.ladder.levels == ("partner",)
    assert lint(program) == ()


def test_a_component_is_paid_in_the_currency_of_the_program() -> None:
    assert component_of(written()).unit == "EUR"
    assert component_of(written(unit="points", currency="EUR", bands=[{"rate": "100 %"}])).unit == "points"


def test_ends_of_bands_are_money_units_or_rates() -> None:
    each = [{"up_to": 100, "each": "1 EUR"}, {"each": "0.50 EUR"}]
    assert component_of(written(base="units", bands=each)).curve.ends == (Fraction(100),)
    assert component_of(
        written(by="attainment", bands=[{"up_to": "80 %", "rate": "1 %"}, {"rate": "2 %"}])
    ).curve.ends == (Rate.percent(80).fraction,)


# Mistakes


MISTAKES: list[tuple[dict[str, Any], str]] = [
    ({"bands": [{"up_to": "1000 EUR", "rate": "1 %"}]}, "the last band ends; accepted: a last band without up_to @ incentives.plans.rebate.components[0].bands[0].up_to"),
    ({"bands": []}, "there are none; accepted: at least one, the last without up_to @ incentives.plans.rebate.components[0].bands"),
    ({"bands": [{"rate": "1"}]}, "found '1'; accepted: a rate with its unit, such as '15 %' or '1/3' @ incentives.plans.rebate.components[0].bands[0].rate"),
    ({"bands": [{"rate": "1100 %"}]}, "found 1100 %; accepted: -1000 % to 1000 % @ incentives.plans.rebate.components[0].bands[0].rate"),
    ({"bands": [{"up_to": "NaN", "rate": "1 %"}, {"rate": "2 %"}]}, "found 'NaN'; accepted: '1000 EUR', 100 (units) or '80 %' @ incentives.plans.rebate.components[0].bands[0].up_to"),
    ({"bands": [{"up_to": "1000 USD", "rate": "1 %"}, {"rate": "2 %"}]}, "found 1000.00 USD; sales are counted in EUR @ incentives.plans.rebate.components[0].bands[0].up_to"),
    ({"when": {"fact": "ordre", "one_of": ["A"]}}, "unknown fact 'ordre'; did you mean 'order'? There are: amount, has_agreement, level, order, units @ incentives.plans.rebate.components[0].when.fact"),
    ({"unit": "EURO"}, "unknown currency 'EURO'; did you mean 'EUR'? accepted: a code of ISO 4217, such as CNY, EUR, GBP, JPY, USD @ incentives.plans.rebate.components[0].unit"),
    ({"cap": "10 USD"}, "found 10.00 USD; the component pays in EUR @ incentives.plans.rebate.components[0].cap"),
    ({"carry_over": True}, "goes with a guarantee @ incentives.plans.rebate.components[0].carry_over"),
    ({"accumulate": "group", "group": "orders"}, "unknown fact 'orders'; did you mean 'order'? There are: amount, has_agreement, level, order, units @ incentives.plans.rebate.components[0].group"),
    ({"window": {"rolling_months": 12}}, "window and accumulate = rolling go together @ incentives.plans.rebate.components[0].window"),
    ({"mod": "whole"}, "unknown key 'mod'; did you mean 'mode'?"),
    ({"mode": "wholly"}, "incentives.plans.rebate.components[0].mode"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "fault"), MISTAKES, ids=[fault[:60] for _, fault in MISTAKES])
def test_a_mistake_is_told_with_its_path(change: dict[str, Any], fault: str) -> None:
    found = faults(written(**change))
    assert len(found) == 1
    assert fault in found[0]


def test_mistakes_in_several_components_are_told_together() -> None:
    document = written()
    one = document["incentives"]["plans"]["rebate"]["components"][0]
    document["incentives"]["plans"]["rebate"]["components"] = [
        {**one, "cap": "1 USD"},
        {**one, "name": "other", "carry_over": True},
    ]
    document["incentives"]["transactions"]["net"] = "amonut"
    document["incentives"]["grace_days"] = -1
    found = faults(document)
    assert [fault.partition(" @ ")[2] for fault in found] == [
        "incentives.transactions.net",
        "incentives.plans.rebate.components[0].cap",
        "incentives.plans.rebate.components[1].carry_over",
        "incentives.grace_days",
    ]


def test_a_field_of_the_wrong_kind_is_no_amount() -> None:
    document = written()
    document["incentives"]["transactions"]["net"] = "order"
    assert faults(document) == ["order is a code; accepted: a money @ incentives.transactions.net"]


def test_a_source_that_does_not_exist_is_told_once() -> None:
    document = written()
    document["incentives"]["transactions"]["source"] = "sale"
    assert faults(document) == [
        "unknown source 'sale'; did you mean 'sales'? There are: sales @ incentives.transactions.source"
    ]


def test_two_components_of_one_priority_are_refused_when_the_file_is_read() -> None:
    document = written(exclusive="one", priority=1)
    one = document["incentives"]["plans"]["rebate"]["components"][0]
    document["incentives"]["plans"]["rebate"]["components"].append({**one, "name": "other"})
    assert faults(document) == [
        "two components of 'one' have the priority 1; accepted: a priority of its own for each @ incentives.plans.rebate.components"
    ]


def test_two_legs_above_the_ceiling_are_refused_when_the_file_is_read() -> None:
    document = written(bands=[{"rate": "8 %"}], payee="distributor")
    document["incentives"]["transactions"]["parties"] = {"distributor": "order"}
    plan = document["incentives"]["plans"]["rebate"]
    plan["ceiling"] = "20 %"
    plan["components"].append({"name": "reseller", "bands": [{"rate": "12.5 %"}]})
    assert faults(document) == [
        "the components together pay up to 20.5 %; accepted: at most 20 % @ incentives.plans.rebate.ceiling"
    ]


def test_what_is_accrued_for_a_fund_has_a_program_of_its_own() -> None:
    document = written()
    components = document["incentives"]["plans"]["rebate"]["components"]
    components.append({"name": "co-op", "kind": "fund_accrual", "bands": [{"rate": "1 %"}]})
    assert faults(document) == [
        "fund_accrual stands beside what is paid out; accepted: a program of its own, whose balances are claimed @ incentives.plans"
    ]
    del components[0]
    assert component_of(document).name == "co-op"


def test_a_program_that_decides_nothing_is_refused() -> None:
    document = written()
    del document["incentives"]
    assert faults(document) == [
        "decides nothing; accepted: tiers, incentives, coverage, registrations, leads, sales, responsibilities, contracts, or several of them"
    ]


def test_points_are_no_currency_of_a_program() -> None:
    assert "found points; accepted: a currency; points are the unit of a component @ currency" in faults(
        {**written(), "currency": "points"}
    )
