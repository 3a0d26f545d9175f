"""Private set intersection with the library openmined-psi (ECDH over NIST P-256).

The protocol is the one of Meadows 1986 and Huberman, Franklin and Hogg 1999, in
the form of Google's private join and compute, secure against a party that
follows it and is curious. The server's blinded set is sent as it is, not as a
compressed one, so that nothing is found in common by chance.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sluicegate.core.reasons import say
from sluicegate.services.ports.exchange import (
    Answered,
    Asked,
    NoIntersectionError,
    UnreadableMessageError,
)

_UNUSED_CHANCE = 2.0**-40
"""The library asks for a chance of false matches; a set sent as it is has none."""


class EcdhIntersection:
    """Implements `services.ports.exchange.Intersection`.

    Raises:
        NoIntersectionError: the extra `psi` is not installed.
    """

    def __init__(self) -> None:
        try:
            import private_set_intersection.python as library
        except ModuleNotFoundError as error:
            raise NoIntersectionError(
                say("Comparing with another provider needs the extra psi of this software.")
            ) from error
        self._library: Any = library

    def ask(self, texts: Sequence[str]) -> Asked:
        """Blind the texts under a fresh key."""
        client = self._library.client.CreateWithNewKey(True)
        request = client.CreateRequest(list(texts)).SerializeToString()
        return Asked(request, client.GetPrivateKeyBytes())

    def answer(self, request: bytes, texts: Sequence[str], size: int) -> Answered:
        """Blind the request again and the own texts under a fresh key, which is forgotten."""
        asked = self._read(self._library.Request, request, "request")
        held = len(asked.encrypted_elements)
        if held != size or not asked.reveal_intersection:
            raise UnreadableMessageError(
                "request",
                say(
                    "It holds {held} elements, {agreed} were agreed; ask for a new message.",
                    held=held,
                    agreed=size,
                ),
            )
        server = self._library.server.CreateWithNewKey(True)
        raw = self._library.DataStructure.RAW
        setup = server.CreateSetupMessage(_UNUSED_CHANCE, size, list(texts), raw)
        try:
            response = server.ProcessRequest(asked)
        except RuntimeError as error:
            raise _no_message("request") from error
        return Answered(setup.SerializeToString(), response.SerializeToString())

    def common(self, key: bytes, size: int, answered: Answered) -> Sequence[int]:
        """Return the places of the own texts that the other has too."""
        client = self._library.client.CreateFromKey(key, True)
        setup = self._read(self._library.ServerSetup, answered.setup, "setup")
        response = self._read(self._library.Response, answered.response, "response")
        held = len(response.encrypted_elements)
        if held != size:
            raise UnreadableMessageError(
                "response",
                say(
                    "It holds {held} elements, {agreed} were agreed; ask for a new message.",
                    held=held,
                    agreed=size,
                ),
            )
        try:
            return sorted(client.GetIntersection(setup, response))
        except RuntimeError as error:
            raise _no_message("response") from error

    def _read(self, kind: Any, content: bytes, name: str) -> Any:
        from google.protobuf.message import DecodeError

        message = kind()
        try:
            message.ParseFromString(content)
        except DecodeError as error:
            raise _no_message(name) from error
        return message


def _no_message(name: str) -> UnreadableMessageError:
    return UnreadableMessageError(name, say("It is no message of the protocol; ask for a new one."))
