"""Signatures in the format of minisign: made and checked by our own code, and by minisign itself where it is installed."""

from __future__ import annotations

import base64
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from frankensam.errors import InputRefused, UsageRefused
from frankensam.formats.minisign import (
    SignatureWrong,
    new_secret_key,
    read_public_key,
    read_secret_key,
    read_signature,
    write_key_pair,
)

CONTENT = b'{"name": "demo"}\n'
# A public key, and the prehashed and the legacy signature of CONTENT, made with minisign 0.11.
PUBLIC = "RWQqciOxiFEUFyuI7bY5kT8VZHWx4LzTuCZYNN0bZNEBGihtjbXVpHKu"
COMMENTED = "untrusted comment: signature from minisign secret key\n{}\ntrusted comment: known\n{}\n"
SIGNATURES = {
    b"ED": COMMENTED.format(
        "RUQqciOxiFEUFzddqjgl9p34qvJXwZW40hFA/Kl76a13GB7oWxhQNtZ49G7yeCTG4wFgapZB16nBEfidTT+MIvriheb4fFd94Aw=",
        "l66Zq6+LdKoqtfWlU51034KyFMQuYXhjglImfuTTU5+uFMO983aMmpuwuu1xEJd/Vq7i5XnJxSgsdYEksaX+Bw==",
    ),
    b"Ed": COMMENTED.format(
        "RWQqciOxiFEUF3zvZ7Esa2u1J1BTCBpYyvxqZjVEioHRjoWt3mAMiA8+X1FP/fxJi6K2O4d9V5DvW/RqiXSCNbghfhd6wJhPcwI=",
        "bgPHbY4RXkmMCv++gejRsV20zfiyWzmbcOHtVoZXBLkiq6u/TUEq9o7KaVAiNta61RchIrxXI6SfunYmMaqeAA==",
    ),
}


@pytest.fixture
def minisign() -> str:
    found = shutil.which("minisign")
    if found is None:
        pytest.skip("minisign is not installed; our own check stands in test_a_signature_belongs_to_content_key_and_comment")
    return found


def test_a_signature_belongs_to_content_key_and_comment() -> None:
    key, other = new_secret_key(), new_secret_key()
    text = key.sign(CONTENT, "demo 1.0")
    signature = read_signature(text.encode(), "x")
    signature.check(CONTENT, key.public)
    assert signature.trusted_comment == "demo 1.0"
    with pytest.raises(SignatureWrong, match="not with"):
        signature.check(CONTENT, other.public)
    with pytest.raises(SignatureWrong, match="does not belong"):
        signature.check(CONTENT + b" ", key.public)
    with pytest.raises(SignatureWrong, match="comment"):
        read_signature(text.replace("demo 1.0", "demo 2.0").encode(), "x").check(CONTENT, key.public)


@pytest.mark.parametrize("algorithm", list(SIGNATURES), ids=["prehashed", "legacy"])
def test_signatures_made_by_minisign_are_verified_without_it(algorithm: bytes) -> None:
    key = read_public_key(PUBLIC)
    assert key.name == "17145188B123722A"
    signature = read_signature(SIGNATURES[algorithm].encode(), "x")
    assert (signature.algorithm, signature.trusted_comment) == (algorithm, "known")
    signature.check(CONTENT, key)
    with pytest.raises(SignatureWrong):
        signature.check(CONTENT[:-1], key)


def test_every_flipped_bit_of_a_signature_is_noticed() -> None:
    key = new_secret_key()
    lines = key.sign(CONTENT, "demo").splitlines()
    raw = bytearray(base64.b64decode(lines[1]))
    for bit in range(0, len(raw) * 8, 7):
        raw[bit // 8] ^= 1 << bit % 8
        text = "\n".join([lines[0], base64.b64encode(bytes(raw)).decode(), *lines[2:]]) + "\n"
        with pytest.raises(SignatureWrong):
            read_signature(text.encode(), "x").check(CONTENT, key.public)
        raw[bit // 8] ^= 1 << bit % 8


def test_the_same_content_gives_the_same_signature() -> None:
    key = new_secret_key()
    assert key.sign(CONTENT, "a") == key.sign(CONTENT, "a")
    with pytest.raises(ValueError, match="one line"):
        key.sign(CONTENT, "two\nlines")


def test_key_files_are_private_and_never_overwritten(tmp_path: Path) -> None:
    key = new_secret_key()
    secret, public = tmp_path / "a.key", tmp_path / "a.pub"
    write_key_pair(key, secret, public)
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert read_secret_key(secret) == key
    assert read_public_key(public) == key.public == read_public_key(key.public.text)
    before = secret.read_bytes(), public.read_bytes()
    for names in ((secret, tmp_path / "b.pub"), (tmp_path / "b.key", public)):
        with pytest.raises(UsageRefused) as refused:
            write_key_pair(new_secret_key(), *names)
        assert refused.value.slug == "key-exists"
    assert (secret.read_bytes(), public.read_bytes()) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.key", "a.pub"]
    assert key.seed.hex() not in repr(key)


def test_secret_keys_that_are_none(tmp_path: Path) -> None:
    key = new_secret_key()
    secret = tmp_path / "a.key"
    write_key_pair(key, secret, tmp_path / "a.pub")
    comment, line = secret.read_text().splitlines()
    raw = base64.b64decode(line)

    def slug(content: bytes | str, mode: int = 0o600) -> str:
        secret.write_bytes(content.encode() if isinstance(content, str) else content)
        secret.chmod(mode)
        with pytest.raises(InputRefused) as refused:
            read_secret_key(secret)
        return refused.value.problems[0].slug

    def packed(changed: bytes) -> str:
        return f"{comment}\n{base64.b64encode(changed).decode()}\n"

    assert slug(packed(raw), 0o640) == "key-permissions"
    assert slug(packed(raw[:2] + b"Sc" + raw[4:])) == "key-locked"
    assert slug(packed(raw[:70] + b"?" + raw[71:])) == "key-form"
    assert slug(packed(raw[:-1] + b"?")) == "key-form"
    assert slug(packed(raw[:-5])) == "key-form"
    assert slug("nothing") == "key-form"
    assert slug("") == "key-form"
    assert slug(b"\xff\xfe\x00") == "text-encoding"
    with pytest.raises(InputRefused):
        read_public_key("RWQ=")


def test_minisign_verifies_what_we_sign(tmp_path: Path, minisign: str) -> None:
    key = new_secret_key()
    write_key_pair(key, tmp_path / "a.key", tmp_path / "a.pub")
    (tmp_path / "manifest.json").write_bytes(CONTENT)
    (tmp_path / "manifest.json.minisig").write_text(key.sign(CONTENT, "demo 1.0"))
    command = [minisign, "-V", "-p", "a.pub", "-m", "manifest.json"]
    good = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert good.returncode == 0, good.stderr
    assert "Trusted comment: demo 1.0" in good.stdout
    (tmp_path / "manifest.json").write_bytes(CONTENT + b" ")
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode != 0


def test_we_verify_what_minisign_signs_and_read_its_keys(tmp_path: Path, minisign: str) -> None:
    (tmp_path / "m").write_bytes(CONTENT)
    for command in (["-G", "-W", "-p", "b.pub", "-s", "b.key"], ["-S", "-W", "-s", "b.key", "-m", "m", "-t", "new"],
                    ["-S", "-l", "-W", "-s", "b.key", "-m", "m", "-x", "old.minisig", "-t", "old"]):
        subprocess.run([minisign, *command], cwd=tmp_path, capture_output=True, check=True)
    public = read_public_key(tmp_path / "b.pub")
    for name, algorithm in (("m.minisig", b"ED"), ("old.minisig", b"Ed")):
        signature = read_signature((tmp_path / name).read_bytes(), name)
        assert signature.algorithm == algorithm
        signature.check(CONTENT, public)
    (tmp_path / "b.key").chmod(0o600)
    assert read_secret_key(tmp_path / "b.key").public == public
