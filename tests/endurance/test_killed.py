"""A writer that is killed again and again; and that the check of its store finds what it is there to find."""

import sqlite3
import sys
from itertools import islice
from pathlib import Path

import pytest

from prmcore.storage import SqliteStore

sys.path.insert(0, str(Path(__file__).parents[2] / "endurance"))  # where scripts find each other

import killed
from killed import Death, EndedByItself, Expected, Outcome

WRITTEN = 5  # two registrations drafted and handed in, and one approved: a registration and its account
UNSEEN = Death(opened=True, kept=WRITTEN, keeping=False)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The store of a writer that was killed after five units."""
    store = SqliteStore(tmp_path / "store.sqlite")
    for _, step in islice(killed.every_unit(), WRITTEN):
        step(store)
    store.close()
    return store.path


def changed(path: Path, *statements: str) -> None:
    raw = sqlite3.connect(path)
    with raw:
        for statement in statements:
            assert raw.execute(statement).rowcount > 0
    raw.close()


@pytest.mark.slow
def test_fifteen_kills_lose_nothing_and_leave_nothing_by_halves(tmp_path: Path) -> None:
    outcome = killed.run(tmp_path, 15, seed=3)
    assert outcome.faults == []
    assert outcome.kills >= 15
    assert outcome.units > 0
    assert outcome.several > 0


def test_every_unit_of_a_case_is_one_commit_and_most_change_several_records() -> None:
    expected = Expected()
    expected.advance(2 * len(killed.units(0)))  # and the second case is as long as the first
    assert len(killed.units(1)) == len(killed.units(0))
    assert expected.sizes.total() == 2 * len(killed.units(0))
    assert sum(times for size, times in expected.sizes.items() if size > 1) > expected.sizes.total() / 2
    kinds = {kind for kind, _ in expected.rows.records}
    assert kinds == {
        "registration", "registered-account", "partner", "fund", "fund-move", "fund-request", "fund-claim",
        "incentive-entry", "payout", "book-period",
    }  # fmt: skip


# the check passes


def test_a_store_with_what_was_acknowledged_is_whole(path: Path) -> None:
    assert killed.judged(path, Expected(), UNSEEN) == []


def test_the_unit_in_flight_may_be_there(path: Path) -> None:
    expected = Expected()
    assert killed.judged(path, expected, Death(True, WRITTEN - 1, keeping=True)) == []
    assert expected.done == WRITTEN


def test_or_it_may_not(path: Path) -> None:
    expected = Expected()
    assert killed.judged(path, expected, Death(True, WRITTEN, keeping=True)) == []
    assert expected.done == WRITTEN


def test_a_file_that_was_never_finished_is_an_empty_store(tmp_path: Path) -> None:
    (tmp_path / "new.sqlite").touch()
    assert killed.judged(tmp_path / "new.sqlite", Expected(), Death(False, 0, False)) == []


# the check finds


def test_half_a_unit_is_found(path: Path) -> None:
    """The approval without the account that was put with it."""
    raw = sqlite3.connect(path)
    (before,) = raw.execute("SELECT body FROM record WHERE kind = 'registered-account'").fetchone()
    raw.close()
    changed(
        path,
        "UPDATE record SET version = version - 1 WHERE kind = 'registered-account'",
    )
    (fault,) = killed.judged(path, Expected(), UNSEEN)
    assert fault == "registered-account deals|account-0: version 2 instead of 3, or another body"
    assert '"holds": true' in before


def test_half_a_unit_in_flight_is_found(path: Path) -> None:
    changed(path, "UPDATE record SET version = version - 1 WHERE kind = 'registered-account'")
    assert killed.judged(path, Expected(), Death(True, WRITTEN - 1, keeping=True))


def test_another_body_is_found(path: Path) -> None:
    changed(
        path,
        "UPDATE record SET body = replace(body, '\"holds\": true', '\"holds\": false') WHERE id = 'deals|account-0'",
    )
    assert len(killed.judged(path, Expected(), UNSEEN)) == 1


def test_an_acknowledged_unit_that_is_lost_is_found(path: Path) -> None:
    assert killed.judged(path, Expected(), Death(True, WRITTEN + 1, keeping=False))
    assert killed.judged(path, Expected(), Death(True, WRITTEN + 1, keeping=True))


def test_a_unit_that_was_never_begun_is_found(path: Path) -> None:
    assert killed.judged(path, Expected(), Death(True, WRITTEN - 1, keeping=False))


def test_two_units_beyond_what_was_acknowledged_are_found(path: Path) -> None:
    assert killed.judged(path, Expected(), Death(True, WRITTEN - 2, keeping=True))


def test_a_lost_record_and_a_lost_key_are_found(path: Path) -> None:
    changed(path, "DELETE FROM record_key WHERE kind = 'registration' AND id = 'R-0-a' AND name = 'state'")
    assert killed.judged(path, Expected(), UNSEEN) == ["registration R-0-a: other keys than its own"]
    changed(
        path,
        "DELETE FROM record_key WHERE kind = 'registration' AND id = 'R-0-b'",
        "DELETE FROM record WHERE kind = 'registration' AND id = 'R-0-b'",
    )
    assert "registration R-0-b: version 0 instead of 2, or another body" in killed.judged(
        path, Expected(), UNSEEN
    )


def test_a_file_that_does_not_open_and_one_that_is_damaged_are_found(path: Path) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\xff" * 4096 + whole[8192:])
    assert killed.judged(path, Expected(), UNSEEN)
    path.write_bytes(b"something else" * 1000)
    (fault,) = killed.judged(path, Expected(), UNSEEN)
    assert "cannot be used as a store" in fault


def test_a_writer_that_ends_by_itself_is_no_kill(tmp_path: Path) -> None:
    with pytest.raises(EndedByItself, match="with 1"):
        killed.killed(tmp_path / "no-folder" / "store.sqlite", 0, 0.5)


def test_a_run_whose_kills_fell_in_one_place_only_has_shown_too_little(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    full = Outcome(kills=3, opening=1, born=1, recovering=1, keeping=1)
    assert killed.gentle(full) == []
    assert killed.gentle(Outcome(kills=3, keeping=3)) == [
        "no kill fell while a file was made",
        "no kill fell while a log was read again",
    ]
    monkeypatch.setattr(killed, "run", lambda folder, kills, seed: full)
    assert killed.main([]) == 0
    monkeypatch.setattr(killed, "run", lambda folder, kills, seed: Outcome(kills=3))
    assert killed.main([]) == 1
    assert "BROKEN no kill fell while a unit was kept\n" in capsys.readouterr().out
