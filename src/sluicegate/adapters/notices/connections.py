"""Connections to checked addresses, which go nowhere else and can be cut."""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Callable

from sluicegate.services.ports.addresses import CheckedAddress


class PinnedConnection(http.client.HTTPConnection):
    """A connection to one of the checked addresses; TLS and Host keep the name."""

    def __init__(
        self,
        address: CheckedAddress,
        remaining: Callable[[], float],
        context: ssl.SSLContext | None,
    ) -> None:
        super().__init__(address.host, address.port)
        self._checked = address
        self._remaining = remaining
        self._context = context

    def connect(self) -> None:
        """Connect to the first checked address that answers."""
        fault: OSError = OSError("no address")
        for one in self._checked.addresses:
            try:
                plain = socket.create_connection((one, self._checked.port), self._left())
            except OSError as error:
                fault = error
                continue
            plain.settimeout(self._left())
            if self._context is None:
                self.sock = plain
                return
            secured = self._context.wrap_socket(
                plain, server_hostname=self._checked.host, do_handshake_on_connect=False
            )
            self.sock = secured  # from here on the deadline can cut it
            secured.do_handshake()
            return
        raise fault

    def _left(self) -> float:
        left = self._remaining()
        if left <= 0:
            raise TimeoutError("no time is left to connect")
        return left


def cut(connection: http.client.HTTPConnection) -> None:
    """End a connection that takes too long, from another thread."""
    held = connection.sock
    if held is not None:
        try:
            socket.socket.shutdown(held, socket.SHUT_RDWR)
        except OSError:
            held.close()
