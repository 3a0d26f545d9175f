"""A form that a node adds in its folder `forms`."""

from __future__ import annotations

from pathlib import Path

OWN_FORM = "local.note"
TEXT = """\
form:
  id: local.note
  title: {en: Note to the board, zh: 致董事会通报}
  instruments: [eu.ai_act]
sections:
- id: a
  title: {en: What happened, zh: 经过}
  fields:
  - id: what
    label: {en: Board summary, zh: 董事会摘要}
    kind: text
    required: true
    source: [{instrument: eu.ai_act, reference: our own, mark: configuration}]
"""
BROKEN = TEXT.replace("kind: text", "kind: txt")
BROKEN_LINE = 11


def write_form(node: Path, text: str = TEXT) -> Path:
    """Write the form into a node; return its file."""
    file = node / "forms" / "note.yaml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file
