"""Which format a file is in, said in a sentence; of an unknown file, what it is nearest to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sluicegate.adapters.formats.dcgm import DcgmExposition, DcgmRange
from sluicegate.adapters.formats.focus import FocusFormat
from sluicegate.adapters.formats.mapping import MappingFormat
from sluicegate.adapters.formats.native import NativeFormat
from sluicegate.adapters.formats.reading import Format, Likelihood, Sample, Shape
from sluicegate.adapters.formats.slurm import SlurmFormat
from sluicegate.core.problems import Problem, ProblemsError
from sluicegate.registry.native import native_kinds

FOREIGN: tuple[Format, ...] = (FocusFormat(), SlurmFormat(), DcgmExposition(), DcgmRange())
"""Formats of other makers; all of them hold usage."""

FORMATS: tuple[Format, ...] = (*(NativeFormat(kind) for kind in native_kinds()), *FOREIGN)
"""Every format that is recognised by itself."""


@dataclass(frozen=True, slots=True)
class Detected:
    """The format chosen for a file, and why."""

    format: Format
    likelihood: Likelihood


def detect(sample: Sample, kind: str | None, mapping: Mapping[str, Any]) -> Detected:
    """Choose the format of a file; raise ProblemsError when none fits.

    `kind` leaves only formats that can hold it; a mapping with `columns` is
    taken at its word, one with `format` names the format.
    """
    if "columns" in mapping:
        mapped = MappingFormat(mapping)
        found = Detected(mapped, mapped.looks_like(sample))
        return _checked(sample, found)
    wanted = mapping.get("format")
    candidates = [
        Detected(known, known.looks_like(sample))
        for known in FORMATS
        if wanted in (None, known.name)
    ]
    candidates = [c for c in candidates if kind in (None, c.likelihood.kind)]
    if not candidates:
        problem = f"no format {wanted!r} holds {kind or 'any kind'}"
        names = ", ".join(dict.fromkeys(known.name for known in FORMATS))
        raise _refused(sample, 1, problem, f"give one of {names}")
    best = max(candidates, key=_closeness)
    return _checked(sample, best)


def _closeness(candidate: Detected) -> tuple[bool, int, int]:
    found = candidate.likelihood
    return found.is_certain, found.matched, -len(found.missing)


def _checked(sample: Sample, found: Detected) -> Detected:
    likelihood = found.likelihood
    if not likelihood.is_certain:
        seen = ", ".join(sample.columns[:8]) or "no columns"
        if _is_native_in_capitals(sample.columns):
            problem = f"has column names in capital letters ({seen})"
            way_out = "write them in small letters, or give a mapping file"
        elif likelihood.matched == 0:
            problem = f"is no file that is known here (it holds {seen})"
            way_out = "see docs/intake.md for the formats, or give a mapping file"
            if not sample.columns:
                way_out += "; JSON is read with one object on each line"
        else:
            problem = f"is nearest to {likelihood}, but lacks {', '.join(likelihood.missing)}"
            way_out = "add what is missing, or give a mapping file"
        raise _refused(sample, 1, problem, way_out)
    if (
        found.format.name == "native"
        and sample.shape is Shape.DELIMITED
        and sample.delimiter != ","
    ):
        problem = f"the columns are divided by {sample.delimiter!r}, not by a comma"
        raise _refused(sample, 1, problem, "write the file with commas, or give a mapping file")
    return found


def _is_native_in_capitals(columns: Iterable[str]) -> bool:
    given = set(columns)
    small = {name.lower() for name in given}
    return given != small and any(
        small <= {column.name for column in kind.columns} for kind in native_kinds().values()
    )


def _refused(sample: Sample, line: int | None, problem: str, way_out: str) -> ProblemsError:
    if sample.shape is Shape.PARQUET:
        line = None
    return ProblemsError([Problem(str(sample.file), line, "", problem, way_out)])
