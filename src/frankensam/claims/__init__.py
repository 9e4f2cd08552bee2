"""As said: claim rows and the extraction that proposes them; what a source said is never overwritten."""

from __future__ import annotations

from frankensam.claims.claim import Claim, Passage
from frankensam.claims.extraction import extract_claims
from frankensam.claims.lexicon import languages

__all__ = ["Claim", "Passage", "extract_claims", "languages"]
