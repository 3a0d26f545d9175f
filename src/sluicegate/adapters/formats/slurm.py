"""Slurm accounting: `sacct --parsable2` with a header, or the job table as CSV.

Columns used, by either name: JobIDRaw, JobID or id_job; Start or time_start;
End or time_end; AllocTRES or tres_alloc; Account or account, else User or
id_user; State; Cluster; NodeList; Partition; Elapsed or ElapsedRaw. Job steps
are skipped. A job that still runs is taken up to Start + Elapsed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from sluicegate.adapters.formats.local_time import epoch_to_instant, local_to_instant, zone_of
from sluicegate.adapters.formats.reading import (
    Item,
    Likelihood,
    ReadOptions,
    Rejected,
    Row,
    Sample,
    Shape,
    Skipped,
    words,
)
from sluicegate.adapters.formats.tables import table_rows
from sluicegate.core.problems import Problem, ProblemsError
from sluicegate.registry.native import Fault

_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "job": ("jobidraw", "jobid", "id_job"),
    "start": ("start", "time_start"),
    "end": ("end", "time_end"),
    "tres": ("alloctres", "tres_alloc"),
    "account": ("account",),
    "user": ("user", "id_user", "uid"),
    "state": ("state",),
    "cluster": ("cluster",),
    "nodes": ("nodelist",),
    "elapsed": ("elapsedraw", "elapsed"),
    "name": ("jobname", "job_name"),
}
_REQUIRED = ("job", "start", "end", "tres")
_OTHERS = re.compile(
    r"(?:alloc|req|max|min|ave|tot|cons|time|id_|tres|array|node|cpus?|mem|priority|qos|partition"
    r"|submit|eligible|exit|derived|flags|work|comment|timelimit|suspended|job|kill|gres|track"
    r"|constraints|service|interarrival)"
)
_NO_TIME = ("", "Unknown", "None", "0", "N/A")
_ELAPSED = re.compile(r"(?:(\d+)-)?(\d+):(\d\d):(\d\d)")
_STATE_CODES = words(
    "pending running suspended completed cancelled failed timeout node_fail preempted boot_fail"
    " deadline out_of_memory"
)
_STATE_WORDS = {"requeue_hold": "requeued", "special_exit": "failed", "completing": "running"}
_NUMBER = re.compile(r"\d+(?:\.0+)?")


class SlurmFormat:
    """Slurm accounting."""

    name = "slurm"

    def looks_like(self, sample: Sample) -> Likelihood:
        """Look for the columns of a job with its trackable resources."""
        lower = sample.lower_columns
        title = "Slurm accounting"
        missing = tuple(
            names[0]
            for part, names in _COLUMNS.items()
            if part in _REQUIRED and not any(name in lower for name in names)
        )
        own = {name for names in _COLUMNS.values() for name in names}
        matched = sum(name in own or bool(_OTHERS.match(name)) for name in lower)
        if sample.shape is not Shape.DELIMITED or len(missing) == len(_REQUIRED):
            return Likelihood("usage", title, 0, len(sample.columns), missing or _REQUIRED)
        return Likelihood("usage", title, matched, len(sample.columns), missing)

    def read(self, sample: Sample, options: ReadOptions) -> Iterator[Item]:
        """Yield one row per accelerator type of each job."""
        jobs = _Jobs(sample, options)
        for item in table_rows(sample):
            if isinstance(item, Rejected):
                yield item
            else:
                yield from jobs.read(item)


@dataclass(frozen=True, slots=True)
class _Share:
    """Accelerators of one type that a job holds; `name` as Slurm or the map gives it."""

    name: str
    count: str


class _Jobs:
    def __init__(self, sample: Sample, options: ReadOptions) -> None:
        lower = sample.lower_columns
        self._file = str(sample.file)
        self._names = {
            part: next((lower[name] for name in names if name in lower), None)
            for part, names in _COLUMNS.items()
        }
        given = options.mapping.get("tres", {})
        self._tres = {str(key).lower(): str(value) for key, value in given.items()}
        self._options = options
        self._zones: dict[str, timezone | ZoneInfo] = {}

    def read(self, item: Row) -> Iterator[Item]:
        values = item.values
        job = self._get(values, "job")
        if not job or "." in job.removesuffix(".0"):
            yield Skipped(item.line, "job step")
            return
        shares = self._shares(self._get(values, "tres"))
        if not shares:
            yield Skipped(item.line, "no accelerator allocated")
            return
        if self._get(values, "start") in _NO_TIME:
            yield Skipped(item.line, "not started")
            return
        try:
            start, end = self._span(values)
        except ProblemsError:
            raise
        except ValueError as error:
            yield Rejected(item.line, item.original, (Fault("Start", str(error), _TIME_WAY_OUT),))
            return
        if end is None:
            yield Skipped(item.line, "still running, with no Elapsed column")
            return
        if end == start:
            yield Skipped(item.line, "lasted no time")
            return
        if len(shares) > 1:
            names = ", ".join(share.name for share in shares)
            way_out = "divide the job into one row for each type"
            fault = Fault("AllocTRES", f"holds several accelerator types: {names}", way_out)
            yield Rejected(item.line, item.original, (fault,))
            return
        yield Row(item.line, self._usage(values, job, shares[0], start, end), item.original)

    def _usage(
        self, values: Mapping[str, str], job: str, share: _Share, start: str, end: str
    ) -> dict[str, str]:
        cluster = self._get(values, "cluster")
        user = self._get(values, "user")
        # A requeued or array job repeats its number, so the start is part of the id.
        return {
            "source": self._options.source,
            "record_id": ":".join(part for part in (cluster, job, start) if part),
            "account": self._get(values, "account") or (f"user:{user}" if user else ""),
            "cluster_id": cluster,
            "resource_id": self._get(values, "nodes"),
            "accelerator": share.name,
            "accelerator_count": share.count,
            "start": start,
            "end": end,
            "state": _state(self._get(values, "state")),
        }

    def _get(self, values: Mapping[str, str], part: str) -> str:
        name = self._names[part]
        return "" if name is None else values.get(name, "").strip()

    def _shares(self, tres: str) -> list[_Share]:
        """Return the accelerators in a TRES text such as cpu=8,gres/gpu:h100=4,gres/gpu=4."""
        named: dict[str, str] = {}
        plain = ""
        for part in tres.split(","):
            key, _, count = part.strip().partition("=")
            key = key.lower()
            if key in self._tres:
                named[self._tres[key]] = count
            elif key.startswith("gres/gpu:"):
                named[key.removeprefix("gres/gpu:")] = count
            elif key == "gres/gpu":
                plain = count
        shares = [_Share(name, count) for name, count in named.items() if count not in ("", "0")]
        if not shares and plain not in ("", "0"):
            return [_Share(self._tres.get("default", "gpu"), plain)]
        return shares

    def _span(self, values: Mapping[str, str]) -> tuple[str, str | None]:
        zone = self._get(values, "cluster")
        start = self._instant(self._get(values, "start"), zone)
        end = self._get(values, "end")
        if end not in _NO_TIME:
            return start, self._instant(end, zone)
        elapsed = _seconds(self._get(values, "elapsed"))
        if elapsed is None:
            return start, None
        begun = datetime.fromisoformat(start)
        until = begun.astimezone(UTC) + timedelta(seconds=elapsed)
        return start, until.astimezone(begun.tzinfo).isoformat()

    def _instant(self, text: str, cluster: str) -> str:
        if _NUMBER.fullmatch(text):
            return epoch_to_instant(text, 1000)
        if re.search(r"(?:Z|[+-]\d\d:?\d\d)$", text):
            return text
        return local_to_instant(text, self._zone(cluster))

    def _zone(self, cluster: str) -> timezone | ZoneInfo:
        """Return the zone of a cluster's clocks, as the options give it."""
        if cluster not in self._zones:
            given = self._options.mapping.get("offset", self._options.offset)
            if isinstance(given, Mapping):
                given = given.get(cluster, given.get("default"))
            if not given:
                problem = "its times are local, and no offset is known"
                way_out = "give offset in the settings or in a mapping file, e.g. offset: +01:00"
                raise ProblemsError([Problem(self._file, None, "Start", problem, way_out)])
            try:
                self._zones[cluster] = zone_of(str(given))
            except ValueError as error:
                fault = Problem(self._file, None, "offset", str(error), "correct the offset")
                raise ProblemsError([fault]) from error
        return self._zones[cluster]


_TIME_WAY_OUT = "give times as sacct writes them, e.g. 2026-01-31T08:00:00"


def _seconds(elapsed: str) -> int | None:
    if elapsed.isdigit():
        return int(elapsed)
    match = _ELAPSED.fullmatch(elapsed)
    if not match:
        return None
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return ((days * 24 + hours) * 60 + minutes) * 60 + seconds


def _state(text: str) -> str:
    """Return the native word for a state such as COMPLETED, `CANCELLED by 1000` or 3.

    >>> _state("CANCELLED by 1000"), _state("3")
    ('cancelled', 'completed')
    """
    if text.isdigit():
        code = int(text)
        return _STATE_CODES[code] if code < len(_STATE_CODES) else text
    word = text.split(" ")[0].rstrip("+").lower()
    return _STATE_WORDS.get(word, word)
