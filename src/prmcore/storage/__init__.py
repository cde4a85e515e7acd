"""Storage: two adapters of the repository protocol, in memory and in one SQLite file.

`SqliteStore` is imported when it is asked for, so that a host with its own storage never loads sqlite3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from prmcore.storage.memory import MemoryStore

if TYPE_CHECKING:
    from prmcore.storage.sqlite import SqliteStore, StoreUnusable

__all__ = ["MemoryStore", "SqliteStore", "StoreUnusable"]


def __getattr__(name: str) -> Any:
    if name in ("SqliteStore", "StoreUnusable"):
        from prmcore.storage import sqlite

        return getattr(sqlite, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
