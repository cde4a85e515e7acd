"""Sets the project up and runs its tasks, with nothing but Python 3.11 (or newer), pip and a network.

python3 dev.py demo     the main job, on real data
python3 dev.py test     all tests; further words go to pytest
python3 dev.py lint     ruff, mypy, pyright, import-linter
python3 dev.py docs     the documentation, into docs/_build
python3 dev.py bench    the benchmarks, as ratios
python3 dev.py endure   what is hard to break: contested, killed, fuzz, mutants; further words go to it
python3 dev.py ends     the tests with the oldest and the newest dependencies, and on the other Pythons here
python3 dev.py wheel    the wheel, built, and used in an empty environment
python3 dev.py lock     constraints.txt anew, from the newest releases
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / "python"
TOOLS = ROOT / ".tools"
STAMP = VENV / "prmcore-set-up.txt"
DEMO_LAST_DAY = "2020-06-30"  # the quarter in which the sample's rows end

ENDS = ["-p", "no:cacheprovider", "--hypothesis-profile", "ends", "-m", "not slow"]  # as of pytest
NEWEST = ["python-dateutil==4.0.0"]  # newer than constraints.txt can have it, beside what the benchmarks need

GROUPS = {
    "demo": ["test", "calendars"],
    "test": ["test", "calendars"],
    "lint": ["test", "calendars", "lint", "docs", "bench"],
    "docs": ["test", "calendars", "docs"],
    "bench": ["test", "calendars", "bench", "peers"],
    "endure": ["test", "calendars", "endure"],
    "wheel": ["test"],
}


def uv() -> str:
    """The uv on the path, or in .tools, fetched there by pip if need be."""
    found = shutil.which("uv") or shutil.which("uv", path=str(TOOLS / "bin"))
    if found is None:
        print("fetching uv into .tools", flush=True)
        run(
            sys.executable,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--target",
            str(TOOLS),
            "uv",
        )
        found = shutil.which("uv", path=str(TOOLS / "bin"))
    if found is None:
        sys.exit("uv could not be fetched; install it and try again")
    return found


def run(*command: str, accepted: tuple[int, ...] = (0,), **environment: str) -> None:
    """Runs a command in the project's folder; its failure is ours."""
    code = subprocess.run(command, cwd=ROOT, env=surroundings(**environment), check=False).returncode
    if code not in accepted:
        sys.exit(code)


def surroundings(**environment: str) -> dict[str, str]:
    """The variables that commands see: ours, and no path of the caller's to other code."""
    kept = {**os.environ, "UV_PYTHON_DOWNLOADS": "never", "VIRTUAL_ENV": str(VENV), **environment}
    kept.pop("PYTHONPATH", None)
    return kept


def wanted() -> str:
    """What the environment depends on, as one word."""
    parts = [(ROOT / name).read_bytes() for name in ("pyproject.toml", "constraints.txt")]
    return hashlib.sha256(b"\0".join([*parts, sys.version.encode(), str(ROOT).encode()])).hexdigest()


def set_up(groups: list[str]) -> None:
    """Makes .venv with what these groups need; does nothing when it is there already."""
    stamp, *held = STAMP.read_text().split() if STAMP.exists() and PYTHON.exists() else [""]
    missing = [group for group in groups if group not in held]
    if stamp == wanted() and not missing:
        return
    tool = uv()
    if stamp != wanted():
        STAMP.unlink(missing_ok=True)
        run(tool, "venv", "--quiet", "--clear", "--python", sys.executable, str(VENV))
        held, missing = [], [*held, *missing]  # what was there before comes back
    install = [tool, "pip", "install", "--quiet", "--python", str(PYTHON), "--constraint", "constraints.txt"]
    run(
        *install,
        *(word for group in missing for word in ("--group", group)),
        "--editable",
        ".[cli,ical,identity,testing,toml]",
    )
    STAMP.write_text(" ".join([wanted(), *held, *missing]))


def demo(*words: str) -> None:
    example = "examples/adventureworks"
    arguments = [
        f"{example}/reseller-2017.toml",
        f"{example}/reseller-2019.toml",
        "--facts",
        f"{example}/facts",
    ]
    arguments += [
        "--store",
        "demo-out/tiers.sqlite",
        "--report",
        "demo-out/report.html",
        "--as-of",
        DEMO_LAST_DAY,
    ]
    run(str(PYTHON), "-m", "prmcore", "run", *arguments, *words)
    coverage = f"{example}/coverage"
    arguments = [
        f"{coverage}/coverage.toml",
        "--accounts",
        f"{coverage}/accounts.csv",
        "--as-of",
        DEMO_LAST_DAY,
    ]
    arguments += ["--store", "demo-out/coverage.sqlite", "--rejects", "demo-out/coverage.rejects.csv"]
    arguments += ["--report", "demo-out/coverage.html"]
    run(str(PYTHON), "-m", "prmcore", "cover", *arguments, accepted=(0, 1))  # 1: some need a person
    conflict = f"{example}/conflict"
    arguments = [f"{conflict}/deals-2020.toml", "--store", "demo-out/deals.sqlite"]
    for option, name in (("--rows", "registrations"), ("--partners", "partners"), ("--accounts", "accounts")):
        arguments += [option, f"{conflict}/{name}.csv"]
    arguments += ["--on", "2020-03-06", "--by", "kim", "--rejects", "demo-out/deals.rejects.csv"]
    run(str(PYTHON), "-m", "prmcore", "registrations", *arguments, accepted=(0, 1))
    run(str(PYTHON), "examples/contracts/demo.py", "demo-out")


def test(*words: str) -> None:
    run(str(PYTHON), "-m", "pytest", "-n", "auto", "--dist", "loadfile", *words)


def lint(*_: str) -> None:
    run(str(BIN / "ruff"), "check", ".")
    run(str(BIN / "ruff"), "format", "--check", ".")
    run(str(BIN / "mypy"))
    run(str(BIN / "pyright"))
    run(str(BIN / "lint-imports"))


def docs(*_: str) -> None:
    run(str(BIN / "sphinx-build"), "-W", "-q", "-b", "html", "docs", "docs/_build")
    print("docs/_build/index.html")


def bench(*words: str) -> None:
    run(str(PYTHON), "benchmarks/run.py", *words)


def endure(name: str = "", *words: str) -> None:
    known = sorted(
        path.stem for path in (ROOT / "endurance").glob("*.py") if "def main(" in path.read_text("utf-8")
    )
    if name not in known:
        sys.exit(f"found {name!r}; accepted: {', '.join(known)}")
    run(str(PYTHON), f"endurance/{name}.py", *words)


def ends(*words: str) -> None:
    """The tests again: with the oldest dependencies that are promised, and with the newest on every other Python here."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    floors = [need.split(",")[0].replace(">=", "==") for need in project["dependencies"]]
    apart = {"oldest": environment_apart("oldest", sys.executable, floors)}
    for version, python in sorted(other_pythons().items()):
        apart[version] = environment_apart(version, python, NEWEST)
    tests = {
        name: started(venv, *words) for name, venv in apart.items()
    }  # beside each other, on as many cores
    failed = False
    for name, (process, output) in tests.items():
        failed |= process.wait() != 0
        output.seek(0)
        print(f"{name}:\n{output.read()}", end="", flush=True)
    if failed:
        sys.exit(1)


def environment_apart(name: str, python: str, pins: list[str]) -> Path:
    """An environment of its own, in which these pins go before constraints.txt."""
    print(f"{name}: {' '.join(pins)}", flush=True)
    venv = ROOT / ".venvs" / name
    pinned = {pin.split("==")[0] for pin in pins}
    kept = [
        line
        for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
        if line.split("==")[0] not in pinned
    ]
    run(uv(), "venv", "--quiet", "--clear", "--python", python, str(venv))
    constraints = venv / "constraints.txt"
    constraints.write_text("\n".join([*kept, *pins]) + "\n", encoding="utf-8")
    inside = [uv(), "pip", "install", "--quiet", "--python", str(venv / BIN.name / "python")]
    run(
        *inside,
        "--constraint",
        str(constraints),
        "--group",
        "test",
        "--editable",
        ".[cli,ical,identity,testing,toml]",
    )
    return venv


def started(venv: Path, *words: str) -> tuple[subprocess.Popen[str], IO[str]]:
    """The tests in an environment, under way, and where their output goes."""
    output = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115 - read later
    kept = surroundings(VIRTUAL_ENV=str(venv))
    command = [str(venv / BIN.name / "python"), "-m", "pytest", *ENDS, *words]
    return subprocess.Popen(
        command, cwd=ROOT, env=kept, stdout=output, stderr=subprocess.STDOUT, text=True
    ), output


def other_pythons() -> dict[str, str]:
    """Other supported versions on this machine, by path or from pyenv, and where they are."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    found = {}
    for minor in range(11, 20):
        version = f"3.{minor}"
        places = [shutil.which(f"python{version}"), *map(str, sorted(pyenv.glob(f"{version}.*/bin/python")))]
        for python in filter(None, places):
            asked = subprocess.run(
                [python, "-c", "import sys; print(sys.version_info[1])"], capture_output=True, text=True
            )
            if asked.stdout.strip() == str(minor) != str(sys.version_info[1]):
                found[version] = python
                break
    return found


def wheel(*_: str) -> None:
    """Builds the source distribution, from it the wheel, and uses that where nothing else is."""
    dist, venv = ROOT / "dist", ROOT / ".venvs" / "wheel"
    shutil.rmtree(dist, ignore_errors=True)
    run(uv(), "build", "--quiet", "--out-dir", str(dist))
    (built,) = dist.glob("*.whl")
    run(str(PYTHON), "-m", "pytest", "tests/test_supply_chain.py", "-k", "built", PRMCORE_WHEEL=str(built))
    run(uv(), "venv", "--quiet", "--clear", "--python", sys.executable, str(venv))
    run(uv(), "pip", "install", "--quiet", "--python", str(venv / BIN.name / "python"), str(built))
    programs = sorted(map(str, (ROOT / "examples/programs").glob("*.toml")))
    run(str(venv / BIN.name / "prmcore"), "lint", *programs, "--locale", "ja")
    used = "import prmcore, prmcore.values as v; print(prmcore.__version__, v.geography().path('JP-13'))"
    run(str(venv / BIN.name / "python"), "-I", "-c", used)


def lock(*_: str) -> None:
    """Every version that the project is developed with; the file names no host."""
    export = [
        uv(),
        "export",
        "--quiet",
        "--upgrade",
        "--all-groups",
        "--all-extras",
        "--no-hashes",
        "--no-annotate",
    ]
    run(*export, "--no-header", "--no-emit-project", "--output-file", "constraints.txt")
    (ROOT / "uv.lock").unlink(missing_ok=True)


def main() -> None:
    tasks = {task.__name__: task for task in (demo, test, lint, docs, bench, endure, ends, wheel, lock)}
    name = sys.argv[1] if len(sys.argv) > 1 else ""
    if name not in tasks:
        sys.exit(__doc__)
    set_up(GROUPS.get(name, []))
    tasks[name](*sys.argv[2:])


if __name__ == "__main__":
    main()
