"""Numbers about requests, as Prometheus reads them."""

from __future__ import annotations

import time
from collections import Counter as Counts
from collections.abc import Iterable, Mapping
from typing import TypeVar

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from sluicegate.adapters.http.messages import App, Message, Receive, Scope, Send
from sluicegate.services.work.metrics import WorkMetrics

Key = TypeVar("Key")

MEDIA_TYPE = "text/plain; version=1.0.0; charset=utf-8"
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1.0, 2.5, 5.0, 10.0)
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_ELSEWHERE = "other"

COUNTED_AS = {"/v1/cases/sealed": "/v1/cases", "/cases/sealed": "/cases/new"}
"""Route → under which it is counted: that a sealed file was opened shows in no number."""


class HttpMetrics:
    """Counts and times of requests by route, never by address, principal or tenant."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "sluicegate_http_requests",
            "Requests that were answered.",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "sluicegate_http_request_seconds",
            "Seconds from the first byte of a request to the last of its answer.",
            ("route",),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._open = Gauge(
            "sluicegate_http_requests_open", "Requests under way.", registry=self.registry
        )

    def wrap(self, app: App) -> App:
        """Return an application whose requests are counted."""

        async def measured(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            status = 500

            async def noted(message: Message) -> None:
                nonlocal status
                if message["type"] == "http.response.start":
                    status = message["status"]
                await send(message)

            start = time.perf_counter()
            self._open.inc()
            try:
                await app(scope, receive, noted)
            finally:
                self._open.dec()
                route = getattr(scope.get("route"), "path", _ELSEWHERE)
                route = COUNTED_AS.get(route, route)
                method = scope["method"] if scope["method"] in _METHODS else _ELSEWHERE
                self._requests.labels(method, route, str(status)).inc()
                self._seconds.labels(route).observe(time.perf_counter() - start)

        return measured

    def text(self, work: Iterable[WorkMetrics] = ()) -> bytes:
        """Return all numbers in the text form that Prometheus reads, those of work with them."""
        return generate_latest(self.registry) + generate_latest(_Work(work))


class _Work(Collector):
    """Long work and messages of every tenant together."""

    def __init__(self, numbers: Iterable[WorkMetrics]) -> None:
        self._numbers = list(numbers)

    def collect(self) -> Iterable[Metric]:
        """Yield what Prometheus reads."""
        jobs = GaugeMetricFamily("sluicegate_jobs", "Jobs.", labels=("kind", "state"))
        for (kind, state), count in sorted(_sum(one.jobs for one in self._numbers).items()):
            jobs.add_metric((kind, state), count)
        yield jobs
        sent = (
            ("sluicegate_deliveries", "Deliveries of webhooks.", "deliveries"),
            ("sluicegate_notices", "Notices to people.", "notices"),
        )
        for name, what, part in sent:
            family = GaugeMetricFamily(name, what, labels=("state",))
            for state, count in sorted(_sum(getattr(one, part) for one in self._numbers).items()):
                family.add_metric((state,), count)
            yield family
        screened = [one.screened_at for one in self._numbers if one.screened_at is not None]
        if screened:
            yield GaugeMetricFamily(
                "sluicegate_screened_timestamp_seconds",
                "When parties were last screened; of several tenants, that of the longest ago.",
                value=min(screened).timestamp(),
            )


def _sum(counts: Iterable[Mapping[Key, int]]) -> Counts[Key]:
    found: Counts[Key] = Counts()
    for one in counts:
        found.update(one)
    return found
