"""From the bytes of a page to its text: which encoding, by which rule, never by a lying label alone.

The order follows the Encoding and HTML standards of the WHATWG (byte-order mark, transport, markup),
with one difference: bytes that are valid UTF-8 beyond ASCII are UTF-8 whatever the labels say, since
text in another encoding is practically never valid UTF-8. Only labels of the table below are used;
UTF-7 is in it for no one.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

BYTES_SEARCHED_FOR_LABEL = 8_192
UTF8_SHARE = 3

# Label, folded, to the codec that the Encoding Standard means by it.
_CODECS: dict[str, str] = {
    **{f"windows-125{digit}": f"cp125{digit}" for digit in range(9)},
    **{f"cp125{digit}": f"cp125{digit}" for digit in range(9)},
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "iso-8859-9": "cp1254",
    **{f"iso-8859-{number}": f"iso8859-{number}" for number in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)},
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "unicode-1-1-utf-8": "utf-8",
    "utf-16": "utf-16-le",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
    "koi8-r": "koi8-r",
    "koi8-u": "koi8-u",
    "koi8": "koi8-r",
    "ibm866": "cp866",
    "cp866": "cp866",
    "x-mac-cyrillic": "mac-cyrillic",
    "macintosh": "mac-roman",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "euc-jp": "euc-jp",
    "iso-2022-jp": "iso2022-jp",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "big5": "big5hkscs",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "tis-620": "cp874",
    "windows-874": "cp874",
}
_XML_LABEL = re.compile(rb"<\?xml[^>]{0,200}?encoding\s?=\s?[\"']([\w.:-]{2,40})[\"']", re.IGNORECASE)
_META_LABEL = re.compile(rb"<meta\b[^>]{0,500}?charset\s{0,5}=\s{0,5}[\"']?\s{0,5}([\w.:-]{2,40})", re.IGNORECASE)
_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_HIGH = re.compile(rb"[\x80-\xff]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text with the decision that made it: codec, rule, the labels that were passed over, characters replaced."""

    text: str
    encoding: str
    rule: str
    passed_over: tuple[str, ...]
    replaced: int


def decode_page(content: bytes, transport_label: str | None = None) -> Decoded:
    """Decode a page; what does not fit becomes U+FFFD and is counted. Never fails."""
    for mark, codec in ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if content.startswith(mark):
            return _decoded(content[len(mark) :], codec, "byte-order mark", ())
    labels = _labels(content, transport_label)
    known = [(_CODECS[label], rule) for label, rule in labels if label in _CODECS]
    unknown = tuple(f"{label} ({rule})" for label, rule in labels if label not in _CODECS)
    if any(codec == "iso2022-jp" for codec, _ in known[:1]) and b"\x1b" in content:
        return _decoded(content, "iso2022-jp", known[0][1], unknown)
    if (wide := _wide(content)) is not None:
        return _decoded(content, wide, "every other byte is zero", unknown)
    if _is_utf8(content):
        lying = tuple(f"{codec} ({rule})" for codec, rule in known if codec != "utf-8" and _HIGH.search(content))
        return _decoded(content, "utf-8", "valid UTF-8", (*lying, *unknown))
    # Bytes that reach this point are no UTF-16 either, so such a label is a lie.
    narrow = [(codec, rule) for codec, rule in known if codec not in {"utf-8", "utf-16-le", "utf-16-be"}]
    if not (known and known[0][0] == "utf-8" and _mostly_utf8(content)) and narrow:
        codec, rule = narrow[0]
        return _decoded(content, codec, rule, (*(f"{other} ({place})" for other, place in known if other != codec), *unknown))
    if _mostly_utf8(content):
        return _decoded(content, "utf-8", "mostly UTF-8", unknown)
    lying = tuple(f"{codec} ({rule})" for codec, rule in known)
    return _decoded(content, narrow_guess(content), "guessed from the bytes", (*lying, *unknown))


def charset_of(content_type: str | None) -> str | None:
    """Return the charset label of a Content-Type header, None where it has none."""
    match = re.search(r"charset\s?=\s?\"?([\w.:-]{2,40})", content_type or "", re.IGNORECASE)
    return match[1] if match else None


def narrow_guess(content: bytes) -> str:
    """Return the likelier of windows-1251 and windows-1252: the first where most letters are above 0xC0."""
    sample = content[:20_000]
    cyrillic = sum(byte >= 0xC0 for byte in sample)
    text = re.sub(rb"<[^>]{0,2000}>", b" ", sample)
    latin = sum(65 <= byte <= 90 or 97 <= byte <= 122 for byte in text)
    return "cp1251" if cyrillic > latin else "cp1252"


def _labels(content: bytes, transport_label: str | None) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    if transport_label:
        found.append((transport_label.strip().lower(), "Content-Type"))
    head = content[:BYTES_SEARCHED_FOR_LABEL]
    if match := _XML_LABEL.search(head[:400]):
        found.append((match[1].decode("ascii", "replace").lower(), "XML declaration"))
    if match := _META_LABEL.search(head):
        found.append((match[1].decode("ascii", "replace").lower(), "meta"))
    return found


def _is_utf8(content: bytes) -> bool:
    """Tell whether all is UTF-8; a character cut off at the very end does not count."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(content, final=False)
    except UnicodeDecodeError:
        return False
    return True


def _mostly_utf8(content: bytes) -> bool:
    whole = sum(len(match[0]) for match in _MULTIBYTE.finditer(content))
    return whole > UTF8_SHARE * (len(_HIGH.findall(content)) - whole)


def _wide(content: bytes) -> str | None:
    sample = content[:BYTES_SEARCHED_FOR_LABEL]
    half = len(sample) // 2
    if half < 8:
        return None
    if sample[1::2].count(0) > 0.3 * half and sample[0::2].count(0) < 0.1 * half:
        return "utf-16-le"
    if sample[0::2].count(0) > 0.3 * half and sample[1::2].count(0) < 0.1 * half:
        return "utf-16-be"
    return None


def _decoded(content: bytes, codec: str, rule: str, passed_over: tuple[str, ...]) -> Decoded:
    text = content.decode(codec, "replace")
    nuls = text.count("\x00")
    text = text.replace("\x00", "\ufffd").replace("\r\n", "\n").replace("\r", "\n")
    # Lone surrogates cannot be stored; a decoder of UTF-16 already replaced them, this is for exotic codecs.
    text = text.encode("utf-8", "replace").decode("utf-8")
    return Decoded(text, codec, rule, passed_over, text.count("\ufffd") if nuls or "\ufffd" in text else 0)
