"""A partner program as one versioned document, and the use cases around it: gather facts, decide, record.

Read `documents.py` for what a file may hold, `model.py` for what it becomes.
"""

from prmcore.program.files import from_document, load_program, parse_program, to_document, to_toml
from prmcore.program.model import Program, ProgramVersions
from prmcore.program.schema import json_schema

__all__ = [
    "Program",
    "ProgramVersions",
    "from_document",
    "json_schema",
    "load_program",
    "parse_program",
    "to_document",
    "to_toml",
]
