"""What does an operator see of one worker?  Prometheus metrics and a health answer on a local port."""

import json
import socket
import sys
import threading
from collections.abc import Callable, Collection
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal

from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest

Metric = Literal[
    "mentorway_facts_folded",  # input records folded or parked, by ledger
    "mentorway_wakes_fired",  # wake-ups that fell due, by ledger
    "mentorway_facts_parked",  # set aside in dead-letters, by ledger
    "mentorway_transactions",  # committed, by ledger
    "mentorway_records_written",  # outputs and rows, by ledger
    "mentorway_rows",  # rows held, by ledger and partition owned
    "mentorway_lag",  # input records not yet folded, by ledger and partition owned
    "mentorway_clock_seconds",  # the partition's clock as seconds of the epoch
    "mentorway_policy",  # 1, by ledger, name and fingerprint of the policy in force; two fingerprints are two files
]
ASK_S = 5.0  # a caller who is slower to ask, or to take the answer, is hung up on


class WorkerMeter:
    """Counts for one worker; implements `streams.ledger.Meter`."""

    def __init__(self, ledger: str) -> None:
        self.ledger = ledger
        self.registry = CollectorRegistry()
        self._facts = self._counter("mentorway_facts_folded", "input records folded or parked")
        self._wakes = self._counter("mentorway_wakes_fired", "wake-ups that fell due")
        self._parked = self._counter("mentorway_facts_parked", "facts set aside in dead-letters")
        self._transactions = self._counter("mentorway_transactions", "transactions committed")
        self._records = self._counter("mentorway_records_written", "outputs and rows written")
        self._rows = self._gauge("mentorway_rows", "rows held")
        self._lag = self._gauge("mentorway_lag", "input records not yet folded")
        self._clock = self._gauge("mentorway_clock_seconds", "the partition's clock")
        self._policy = self._gauge("mentorway_policy", "the policy in force", "version", "fingerprint")
        self.policy = ("", "")  # its name and fingerprint
        self.state = "starting"
        self._told: set[int] = set()  # partitions that stand in the gauges

    def _counter(self, name: Metric, text: str) -> Counter:
        return Counter(name, text, ["ledger"], registry=self.registry).labels(self.ledger)

    def _gauge(self, name: Metric, text: str, *by: str) -> Gauge:
        return Gauge(name, text, ["ledger", *(by or ("partition",))], registry=self.registry)

    def under(self, version: str, fingerprint: str) -> None:
        """The policy in force from now on."""
        self.policy = version, fingerprint
        self._policy.clear()
        self._policy.labels(self.ledger, version, fingerprint).set(1)

    def folded(self, facts: int, wakes: int, parked: int) -> None:
        self._facts.inc(facts)
        self._wakes.inc(wakes)
        self._parked.inc(parked)

    def committed(self, records: int) -> None:
        self._transactions.inc()
        self._records.inc(records)

    def restored(self, partition: int, rows: int) -> None:
        self.state = "serving"
        self._told.add(partition)
        self._rows.labels(self.ledger, partition).set(rows)

    def owns(self, partitions: Collection[int]) -> None:
        """Drops the figures of partitions that another worker has taken over: ours would stand still for ever."""
        for partition in self._told.difference(partitions):
            for gauge in (self._rows, self._lag, self._clock):
                gauge.remove(self.ledger, partition)
        self._told.intersection_update(partitions)

    def seen(self, partition: int, rows: int, lag: int, clock: datetime | None) -> None:
        self._told.add(partition)
        self._rows.labels(self.ledger, partition).set(rows)
        self._lag.labels(self.ledger, partition).set(lag)
        if clock is not None:
            self._clock.labels(self.ledger, partition).set(clock.timestamp())


def serve(meter: WorkerMeter, host: str, port: int, alive: Callable[[], bool]) -> int:
    """`/metrics` and `/health` (200 while the loop turns, else 503) on a thread; gives the port."""

    class Handler(BaseHTTPRequestHandler):
        timeout = ASK_S

        def do_HEAD(self) -> None:
            self.do_GET()

        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            if path == "/metrics":
                self._answer(200, "text/plain; version=0.0.4", generate_latest(meter.registry))
            elif path == "/health":
                well = alive()
                version, fingerprint = meter.policy
                body = json.dumps({
                    "ledger": meter.ledger, "state": meter.state if well else "stuck",
                    "policy": version, "fingerprint": fingerprint,
                })  # fmt: skip
                self._answer(200 if well else 503, "application/json", body.encode())
            else:
                self._answer(404, "text/plain", b"ask for /metrics or /health\n")

        def _answer(self, code: int, kind: str, body: bytes) -> None:
            self.send_response(code)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Quiet: scrapes are no news."""

    class Server(ThreadingHTTPServer):
        address_family = socket.AF_INET6 if ":" in host else socket.AF_INET

        def handle_error(self, request: object, client_address: object) -> None:
            """Quiet where a caller went away before the answer; a fault of ours is told as ever."""
            if not isinstance(sys.exception(), OSError):
                super().handle_error(request, client_address)  # type: ignore[arg-type]

    server = Server((host, port), Handler)
    threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()
    return int(server.server_address[1])
