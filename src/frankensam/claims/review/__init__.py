"""Review: people decide on claims; nothing a source said and nothing a person decided is ever overwritten."""

from __future__ import annotations

from frankensam.claims.review.accepted import ReviewedClaim, accepted_claims
from frankensam.claims.review.comparison import Flag
from frankensam.claims.review.decisions import DecidedMeanwhile, Decision, Standing, decide

__all__ = ["DecidedMeanwhile", "Decision", "Flag", "ReviewedClaim", "Standing", "accepted_claims", "decide"]
