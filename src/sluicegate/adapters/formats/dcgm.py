"""DCGM metrics: Prometheus text exposition with timestamps, and range-query JSON.

Each sample of a device becomes a usage record of one accelerator over the
interval that ends with it. Utilisation is DCGM_FI_PROF_PIPE_TENSOR_ACTIVE and
nothing else; DCGM_FI_DEV_GPU_UTIL says that a device was busy, not that it
computed, so a device known only by it gets a record without utilisation.
Labels used: UUID, gpu, Hostname, modelName, GPU_I_PROFILE, GPU_I_ID, and for
the account: account, hpc_job, exported_namespace, namespace.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from typing import Any

from sluicegate.adapters.formats.local_time import epoch_to_instant, zone_of
from sluicegate.adapters.formats.prescan import open_bytes
from sluicegate.adapters.formats.reading import (
    Item,
    Likelihood,
    ReadOptions,
    Rejected,
    Row,
    Sample,
    Shape,
    Skipped,
)
from sluicegate.core.exact import ExactTextError, load_json
from sluicegate.core.problems import Problem, ProblemsError
from sluicegate.registry.native import Fault

TENSOR_ACTIVE = "DCGM_FI_PROF_PIPE_TENSOR_ACTIVE"
_PREFIX = "DCGM_FI_"
_LINE = re.compile(r"([A-Za-z_:][\w:]*)\s*\{(.*)\}\s*(\S+)(?:\s+(-?\d+(?:\.\d+)?))?")
_LABEL = re.compile(r'([A-Za-z_]\w*)="((?:[^"\\]|\\.)*)"')
_ACCOUNT_LABELS = ("account", "hpc_job", "exported_namespace", "namespace")
_PROFILE = re.compile(r"(\d)g\.")
_SLICES = {"a30": 4}
_OTHER_SLICES = 7


@dataclass
class _Device:
    """The samples of one device or MIG instance: ms → line and tensor activity if known."""

    labels: Mapping[str, str]
    samples: dict[int, tuple[int, str | None]] = field(default_factory=dict)

    def add(self, ms: int, line: int, value: str | None) -> None:
        known = self.samples.get(ms)
        if known is None or known[1] is None:
            self.samples[ms] = (line, value)


class DcgmExposition:
    """Prometheus text exposition of the DCGM exporter; each sample needs its timestamp."""

    name = "dcgm-text"

    def looks_like(self, sample: Sample) -> Likelihood:
        """Look for DCGM metrics with labels."""
        lines = [text for text in sample.head.splitlines() if text and not text.startswith("#")]
        own = [text for text in lines if text.startswith(_PREFIX)]
        if sample.shape is not Shape.EXPOSITION:
            own = []
        missing = () if any("UUID=" in text or "gpu=" in text for text in own) else ("UUID",)
        title = "DCGM metrics as Prometheus text"
        metrics = {text.split("{")[0] for text in lines}
        matched = {text.split("{")[0] for text in own}
        return Likelihood("usage", title, len(matched), len(metrics), missing)

    def read(self, sample: Sample, options: ReadOptions) -> Iterator[Item]:
        """Yield one row per device and interval, after reading all samples."""
        devices: dict[str, _Device] = {}
        with open_bytes(sample.file) as stream:
            for line, raw in enumerate(stream, start=1):
                text = raw.decode("utf-8", errors="replace").strip()
                if not text or text.startswith("#"):
                    continue
                item = _exposed(line, text, devices)
                if item is not None:
                    yield item
        yield from _intervals(devices, options)


def _exposed(line: int, text: str, devices: dict[str, _Device]) -> Item | None:
    """Enter one sample, or say why it is not entered."""
    match = _LINE.fullmatch(text)
    if not match:
        return _faulty(line, text, "", "is no sample with labels", "give the exporter's own text")
    metric, label_text, value, stamp = match.groups()
    if not metric.startswith(_PREFIX):
        return Skipped(line, "metric of another exporter")
    if stamp is None:
        way_out = "add timestamps in ms, or export a range query as JSON"
        return _faulty(line, text, "timestamp", "is missing", way_out)
    labels = {name: _unescaped(part) for name, part in _LABEL.findall(label_text)}
    problem = _enter(devices, metric, labels, (int(Fraction(stamp)), line, value))
    return None if problem is None else _faulty(line, text, *problem)


class DcgmRange:
    """The answer of a Prometheus range query over DCGM metrics."""

    name = "dcgm-json"

    def looks_like(self, sample: Sample) -> Likelihood:
        """Look for a matrix of DCGM metrics."""
        title = "DCGM metrics as a range query"
        if sample.shape is not Shape.JSON or '"matrix"' not in sample.head:
            return Likelihood("usage", title, 0, 1, ("resultType matrix",))
        found = _PREFIX in sample.head
        return Likelihood("usage", title, int(found), 1, () if found else (_PREFIX + "...",))

    def read(self, sample: Sample, options: ReadOptions) -> Iterator[Item]:
        """Yield one row per device and interval; the line is the series' number."""
        devices: dict[str, _Device] = {}
        for number, series in enumerate(_series(sample), start=1):
            labels = {str(key): str(value) for key, value in series.get("metric", {}).items()}
            metric = labels.get("__name__", "")
            if not metric.startswith(_PREFIX):
                yield Skipped(number, "metric of another exporter")
                continue
            for stamp, value in series.get("values", ()):
                ms = round(Fraction(str(stamp)) * 1000)
                problem = _enter(devices, metric, labels, (ms, number, str(value)))
                if problem is not None:
                    yield _faulty(number, str(labels), *problem)
                    break
        yield from _intervals(devices, options)


def _series(sample: Sample) -> list[Mapping[str, Any]]:
    with open_bytes(sample.file) as stream:
        try:
            document = load_json(stream.read().decode("utf-8-sig"))
            result = document["data"]["result"]
        except (ExactTextError, ValueError, KeyError, TypeError) as error:
            problem = f"is no whole range query: {error}"
            way_out = "save the answer of /api/v1/query_range again"
            raise ProblemsError([Problem(str(sample.file), None, "", problem, way_out)]) from error
    return list(result)


def _enter(
    devices: dict[str, _Device],
    metric: str,
    labels: Mapping[str, str],
    sample: tuple[int, int, str],
) -> tuple[str, str, str] | None:
    """Enter a sample of a device; return field, problem and way out when it cannot be."""
    device = labels.get("UUID") or ":".join(
        part for part in (labels.get("Hostname"), labels.get("gpu")) if part
    )
    if not device:
        return "UUID", "is missing", "keep the labels UUID, or Hostname and gpu"
    if not labels.get("modelName"):
        return "modelName", "is missing", "keep the label modelName of the exporter"
    ms, line, value = sample
    tensor = None
    if metric == TENSOR_ACTIVE:
        if value.lower() == "nan":
            return None
        try:
            share = Fraction(value)
        except (ValueError, ZeroDivisionError):
            return metric, f"{value!r} is no number", "give the value as it was exported"
        if not 0 <= share <= 1:
            return metric, f"{value} is not between 0 and 1", "give the ratio as it was exported"
        tensor = str(share)
    part = labels.get("GPU_I_ID", "")
    key = f"{device}/{part}" if part else device
    devices.setdefault(key, _Device(labels)).add(ms, line, tensor)
    return None


def _intervals(devices: Mapping[str, _Device], options: ReadOptions) -> Iterator[Item]:
    """Turn samples into records; a gap longer than the usual step stays a gap."""
    zone = zone_of(str(options.mapping.get("offset", options.offset or "+00:00")))
    stated = options.mapping.get("interval_seconds")
    for key, device in devices.items():
        moments = sorted(device.samples)
        steps = [later - earlier for earlier, later in pairwise(moments)]
        step = round(Fraction(str(stated)) * 1000) if stated else min(steps, default=0)
        for position, ms in enumerate(moments):
            line, tensor = device.samples[ms]
            if not step:
                yield Skipped(line, "a single sample, with no interval_seconds in a mapping file")
                continue
            before = moments[position - 1] if position else ms - step
            start = max(ms - step, before)
            values = _record(key, device.labels, options) | {
                "record_id": f"{key}@{ms}",
                "start": epoch_to_instant(str(start), 1, zone),
                "end": epoch_to_instant(str(ms), 1, zone),
                "utilisation": tensor or "",
            }
            yield Row(line, values, {"device": key, "timestamp_ms": str(ms)})


def _record(key: str, labels: Mapping[str, str], options: ReadOptions) -> dict[str, str]:
    account = next((labels[name] for name in _ACCOUNT_LABELS if labels.get(name)), "")
    return {
        "source": options.source,
        "account": account or f"host:{labels.get('Hostname') or key}",
        "cluster_id": labels.get("cluster", ""),
        "resource_id": key,
        "accelerator": labels["modelName"],
        "accelerator_count": _part(labels),
        "run_id": labels.get("hpc_job", ""),
    }


def _part(labels: Mapping[str, str]) -> str:
    """Return the part of a device that a MIG instance is, by its compute slices."""
    match = _PROFILE.match(labels.get("GPU_I_PROFILE", ""))
    if not match:
        return "1"
    model = labels["modelName"].lower()
    slices = next((count for name, count in _SLICES.items() if name in model), _OTHER_SLICES)
    return str(Fraction(int(match[1]), slices))


def _unescaped(text: str) -> str:
    return text.replace(r"\"", '"').replace(r"\n", "\n").replace(r"\\", "\\")


def _faulty(line: int, text: str, name: str, problem: str, way_out: str) -> Rejected:
    return Rejected(line, {"sample": text}, (Fault(name, problem, way_out),))
