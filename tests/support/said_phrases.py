"""What the code says: every template that a call of `say` or `comparison` may be given.

A call's first argument is resolved without running anything: literals, both
sides of a conditional expression or an `or`, names of a module's constants and
of a function's own variables, parameters of a function by its calls in the same
file, and every text that stands as a value in a table which is looked into by a
key or gone through in a loop.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

SPEAKERS: Mapping[str, frozenset[str]] = {
    "sluicegate.core.reasons": frozenset({"say", "Sentence"}),
    "sluicegate.core.phrases": frozenset({"phrase"}),
    "sluicegate.rules.law": frozenset({"comparison"}),
}
"""Functions whose first argument is a template, by the module that they come from."""

Texts = frozenset[str] | None
"""Every text that an expression may stand for; None when that cannot be told."""


@dataclass(frozen=True, slots=True)
class Said:
    """One call: its place, its argument as written, and the templates it may be given.

    `templates` is None when the argument cannot be resolved; `keywords` None
    when the call passes on a whole mapping.
    """

    file: str
    line: int
    speaker: str
    argument: str
    templates: Texts
    keywords: frozenset[str] | None


def said_in(file: str, text: str) -> list[Said]:
    """Return every call of a speaker in a Python text.

    >>> code = "from sluicegate.core.reasons import say\\nsay('a' if b else 'c')"
    >>> [sorted(one.templates) for one in said_in("x.py", code)]
    [['a', 'c']]
    """
    module = ast.parse(text)
    reader = _Reader(file, module, _speakers(file, module))
    return [reader.said(call, within) for call, within in reader.calls if reader.speaks(call)]


def texts_of_constant(text: str, name: str) -> Texts:
    """Return every text that a constant of a module stands for, in tables at any depth."""
    module = ast.parse(text)
    return _Reader("", module, frozenset()).table(name, None)


@lru_cache(maxsize=1)
def all_said(source: Path) -> tuple[Said, ...]:
    """Return every call of a speaker in the Python files of a folder."""
    return tuple(
        one
        for path in sorted(source.rglob("*.py"))
        for one in said_in(str(path.relative_to(source)), path.read_text(encoding="utf-8"))
    )


def _speakers(file: str, module: ast.Module) -> frozenset[str]:
    """Return the names by which a file may speak: what it imports, and what it defines itself."""
    own = "sluicegate." + file.removesuffix(".py").replace("/", ".")
    found = set(SPEAKERS.get(own, ()))
    for node in ast.walk(module):
        if isinstance(node, ast.ImportFrom):
            known = SPEAKERS.get(node.module or "", frozenset())
            found |= {alias.asname or alias.name for alias in node.names if alias.name in known}
    return frozenset(found)


def _name(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else ""


def _within(node: ast.AST, function: ast.FunctionDef | None) -> Iterator[_Placed]:
    """Yield every call below a node with the function that it stands in."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Call):
            yield child, function
        yield from _within(child, child if isinstance(child, ast.FunctionDef) else function)


_Placed = tuple[ast.Call, ast.FunctionDef | None]


class _Reader:
    """Reads the calls of one file, which speaks by some names."""

    def __init__(self, file: str, module: ast.Module, speakers: frozenset[str]) -> None:
        self.file = file
        self.speakers = speakers
        self.calls = list(_within(module, None))
        self.constants = _assigned(module.body)
        self._asked: set[str] = set()

    def speaks(self, call: ast.Call) -> bool:
        return _name(call.func) in self.speakers and bool(call.args)

    def said(self, call: ast.Call, within: ast.FunctionDef | None) -> Said:
        named = [keyword.arg for keyword in call.keywords]
        return Said(
            file=self.file,
            line=call.lineno,
            speaker=_name(call.func),
            argument=ast.unparse(call.args[0]),
            templates=self.texts(call.args[0], within),
            keywords=None if None in named else frozenset(map(str, named)),
        )

    def texts(self, node: ast.expr, within: ast.FunctionDef | None) -> Texts:
        """Return what an expression in a function may stand for; a table has no text itself."""
        match node:
            case ast.Constant(value=str() as text):
                return frozenset({text})
            case ast.Call() if self.speaks(node):
                return frozenset()  # a sentence; its own template is found at its own call
            case ast.Attribute(attr="template"):
                return frozenset()  # that of a sentence, found likewise
            case ast.IfExp():
                return _all(self.texts(part, within) for part in (node.body, node.orelse))
            case ast.BoolOp(op=ast.Or()):
                return _all(self.texts(part, within) for part in node.values)
            case ast.Name():
                return self.named(node.id, within)
            case ast.Subscript(value=ast.Name(id=table)):
                return self.table(table, within)
            case _:
                return None

    def named(self, name: str, within: ast.FunctionDef | None) -> Texts:
        if within is not None:
            looped = _looped(name, within)
            if looped is not None:
                return self.table(looped, within)
            own = _assigned(list(ast.walk(within))).get(name)
            if own:
                return _all(self.texts(value, within) for value in own)
            if name in _parameters(within):
                return self.given(name, within)
        values = self.constants.get(name)
        return _all(self.texts(value, None) for value in values) if values else None

    def given(self, name: str, function: ast.FunctionDef) -> Texts:
        """Return what a parameter is given in the calls of its function in this file."""
        if function.name in self._asked:
            return None
        self._asked.add(function.name)
        index = _parameters(function).index(name)
        given: list[Texts] = []
        for call, within in self.calls:
            if _name(call.func) == function.name:
                value = _argument(call, index, name)
                given.append(None if value is None else self.texts(value, within))
        self._asked.discard(function.name)
        return _all(given) if given else None

    def table(self, name: str, within: ast.FunctionDef | None) -> Texts:
        """Return every text that stands in a table as a value, at any depth."""
        values = [] if within is None else _assigned(list(ast.walk(within))).get(name, [])
        values = values or self.constants.get(name, [])
        return _all(self._inside(value) for value in values) if values else None

    def _inside(self, node: ast.expr) -> Texts:
        match node:
            case ast.Dict():
                return _all(self._inside(value) for value in node.values)
            case ast.Tuple() | ast.List():
                return _all(self._inside(value) for value in node.elts)
            case ast.Starred():
                return self._inside(node.value)
            case ast.Name():
                return self.table(node.id, None)
            case _:
                return self.texts(node, None)


def _all(parts: Iterable[Texts]) -> Texts:
    found: set[str] = set()
    for part in parts:
        if part is None:
            return None
        found |= part
    return frozenset(found)


def _parameters(function: ast.FunctionDef) -> list[str]:
    parts = function.args
    return [one.arg for one in (*parts.posonlyargs, *parts.args, *parts.kwonlyargs)]


def _argument(call: ast.Call, index: int, name: str) -> ast.expr | None:
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword.value
    return call.args[index] if index < len(call.args) else None


def _looped(name: str, function: ast.FunctionDef) -> str | None:
    """Return the table whose values a name takes in a loop over its items or values."""
    for node in ast.walk(function):
        if not isinstance(node, ast.For | ast.comprehension):
            continue
        match node.iter, node.target:
            case (
                ast.Call(func=ast.Attribute(value=ast.Name(id=table), attr="items")),
                ast.Tuple(elts=[_, ast.Name(id=value)]),
            ) if value == name:
                return table
            case (
                ast.Call(func=ast.Attribute(value=ast.Name(id=table), attr="values"))
                | ast.Name(id=table),
                ast.Name(id=value),
            ) if value == name:
                return table
    return None


def _assigned(nodes: Sequence[ast.AST]) -> Mapping[str, list[ast.expr]]:
    """Return what is assigned to each name.

    A name that is set with others from a table may take any text of the table.
    """
    found: dict[str, list[ast.expr]] = {}
    for node in nodes:
        if isinstance(node, ast.Assign):
            targets, value = node.targets, node.value
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            targets, value = [node.target], node.value
        else:
            continue
        for target in targets:
            for part, given in _parts(target, value):
                found.setdefault(part, []).append(given)
    return found


def _parts(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    """Yield each name that an assignment sets, with what it is set to."""
    if isinstance(target, ast.Name):
        yield target.id, value
    elif isinstance(target, ast.Tuple):
        apart = isinstance(value, ast.Tuple) and len(value.elts) == len(target.elts)
        values = (
            value.elts if isinstance(value, ast.Tuple) and apart else [value] * len(target.elts)
        )
        for part, given in zip(target.elts, values, strict=True):
            yield from _parts(part, given)
