"""One self-contained page about agreements on a day: how each runs, until when its renewal can be stopped, what is due, and why.

As in `page.py`: no network, no script, and every text that comes from a file is escaped where it enters the page. The picture
is made of boxes that grow with the page, so that it is read on a phone as well; what is told apart by colour is told apart by
a pattern and by its words as well, and a table below it says the same.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from prmcore.contracts.agreements import resolved
from prmcore.contracts.agreements.said import said_of_terms
from prmcore.contracts.lifecycle import (
    AgreementAction,
    AgreementRecord,
    AgreementState,
    AgreementStep,
    ContractPolicy,
    Due,
    Purpose,
    Standing,
    deadlines_of,
    given,
    said_of_due,
    said_of_standing,
    standing_of,
    upcoming,
    zone_of,
)
from prmcore.contracts.notice import GivenNotice
from prmcore.contracts.notice.said import said_of_deadline, said_of_ending
from prmcore.contracts.terms.said import said_of_term
from prmcore.decisions.explain import Said, Words, put_into_words
from prmcore.errors import InvalidInput
from prmcore.program.model import Program
from prmcore.report.charts import sideways
from prmcore.report.page import document, tree
from prmcore.report.timeline import Closing, Lane, Mark, MarkKind, Span, Stretch, StretchKind, lane
from prmcore.values import first_instant, months_after

__all__ = ["contracts_page"]

MOST_AGREEMENTS = 200
MOST_DUE = 100
NOTHING, NOTHING_SAID = "·", ' class="none"'  # left out on a phone
_DAY = datetime.timedelta(days=1)
_STRETCHES = {
    StretchKind.RUNS: "a term that runs or ran",
    StretchKind.CERTAIN: "a term that is certain to follow",
    StretchKind.EXPECTED: "a renewal, unless somebody stops it",
    StretchKind.ENDING: "it runs until its end: notice was given",
    StretchKind.SUSPENDED: "suspended",
    StretchKind.SIGNED: "signed; it has not begun",
}
_MARKS = {
    MarkKind.AMENDMENT: "{about} holds from {day} on",
    MarkKind.NOTICE: "notice of {about} on {day}",
    MarkKind.END: "over from {day} on",
}
_SIGNS = {MarkKind.AMENDMENT: "◆", MarkKind.NOTICE: "▲", MarkKind.END: "■"}
_NAMES = {
    MarkKind.AMENDMENT: "a further paper, such as an amendment",
    MarkKind.NOTICE: "notice",
    MarkKind.END: "end",
}
_DONE = {
    AgreementAction.NEGOTIATE: "{day}: negotiations, by {by}",
    AgreementAction.APPROVE: "{day}: approved by {by}",
    AgreementAction.REOPEN: "{day}: reopened by {by}",
    AgreementAction.SIGN_PART: "{day}: signed in part, recorded by {by}",
    AgreementAction.SIGN: "{day}: signed, recorded by {by}",
    AgreementAction.ABANDON: "{day}: abandoned by {by}",
    AgreementAction.GIVE_NOTICE: "{day}: notice of {party}, recorded by {by}: it ends nothing",
    AgreementAction.WITHDRAW_NOTICE: "{day}: notice withdrawn, recorded by {by}",
    AgreementAction.AGREE_RENEWAL: "{day}: renewal {term} agreed to, recorded by {by}",
    AgreementAction.MEET_CONDITION: "{day}: condition of renewal {term} met, recorded by {by}",
    AgreementAction.SUSPEND: "{day}: suspended by {by}",
    AgreementAction.RESUME: "{day}: resumed by {by}",
    AgreementAction.CURE: "{day}: breach cured, recorded by {by}",
    AgreementAction.TERMINATE: "{day}: terminated, recorded by {by}",
}


def contracts_page(
    program: Program,
    records: Iterable[AgreementRecord],
    on: datetime.date,
    known: datetime.datetime,
    due: Sequence[Due] = (),
    locale: str = "en",
) -> str:
    """The whole page as HTML, in the language asked for, about agreements as they stand on a day and were known at an instant.

    `due` is what is to be told, as `program.contract.due_by` finds it; what comes later the page finds itself. Those whose
    renewal can be stopped soonest, or that end soonest, come first.
    """
    words = Words.of(locale)
    drawn = _Page(program, records, on, known, due, words)
    return document(words, drawn.title(), drawn.body(), _STYLE)


class _Page:
    def __init__(
        self,
        program: Program,
        records: Iterable[AgreementRecord],
        on: datetime.date,
        known: datetime.datetime,
        due: Sequence[Due],
        words: Words,
    ) -> None:
        self.program, self.policy = program, program.contracts or ContractPolicy()
        self.on, self.known, self.due, self.words = on, known, due, words
        self.span = Span.around(on)
        found = [(standing_of(one, self.policy, on, known), one) for one in records]
        found.sort(key=lambda each: (_next_end(each[0]), each[1].agreement.id))
        self.states = Counter(now.state for now, _ in found)
        self.shown, self.more = found[:MOST_AGREEMENTS], len(found) - MOST_AGREEMENTS
        self.places = {one.agreement.id: place for place, (_, one) in enumerate(self.shown)}

    def say(self, message: str, **values: Any) -> str:
        return escape(self.words.sentence(message, values))

    def value(self, value: Any) -> str:
        return escape(self.words.value(value))

    def day(self, day: datetime.date | None) -> str:
        return NOTHING if day is None else f'<time datetime="{day.isoformat()}">{self.value(day)}</time>'

    def title(self) -> str:
        return self.value(self.program.text or self.program.name)

    def body(self) -> str:
        return "\n".join(
            [self.head(), self.due_now(), self.picture(), self.table(), self.coming(), self.explained()]
        )

    def head(self) -> str:
        tiles = "".join(
            f'<div class="tile {state.value}"><b>{self.value(self.states[state])}</b><span>{self.value(state)}</span></div>'
            for state in AgreementState
            if self.states[state]
        )
        said = self.say("agreements on {day}: {count}", count=self.states.total(), day=self.on)
        full = escape(self.program.full_name)
        return f"<header><h1>{self.title()}</h1><p>{said}<br><small>{full}</small></p></header>" + (
            f'<div class="tiles">{tiles}</div>' if tiles else ""
        )

    # what is due

    def due_now(self) -> str:
        title = self.words.sentence("What is due on {day}", {"day": self.on})
        return f"<section><h2>{escape(title)}</h2>{self.list_of_due(title, self.due)}</section>"

    def coming(self) -> str:
        until = months_after(self.on, 12)
        found = [
            each
            for _, one in self.shown
            for each in upcoming(one, self.policy, until, self.known, after=self.on)
        ]
        found.sort(key=lambda one: (one.on, one.agreement, one.kind))
        title = self.words.sentence("What comes until {day}", {"day": until})
        return f"<section><h2>{escape(title)}</h2>{self.list_of_due(title, found)}</section>"

    def list_of_due(self, title: str, found: Sequence[Due]) -> str:
        if not found:
            return f"<p>{self.say('Nothing.')}</p>"
        names = (self.say("since"), self.say("what"), self.say("last day to act"), self.say("who is told"))
        rows = [
            (self.day(one.on), self.about(one), self.day(one.until), self.told(one))
            for one in found[:MOST_DUE]
        ]
        return f"{self.table_of(title, names, rows, 'due')}{self.and_more(len(found) - MOST_DUE)}"

    def about(self, one: Due) -> str:
        text = escape(put_into_words(said_of_due(one), self.words.name).text)
        place = self.places.get(one.agreement)
        return text if place is None else f'<a href="#agreement-{place}">{text}</a>'

    def told(self, one: Due) -> str:
        return escape(", ".join(who for who in (one.owner, one.escalate_to) if who is not None)) or NOTHING

    def and_more(self, count: int) -> str:
        return f"<p>{self.say('and {count} more', count=count)}</p>" if count > 0 else ""

    def table_of(self, title: str, names: Sequence[str], rows: Iterable[Sequence[str]], kind: str) -> str:
        """On a phone each row is a card, in which every cell says what it is."""
        head = "".join(f'<th scope="col">{name}</th>' for name in names)
        body = "".join(
            "<tr>"
            + "".join(
                f'<td data-name="{name}"{NOTHING_SAID if cell == NOTHING else ""}>{cell}</td>'
                for name, cell in zip(names, row, strict=True)
            )
            + "</tr>"
            for row in rows
        )
        table = f'<table class="cards {kind}"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
        return sideways(title, table)

    # the picture

    def picture(self) -> str:
        if not self.shown:
            return ""
        lanes = [lane(one, self.policy, self.span, self.on, self.known) for _, one in self.shown]
        rows = "".join(
            self.row(place, now, one, drawn)
            for place, ((now, one), drawn) in enumerate(zip(self.shown, lanes, strict=True))
        )
        said = self.say(
            "From {first} to {last}; the line is {day}.",
            first=self.span.start, last=self.span.end - _DAY, day=self.on,
        )  # fmt: skip
        return (
            f"<section><h2>{self.say('Agreements over time')}</h2><p>{said}</p>{self.legend(lanes)}"
            f'<div class="lanes"><div class="axis" aria-hidden="true">{self.axis()}</div><ol>{rows}</ol></div>'
            f"{self.and_more(self.more)}</section>"
        )

    def legend(self, lanes: Sequence[Lane]) -> str:
        """Of what is in the picture."""
        bars = {one.kind for drawn in lanes for one in drawn.stretches}
        signs = {one.kind for drawn in lanes for one in drawn.marks}
        closings = [one for drawn in lanes for one in drawn.closings]
        items = [
            f'<i class="bar {kind.value}"></i>{self.say(_STRETCHES[kind])}'
            for kind in _STRETCHES
            if kind in bars
        ]
        if closings:
            items.append(f'<i class="safe"></i>{self.say("notice is in time by every reading")}')
        if any(one.safe_until < one.open_until for one in closings):
            items.append(f'<i class="disputed"></i>{self.say("notice is in time by some readings only")}')
        items += [
            f'<i class="sign {kind.value}">{_SIGNS[kind]}</i>{self.say(_NAMES[kind])}'
            for kind in _SIGNS
            if kind in signs
        ]
        return f'<ul class="legend">{"".join(f"<li>{one}</li>" for one in items)}</ul>'

    def axis(self) -> str:
        """Every quarter, of which a phone shows each second one."""
        months = range(0, 24, 3)
        days = [months_after(self.span.start, each) for each in months]
        return "".join(
            f'<span class="{"" if place % 2 == 0 else "between"}" style="left:{self.place(day):.2f}%">{day:%Y-%m}</span>'
            for place, day in enumerate(days)
        )

    def place(self, day: datetime.date) -> float:
        """Where a day begins, in hundredths of the width; what lies outside is at the edge."""
        whole = (self.span.end - self.span.start).days
        return 100 * min(max((day - self.span.start).days, 0), whole) / whole

    def row(self, place: int, now: Standing, record: AgreementRecord, drawn: Lane) -> str:
        id, who = escape(record.agreement.id), escape(_partner(record))
        boxes = [
            *map(self.bar, drawn.stretches),
            *map(self.window, drawn.closings),
            f'<b class="today" style="left:{self.place(self.on):.2f}%"></b>',
            *map(self.sign, drawn.marks),
        ]
        return (
            f'<li><div class="who"><a href="#agreement-{place}">{id}</a> <span>{who}</span> <em>{self.value(now.state)}</em></div>'
            f'<div class="track" role="img" aria-label="{self.in_words(drawn, now)}">{"".join(boxes)}</div></li>'
        )

    def in_words(self, drawn: Lane, now: Standing) -> str:
        """The row for those who do not see it: each bar, each last day, each mark."""
        said = [self.words.value(now.state)]
        said += [self.words.value(_said_of_stretch(one)) for one in drawn.stretches]
        said += [self.words.value(_said_of_closing(one)) for one in drawn.closings]
        said += [self.words.value(_said_of_mark(one)) for one in drawn.marks]
        return escape("; ".join(said))

    def bar(self, one: Stretch) -> str:
        return self.box(f"bar {one.kind.value}", one.start, one.end, _said_of_stretch(one))

    def window(self, one: Closing) -> str:
        """From when a notice counts until it is too late; the days between the readings in a colour of their own."""
        said, boxes = _said_of_closing(one), ""
        if one.opens <= one.safe_until:
            boxes += self.box("safe", one.opens, one.safe_until + _DAY, said)
        if one.safe_until < one.open_until:
            boxes += self.box("disputed", one.safe_until + _DAY, one.open_until + _DAY, said)
        return boxes

    def sign(self, one: Mark) -> str:
        title = self.value(_said_of_mark(one))
        return f'<i class="sign {one.kind.value}" style="left:{self.place(one.on):.2f}%" title="{title}">{_SIGNS[one.kind]}</i>'

    def box(self, kind: str, start: datetime.date, end: datetime.date, said: Said) -> str:
        left = self.place(start)
        width = self.place(end) - left
        return (
            f'<i class="{kind}" style="left:{left:.2f}%;width:{width:.2f}%" title="{self.value(said)}"></i>'
        )

    # the same as a table

    def table(self) -> str:
        names = (
            self.say("agreement"), self.say("partner"), self.say("kind"), self.say("state"), self.say("last day of the term"),
            self.say("stopped safely until"), self.say("too late after"), self.say("no longer from"),
        )  # fmt: skip
        rows = [self.cells(place, now, one) for place, (now, one) in enumerate(self.shown)]
        title = self.words.sentence("How each agreement stands")
        table = self.table_of(title, names, rows, "standings") if rows else f"<p>{self.say('Nothing.')}</p>"
        return f"<section><h2>{escape(title)}</h2>{table}{self.and_more(self.more)}</section>"

    def cells(self, place: int, now: Standing, record: AgreementRecord) -> tuple[str, ...]:
        agreement = record.agreement
        last = NOTHING if now.term is None else self.day(now.term.last_day)
        if now.term is not None and now.term.last_day is None:
            last = self.say("without end")
        return (
            f'<a href="#agreement-{place}">{escape(agreement.id)}</a>', escape(_partner(record)), self.value(agreement.kind),
            self.value(now.state), last, self.day(now.safe_until), self.day(now.stoppable_until), self.day(now.ends),
        )  # fmt: skip

    # each agreement

    def explained(self) -> str:
        if not self.shown:
            return ""
        shown = "".join(self.details(place, now, one) for place, (now, one) in enumerate(self.shown))
        return f"<section><h2>{self.say('Each agreement, explained')}</h2>{shown}{self.and_more(self.more)}</section>"

    def details(self, place: int, now: Standing, record: AgreementRecord) -> str:
        agreement = record.agreement
        said = [said_of_standing(now)]
        summary = f"<b>{escape(agreement.id)}</b> {escape(_partner(record))} · {self.value(now.state)}"
        parts = [
            self.trees(said),
            self.titled(self.say("Until when its renewal can be stopped"), self.deadlines(record, now)),
            self.titled(
                self.say("When notice without a reason, received on {day}, would end it", day=self.on),
                self.endings(record),
            ),
            self.titled(self.say("What happened"), self.steps(record)),
            self.titled(self.say("Papers"), self.papers(record)),
            self.titled(
                self.say("What holds, and what gave way"),
                self.trees([said_of_terms(resolved(agreement, self.on, self.known))]),
            ),
        ]
        return f'<details><summary>{summary}</summary><div id="agreement-{place}">{"".join(parts)}</div></details>'

    def titled(self, title: str, body: str) -> str:
        return f"<h3>{title}</h3>{body}" if body else ""

    def trees(self, said: Iterable[Said]) -> str:
        return "".join(f'<div class="why">{tree(put_into_words(one, self.words.name))}</div>' for one in said)

    def deadlines(self, record: AgreementRecord, now: Standing) -> str:
        if now.stoppable_until is None:
            return ""
        try:
            found = deadlines_of(record, self.policy, self.on, self.known)
        except InvalidInput as error:  # such as a calendar that does not reach so far
            return f"<p>{escape(str(error))}</p>"
        return self.trees(map(said_of_deadline, found))

    def endings(self, record: AgreementRecord) -> str:
        """As the paper has it for each party; what is asked is judged, and nothing is kept."""
        at = first_instant(zone_of(record.agreement, self.policy, self.on, self.known), self.on)
        found = []
        for party in record.agreement.parties:
            notice = GivenNotice(id="asked", by=party.role, sent_at=at, received_at=at)
            try:
                taken = given(
                    record, self.policy, notice, at=self.known, by="asked", purpose=Purpose.CONVENIENCE
                )
            except InvalidInput:  # the paper gives this party no such right, or a calendar ends
                continue
            if taken.ending is not None and taken.ending not in found:
                found.append(taken.ending)
        return self.trees(map(said_of_ending, found))

    def steps(self, record: AgreementRecord) -> str:
        items = [
            self.value(_said_of_step(one)) + (f" ({escape(one.reason)})" if one.reason else "")
            for one in record.steps
            if one.at <= self.known
        ]
        return f"<ul>{''.join(f'<li>{one}</li>' for one in items)}</ul>" if items else ""

    def papers(self, record: AgreementRecord) -> str:
        names = (
            self.say("paper"),
            self.say("title"),
            self.say("class"),
            self.say("signed on"),
            self.say("holds from"),
        )
        rows = [
            (
                escape(one.id), escape(one.title or NOTHING), escape(one.document_class),
                self.day(one.signed_on) if one.signed_on else self.say("not signed"), self.day(one.counts_from),
            )
            for one in record.agreement.documents
            if one.known_since <= self.known
        ]  # fmt: skip
        title = f"{self.words.sentence('Papers')}, {record.agreement.id}"
        return self.table_of(title, names, rows, "papers") if rows else ""


def _next_end(now: Standing) -> datetime.date:
    """The next day on which somebody has to have acted: it can be stopped until then, or it is over."""
    ahead = [day for day in (now.stoppable_until, now.ends) if day is not None and day >= now.on]
    return min(ahead, default=datetime.date.max)


def _partner(record: AgreementRecord) -> str:
    agreement = record.agreement
    return next(one.name for one in agreement.parties if one.id == agreement.partner)


def _said_of_stretch(one: Stretch) -> Said:
    about = Said(_STRETCHES[one.kind])
    if one.term is None:
        return about
    return Said("{about}: {term}", {"about": about, "term": said_of_term(one.term)})


def _said_of_closing(one: Closing) -> Said:
    values = {"number": one.term + 1, "safe": one.safe_until, "last": one.open_until}
    if one.safe_until == one.open_until:
        return Said("renewal {number} can be stopped until {last}", values)
    return Said(
        "renewal {number} can be stopped until {safe} by every reading, and until {last} by some", values
    )


def _said_of_mark(one: Mark) -> Said:
    return Said(_MARKS[one.kind], {"about": one.about, "day": one.on})


def _said_of_step(step: AgreementStep) -> Said:
    values = {"day": step.on, "by": step.by, "party": step.party, "term": step.term, "ends": step.ends}
    if step.ends is not None:
        return Said("{day}: notice of {party}, recorded by {by}: it is over from {ends} on", values)
    if step.last_term is not None:
        return Said("{day}: notice of {party}, recorded by {by}: no further term follows", values)
    if step.purpose is Purpose.CAUSE:
        return Said("{day}: notice of {party} for a breach, recorded by {by}", values)
    return Said(_DONE[step.action], values)


_STYLE = """
.tile{border-left-color:#8fa9c4}.tile.active,.tile.renewed{border-left-color:var(--up)}.tile.notice-given,.tile.terminated{border-left-color:var(--down)}
.tile.suspended{border-left-color:#c99a1b}
a{color:#25507d}.lanes ol{list-style:none;margin:0;padding:0}
.lanes li,.axis{display:grid;grid-template-columns:16rem 1fr;gap:12px;align-items:center;border-bottom:1px solid var(--line);padding:6px 0}
.axis{display:block;position:relative;height:1.6em;margin-left:calc(16rem + 12px);font-size:.8rem;color:var(--soft)}
.axis span{position:absolute;border-left:1px solid var(--line);padding-left:4px;white-space:nowrap}
.who{line-height:1.35;overflow-wrap:anywhere}.who a{font-weight:600}.who span{display:block;font-size:.85rem}.who em{font-style:normal;color:var(--soft);font-size:.85rem}
.track{position:relative;height:34px;background:#f4f6f9;border-radius:4px;overflow:hidden}
.track i,.track b{position:absolute}.track .bar{top:4px;height:16px;border-right:2px solid #fff;border-radius:3px}
.bar.runs{background:#2f7f6f}.bar.certain{background:repeating-linear-gradient(45deg,#2f7f6f 0 5px,#9fc9bf 5px 8px)}
.bar.expected{background:#e3f0ed;outline:1px dashed #2f7f6f;outline-offset:-1px}
.bar.ending{background:repeating-linear-gradient(-45deg,#b5533c 0 5px,#e3b3a7 5px 8px)}
.bar.suspended{background:repeating-linear-gradient(90deg,#c99a1b 0 4px,#fbe6a2 4px 8px)}
.bar.signed{background:#fff;outline:1px dotted #3d5a80;outline-offset:-1px}
.safe{background:#3d5a80}.track .safe,.track .disputed{top:23px;height:6px;min-width:2px}
.disputed{background:#e0861b}.track .disputed{top:21px;height:10px;min-width:4px}
.track .today{top:0;bottom:0;width:2px;background:#1d2733}
.sign{font-style:normal}.track .sign{transform:translateX(-50%);top:1px;font-size:13px;line-height:20px;text-shadow:0 0 2px #fff,0 0 2px #fff,0 0 2px #fff}
.sign.amendment{color:#7a3b69}.sign.notice{color:#8a2f18}.sign.end{color:#1d2733}
.legend i.bar{width:26px}.legend i.sign{width:auto}.legend i.safe{height:6px;width:26px;vertical-align:2px}.legend i.disputed{width:6px}
.cards th,.cards td{text-align:left;vertical-align:top}.cards{width:100%}.cards time{white-space:nowrap}.due td:nth-child(2){width:50%}
.standings{font-size:.85rem}.standings th,.standings td{padding:6px}.standings td:first-child{white-space:nowrap}
details{padding:6px 0;border-bottom:1px solid var(--line)}details>div{padding:4px 0 12px;scroll-margin-top:4em}summary{cursor:pointer;overflow-wrap:anywhere}
@media(max-width:560px){.lanes li{grid-template-columns:1fr;gap:4px}.axis{margin-left:0}.axis .between{display:none}.who span{display:inline}
.cards thead{display:none}.cards tr{display:block;padding:8px 0;border-bottom:1px solid var(--line)}
.cards td{display:flex;justify-content:space-between;gap:1em;border:0;padding:2px 0;text-align:right}.cards td::before{content:attr(data-name);color:var(--soft);text-align:left;flex:none}
.cards td.none{display:none}.standings td:first-child{white-space:normal}.cards td>*{overflow-wrap:anywhere}
.due td:nth-child(2){width:auto}}
@media print{body{background:#fff}section{border:0}li,tr{break-inside:avoid}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
"""
