"""Whether the tests notice when a line of prmcore is changed: a random sample of small changes, each met by the tests that run it.

python3 dev.py endure mutants                                  each package's sample
python3 dev.py endure mutants --package values --sample 150    one package's
python3 dev.py endure mutants --package values --only money    of its files, those whose path has this in it
python3 dev.py endure mutants --seed 2                         another sample
python3 dev.py endure mutants --again                          only what survived the last time, and what a larger sample adds

A first run records which test runs which lines (`recorded.py`); later ones record only the test files that changed. For each
mutant the tests that run the changed line are run, the package's own first and the quickest of them first, until one fails. A
mutant survives when none does; one that takes far longer than its tests do (late) is killed, as a person would notice.
"""

from __future__ import annotations

import argparse
import ast
import hashlib
import json
import math
import multiprocessing
import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from difflib import unified_diff
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType
from typing import Any

import attrs
import pytest
from changes import changes_in
from hypothesis import Phase, settings
from recorded import KEPT, ROOT, SOURCE, test_of

PACKAGES = ("values", "decisions", "tiers", "territory", "deals", "incentives", "contracts")
RECORD = KEPT / "recorded.json"
CHUNKS = (40, 400)  # tests in the first process and in the second; the third has the rest
WIDE = 160  # letters of a change that are shown
BROKEN = 9  # an exit code that is not one of pytest's: the fault is here
MEMORY = 4 << 30  # bytes that a mutant may use
PYTEST = ["-p", "no:cacheprovider", "-p", "no:xdist", "--hypothesis-profile", "mutants"]
PYTEST += ["--assert", "plain"]  # else pytest reads a file with examples itself, as it is written

Test = dict[str, Any]  # its "seconds", and of each file the "lines" that it runs


@attrs.frozen
class Mutant:
    """One change of one file, by its number there."""

    file: str
    number: int
    line: int
    diff: str
    tests: dict[str, float] = attrs.field(repr=False)  # that are to notice, as they run, and their seconds


@attrs.frozen
class Fate:
    """What became of a mutant."""

    end: str  # killed, late or survived
    test: str = ""  # the one that killed it, or the file of tests that could not even be read


class Chosen:
    """A pytest plugin: these tests only, in this order; writes down the first that fails."""

    def __init__(self, tests: Sequence[str], told: int) -> None:
        # examples in the source last, as in a run of all tests: they import their file once more
        ordered = sorted(tests, key=lambda test: test.startswith("src/"))
        self.places = {test: place for place, test in enumerate(ordered)}
        self.told = told

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [item for item in items if test_of(item.nodeid) in self.places]
        items.sort(key=lambda item: self.places[test_of(item.nodeid)])

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        self.pytest_runtest_logreport(report)

    def pytest_runtest_logreport(self, report: pytest.CollectReport | pytest.TestReport) -> None:
        if report.failed:
            os.write(self.told, (test_of(report.nodeid) + "\n").encode())


def fate(mutant: Mutant) -> Fate:
    """Whether one of its tests notices the mutant."""
    first, second = CHUNKS
    tests = [*mutant.tests.items()]
    for chunk in (tests[:first], tests[first : first + second], tests[first + second :]):
        if chunk:
            found = run_apart(mutant, [test for test, _ in chunk], sum(seconds for _, seconds in chunk))
            if found.end != "survived":
                return found
    return Fate("survived")


def run_apart(mutant: Mutant | None, tests: Sequence[str], seconds: float) -> Fate:
    """The tests, which take so long, in a process of their own, where prmcore is not imported yet."""
    most = 10 + round(4 * seconds)  # of the processor's time, as others may use it, too
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        resource.setrlimit(resource.RLIMIT_CPU, (most, most + 1))
        os._exit(_code(mutant, tests, writing))
    os.close(writing)
    deadline = time.monotonic() + 20 * most
    try:
        while time.monotonic() < deadline:
            done, status = os.waitpid(child, os.WNOHANG)
            if done:
                code = os.waitstatus_to_exitcode(status)
                if code == BROKEN:
                    raise RuntimeError(f"pytest could not run {tests} with {mutant}")
                failed = os.read(reading, 10_000).decode().partition("\n")[0]
                if code in (-signal.SIGXCPU, -signal.SIGKILL):
                    return Fate("late")
                return Fate("killed", failed or f"exit {code}") if code else Fate("survived")
            time.sleep(0.02)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        return Fate("late")
    finally:
        os.close(reading)


def _code(mutant: Mutant | None, tests: Sequence[str], told: int) -> int:
    """The exit code of pytest, in the child."""
    try:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nowhere, stream)
        if mutant:
            load_instead(ROOT / mutant.file, mutated(mutant))
        files = dict.fromkeys(test.partition("::")[0] for test in tests)
        return int(pytest.main([*PYTEST, *(["-x"] if mutant else []), *files], [Chosen(tests, told)]))
    except BaseException:
        return BROKEN


def mutated(mutant: Mutant) -> CodeType:
    tree = ast.parse((ROOT / mutant.file).read_bytes())
    changes_in(tree)[mutant.number].make()
    return compile(ast.fix_missing_locations(tree), ROOT / mutant.file, "exec", dont_inherit=True)


def load_instead(file: Path, code: CodeType) -> None:
    """From now on, importing this file runs this code."""
    as_written = SourceFileLoader.get_code

    def get_code(loader: SourceFileLoader, name: str) -> CodeType | None:
        return code if loader.path == str(file) else as_written(loader, name)

    SourceFileLoader.get_code = get_code  # type: ignore[method-assign, assignment]


def record() -> dict[str, Test]:
    """What each test runs; recorded anew where prmcore or a test's file changed."""
    kept: dict[str, Any] = (
        json.loads(RECORD.read_text(encoding="utf-8")) if RECORD.exists() else {"source": ""}
    )
    source = _digest(sorted(SOURCE.rglob("*.py")))
    if kept["source"] != source:
        kept = {"source": source, "files": {}, "tests": {}}
    files = [
        *ROOT.glob("tests/**/test_*.py"),
        *(file for file in SOURCE.rglob("*.py") if file.name != "__main__.py"),  # reading it runs it
        *ROOT.glob("docs/**/*.md"),
        ROOT / "README.md",
    ]
    now = {str(file.relative_to(ROOT)): _digest([file]) for file in sorted(files)}
    changed = [file for file, digest in now.items() if kept["files"].get(file) != digest]
    if changed:
        print(f"recording {len(changed)} files of tests", flush=True)
        command = [sys.executable, "-m", "pytest", "-p", "recorded", "-p", "no:cacheprovider", "-n", "2"]
        command += ["--dist", "loadfile", "--hypothesis-profile", "ends", *changed]
        ended = subprocess.run(
            command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(Path(__file__).parent)}, check=False
        )
        if ended.returncode > pytest.ExitCode.TESTS_FAILED:
            sys.exit("the tests could not be recorded")
        tests = {
            test: told
            for test, told in kept["tests"].items()
            if test.partition("::")[0] in now.keys() - changed
        }
        for part in KEPT.glob("recorded-*.json"):
            tests |= json.loads(part.read_text(encoding="utf-8"))
            part.unlink()
        kept |= {"files": now, "tests": tests}
        if ended.returncode == 0:  # tests that fail can tell nothing, and are to be mended first
            RECORD.write_text(json.dumps(kept), encoding="utf-8")
        else:
            print("some tests fail without any change: they are left out, and recorded again the next time")
    return dict(kept["tests"])


def _digest(files: Sequence[Path]) -> str:
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()


def sample(
    package: str, size: int, seed: int, tests: dict[str, Test], budget: float, only: str = ""
) -> tuple[list[Mutant], int]:
    """A package's random sample, and how many mutants it has in all."""
    held = SOURCE / package
    found = [
        (file, number)
        for file in sorted(held.rglob("*.py"))
        if only in str(file.relative_to(held))
        for number in range(len(changes_in(ast.parse(file.read_bytes()))))
    ]
    drawn = random.Random(f"{package} {seed}").sample(found, len(found))[:size]  # a larger one has these, too
    return [_mutant(package, file, number, tests, budget) for file, number in drawn], len(found)


def _mutant(package: str, file: Path, number: int, tests: dict[str, Test], budget: float) -> Mutant:
    tree, place = ast.parse(file.read_bytes()), str(file.relative_to(ROOT))
    change = changes_in(tree)[number]
    before = ast.unparse(change.statement).splitlines()
    change.make()
    after = ast.unparse(change.new if isinstance(change.new, ast.stmt) else change.statement).splitlines()
    diff = "\n".join(list(unified_diff(before, after, n=0, lineterm=""))[3:])
    by_file = {test: told["lines"][place] for test, told in tests.items() if place in told["lines"]}
    by_line = {test for test, lines in by_file.items() if not change.lines.isdisjoint(lines)}
    if change.in_function and len(by_line) > 4:
        running = list(by_line)
    else:  # what runs on import, or is kept, runs once for all tests; what attrs writes has no lines at all
        own = [
            test for test in tests if _nearness(test, package, file) == 2 or test.startswith("tests/laws/")
        ]
        running = list(dict.fromkeys([*by_file, *own])) or list(tests)
    running.sort(
        key=lambda test: (test not in by_line, -_nearness(test, package, file), tests[test]["seconds"], test)
    )
    chosen: dict[str, float] = {}
    for test in running:
        if chosen and sum(chosen.values()) + tests[test]["seconds"] > budget:
            break
        chosen[test] = tests[test]["seconds"]
    return Mutant(place, number, change.line, diff, chosen)


def shown(diff: str) -> str:
    """A change for people: of long lines what differs and a little around it."""
    before, after = diff.partition("\n+")[::2]
    if max(len(before), len(after)) < WIDE or "\n" in before + after:
        return diff
    pairs = enumerate(zip(before[1:], after, strict=False))
    same = next((place for place, (one, other) in pairs if one != other), 0)
    return "\n".join(
        f"{sign} ... {line[max(same - 60, 0) :][:WIDE]} ..."
        for sign, line in (("-", before[1:]), ("+", after))
    )


def _nearness(test: str, package: str, file: Path) -> int:
    """2 = a test of this file, 1 = of its package, or of them all, 0 = of something that needs them."""
    if f"/{package}/" not in test:
        return int(test.startswith("tests/laws/"))
    return 1 + (Path(test.partition("::")[0]).stem.removeprefix("test_") == file.stem)


def wilson(share: float, of: int) -> tuple[float, float]:
    """The 95 % interval of a share that was seen in a sample (Wilson 1927)."""
    z = 1.959964
    middle, spread = share + z * z / (2 * of), z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return (middle - spread) / (1 + z * z / of), (middle + spread) / (1 + z * z / of)


def judged(mutants: list[Mutant]) -> Iterator[tuple[Mutant, Fate]]:
    """Each mutant's fate, two at a time."""
    with multiprocessing.get_context("fork").Pool(2) as pool:
        for mutant, found in zip(mutants, pool.imap(fate, mutants), strict=True):
            if found.end == "survived":
                print(
                    f"{mutant.file}:{mutant.line} survived {len(mutant.tests)} tests\n{shown(mutant.diff)}",
                    flush=True,
                )
            yield mutant, found


def measure(package: str, tests: dict[str, Test], words: argparse.Namespace) -> set[str]:
    """Judges a package's sample and prints its line; the tests that killed something."""
    kept = KEPT / f"{package}-{words.seed}.json"
    mutants, of = sample(package, words.sample, words.seed, tests, words.budget, words.only)
    known: dict[str, list[str]] = (
        json.loads(kept.read_text(encoding="utf-8")) if words.again and kept.exists() else {}
    )
    for mutant, found in judged(
        [one for one in mutants if known.get(_key(one), ["survived"])[0] == "survived"]
    ):
        known[_key(mutant)] = list(attrs.astuple(found))
        kept.write_text(json.dumps(known), encoding="utf-8")
    fates = {_key(mutant): Fate(*known[_key(mutant)]) for mutant in mutants}
    ends: dict[str, int] = defaultdict(int)
    for found in fates.values():
        ends[found.end] += 1
    dead = len(fates) - ends["survived"]
    low, high = wilson(dead / len(fates), len(fates))
    print(
        f"| {package} | {of} | {len(fates)} | {ends['killed']} | {ends['late']} | {ends['survived']} "
        f"| {dead / len(fates):.1%} | {low:.1%} to {high:.1%} |",
        flush=True,
    )
    return {found.test for found in fates.values() if found.test}


def _key(mutant: Mutant) -> str:
    return f"{mutant.file} {mutant.number}"


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--package", choices=PACKAGES, nargs="*", default=PACKAGES)
    asked.add_argument("--sample", type=int, default=150, help="mutants of each package")
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--budget", type=float, default=60, help="seconds of tests for one mutant")
    asked.add_argument("--only", default="", help="of each package, the files whose path has this in it")
    asked.add_argument("--again", action="store_true", help="only what is not known to be killed")
    words = asked.parse_args()
    os.chdir(ROOT)
    settings.register_profile(
        "mutants",
        deadline=None,
        derandomize=True,
        database=None,
        max_examples=40,
        phases=(Phase.explicit, Phase.generate),
    )  # to show that something is wrong, not what the smallest example of it is
    tests = record()
    killers = set[str]()
    for package in words.package:
        killers |= measure(package, tests, words)
    alone = run_apart(None, [test for test in tests if {test, test.partition("::")[0]} & killers], 3600)
    if alone.end != "survived":
        sys.exit(f"{alone.test} fails without a mutant, too: the figures are too good")


if __name__ == "__main__":
    main()
