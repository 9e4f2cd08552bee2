"""Which addresses may be fetched: plain http(s) to a public host, told twice, by its name and by the address it resolves to."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from frankensam.errors import UsageRefused, printable

LONGEST_ADDRESS = 2_048
PORTS = frozenset({80, 443})

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

_UNSAFE = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029\\<>\"^`{|}]")
_NUMERIC_LABEL = re.compile(r"\d+|0x[0-9a-f]*", re.IGNORECASE)
_HOST = re.compile(r"(?=.{1,253}$)[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+", re.IGNORECASE)
_LOCAL_NAMES = ("localhost", "local", "internal", "intranet", "lan", "home", "corp", "home.arpa", "localdomain", "onion", "test", "invalid")
# Cyrillic and Greek letters that cannot be told from Latin ones (Unicode TS 39, the single-letter confusables).
_LOOKALIKES = frozenset("аеорсухіјѕһԁԛԝӏɡαορυν")
_NAT64 = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("64:ff9b:1::/48"))
_SHARED = ipaddress.IPv4Network("100.64.0.0/10")


@dataclass(frozen=True, slots=True)
class Target:
    """A checked address: what to connect to, and what to ask for. `host` is ASCII, without brackets."""

    url: str
    scheme: str
    host: str
    port: int
    path: str


def check_address(url: str, *, ports: frozenset[int] = PORTS) -> Target:
    """Return what an address asks for; raises `UsageRefused` for one that may not be fetched, with the reason.

    Whether the host is public is decided by what it resolves to, also for a plain IP address.
    """
    if len(url) > LONGEST_ADDRESS:
        raise _refused(url, f"an address has at most {LONGEST_ADDRESS:,} characters")
    if _UNSAFE.search(url):
        raise _refused(url, "an address has no blanks, line ends or control characters")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise _refused(url, str(error)) from None
    scheme = parts.scheme.lower()
    if scheme not in {"http", "https"}:
        raise _refused(url, "only http and https are fetched")
    if "@" in parts.netloc:
        raise _refused(url, "an address with a user name is not fetched")
    if not host:
        raise _refused(url, "the address has no host")
    port = port if port is not None else {"http": 80, "https": 443}[scheme]
    if port not in ports:
        raise _refused(url, f"port {port} is not fetched, only {' and '.join(map(str, sorted(ports)))}")
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = "?" + quote(parts.query, safe="/%:@!$&'()*+,;=~-._?") if parts.query else ""
    return Target(url, scheme, _checked_host(url, host), port, path + query)


def _checked_host(url: str, host: str) -> str:
    if "%" in host:
        raise _refused(url, "the host names a network interface")
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        return _checked_name(url, host)


def _checked_name(url: str, host: str) -> str:
    labels = host.split(".")
    if labels[-1] == "" or ":" in host or "%" in host:
        raise _refused(url, "this is not the name of a host")
    # Resolvers take "127.1", "2130706433" and "0x7f.1" for addresses, and so for 127.0.0.1.
    if _NUMERIC_LABEL.fullmatch(labels[-1]):
        raise _refused(url, "a number is not the name of a host", slug="fetch-address-not-public")
    if any(host.lower() == name or host.lower().endswith(f".{name}") for name in _LOCAL_NAMES):
        raise _refused(url, "the name belongs to a local network", slug="fetch-address-not-public")
    ascii_labels = [_ascii_label(url, label, labels[-1]) for label in labels]
    name = ".".join(ascii_labels)
    if not _HOST.fullmatch(name):
        raise _refused(url, "this is not the name of a public host")
    return name.lower()


def _ascii_label(url: str, label: str, last: str) -> str:
    """A label as the domain name system has it; one that only pretends to be Latin is refused."""
    shown = label
    if label.lower().startswith("xn--"):
        try:
            shown = label[4:].encode("ascii").decode("punycode")
        except (UnicodeError, ValueError):
            raise _refused(url, "a label of the host is no punycode") from None
    if shown.isascii():
        return label
    shown = unicodedata.normalize("NFKC", shown).lower()
    scripts = {unicodedata.name(character, "?").split(" ")[0] for character in shown if character.isalpha()}
    if len(scripts & {"LATIN", "CYRILLIC", "GREEK"}) > 1:
        raise _refused(url, "the host mixes alphabets, as look-alike addresses do", slug="fetch-address-look-alike")
    if last.isascii() and not last.lower().startswith("xn--") and scripts & {"CYRILLIC", "GREEK"} and _LOOKALIKES.issuperset(
        character for character in shown if character.isalpha()
    ):
        raise _refused(url, "the host's letters look like Latin ones and are not", slug="fetch-address-look-alike")
    try:
        return shown.encode("idna").decode("ascii")
    except UnicodeError:
        raise _refused(url, "a label of the host is not allowed in a name") from None


def is_public(address: IPAddress) -> bool:
    """Tell whether an address is public, also inside IPv6 forms that carry an IPv4 address (mapped, NAT64, 6to4)."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = _embedded(address)
        if inner is not None:
            return is_public(inner)
        if address.teredo is not None or address.is_site_local:
            return False
    elif address in _SHARED:
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified or address.is_loopback
                                      or address.is_link_local)


def _embedded(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if any(address in network for network in _NAT64) or int(address) >> 32 == 0:
        return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    return None


def _refused(url: str, rule: str, *, slug: str = "fetch-address-refused") -> UsageRefused:
    return UsageRefused(f"{printable(url, 120)} is not fetched: {rule}", slug=slug)
