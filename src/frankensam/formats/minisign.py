"""Signatures of files in the format of minisign: Ed25519 over the BLAKE2b-512 of the content, with a signed comment.

Keys and signatures are the files of F. Denis' minisign, so that either program verifies what the
other signed: a comment line and a line of base64. A public key is ``Ed``, eight bytes of key id,
32 bytes; a signature ``ED`` (prehashed) or ``Ed`` (of the content itself, read but never
written), key id, 64 bytes, followed by the trusted comment and an Ed25519 signature over
signature and comment. A secret key is kept without password, as ``minisign -G -W`` writes it.
Ed25519: RFC 8032, by the library `cryptography`; BLAKE2b: RFC 7693.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import secrets
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from frankensam.errors import FrankensamError, UsageRefused, printable
from frankensam.formats.files import read_regular_file, refuse_file
from frankensam.formats.text import decode
from frankensam.formats.writing import sync_folder

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

LARGEST_KEY_FILE = 4_096
SIGNATURE_ALGORITHM, PREHASHED = b"Ed", b"ED"
NO_PASSWORD, CHECKSUM = b"\0\0", b"B2"
KEY_ID_BYTES, KEY_BYTES, SIGNATURE_BYTES = 8, 32, 64
SECRET_BYTES = 2 + 2 + 2 + 32 + 8 + 8 + KEY_ID_BYTES + 64 + 32
COMMENT = "untrusted comment: "
TRUSTED = "trusted comment: "


class SignatureWrong(FrankensamError):
    """A signature does not belong to this content, or is no signature at all."""

    slug = "signature-wrong"


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key that signatures are checked with."""

    key_id: bytes
    key: bytes

    @property
    def name(self) -> str:
        """The key id as minisign prints it: 16 hexadecimal digits, most significant first."""
        return self.key_id[::-1].hex().upper()

    @property
    def text(self) -> str:
        """The key as one line of base64, as ``minisign -P`` takes it."""
        return base64.b64encode(SIGNATURE_ALGORITHM + self.key_id + self.key).decode("ascii")

    @property
    def file_text(self) -> str:
        """The content of a public key file."""
        return f"{COMMENT}minisign public key {self.name}\n{self.text}\n"


@dataclass(frozen=True, slots=True, repr=False)
class SecretKey:
    """A key that signs; it is never printed."""

    public: PublicKey
    seed: bytes

    def __repr__(self) -> str:
        return f"SecretKey({self.public.name})"

    def sign(self, content: bytes, trusted_comment: str) -> str:
        """Return the text of a signature file; the same content and comment give the same text."""
        if not trusted_comment.isprintable():
            raise ValueError("a trusted comment is one line")
        key = self._key()
        signature = key.sign(hashlib.blake2b(content).digest())
        overall = key.sign(signature + trusted_comment.encode("utf-8"))
        first = base64.b64encode(PREHASHED + self.public.key_id + signature).decode("ascii")
        second = base64.b64encode(overall).decode("ascii")
        return f"{COMMENT}signature by key {self.public.name}\n{first}\n{TRUSTED}{trusted_comment}\n{second}\n"

    def _key(self) -> Ed25519PrivateKey:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return Ed25519PrivateKey.from_private_bytes(self.seed)


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature file, read but not checked."""

    algorithm: bytes
    key_id: bytes
    signature: bytes
    trusted_comment: str
    overall: bytes

    def check(self, content: bytes, key: PublicKey) -> None:
        """Check the signature of `content`.

        Raises:
            SignatureWrong: another key made it, the content is another, or the comment was changed.
        """
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        if self.key_id != key.key_id:
            raise SignatureWrong(f"signed with key {self.key_id[::-1].hex().upper()}, not with {key.name}")
        message = hashlib.blake2b(content).digest() if self.algorithm == PREHASHED else content
        try:
            public = Ed25519PublicKey.from_public_bytes(key.key)
            public.verify(self.signature, message)
        except (InvalidSignature, ValueError):
            raise SignatureWrong(f"the signature does not belong to this content and key {key.name}") from None
        try:
            public.verify(self.overall, self.signature + self.trusted_comment.encode("utf-8"))
        except InvalidSignature:
            raise SignatureWrong("the trusted comment of the signature was changed") from None


def read_public_key(source: Path | str) -> PublicKey:
    """Return the key of a public key file (a `Path`), or of its text or base64 line (a `str`).

    Raises:
        InputRefused: it is no such key.
    """
    name, text = _named_text(source)
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith(COMMENT)]
    raw = _decoded(lines[0]) if len(lines) == 1 else b""
    if len(raw) != 2 + KEY_ID_BYTES + KEY_BYTES or not raw.startswith(SIGNATURE_ALGORITHM):
        raise refuse_file(name, "this is no public key of minisign", "give the .pub file of the publisher", slug="key-form")
    return PublicKey(raw[2:10], raw[10:])


def read_secret_key(path: Path) -> SecretKey:
    """Return the key of a secret key file without password.

    Raises:
        InputRefused: it is no such file, it is locked with a password, others may read it, or it is damaged.
    """
    name = str(path)
    if os.name == "posix" and path.exists() and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise refuse_file(name, "others may read or change this secret key", f"chmod 600 {printable(name)}", slug="key-permissions")
    _, text = _named_text(path)
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith(COMMENT)]
    raw = _decoded(lines[0]) if len(lines) == 1 else b""
    if len(raw) != SECRET_BYTES or not raw.startswith(SIGNATURE_ALGORITHM):
        raise refuse_file(name, "this is no secret key of minisign", "make one with: frankensam catalogue key new", slug="key-form")
    if raw[2:4] != NO_PASSWORD:
        raise refuse_file(name, "the key is locked with a password", "take it off with: minisign -C -W", slug="key-locked")
    key_id, seed, public, checksum = raw[54:62], raw[62:94], raw[94:126], raw[126:]
    made = _from_seed(key_id, seed)
    # minisign leaves the checksum of a key without password empty
    if checksum not in {bytes(32), _checksum(key_id, seed + public)} or made.public.key != public:
        raise refuse_file(name, "the secret key is damaged: its checksum does not fit", slug="key-form")
    return made


def read_signature(content: bytes, name: str) -> Signature:
    """Return the signature of a signature file's bytes.

    Raises:
        SignatureWrong: it is no signature file.
    """
    try:
        lines = content.decode("utf-8").splitlines()
        if len(lines) != 4 or not lines[0].startswith(COMMENT) or not lines[2].startswith(TRUSTED) or len(content) > LARGEST_KEY_FILE:
            raise ValueError
        raw, overall = _decoded(lines[1]), _decoded(lines[3])
        if len(raw) != 2 + KEY_ID_BYTES + SIGNATURE_BYTES or len(overall) != SIGNATURE_BYTES:
            raise ValueError
        if raw[:2] not in {PREHASHED, SIGNATURE_ALGORITHM}:
            raise ValueError
    except ValueError:
        raise SignatureWrong(f"{printable(name)} is no signature of minisign") from None
    return Signature(raw[:2], raw[2:10], raw[10:], lines[2].removeprefix(TRUSTED), overall)


def new_secret_key() -> SecretKey:
    """Return a new key from the system's random numbers."""
    return _from_seed(secrets.token_bytes(KEY_ID_BYTES), secrets.token_bytes(KEY_BYTES))


def write_key_pair(key: SecretKey, secret_path: Path, public_path: Path) -> None:
    """Write both files, the secret one readable by its owner only.

    Raises:
        UsageRefused: one of them exists; a key is never overwritten.
    """
    for path in (secret_path, public_path):
        if path.exists() or path.is_symlink():
            raise _exists(path)
    block = SIGNATURE_ALGORITHM + NO_PASSWORD + CHECKSUM + bytes(48) + key.public.key_id
    pair = key.seed + key.public.key
    raw = block + pair + _checksum(key.public.key_id, pair)
    secret = f"{COMMENT}minisign secret key, no password\n{base64.b64encode(raw).decode('ascii')}\n"
    for path, text, mode in ((secret_path, secret, 0o600), (public_path, key.public.file_text, 0o644)):
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0), mode)
        except FileExistsError:
            raise _exists(path) from None
        with os.fdopen(descriptor, "w", encoding="ascii") as opened:
            os.fchmod(descriptor, mode)
            opened.write(text)
            opened.flush()
            os.fsync(descriptor)
        sync_folder(path.parent)


def _exists(path: Path) -> UsageRefused:
    return UsageRefused(f"{printable(str(path))} exists; a key is never overwritten", slug="key-exists", suggestion="give another name")


def _from_seed(key_id: bytes, seed: bytes) -> SecretKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return SecretKey(PublicKey(key_id, Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()), seed)


def _checksum(key_id: bytes, pair: bytes) -> bytes:
    return hashlib.blake2b(SIGNATURE_ALGORITHM + key_id + pair, digest_size=32).digest()


def _named_text(source: Path | str) -> tuple[str, str]:
    if isinstance(source, Path):
        return str(source), decode(read_regular_file(source, LARGEST_KEY_FILE), str(source))
    return "<key>", source


def _decoded(line: str) -> bytes:
    try:
        return base64.b64decode(line.strip(), validate=True)
    except (binascii.Error, ValueError):
        return b""
