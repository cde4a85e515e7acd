"""Whether anything that reads from outside answers with something else than a result or a `PrmError`.

python3 dev.py endure fuzz                      every reader for a minute
python3 dev.py endure fuzz rows --seconds 600   some of them, for longer
python3 dev.py endure fuzz --list               what they are

libFuzzer, by atheris, changes inputs so that they reach new lines of prmcore; what reaches some is kept in the folder and
where the next run begins. A finding is any other exception, more than a second for less than 10 kB, or more than 256 MB; it
does not end the run, and is kept with the smallest input that shows it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import resource
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import attrs

HERE = Path(__file__).resolve().parent
MOST_BYTES = 10_000  # of an input whose time is bounded
MOST_MEMORY = 256 << 20  # bytes that one reading may add
LONGEST_MESSAGE = 200_000  # of an error; it lists a hundred faults at most
HANG = 60  # seconds, after which libFuzzer ends the run
_DONE = re.compile(r"Done (\d+) runs in (\d+) second")
_REACHED = re.compile(r"cov: (\d+) ft: (\d+) corp: (\d+)")


@attrs.frozen
class Finding:
    """What a reader did that it must not do."""

    what: str
    where: str
    data: bytes

    @property
    def name(self) -> str:
        """The same for whatever goes wrong in the same way at the same place."""
        return hashlib.sha256(f"{self.what.partition(':')[0]} {self.where}".encode()).hexdigest()[:12]


def found_in(read: Callable[[bytes], object], data: bytes, seconds: float = 1.0) -> Finding | None:
    """What is wrong with how these bytes are read; None = nothing is."""
    from prmcore.errors import PrmError

    before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    try:
        read(data)
    except PrmError as error:
        fault = _fault_of(str(error))
        if fault is not None:
            return Finding(fault, _where(error), data)
    except Exception as error:  # whatever it is, it is what is looked for
        return Finding(f"{type(error).__name__}: {error!s:.200}", _where(error), data)
    took = time.process_time() - start
    if took > seconds and len(data) < MOST_BYTES:
        return Finding(f"slow: {took:.1f} s", "", data)
    if (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024 > MOST_MEMORY:
        return Finding("much memory", "", data)
    return None


def _fault_of(message: str) -> str | None:
    """What is wrong with a message; None = people can read it, and files can hold it."""
    if not message.strip():
        return "an error without a message"
    if len(message) > LONGEST_MESSAGE:
        return "an error with an endless message"
    try:
        message.encode()
    except UnicodeEncodeError:
        return "an error whose message no file can hold"
    return None


def _where(error: BaseException) -> str:
    """The last lines of prmcore on the way to the error, the innermost first."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "prmcore" in frame.filename] or frames
    return " < ".join(f"{Path(one.filename).name}:{one.name}:{one.lineno}" for one in reversed(ours[-2:]))


# inside the process that libFuzzer ends


def inside(name: str, folder: Path, options: list[str]) -> None:
    """Reads whatever libFuzzer thinks of until its time is over; it never returns."""
    atheris: Any = import_module("atheris")  # not needed by the tests, which read the same bytes again

    with atheris.instrument_imports(include=["prmcore"]):
        from readers import READERS
    reader = READERS[name]
    smallest: dict[str, int] = {}

    def once(data: bytes) -> None:
        finding = found_in(reader.read, data, reader.seconds)
        if finding is not None and finding.what.startswith(
            "slow"
        ):  # once more: the machine may have been busy
            finding = found_in(reader.read, data, reader.seconds)
        if finding is not None and len(data) < smallest.get(finding.name, sys.maxsize):
            smallest[finding.name] = len(data)
            kept = {"what": finding.what, "where": finding.where, "data": data.hex()}
            (folder / f"finding-{finding.name}.json").write_text(json.dumps(kept, indent=2), encoding="utf-8")

    corpus = folder / "corpus"
    corpus.mkdir(exist_ok=True)
    for seed in reader.seeds():
        (corpus / hashlib.sha256(seed).hexdigest()[:16]).write_bytes(seed)
    atheris.Setup([sys.argv[0], str(corpus), *options], once)
    atheris.Fuzz()


# outside of it


@attrs.frozen
class Ran:
    """How a run of a reader went."""

    name: str
    executions: int
    seconds: int
    edges: int
    features: int
    findings: tuple[Finding, ...]


def ran(name: str, folder: Path, seconds: int) -> Ran:
    """Lets libFuzzer run a reader in a process of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("finding-*"):
        old.unlink()
    limits = [f"-max_total_time={seconds}", f"-timeout={HANG}", "-rss_limit_mb=2048", "-max_len=16384"]
    command = [sys.executable, __file__, "--inside", name, "--folder", str(folder), "--"]
    options = [*limits, f"-artifact_prefix={folder}/finding-"]
    with (folder / "log.txt").open("w+", encoding="utf-8", errors="replace") as log:
        code = subprocess.run([*command, *options], stdout=log, stderr=log, check=False).returncode
        log.seek(0)
        said = log.read()
    done, reached = _DONE.search(said), _REACHED.findall(said)
    if done is None and not any(folder.glob("finding-*")):
        sys.exit(f"{name}: the fuzzer ended with {code}; see {folder}/log.txt")
    edges, features, _ = map(int, reached[-1]) if reached else (0, 0, 0)
    executions, took = map(int, done.groups()) if done else (0, 0)
    return Ran(name, executions, took, edges, features, tuple(_findings(folder)))


def _findings(folder: Path) -> list[Finding]:
    kept = [json.loads(one.read_text(encoding="utf-8")) for one in sorted(folder.glob("finding-*.json"))]
    found = [Finding(one["what"], one["where"], bytes.fromhex(one["data"])) for one in kept]
    broken = [one for one in sorted(folder.glob("finding-*")) if one.suffix != ".json"]
    return [*found, *(Finding("ended the process", one.name, one.read_bytes()) for one in broken)]


def main(arguments: list[str] | None = None) -> int:
    from readers import READERS

    parser = argparse.ArgumentParser(
        description="Everything that reads from outside, under coverage-guided fuzzing."
    )
    parser.add_argument("readers", nargs="*", metavar="READER", help="default: all of them")
    parser.add_argument("--seconds", type=int, default=60, help="for each of them")
    parser.add_argument(
        "--folder", type=Path, default=HERE.parent / "build/fuzz", help="where inputs and findings are kept"
    )
    parser.add_argument("--list", action="store_true", help="the readers")
    options = parser.parse_args(arguments)
    unknown = set(options.readers) - READERS.keys()
    if options.list or unknown:
        print(*(f"{name:16} {len(list(one.seeds())):4} seeds" for name, one in READERS.items()), sep="\n")
        return 2 if unknown else 0
    print(f"{'reader':16} {'executions':>10} {'seconds':>8} {'edges':>7} {'features':>9} {'findings':>9}")
    found: list[tuple[str, Finding]] = []
    for name in options.readers or READERS:
        one = ran(name, options.folder / name, options.seconds)
        found += [(name, finding) for finding in one.findings]
        print(
            f"{name:16} {one.executions:10,} {one.seconds:8} {one.edges:7,} {one.features:9,} {len(one.findings):9}",
            flush=True,
        )
    for name, finding in found:
        print(f"\n{name}: {finding.what}\n  {finding.where}\n  {finding.data[:200]!r}")
    return 1 if found else 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["--inside"]:
        _, _, reader_name, _, place, _, *rest = sys.argv
        inside(reader_name, Path(place), rest)
    sys.exit(main())
