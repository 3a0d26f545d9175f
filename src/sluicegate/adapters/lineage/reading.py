"""Files of lineages: what they are written in, and what they state."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from sluicegate.adapters.lineage.native import read_native, whole_fault
from sluicegate.core.reasons import say
from sluicegate.services.ports.lineage import (
    LineageFile,
    LineageFormat,
    LineageInputError,
    StatedLineage,
)

_KEY = re.compile(r'"(\w+)"\s*:')
_HEAD = 65_536
_PROV_KEYS = frozenset(
    {
        *("prefix", "entity", "activity", "agent", "bundle", "used", "wasGeneratedBy"),
        *("wasDerivedFrom", "wasInformedBy", "wasAssociatedWith", "wasAttributedTo"),
        *("actedOnBehalfOf", "wasInvalidatedBy", "wasStartedBy", "wasEndedBy"),
        *("specializationOf", "alternateOf", "hadMember", "wasInfluencedBy", "mentionOf"),
    }
)
_EVENT_KEYS = frozenset(
    {"eventType", "eventTime", "producer", "schemaURL", "run", "job", "inputs", "outputs"}
)
_NATIVE_KEYS = frozenset({"nodes", "edges", "cases", "queries", "independence"})


def read_lineages(path: Path, form: LineageFormat | None = None) -> LineageFile:
    """Read a file; without a format it is told by its first known key.

    Raises:
        LineageInputError: the file cannot be read, or states no lineage.
    """
    try:
        return read_content(path.read_bytes(), form)
    except OSError as error:
        problem = say("cannot be read: {why}", why=error.strerror or str(error))
        fault = whole_fault("file", problem, say("check the name of the file"))
        raise LineageInputError([fault]) from error


def read_content(content: bytes, form: LineageFormat | None = None) -> LineageFile:
    """Read the bytes of a file. Raises LineageInputError."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        fault = whole_fault("file", say("is not UTF-8"), say("save the file as UTF-8"))
        raise LineageInputError([fault]) from error
    checksum = hashlib.sha256(content).hexdigest()
    del content  # Of a large file the text alone is held.
    form = form or detect(text)
    if form is LineageFormat.NATIVE:
        found = read_native(text)
        has_cases = not isinstance(found, StatedLineage)
        lineages = (found,) if isinstance(found, StatedLineage) else found
        return LineageFile(form, checksum, lineages, has_cases)
    if form is LineageFormat.PROV:
        from sluicegate.adapters.lineage.prov import read_prov

        return LineageFile(form, checksum, read_prov(text))
    from sluicegate.adapters.lineage.openlineage import read_events

    lineages, left_out = read_events(text)
    return LineageFile(form, checksum, lineages, left_out=left_out)


def detect(text: str) -> LineageFormat:
    """Say what a text is written in, by the first key that one of the formats knows.

    >>> detect('{"eventType": "COMPLETE"}').value, detect('{"nodes": []}').value
    ('openlineage', 'lineage_json')
    """
    for match in _KEY.finditer(text, 0, _HEAD):
        key = match[1]
        if key in _NATIVE_KEYS:
            return LineageFormat.NATIVE
        if key in _PROV_KEYS:
            return LineageFormat.PROV
        if key in _EVENT_KEYS:
            return LineageFormat.OPENLINEAGE
    return LineageFormat.NATIVE
