"""Stories: near-copies of one text grouped, because twenty copies are not twenty confirmations.

Similarity of two texts is the Jaccard index of their sets of word shingles, estimated from MinHash
signatures (Broder, "On the resemblance and containment of documents", SEQUENCES 1997) and found by
banding (Leskovec, Rajaraman & Ullman, *Mining of Massive Datasets*, ch. 3). Candidates that banding
proposes are decided on their signatures: at 128 values the standard error of the estimate is at most
0.044. Texts too short to have a pattern of their own are only grouped when they are word for word the same.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, islice

import numpy as np
from numpy.typing import NDArray

from frankensam.news.documents import Document, ParagraphRole
from frankensam.news.search_terms import keys_of

SHINGLE_WORDS = 4
FEWEST_SHINGLES = 12
MOST_WORDS_COMPARED = 5_000
SIGNATURE_VALUES = 128
BANDS = 32
SAME_STORY_SIMILARITY = 0.5

Signature = NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What is compared between documents: a key of all words in order, and a MinHash signature where there are enough."""

    words_key: int
    signature: Signature | None


def _constants() -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Multipliers (odd) and offsets of the hash family, from SplitMix64 started at 0: the same everywhere."""
    state, values = 0, []
    for _ in range(2 * SIGNATURE_VALUES):
        state = (state + 0x9E3779B97F4A7C15) & 0xFFFFFFFFFFFFFFFF
        mixed = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & 0xFFFFFFFFFFFFFFFF
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & 0xFFFFFFFFFFFFFFFF
        values.append(mixed ^ (mixed >> 31))
    drawn = np.array(values, dtype=np.uint64)
    return drawn[:SIGNATURE_VALUES] | np.uint64(1), drawn[SIGNATURE_VALUES:]


_MULTIPLIERS, _OFFSETS = _constants()


def body_keys(document: Document) -> list[list[str]]:
    """Return the search keys of each paragraph of the body."""
    return [keys_of(document.text_of(paragraph)) for paragraph in document.body_paragraphs]


def compared_words(document: Document, keys: Sequence[Sequence[str]]) -> list[str]:
    """Return the words a document is compared by, given its `body_keys`: captions and headlines are left out."""
    roles = (ParagraphRole.BODY, ParagraphRole.QUOTATION)
    running = [own for paragraph, own in zip(document.body_paragraphs, keys, strict=True) if paragraph.role in roles]
    return list(islice(chain.from_iterable(running or keys), MOST_WORDS_COMPARED))


def fingerprint(words: Sequence[str]) -> Fingerprint:
    """Return what a text is recognised by; its signature is None below `FEWEST_SHINGLES` shingles."""
    words_key = _key(" ".join(words).encode())
    hashes = _shingle_hashes(words)
    if hashes.size < FEWEST_SHINGLES:
        return Fingerprint(words_key, None)
    with np.errstate(over="ignore"):
        # One row for each function of the family: the minimum along a row is the quicker one.
        mixed = _MULTIPLIERS[:, None] * hashes[None, :]
        mixed += _OFFSETS[:, None]
    return Fingerprint(words_key, (mixed.min(axis=1) >> np.uint64(32)).astype(np.uint32))


def _shingle_hashes(words: Sequence[str]) -> NDArray[np.uint64]:
    """Hashes of the distinct runs of `SHINGLE_WORDS` words, shape [shingle]."""
    if len(words) < SHINGLE_WORDS:
        return np.empty(0, dtype=np.uint64)
    single = np.array([zlib.crc32(word.encode()) for word in words], dtype=np.uint64)
    count = len(words) - SHINGLE_WORDS + 1
    hashes = np.zeros(count, dtype=np.uint64)
    with np.errstate(over="ignore"):
        for offset in range(SHINGLE_WORDS):
            hashes = (hashes ^ single[offset:offset + count]) * np.uint64(0x9E3779B97F4A7C15)
            hashes ^= hashes >> np.uint64(29)
    return np.unique(hashes)


def similarity(first: Signature, second: Signature) -> float:
    """Estimate of the Jaccard index of two texts' shingle sets, 0 to 1."""
    return float(np.count_nonzero(first == second)) / SIGNATURE_VALUES


def band_keys(signature: Signature) -> list[int]:
    """Return the keys under which near-copies meet: one signed 64-bit integer per band."""
    rows = signature.reshape(BANDS, SIGNATURE_VALUES // BANDS)
    return [_key(band.to_bytes(1, "big") + row.tobytes()) for band, row in enumerate(rows)]


def _key(content: bytes) -> int:
    """A 63-bit hash, so that SQLite can hold it as an integer."""
    return int.from_bytes(hashlib.blake2b(content, digest_size=8).digest(), "big") >> 1
