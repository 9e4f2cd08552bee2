"""Fetching under the rules: from a server of our own on the loopback, which only the tests' policy allows."""

from __future__ import annotations

import gzip
import ipaddress
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import pytest

from frankensam.errors import FrankensamError, Problem, UsageRefused
from frankensam.news.addresses import check_address, is_public
from frankensam.news.fetching import LARGEST_BODY_BYTES, PUBLIC_ONLY, FetchPolicy, FetchRefused, fetch
from frankensam.news.retrieval import retrieve

PAGE = ("<!DOCTYPE html><html lang=en><head><title>A report</title></head><body><article><p>"
        + "The ministry said that two launchers had been shown to visitors. " * 4 + "</p></article></body></html>").encode()
Answer = Callable[[socket.socket], None]


@dataclass
class Server:
    """A server on 127.0.0.1 that answers each path with given bytes and notes what it was asked."""

    answers: dict[str, bytes | Answer] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)

    def __enter__(self) -> Server:
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self.listening.getsockname()[1])
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.listening.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self.listening.accept()
            except OSError:
                return
            threading.Thread(target=self._one, args=(connection,), daemon=True).start()

    def _one(self, connection: socket.socket) -> None:
        with connection:
            try:
                request = b""
                while b"\r\n\r\n" not in request:
                    request += connection.recv(4_096)
                self.requests.append(request.decode())
                answer = self.answers[request.split(b" ")[1].decode()]
                connection.sendall(answer) if isinstance(answer, bytes) else answer(connection)
            except OSError:
                return

    def url(self, path: str) -> str:
        return f"http://site.example:{self.port}{path}"

    def policy(self, **changes: object) -> FetchPolicy:
        allowed = ipaddress.ip_address("127.0.0.1")
        made = FetchPolicy(allows=lambda address: address == allowed, resolve=lambda _host, _port: ["127.0.0.1"],
                           ports=frozenset({self.port}), seconds=5.0)
        return replace(made, **changes)  # type: ignore[arg-type]


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as made:
        yield made


def answer(body: bytes, *headers: str, status: str = "200 OK", length: int | None = None) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body) if length is None else length}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


def redirect(to: str) -> bytes:
    return answer(b"", f"Location: {to}", "Set-Cookie: a=b", status="302 Found")


def test_a_page_is_fetched_with_its_transport_kept(server: Server) -> None:
    server.answers["/a"] = answer(PAGE, "Content-Type: text/html; charset=utf-8")
    ((document, content, location),) = retrieve(server.url("/a"), server.policy())  # type: ignore[misc]
    assert (content, location, document.url) == (PAGE, server.url("/a"), server.url("/a"))
    header = {item.label: item.value for item in document.header}
    assert (header["fetched from"], header["server address"]) == (server.url("/a"), "127.0.0.1")
    assert header["Content-Type"] == "text/html; charset=utf-8"
    assert "Cookie" not in server.requests[0]
    assert f"Host: site.example:{server.port}" in server.requests[0]


@pytest.mark.parametrize("url", [
    "file:///etc/passwd", "ftp://site.example/a", "gopher://site.example/", "data:text/html,x", "javascript:alert(1)", "//site.example/a",
    "http://user:pass@site.example/", "http://user@site.example/", "http://site.example:22/", "http://site.example:8080/",
    "http://127.1/", "http://2130706433/", "http://0x7f.1/", "http://0177.0.0.1/", "http://127.0.0.0x1/", "http://localhost/",
    "http://localhost./", "http://site.example./", "http://printer.local/", "http://intranet/", "http://a.internal/", "http:///a",
    "http://[::1%25eth0]/", "http://site.example/" + "a" * 2_048, "http://site.example/a\r\nHost: evil", "http://site.example/a b",
    "http://site.example\\@evil.example/",
    "http://аррӏе.com/", "http://xn--80ak6aa92e.com/", "http://pаypal.example/", "http://[::ffff:7f00:1", "http://site.example:99999/"])
def test_addresses_that_are_never_fetched(url: str) -> None:
    with pytest.raises(UsageRefused) as refusal:
        check_address(url)
    assert str(refusal.value).isprintable()


@pytest.mark.parametrize("url", ["https://news.example/a?b=c&d=%20", "http://news.example:443/", "https://україна.укр/x", "https://bücher.example/ü"])
def test_addresses_that_may_be_asked_for(url: str) -> None:
    target = check_address(url)
    assert target.host.isascii()
    assert target.path.isascii()


@pytest.mark.parametrize("address", [
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "100.127.255.255", "0.0.0.0", "224.0.0.1",
    "255.255.255.255",
    "240.0.0.1", "198.18.0.1", "192.0.2.1", "::", "::1", "fe80::1", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
    "::127.0.0.1",
    "64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::7f00:1", "2002:7f00:1::", "2002:a00:1::1", "2001:0:1::1", "2001:db8::1", "fec0::1"])
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", [
    "8.8.8.8", "2606:4700::1111", "64:ff9b::808:808", "2002:808:808::1", "::ffff:8.8.8.8", "100.63.0.1", "100.128.0.1"])
def test_addresses_that_are_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["127.0.0.1", "[::ffff:7f00:1]", "[64:ff9b::7f00:1]", "169.254.169.254", "[::1]"])
def test_the_default_policy_refuses_the_loopback_and_asks_nothing(server: Server, address: str) -> None:
    policy = replace(PUBLIC_ONLY, ports=frozenset({server.port}))
    with pytest.raises(FetchRefused) as refusal:
        fetch(f"http://{address}:{server.port}/a", policy)
    assert refusal.value.slug == "fetch-address-not-public"
    assert server.requests == []


def test_one_private_address_in_the_answer_is_enough_to_refuse(server: Server) -> None:
    policy = server.policy(resolve=lambda _host, _port: ["127.0.0.1", "10.0.0.1"])
    with pytest.raises(FetchRefused) as refusal:
        fetch(server.url("/a"), policy)
    assert refusal.value.slug == "fetch-address-not-public"


def test_the_name_is_resolved_once_for_each_hop(server: Server) -> None:
    server.answers["/a"] = answer(PAGE)
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    assert fetch(server.url("/a"), server.policy(resolve=lambda _host, _port: next(answers))).content == PAGE
    assert len(list(answers)) == 1


def test_the_connected_socket_is_looked_at_again(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    server.answers["/a"] = answer(PAGE)
    elsewhere = socket.create_connection

    def rerouted(_address: tuple[str, int], **options: float) -> socket.socket:
        return elsewhere(("127.0.0.1", server.port), timeout=options["timeout"])

    monkeypatch.setattr("frankensam.news.fetching.socket.create_connection", rerouted)
    policy = replace(PUBLIC_ONLY, resolve=lambda _host, _port: ["8.8.8.8"], ports=frozenset({server.port}))
    with pytest.raises(FetchRefused) as refusal:
        fetch(server.url("/a"), policy)
    assert refusal.value.slug == "fetch-address-not-public"
    assert server.requests == []


def test_redirects_are_followed_five_times_and_each_is_checked(server: Server) -> None:
    for number in range(7):
        server.answers[f"/{number}"] = redirect(f"/{number + 1}")
    server.answers["/5"] = answer(PAGE)
    fetched = fetch(server.url("/0"), server.policy())
    assert [address.rpartition("/")[2] for address in fetched.addresses] == ["0", "1", "2", "3", "4", "5"]
    assert not any("Cookie" in request for request in server.requests)
    server.answers["/5"] = redirect("/6")
    with pytest.raises(FetchRefused) as refusal:
        fetch(server.url("/0"), server.policy())
    assert refusal.value.slug == "fetch-redirects"


@pytest.mark.parametrize(("to", "slug"), [
    ("http://127.1:{port}/", "fetch-address-not-public"), ("file:///etc/passwd", "fetch-address-refused"),
    ("http://site.example:22/", "fetch-address-refused"),
    ("http://other.example:{port}/x", "fetch-address-not-public"), ("/a", "fetch-redirects"), ("", "fetch-redirects")])
def test_redirects_to_where_nobody_may_go(server: Server, to: str, slug: str) -> None:
    server.answers["/a"] = redirect(to.format(port=server.port))
    policy = server.policy(resolve=lambda host, _port: ["127.0.0.1" if host == "site.example" else "10.0.0.1"])
    with pytest.raises(FrankensamError) as refusal:
        fetch(server.url("/a"), policy)
    assert refusal.value.slug == slug


class NoTls(ssl.SSLContext):
    """Hands the plain socket back: the server of these tests speaks no TLS."""

    def wrap_socket(self, sock: socket.socket, *_: object, **__: object) -> socket.socket:  # type: ignore[override]
        return sock


def test_https_is_not_left_for_http(server: Server) -> None:
    server.answers["/a"] = redirect(server.url("/b"))
    with pytest.raises(FetchRefused) as refusal:
        fetch(server.url("/a").replace("http:", "https:"), server.policy(trusted=lambda: NoTls(ssl.PROTOCOL_TLS_CLIENT)))
    assert refusal.value.slug == "fetch-redirects"


@pytest.mark.parametrize(("encoding", "pack"), [("gzip", gzip.compress), ("x-gzip", gzip.compress), ("deflate", zlib.compress),
                                                ("deflate", lambda data: zlib.compress(data, wbits=-15)), ("identity", bytes)])
def test_one_layer_of_packing_is_undone(server: Server, encoding: str, pack: Callable[[bytes], bytes]) -> None:
    server.answers["/a"] = answer(pack(PAGE), f"Content-Encoding: {encoding}")
    assert fetch(server.url("/a"), server.policy()).content == PAGE


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip", "compress", "x" * 500])
def test_other_packings_are_refused(server: Server, encoding: str) -> None:
    server.answers["/a"] = answer(PAGE, f"Content-Encoding: {encoding}")
    with pytest.raises(FetchRefused) as refusal:
        fetch(server.url("/a"), server.policy())
    assert refusal.value.slug == "fetch-encoding"


def test_a_second_layer_of_gzip_is_not_opened(server: Server) -> None:
    server.answers["/a"] = answer(gzip.compress(gzip.compress(PAGE)), "Content-Encoding: gzip")
    (problem,) = retrieve(server.url("/a"), server.policy())
    assert isinstance(problem, Problem)
    assert "gzip" in problem.rule


def endless(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + PAGE)
    while True:
        connection.sendall(b"<p>and more</p>" * 4_000)


def endless_chunks(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        connection.sendall(b"1000\r\n" + b"<p>more " * 512 + b"\r\n")


def gzip_bomb(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n")
    packer = zlib.compressobj(wbits=31)
    for _ in range(100):
        connection.sendall(packer.compress(b"\x20" * 1_000_000))


@pytest.mark.parametrize("body", [endless, endless_chunks, gzip_bomb, answer(b"<p>" + b"x" * 7_000_000)])
def test_bodies_without_end_are_cut(server: Server, body: bytes | Answer) -> None:
    server.answers["/a"] = body
    fetched = fetch(server.url("/a"), server.policy())
    assert len(fetched.content) == LARGEST_BODY_BYTES
    assert fetched.truncated == "more than 5,000,000 bytes"


def drip(beginning: bytes, piece: bytes) -> Answer:
    def send(connection: socket.socket) -> None:
        connection.sendall(beginning)
        for _ in range(1_000):
            time.sleep(0.05)
            connection.sendall(piece)
    return send


def test_a_body_byte_by_byte_is_cut_when_the_time_is_over(server: Server) -> None:
    server.answers["/a"] = drip(b"HTTP/1.1 200 OK\r\n\r\n" + PAGE, b"x")
    began = time.monotonic()
    ((document, *_),) = retrieve(server.url("/a"), server.policy(seconds=0.6))  # type: ignore[misc]
    assert time.monotonic() - began < 3
    assert [warning.slug for warning in document.warnings] == ["fetch-truncated"]
    assert {item.label: item.value for item in document.header}["truncated"] == "the time was over"


@pytest.mark.parametrize("beginning", [b"HTTP/1.1 200 OK\r\nX-Slow: ", b"HTT"])
def test_a_header_byte_by_byte_is_refused_when_the_time_is_over(server: Server, beginning: bytes) -> None:
    server.answers["/a"] = drip(beginning, b"x")
    began = time.monotonic()
    with pytest.raises(FetchRefused) as refusal:
        fetch(server.url("/a"), server.policy(seconds=0.6))
    assert refusal.value.slug == "fetch-too-slow"
    assert time.monotonic() - began < 3


def test_a_name_server_that_never_answers_is_refused_when_the_time_is_over(server: Server) -> None:
    with pytest.raises(FetchRefused) as refusal:
        fetch(server.url("/a"), server.policy(seconds=0.3, resolve=lambda _host, _port: time.sleep(3) or []))
    assert refusal.value.slug == "fetch-too-slow"


def test_a_content_length_that_is_too_long_is_a_cut_page(server: Server) -> None:
    server.answers["/a"] = answer(PAGE, length=len(PAGE) + 1_000)
    fetched = fetch(server.url("/a"), server.policy())
    assert (fetched.content, fetched.truncated) == (PAGE, "the connection broke off")


def test_a_content_length_that_is_too_short_is_believed(server: Server) -> None:
    server.answers["/a"] = answer(PAGE, length=50)
    assert fetch(server.url("/a"), server.policy()).content == PAGE[:50]


@pytest.mark.parametrize("body", [
    b"not http at all\r\n\r\n", b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500 + b"\r\n",
    b"HTTP/1.1 200 OK\r\nX: " + b"y" * 80_000 + b"\r\n\r\n",
    b"",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZZ\r\n", answer(b""), answer(b"gone", status="404 Not Found"),
    answer(b"no", status="500 Oops\x1b[31m"), answer(b"no", "Content-Encoding: gzip")])
def test_answers_that_give_nothing_are_refused_with_a_reason(server: Server, body: bytes) -> None:
    server.answers["/a"] = body
    with pytest.raises(FetchRefused) as refusal:
        fetch(server.url("/a"), server.policy())
    assert str(refusal.value).isprintable()


@pytest.mark.parametrize(("body", "word"), [(b"%PDF-1.7", "PDF"), (b"\x89PNG\r\n", "picture"), (b"PK\x03\x04", "ZIP")])
def test_what_is_labelled_html_and_is_something_else_is_refused(server: Server, body: bytes, word: str) -> None:
    server.answers["/a.html"] = answer(body, "Content-Type: text/html")
    (problem,) = retrieve(server.url("/a.html"), server.policy())
    assert isinstance(problem, Problem)
    assert word in problem.rule


def test_the_transport_names_the_encoding_that_the_bytes_allow(server: Server) -> None:
    page = "<html><body><article><p>" + "Міністерство повідомило про дві установки. " * 5 + "</p></article></body></html>"
    server.answers["/a"] = answer(page.encode("cp1251"), "Content-Type: text/html; charset=windows-1251")
    ((document, *_),) = retrieve(server.url("/a"), server.policy())  # type: ignore[misc]
    assert "Міністерство повідомило про дві установки." in document.text
    assert {item.label: item.value for item in document.header}["decoded as"] == "cp1251 (Content-Type)"


def test_a_fetched_feed_is_its_entries(server: Server) -> None:
    entries = "".join(f"<item><title>Report {number}</title><link>https://news.example/{number}</link><description>"
                      + "The ministry said so. " * 5 + "</description></item>" for number in range(3))
    server.answers["/feed.xml"] = answer(f"<rss version='2.0'><channel><title>Gazette</title>{entries}</channel></rss>".encode())
    found = list(retrieve(server.url("/feed.xml"), server.policy()))
    assert [document.url for document, *_ in found] == [f"https://news.example/{number}" for number in range(3)]  # type: ignore[misc]
    assert [location.rpartition("/")[2] for *_, location in found] == ["feed.xml#1", "feed.xml#2", "feed.xml#3"]  # type: ignore[misc]
