"""The incentives' part of the page: what was earned by period, one payee's statement, and what each plan pays."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from fractions import Fraction
from html import escape
from typing import Any

from babel.numbers import format_compact_decimal

from prmcore.decisions.explain import Words, put_into_words
from prmcore.incentives import Bookkeeping, Component, Entry, Ledger, Line
from prmcore.incentives.ledger.statements import statement
from prmcore.incentives.outlook import payout_curve
from prmcore.incentives.plans.said import said_of_line
from prmcore.program.model import Program
from prmcore.report.charts import legend, payout, sideways, stacked
from prmcore.values import Money, total

__all__ = ["Payouts"]


class Payouts:
    """Sections about the entries of a ledger, in the words of a locale."""

    def __init__(self, program: Program, ledger: Ledger, words: Words, names: Mapping[str, str]) -> None:
        self.program, self.words, self.names = program, words, names
        self.ledger, self.books = ledger, Bookkeeping(program.calendar)
        self.entries = [entry for entry in ledger if entry.amount]
        plans = program.incentives.plans if program.incentives is not None else ()
        self.components = {f"{plan.name}/{one.name}": one for plan in plans for one in plan.components}
        self.texts = {one.name: one.text or one.name for one in self.components.values()}

    def say(self, message: str, **values: Any) -> str:
        return escape(self.words.sentence(message, values))

    def called(self, component: str) -> str:
        """Of a component with its plan, or of what a person decided."""
        name = component.rpartition("/")[2]
        return self.words.value(self.texts.get(name, name))

    def sections(self, payee: str) -> str:
        """Everything; of the payee that the page explains, or else of the one that was paid most last."""
        if not self.entries:
            return self.curves()
        shown = payee if self.ledger.of_payee(payee) else self.most_paid()
        return "\n".join([*map(self.by_period, self.units()), self.statement(shown), self.curves()])

    def units(self) -> list[str]:
        return sorted({entry.amount.currency for entry in self.entries})

    def most_paid(self) -> str:
        last = max(entry.booked for entry in self.entries)
        by_payee: dict[str, int] = {}
        for entry in self.entries:
            if entry.booked == last:
                by_payee[entry.payee] = by_payee.get(entry.payee, 0) + entry.amount.minor
        return max(sorted(by_payee), key=lambda payee: by_payee[payee])

    def by_period(self, unit: str) -> str:
        """A column for each period of the books, its parts the components; below it the same as a table."""
        found = [entry for entry in self.entries if entry.amount.currency == unit]
        periods = sorted({entry.booked for entry in found})
        components = sorted({entry.component.rpartition("/")[2] for entry in found})
        cells: dict[tuple[str, str], Money] = defaultdict(lambda: Money.zero(unit))
        for entry in found:
            cells[entry.booked, entry.component.rpartition("/")[2]] += entry.amount
        columns = [[max(int(cells[period, name].amount), 0) for name in components] for period in periods]
        names = [self.called(name) for name in components]
        title = self.words.sentence("Earned by period of the books, {unit}", {"unit": unit})
        labels = [period.removeprefix("FY").replace("-", " ") for period in periods]
        picture = stacked(title, labels, columns, names, self.short)
        head = "".join(
            f'<th scope="col">{escape(name)}</th>' for name in [*names, self.words.sentence("together")]
        )
        rows = "".join(
            self.period_row(period, [cells[period, name] for name in components], unit) for period in periods
        )
        corner = self.say("period")
        table = f'<table class="periods"><thead><tr><th scope="col">{corner}</th>{head}</tr></thead><tbody>{rows}</tbody></table>'
        return f"<section><h2>{escape(title)}</h2>{legend(names)}{picture}{sideways(title, table)}</section>"

    def short(self, number: int) -> str:
        """A number as an axis has it: 50K, 5万."""
        return format_compact_decimal(number, locale=self.words.locale)

    def period_row(self, period: str, amounts: Sequence[Money], unit: str) -> str:
        shown = "".join(f"<td>{self.money(amount)}</td>" for amount in [*amounts, total(amounts, unit)])
        return f'<tr><th scope="row">{escape(period)}</th>{shown}</tr>'

    def money(self, amount: Money) -> str:
        return escape(self.words.value(amount)) if amount else "·"

    def statement(self, payee: str) -> str:
        """The last period in which the payee has entries, in each unit: opening balance, entries and why, closing balance."""
        title = self.words.sentence("Statement of {payee}", {"payee": self.names.get(payee, payee)})
        parts = [f"<h2>{escape(title)}</h2>"]
        for unit in self.ledger.units(payee):
            last = max(entry.booked for entry in self.ledger.of_payee(payee) if entry.amount.currency == unit)
            found = statement(self.ledger, self.books, payee, unit, last)
            rows = "".join(self.entry(entry) for entry in found.entries)
            opening = self.balance(self.say("opening balance"), found.opening)
            closing = self.balance(self.say("closing balance"), found.closing)
            table = f'<table class="statement"><tbody>{opening}{rows}{closing}</tbody></table>'
            parts.append(
                f"<h3>{escape(last)}</h3>{sideways(f'{title}, {last}, {unit}', table)}"
                f'<p class="seal"><small>{self.say("seal: {seal}", seal=found.seal)}</small></p>'
            )
        return f"<section>{''.join(parts)}</section>"

    def balance(self, called: str, amount: Money) -> str:
        return f'<tr><th scope="row">{called}</th><td>{self.money(amount)}</td></tr>'

    def entry(self, entry: Entry) -> str:
        component = self.components.get(entry.component)
        lines = (
            ""
            if component is None
            else "".join(f"<li>{escape(self.line(component, line))}</li>" for line in entry.lines)
        )
        label = f"{self.called(entry.component)}, {entry.period}"
        return f'<tr><th scope="row">{escape(label)}<div class="why"><ul>{lines}</ul></div></th><td>{self.money(entry.amount)}</td></tr>'

    def line(self, component: Component, line: Line) -> str:
        return put_into_words(said_of_line(component, line), self.words.name).text

    def curves(self) -> str:
        """What each component pays for more and more, where it pays by more than one rate."""
        pictures = []
        for component in self.components.values():
            if len(component.curve.bands) == 1 or component.needs_quota or component.needs_baseline:
                continue
            sold = None if component.chosen_in is Fraction else component.counted_in
            title = self.called(component.name)
            picture = payout(title, payout_curve(component), self.words, pays=component.unit, sold=sold)
            pictures.append(f"<h3>{escape(title)}</h3>{picture}")
        return (
            f"<section><h2>{self.say('What the plans pay')}</h2>{''.join(pictures)}</section>"
            if pictures
            else ""
        )
