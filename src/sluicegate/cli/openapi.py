"""`sluicegate openapi`: the description of the API."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sluicegate.cli.output import Exit, leave, say, write_json


def openapi(
    out: Annotated[Path | None, typer.Option("--out", help="Write it into this file.")] = None,
) -> None:
    """Print the OpenAPI 3.1 document of the API; it needs no node.

    Example: sluicegate openapi --out openapi.json
    """
    from sluicegate.api import openapi_document  # FastAPI: only who asks waits for it
    from sluicegate.core.exact import dump_json

    document = openapi_document()
    if out is None:
        write_json(document)
        return
    try:
        out.write_text(dump_json(document, indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        leave(Exit.USAGE, f"--out {out}: cannot be written: {error.strerror}; give another file")
    say(f"{out}: {len(document['paths'])} addresses")
