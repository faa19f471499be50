"""What a service measures about itself, in Prometheus' words. One registry a container; the embedded mode shows them
merged.

A service adds its own gauges (duties overdue, alerts unanswered) with ``gauge``; they are asked when somebody looks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric

from heard.events import FACTS

_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)


class Metrics:
    """The measurements of one service."""

    def __init__(self, service: str) -> None:
        self.service = service
        self.registry = CollectorRegistry()
        labels: dict[str, Any] = {"registry": self.registry, "labelnames": ("fact",)}
        self.published = Counter("heard_facts_published", "Facts committed to the outbox", **labels)
        self.handled = Counter("heard_facts_handled", "Facts handled, once each", **labels)
        self.failed = Counter("heard_facts_failed", "Tries of facts that failed", **labels)
        self.parked = Counter("heard_facts_parked", "Facts parked for a person", **labels)
        self.delay = Histogram(
            "heard_fact_delay_seconds", "From commit at the publisher to effect here", buckets=_BUCKETS, **labels
        )
        self.batch = Histogram("heard_batch_seconds", "Time one batch of facts took", buckets=_BUCKETS, **labels)
        self.ticks_failed = Counter(
            "heard_ticks_failed", "Ticks that failed", registry=self.registry, labelnames=("tick",)
        )
        # A count that first shows up as 1 never rose, to whoever watches for a rise: all of them begin at nought.
        for kind in FACTS.values():
            if kind.publisher == service:
                self.published.labels(kind.name)
            if service in kind.heard_by:
                for counter in (self.handled, self.failed, self.parked):
                    counter.labels(kind.name)

    def heard(self, fact: str, count: int, published_at: datetime, seconds: float) -> None:
        """Note a batch that was handled."""
        self.handled.labels(fact).inc(count)
        self.delay.labels(fact).observe(max(0.0, (datetime.now(UTC) - published_at).total_seconds()))
        self.batch.labels(fact).observe(seconds)

    def gauge(self, name: str, says: str, measure: Callable[[], float]) -> None:
        """A number that is asked for when somebody looks; unknown (absent) while it cannot be told."""
        self.registry.register(_Asked(lambda: [(None, measure())], name, says, ()))

    def gauges(self, name: str, says: str, label: str, measure: Callable[[], Iterable[tuple[str, float]]]) -> None:
        """Numbers by label, asked for when somebody looks."""
        self.registry.register(_Asked(measure, name, says, (label,)))


class _Asked:
    """A collector that asks when it is scraped, and leaves out what cannot be told."""

    def __init__(self, measure: Callable[[], Any], name: str, says: str, labels: tuple[str, ...]) -> None:
        self.measure, self.name, self.says, self.labels = measure, name, says, labels

    def describe(self) -> Iterator[Metric]:
        yield GaugeMetricFamily(self.name, self.says, labels=self.labels)

    def collect(self) -> Iterator[Metric]:
        family = GaugeMetricFamily(self.name, self.says, labels=self.labels)
        try:
            for label, value in self.measure():
                family.add_metric([] if label is None else [label], value)
        except Exception:  # noqa: S110  (a part that is away has no number; /health says so)
            pass
        yield family


class _Merged:
    """Several registries as one, each sample saying its service."""

    def __init__(self, metrics: Iterable[Metrics]) -> None:
        self.metrics = list(metrics)

    def collect(self) -> Iterator[Metric]:
        families: dict[str, Metric] = {}
        for one in self.metrics:
            for family in one.registry.collect():
                into = families.setdefault(family.name, Metric(family.name, family.documentation, family.type))
                for sample in family.samples:
                    labels = {"service": one.service} | sample.labels
                    into.add_sample(sample.name, labels, sample.value, sample.timestamp, sample.exemplar)
        yield from families.values()


def exposition(metrics: Iterable[Metrics]) -> bytes:
    """The text that Prometheus reads."""
    shown: Any = _Merged(metrics)
    return generate_latest(shown)


__all__ = ["Gauge", "Metrics", "exposition"]
