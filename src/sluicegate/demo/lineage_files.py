"""The invented lineages of models: a file each, in the form that makers of models give."""

import json
from pathlib import Path

from sluicegate.demo.draft import Draft

FOLDER = "lineages"


def write_lineages(folder: Path, draft: Draft) -> None:
    """Write each lineage as NAME.json."""
    place = folder / FOLDER
    place.mkdir(parents=True, exist_ok=True)
    for lineage in draft.lineages:
        text = json.dumps(lineage.document, ensure_ascii=False, indent=1) + "\n"
        (place / f"{lineage.name}.json").write_text(text, encoding="utf-8", newline="\n")
