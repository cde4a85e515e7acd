"""The commission that Tryton computes for the same sales: in this process, on SQLite in memory, as its own tests run it.

Tryton is under the GPL and is used here only to be measured beside: nothing of it is in prmcore, or shipped with it.
"""

from __future__ import annotations

import importlib.util
import random
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from timing import side_by_side

from prmcore.incentives.plans.curve import Band, Curve
from prmcore.values import Rate

__all__ = ["absent", "commissions"]

FORMULA = "amount * 0.1"  # the plan of Tryton's own scenario


def absent() -> str | None:
    """Why there is no Tryton to measure beside; None when there is one."""
    missing = [name for name in ("trytond", "trytond.modules.commission") if not _there(name)]
    return f"{missing[0]} is not installed here" if missing else None


def _there(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:  # of the package that it would be in
        return False


def commissions(lines: int, rounds: int, seconds: float) -> dict[str, float]:
    """Microseconds for one sale: ten percent of each, rounded half to even to the cent, by prmcore and by Tryton.

    Tryton's plan is asked with everything that it needs read already. Its `get_commissions` is what it runs when an
    invoice is posted; here for lines that no database holds, so that nothing is read or written either.
    """
    from trytond import config

    config.set("database", "uri", "sqlite://")
    config.add_section("product")
    config.set("product", "price_decimal", "2")  # else amounts have four decimals
    from trytond.modules.commission.tests.test_module import create_plan, create_product
    from trytond.modules.company.tests import create_company, set_company
    from trytond.tests.test_tryton import CONTEXT, DB_NAME, USER, activate_module
    from trytond.transaction import Transaction

    activate_module("commission")
    cents = _sales(lines)
    with Transaction().start(DB_NAME, USER, context=CONTEXT) as transaction:
        company = create_company()
        with set_company(company):
            plan, product = create_plan([{"formula": FORMULA}]), create_product("Software", Decimal(100))
            jobs: dict[str, Callable[[], list[Any]]] = {
                "prmcore": _ours(cents),
                "its plan": _plan(plan, product, cents),
                "its posting": _posting(company, plan, product, cents),
            }
            _agree({name: job() for name, job in jobs.items()})
            found = side_by_side(jobs, rounds, seconds)
        transaction.rollback()
    return {name: microseconds / lines for name, microseconds in found.items()}


def _sales(count: int) -> list[int]:
    """Amounts in cents: half of them come to a half cent of commission, and one in thirty is taken back."""
    chance = random.Random(7)
    drawn = (chance.randrange(1_000, 300_000) // 5 * 5 for _ in range(count))
    return [-cents if chance.randrange(30) == 0 else cents for cents in drawn]


def _ours(cents: list[int]) -> Callable[[], list[int]]:
    increments = Curve((Band(rate=Rate.percent(10)),)).compiled()
    return lambda: [increments((one,))[0] for one in cents]  # each sale on its own: rounded for itself


def _plan(plan: Any, product: Any, cents: list[int]) -> Callable[[], list[Decimal]]:
    """The plan's formula and the rounding that follows it in `get_commissions`."""
    from trytond.modules.product import round_price

    amounts = [Decimal(one) / 100 for one in cents]
    return lambda: [round_price(plan.compute(amount, product)) for amount in amounts]


def _posting(company: Any, plan: Any, product: Any, cents: list[int]) -> Callable[[], list[Decimal]]:
    from trytond.pool import Pool

    pool = Pool()
    party = pool.get("party.party")(name="Agent")
    party.save()
    agent = pool.get("commission.agent")(
        party=party, type_="agent", plan=plan, currency=company.currency, company=company
    )
    agent.save()
    invoice = pool.get("account.invoice")(
        type="out",
        state="draft",
        company=company,
        currency=company.currency,
        currency_date=None,
        invoice_date=None,
        agent=agent,
    )
    line = pool.get("account.invoice.line")
    lines = [
        line(invoice=invoice, type="line", product=product, amount=Decimal(one) / 100, principal=None)
        for one in cents
    ]
    return lambda: [one.get_commissions()[0].amount for one in lines]


def _agree(answers: dict[str, list[Any]]) -> None:
    ours = [Decimal(one) / 100 for one in answers.pop("prmcore")]
    for name, theirs in answers.items():
        for place, (one, other) in enumerate(zip(ours, theirs, strict=True)):
            if one != other:
                raise SystemExit(
                    f"commission of sale {place}: prmcore says {one}, Tryton ({name}) says {other}"
                )
