"""What tests of the command line share: a command that is typed, and what comes of it."""

from collections.abc import Callable

import pytest

from prmcore.cli import main


@pytest.fixture
def typed(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Runs a command where the test is; gives the code, the output, the errors."""

    def typed(*words: str) -> tuple[int, str, str]:
        try:
            code = main(words)
        except SystemExit as left:  # argparse
            code = int(left.code or 0)
        found = capsys.readouterr()
        return code, found.out, found.err

    return typed
