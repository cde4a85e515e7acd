"""The contract of storage: what every adapter has to keep, as tests to inherit.

    class TestMyStore(RepositoryContract):
        def make_store(self, folder): return MyStore(...)

A store that outlives its process inherits `DurableRepositoryContract`, and says how another process opens it.
"""

from __future__ import annotations

import datetime
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from prmcore.errors import InvalidInput
from prmcore.repository import Aggregate, Conflict, NotFound, Store

__all__ = ["DurableRepositoryContract", "RepositoryContract"]

PATIENCE = 60.0  # seconds that any wait may take
INCREMENTS = 25  # of each racing writer


@attrs.frozen
class Note:
    """The record that the contract stores."""

    id: str
    number: int
    tags: tuple[str, ...] = ()
    day: datetime.date | None = None


NOTES: Aggregate[Note] = Aggregate(
    "contract-note",
    Note,
    lambda note: note.id,
    {"tag": lambda note: note.tags, "number": lambda note: note.number, "day": lambda note: note.day},
    days={"due": lambda note: note.day},
)
_A_DAY = st.none() | st.integers(1, 4).map(lambda day: datetime.date(2026, 1, day))


@attrs.frozen
class RenamedNote:
    """The same kind of record in a later version of a program: the number is called a count."""

    id: str
    count: int
    tags: tuple[str, ...] = ()
    day: datetime.date | None = None


def _renamed(written: dict[str, Any]) -> dict[str, Any]:
    return {("count" if name == "number" else name): part for name, part in written.items()}


RENAMED_NOTES: Aggregate[RenamedNote] = Aggregate(
    NOTES.name,
    RenamedNote,
    lambda note: note.id,
    {"tag": lambda note: note.tags, "number": lambda note: note.count, "day": lambda note: note.day},
    days={"due": lambda note: note.day},
    upcasts=(_renamed,),
)
MIRRORS: Aggregate[Note] = Aggregate("contract-mirror", Note, lambda note: note.id)
Opener = Callable[[], Store]


def add(store: Store, *notes: Note) -> None:
    with store.unit_of_work() as work:
        for note in notes:
            work.repository(NOTES).put(note)
        work.commit()


def increment(store: Store, identity: str) -> int:
    """Adds one to a note and to its mirror, however often somebody else is faster."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with store.unit_of_work() as work:
            notes, mirrors = work.repository(NOTES), work.repository(MIRRORS)
            note, mirror = notes.get(identity), mirrors.get(identity)
            number = note.record.number + 1
            notes.put(attrs.evolve(note.record, number=number), expected=note.version)
            mirrors.put(attrs.evolve(mirror.record, number=number), expected=mirror.version)
            try:
                work.commit()
            except Conflict:
                continue
            return number
    raise TimeoutError("a writer never got through")


def increment_often(opener: Opener, identity: str, times: int) -> None:
    store = opener()
    for _ in range(times):
        increment(store, identity)


def increment_for_ever(opener: Opener, identity: str, acknowledged: Any) -> None:
    store = opener()
    while True:
        acknowledged.send(increment(store, identity))


def pair(store: Store, identity: str) -> tuple[int, int]:
    with store.unit_of_work() as work:
        note, mirror = work.repository(NOTES).get(identity), work.repository(MIRRORS).get(identity)
        return note.record.number, mirror.record.number


def add_pair(store: Store, identity: str) -> None:
    with store.unit_of_work() as work:
        work.repository(NOTES).put(Note(identity, 0))
        work.repository(MIRRORS).put(Note(identity, 0))
        work.commit()


class RepositoryContract:
    """What every adapter keeps."""

    def make_store(self, folder: Path) -> Store:
        """A new, empty store; `folder` is an empty folder of its own."""
        raise TypeError(f"{type(self).__name__} says how its store is made: def make_store(self, folder)")

    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[Store]:
        store = self.make_store(tmp_path)
        yield store
        getattr(store, "close", lambda: None)()

    def test_what_was_committed_is_read_again(self, store: Store) -> None:
        note = Note("受注-1", 7, ("gold", "東京"), datetime.date(2026, 2, 28))
        add(store, note)
        with store.unit_of_work() as work:
            found = work.repository(NOTES).get("受注-1")
        assert (found.record, found.version) == (note, 1)

    def test_a_record_that_is_not_there_is_not_found(self, store: Store) -> None:
        with store.unit_of_work() as work, pytest.raises(NotFound) as caught:
            work.repository(NOTES).get("nobody")
        assert (caught.value.kind, caught.value.identity) == ("contract-note", "nobody")

    def test_kinds_do_not_see_each_other(self, store: Store) -> None:
        add(store, Note("a", 1))
        with store.unit_of_work() as work, pytest.raises(NotFound):
            work.repository(MIRRORS).get("a")

    def test_each_change_raises_the_version_by_one(self, store: Store) -> None:
        add(store, Note("a", 1))
        for version in (1, 2, 3):
            with store.unit_of_work() as work:
                notes = work.repository(NOTES)
                found = notes.get("a")
                assert found.version == version
                notes.put(attrs.evolve(found.record, number=version), expected=version)
                work.commit()

    def test_leaving_without_commit_keeps_nothing(self, store: Store) -> None:
        with store.unit_of_work() as work:
            work.repository(NOTES).put(Note("a", 1))
        with store.unit_of_work() as work:
            assert list(work.repository(NOTES)) == []

    def test_an_exception_keeps_nothing(self, store: Store) -> None:
        with pytest.raises(ZeroDivisionError), store.unit_of_work() as work:
            work.repository(NOTES).put(Note("a", 1))
            raise ZeroDivisionError
        with store.unit_of_work() as work:
            assert list(work.repository(NOTES)) == []

    def test_a_unit_of_work_reads_its_own_changes(self, store: Store) -> None:
        add(store, Note("b", 1, ("x",)))
        with store.unit_of_work() as work:
            notes = work.repository(NOTES)
            notes.put(Note("b", 2, ("y",)), expected=1)
            notes.put(Note("a", 3, ("y",)))
            assert [found.record.id for found in notes] == ["a", "b"]
            assert [found.record.number for found in notes.query(tag="y")] == [3, 2]
            assert list(notes.query(tag="x")) == []
            assert notes.get("b").record.number == 2

    def test_a_change_of_the_same_record_twice_in_one_unit_is_one_change(self, store: Store) -> None:
        with store.unit_of_work() as work:
            notes = work.repository(NOTES)
            notes.put(Note("a", 1))
            notes.put(Note("a", 2), expected=notes.get("a").version)
            work.commit()
        with store.unit_of_work() as work:
            found = work.repository(NOTES).get("a")
        assert (found.record.number, found.version) == (2, 1)

    def test_adding_what_is_already_there_is_a_conflict(self, store: Store) -> None:
        add(store, Note("a", 1))
        with pytest.raises(Conflict) as caught:
            add(store, Note("a", 2))
        assert (caught.value.expected, caught.value.found) == (0, 1)

    def test_changing_what_is_not_there_is_a_conflict(self, store: Store) -> None:
        with store.unit_of_work() as work, pytest.raises(Conflict):
            work.repository(NOTES).put(Note("a", 1), expected=3)
            work.commit()

    def test_a_conflict_keeps_nothing_of_the_unit(self, store: Store) -> None:
        add(store, Note("b", 1))
        with store.unit_of_work() as work, pytest.raises(Conflict):
            work.repository(NOTES).put(Note("a", 1))
            work.repository(NOTES).put(Note("b", 2))
            work.commit()
        with store.unit_of_work() as work:
            assert [(found.record.id, found.record.number) for found in work.repository(NOTES)] == [("b", 1)]

    def test_the_second_of_two_overlapping_units_conflicts_and_the_first_is_kept(self, store: Store) -> None:
        add(store, Note("a", 1))
        with store.unit_of_work() as first, store.unit_of_work() as second:
            first.repository(NOTES).put(Note("a", 2), expected=first.repository(NOTES).get("a").version)
            second.repository(NOTES).put(Note("a", 3), expected=second.repository(NOTES).get("a").version)
            first.commit()
            with pytest.raises(Conflict):
                second.commit()
        with store.unit_of_work() as work:
            assert work.repository(NOTES).get("a").record.number == 2

    def test_records_come_in_the_order_of_their_ids_however_many(self, store: Store) -> None:
        add(store, *(Note(f"n{number:04d}", number) for number in range(1203, -1, -1)))
        with store.unit_of_work() as work:
            assert [found.record.number for found in work.repository(NOTES)] == list(range(1204))

    def test_queries_match_every_key_and_any_of_several_values(self, store: Store) -> None:
        day = datetime.date(2026, 3, 31)
        add(store, Note("a", 1, ("x", "y"), day), Note("b", 2, ("y",), day), Note("c", 1, ()))
        with store.unit_of_work() as work:
            notes = work.repository(NOTES)
            assert [found.record.id for found in notes.query(tag="y")] == ["a", "b"]
            assert [found.record.id for found in notes.query(tag="y", number=1)] == ["a"]
            assert [found.record.id for found in notes.query(day=day, number=2)] == ["b"]
            assert list(notes.query(number=3)) == []

    def test_records_are_counted_as_they_are_queried(self, store: Store) -> None:
        add(store, *(Note(f"n{number:04}", number % 2, ("x",)) for number in range(1100)), Note("other", 1))
        with store.unit_of_work() as work:
            notes = work.repository(NOTES)
            counted = (
                notes.count(),
                notes.count(tag="x"),
                notes.count(tag="x", number=1),
                notes.count(tag="y"),
            )
            assert counted == (1101, 1100, 550, 0)
            with pytest.raises(InvalidInput, match="did you mean 'number'"):
                notes.count(numbr=1)

    def test_a_unit_of_work_counts_its_own_changes(self, store: Store) -> None:
        add(store, Note("a", 1, ("x",)), Note("b", 1, ("x",)), Note("c", 1, ("y",)))
        with store.unit_of_work() as work:
            notes = work.repository(NOTES)
            notes.put(Note("a", 1, ("y",)), expected=1)
            notes.put(Note("b", 2, ("x",)), expected=1)
            notes.put(Note("d", 1, ("y",)))
            assert (notes.count(), notes.count(tag="x"), notes.count(tag="y")) == (4, 1, 3)

    def test_records_up_to_a_day_come_in_the_order_of_their_days_then_by_id(self, store: Store) -> None:
        days = [None, *(datetime.date(2026, 1, 31 - number % 7) for number in range(1200))]
        notes = [Note(f"n{number:04d}", number, (), day) for number, day in enumerate(days)]
        add(store, *notes)
        last = datetime.date(2026, 1, 28)
        wanted = sorted((note.day, note.id) for note in notes if note.day is not None and note.day <= last)
        with store.unit_of_work() as work:
            found = [(one.record.day, one.record.id) for one in work.repository(NOTES).up_to("due", last)]
        assert found == wanted

    def test_a_unit_of_work_reads_its_own_changes_up_to_a_day(self, store: Store) -> None:
        early, late = datetime.date(999, 12, 31), datetime.date(2026, 5, 1)
        add(store, Note("a", 1, (), early), Note("b", 1, (), late), Note("c", 1, ()))
        with store.unit_of_work() as work:
            notes = work.repository(NOTES)
            notes.put(Note("a", 2, ()), expected=1)
            notes.put(Note("c", 2, (), early), expected=1)
            notes.put(Note("d", 2, (), late))
            assert [one.record.id for one in notes.up_to("due", late)] == ["c", "b", "d"]
            assert [one.version for one in notes.up_to("due", late)] == [2, 1, 1]
            work.commit()
        with store.unit_of_work() as work:
            notes = work.repository(NOTES)
            assert [one.record.id for one in notes.up_to("due", early)] == ["c"]
            assert [one.record.id for one in notes.query(due=late)] == ["b", "d"]

    def test_a_key_that_is_no_day_is_refused_as_a_last_day(self, store: Store) -> None:
        with store.unit_of_work() as work, pytest.raises(InvalidInput, match="There are: due"):
            list(work.repository(NOTES).up_to("day", datetime.date(2026, 1, 1)))

    def test_a_number_and_the_same_digits_as_a_word_are_different_keys(self, store: Store) -> None:
        add(store, Note("a", 1, ("1",)))
        with store.unit_of_work() as work:
            assert list(work.repository(NOTES).query(number="1")) == []

    def test_old_key_values_are_forgotten(self, store: Store) -> None:
        add(store, Note("a", 1, ("x",)))
        with store.unit_of_work() as work:
            work.repository(NOTES).put(Note("a", 1, ("z",)), expected=1)
            work.commit()
        with store.unit_of_work() as work:
            assert list(work.repository(NOTES).query(tag="x")) == []

    def test_a_key_that_was_not_declared_is_refused_by_name(self, store: Store) -> None:
        with store.unit_of_work() as work, pytest.raises(InvalidInput, match="did you mean 'number'"):
            list(work.repository(NOTES).query(numbr=1))

    def test_an_id_with_control_characters_is_refused(self, store: Store) -> None:
        with store.unit_of_work() as work, pytest.raises(InvalidInput):
            work.repository(NOTES).put(Note("a\x00b", 1))

    @pytest.mark.parametrize("hostile", ["x'; DROP TABLE record; --", '"', "%", "_", "\\", "' OR '1'='1"])
    def test_words_are_never_read_as_commands(self, store: Store, hostile: str) -> None:
        add(store, Note(hostile, 1, (hostile,)), Note("other", 2, ("plain",)))
        with store.unit_of_work() as work:
            assert work.repository(NOTES).get(hostile).record.number == 1
            assert [found.record.number for found in work.repository(NOTES).query(tag=hostile)] == [1]

    def test_a_large_record_is_kept_whole(self, store: Store) -> None:
        note = Note("large", 1, tuple(f"語{number}" for number in range(5000)))
        add(store, note)
        with store.unit_of_work() as work:
            assert work.repository(NOTES).get("large").record == note

    def test_two_threads_racing_lose_nothing(self, store: Store) -> None:
        add_pair(store, "raced")
        threads = [
            threading.Thread(target=increment_often, args=(lambda: store, "raced", INCREMENTS))
            for _ in range(2)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE)
        assert pair(store, "raced") == (2 * INCREMENTS, 2 * INCREMENTS)

    @settings(
        max_examples=25,
        deadline=None,
        suppress_health_check=[HealthCheck.differing_executors, HealthCheck.too_slow],
    )
    @given(data=st.data())
    def test_any_sequence_of_units_reads_like_a_dict(
        self, tmp_path_factory: Any, data: st.DataObject
    ) -> None:
        store = self.make_store(tmp_path_factory.mktemp("sequence"))
        model: dict[str, tuple[Note, int]] = {}
        for _ in range(data.draw(st.integers(1, 6))):
            self.play_unit(store, model, data)
            with store.unit_of_work() as work:
                read = {found.record.id: (found.record, found.version) for found in work.repository(NOTES)}
            assert read == model
            last = datetime.date(2026, 1, data.draw(st.integers(1, 4)))
            with store.unit_of_work() as work:
                due = [
                    (found.record.day, found.record.id) for found in work.repository(NOTES).up_to("due", last)
                ]
            days = [(note.day, note.id) for note, _ in model.values()]
            assert due == sorted((day, identity) for day, identity in days if day is not None and day <= last)
        getattr(store, "close", lambda: None)()

    def play_unit(self, store: Store, model: dict[str, tuple[Note, int]], data: st.DataObject) -> None:
        """One unit of random changes, some of them with a wrong version, on the store and on the model."""
        notes = data.draw(
            st.lists(
                st.builds(Note, st.sampled_from("abc"), st.integers(-9, 9), day=_A_DAY),
                max_size=3,
                unique_by=lambda n: n.id,
            )
        )
        wrong = data.draw(st.integers(0, 3)) == 0
        after, conflicts = dict(model), False
        with store.unit_of_work() as work:
            for note in notes:
                version = model.get(note.id, (note, 0))[1]
                work.repository(NOTES).put(note, expected=version + wrong)
                conflicts = conflicts or wrong
                after[note.id] = (note, version + 1)
            if conflicts:
                with pytest.raises(Conflict):
                    work.commit()
                return
            if data.draw(st.booleans()):
                work.commit()
                model.update(after)


class DurableRepositoryContract(RepositoryContract):
    """What an adapter keeps whose records outlive the process: across processes, and through a sudden death."""

    def opener(self, folder: Path) -> Opener:
        """A function that opens the store of `folder` in another process; it must be picklable."""
        raise TypeError(f"{type(self).__name__} says how its store is opened: def opener(self, folder)")

    def make_store(self, folder: Path) -> Store:
        return self.opener(folder)()

    def test_records_outlive_the_store_object(self, tmp_path: Path) -> None:
        add(self.make_store(tmp_path), Note("a", 1))
        with self.opener(tmp_path)().unit_of_work() as work:
            assert work.repository(NOTES).get("a").record == Note("a", 1)

    def test_a_record_of_an_older_schema_is_read_and_one_of_a_newer_schema_refused(
        self, tmp_path: Path
    ) -> None:
        store = self.make_store(tmp_path)
        add(store, Note("a", 1, ("x",)), Note("b", 2, ("x",)))
        with store.unit_of_work() as work:
            notes = work.repository(RENAMED_NOTES)
            assert [one.record for one in notes.query(tag="x")] == [
                RenamedNote("a", 1, ("x",)),
                RenamedNote("b", 2, ("x",)),
            ]
            notes.put(RenamedNote("a", 9), expected=1)
            work.commit()
        with self.opener(tmp_path)().unit_of_work() as work:
            assert work.repository(RENAMED_NOTES).get("a").record == RenamedNote("a", 9)
            assert work.repository(NOTES).get("b").record == Note("b", 2, ("x",))
            with pytest.raises(InvalidInput, match="stored in schema 2"):
                work.repository(NOTES).get("a")

    def test_two_processes_racing_lose_nothing(self, tmp_path: Path) -> None:
        store = self.make_store(tmp_path)
        add_pair(store, "raced")
        processes = multiprocessing.get_context("spawn")
        writers = [
            processes.Process(target=increment_often, args=(self.opener(tmp_path), "raced", INCREMENTS))
            for _ in range(2)
        ]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join(PATIENCE)
        assert [writer.exitcode for writer in writers] == [0, 0]
        assert pair(store, "raced") == (2 * INCREMENTS, 2 * INCREMENTS)

    def test_a_killed_writer_leaves_nothing_half_written_and_nothing_acknowledged_lost(
        self, tmp_path: Path
    ) -> None:
        store = self.make_store(tmp_path)
        add_pair(store, "killed")
        for delay in (0.0, 0.003, 0.007, 0.013, 0.021):
            acknowledged = self.kill_a_writer(tmp_path, delay)
            note, mirror = pair(store, "killed")
            assert note == mirror
            assert note >= acknowledged
        assert increment(store, "killed") > 0  # and whoever comes after is not locked out

    def kill_a_writer(self, folder: Path, delay: float) -> int:
        """Starts a writer, kills it in the middle of its work, and gives the last number that it had acknowledged."""
        processes = multiprocessing.get_context("spawn")
        receive, send = processes.Pipe(duplex=False)
        writer = processes.Process(target=increment_for_ever, args=(self.opener(folder), "killed", send))
        writer.start()
        send.close()
        assert receive.poll(PATIENCE), "the writer never started"
        last = receive.recv()
        time.sleep(delay)
        assert writer.pid is not None
        os.kill(writer.pid, signal.SIGKILL)
        writer.join(PATIENCE)
        try:
            while receive.poll(0):
                last = receive.recv()
        except EOFError:
            pass
        receive.close()
        return int(last)
