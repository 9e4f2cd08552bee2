"""What a claim is about, in one line: by this claims are put side by side."""

from __future__ import annotations

from functools import cache

from frankensam.claims.claim import Claim
from frankensam.claims.lexicon import gazetteer
from frankensam.claims.systems import family_name
from frankensam.glossary import ClaimType

JOINED = " + "
SEPARATOR = "; "


def subject_of(claim: Claim) -> str | None:
    """Return what a claim is about, or None where it names nothing that could be compared.

    An agreement: its own name where the gazetteers know it, else its parties. Everything else: launcher and
    interceptor (variants under the name of their family), else the hybrid, else the agreement.
    """
    if claim.type is ClaimType.AGREEMENT:
        return _known_agreement(claim) or claim.hybrid or SEPARATOR.join(sorted(claim.organisations)) or None
    return systems_subject(claim.launcher, claim.interceptor) or claim.hybrid or claim.sensor or _known_agreement(claim)


def systems_subject(launcher: str | None, interceptor: str | None) -> str | None:
    """Return the subject of what is said about a launcher with an interceptor, either of which may be unknown."""
    parts = [SEPARATOR.join(sorted({family_name(name) for name in split_names(part)})) for part in (launcher, interceptor) if part]
    return JOINED.join(parts) or None


def single_subjects(launcher: str | None, interceptor: str | None) -> list[str]:
    """Return the subjects of each launcher with each interceptor, of a claim that names several at once."""
    launchers: list[str | None] = [*split_names(launcher)]
    interceptors: list[str | None] = [*split_names(interceptor)]
    pairs = [(one, other) for one in launchers or [None] for other in interceptors or [None]]
    return [subject for one, other in pairs if (subject := systems_subject(one, other)) is not None]


def split_names(joined: str | None) -> list[str]:
    """Return the names that a claim's field joins."""
    return [name for name in (joined or "").split(SEPARATOR) if name]


@cache
def _agreements() -> frozenset[str]:
    return frozenset(entity.name for entity in gazetteer().entities if entity.kind == "agreement")


def _known_agreement(claim: Claim) -> str | None:
    return claim.agreement if claim.agreement in _agreements() else None
