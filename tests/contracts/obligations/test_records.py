"""What is given and kept goes through plain values."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prmcore.contracts.obligations import Commitments, Done, Measured, Obligation, Waiver
from prmcore.testing._obligations import STRATEGIES
from prmcore.values.wire import from_plain, to_plain


@pytest.mark.parametrize("record", [Commitments, Done, Measured, Obligation, Waiver])
@settings(max_examples=25)
@given(data=st.data())
def test_it_goes_through_plain_values_without_loss(record: type, data: st.DataObject) -> None:
    drawn: Any = data.draw(STRATEGIES[record]())
    assert from_plain(json.loads(json.dumps(to_plain(drawn))), record) == drawn
