"""What the tests of incentives have in common."""

from typing import Any

from prmcore.repository import Aggregate


def assert_kept(
    kind: Aggregate[Any],
    name: str,
    record: type,
    is_log: bool,
    one: Any,
    identity: str,
    keys: dict[str, set[str]],
) -> None:
    """A record is kept under that name and id, and found by these keys."""
    assert (kind.name, kind.record, kind.is_log) == (name, record, is_log)
    assert kind.identity(one) == identity
    found = kind.values_of(one)  # each word after a sign that says that it is one: "s:acme"
    assert found == {name: {f"s:{word}" for word in words} for name, words in keys.items()}
