"""Who does what in a deal, in a program document: parties, activities and rows, and the way back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import attrs

from prmcore.deals.responsibility import Duty, DutyRow, ResponsibilityMatrix
from prmcore.decisions import FactField, FactSchema
from prmcore.decisions.wire import criterion_to
from prmcore.program.document.builder import Builder
from prmcore.program.document.shapes import DutyRowDocument, ResponsibilitiesDocument
from prmcore.values.wire import to_plain

__all__ = ["responsibilities_from", "responsibilities_to"]

MOST = 500  # rows, parties or activities
_DUTY = tuple(field.name for field in attrs.fields(Duty))


def responsibilities_from(
    builder: Builder, document: ResponsibilitiesDocument
) -> ResponsibilityMatrix | None:
    """The matrix that was written; None, with faults, when it cannot be used."""
    path = "responsibilities"
    before = len(builder.faults.found)
    for name in ("parties", "activities", "rows"):
        builder.check_size(getattr(document, name), MOST, f"{path}.{name}")
    if len(builder.faults.found) > before:
        return None
    builder.check_keys(document.facts, f"{path}.facts")
    fields = tuple(builder.field(name, one, f"{path}.facts") for name, one in document.facts.items())
    schema = FactSchema(f"{builder.document.name} deals", fields)
    rows = tuple(
        _row(builder, one, schema, f"{path}.rows[{place}]") for place, one in enumerate(document.rows)
    )
    if len(builder.faults.found) > before or builder.is_left_out(path):
        return None
    with builder.faults.within(path):
        return ResponsibilityMatrix(
            name=builder.policy_name(path),
            facts=schema,
            parties=document.parties,
            activities=document.activities,
            rows=rows,
        )
    return None


def _row(builder: Builder, document: DutyRowDocument, schema: FactSchema, path: str) -> DutyRow:
    return DutyRow(
        name=document.name,
        activity=document.activity,
        when=builder.criteria(document.when, schema, f"{path}.when"),
        duty=Duty(**{name: getattr(document, name) for name in _DUTY}),
    )


def responsibilities_to(
    matrix: ResponsibilityMatrix | None, field_to: Callable[[FactField], dict[str, Any]]
) -> dict[str, Any] | None:
    """The matrix as it is written."""
    if matrix is None:
        return None
    return {
        "facts": {field.name: field_to(field) for field in matrix.facts.fields},
        "parties": to_plain(matrix.parties),
        "activities": to_plain(matrix.activities),
        "rows": [_row_to(row) for row in matrix.rows],
    }


def _row_to(row: DutyRow) -> dict[str, Any]:
    plain = {name: value for name, value in to_plain(row.duty).items() if value != []}
    when = [criterion_to(one) for one in row.when]
    return {"name": row.name, "activity": row.activity, "when": when or None, **plain}
