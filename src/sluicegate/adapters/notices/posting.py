"""Posting a message to a checked address, over a connection that goes nowhere else."""

from __future__ import annotations

import http.client
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sluicegate.adapters.notices.addresses import Resolver, checked_address, resolved
from sluicegate.adapters.notices.connections import PinnedConnection, cut
from sluicegate.services.ports.addresses import AddressPolicy, AddressRefusedError
from sluicegate.services.ports.work import DeliveryProblem
from sluicegate.services.work.deliveries import Answer

MOST_BYTES = 2_048
"""Bytes of an answer that are read; the connection is closed then."""

KEPT_CHARACTERS = 500
"""Characters of an answer that the log keeps."""

MILLISECONDS = 1_000


@dataclass(frozen=True)
class WebhookPoster:
    """Implements `services.work.deliveries.Poster`.

    `seconds` bounds the whole call: connection, sending and the answer.
    """

    policy: AddressPolicy
    seconds: int = 10
    resolve: Resolver = resolved
    context: Callable[[], ssl.SSLContext] = ssl.create_default_context
    _elapsed: Callable[[], float] = field(default=time.monotonic, repr=False)

    def __call__(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Post and return what came of it; no redirect is followed, no proxy used."""
        began = self._elapsed()
        try:
            address = checked_address(url, self.policy, resolve=self.resolve)
        except AddressRefusedError:
            return Answer(None, 0, problem=DeliveryProblem.REFUSED_ADDRESS.value)
        context = self.context() if address.scheme == "https" else None
        connection = PinnedConnection(
            address, lambda: self.seconds - (self._elapsed() - began), context
        )
        # A socket's own timeout begins anew with every byte; this one does not.
        deadline = threading.Timer(self.seconds, cut, [connection])
        deadline.daemon = True
        deadline.start()
        try:
            connection.request("POST", address.target, body, dict(headers))
            response = connection.getresponse()
            text = response.read(MOST_BYTES).decode("utf-8", errors="replace")
            if self._is_late(began):  # what was read may be cut short
                return Answer(None, self._since(began), problem=DeliveryProblem.TIMEOUT.value)
            shown = "".join(one if one.isprintable() else " " for one in text)
            return Answer(response.status, self._since(began), shown[:KEPT_CHARACTERS])
        except ssl.SSLError:
            return Answer(None, self._since(began), problem=DeliveryProblem.TLS.value)
        except TimeoutError:
            return Answer(None, self._since(began), problem=DeliveryProblem.TIMEOUT.value)
        except (OSError, http.client.HTTPException):
            is_late = self._is_late(began)
            problem = DeliveryProblem.TIMEOUT if is_late else DeliveryProblem.CONNECTION
            return Answer(None, self._since(began), problem=problem.value)
        finally:
            deadline.cancel()
            connection.close()

    def _is_late(self, began: float) -> bool:
        return self._elapsed() - began >= self.seconds

    def _since(self, began: float) -> int:
        return round((self._elapsed() - began) * MILLISECONDS)
