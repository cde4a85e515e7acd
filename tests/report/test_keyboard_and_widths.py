"""The pages can be read on a phone and with a keyboard alone: what can be said of that without a browser, in every language."""

import datetime
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest

from prmcore.cli.folder import read_facts
from prmcore.program import ProgramVersions, earn_over, judged, ledger_of, load_program, transactions_of
from prmcore.program.contract import agreements_of, due_by, keep_agreements
from prmcore.program.rows import Reject, account_rows
from prmcore.report import Shown, contracts_page, coverage_page, page
from prmcore.storage import MemoryStore

TUTORIAL = Path(__file__).parents[2] / "examples" / "tutorial"
LAST = datetime.date(2026, 9, 30)
NOW = datetime.datetime(2026, 9, 30, 3, tzinfo=datetime.UTC)
LOCALES = ("en", "ja", "zh")
PHONE = 360  # pixels, of a small one
VOID = {"meta", "br"}
FOCUSABLE = {"a", "summary", "button", "input", "select", "textarea"}


class Element(NamedTuple):
    tag: str
    attributes: dict[str, str]
    inside: tuple[dict[str, str], ...]  # the attributes of what it stands in, outermost first


class Elements(HTMLParser):
    """All elements of a page, in order, each with what it stands in."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Element] = []
        self.open: list[dict[str, str]] = []
        self.style = ""
        self.in_style = False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        self.found.append(Element(tag, given, tuple(self.open)))
        self.in_style = tag == "style"
        if tag not in VOID:
            self.open.append(given)

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.found.append(Element(tag, {name: value or "" for name, value in attributes}, tuple(self.open)))

    def handle_endtag(self, tag: str) -> None:
        self.in_style = False
        self.open.pop()

    def handle_data(self, text: str) -> None:
        if self.in_style:
            self.style += text

    def of(self, *tags: str) -> list[Element]:
        return [one for one in self.found if one.tag in tags]

    def rules(self) -> Iterator[tuple[str, str]]:
        """Each rule of the style sheet: what it is for, and what it says; those for phones and for paper among them."""
        plain = re.sub(r"@media[^{]*\{((?:[^{}]*\{[^{}]*\})*)[^{}]*\}", r"\1", self.style)
        for selectors, body in re.findall(r"([^{}]+)\{([^{}]*)\}", plain):
            for selector in re.split(r",(?![^(]*\))", selectors):
                yield selector.strip(), body


@pytest.fixture(scope="module")
def pages() -> dict[tuple[str, str], Elements]:
    """The three pages of the tutorial, in every language."""
    program = load_program(TUTORIAL / "first.toml")
    versions, store = ProgramVersions.of(program), MemoryStore()
    facts = read_facts(program, TUTORIAL / "data")
    given = {name: row.given for name, row in facts.partners.items()}
    days = program.calendar.ends("quarter", program.effective)[:3]
    assert days[-1] == LAST
    found = list(judged(versions, facts.book, given, days))
    list(
        earn_over(store, versions, list(transactions_of(versions, facts.sales, given, lambda *_: None)), days)
    )
    shown = Shown("Kaede", next(one.decision for one in reversed(found) if one.partner == "kaede"), "kaede")
    assert program.coverage is not None
    # the draft, since it has something to find
    draft = load_program(TUTORIAL / "first-draft.toml")
    assert draft.coverage is not None
    rejects: list[Reject] = []
    with (TUTORIAL / "data" / "accounts.csv").open(encoding="utf-8") as lines:
        accounts = dict(account_rows(draft.coverage, lines, rejects.append))
    assert rejects == []
    covered = [
        draft.coverage.decide(draft.coverage.account(id, **values), LAST) for id, values in accounts.items()
    ]
    keep_agreements(store, versions, program.agreements, at=NOW)
    kept, due = agreements_of(store), due_by(store, versions, LAST, at=NOW)
    made = {
        (name, locale): html
        for locale in LOCALES
        for name, html in (
            ("report", page(program, found, shown, locale, {}, ledger_of(store, program.name))),
            ("coverage", coverage_page(draft, covered, LAST, locale)),
            ("contracts", contracts_page(program, kept, LAST, NOW, due, locale=locale)),
        )
    }
    read: dict[tuple[str, str], Elements] = {}
    for key, html in made.items():
        elements = Elements()
        elements.feed(html)
        assert elements.open == []
        read[key] = elements
    return read


EVERY = pytest.mark.parametrize(
    ("name", "locale"), [(name, locale) for name in ("report", "coverage", "contracts") for locale in LOCALES]
)


@EVERY
def test_a_page_says_its_language_and_fits_itself_to_the_screen(
    pages: dict[tuple[str, str], Elements], name: str, locale: str
) -> None:
    elements = pages[name, locale]
    (root,) = elements.of("html")
    assert root.attributes["lang"] == locale
    (viewport,) = [one.attributes for one in elements.of("meta") if one.attributes.get("name") == "viewport"]
    assert viewport["content"] == "width=device-width, initial-scale=1"  # and may be made larger


@EVERY
def test_there_is_one_first_heading_and_no_level_is_left_out(
    pages: dict[tuple[str, str], Elements], name: str, locale: str
) -> None:
    levels = [int(one.tag[1]) for one in pages[name, locale].of("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert len(levels) > 4
    assert all(after <= before + 1 for before, after in pairwise(levels))


@EVERY
def test_what_scrolls_sideways_is_reached_by_the_keyboard_and_says_what_it_is(
    pages: dict[tuple[str, str], Elements], name: str, locale: str
) -> None:
    elements = pages[name, locale]
    scrolls = {selector.removeprefix(".") for selector, body in elements.rules() if "overflow-x:auto" in body}
    assert "wide" in scrolls
    regions = [one.attributes for one in elements.found if one.attributes.get("class") in scrolls]
    assert regions
    for one in regions:
        assert one["tabindex"] == "0"
        assert one["role"] == "region"
        assert one["aria-label"].strip()
    labels = [(one["class"], one["aria-label"]) for one in regions]
    assert len(set(labels)) == len(labels)


@EVERY
def test_every_table_and_picture_that_could_be_too_wide_scrolls_by_itself(
    pages: dict[tuple[str, str], Elements], name: str, locale: str
) -> None:
    elements = pages[name, locale]
    for one in elements.of("table"):
        assert any(outer.get("class") == "wide" for outer in one.inside)
    for one in elements.of("svg"):
        if "viewbox" in one.attributes:
            assert any(outer.get("class") == "chart" for outer in one.inside)


@EVERY
def test_nothing_else_is_wider_than_a_phone(
    pages: dict[tuple[str, str], Elements], name: str, locale: str
) -> None:
    """Widths in pixels; what is relative to the letters is never that wide here, and is not above 20 of them."""
    elements = pages[name, locale]
    for selector, body in elements.rules():
        if ".chart" in selector or ".matrix" in selector:  # they scroll
            continue
        for number, unit in re.findall(r"(?<![-\w])(?:min-)?width:([\d.]+)(px|em|rem)", body):
            assert float(number) <= (PHONE if unit == "px" else 20), (selector, body)
    inline = [one.attributes["style"] for one in elements.found if "style" in one.attributes]
    assert not [style for style in inline if re.search(r"(?<![-\w])width:[\d.]+(?:px|em|rem)", style)]


@EVERY
def test_what_has_the_focus_is_seen(pages: dict[tuple[str, str], Elements], name: str, locale: str) -> None:
    elements = pages[name, locale]
    seen = {
        selector
        for selector, body in elements.rules()
        if ":focus-visible" in selector and "outline:3px" in body
    }
    assert seen == {":is(summary,a,[tabindex]):focus-visible"}
    assert not [selector for selector, body in elements.rules() if re.search(r"outline:\s*(0|none)", body)]
    reached = {one.tag for one in elements.found if one.tag in FOCUSABLE}
    assert reached <= {"summary", "a"}
    assert not [
        one for one in elements.found if int(one.attributes.get("tabindex", 0)) > 0
    ]  # the order is that of reading


@EVERY
def test_what_opens_and_closes_does_so_by_the_browser_itself(
    pages: dict[tuple[str, str], Elements], name: str, locale: str
) -> None:
    elements = pages[name, locale]
    assert len(elements.of("details")) == len(elements.of("summary"))
    for place, one in enumerate(elements.found):
        if one.tag == "details":
            assert elements.found[place + 1].tag == "summary"
    for one in elements.of("a"):
        assert one.attributes["href"].removeprefix("#") in {
            each.attributes.get("id") for each in elements.found
        }


@EVERY
def test_headings_of_tables_say_what_they_head(
    pages: dict[tuple[str, str], Elements], name: str, locale: str
) -> None:
    heads = pages[name, locale].of("th")
    assert heads
    assert {one.attributes.get("scope") for one in heads} <= {"col", "row"}


@EVERY
def test_a_picture_has_a_name_and_so_have_its_parts(
    pages: dict[tuple[str, str], Elements], name: str, locale: str
) -> None:
    elements = pages[name, locale]
    for place, one in enumerate(elements.found):
        if one.tag == "svg":
            assert one.attributes.get("aria-hidden") == "true" or one.attributes["aria-label"]
        if one.attributes.get("role") == "img":
            assert one.attributes.get("aria-label") or elements.found[place + 1].tag == "title"


@pytest.mark.parametrize("locale", LOCALES)
def test_a_picture_of_three_quarters_fits_on_a_phone(
    pages: dict[tuple[str, str], Elements], locale: str
) -> None:
    """At its least, three quarters of its width, beside 44 pixels of margins."""
    widths = [
        int(one.attributes["style"].removeprefix("--width:"))
        for one in pages["report", locale].of("svg")
        if "viewbox" in one.attributes
    ]
    assert widths[:3] == [340, 340, 340]
    assert PHONE >= 340 * 0.75 + 44


def luminance(colour: str) -> float:
    """As WCAG 2.2 defines it."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_black_on_white_has_the_contrast_of_twenty_one() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)  # known as just not enough


@EVERY
def test_every_colour_of_words_can_be_read_on_paper_and_ground(
    pages: dict[tuple[str, str], Elements], name: str, locale: str
) -> None:
    style = pages[name, locale].style
    names = dict(re.findall(r"(--\w+):(#[0-9a-f]{6})", style))
    colours = {
        names.get(found[4:-1], found) if found.startswith("var(") else found
        for found in re.findall(r"(?<![-\w])color:(var\(--\w+\)|#[0-9a-f]{6})", style)
    }
    assert len(colours) > 4
    for one in colours:
        for behind in ("#ffffff", names["--ground"]):
            assert contrast(one, behind) >= 4.5, (one, behind)
