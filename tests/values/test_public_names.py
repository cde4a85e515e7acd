"""The names of the package, and records that are made by keyword: promises to whoever reads a call."""

import attrs
import pytest

from prmcore import values
from prmcore.values import AppliedRate, BusinessCalendar, BusinessHours, Converted, Schedule


@pytest.mark.parametrize("name", values.__all__)
def test_every_public_name_is_there_also_when_it_is_loaded_later(name: str) -> None:
    assert getattr(values, name) is not None


def test_what_there_is_not_is_said_by_name() -> None:
    with pytest.raises(AttributeError, match=r"module 'prmcore\.values' has no attribute 'Moneys'"):
        values.Moneys  # noqa: B018  # the look-up is what is tested


@pytest.mark.parametrize("record", [AppliedRate, BusinessCalendar, BusinessHours, Converted, Schedule])
def test_a_record_of_many_parts_is_made_by_keyword(record: type[attrs.AttrsInstance]) -> None:
    assert [field.name for field in attrs.fields(record) if field.init and not field.kw_only] == []
