"""What a host takes in with prmcore: these files, these packages, and no way out to a network or to another program."""

import ast
import fnmatch
import importlib.metadata
import json
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "prmcore"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

DATA = (  # all that is shipped beside modules
    "prmcore/contracts/agreements/templates/*.toml",
    "prmcore/decisions/catalogs/ja.po",
    "prmcore/decisions/catalogs/zh.po",
    "prmcore/py.typed",
    "prmcore/territory/identity/legal_forms.json",
    "prmcore/values/cldr/LICENSE",
    "prmcore/values/cldr/geography.json",
)
ABOUT = {  # what a wheel says about itself
    "METADATA",
    "RECORD",
    "WHEEL",
    "entry_points.txt",
    "licenses/LICENSE",
    "licenses/src/prmcore/values/cldr/LICENSE",
}
CORE = {"attrs", "babel", "cattrs", "python-dateutil"}
BENEATH = {"six", "typing-extensions", "tzdata"}  # of dateutil, of cattrs, of dateutil 4
EXTRAS = {
    "cli": {"rich"},
    "holidays": {"holidays"},
    "ical": {"icalendar"},
    "identity": {"phonenumbers", "publicsuffixlist", "rapidfuzz"},
    "testing": {"hypothesis", "pytest"},
    "toml": {"tomli-w"},
}
IMPORTED = {  # as they are imported
    "attrs", "babel", "cattrs", "dateutil", "holidays", "hypothesis", "icalendar", "phonenumbers", "publicsuffixlist",
    "pytest", "rapidfuzz", "rich", "tomli_w",
}  # fmt: skip

LEADS_OUT = {  # to a network, to another program, or from data to code
    "_socket", "_posixsubprocess", "asyncio", "builtins", "code", "codeop", "ctypes", "dbm", "ftplib", "http", "httpx",
    "imaplib", "marshal", "multiprocessing", "nntplib", "pickle", "poplib", "pty", "requests", "runpy", "shelve",
    "smtplib", "socket", "socketserver", "ssl", "subprocess", "telnetlib", "urllib.error", "urllib.request", "urllib3",
    "aiohttp", "webbrowser", "wsgiref", "xmlrpc",
}  # fmt: skip
RUNS = {"eval", "exec", "compile", "__import__", "import_module", "breakpoint"}
OF_OS = re.compile(r"system|popen|startfile|fork\w*|exec[lv]\w*|spawn\w+|posix_spawn\w*|kill\w*")
NAMED = {  # where it is done all the same, and why
    "decisions/compile.py": {"exec", "compile"},  # code that it writes itself, of numbers and its own words
    "testing/repository_contract.py": {
        "multiprocessing",
        "os.kill",
    },  # processes that race, for the host's tests
    # a table of the package's own modules, so that a host loads what it uses
    "__init__.py": {"import_module"},
    "territory/identity/__init__.py": {"import_module"},
    "testing/__init__.py": {"import_module"},
    "values/__init__.py": {"import_module"},
}


def shipped() -> set[str]:
    """The files below src/prmcore, which are packed as they are."""
    files = (path for path in PACKAGE.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(PACKAGE.parent).as_posix() for path in files}


def names(requirements: list[str]) -> set[str]:
    return {Requirement(one).name.lower().replace("_", "-") for one in requirements}


def test_only_modules_and_named_data_are_shipped() -> None:
    data = {name for name in shipped() if not name.endswith(".py")}
    assert [name for name in data if not any(fnmatch.fnmatch(name, one) for one in DATA)] == []
    assert [one for one in DATA if not fnmatch.filter(data, one)] == []


def test_the_wheel_is_the_package_as_it_is() -> None:
    """No hook, no file from elsewhere, no other builder."""
    assert PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"] == {"packages": ["src/prmcore"]}
    assert set(PROJECT["tool"]["hatch"]["build"]) == {"targets"}
    assert names(PROJECT["build-system"]["requires"]) == {"hatchling"}
    assert PROJECT["project"]["license-files"] == ["LICENSE", "src/prmcore/values/cldr/LICENSE"]
    assert PROJECT["project"]["scripts"] == {"prmcore": "prmcore.cli:main"}


@pytest.mark.skipif(
    "PRMCORE_WHEEL" not in os.environ, reason="`python3 dev.py wheel` builds one and names it"
)
def test_the_wheel_that_was_built_holds_these_files_and_asks_for_these_packages() -> None:
    with zipfile.ZipFile(os.environ["PRMCORE_WHEEL"]) as wheel:
        held = wheel.namelist()
        (about,) = {name.split("/")[0] for name in held if ".dist-info/" in name}
        metadata = wheel.read(f"{about}/METADATA").decode()
    assert sorted(held) == sorted({*shipped(), *(f"{about}/{name}" for name in ABOUT)})
    asked = re.findall(r"^Requires-Dist: (.*)$", metadata, re.MULTILINE)
    assert names([one for one in asked if "extra ==" not in one]) == CORE
    assert names([one for one in asked if "extra ==" in one]) == set().union(*EXTRAS.values())


def test_the_core_needs_four_packages_and_each_extra_those_that_it_names() -> None:
    assert names(PROJECT["project"]["dependencies"]) == CORE
    assert {
        extra: names(asked) for extra, asked in PROJECT["project"]["optional-dependencies"].items()
    } == EXTRAS


def test_what_the_core_pulls_in_here_is_known() -> None:
    found: set[str] = set()
    open_ends = set(CORE)
    while open_ends:
        name = open_ends.pop()
        found.add(name)
        asked = map(Requirement, importlib.metadata.requires(name) or [])
        needed = [one.name for one in asked if one.marker is None or one.marker.evaluate({"extra": ""})]
        open_ends |= names(needed) - found
    assert CORE <= found <= CORE | BENEATH


@lru_cache
def modules() -> dict[str, ast.Module]:
    """Every module, read, by its path in the package."""
    files = sorted(PACKAGE.rglob("*.py"))
    return {
        path.relative_to(PACKAGE).as_posix(): ast.parse(path.read_text(encoding="utf-8")) for path in files
    }


def imports(tree: ast.AST) -> Iterator[str]:
    """The full names of what is imported, wherever in the module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield from (f"{node.module}.{one.name}" for one in node.names)


def ways_out(tree: ast.AST) -> set[str]:
    """What in a module leads to a network, to another program, or from data to code."""
    found = {one for name in imports(tree) for one in LEADS_OUT if f"{name}.".startswith(f"{one}.")}
    found |= {name for name in imports(tree) if name.startswith("os.") and OF_OS.fullmatch(name[3:])}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "os":
            found |= {f"os.{node.attr}"} if OF_OS.fullmatch(node.attr) else set()
        elif isinstance(node, ast.Call):
            called = node.func
            if isinstance(called, ast.Name) and called.id in RUNS:
                found.add(called.id)
            elif isinstance(called, ast.Attribute) and called.attr in RUNS - {
                "compile"
            }:  # re.compile is none
                found.add(called.attr)
        elif isinstance(node, ast.Name) and node.id == "__builtins__":
            found.add(node.id)
    return found


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("import socket", {"socket"}),
        ("def late():\n    import urllib.request as r", {"urllib.request"}),
        ("from urllib import request", {"urllib.request"}),
        ("from urllib.request import urlopen", {"urllib.request"}),
        ("from http.client import HTTPConnection", {"http"}),
        ("from asyncio import open_connection", {"asyncio"}),
        ("import os\nos.system('ls')", {"os.system"}),
        ("import os\nrun = os.execvp", {"os.execvp"}),
        ("from os import popen", {"os.popen"}),
        ("eval('1')", {"eval"}),
        ("__import__('ssl')", {"__import__"}),
        ("import importlib\nimportlib.import_module('ssl')", {"import_module"}),
        ("import builtins\nbuiltins.exec('1')", {"builtins", "exec"}),
        ("import os, re, urllib.parse\nre.compile('a')\nos.path.join('a')\nfrom socketless import a", set()),
    ],
)
def test_a_way_out_is_seen(written: str, found: set[str]) -> None:
    assert ways_out(ast.parse(written)) == found


@pytest.mark.slow
def test_no_module_leads_out_but_where_it_is_named() -> None:
    seen = {name: ways_out(tree) for name, tree in modules().items()}
    assert {name: ways for name, ways in seen.items() if ways} == NAMED


def test_nothing_is_imported_but_the_standard_library_and_what_the_project_asks_for() -> None:
    found = {name.split(".")[0] for tree in modules().values() for name in imports(tree)}
    assert found - set(sys.stdlib_module_names) - {"prmcore"} == IMPORTED


WATCHED = """
import json, sys
seen = []
def watch(event, _):
    if event.startswith(("socket.", "http.", "urllib.", "ftplib.", "smtplib.", "subprocess.", "os.system", "os.exec",
                         "os.spawn", "os.posix_spawn", "os.fork", "os.startfile", "webbrowser.", "pty.", "ctypes.dlopen")):
        seen.append(event)
sys.addaudithook(watch)

from pathlib import Path
from pkgutil import walk_packages
import prmcore
imported = [__import__(one.name) for one in walk_packages(prmcore.__path__, "prmcore.") if one.name != "prmcore.__main__"]
from prmcore.cli import main
codes = [main(words) for words in json.loads(sys.argv[1])]
exec(sys.argv[2])
print(json.dumps([len(imported), codes, seen]))
"""


def watched(folder: Path, *commands: list[str], then: str = "") -> tuple[int, list[int], list[str]]:
    """Imports every module and runs commands in a fresh interpreter: how many modules, the codes, and the ways out taken."""
    words = [sys.executable, "-c", WATCHED, json.dumps(commands), then]
    ran = subprocess.run(words, capture_output=True, text=True, encoding="utf-8", check=True, cwd=folder)
    imported, codes, seen = json.loads(ran.stdout.splitlines()[-1])
    return imported, codes, seen


@pytest.mark.slow
def test_importing_linting_and_running_leaves_the_process_by_no_way(tmp_path: Path) -> None:
    program = ROOT / "examples" / "rebate" / "acme-2026.toml"
    facts = ["--facts", str(program.parent / "facts")]
    written = ["--store", "store.sqlite", "--report", "report.html", "--as-of", "2026-06-30"]
    imported, codes, seen = watched(
        tmp_path,
        ["lint", str(program)],
        ["lint", str(ROOT / "examples" / "programs" / "odoo-2023-05-19.toml"), "--locale", "ja"],
        ["run", str(program), *facts, *written],
    )
    assert imported == len(modules()) - 2  # prmcore itself was there, and __main__ would run
    assert codes == [0, 0, 0]
    assert (tmp_path / "report.html").stat().st_size > 1000
    assert seen == []


@pytest.mark.slow
def test_a_way_out_that_is_taken_is_seen(tmp_path: Path) -> None:
    taken = "import os, socket, subprocess; socket.socket(); os.system('exit'); subprocess.run([sys.executable, '-V'])"
    seen = watched(tmp_path, then=taken)[2]
    assert {"socket.__new__", "os.system", "subprocess.Popen"} <= set(seen)
