"""The modules of prmcore can be read in an order in which each knows only those before it."""

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

SOURCE = Path(__file__).parent.parent / "src"


def modules(source: Path) -> dict[str, Path]:
    """Every module by its name."""
    found = {".".join(path.relative_to(source).with_suffix("").parts): path for path in source.rglob("*.py")}
    return {name.removesuffix(".__init__"): path for name, path in found.items()}


def imported(path: Path, known: dict[str, Path]) -> Iterator[str]:
    """The modules that one names, wherever it names them: in a function, and for types alone, too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield whole if whole in known else node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def graph(source: Path) -> dict[str, set[str]]:
    known = modules(source)
    return {
        name: {one for one in imported(path, known) if one in known and one != name}
        for name, path in known.items()
    }


def test_no_module_leads_back_to_itself() -> None:
    found = graph(SOURCE)
    assert found["prmcore.program.model"] > {"prmcore.program.incentives", "prmcore.tiers"}
    TopologicalSorter(found).prepare()


@pytest.mark.parametrize("late", ["def f():\n    import b.two", "if TYPE_CHECKING:\n    from b import two"])
def test_a_circle_is_seen_wherever_the_import_stands(late: str, tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b/one.py").write_text(late)
    (tmp_path / "b/two.py").write_text("from b.one import f")
    with pytest.raises(CycleError, match=r"b\.one"):
        TopologicalSorter(graph(tmp_path)).prepare()
