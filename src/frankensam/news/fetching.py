"""Fetching one address, when and only when a person asks for it.

The name is resolved once, every address of the answer must be public, the connection goes to one of
them and the connected socket is looked at again; each redirect is checked the same way. There are no
cookies, no credentials and no proxies. Limits hold for the whole fetch, redirects included.
"""

from __future__ import annotations

import contextlib
import http.client
import io
import ipaddress
import queue
import re
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urljoin

from frankensam.errors import FrankensamError, printable
from frankensam.news.addresses import PORTS, IPAddress, Target, check_address, is_public

MOST_REDIRECTS = 5
LARGEST_BODY_BYTES = 5_000_000
LONGEST_FETCH_SECONDS = 20.0
READ_BYTES = 65_536
USER_AGENT = "frankensam (explicit fetch of one address)"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)

Resolver = Callable[[str, int], Iterable[str]]


class FetchRefused(FrankensamError):
    """An address was not fetched, or gave nothing that can be kept; nothing is stored of it."""

    slug = "fetch-failed"


def resolve_by_system(host: str, port: int) -> list[str]:
    """Return the addresses of a host in the order of the system's resolver."""
    return [str(answer[4][0]) for answer in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


@dataclass(frozen=True, slots=True)
class FetchPolicy:
    """What may be fetched. The default is the rule for people: public addresses, ports 80 and 443.

    Tests hand in another: `allows` judges an address, `resolve` a name, `ports` and `trusted` (a TLS
    context) what a server of their own needs. There is no other way to change it.
    """

    allows: Callable[[IPAddress], bool] = is_public
    resolve: Resolver = resolve_by_system
    ports: frozenset[int] = PORTS
    trusted: Callable[[], ssl.SSLContext] = ssl.create_default_context
    seconds: float = LONGEST_FETCH_SECONDS
    largest: int = LARGEST_BODY_BYTES


PUBLIC_ONLY = FetchPolicy()


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address gave: the last address, the bytes after one decoding, and what was decided on the way.

    `truncated` says why the bytes are not all there, None where they are. `addresses` are all that
    were asked, the first being the one given.
    """

    addresses: tuple[str, ...]
    peer: str
    content: bytes
    content_type: str | None
    content_encoding: str | None
    truncated: str | None

    @property
    def address(self) -> str:
        """The address that gave the bytes."""
        return self.addresses[-1]


def fetch(url: str, policy: FetchPolicy = PUBLIC_ONLY) -> Fetched:
    """Fetch one address under the rules of `policy`.

    Raises `UsageRefused` for an address that is none, `FetchRefused` for everything that happens
    on the way: not public, too slow, too many redirects, an error status, a packing that is not read.
    """
    deadline = _Deadline(policy.seconds)
    asked: list[str] = []
    while True:
        target = check_address(url, ports=policy.ports)
        asked.append(url)
        with _connected(target, policy, deadline) as (connection, peer):
            response = _ask(connection, target, deadline)
            if response.status not in _REDIRECTS:
                return _answer(response, tuple(asked), peer, policy, deadline)
            url = _next_address(target, response.getheader("Location"))
        if len(asked) > MOST_REDIRECTS:
            raise FetchRefused(f"{printable(asked[0], 120)}: more than {MOST_REDIRECTS} redirects", slug="fetch-redirects")


def _next_address(target: Target, location: str | None) -> str:
    if not location:
        raise FetchRefused(f"{printable(target.url, 120)}: a redirect to nowhere", slug="fetch-redirects")
    joined = location if _SCHEME.match(location) else urljoin(target.url, location)
    if target.scheme == "https" and joined[:5].lower() == "http:":
        raise FetchRefused(f"{printable(target.url, 120)}: a redirect from https to http is not followed", slug="fetch-redirects")
    return joined


@dataclass
class _Deadline:
    """Seconds that all of a fetch may take, by the monotonic clock."""

    seconds: float
    end: float = field(init=False)

    def __post_init__(self) -> None:
        self.end = time.monotonic() + self.seconds

    def left(self) -> float:
        """Seconds left; raises `TimeoutError` where there are none."""
        left = self.end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


class _Connection:
    """A connected socket as `http.client` wants it, whose every read keeps to the deadline."""

    def __init__(self, connected: socket.socket, deadline: _Deadline) -> None:
        self._socket, self._deadline = connected, deadline

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Reading(self._socket, self._deadline))

    def send(self, request: bytes) -> None:
        self._socket.settimeout(self._deadline.left())
        self._socket.sendall(request)


class _Reading(io.RawIOBase):
    def __init__(self, connected: socket.socket, deadline: _Deadline) -> None:
        self._socket, self._deadline = connected, deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        self._socket.settimeout(self._deadline.left())
        return self._socket.recv_into(buffer)


def _too_slow(url: str, deadline: _Deadline) -> FetchRefused:
    return FetchRefused(f"{printable(url, 120)}: nothing usable within {deadline.seconds:g} seconds", slug="fetch-too-slow",
                        suggestion="save the page from a browser and ingest the file")


def _resolved(target: Target, policy: FetchPolicy, deadline: _Deadline) -> list[IPAddress]:
    """The addresses of the host, after all of them have been found to be allowed. Resolved once, within the deadline."""
    answers: queue.SimpleQueue[list[str] | Exception] = queue.SimpleQueue()

    def ask() -> None:
        try:
            answers.put(list(policy.resolve(target.host, target.port)))
        except (OSError, UnicodeError, ValueError) as error:
            answers.put(error)

    threading.Thread(target=ask, daemon=True).start()
    try:
        answer = answers.get(timeout=deadline.left())
    except (queue.Empty, TimeoutError):
        raise _too_slow(target.url, deadline) from None
    if isinstance(answer, Exception) or not answer:
        raise FetchRefused(f"{printable(target.host, 120)}: the host is not known", suggestion="check the address and the network")
    addresses = [ipaddress.ip_address(written.partition("%")[0]) for written in answer]
    for address in addresses:
        _require(address, target, policy)
    return addresses


def _require(address: IPAddress, target: Target, policy: FetchPolicy) -> None:
    if not policy.allows(address):
        told = target.host if target.host == str(address) else f"{target.host} is {address}, which"
        raise FetchRefused(f"{printable(target.url, 120)}: {told} is not a public address",
                           slug="fetch-address-not-public")


def _first_connection(addresses: list[IPAddress], port: int, deadline: _Deadline) -> socket.socket:
    for address in addresses[:-1]:
        with contextlib.suppress(ConnectionError, socket.gaierror):
            return socket.create_connection((str(address), port), timeout=deadline.left())
    return socket.create_connection((str(addresses[-1]), port), timeout=deadline.left())


@contextlib.contextmanager
def _connected(target: Target, policy: FetchPolicy, deadline: _Deadline) -> Iterator[tuple[_Connection, str]]:
    """Connect to a checked address, look at the other end once more, and shake hands for https."""
    addresses = _resolved(target, policy, deadline)
    plain: socket.socket | None = None
    try:
        plain = _first_connection(addresses, target.port, deadline)
        peer = ipaddress.ip_address(str(plain.getpeername()[0]).partition("%")[0])
        _require(peer, target, policy)
        if target.scheme == "https":
            plain.settimeout(deadline.left())
            plain = policy.trusted().wrap_socket(plain, server_hostname=target.host)
        yield _Connection(plain, deadline), str(peer)
    except TimeoutError:
        raise _too_slow(target.url, deadline) from None
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise FetchRefused(f"{printable(target.url, 120)}: {printable(str(error) or type(error).__name__, 200)}") from None
    finally:
        if plain is not None:
            plain.close()


def _ask(connection: _Connection, target: Target, deadline: _Deadline) -> http.client.HTTPResponse:
    host = f"[{target.host}]" if ":" in target.host else target.host
    named = host if target.port == {"http": 80, "https": 443}[target.scheme] else f"{host}:{target.port}"
    lines = (f"GET {target.path} HTTP/1.1", f"Host: {named}", f"User-Agent: {USER_AGENT}",
             "Accept: text/html, application/xhtml+xml, application/rss+xml, application/atom+xml, application/json, text/plain",
             "Accept-Encoding: gzip, deflate", "Connection: close", "", "")
    connection.send("\r\n".join(lines).encode("ascii"))
    response = http.client.HTTPResponse(connection, method="GET")  # type: ignore[arg-type]
    response.begin()
    deadline.left()
    return response


def _answer(response: http.client.HTTPResponse, asked: tuple[str, ...], peer: str, policy: FetchPolicy, deadline: _Deadline) -> Fetched:
    if not 200 <= response.status < 300:
        raise FetchRefused(f"{printable(asked[-1], 120)}: the server answers {response.status} {printable(response.reason or '', 60)}",
                           slug="fetch-status")
    encoding = (response.getheader("Content-Encoding") or "").strip().lower()
    if encoding not in {"", "identity", "gzip", "x-gzip", "deflate"}:
        raise FetchRefused(f"{printable(asked[-1], 120)}: packed as {printable(encoding)}; only one layer of gzip or deflate is read",
                           slug="fetch-encoding")
    content, truncated = _body(response, _Unpacker(encoding), policy.largest)
    if not content:
        if truncated:
            raise _too_slow(asked[-1], deadline)
        raise FetchRefused(f"{printable(asked[-1], 120)}: an empty answer", slug="fetch-empty")
    return Fetched(asked, peer, content, response.getheader("Content-Type"), encoding or None, truncated)


class _Unpacker:
    """One layer of gzip, zlib or raw deflate, never giving out more than is asked for."""

    def __init__(self, encoding: str) -> None:
        self._inner = None if encoding in {"", "identity"} else zlib.decompressobj(31 if encoding.endswith("gzip") else 15)
        self._may_be_raw = encoding == "deflate"
        self.finished = False

    def feed(self, data: bytes, most: int) -> bytes:
        if self._inner is None:
            return data[:most]
        try:
            unpacked = self._inner.decompress(data, most)
        except zlib.error:
            if not self._may_be_raw:
                raise
            # "deflate" is a zlib stream by the standard and a bare one by some servers.
            self._inner = zlib.decompressobj(-15)
            unpacked = self._inner.decompress(data, most)
        self._may_be_raw = False
        self.finished = self._inner.eof
        return unpacked


def _body(response: http.client.HTTPResponse, unpacker: _Unpacker, largest: int) -> tuple[bytes, str | None]:
    """The decoded body, and why it was cut, None where it is whole. Never holds more than the limit and one read."""
    received = bytearray()
    packed = 0
    while not unpacker.finished:
        try:
            data = response.read1(READ_BYTES)
        except TimeoutError:
            return bytes(received), "the time was over"
        except (http.client.HTTPException, OSError):
            return bytes(received), "the connection broke off"
        if not data:
            short = response.length is not None and response.length > 0
            return bytes(received), "the connection broke off" if short else None
        packed += len(data)
        try:
            received += unpacker.feed(data, largest + 1 - len(received))
        except zlib.error:
            return bytes(received), "the packed bytes are damaged"
        if len(received) > largest or packed > largest:
            return bytes(received[:largest]), f"more than {largest:,} bytes"
    return bytes(received), None
