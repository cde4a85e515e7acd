"""Ids as they may be stored."""

from typing import Any

import pytest

from prmcore.errors import InvalidInput
from prmcore.values import checked_id, natural_key


@pytest.mark.parametrize("text", ["P-001", "p", "株式会社 東京", "x" * 200, "Müller & Söhne", "🏆"])
def test_an_id_is_any_visible_words(text: str) -> None:
    assert checked_id(text) == text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "an id of 1 to 200 characters"),
        ("x" * 201, "an id of 1 to 200 characters"),
        (5, "an id of 1 to 200 characters"),
        (None, "an id of 1 to 200 characters"),
        (b"P-001", "an id of 1 to 200 characters"),
        (" P", "without outer blanks"),
        ("P\n", "without outer blanks"),
        ("\u3000P", "without outer blanks"),  # a full-width blank
        ("Mu\u0308ller", "in Unicode NFC"),  # looks like Müller and is another id
        ("a\x00b", "without control or invisible characters"),
        ("a\u200bb", "without control or invisible characters"),  # a blank without width
        ("a\u202eb", "without control or invisible characters"),  # turns the direction of reading
        ("a\u2028b", "without control or invisible characters"),  # a line's end
        ("a\u2029b", "without control or invisible characters"),  # a paragraph's
        ("a\ud800b", "without control or invisible characters"),  # half a character
    ],
)
def test_what_could_pass_for_another_id_is_refused(text: Any, message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        checked_id(text)


def test_an_id_may_have_to_be_shorter() -> None:
    assert checked_id("abc", longest=3) == "abc"
    with pytest.raises(InvalidInput, match="found 'abc'; accepted: an id of 1 to 2 characters"):
        checked_id("abc", longest=2)


def test_no_two_moves_have_one_key() -> None:
    assert natural_key("a|b", "c") == "a%7Cb|c"
    assert natural_key("a%7Cb", "c") == "a%257Cb|c"
    assert natural_key() == ""
