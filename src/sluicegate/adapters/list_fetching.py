"""Fetching a file over HTTPS: whole, from a checked address, through a proxy where one is set.

Without a proxy the name is resolved once and the connection goes to a checked
address. Through a proxy it is the proxy that resolves it; the form of the
address and literal addresses are checked still. Redirects are followed, each
checked as the first address was: issuers hand files out from elsewhere.
"""

from __future__ import annotations

import base64
import hashlib
import http.client
import re
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit
from urllib.request import getproxies, proxy_bypass

from sluicegate.adapters.notices.addresses import Resolver, checked_address, resolved
from sluicegate.adapters.notices.connections import PinnedConnection, cut
from sluicegate.adapters.work.files import safe_name
from sluicegate.core.reasons import Sentence, say
from sluicegate.services.ports.addresses import (
    AddressPolicy,
    AddressRefusedError,
    CheckedAddress,
)
from sluicegate.services.ports.lists import Fetched, FetchError

MOST_BYTES = 2 * 2**30
"""A file larger than this is no list of this world."""

_BLOCK = 1 << 18
_MOST_REDIRECTS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_OK = 200
_AGENT = "sluicegate"
_DIGEST = re.compile(r"sha-256=:([A-Za-z0-9+/=]+):")
_FILE_NAME = re.compile(r'filename="?([^";]+)"?')
_PROXY_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class HttpFetcher:
    """Implements `services.ports.lists.ListFetcher`.

    `seconds` bounds the fetching of one file with its redirects. `proxies` are
    scheme → address as the environment gives them, with `no` for what goes
    around them.
    """

    policy: AddressPolicy
    seconds: int = 600
    most_bytes: int = MOST_BYTES
    resolve: Resolver = resolved
    context: Callable[[], ssl.SSLContext] = ssl.create_default_context
    proxies: Callable[[], Mapping[str, str]] = getproxies
    _elapsed: Callable[[], float] = field(default=time.monotonic, repr=False)

    def __call__(self, url: str, folder: Path) -> Fetched:
        """Fetch a file whole into a folder.

        Raises:
            FetchError: the address may not be called, or gives no whole file.
        """
        began = self._elapsed()
        place = url
        for _ in range(_MOST_REDIRECTS + 1):
            found = self._get(place, folder, began)
            if isinstance(found, Fetched):
                return found
            place = urljoin(place, found)
        raise _failed(url, say("leads on and on to other addresses"))

    def _get(self, url: str, folder: Path, began: float) -> Fetched | str:
        """Return the file at an address, or the address that it leads to."""
        connection, target, headers = self._connection(url, began)
        remaining = self.seconds - (self._elapsed() - began)
        # A socket's own timeout begins anew with every byte; this one does not.
        deadline = threading.Timer(max(remaining, 0.001), cut, [connection])
        deadline.daemon = True
        deadline.start()
        try:
            connection.request("GET", target, headers=headers)
            with closing(connection.getresponse()) as response:
                location = response.getheader("location")
                if self._elapsed() - began >= self.seconds:
                    raise TimeoutError  # what was read may be cut short
                if response.status in _REDIRECTS and location:
                    return location
                if response.status != _OK:
                    raise _failed(url, say("answers {status}", status=str(response.status)))
                return self._written(url, response, folder, began)
        except ssl.SSLError as error:
            raise _failed(url, say("shows no certificate that this machine trusts")) from error
        except (OSError, http.client.HTTPException) as error:
            if self._elapsed() - began >= self.seconds:
                problem = say("takes longer than {seconds} seconds", seconds=str(self.seconds))
                raise _failed(url, problem) from error
            raise _failed(url, say("cannot be reached, or breaks off")) from error
        finally:
            deadline.cancel()
            connection.close()

    def _connection(
        self, url: str, began: float
    ) -> tuple[http.client.HTTPConnection, str, dict[str, str]]:
        """Return a connection for an address, what to ask on it, and with which headers."""
        headers = {"user-agent": _AGENT, "accept-encoding": "identity"}
        proxy = self._proxy(url)
        try:
            if proxy is not None:
                address = checked_address(url, self.policy, resolve=_unresolved)
                connection, target = self._through(proxy, address, url, headers)
                return connection, target, headers
            address = checked_address(url, self.policy, resolve=self.resolve)
        except AddressRefusedError as error:
            raise FetchError(say("The address may not be called: {why}", why=str(error))) from error
        context = self.context() if address.scheme == "https" else None

        def left() -> float:
            return self.seconds - (self._elapsed() - began)

        return PinnedConnection(address, left, context), address.target, headers

    def _proxy(self, url: str) -> str | None:
        parts = urlsplit(url)
        known = self.proxies()
        if parts.hostname is None or proxy_bypass(parts.hostname):
            return None
        return known.get(parts.scheme) or known.get("all")

    def _through(
        self, proxy: str, address: CheckedAddress, url: str, headers: dict[str, str]
    ) -> tuple[http.client.HTTPConnection, str]:
        """Return a connection over a proxy; its password enters no text of an error."""
        parts = urlsplit(proxy if "//" in proxy else f"http://{proxy}")
        if parts.hostname is None or parts.scheme not in _PROXY_PORTS:
            raise _failed(url, say("is behind a proxy whose address cannot be read"))
        port = parts.port or _PROXY_PORTS[parts.scheme]
        login = _login(parts.username, parts.password)
        if address.scheme == "http":
            plain = http.client.HTTPConnection(parts.hostname, port, timeout=self.seconds)
            headers.update(login)
            return plain, url
        tunnel = http.client.HTTPSConnection(
            parts.hostname, port, timeout=self.seconds, context=self.context()
        )
        tunnel.set_tunnel(address.host, address.port, login)
        return tunnel, address.target

    def _written(
        self, url: str, response: http.client.HTTPResponse, folder: Path, began: float
    ) -> Fetched:
        """Write the body to a file, whole; its size and checksum are those that were told."""
        said = response.getheader("content-length")
        expected = int(said) if said is not None and said.isdecimal() else None
        sha, size = hashlib.sha256(), 0
        place = folder / _name(url, response)
        if place.exists():  # another part of the list has the same name
            place = folder / f"{len(list(folder.iterdir()))}-{place.name}"
        with place.open("wb") as stream:
            while block := response.read1(_BLOCK):
                size += len(block)
                if self._elapsed() - began >= self.seconds:
                    raise TimeoutError
                if size > self.most_bytes:
                    most = str(self.most_bytes)
                    raise _failed(url, say("gives more than {most} bytes", most=most))
                sha.update(block)
                stream.write(block)
        if expected is not None and size != expected:
            problem = say("gave {size} of {all} bytes", size=str(size), all=str(expected))
            raise _failed(url, problem)
        if not size:
            raise _failed(url, say("gave an empty file"))
        told = _DIGEST.search(response.getheader("repr-digest") or "")
        if told is not None and told[1] != base64.b64encode(sha.digest()).decode():
            raise _failed(url, say("gave a file with another SHA-256 than it said"))
        return Fetched(place, sha.hexdigest(), size)


def _unresolved(_name: str, _port: int) -> list[str]:
    """Stand for a name that the proxy resolves; a public address that passes every check."""
    return ["1.1.1.1"]


def _login(name: str | None, password: str | None) -> dict[str, str]:
    if not name:
        return {}
    text = f"{unquote(name)}:{unquote(password or '')}"
    return {"Proxy-Authorization": "Basic " + base64.b64encode(text.encode()).decode()}


def _name(url: str, response: http.client.HTTPResponse) -> str:
    """Return the name under which the issuer gives the file, made safe."""
    told = _FILE_NAME.search(response.getheader("content-disposition") or "")
    return safe_name(told[1] if told else urlsplit(url).path)


def _failed(url: str, problem: Sentence) -> FetchError:
    # A redirect may carry a signature in its query, and an address a password.
    shown = re.sub(r"//[^/?#]*@", "//***@", url.partition("?")[0])
    return FetchError(
        say(
            "{address}: {problem}; the version in use stays. Try again later, or import the file.",
            address=shown,
            problem=problem,
        )
    )
