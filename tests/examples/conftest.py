"""The examples are imported as a reader would: from the project's folder. Spawned processes inherit the path.

The store over SQLAlchemy is tried on a PostgreSQL server of its own, which lives as long as the tests.
"""

import importlib.util
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

ROOT = str(Path(__file__).parents[2])
if ROOT not in sys.path:
    sys.path.insert(0, ROOT)

OLDEST = 15  # the first that takes a language from ICU for the whole server
PATIENCE = 60.0  # seconds until the server answers, or ends


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a new, empty PostgreSQL server: a socket in a folder, and no network."""
    programs = newest_programs()
    if programs is None:
        pytest.skip(f"no PostgreSQL server is installed, or one older than {OLDEST}")
    if importlib.util.find_spec("psycopg") is None and not os.environ.get("CI"):
        pytest.skip("psycopg is not installed; it is in the group `test`")
    folder = Path(
        tempfile.mkdtemp(prefix="pg-")
    )  # short, since a socket's path has a hundred characters at most
    try:
        with served(programs, folder):
            yield f"postgresql+psycopg://prmcore@/postgres?host={folder}"
    finally:
        shutil.rmtree(folder)


def newest_programs() -> Path | None:
    """The folder of the newest server's programs: where Debian keeps them, or on the path."""
    places = [place / "postgres" for place in Path("/usr/lib/postgresql").glob("*/bin")]
    places += [Path(found).resolve() for found in [shutil.which("postgres")] if found is not None]
    found = {version(server): server.parent for server in places if (server.parent / "initdb").exists()}
    newest = max(found, default=0)
    return found[newest] if newest >= OLDEST else None


def version(server: Path) -> int:
    said = subprocess.run([server, "--version"], capture_output=True, text=True, check=True).stdout
    number = re.search(r"\d+", said)
    return int(number[0]) if number else 0


@contextmanager
def served(programs: Path, folder: Path) -> Iterator[None]:
    """A server over the folder. Its language sorts "a" before "B": who relies on the server's order is found out."""
    somebody = no_root(folder)
    data, log = folder / "data", folder / "log"
    language = ["--encoding=UTF8", "--locale=C", "--locale-provider=icu", "--icu-locale=en"]
    made = [
        str(programs / "initdb"),
        "-D",
        str(data),
        "--username=prmcore",
        "--auth=trust",
        "--no-sync",
        *language,
    ]
    subprocess.run(made, check=True, stdout=subprocess.DEVNULL, **somebody)
    settings = {"listen_addresses": "", "unix_socket_directories": folder, "fsync": "off"}
    set_up = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    with log.open("w") as said:
        server = subprocess.Popen([programs / "postgres", "-D", data, *set_up], stderr=said, **somebody)
    try:
        deadline = time.monotonic() + PATIENCE
        while subprocess.run([programs / "pg_isready", "-q", "-h", folder], check=False).returncode != 0:
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL does not start: {log.read_text()}")
            time.sleep(0.02)
        yield
    finally:
        server.send_signal(signal.SIGINT)  # "fast": it lets no connection go on
        server.wait(PATIENCE)


def no_root(folder: Path) -> dict[str, Any]:
    """How a process is started that must not run as root, and works in the folder."""
    if os.getuid() != 0:
        return {"cwd": folder}
    import pwd

    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return {"cwd": folder, "user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
