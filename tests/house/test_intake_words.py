"""Whatever a reader says of a row or a file has a template, and with it a Chinese form.

The sources of the readers are gone through: each text that is handed on as a
problem or a way out, or raised as a ValueError with the problem, is written
with sample figures and has to be read back by `services/kept_words.py`.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from itertools import product
from pathlib import Path

import pytest

from sluicegate.core.phrases import Language
from sluicegate.services.kept_words import problem_text, way_out_text

SOURCE = Path(__file__).resolve().parents[2] / "src" / "sluicegate"
READERS = (
    *sorted((SOURCE / "adapters" / "formats").glob("*.py")),
    SOURCE / "adapters" / "lake" / "repeats.py",
    SOURCE / "adapters" / "lake" / "staging.py",
    SOURCE / "adapters" / "lake" / "usage_rows.py",
    *sorted((SOURCE / "adapters" / "lists").glob("*.py")),
    *sorted((SOURCE / "adapters" / "ownership").glob("*_fields.py")),
    *sorted((SOURCE / "adapters" / "ownership").glob("*_reading.py")),
    SOURCE / "adapters" / "ownership" / "elements.py",
    SOURCE / "adapters" / "ownership" / "inputs.py",
    SOURCE / "registry" / "native.py",
    SOURCE / "services" / "ownership" / "native_rows.py",
)
PLACES: Mapping[str, Mapping[str, int]] = {
    "Fault": {"problem": 1, "way_out": 2},
    "ListFileError": {"problem": 1, "way_out": 2},
    "Problem": {"problem": 3, "way_out": 4},
    "ValueError": {"problem": 0},
    "fault": {"problem": 3, "way_out": 4},
    "once": {"problem": 3, "way_out": 4},
    "wrong": {"problem": 1, "way_out": 2},
}
"""Where a call takes a text; functions of a reader's own are found by their parameters."""

TOLD: Mapping[str, Callable[[str, Language], str]] = {
    "problem": problem_text,
    "way_out": way_out_text,
}
FIGURE = "7"
"""What is written for a figure, a name or a text of the file; it fits every place."""

Text = tuple[str, str]
"""What a text is (problem or way_out), and the text with sample figures."""


CATCH_ALL = ("is ", "give ")
"""How the two templates begin that fit whatever follows; a text of its own needs one of its own."""


def is_told(kind: str, text: str) -> bool:
    """Say whether a text has a template of its own, so that no English is left in it."""
    told = TOLD[kind](text, Language.ZH)
    rest = next((text.removeprefix(one) for one in CATCH_ALL if text.startswith(one)), FIGURE)
    return told != text and (rest == FIGURE or rest not in told)


def written(node: ast.expr) -> list[str]:
    """Return the texts that an expression may stand for; none for what is no literal."""
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.IfExp():
            return [*written(node.body), *written(node.orelse)]
        case ast.BinOp(op=ast.Add()):
            left, right = written(node.left), written(node.right) or [FIGURE]
            return [one + other for one in left for other in right]
        case ast.JoinedStr():
            parts = [
                written(part.value) or [FIGURE]
                if isinstance(part, ast.FormattedValue)
                else written(part)
                for part in node.values
            ]
            return ["".join(one) for one in product(*parts)]
    return []


def _own_functions(module: ast.Module) -> dict[str, Mapping[str, int]]:
    """Return where functions and methods of a module take texts."""
    found: dict[str, Mapping[str, int]] = {}
    for one in ast.walk(module):
        if isinstance(one, ast.FunctionDef):
            names = [each.arg for each in one.args.args if each.arg != "self"]
            found[one.name] = {kind: names.index(kind) for kind in TOLD if kind in names}
    return found


def _kind_of_name(name: str) -> str | None:
    return next((kind for kind in TOLD if name.lower().endswith(kind)), None)


def said(code: str) -> Iterator[Text]:
    """Yield every problem and way out that a module writes.

    >>> sorted(said("def f(problem): ...\\nf('is odd')\\nraise ValueError(f'{x} is even')"))
    [('problem', '7 is even'), ('problem', 'is odd')]
    """
    module = ast.parse(code)
    places = {**PLACES, **_own_functions(module)}
    for node in ast.walk(module):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                kind = _kind_of_name(name)
                if kind is not None:
                    yield from ((kind, text) for text in written(value))
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
                taken = places.get(name, {})
                for kind, place in taken.items():
                    given = [one.value for one in node.keywords if one.arg == kind]
                    given += node.args[place : place + 1]
                    yield from ((kind, text) for one in given for text in written(one))


@pytest.mark.parametrize("path", READERS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_what_a_reader_says_is_told_in_chinese(path: Path) -> None:
    untold = {
        text for kind, text in said(path.read_text(encoding="utf-8")) if not is_told(kind, text)
    }
    assert untold == set(), "give each a template in services/intake_words.py, and its Chinese"


def test_the_texts_of_the_readers_are_found() -> None:
    found = {text for path in READERS for text in said(path.read_text(encoding="utf-8"))}
    assert len(found) > 80
    assert ("problem", "holds bytes that are not UTF-8") in found
    assert ("way_out", "give a fraction, e.g. 0.40") in found


@pytest.mark.parametrize(
    "code",
    [
        "Fault('id', 'smells of fish', 'sing')",
        "Problem(file, 1, 'id', problem='smells of fish', way_out='sing')",
        "problem = f'smells of {what}'",
        "raise ValueError('smells of fish')",
        "Fault('id', 'is a fish', 'give a hook')",
        "class R:\n    def refuse(self, problem, line): ...\n    def f(self):\n"
        "        self.refuse('smells ' + what, 1)",
    ],
)
def test_a_text_without_a_template_is_seen(code: str) -> None:
    texts = list(said(code))
    assert texts
    assert not any(is_told(kind, text) for kind, text in texts)
