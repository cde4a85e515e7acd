"""Runs the shell sessions in the docs, each page in a fresh copy of examples/tutorial, and writes down what they print.

python docs/sessions.py        with the environment's Python, after a change of what the commands print
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

DOCS = Path(__file__).resolve().parent
EXAMPLES = DOCS.parent / "examples"
SESSION = re.compile(r"(?<=^```console\n).*?(?=^```$)", re.MULTILINE | re.DOTALL)


def pages() -> list[Path]:
    """The pages that show a session."""
    return sorted(path for path in DOCS.rglob("*.md") if SESSION.search(path.read_text(encoding="utf-8")))


def played(page: str, folder: Path) -> str:
    """The page, with its sessions as they come out today; the folder starts as a copy of the tutorial's files.

    Those of the rebate, of the coverage and of the contracts lie beside them, in folders of these names; `paragraph` is the
    tutorial of contracts.
    """
    shutil.copytree(EXAMPLES / "tutorial", folder, dirs_exist_ok=True)
    shutil.copytree(EXAMPLES / "rebate", folder / "rebate")
    shutil.copytree(EXAMPLES / "tutorial-coverage", folder / "coverage")
    shutil.copytree(EXAMPLES / "contracts", folder / "contracts")
    shutil.copytree(EXAMPLES / "tutorial-contracts", folder / "paragraph")
    return SESSION.sub(lambda found: _session(found.group(), folder), page)


def _session(text: str, folder: Path) -> str:
    commands = [line.removeprefix("$ ") for line in text.splitlines() if line.startswith("$ ")]
    return "".join(f"$ {command}\n{_output(command, folder)}" for command in commands)


def _output(command: str, folder: Path) -> str:
    """What a command prints, its errors included."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    done = subprocess.run(
        command,
        shell=True,
        cwd=folder,
        env={**os.environ, "PATH": path, "PYTHONUTF8": "1", "LC_ALL": "C.UTF-8", "COLUMNS": "100"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    printed = done.stdout.decode()
    if "Traceback (most recent call last)" in printed:
        raise SystemExit(f"$ {command}\n{printed}")
    return "".join(f"{line.rstrip()}\n" for line in printed.splitlines())


def main() -> None:
    for page in pages():
        with tempfile.TemporaryDirectory() as folder:
            page.write_text(played(page.read_text(encoding="utf-8"), Path(folder)), encoding="utf-8")
        print(page.relative_to(DOCS))


if __name__ == "__main__":
    main()
