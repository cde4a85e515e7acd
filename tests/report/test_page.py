"""The report: one page, safe, in one language, whatever the program and its names are."""

import datetime
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from prmcore.cli.folder import read_facts
from prmcore.program import Judged, Program, ProgramVersions, judged, load_program, parse_program
from prmcore.report import Shown, page
from prmcore.tiers import Standing
from prmcore.values import DateRange

RESELLER = Path(__file__).parents[2] / "examples" / "adventureworks"
HOSTILE = [
    "<script>alert(1)</script>",
    "]]>",
    '"><img src=x onerror=alert(1)>',
    "' onload='x",
    "</style><b>",
    "\u202egnp.exe",
]
VOID = {"meta", "br"}


class Reader(HTMLParser):
    """Checks that tags are balanced, and gathers tags, attributes and text."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attributes]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attributes]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, text: str) -> None:
        if self.open and self.open[-1] != "style" and text.strip():
            self.texts.append(text.strip())


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    return reader


def program(levels: int, names: str = "level", movement: str = "") -> Program:
    rungs = "".join(
        f'[[tiers.rungs]]\nlevel = "{names} {place}"\nrequires = [{{ fact = "users", at_least = {place * 10} }}]\n'
        for place in range(levels, 0, -1)
    )
    return parse_program(
        f'format = "prmcore/1"\nname = "channel"\nversion = "1"\n'
        f'[facts.users]\nkind = "count"\n[tiers]\notherwise = "{names} 0"\n{rungs}{movement}'
        f'[benefits.discount]\nkind = "rate"\nvalues = {{ "{names} 0" = "5 %", "{names} {levels}" = "20 %" }}\n'
    )


def decided(one: Program, users: dict[str, list[int | None]]) -> list[Judged]:
    """Decisions at the ends of successive quarters from March 2020 on."""
    quarters = max(map(len, users.values()))
    days = one.calendar.ends(
        "quarter", DateRange(datetime.date(2020, 1, 1), datetime.date(2020 + quarters // 4 + 1, 1, 1))
    )
    found: list[Judged] = []
    standings: dict[tuple[str, datetime.date], Standing] = {}
    for place, day in enumerate(days[:quarters]):
        given = {partner: {"users": values[place]} for partner, values in users.items()}
        found += judged(ProgramVersions.of(one), one.book(), given, [day], standings)
        standings |= {(each.partner, day): each.after for each in found[-len(users) :]}
    return found


@pytest.mark.parametrize("levels", [1, 3, 12])
@pytest.mark.parametrize("quarters", [1, 60])
@pytest.mark.parametrize("locale", ["en", "ja", "zh", "de"])
def test_the_page_is_whole_and_needs_no_network_and_no_script(
    levels: int, quarters: int, locale: str
) -> None:
    one = program(levels)
    found = decided(one, {"a": [15] * quarters, "b": [5, *[200] * (quarters - 1)], "c": [None] * quarters})
    html = page(one, found, Shown("A", found[-1].decision), locale)
    reader = read(html)
    assert not {"script", "link", "iframe", "object", "img"} & set(reader.tags)
    assert not [value for _, value in reader.attributes if re.search(r"https?:|//", value)]
    assert "url(" not in html
    assert "default-src 'none'" in html


def test_every_name_is_escaped() -> None:
    one = program(2)
    found = decided(one, {name: [9, 15, 9] for name in HOSTILE})
    html = page(one, found, Shown(HOSTILE[0], found[-1].decision), "en", {name: name for name in HOSTILE})
    reader = read(html)
    assert not {"script", "img"} & set(reader.tags)
    assert not [name for name, _ in reader.attributes if name.startswith("on")]
    assert "<script" not in html
    assert any("<script>alert(1)</script>" in text for text in reader.texts)


@pytest.mark.slow
@pytest.mark.parametrize("locale", ["ja", "zh"])
def test_a_page_in_one_language_has_no_words_of_another(locale: str) -> None:
    """Apart from names, which the example has in English only."""
    versions = ProgramVersions.of(
        *(load_program(RESELLER / f"reseller-{year}.toml") for year in (2017, 2019))
    )
    facts = read_facts(versions, RESELLER / "facts")
    given = {identity: row.given for identity, row in facts.partners.items()}
    days = [datetime.date(2020, 3, 31), datetime.date(2020, 6, 30)]
    found = list(judged(versions, facts.book, given, days))
    names = {identity: row.name for identity, row in facts.partners.items()}
    shown = next(one for one in found if one.decision.outcome.action.value == "in-grace")
    html = page(versions.on(days[-1]), found, Shown(names[shown.partner], shown.decision), locale, names)
    allowed = {word for name in names.values() for word in re.findall("[A-Za-z]+", name)} | {"reseller"}
    words = {word for text in read(html).texts for word in re.findall("[A-Za-z]{2,}", text)}
    assert words - allowed <= {"US"}  # as in US$


def test_who_is_in_danger_and_who_is_close_is_listed_by_name() -> None:
    one = program(2, names="step", movement="[tiers.movement]\ngrace_months = 3\n")
    users: dict[str, list[int | None]] = {
        "falls": [25, 15],
        "close": [15, 19],
        "far": [12, 12],
        "top": [30, 30],
    }
    found = decided(one, users)
    html = page(
        one, found, Shown("x", found[-1].decision), "en", {"falls": "Falls Ltd", "close": "Close Ltd"}
    )
    texts = read(html).texts
    danger = texts.index("In danger at the review of September 30, 2020")
    assert texts[danger + 1 : danger + 9] == [
        *("partner", "level now", "level then", "missing"),
        *("Falls Ltd", "step 2", "step 1", "users: from 15 to 20"),
    ]
    close = texts.index("Close to the next level")
    assert texts[close + 4 : close + 7] == ["Close Ltd", "step 2", "users: from 19 to 20"]


def columns_of(texts: list[str]) -> list[str]:
    """The first label under the pictures and the ones after it, up to the next picture."""
    return [text for text in texts if re.fullmatch(r"\d{4}( Q\d|-\d\d)", text)]


def test_columns_are_named_so_that_none_is_misread() -> None:
    """Quarters of calendar years as such; anything else by the month of its last day."""
    one = program(1)
    found = decided(one, {"a": [15, 15]})
    assert set(columns_of(read(page(one, found, Shown("A", found[-1].decision))).texts)) == {
        "2020 Q1",
        "2020 Q2",
    }
    text = "[calendar]\nstart_month = 7\n"
    fiscal = program(1, movement=text)
    found = decided(fiscal, {"a": [15, 15]})
    texts = read(page(fiscal, found, Shown("A", found[-1].decision))).texts
    assert set(columns_of(texts)) == {"2020-03", "2020-06"}


def test_partners_at_a_level_that_the_last_version_dropped_are_still_counted() -> None:
    """By hand: in the first quarter one partner is at "level 2", which the program shown no longer has."""
    found = decided(program(2), {"a": [25, 15], "b": [15, 15]})
    texts = read(page(program(1), found, Shown("A", found[-1].decision))).texts
    assert "2020 Q1: level 2 1" in texts


def test_twelve_levels_have_twelve_colours() -> None:
    one = program(11)
    found = decided(one, {f"p{place}": [place * 10] for place in range(12)})
    fills = re.findall(
        r'fill:(#\w+)"><title>2020 Q1: level \d+ 1<', page(one, found, Shown("A", found[0].decision))
    )
    assert len(fills) == len(set(fills)) == 12


def test_a_benefit_that_changes_is_shown_with_both_values() -> None:
    one = program(2, movement="[tiers.movement]\ngrace_months = 3\n")
    found = decided(one, {"falls": [25, 5]})
    texts = read(page(one, found, Shown("Falls", found[-1].decision))).texts
    assert "discount: from 20% to 5%" in texts
