"""How the documentation is built: `python3 dev.py docs`."""

from __future__ import annotations

import inspect
import io
import re
import textwrap
import tokenize
from enum import Enum
from typing import Any

import attrs
from sphinx.application import Sphinx

import prmcore

project = "prmcore"
author = "The prmcore authors"
project_copyright = author
version = release = prmcore.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.viewcode"]
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = f"prmcore {release}"
html_static_path = ["_static"]
html_css_files = ["wide.css"]
html_show_sourcelink = False
html_copy_source = False  # pytest would take testing.md.txt for a test

myst_enable_extensions = ["deflist"]
myst_heading_anchors = 3

default_role = "code"
autodoc_default_options = {"members": True}
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 80


def remarks(record: type) -> dict[str, str]:
    """What a record's source says beside each field: the unit, and the meaning of None."""
    try:
        source = textwrap.dedent(inspect.getsource(record))
    except (OSError, TypeError):
        return {}
    found: dict[str, list[str]] = {}
    name = ""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        starts = re.match(r"    (\w+)(: | = )", token.line)
        if token.type == tokenize.NAME and token.start[1] == 4 and starts and starts[1] == token.string:
            name = token.string
        elif token.type == tokenize.DEDENT or token.string in ("def", "@"):
            name = ""
        elif token.type == tokenize.COMMENT and name:
            found.setdefault(name, []).append(token.string.lstrip("# "))
    return {field: " ".join(said) for field, said in found.items()}


def add_fields(app: Sphinx, what: str, name: str, record: Any, options: Any, lines: list[str]) -> None:
    """Below the docstring of a record, its fields; below that of an enumeration, its members."""
    if not isinstance(record, type) or not (attrs.has(record) or issubclass(record, Enum)):
        return
    said = remarks(record)
    if issubclass(record, Enum):
        members = {member.name: f"`{member.value}`" for member in record}
    else:
        members = {one.name: "" for one in attrs.fields(record) if one.name in said}
    lines.append("")
    for member, value in members.items():
        told = [text for text in (value, said.get(member, "")) if text]
        lines.append(f"- **{member}**" + (f": {', '.join(told)}" if told else ""))
    lines.append("")


def setup(app: Sphinx) -> None:
    app.connect("autodoc-process-docstring", add_fields)
