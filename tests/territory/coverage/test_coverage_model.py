"""What a coverage model refuses when it is made."""

import pytest

from prmcore.errors import InvalidInput
from prmcore.territory.coverage import (
    CoverageModel,
    CoverageRule,
    PostcodeDimension,
    PostcodeRange,
    Postcodes,
    Territory,
    TreeDimension,
)
from prmcore.values import Tree

PLACES = Tree(
    "places", {"world": None, "JP": "world", "JP-13": "JP", "US": "world"}, {"EU": frozenset({"US"})}
)


def model(*ranges: str, of: str = "geography") -> CoverageModel:
    """Places and postcodes, and one rule that asks for these ranges."""
    cell = Postcodes(ranges=tuple(PostcodeRange.read(one) for one in ranges))
    return CoverageModel(
        name="coverage/1",
        dimensions=(
            TreeDimension(name="geography", tree=PLACES),
            PostcodeDimension(name="postcode", of=of),
        ),
        territories=(Territory(name="east"),),
        rules=(CoverageRule(id="big", territory="east", cells={"postcode": cell}),),
    )


def faults_of(*ranges: str, of: str = "geography") -> list[str]:
    with pytest.raises(InvalidInput) as refused:
        model(*ranges, of=of)
    return [str(fault) for fault in refused.value.faults]


def test_postcodes_of_a_country_that_is_not_among_the_places_are_refused() -> None:
    assert faults_of("JP 100", "FR 75") == [
        "unknown country of places 'FR'. There are: JP, US @ rules.big.where.postcode"
    ]


def test_a_group_of_countries_has_no_postcodes_of_its_own() -> None:
    assert faults_of("EU 10") == [
        "unknown country of places 'EU'. There are: JP, US @ rules.big.where.postcode"
    ]


def test_postcodes_of_countries_among_the_places_are_accepted() -> None:
    assert model("JP 100", "US 94").rule("big").id == "big"


def test_postcodes_in_a_dimension_that_there_is_not_are_told_of_once() -> None:
    (fault,) = faults_of("FR 75", of="geografy")
    assert fault.endswith("@ dimensions.postcode.of")
