"""The small changes of a Python file that its tests should notice: one for each mutant.

Left alone is what no test can notice or need not: annotations and type aliases, docstrings, `__all__`, asserts (they tell the
type checker what is known), the size of caches, `zip(strict=True)`, and words for people: text with a space in it, texts in
several languages, whatever a `raise` says.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

import attrs

_COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Div: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
    ast.BitXor: ast.BitAnd,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
}
_CALLS = {"min": "max", "max": "min", "any": "all", "all": "any"}
_NOT_CODE = {"lru_cache", "cache", "TypeVar", "ParamSpec", "NewType", "cast", "isinstance", "Text", "Text.of"}
_WITHOUT = object()  # in a list: one element fewer


@attrs.frozen(eq=False)
class Change:
    """One change of a tree, at one of its places."""

    statement: ast.AST  # the innermost one that it is in
    holder: ast.AST
    field: str
    index: int | None  # in the field, if that is a list
    new: Any  # what stands there then
    line: int
    lines: frozenset[int]  # a test that runs none of them cannot notice
    in_function: bool

    def make(self) -> None:
        """Makes the change in the tree."""
        if self.index is None:
            setattr(self.holder, self.field, self.new)
        else:
            new = [] if self.new is _WITHOUT else [self.new]
            getattr(self.holder, self.field)[self.index : self.index + 1] = new


def changes_in(tree: ast.Module) -> list[Change]:
    """All changes of a file, always in the same order."""
    return list(_changes(tree, tree, in_function=False, in_raise=False))


def _changes(holder: ast.AST, statement: ast.AST, *, in_function: bool, in_raise: bool) -> Iterator[Change]:
    for field, value in ast.iter_fields(holder):
        if field in {"annotation", "returns"}:
            continue
        inside = in_function or (isinstance(holder, ast.FunctionDef) and field == "body")
        for index, node in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if not isinstance(node, ast.AST) or _is_left_alone(holder, node, in_raise):
                continue
            within = node if isinstance(node, ast.stmt) else statement
            start = getattr(within, "lineno", 1)
            placed = node if hasattr(node, "lineno") else holder  # an operator has no line of its own
            first = getattr(placed, "lineno", start)
            last = start if within is node else getattr(placed, "end_lineno", first)
            lines = frozenset([start, *range(first, last + 1)])
            for new in _instead(holder, field, index, node):
                yield Change(within, holder, field, index, new, first, lines, inside)
            thrown = in_raise or isinstance(node, ast.Raise)
            yield from _changes(node, within, in_function=inside, in_raise=thrown)


def _is_left_alone(holder: ast.AST, node: ast.AST, in_raise: bool) -> bool:
    match node:
        case ast.Constant(value=str(text)):
            return in_raise or " " in text or isinstance(holder, ast.Expr | ast.JoinedStr)
        case ast.JoinedStr():
            return in_raise
        case ast.Assert() | ast.Import() | ast.ImportFrom():
            return True
        case ast.If(test=ast.Name("TYPE_CHECKING")) | ast.Assign(targets=[ast.Name("__all__")]):
            return True
        case ast.AnnAssign(annotation=ast.Name("TypeAlias")) | ast.Subscript(value=ast.Name("Literal")):
            return True
        case ast.Call(func=called):
            return ast.unparse(called).removeprefix("functools.") in _NOT_CODE
        case ast.keyword(arg="strict"):
            return True
    return False


def _instead(holder: ast.AST, field: str, index: int | None, node: ast.AST) -> Iterator[Any]:
    """What may stand there instead of this node."""
    if field == "kw_defaults":
        yield None  # the caller has to say it
    if (field == "defaults" and index == 0) or (
        isinstance(node, ast.keyword) and node.arg and isinstance(holder, ast.Call)
    ):
        yield _WITHOUT
    if field in {"test", "ifs", "guard"} and not isinstance(
        node, ast.Compare | ast.BoolOp | ast.UnaryOp | ast.Constant
    ):
        yield ast.UnaryOp(ast.Not(), node)  # type: ignore[arg-type]
    match node:
        case ast.cmpop() if type(node) in _COMPARISONS:
            yield from (other() for other in _COMPARISONS[type(node)])
        case ast.operator() if type(node) in _ARITHMETIC:
            yield _ARITHMETIC[type(node)]()
        case ast.And():
            yield ast.Or()
        case ast.Or():
            yield ast.And()
        case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=operand):
            yield operand
        case ast.Constant(value=bool(told)):
            yield ast.Constant(not told)
        case ast.Constant(value=int() | float() as number):
            yield from (ast.Constant(number + 1), ast.Constant(number - 1))
        case ast.Constant(value=str(text)):
            yield ast.Constant(f"XX{text}")
        case ast.Call(func=ast.Name(called)) if called in _CALLS:
            yield ast.Call(ast.Name(_CALLS[called], ast.Load()), node.args, node.keywords)
        case ast.Return(value=ast.Constant(value=None | True | False)):
            return  # nothing else is no other answer
        case ast.Return(value=ast.expr()):
            yield ast.Return(ast.Constant(None))
        case ast.Expr(value=ast.Call()):
            yield ast.Pass()
        case ast.Break():
            yield ast.Continue()
        case ast.Continue():
            yield ast.Break()
