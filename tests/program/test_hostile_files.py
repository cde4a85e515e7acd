"""Whatever a program file holds, reading it ends soon, in little memory, in a program or in one InvalidInput."""

import json
import os
import resource
import subprocess
import sys
import tomllib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from prmcore.errors import InvalidInput
from prmcore.program import Program, from_document, load_program, parse_program
from prmcore.program.check import lint

EXAMPLES = sorted(
    path for path in (Path(__file__).parents[2] / "examples").rglob("*.toml") if path.stem != "agreements"
)
MOST = 10_000_000  # bytes
MEMORY = 1 << 30  # bytes of address space; the interpreter and the package need a fifth of it
HANG = 120  # seconds for one file on a slow machine; none takes more than a few

HEAD = 'format = "prmcore/1"\nname = "x"\nversion = "1"\n'
COUNT = '[facts]\nx = { kind = "count" }\n[tiers]\notherwise = "none"\n'
GOLD = '[[tiers.rungs]]\nlevel = "gold"\n'


def many(count: int, line: str) -> str:
    """A line many times, with its number for `#`."""
    return "".join(line.replace("#", str(number)) for number in range(count))


def full(part: str, before: str = "", after: str = "") -> str:
    """A file of almost 10 MB made of one part."""
    return before + part * ((MOST - len((before + after).encode())) // len(part.encode())) + after


# A name for each file, whether it is JSON, and its text, made only when it is wanted.
FILES: dict[str, tuple[bool, Callable[[], str]]] = {
    # deep
    "deep arrays": (False, lambda: full("[", "a = ")),
    "deep inline tables": (False, lambda: full("{a=", "a = ")),
    "a dotted key of millions of parts": (False, lambda: full("a.", "", "a = 1")),
    "a header of millions of parts": (False, lambda: full("a.", "[", "a]")),
    "deep JSON arrays": (True, lambda: full("[")),
    "deep JSON objects": (True, lambda: full('{"a":')),
    "deep arrays below the bound of values": (False, lambda: "a = " + "[" * 190_000),
    "deep JSON below the bound of values": (True, lambda: "[" * 190_000),
    "a criterion 40 deep": (False, lambda: HEAD + COUNT + GOLD + "requires = [" + "{not=" * 40 + "1" + "}" * 40 + "]"),
    # huge
    "a huge integer": (False, lambda: full("9", "a = ")),
    "a huge JSON integer": (True, lambda: full("9", '{"a": ', "}")),
    "a huge fraction": (False, lambda: full("9", "a = 1.")),
    "a huge exponent": (False, lambda: HEAD + "currency = 1e999999999999999999"),
    "huge exponents": (False, lambda: HEAD + COUNT + GOLD + 'requires = [{ fact = "x", at_least = 1e999999999 }, { fact = "x", at_least = 1e-999999999 }]'),
    "a huge string": (False, lambda: full("x", HEAD + 'text = "', '"')),
    "a huge name": (False, lambda: full("x", 'format = "prmcore/1"\nname = "', '"')),
    "a huge key": (False, lambda: full("k", HEAD + '"', '" = 1')),
    "a huge key of dots": (False, lambda: full("k.", HEAD + '"', '" = 1')),
    "a million keys": (False, lambda: many(900_000, "a# = 1\n")),
    "as many keys as are read": (False, lambda: many(90_000, "a# = 1\n")),
    "as many JSON keys as are read": (True, lambda: "{" + many(90_000, '"a#":1,') + '"a":1}'),
    "long paths": (False, lambda: "[" + ".".join(["a" * 390] * 60) + "]\n" + many(90_000, "a# = 1\n")),
    "long paths in JSON": (True, lambda: ('{"' + "a" * 390 + '":') * 50 + "{" + many(190_000, '"a#":1,') + '"a":1}' + "}" * 50),
    # many
    "one JSON key many times": (True, lambda: "{" + many(60_000, '"a":1,') + '"a":1}'),
    "one key many times": (False, lambda: many(60_000, "a = 1\n")),
    "many headers": (False, lambda: many(60_000, "[a.b#]\n")),
    "many deep headers": (False, lambda: many(15_000, "[" + "a." * 60 + "b#]\n")),
    "many languages": (False, lambda: HEAD + "[text]\n" + many(60_000, 'a# = "x"\n')),
    "many facts, all misspelt": (False, lambda: HEAD + "[facts]\n" + many(20_000, 'a# = { kind = "count" }\n') + '[tiers]\notherwise = "none"\n' + GOLD + "requires = [" + many(8_000, '{ fact = "aa#", at_least = 1 },') + "]"),
    "many names alike": (False, lambda: HEAD + "[facts]\n" + many(9_000, "a" * 50 + '# = { kind = "count" }\n') + '[tiers]\notherwise = "none"\n' + GOLD + "requires = [" + many(9_000, '{ fact = "' + "a" * 55 + '#", at_least = 1 },') + "]"),
    "many kinds misspelt": (False, lambda: HEAD + "[facts]\n" + many(20_000, 'a# = { kind = "cuont" }\n')),
    "many rungs": (False, lambda: HEAD + COUNT + many(8_000, '[[tiers.rungs]]\nlevel = "g#"\nrequires = [{ fact = "x", at_least = # }]\n')),
    "many rungs of one level": (False, lambda: HEAD + COUNT + many(8_000, '[[tiers.rungs]]\nlevel = "g"\nrequires = [{ fact = "x", at_least = # }]\n')),
    "many criteria": (False, lambda: HEAD + COUNT + GOLD + "requires = [" + many(15_000, '{ fact = "x", at_least = # },') + "]"),
    "many codes": (False, lambda: HEAD + '[facts]\nx = { kind = "code" }\n[tiers]\notherwise = "none"\n' + GOLD + 'requires = [{ fact = "x", one_of = [' + many(190_000, '"c#",') + "] }]"),
    "many metrics": (False, lambda: HEAD + '[sources.s.fields]\nx = { kind = "count" }\n[metrics]\n' + many(18_000, 'm# = { source = "s", measure = { count = true }, window = { lifetime = true } }\n') + '[tiers]\notherwise = "none"\nrungs = []'),
    "metrics of metrics of metrics": (False, lambda: HEAD + '[sources.s.fields]\nx = { kind = "count" }\n[metrics]\nm0 = { source = "s", measure = { count = true }, window = { lifetime = true } }\n' + "".join(f'm{n + 1} = {{ measure = {{ ratio = ["m{n}", "m{n}"] }} }}\n' for n in range(18_000)) + '[tiers]\notherwise = "none"\nrungs = []'),
    "many tracks": (False, lambda: HEAD + COUNT + "rungs = []\n" + many(15_000, '[[scorecard.tracks]]\nname = "t#"\nlines = [{ fact = "x", maximum = 1, full_at = 0 }]\n')),
    "many benefits of many levels": (False, lambda: HEAD + COUNT + many(200, '[[tiers.rungs]]\nlevel = "g#"\nrequires = [{ fact = "x", at_least = # }]\n') + "[benefits]\n" + many(900, "b# = { levels = [" + ",".join(f'"g{n}"' for n in range(200)) + "] }\n")),
    # broken, so that a scan might start over and over
    "quotes": (False, lambda: full('"')),
    "apostrophes": (False, lambda: full("'")),
    "backslashes": (False, lambda: full("\\")),
    "a quote before backslashes": (False, lambda: full("\\", 'a = "')),
    "three quotes before backslashes": (False, lambda: full("\\", 'a = """')),
    "escaped quotes": (False, lambda: full('\\"', 'a = "')),
    "three quotes before escaped ones": (False, lambda: full('x\\"""\n', 'a = """')),
    "three apostrophes that never end": (False, lambda: full("x''\n", "a = '''")),
    "a quote on each line": (False, lambda: full('"\n')),
    "escaped line ends": (False, lambda: full("\\\n", 'a = "')),
    "JSON strings that do not end": (True, lambda: full('"a\n', "[")),
    "words": (False, lambda: full("a ")),
    # odd signs
    "NUL": (False, lambda: full("\0")),
    "carriage returns": (False, lambda: full("\r")),
    "comments": (False, lambda: full("#\n")),
    "emoji": (False, lambda: full("😀")),
    "joined marks": (False, lambda: full("\u0301", HEAD + '"a', '" = 1')),
}  # fmt: skip


def bounded() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


READ = """
import sys, time
from pathlib import Path
from prmcore.errors import InvalidInput
from prmcore.program import load_program
for name in sys.argv[1:]:
    try:
        load_program(Path(name))
    except InvalidInput as error:
        str(error)
    print("ended", flush=True)
"""


def read_apart(*paths: Path) -> subprocess.CompletedProcess[str]:
    """What a process of bounded memory says that reads these files."""
    command = [sys.executable, "-c", READ, *map(str, paths)]
    return subprocess.run(
        command, preexec_fn=bounded, timeout=HANG, text=True, capture_output=True, check=False
    )


GROUPS = {f"{first}": list(FILES)[first : first + 5] for first in range(0, len(FILES), 5)}


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="address space is bounded by POSIX limits")
@pytest.mark.parametrize("names", GROUPS.values(), ids=GROUPS)
def test_no_file_of_10_mb_breaks_or_hangs_the_reader(names: list[str], tmp_path: Path) -> None:
    paths = []
    for place, name in enumerate(names):
        is_json, text = FILES[name]
        paths.append(tmp_path / f"{place}.{'json' if is_json else 'toml'}")
        paths[-1].write_bytes(text().encode()[:MOST])
    done = read_apart(*paths)
    ended = done.stdout.count("ended")
    broken = names[ended] if ended < len(names) else None
    assert (broken, done.stderr[-400:], done.returncode) == (None, "", 0)


def refusal(path: Path) -> str:
    with pytest.raises(InvalidInput) as caught:
        load_program(path)
    return str(caught.value)


def test_what_is_no_plain_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.toml")
    for odd in (tmp_path, tmp_path / "pipe.toml", Path("/dev/zero"), Path("/dev/stdin")):
        if odd.exists() and not odd.is_file():
            assert "not a plain file" in refusal(odd)
    assert "No such file" in refusal(tmp_path / "none.toml")
    (tmp_path / "dangling.toml").symlink_to(tmp_path / "none.toml")
    assert "No such file" in refusal(tmp_path / "dangling.toml")


def test_a_file_above_10_mb_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "large.toml"
    with path.open("wb") as file:
        file.truncate(1 << 40)  # a hole: it needs no room
    assert "larger than 10,000,000 bytes" in refusal(path)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        (b"\xff\xfe\x00", "not UTF-8"),
        (b"name = \"\xed\xa0\x80\"", "not UTF-8"),
        ('format = "prmcore/1"\nname = "x"'.encode("utf-16"), "not UTF-8"),
        (b"", "format"),
        (b"\x00", "not TOML"),
        (b'a = "', "not TOML"),
    ],
)  # fmt: skip
def test_what_is_no_text_is_refused(written: bytes, words: str, tmp_path: Path) -> None:
    (tmp_path / "odd.toml").write_bytes(written)
    assert words in refusal(tmp_path / "odd.toml")


@pytest.mark.parametrize(
    "text", ['"x"', "[]", "1", "null", "", "{", '{"a": NaN}', '{"a": Infinity}', '{"a": 1e5, "a": 2}']
)
def test_json_that_is_no_program_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        parse_program(text, is_json=True)


def test_half_a_character_is_refused_wherever_json_spells_it() -> None:
    whole = {"format": "prmcore/1", "name": "x", "version": "1", "text": "😀 \\ud800 in words"}
    assert "decides nothing" in _refused(json.dumps(whole))
    assert "whole characters @ cites" in _refused(json.dumps({**whole, "cites": "\ud83d"}))
    assert "whole characters" in _refused(json.dumps({**whole, "\udc00": 1}))
    assert "whole characters @ a[0].b" in _refused(json.dumps({**whole, "a": [{"b": "\udfff\ud800"}]}))
    with pytest.raises(InvalidInput):
        parse_program('name = "\ud800"')


def _refused(text: str) -> str:
    with pytest.raises(InvalidInput) as caught:
        parse_program(text, is_json=True)
    return str(caught.value)


@pytest.mark.parametrize("start", ["\ufeff", ""])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_mark_of_a_windows_editor_changes_nothing(start: str, end: str, tmp_path: Path) -> None:
    text = EXAMPLES[0].read_text(encoding="utf-8")
    (tmp_path / "p.toml").write_bytes((start + text.replace("\n", end)).encode())
    assert load_program(tmp_path / "p.toml") == load_program(EXAMPLES[0])


@pytest.mark.slow
def test_a_program_with_many_facts_is_looked_over_in_bounded_time() -> None:
    """Lint of 300 facts in one rung: it may give up, it may not hang."""
    facts = many(300, 'f# = { kind = "count" }\n')
    wide = many(300, '{ any_of = [{ fact = "f#", at_least = 3 }, { fact = "f0", at_most = # }] },')
    tiers = '[tiers]\notherwise = "none"\n' + GOLD + f"requires = [{wide}]"
    lint(parse_program(HEAD + "[facts]\n" + facts + tiers))


# Mutations

TEXTS = [path.read_text(encoding="utf-8") for path in EXAMPLES]
DOCUMENTS: list[dict[str, Any]] = [json.loads(json.dumps(tomllib.loads(text), default=str)) for text in TEXTS]
ODD = [
    '"',
    "'",
    '"""',
    "\\",
    "[",
    "]",
    "{",
    "}",
    "=",
    ",",
    ".",
    "\n",
    "#",
    "\0",
    "\ufeff",
    "1e9",
    "-",
    "nan",
    "true",
    "é",
    "\u202e",
    "2026-13-01",
    "[[a]]\n",
]


def read(ask: Callable[[], Program]) -> None:
    with suppress(InvalidInput):
        ask()


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(TEXTS),
    st.lists(
        st.tuples(st.floats(0, 1), st.integers(0, 12), st.sampled_from(ODD) | st.text(max_size=3)),
        min_size=1,
        max_size=4,
    ),
)
def test_a_text_with_changes_is_read_or_refused(text: str, changes: list[tuple[float, int, str]]) -> None:
    for where, length, put in changes:
        at = int(where * len(text))
        text = text[:at] + put + text[at + length :]
    read(lambda: parse_program(text))


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(DOCUMENTS), st.integers(0), st.binary(max_size=4))
def test_bytes_with_changes_are_read_or_refused(document: dict[str, Any], at: int, put: bytes) -> None:
    written = json.dumps(document, ensure_ascii=False).encode()
    at %= len(written)
    changed = written[:at] + put + written[at + 1 :]
    read(
        lambda: parse_program(
            changed.decode("utf-8", "surrogateescape" if at % 2 else "replace"), is_json=True
        )
    )


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.dates() | st.datetimes()
    | st.decimals() | st.sampled_from(["count", "money", "users", "gold", "1 EUR", "15 %", "1/3"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["fact", "at_least", "not", "all_of", "of", "kind", "level"]) | st.text(max_size=4), inner, max_size=3),
    max_leaves=5,
)  # fmt: skip


def changed(part: Any, path: list[int], value: Any, mode: int) -> Any:
    """A copy with one part deep inside taken out, put in, renamed or replaced."""
    if not path or not isinstance(part, (dict, list)) or not part:
        return value
    if isinstance(part, list):
        at = path[0] % len(part)
        inner = [] if len(path) == 1 and mode == 0 else [changed(part[at], path[1:], value, mode)]
        return [*part[:at], *inner, *part[at + (mode != 1) :]]
    key = list(part)[path[0] % len(part)]
    rest = {other: one for other, one in part.items() if other != key}
    if len(path) == 1 and mode < 2:
        return rest if mode == 0 else {**rest, f"{key}_": part[key]}
    return {**rest, key: changed(part[key], path[1:], value, mode)}


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(DOCUMENTS),
    st.lists(
        st.tuples(st.lists(st.integers(0, 40), min_size=1, max_size=6), VALUES, st.integers(0, 3)),
        min_size=1,
        max_size=3,
    ),
)
@example(DOCUMENTS[0], [([0], {1: 2}, 3)])
def test_a_document_with_changes_is_read_or_refused(
    document: dict[str, Any], changes: list[tuple[list[int], Any, int]]
) -> None:
    for path, value, mode in changes:
        document = changed(document, path, value, mode)
    read(lambda: from_document(document))
