"""A validation pack as files: a page in each language, JSON, a CSV for each part, digests."""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from collections.abc import Mapping
from datetime import datetime

from markupsafe import Markup

from sluicegate.adapters.pictures.svg import clean
from sluicegate.adapters.report.catalogue import Catalogue
from sluicegate.adapters.report.page import page_style, page_template
from sluicegate.adapters.report.rows import csv_text
from sluicegate.core.exact import dump_json
from sluicegate.core.phrases import Language
from sluicegate.services.screening.validation.pack import Pack
from sluicegate.services.screening.validation.sections import for_page

DIGESTS = "digests.txt"
ROWS = 500
"""Rows of a table that the page shows; the CSV holds all."""

_EPOCH = (1980, 1, 1, 0, 0, 0)


def pack_files(pack: Pack) -> Mapping[str, bytes]:
    """Return name → content of every file of a pack; `digests.txt` is the last."""
    found: dict[str, bytes] = {}
    for language in Language:
        found[f"report.{language.value}.html"] = _bytes(pack_page(pack, language))
    found["pack.json"] = _bytes(dump_json(pack.document(), indent=1) + "\n")
    for one in pack.sections:
        columns = [column.name for column in one.columns]
        found[f"{one.name}.csv"] = _bytes(csv_text(columns, one.cells()))
    lines = [f"{hashlib.sha256(found[name]).hexdigest()}  {name}\n" for name in sorted(found)]
    found[DIGESTS] = "".join(lines).encode()
    return found


def manifest_of(files: Mapping[str, bytes]) -> str:
    """Return the SHA-256 of the list of digests, which stands for the whole pack."""
    return hashlib.sha256(files[DIGESTS]).hexdigest()


def pack_zip(files: Mapping[str, bytes]) -> bytes:
    """Return the files in one archive; the same files give the same bytes."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), content, zipfile.ZIP_DEFLATED)
    return sink.getvalue()


def folder_name(made_at: datetime, pack_id: str) -> str:
    """Return what the folder of a pack is called: its day and its id."""
    return f"{made_at.date().isoformat()}-{pack_id}"


def pack_page(pack: Pack, language: Language) -> str:
    """Return the page of a pack in a language; it needs nothing outside itself."""
    style = page_style()
    page = page_template("validation.html.j2").render(
        language="zh-Hans" if language is Language.ZH else "en",
        style=Markup(style),
        style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        _=Catalogue(language.value),
        pack=pack,
        most=ROWS,
        say=lambda sentence: sentence.text(language),
        cell=lambda value: for_page(value, language),
    )
    return clean(page)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", errors="backslashreplace")
