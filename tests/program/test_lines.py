"""Where things stand in a file: lines counted by hand, from 1."""

import pytest

from prmcore.program.document.lines import lines_of

TOML = r"""# 1: a comment with = and [brackets] and "quotes"
name = "x" # 2: "more" = [
text = '''
4: not a key = 1
[5.not.a.table] "
''' # 6
other = "a \" ] = {" # 7
effective = { start = 2026-01-01, end = 2027-01-01 }
calendar.start_month = 4
calendar . named_by = "end"
"quoted key" = { 'inside' = 1 } # 11

[facts.users] # 13
kind = "count"

[[tiers.rungs]] # 16
level = "gold"
requires = [
  { fact = "users", at_least = 1 }, # 19
  # 20
  { any_of = [
    { fact = "users", at_least = 1 },
    { fact = "a", is = true } ] }, # 23
]

[ tiers . movement ] # 26
initial.level = "gold"

[[tiers.rungs]] # 29
level = "silver"

[[tiers.rungs.deep]] # 32
key = 1
"""
IN_TOML = {
    "name": 2, "text": 3, "other": 7, "effective": 8, "effective.end": 8, "calendar.start_month": 9,
    "calendar.named_by": 10, "quoted key": 11, "quoted key.inside": 11, "facts.users": 13, "facts.users.kind": 14,
    "tiers.rungs[0]": 16, "tiers.rungs[0].level": 17, "tiers.rungs[0].requires": 18,
    "tiers.rungs[0].requires[0]": 19, "tiers.rungs[0].requires[0].at_least": 19,
    "tiers.rungs[0].requires[1]": 21, "tiers.rungs[0].requires[1].any_of": 21,
    "tiers.rungs[0].requires[1].any_of[0].fact": 22, "tiers.rungs[0].requires[1].any_of[1].is": 23,
    "tiers.movement": 26, "tiers.movement.initial.level": 27, "tiers.rungs[1]": 29, "tiers.rungs[1].level": 30,
    "tiers.rungs[1].deep[0]": 32, "tiers.rungs[1].deep[0].key": 33,
}  # fmt: skip

JSON = r"""{
  "name": "a \" : {", "version":
    "1",
  "tiers": { "rungs": [
    { "level": "gold" },
    {
      "level": "silver",
      "requires": [ { "fact": "x", "at_least": 1 },
                    { "not": { "fact": "y", "is": true } } ]
    }
  ] }
}
"""
IN_JSON = {
    "name": 2, "version": 2, "tiers": 4, "tiers.rungs": 4, "tiers.rungs[0]": 5, "tiers.rungs[0].level": 5,
    "tiers.rungs[1]": 6, "tiers.rungs[1].level": 7, "tiers.rungs[1].requires[0].at_least": 8,
    "tiers.rungs[1].requires[1]": 9, "tiers.rungs[1].requires[1].not.is": 9,
}  # fmt: skip


@pytest.mark.parametrize(("path", "line"), IN_TOML.items())
def test_each_path_of_a_toml_file_has_the_line_it_starts_on(path: str, line: int) -> None:
    assert lines_of(TOML, is_json=False).get(path) == line


@pytest.mark.parametrize(("path", "line"), IN_JSON.items())
def test_each_path_of_a_json_file_has_the_line_it_starts_on(path: str, line: int) -> None:
    assert lines_of(JSON, is_json=True).get(path) == line


def test_a_key_with_escapes_has_a_line_too() -> None:
    assert lines_of('{\n"\\u0061b": 1}', is_json=True).get("ab") == 2
    assert lines_of('\n"a\\u0062" = 1', is_json=False).get("ab") == 2
    assert lines_of("\n'it\"' = 1", is_json=False).get('it"') == 2


def test_strings_in_triple_quotes_may_end_in_quotes_of_their_own() -> None:
    lines = lines_of('a = """x"""""\nb = \'\'\'y\'\'\'\'\nc = """\\""" = [\n"""\nd = 1\n', is_json=False)
    assert (lines["b"], lines["c"], lines["d"]) == (2, 3, 5)


def test_names_of_two_arrays_of_tables_are_counted_apart() -> None:
    text = "[[tracks]]\n[[tracks.lines]]\n[[tracks.lines]]\n[[tracks]]\n[[tracks.lines]]\nfact = 1\n"
    lines = lines_of(text, is_json=False)
    assert lines["tracks[0].lines[1]"] == 3
    assert lines["tracks[1].lines[0].fact"] == 6
