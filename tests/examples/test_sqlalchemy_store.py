"""The how-to's store over SQLAlchemy keeps the same contract as the adapters that prmcore brings."""

from functools import partial
from pathlib import Path

import sqlalchemy as sa
from examples.sqlalchemy_store import METADATA, SqlAlchemyStore

from prmcore.testing import DurableRepositoryContract


def opened(path: Path) -> SqlAlchemyStore:
    """A store over a SQLite file; writers wait for each other, and no connection outlives its use."""
    engine = sa.create_engine(f"sqlite:///{path}", connect_args={"timeout": 60}, poolclass=sa.pool.NullPool)
    METADATA.create_all(engine)
    return SqlAlchemyStore(engine)


class TestSqlAlchemyStore(DurableRepositoryContract):
    def opener(self, folder: Path) -> partial[SqlAlchemyStore]:
        return partial(opened, folder / "store.sqlite")
