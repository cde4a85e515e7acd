"""The page of a coverage model: its picture says what the policy says, and it is safe and whole in every language."""

import datetime
import re
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from tests.report.test_page import HOSTILE, read

from prmcore.errors import InvalidInput
from prmcore.program import Program, load_program, parse_program
from prmcore.program.rows import account_rows
from prmcore.report import coverage_page, grid
from prmcore.report.grid import Answer, Extent, Grid
from prmcore.territory.coverage import CoverageModel, CoveragePolicy, Result
from prmcore.testing._territory import DAYS, PLACES
from prmcore.testing._territory import coverage_models as models

EXAMPLES = Path(__file__).parents[2] / "examples"
DAY = datetime.date(2026, 6, 30)
HEAD = """
format = "prmcore/1"
name = "acme"
version = "2026"
[coverage.dimensions]
region = { kind = "tree", tree = "geography" }
segment = { kind = "codes", accepted = ["large", "small"] }
staff = { kind = "count" }
[coverage.territories]
north = {}
south = {}
"""


def program(rules: str, head: str = HEAD) -> Program:
    return parse_program(f"{head}[coverage.rules]\n{rules}")


def picture(rules: str) -> Grid:
    coverage = program(rules).coverage
    assert coverage is not None
    return Grid.of(coverage, DAY)


def headings(blocks: Any) -> list[list[tuple[Any, Extent]]]:
    return [[(one.value, one.extent) for one in block.pieces] for block in blocks]


NOBODY = Answer(Result.UNASSIGNED)


def assigned(territory: str, *before: str) -> Answer:
    return Answer(Result.ASSIGNED, territory, (), before)


# the picture


def test_rows_are_the_places_that_rules_tell_apart_and_columns_the_words() -> None:
    found = picture(
        'a = { territory = "north", where = { region = ["JP"], segment = ["large"] } }\n'
        'b = { territory = "south", where = { region = ["KR"], segment = ["small"] } }\n'
    )
    assert (found.down, found.across, found.others) == ("region", "segment", ())
    rows = headings(found.rows)
    assert rows[:2] == [[("JP", Extent.ALL)], [("KR", Extent.ALL)]]
    assert [extent for _, extent in rows[2]] == [Extent.ELSE, Extent.ALL]  # everything else, and unknown
    assert headings(found.columns) == [
        [("large", Extent.ALL)],
        [("small", Extent.ALL)],
        [(None, Extent.ALL)],
    ]
    assert found.answers == (
        ((assigned("north"),), (NOBODY,), (NOBODY,)),
        ((NOBODY,), (assigned("south"),), (NOBODY,)),
        ((NOBODY,), (NOBODY,), (NOBODY,)),
    )


def test_what_is_answered_alike_is_one_row() -> None:
    found = picture('a = { territory = "north", where = { region = ["JP", "KR"] } }\n')
    assert headings(found.rows)[0] == [("JP", Extent.ALL), ("KR", Extent.ALL)]
    assert found.across is None


def test_a_place_in_a_place_is_narrower_and_leaves_the_rest() -> None:
    found = picture(
        'a = { territory = "north", where = { region = ["JP"] } }\n'
        'b = { territory = "south", where = { region = ["JP-13"] } }\n'
    )
    rows = dict(zip(map(str, headings(found.rows)), found.answers, strict=True))
    assert rows[str([("JP-13", Extent.ALL)])] == ((assigned("south", "north"),),)
    assert rows[str([("JP", Extent.REST)])] == ((assigned("north"),),)


def test_a_group_of_places_is_shown_as_its_members() -> None:
    """The European Union has 27 members since 2020."""
    first = headings(picture('a = { territory = "north", where = { region = ["EU"] } }').rows)[0]
    assert len(first) == 27
    assert {("FR", Extent.ALL), ("IE", Extent.ALL)} <= set(first)


def test_a_field_shows_every_answer_that_depends_on_what_is_not_shown() -> None:
    found = picture(
        'a = { territory = "north", where = { region = ["JP"], segment = ["large"] } }\n'
        'b = { territory = "south", where = { segment = ["large"], staff = { at_least = 100 } } }\n'
    )
    assert found.others == ("staff",)
    japan = found.answers[0][0]
    assert japan == (assigned("north"), Answer(Result.AMBIGUOUS, None, ("north", "south")))


def test_an_exclusion_and_a_house_rule_are_in_the_picture() -> None:
    found = picture(
        'a = { territory = "north", where = { region = ["JP", "KR"] } }\n'
        'b = { territory = "north", role = "exclusion", where = { region = ["KR"] } }\n'
        'c = { territory = "south", role = "house" }\n'
    )
    assert [row[0] for row in found.answers[:2]] == [
        (assigned("north"),),
        (Answer(Result.HOUSE, "south"),),
    ]


def test_a_rule_that_is_not_in_force_is_not_in_the_picture() -> None:
    found = picture('a = { territory = "north", end = 2026-06-30, where = { region = ["JP"] } }')
    assert found.answers == (((NOBODY,),),)


def test_postcodes_are_looked_at_in_the_country_of_the_place_only() -> None:
    head = HEAD.replace("staff = { kind", 'postcode = { kind = "postcode", of = "region" }\nstaff = { kind')
    coverage = program(
        'a = { territory = "north", where = { region = ["US"], postcode = ["US 98"] } }\n'
        'b = { territory = "south", where = { region = ["FR"] } }\n',
        head,
    ).coverage
    assert coverage is not None
    found = Grid.of(coverage, DAY)
    by_place = dict(zip(map(str, headings(found.rows)), found.answers, strict=True))
    assert by_place[str([("FR", Extent.ALL)])] == ((assigned("south"),),)
    assert by_place[str([("US", Extent.ALL)])] == ((assigned("north"), NOBODY),)


def test_what_is_too_much_to_look_at_is_left_at_ordinary_values_and_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(grid, "BUDGET", 3)
    one = program(
        'a = { territory = "north", where = { region = ["JP"], segment = ["large"] } }\n'
        'b = { territory = "south", where = { segment = ["large"], staff = { at_least = 100 } } }\n'
    )
    assert one.coverage is not None
    assert not Grid.of(one.coverage, DAY).is_complete
    assert "Of staff only the most ordinary value is shown." in " ".join(
        read(coverage_page(one, [], DAY)).texts
    )


@given(models(most_dimensions=3, most_rules=8))
@settings(max_examples=60)
def test_no_account_is_answered_otherwise_than_its_field_shows(model: CoverageModel) -> None:
    policy = CoveragePolicy(model)
    values = {"place": [*PLACES.parents, None], "size": [*range(8)], "segment": ["x", "y", "z"]}
    names = [one.name for one in model.dimensions]
    for day in (DAYS[0], DAYS[2]):
        found = Grid.of(policy, day)
        known = [values[name] for name in names]
        for chosen in product(*known):
            account = policy.account("other", **dict(zip(names, chosen, strict=True)))
            counted = found.counted([policy.decide(account, day)])
            ((row, column),) = counted
            (answer,) = counted[row, column]
            assert answer in found.answers[row][column]


# the page


def decisions(one: Program, accounts: dict[str, dict[str, Any]], day: datetime.date = DAY) -> list[Any]:
    policy = one.coverage
    assert policy is not None
    return [policy.decide(policy.account(id, **values), day) for id, values in accounts.items()]


AMBIGUOUS = """
a = { territory = "north", where = { region = ["JP"] } }
b = { territory = "south", where = { segment = ["large"] } }
"""


@pytest.mark.parametrize("locale", ["en", "ja", "zh", "de"])
def test_the_page_is_whole_and_needs_no_network_and_no_script(locale: str) -> None:
    one = program(AMBIGUOUS)
    accounts = {
        "both": {"region": "JP-13", "segment": "large"},
        "none": {"region": "KR", "segment": "small"},
        "first": {"region": "JP-13", "segment": "small"},
    }
    html = coverage_page(one, decisions(one, accounts), DAY, locale, {"both": "Both Ltd"}, "first")
    reader = read(html)
    assert not {"script", "link", "iframe", "object", "img"} & set(reader.tags)
    assert not [value for _, value in reader.attributes if re.search(r"https?:|//", value)]
    assert set(re.findall(r"url\((.)", html)) == {"#"}  # patterns of the page itself
    assert "default-src 'none'" in html
    assert "Both Ltd (both)" in reader.texts


def test_every_pattern_that_is_used_is_there() -> None:
    one = program(AMBIGUOUS)
    html = coverage_page(one, decisions(one, {"a": {"region": "JP"}}), DAY)
    assert set(re.findall(r"url\(#([^)]*)\)", html)) <= set(re.findall(r'<pattern id="([^"]*)"', html))


def test_every_name_is_escaped() -> None:
    words = ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>']
    head = HEAD.replace("north = {}", f"north = {{ text = {{ en = '{words[0]}' }} }}").replace(
        'region = { kind = "tree", tree = "geography" }',
        f'region = {{ kind = "tree", tree = "geography", text = {{ en = \'{words[1]}\' }} }}',
    )
    one = program(AMBIGUOUS, head)
    accounts = {f"x{place}": {"region": "JP-13", "segment": "large"} for place in range(len(HOSTILE))}
    names = {f"x{place}": name for place, name in enumerate(HOSTILE)}
    html = coverage_page(one, decisions(one, accounts), DAY, "en", names, "x0")
    reader = read(html)
    assert not {"script", "img", "b/"} & set(reader.tags)
    assert not [name for name, _ in reader.attributes if name.startswith("on")]
    assert "<script" not in html
    assert any(HOSTILE[0] in text for text in reader.texts)


def test_each_finding_has_an_account_that_shows_it_and_how_it_would_be_decided() -> None:
    one = program(AMBIGUOUS)
    texts = read(coverage_page(one, [], DAY)).texts
    found = texts.index("nothing tells a (north) and b (south) apart where both hold")
    assert texts[found - 1] == "ambiguous"
    assert texts[found + 1].startswith("Such an account: region: ")
    assert "ambiguous between north and south: a person decides" in texts[found + 2]


def test_a_model_without_faults_says_so() -> None:
    texts = read(
        coverage_page(
            program('a = { territory = "north" }\nb = { territory = "south", role = "overlay" }'), [], DAY
        )
    ).texts
    assert "Nothing was found." in texts


def test_numbers_of_the_page_are_those_of_the_list() -> None:
    """Counted by hand: two for the north, one for the south, one between them, one for nobody."""
    one = program(AMBIGUOUS)
    accounts: dict[str, dict[str, Any]] = {
        "1": {"region": "JP-13", "segment": "small"},
        "2": {"region": "JP-27"},
        "3": {"region": "KR", "segment": "large"},
        "4": {"region": "JP", "segment": "large"},
        "5": {},
    }
    texts = read(coverage_page(one, decisions(one, accounts), DAY)).texts
    tiles = texts.index("covered by one territory")
    assert texts[tiles - 1 : tiles + 7] == [
        *("3", "covered by one territory", "0", "house accounts"),
        *("1", "ambiguous", "1", "covered by nobody"),
    ]
    table = texts.index("beside another")
    assert texts[table + 1 : table + 13] == [
        *("north", "2", "·", "south", "1", "·"),
        *("ambiguous", "1", "·", "covered by nobody", "1", "·"),
    ]


@pytest.mark.parametrize("locale", ["ja", "zh"])
def test_a_page_in_one_language_has_no_words_of_another(locale: str) -> None:
    """Apart from ids, codes and names, which the example has in English only."""
    one = load_program(EXAMPLES / "adventureworks" / "coverage" / "coverage.toml")
    assert one.coverage is not None
    path = EXAMPLES / "adventureworks" / "coverage" / "accounts.csv"
    accounts = dict(account_rows(one.coverage, path.read_text(encoding="utf-8").splitlines(True), print))
    html = coverage_page(
        one, decisions(one, accounts, datetime.date(2020, 6, 30)), datetime.date(2020, 6, 30), locale
    )
    model = one.coverage.model
    codes = "gap unknown ambiguous geography business_type employees US reseller coverage other account"
    ids = [*(rule.id for rule in model.rules), *(each.name for each in model.territories), *codes.split()]
    ids += ["Specialty", "Bike", "Shop", "Value", "Added", "Reseller", "Warehouse"]
    allowed = {word for id in ids for word in id.split("-")}
    words = {
        word
        for text in read(html).texts
        for word in re.findall("[A-Za-z_]{2,}", re.sub(r"(?<![A-Za-z])[A-Z]{2}-[A-Z0-9]{1,3}", "", text))
    }
    assert words <= allowed


def test_an_account_that_is_not_in_the_list_is_refused_with_the_nearest() -> None:
    one = program(AMBIGUOUS)
    with pytest.raises(InvalidInput, match="did you mean 'a-01'"):
        coverage_page(one, decisions(one, {"a-01": {}}), DAY, account="a-10")


def test_a_program_without_coverage_is_refused() -> None:
    with pytest.raises(InvalidInput, match="has no coverage"):
        coverage_page(load_program(EXAMPLES / "tutorial" / "acme-2026.toml"), [], DAY)


def test_territories_are_told_apart_by_pattern_when_colours_come_round() -> None:
    territories = "".join(f"t{place} = {{}}\n" for place in range(40))
    rules = "".join(
        f'r{place} = {{ territory = "t{place}", where = {{ staff = {{ at_least = {place} }} }} }}\n'
        for place in range(40)
    )
    head = HEAD.replace("north = {}\nsouth = {}\n", territories)
    html = coverage_page(program(rules, head), [], DAY)
    drawn = re.findall(r'<pattern id="t\d+"[^>]*>(.*?)</pattern>', html)
    assert len(drawn) == len(set(drawn)) == 40
