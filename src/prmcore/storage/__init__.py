"""Storage: two adapters of the repository protocol, in memory and in one SQLite file.

An adapter of your own brings the three methods of `Backend`, and gives out `Unit(self)` as its unit of work.
`SqliteStore` is imported when it is asked for, so that a host with its own storage never loads sqlite3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from prmcore.storage.memory import MemoryStore
from prmcore.storage.unit import Backend, Change, Unit

if TYPE_CHECKING:
    from prmcore.storage.sqlite import SqliteStore, StoreUnusable

__all__ = ["Backend", "Change", "MemoryStore", "SqliteStore", "StoreUnusable", "Unit"]


def __getattr__(name: str) -> Any:
    if name in ("SqliteStore", "StoreUnusable"):
        from prmcore.storage import sqlite

        return getattr(sqlite, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
