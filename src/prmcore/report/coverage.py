"""One self-contained page about a coverage model on a day: who covers what, what is wrong with it, which account goes to whom.

As in `page.py`: no network, no script, and every text that comes from a file is escaped where it enters the page. What is
told apart by colour is told apart by a pattern and by its words as well.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape
from typing import Any

from prmcore.decisions import Decision
from prmcore.decisions.explain import Said, Words, explain
from prmcore.decisions.lint import Finding
from prmcore.errors import InvalidInput, unknown_name
from prmcore.program.model import Program
from prmcore.report.charts import colour, sideways
from prmcore.report.grid import Answer, Block, Extent, Grid
from prmcore.report.page import document, tree
from prmcore.territory.coverage import (
    ACCOUNT,
    Assignment,
    CoveragePolicy,
    Result,
    analysed,
    as_account,
    said_of_outcome,
)
from prmcore.territory.coverage.analysis import DAY
from prmcore.territory.coverage.said import called
from prmcore.values import DateRange

__all__ = ["coverage_page"]

MOST_EXPLAINED = 25  # accounts that a person has to look at
MOST_NAMES = 8  # of pieces, in one heading of the picture
MOST_FOUND = 60
MOST_ROWS, MOST_COLUMNS, MOST_BANDS = 200, 30, 6  # of the picture, and of each field
_ORDER = (Result.ASSIGNED, Result.HOUSE, Result.AMBIGUOUS, Result.UNASSIGNED)
_RESULTS = {
    Result.ASSIGNED: "covered by one territory",
    Result.HOUSE: "house accounts",
    Result.AMBIGUOUS: "ambiguous",
    Result.UNASSIGNED: "covered by nobody",
}
_EXTENTS = {
    Extent.ALL: "{value}",
    Extent.REST: "the rest of {value}",
    Extent.NODE: "{value}, not known more closely",
    Extent.EXAMPLE: "such as {value}",
    Extent.ELSE: "everything else",
}


def coverage_page(
    program: Program,
    decisions: Sequence[Decision[Assignment]],
    day: datetime.date,
    locale: str = "en",
    names: Mapping[str, str] | None = None,
    account: str | None = None,
) -> str:
    """The whole page as HTML, in the language asked for; `names` are those of accounts, `account` is explained first.

    `decisions` are those of the program's coverage about a list of accounts, all on one day; there may be none.
    """
    if program.coverage is None:
        raise InvalidInput(f"{program.full_name} has no coverage; accepted: a program file with [coverage]")
    words = Words.of(locale)
    drawn = _Page(program, program.coverage, decisions, day, words, names or {}, account)
    return document(words, drawn.title(), drawn.body(), _STYLE)


class _Page:
    def __init__(
        self,
        program: Program,
        policy: CoveragePolicy,
        decisions: Sequence[Decision[Assignment]],
        day: datetime.date,
        words: Words,
        names: Mapping[str, str],
        account: str | None,
    ) -> None:
        self.program, self.policy, self.decisions, self.day = program, policy, decisions, day
        self.words, self.names = words, names
        self.territories = {one.name: place for place, one in enumerate(policy.model.territories)}
        self.by_account = {one.facts[ACCOUNT]: one for one in decisions}
        if account is not None and account not in self.by_account:
            raise InvalidInput(unknown_name("account", account, self.by_account))
        self.account = account

    def say(self, message: str, **values: Any) -> str:
        return escape(self.words.sentence(message, values))

    def title(self) -> str:
        return escape(self.words.value(self.program.text or self.program.name))

    def called(self, territory: str) -> str:
        return escape(self.words.value(self.policy.model.territory(territory).text or territory))

    def body(self) -> str:
        parts = [
            self.patterns(),
            self.head(),
            self.asked(),
            self.picture(),
            self.findings(),
            self.by_territory(),
            self.unclear(Result.AMBIGUOUS, self.say("Accounts that are ambiguous, and why")),
            self.unclear(Result.UNASSIGNED, self.say("Accounts that nobody covers, and why")),
            self.examples(),
        ]
        return "\n".join(part for part in parts if part)

    def head(self) -> str:
        count = Counter(one.outcome.result for one in self.decisions)
        tiles = "".join(
            f'<div class="tile {result.value}"><b>{escape(self.words.value(count[result]))}</b>'
            f"<span>{self.say(_RESULTS[result])}</span></div>"
            for result in _ORDER
        )
        said = self.say("{count} accounts on {day}", count=len(self.decisions), day=self.day)
        return (
            f"<header><h1>{self.title()}</h1><p>{said}<br><small>{escape(self.policy.name)}</small></p></header>"
            + (f'<div class="tiles">{tiles}</div>' if self.decisions else "")
        )

    # who covers what

    def picture(self) -> str:
        grid = Grid.of(self.policy, self.day)
        counts = grid.counted(self.decisions)
        rows = _foremost(
            len(grid.rows),
            lambda row: any(
                counts[row, each] or _is_unclear(one) for each, one in enumerate(grid.answers[row])
            ),
            MOST_ROWS,
        )
        columns = range(len(grid.columns))[:MOST_COLUMNS]
        head = "".join(
            f'<th scope="col">{self.heading(grid.across, grid.columns[one])}</th>' for one in columns
        )
        body = "".join(
            f'<tr><th scope="row">{self.heading(grid.down, grid.rows[row])}</th>'
            + "".join(f"<td>{self.field(grid.answers[row][one], counts[row, one])}</td>" for one in columns)
            + "</tr>"
            for row in rows
        )
        title = self.words.sentence("Who covers what")
        corner = " / ".join(self.label(one) for one in (grid.down, grid.across) if one is not None)
        more = len(grid.rows) - len(rows) + len(grid.columns) - len(columns)
        table = (
            f'<table class="matrix"><thead><tr><th scope="col">{corner}</th>{head}</tr></thead>'
            f"<tbody>{body}</tbody></table>"
        )
        return (
            f"<section><h2>{escape(title)}</h2><p>{self.said_of(grid)}</p>{sideways(title, table)}"
            f"{self.and_more(more)}</section>"
        )

    def and_more(self, count: int) -> str:
        return f"<p>{self.say('and {count} more', count=count)}</p>" if count > 0 else ""

    def label(self, name: str) -> str:
        return escape(self.words.value(self.policy.facts.label(name)))

    def said_of(self, grid: Grid) -> str:
        """How the picture is to be read."""
        said = [self.say("Each field shows who covers such accounts, and how many of the list are there.")]
        others = [self.words.value(self.policy.facts.label(name)) for name in grid.others]
        if others and grid.is_complete:
            said.append(
                self.say("Where a field shows several, it depends on: {dimensions}.", dimensions=others)
            )
        elif others:
            said.append(self.say("Of {dimensions} only the most ordinary value is shown.", dimensions=others))
        if any(rule.accounts is not None for rule in self.policy.model.rules):
            said.append(self.say("Rules that name accounts are not in it."))
        return " ".join(said)

    def heading(self, name: str | None, block: Block) -> str:
        """What a row or a column stands for: the values that the rules do not tell apart."""
        if name is None:
            return self.say("any")
        shown = [
            self.words.sentence(_EXTENTS[one.extent], {"value": self.value(name, one.value)})
            for one in block.pieces
        ]
        text = escape(self.words.value(shown[:MOST_NAMES]))
        if len(shown) <= MOST_NAMES:
            return text
        more = self.say("and {count} more", count=len(shown) - MOST_NAMES)
        return f'<span title="{escape(self.words.value(shown))}">{text} {more}</span>'

    def value(self, name: str, value: Any) -> Any:
        return called(self.policy.model, name, value)

    def field(self, answers: Sequence[Answer], counts: Counter[Answer]) -> str:
        """One field: a band for each answer, with how many accounts of the list it is given to.

        An account of which another dimension is not known can have an answer of its own.
        """
        found = sorted({*answers, *counts}, key=lambda one: (not counts[one], one.rank))
        shown = sorted(found[:MOST_BANDS], key=lambda one: one.rank)
        bands = "".join(self.band(one, counts[one]) for one in shown)
        more = len(found) - len(shown)
        rest = f'<small class="rest">{self.say("and {count} more", count=more)}</small>' if more else ""
        return f'<div class="field">{bands}{rest}</div>'

    def band(self, answer: Answer, count: int) -> str:
        number = f'<span class="count">{escape(self.words.value(count))}</span>' if count else ""
        return f'<div class="band">{self.filled(answer)}{self.answer(answer)}{number}</div>'

    def answer(self, answer: Answer) -> str:
        marks = {Result.AMBIGUOUS: "? ", Result.UNASSIGNED: "✗ "}
        text = marks.get(answer.result, "") + self.in_words(answer)
        if answer.before:
            names = [self.policy.model.territory(one).text or one for one in answer.before]
            text += f"<small>{self.say('goes before {territories}', territories=names)}</small>"
        return f"<span>{text}</span>"

    def in_words(self, answer: Answer) -> str:
        if answer.result is Result.AMBIGUOUS:
            names = [self.policy.model.territory(one).text or one for one in answer.between]
            return self.say("ambiguous: {territories}", territories=names)
        if answer.territory is None:
            return self.say("nobody")
        if answer.result is Result.HOUSE:
            return self.say("{territory}, as house account", territory=self.text_of(answer.territory))
        return self.called(answer.territory)

    def text_of(self, territory: str) -> Any:
        return self.policy.model.territory(territory).text or territory

    def filled(self, answer: Answer) -> str:
        return _filled(self.pattern(answer.territory, answer.result))

    def pattern(self, territory: str | None, result: Result) -> str:
        return result.value if territory is None else f"t{self.territories[territory]}"

    def patterns(self) -> str:
        """A pattern for each territory, one for what is ambiguous, and one for holes."""
        made = [_pattern(f"t{place}", colour(place), place) for place in self.territories.values()]
        return f'<svg class="patterns" aria-hidden="true"><defs>{"".join(made)}{_WARNINGS}</defs></svg>'

    # findings

    def findings(self) -> str:
        effective = self.program.effective
        within = effective if effective.start is not None else DateRange.of_days(self.day, self.day)
        found = analysed(self.policy, within).findings
        items = "".join(f"<li>{self.finding(one)}</li>" for one in found[:MOST_FOUND])
        rest = self.and_more(len(found) - MOST_FOUND)
        body = (
            f'<ul class="found">{items}</ul>{rest}' if found else f"<p>{self.say('Nothing was found.')}</p>"
        )
        return f"<section><h2>{self.say('What is wrong with the model')}</h2>{body}</section>"

    def finding(self, finding: Finding) -> str:
        """What was found, an account that shows it, and how that account would be decided."""
        said = escape(self.words.sentence(finding.said.message, finding.said.values))
        summary = f"<b>{escape(finding.code)}</b> {said}"
        if finding.witness is None:
            return summary
        decision = self.policy.decide(*as_account(self.policy, finding))
        shown = self.say("Such an account: {values}", values=list(self.witness(finding.witness)))
        return self.details(summary, f"<p>{shown}</p>{self.why(decision)}")

    def witness(self, values: Mapping[str, Any]) -> Iterator[str]:
        for name, value in values.items():
            if name == DAY:
                yield self.words.value(value)
            elif name != ACCOUNT or self.names_accounts():
                label = self.policy.facts.label(name)
                yield self.words.sentence(
                    "{fact}: {value}", {"fact": label, "value": self.value(name, value)}
                )

    def names_accounts(self) -> bool:
        return any(rule.accounts is not None for rule in self.policy.model.rules)

    # accounts

    def by_territory(self) -> str:
        if not self.decisions:
            return ""
        count = Counter(one.outcome.territory or one.outcome.result.value for one in self.decisions)
        beside = Counter(name for one in self.decisions for name in one.outcome.overlays)
        highest = max(count.values())
        found: list[tuple[str, str, str, int]] = [
            (f"t{place}", name, self.called(name), beside[name]) for name, place in self.territories.items()
        ]
        found += [
            (result.value, result.value, self.say(_RESULTS[result]), 0)
            for result in (Result.AMBIGUOUS, Result.UNASSIGNED)
        ]
        rows = "".join(
            f'<tr><th scope="row">{name}</th><td class="length">{_bar(pattern, count[key], highest)}</td>'
            f"<td>{escape(self.words.value(count[key]))}</td><td>{escape(self.words.value(more)) if more else '·'}</td></tr>"
            for pattern, key, name, more in found
        )
        head = (
            f'<th scope="col">{self.say("territory")}</th><td></td>'
            f'<th scope="col">{self.say("accounts")}</th><th scope="col">{self.say("beside another")}</th>'
        )
        title = self.words.sentence("Accounts by territory")
        table = f'<table class="lengths"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
        return f"<section><h2>{escape(title)}</h2>{sideways(title, table)}</section>"

    def unclear(self, result: Result, title: str) -> str:
        found = [one for one in self.decisions if one.outcome.result is result]
        if not found:
            return ""
        shown = "".join(self.explained(one) for one in found[:MOST_EXPLAINED])
        return f"<section><h2>{title}</h2>{shown}{self.and_more(len(found) - MOST_EXPLAINED)}</section>"

    def asked(self) -> str:
        if self.account is None:
            return ""
        decision = self.by_account[self.account]
        return f"<section><h2>{self.name(decision)}</h2>{self.why(decision)}</section>"

    def examples(self) -> str:
        """The first account of each territory, explained."""
        first: dict[str, Decision[Assignment]] = {}
        for one in self.decisions:
            if one.outcome.territory is not None:
                first.setdefault(one.outcome.territory, one)
        shown = "".join(self.explained(first[name]) for name in self.territories if name in first)
        return (
            f"<section><h2>{self.say('An account of each territory, explained')}</h2>{shown}</section>"
            if shown
            else ""
        )

    def explained(self, decision: Decision[Assignment]) -> str:
        outcome: Said = said_of_outcome(self.policy.model, decision.outcome)
        return self.details(
            f"<b>{self.name(decision)}</b> {escape(self.words.value(outcome))}", self.why(decision)
        )

    def name(self, decision: Decision[Assignment]) -> str:
        id = decision.facts[ACCOUNT]
        return escape(f"{self.names[id]} ({id})" if self.names.get(id) else id)

    def why(self, decision: Decision[Assignment]) -> str:
        return f'<div class="why">{tree(explain(decision, self.words.name))}</div>'

    def details(self, summary: str, body: str) -> str:
        return f"<details><summary>{summary}</summary>{body}</details>"


def _is_unclear(answers: Sequence[Answer]) -> bool:
    return any(one.result in (Result.AMBIGUOUS, Result.UNASSIGNED) for one in answers)


def _foremost(count: int, is_telling: Callable[[int], bool], most: int) -> list[int]:
    """Places in their order; where there are too many, those that tell something first."""
    if count <= most:
        return list(range(count))
    return sorted(sorted(range(count), key=lambda place: not is_telling(place))[:most])


# what is drawn


def _filled(pattern: str) -> str:
    return f'<svg aria-hidden="true"><rect width="100%" height="100%" fill="url(#{pattern})"/></svg>'


def _bar(pattern: str, count: int, highest: int) -> str:
    width = f"{100 * count / highest:.1f}%"
    return f'<svg aria-hidden="true"><rect width="{width}" height="100%" fill="url(#{pattern})"/></svg>'


_LINES = (  # on a field of 12 by 12; the first leaves it plain
    "",
    "M0 12L12 0M-3 3L3 -3M9 15L15 9",
    "M0 6H12",
    "M6 0V12",
    "M0 0L12 12M-3 9L3 15M9 -3L15 3",
    "M0 6H12M6 0V12",
    "M3 3h2v2h-2zM9 9h2v2h-2z",
    "M0 12L12 0M0 0L12 12",
)


def _pattern(id: str, filled: str, place: int) -> str:
    """The colours come round after twelve territories, and meet other lines then."""
    lines = _LINES[(place + place // 12) % len(_LINES)]
    drawn = (
        f'<path d="{lines}" stroke="#fff" stroke-opacity=".75" stroke-width="2" fill="none"/>'
        if lines
        else ""
    )
    return _tile(id, f'<rect width="12" height="12" fill="{filled}"/>{drawn}')


def _tile(id: str, drawn: str) -> str:
    return f'<pattern id="{id}" width="12" height="12" patternUnits="userSpaceOnUse">{drawn}</pattern>'


_WARNINGS = _tile(
    Result.AMBIGUOUS.value,
    '<rect width="12" height="12" fill="#fbe6a2"/><path d="M0 12L12 0M-3 3L3 -3M9 15L15 9" stroke="#8a6d00" stroke-width="2"/>',
) + _tile(
    Result.UNASSIGNED.value,
    '<rect width="12" height="12" fill="#fff"/><path d="M0 12L12 0M0 0L12 12" stroke="#b5533c" stroke-width="1.5"/>',
)

_STYLE = """
.patterns{position:absolute;width:0;height:0}
.tile{border-left-color:#3d5a80}.tile.house{border-left-color:#8fa9c4}.tile.ambiguous{border-left-color:#c99a1b}.tile.unassigned{border-left-color:var(--down)}
.matrix{border-collapse:separate;border-spacing:3px;width:100%;font-size:.85rem}
.matrix th{border:0;text-align:left;font-weight:600;vertical-align:middle;word-break:normal;padding:4px 6px}
.matrix tbody th{font-weight:500;min-width:9em;max-width:18em;background:var(--paper);position:sticky;left:0;z-index:1}
.matrix td{padding:0;border:0;min-width:9em;height:2.6em}
.field{display:flex;flex-direction:column;position:relative;height:100%;min-height:2.6em;border-radius:4px;overflow:hidden}
.band{position:relative;flex:1;display:flex;align-items:center;gap:4px;padding:4px;text-align:left}
.band svg{position:absolute;inset:0;width:100%;height:100%}
.band span{position:relative;background:rgba(255,255,255,.93);border-radius:3px;padding:1px 6px;line-height:1.35;overflow-wrap:break-word;word-break:normal}
.rest{padding:0 6px;color:var(--soft)}.band small{display:block;color:var(--soft)}.band .count{margin-left:auto;font-weight:600}
.lengths{width:100%}.lengths .length{width:60%;min-width:8em}.lengths .length svg{height:16px}.lengths thead th:first-child{text-align:left}
.found{list-style:none;margin:0;padding:0}.found>li{padding:4px 0;border-bottom:1px solid var(--line);overflow-wrap:anywhere}
details{padding:4px 0}summary{cursor:pointer}
@media(max-width:560px){.matrix tbody th{min-width:6.5em;max-width:8em}.lengths .length{min-width:5em}}
@media print{body{background:#fff}section{break-inside:auto;border:0}tr,.tile{break-inside:avoid}.wide{overflow:visible}
.matrix tbody th{position:static}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
"""
