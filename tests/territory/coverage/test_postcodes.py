"""Postcodes: which codes a range holds, which ranges touch, and which code shows a hole.

The forms of the codes are those of the posts: five digits in the US (USPS), seven in Japan, four digits and two letters in
the Netherlands (PostNL), letter digit letter digit letter digit in Canada (Canada Post), routing keys in Ireland (Eircode,
D6W among them), outward and inward codes in Britain (Royal Mail).
"""

from datetime import date
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prmcore.errors import InvalidInput
from prmcore.territory.coverage import (
    CoverageModel,
    CoveragePolicy,
    CoverageRule,
    PostcodeDimension,
    PostcodeRange,
    Postcodes,
    Territory,
    TreeDimension,
    Under,
    analysed,
    postcode_key,
)
from prmcore.territory.coverage.postcodes import postcode_between
from prmcore.values import geography

DIMENSIONS = (TreeDimension(name="geography", tree=geography()), PostcodeDimension(name="postcode"))
DAY = date(2026, 4, 1)
HERE, THERE = Territory(name="here"), Territory(name="there")


def cell(*ranges: str) -> Postcodes:
    return Postcodes(ranges=tuple(map(PostcodeRange.read, ranges)))


def policy(*cells: Postcodes) -> CoveragePolicy:
    """Each cell is a rule's, of one territory and the other by turns."""
    territories = [HERE, THERE] * len(cells)
    rules = tuple(
        CoverageRule(id=f"r{place}", territory=territories[place].name, cells={"postcode": one})
        for place, one in enumerate(cells)
    )
    return CoveragePolicy(
        CoverageModel(name="coverage/1", dimensions=DIMENSIONS, territories=(HERE, THERE), rules=rules)
    )


def covered(of: CoveragePolicy, country: str, postcode: str) -> str | None:
    account = of.account("acme", geography=country, postcode=postcode)
    return of.decide(account, DAY).outcome.territory


def holes(country: str, *ranges: str) -> list[str]:
    """The postcodes of the country that show what no range holds."""
    rest: dict[str, Any] = {
        "abroad": {"geography": Under(outside=frozenset({country}), unknown=True)},
        "not known": {"postcode": Postcodes(unknown=True)},
    }
    of = policy(*(cell(f"{country} {one}") for one in ranges))
    rules = (*of.model.rules, *(CoverageRule(id=id, territory="here", cells=one) for id, one in rest.items()))
    whole = CoveragePolicy(
        CoverageModel(name="coverage/1", dimensions=DIMENSIONS, territories=(HERE, THERE), rules=rules)
    )
    shown = [one.values["postcode"] for one in analysed(whole).holes]
    assert all(covered(whole, country, one) is None for one in shown)
    return sorted(shown)


@pytest.mark.parametrize(
    ("country", "ranges"),
    [
        ("US", ["00000..49999", "50000..99999"]),
        ("US", ["0..4", "50000..99999-9999"]),
        ("JP", ["000-0000..102-9999", "103..999"]),
        ("NL", ["0..1011ZZ", "1012AA..9999ZZ"]),
        ("CA", ["A0A..K9Z", "L..Z"]),
        ("IE", ["A..D24", "D25..D6V", "D6W", "D70..Z"]),
    ],
)
def test_ranges_that_take_in_every_code_leave_no_hole(country: str, ranges: list[str]) -> None:
    assert holes(country, *ranges) == []


@pytest.mark.parametrize(
    ("country", "ranges", "shown"),
    [
        ("US", ["00000..49999", "50001..99999"], ["50000"]),
        ("US", ["00501..99950"], ["00000"]),  # and 99951, in the same hole
        ("JP", ["000-0000..102-9999", "103-0001..999-9999"], ["1030000"]),
        ("NL", ["0..1011ZZ", "1012AC..9999ZZ"], ["1012AA"]),
        ("CA", ["A..K9Y", "L..Z"], ["K9Z"]),
        ("CA", ["A..K", "M..Z"], ["L"]),
        ("IE", ["A..D69", "D70..Z"], ["D6W"]),
        ("IE", ["A..D69", "D7..Z"], ["D6W"]),
    ],
)
def test_a_hole_is_shown_by_the_first_code_in_it(country: str, ranges: list[str], shown: list[str]) -> None:
    assert holes(country, *ranges) == shown


@pytest.mark.parametrize(
    ("written", "following"),
    [
        ("SW1", "SW10 0AA"),
        ("SW1A", "SW1B 0AA"),
        ("SW1Z", "SW2 0AA"),
        ("SW19", "SW1A 0AA"),
        ("SW", "SX0 0AA"),
        ("SZ", "T0 0AA"),
        ("ZE3", "ZE30 0AA"),
        ("S", "SA0 0AA"),
        ("Z", "ZA0 0AA"),
        ("ZZ", None),
    ],
)
def test_after_a_british_district_or_area_comes_the_first_place_of_the_next(
    written: str, following: str | None
) -> None:
    assert postcode_between("GB", PostcodeRange.read(f"GB {written}").high, None, "") == following


def test_ranges_that_touch_are_read_as_one() -> None:
    """So neither of two rules is narrower than the other: nothing tells them apart, and a person decides."""
    apart = cell("JP 100-0000..101-9999", "JP 102..102-9999")
    for whole in ("JP 100..102", "JP 100-0000..102", "JP 100..102-9999"):
        of = policy(apart, cell(whole))
        account = of.account("acme", geography="JP", postcode="101-0001")
        assert of.decide(account, DAY).outcome.tied == ("r0", "r1")


def test_zeros_and_nines_at_the_ends_of_a_range_say_nothing() -> None:
    ranges = [PostcodeRange.read(one) for one in ("JP 100..102", "JP 100-0000..102-9999", "JP 1..1029")]
    assert {(one.low, one.high) for one in ranges} == {("1", "103")}


def test_the_last_range_of_digits_takes_in_no_letters() -> None:
    """Argentina writes 1425 and C1425: the first form ends with 9999."""
    old = policy(cell("AR 1000..9999"))
    assert (covered(old, "AR", "9420"), covered(old, "AR", "C1425")) == ("here", None)


@pytest.mark.parametrize("written", ["SW1A", "sw1a", "SW1A 1AA"])
def test_a_british_outward_code_is_in_its_district_and_its_area(written: str) -> None:
    assert covered(policy(cell("GB SW1A")), "GB", written) == "here"
    assert covered(policy(cell("GB SW")), "GB", written) == "here"
    assert covered(policy(cell("GB SW1")), "GB", written) is None


def test_a_british_area_is_in_itself_and_not_in_one_that_it_begins_like() -> None:
    assert covered(policy(cell("GB S")), "GB", "S") == "here"
    assert covered(policy(cell("GB S")), "GB", "SW") is None
    assert postcode_key("GB", "M1") == "M1 "


DIGITS, LETTERS = "0123456789", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
FORMS = {"CA": (LETTERS, DIGITS, LETTERS), "NL": (DIGITS, DIGITS, LETTERS), "JP": (DIGITS, DIGITS, DIGITS)}
CODES = {country: ["".join(signs) for signs in product(*form)] for country, form in FORMS.items()}


@st.composite
def written_ranges(draw: st.DrawFn) -> tuple[str, list[tuple[str, str]]]:
    """A country, and ranges of codes of its form or of their beginnings; many begin where another one ends."""
    country = draw(st.sampled_from(sorted(FORMS)))
    edges = [sorted({form[0], form[1], form[-2], form[-1]}) for form in FORMS[country]]
    codes = st.tuples(*map(st.sampled_from, edges)).map("".join)
    ends = st.builds(lambda code, length: code[:length], codes, st.integers(1, 3))
    pairs = st.tuples(ends, ends).map(sorted).filter(lambda two: two[0] <= two[1])
    return country, [(first, last) for first, last in draw(st.lists(pairs, min_size=1, max_size=4))]


@settings(max_examples=40, deadline=None)
@given(written_ranges())
def test_a_range_holds_what_lies_between_its_ends_and_a_hole_is_found_where_nothing_does(
    drawn: tuple[str, list[tuple[str, str]]],
) -> None:
    country, written = drawn
    ranges = [PostcodeRange.read(f"{country} {first}..{last}") for first, last in written]
    left = []
    for code in CODES[country]:
        inside = [first <= code[: len(first)] and code[: len(last)] <= last for first, last in written]
        assert [one.low <= code < one.high for one in ranges] == inside
        left += [] if any(inside) else [code]
    assert bool(holes(country, *(f"{first}..{last}" for first, last in written))) == bool(left)


# how codes and ranges are written


@pytest.mark.parametrize(
    ("country", "written", "key"),
    [
        ("JP", "〒100-0001", "1000001"),
        ("CA", "k1a 0b1", "K1A0B1"),
        ("US", "1" * 20, "1" * 20),
        ("GB", "SW1A 1AA", "SW1A 1AA"),
        ("GB", "m11ae", "M1 1AE"),
        ("GB", "SW1A", "SW1A "),
        ("GB", "E1", "E1 "),
        ("GB", "SW", "SW"),
        ("GB", "1AA", "1AA"),
        ("", "SW1A", "SW1A"),
    ],
)
def test_a_code_is_compared_without_what_only_divides_it(country: str, written: str, key: str) -> None:
    assert postcode_key(country, written) == key


@pytest.mark.parametrize("written", ["", " - ", "。", "1" * 21])
def test_what_is_no_code_is_refused(written: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        postcode_key("JP", written)
    shown = repr(written)[:60]
    assert (
        str(refused.value) == f"found {shown}; accepted: a postcode of letters and digits, such as 100-0001"
    )


@pytest.mark.parametrize(
    ("written", "parts", "shown"),
    [
        ("JP 100-0000..102-9999", ("JP", "1000000", "1029999"), "JP 1000000..1029999"),
        (" us 94 ", ("US", "94", "94"), "US 94"),
        ("US 94..", ("US", "94", "94"), "US 94"),
        ("de 10 .. 12", ("DE", "10", "12"), "DE 10..12"),
        ("GB sw1a", ("GB", "SW1A", "SW1A"), "GB SW1A"),
    ],
)
def test_a_range_is_read_and_written(written: str, parts: tuple[str, str, str], shown: str) -> None:
    found = PostcodeRange.read(written)
    assert ((found.country, found.first, found.last), str(found)) == (parts, shown)
    assert PostcodeRange.read(str(found)) == found
    assert found == PostcodeRange(country=parts[0], first=parts[1], last=parts[2])


@pytest.mark.parametrize(
    "written", ["", "JP", "JP ", "J 100", "JPN 100", "12 100", "ÄÖ 100", "J1 100", "100..102"]
)
def test_a_range_without_a_country_or_a_code_is_refused(written: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        PostcodeRange.read(written)
    assert str(refused.value) == (
        f"found {written!r}; accepted: a country and a range, such as 'JP 100-0000..102-9999' or 'US 94'"
    )


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        (("JP", "100-0001", "1000002"), "found '100-0001'; accepted: a postcode without spaces or hyphens"),
        (("JP", "1000001", "100 0002"), "found '100 0002'; accepted: a postcode without spaces or hyphens"),
        (("JP", "sw1", "sw1"), "found 'sw1'; accepted: a postcode without spaces or hyphens"),
        (("GB", "SW1", "SW2"), "found SW1..SW2; accepted in GB: one area"),
        (("GB", "SW1A1AA", "SW1A1AA"), "found SW1A1AA..SW1A1AA; accepted in GB: one area"),
        (("GB", "SWA", "SWA"), "found SWA..SWA; accepted in GB: one area"),
        (("JP", "102", "101"), "the range begins with 102, after it ends with 101"),
    ],
)
def test_a_range_that_is_none_is_refused(parts: tuple[str, str, str], says: str) -> None:
    country, first, last = parts
    with pytest.raises(InvalidInput) as refused:
        PostcodeRange(country=country, first=first, last=last)
    assert str(refused.value).startswith(says)


@pytest.mark.parametrize(
    ("written", "low", "high"),
    [
        ("JP 100..102", "1", "103"),  # zeros at the end say nothing
        ("JP 0", "", "1"),
        ("JP 9", "9", ":"),  # letters may follow where no digit is left
        ("JP 199", "199", "2"),
        ("JP 99", "99", ":"),
        ("CA A9", "A9", "A:"),
        ("CA A99", "A99", "A:"),
        ("NL 1011ZZ", "1011ZZ", "1012"),
        ("NL 19Z", "19Z", "2"),
        ("CA AZ", "AZ", "B"),
        ("CA Z", "Z", "~"),
        ("IE D69", "D69", "D6W"),
        ("IE D6W", "D6W", "D7"),
        ("NL D69", "D69", "D7"),
        ("GB SW1", "SW1 ", "SW1 ~"),
        ("GB SW", "SW", "SW:"),
    ],
)
def test_a_range_begins_with_its_first_text_and_ends_before_the_next(
    written: str, low: str, high: str
) -> None:
    found = PostcodeRange.read(written)
    assert (found.low, found.high) == (low, high)


@pytest.mark.parametrize(
    ("country", "low", "high", "like", "shown"),
    [
        ("US", "", "5", "00000", "00000"),
        ("US", "5", None, "00000", "50000"),
        ("US", "1", "1", "00000", None),
        ("US", "10000", "10000", "00000", None),
        ("US", "10000", "10001", "00000", "10000"),
        ("US", ":", None, "00000", None),
        ("US", "~", None, "00000", None),
        ("NL", "", None, "1012AA", "0000AA"),
        ("NL", "1012:", None, "1012AA", "1012AA"),
        ("CA", ":", None, "A1A", "A0A"),
        ("CA", "A:", None, "A1A", "B0A"),
        ("CA", "A:", "B", "A1A", None),
        ("GB", "", None, "", "A0 0AA"),
        ("GB", "", "A0", "", None),
        ("GB", "SW1 ", "SW1 ~", "", "SW1 0AA"),
        ("GB", "SW1A ~", "SW1B ", "", None),
        ("GB", "SW1 ~", "SW10 ", "", None),
        ("GB", "SW1 ~", "SW11 ", "", "SW10 0AA"),
        ("GB", "E9 ~", "EA", "", "E90 0AA"),
        ("GB", "ZZ:", None, "", None),
    ],
)
def test_between_two_ends_the_first_code_of_the_form_is_shown(
    country: str, low: str, high: str | None, like: str, shown: str | None
) -> None:
    assert postcode_between(country, low, high, like) == shown


def test_every_part_of_a_range_is_told_by_its_name() -> None:
    with pytest.raises(TypeError):
        PostcodeRange("JP", "100", "102")  # type: ignore[call-arg]
