"""One self-contained page about a run: how tiers are distributed and how they moved, and one partner explained.

No network, no script: pictures are inline SVG. Every text that comes from a file is escaped where it enters the page.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import attrs

from prmcore.decisions import Decision, Truth
from prmcore.decisions.distance import Way, said_of_change, said_of_way
from prmcore.decisions.explain import Explanation, Words, explain
from prmcore.incentives import Ledger
from prmcore.program.judge import Judged
from prmcore.program.model import Program
from prmcore.program.what_if import (
    AtReview,
    NextLevel,
    at_next_review,
    close_to_next,
    distance_of,
    in_danger,
    next_level,
)
from prmcore.report.charts import colour, flows, legend, sideways, stacked
from prmcore.report.payouts import Payouts
from prmcore.tiers import TierOutcome

__all__ = ["Shown", "document", "levels_of", "page", "tree"]

MOST_NAMES = 10  # in one list


@attrs.frozen
class Shown:
    """The partner that the page explains."""

    name: str
    decision: Decision[TierOutcome]
    partner: str = ""  # its id; "" = not known


def page(
    program: Program,
    decisions: Sequence[Judged],
    shown: Shown,
    locale: str = "en",
    names: Mapping[str, str] | None = None,
    ledger: Ledger | None = None,
) -> str:
    """The whole page as HTML, in the language asked for. `program` is the version in force on the last day."""
    words = Words.of(locale)
    drawn = _Page(program, decisions, shown, words, names or {}, ledger)
    return document(words, drawn.title(), drawn.body())


def document(words: Words, title: str, body: str, style: str = "") -> str:
    """A page with this title and body, both escaped already, and more of style than every page has."""
    return _HTML.format(language=escape(words.locale.language), title=title, style=_STYLE + style, body=body)


def tree(node: Explanation) -> str:
    """An explanation as a list in lists."""
    mark = "" if node.truth is None else f'<i class="{node.truth.value}">{_MARKS[node.truth]}</i> '
    inner = "".join(f"<li>{tree(part)}</li>" for part in node.parts)
    return f"{mark}{escape(node.text)}" + (f"<ul>{inner}</ul>" if inner else "")


def levels_of(program: Program, decisions: Sequence[Judged]) -> list[str]:
    """The levels of the program, best first, and below them those that only earlier versions gave."""
    levels = dict.fromkeys(program.tiers.ladder.levels)
    levels |= dict.fromkeys(one.decision.outcome.level for one in decisions)
    return list(levels)


class _Page:
    def __init__(
        self,
        program: Program,
        decisions: Sequence[Judged],
        shown: Shown,
        words: Words,
        names: Mapping[str, str],
        ledger: Ledger | None,
    ) -> None:
        self.payouts = None if ledger is None else Payouts(program, ledger, words, names)
        self.program, self.shown, self.words, self.names = program, shown, words, names
        self.ladder = program.tiers.ladder
        self.levels = list(reversed(levels_of(program, decisions)))  # lowest first
        self.by_day: dict[datetime.date, list[Judged]] = {}
        for one in decisions:
            self.by_day.setdefault(one.decision.as_of, []).append(one)
        self.days = sorted(self.by_day)
        self.short = self.short_names()

    def say(self, message: str, **values: Any) -> str:
        return escape(self.words.sentence(message, values))

    def called(self, level: str) -> str:
        return self.words.value(self.ladder.called(level))

    def title(self) -> str:
        return escape(self.words.value(self.program.text or self.program.name))

    def body(self) -> str:
        """A program without levels has nothing to show of them."""
        payouts = "" if self.payouts is None else self.payouts.sections(self.shown.partner)
        if len(self.levels) == 1:
            return "\n".join([self.head(), payouts])
        parts = [
            self.head(),
            self.distribution(),
            self.movement(),
            self.moved_last(),
            self.in_danger(),
            self.close(),
            self.one_partner(),
            payouts,
        ]
        return "\n".join(parts)

    def head(self) -> str:
        last, partners = self.days[-1], len(self.by_day[self.days[-1]])
        tiles = "".join(
            f'<div class="tile" style="border-left-color:{colour(place)}"><b>{escape(self.words.value(count))}</b><span>{escape(self.called(level))}</span></div>'
            for place, level, count in reversed(
                [(place, level, self.counts(last)[level]) for place, level in enumerate(self.levels)]
            )
        )
        period = self.say(
            "{count} partners, judged on {days} days up to {day}",
            count=partners,
            days=len(self.days),
            day=last,
        )
        versions = ", ".join(
            sorted({one.decision.policy.name for found in self.by_day.values() for one in found})
        )
        return f'<header><h1>{self.title()}</h1><p>{period}<br><small>{escape(versions)}</small></p></header><div class="tiles">{tiles}</div>'

    def counts(self, day: datetime.date) -> Counter[str]:
        return Counter(one.decision.outcome.level for one in self.by_day[day])

    def distribution(self) -> str:
        columns = [[self.counts(day)[level] for level in self.levels] for day in self.days]
        names = [self.called(level) for level in self.levels]
        title = self.words.sentence("Partners by level")
        picture = stacked(title, self.short, columns, names)
        return f"<section><h2>{escape(title)}</h2>{legend(names)}{picture}</section>"

    def short_names(self) -> list[str]:
        """The days as quarters; as months where that could be misread: several in one quarter, other fiscal years."""
        calendar = self.program.calendar
        names = [calendar.quarter(day).name.removeprefix("FY").replace("-", " ") for day in self.days]
        if calendar.start_month != 1 or len(set(names)) < len(names):
            return [calendar.month(day).name for day in self.days]
        return names

    def movement(self) -> str:
        ups, downs = [], []
        for day in self.days:
            actions = Counter(one.decision.outcome.action.value for one in self.by_day[day])
            ups.append(actions["upgraded"])
            downs.append(actions["downgraded"])
        title = self.words.sentence("Movement")
        picture = flows(title, self.short, ups, downs)
        names = [self.words.sentence("upgraded"), self.words.sentence("downgraded")]
        return f"<section><h2>{escape(title)}</h2>{legend(names, 'flow')}{picture}</section>"

    def moved_last(self) -> str:
        """From where to where, on the last day."""
        cells: Counter[tuple[str, str]] = Counter()
        for one in self.by_day[self.days[-1]]:
            standing = one.decision.facts.standing
            if standing is not None:
                cells[standing.level, one.decision.outcome.level] += 1
        head = "".join(f'<th scope="col">{escape(self.called(level))}</th>' for level in self.levels)
        rows = "".join(
            f'<tr><th scope="row">{escape(self.called(before))}</th>'
            + "".join(self.cell(cells[before, after], before == after) for after in self.levels)
            + "</tr>"
            for before in self.levels
        )
        title = self.words.sentence("From where to where on {day}", {"day": self.days[-1]})
        corner = self.say("from \\ to")
        table = (
            f'<table><thead><tr><th scope="col">{corner}</th>{head}</tr></thead><tbody>{rows}</tbody></table>'
        )
        return f"<section><h2>{escape(title)}</h2>{sideways(title, table)}</section>"

    def cell(self, count: int, stays: bool) -> str:
        kind = "none" if not count else "stay" if stays else "move"
        return f'<td class="{kind}">{escape(self.words.value(count)) if count else "·"}</td>'

    def in_danger(self) -> str:
        """Who would stand lower after the next review."""
        found = in_danger(self.program, self.by_day[self.days[-1]])
        if not found:
            return ""
        rows = [self.endangered(partner, review) for partner, review in found[:MOST_NAMES]]
        title = self.words.sentence("In danger at the review of {day}", {"day": found[0][1].day})
        columns = (self.say("partner"), self.say("level now"), self.say("level then"), self.say("missing"))
        return self.list_of(title, columns, rows, len(found))

    def endangered(self, partner: str, review: AtReview) -> tuple[str, ...]:
        level = review.decision.facts.standing.level
        ways = distance_of(self.program, review.decision, level).distance.ways
        missing = self.way(ways[0]) if ways else ""
        return self.name(partner), self.called(level), self.called(review.decision.outcome.level), missing

    def close(self) -> str:
        """Who lacks one thing for the next level, and little of it."""
        found = close_to_next(self.program, self.by_day[self.days[-1]])
        if not found:
            return ""
        rows = []
        for one in found[:MOST_NAMES]:
            said = said_of_change(one.change, self.ladder.facts)
            missing = self.words.sentence(said.message, said.values)
            rows.append((self.name(one.partner), self.called(one.level), missing))
        title = self.words.sentence("Close to the next level")
        columns = (self.say("partner"), self.say("next level"), self.say("missing"))
        return self.list_of(title, columns, rows, len(found))

    def list_of(self, title: str, columns: Sequence[str], rows: Sequence[Sequence[str]], count: int) -> str:
        head = "".join(f'<th scope="col">{column}</th>' for column in columns)
        body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
        more = f"<p>{self.say('and {count} more', count=count - len(rows))}</p>" if count > len(rows) else ""
        table = f'<table class="list"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
        return f"<section><h2>{escape(title)}</h2>{sideways(title, table)}{more}</section>"

    def name(self, partner: str) -> str:
        return self.names.get(partner, partner)

    def one_partner(self) -> str:
        decision = self.shown.decision
        program = self.program
        following = next_level(program, decision)
        parts = [
            f"<h2>{escape(self.shown.name)}</h2>",
            f'<div class="why">{tree(explain(decision, self.words.name))}</div>',
            self.following(following),
            self.at_review(at_next_review(program, decision)),
            self.benefits(decision.outcome.level),
        ]
        return f"<section>{''.join(parts)}</section>"

    def following(self, following: NextLevel | None) -> str:
        if following is None:
            return f"<h3>{self.say('The highest level is reached')}</h3>"
        title = self.say("What is missing for {level}", level=self.ladder.called(following.level))
        ways = "".join(f"<li>{escape(self.way(way))}</li>" for way in following.distance.ways[:8])
        room = "".join(f"<li>{self.room(score)}</li>" for score in following.room)
        return (
            f"<h3>{title}</h3><ol>{ways or self.say('nothing that the facts could be would do it')}</ol>"
            + (f"<ul>{room}</ul>" if room else "")
        )

    def way(self, way: Way) -> str:
        steps = [self.words.sentence(one.message, one.values) for one in said_of_way(way, self.ladder.facts)]
        return "; ".join(steps) or self.words.sentence("nothing is missing")

    def room(self, score: Any) -> str:
        label = score.line.text or self.ladder.facts.label(score.line.fact)
        return self.say("{line}: {points} more points possible", line=label, points=score.room)

    def at_review(self, review: AtReview) -> str:
        level = self.ladder.called(review.decision.outcome.level)
        said = self.say(
            "If nothing changes, the level after the review of {day} is {level}", day=review.day, level=level
        )
        then = self.program.benefits.of_level(review.decision.outcome.level)
        lost = "".join(
            f"<li>{self.say('{benefit}: from {before} to {after}', benefit=self.benefit(name), before=value, after=then.get(name, False))}</li>"
            for name, value in review.lost.items()
        )
        return f"<h3>{self.say('At the next review')}</h3><p>{said}</p>" + (
            f"<ul>{lost}</ul>" if lost else ""
        )

    def benefits(self, level: str) -> str:
        given = self.program.benefits.of_level(level)
        rows = "".join(
            f'<tr><th scope="row">{escape(self.benefit(name))}</th><td>{escape(self.words.value(value))}</td></tr>'
            for name, value in given.items()
        )
        return f"<h3>{self.say('Benefits')}</h3><table>{rows}</table>" if rows else ""

    def benefit(self, name: str) -> str:
        texts = {one.name: one.text for one in self.program.benefits.benefits}
        return self.words.value(texts[name] or name)


_MARKS = {Truth.MET: "✓", Truth.UNMET: "✗", Truth.UNKNOWN: "?"}

_STYLE = """
:root{--ink:#1d2733;--soft:#5b6b7c;--line:#dfe5ec;--paper:#fff;--ground:#f4f6f9;
--up:#2b7767;--down:#b5533c}
*{box-sizing:border-box}body{margin:0;background:var(--ground);color:var(--ink);
font:16px/1.55 system-ui,-apple-system,"Segoe UI","Noto Sans","Hiragino Sans","Noto Sans CJK JP","PingFang SC",sans-serif}
main{max-width:1040px;margin:0 auto;padding:24px 16px 48px}h1{font-size:1.7rem;margin:.2em 0}h2{font-size:1.15rem;margin:0 0 .6em}
h3{font-size:1rem;margin:1.4em 0 .4em}header p{color:var(--soft);margin:.2em 0 1em}
section{background:var(--paper);border:1px solid var(--line);border-radius:10px;padding:18px;margin:16px 0}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(120px,1fr));gap:12px}
.tile{background:var(--paper);border:1px solid var(--line);border-left:6px solid;border-radius:10px;padding:10px 14px}
.tile b{display:block;font-size:1.5rem}.tile span{color:var(--soft)}
svg{width:100%;height:auto;display:block}.chart{overflow-x:auto}.chart svg{max-width:calc(var(--width)*1px)}svg text{font:12px system-ui,sans-serif;fill:var(--soft)}
.legend{display:flex;flex-wrap:wrap;gap:4px 16px;margin:0 0 10px;padding:0;list-style:none;color:var(--soft);font-size:.9rem}
.legend i{display:inline-block;width:12px;height:12px;border-radius:3px;margin-right:6px;vertical-align:-1px}
table.list th,table.list td{text-align:left}table.list td:last-child{min-width:9em;word-break:normal}.wide{overflow-x:auto}table{border-collapse:collapse;font-size:.95rem}th,td{padding:6px 12px;border-bottom:1px solid var(--line);text-align:right}
th,td{word-break:keep-all}tbody th{text-align:left;font-weight:500}td.none{color:var(--soft)}td.move{background:#fdf3da;font-weight:600}
.periods th{white-space:nowrap}.statement td{white-space:nowrap;vertical-align:top}.statement th{text-align:left;font-weight:500}.seal{color:var(--soft);overflow-wrap:anywhere}
.why ul{list-style:none;margin:.15em 0;padding-left:1.2em;border-left:2px solid var(--line)}.why{overflow-wrap:anywhere}
:is(summary,a,[tabindex]):focus-visible{outline:3px solid #3d5a80;outline-offset:2px}
i.met,i.unmet,i.unknown{font-style:normal;font-weight:700}i.met{color:var(--up)}i.unmet{color:var(--down)}i.unknown{color:#8a6d00}
@media(max-width:560px){main{padding:12px 10px 32px}section{padding:12px}.tile b{font-size:1.2rem}
.chart svg{min-width:calc(var(--width)*.75px)}svg text{font-size:14px}th,td{padding:6px 8px}
.list thead{display:none}.list tr{display:block;padding:8px 0;border-bottom:1px solid var(--line)}
.list td{display:inline-block;border:0;padding:0 .4em 0 0}.list td:first-child,.list td:last-child{display:block}
.list td:first-child{font-weight:600}.list td:last-child{color:var(--soft)}.list td:nth-last-child(2)::before{content:"→ "}}
"""

_HTML = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>{style}</style>
</head>
<body><main>
{body}
</main></body>
</html>
"""
