"""The shell sessions in the docs print what the docs say; `python docs/sessions.py` writes them down anew."""

from pathlib import Path

import pytest
from docs.sessions import pages, played


@pytest.mark.slow
@pytest.mark.parametrize("page", pages(), ids=lambda page: page.stem)
def test_a_session_prints_what_the_page_shows(page: Path, tmp_path: Path) -> None:
    shown = page.read_text(encoding="utf-8")
    assert played(shown, tmp_path) == shown


def test_the_pages_with_sessions_are_found() -> None:
    assert "tutorial.md" in [page.name for page in pages()]
