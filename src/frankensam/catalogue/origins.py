"""How a statement came into the catalogue: shipped with it, accepted from the archive, or imported in a package."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

OriginKind = Literal["curated", "archive", "own", "package"]
Trust = Literal["own", "trusted key", "unknown key", "unsigned"]

TRUST_WORDS: dict[Trust, str] = {
    "own": "own", "trusted key": "signature valid, key trusted", "unknown key": "signature valid, key unknown", "unsigned": "unsigned",
}


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a row came from; two rows of equal origins came the same way.

    A package has name, version, publisher, the id of the key that signed it, and how far that key
    was trusted when it was imported; `before` is the origin the package itself gave. For the
    archive, `by` is who accepted the claim.
    """

    kind: OriginKind
    name: str | None = None
    version: str | None = None
    publisher: str | None = None
    key: str | None = None
    trust: Trust = "own"
    by: str | None = None
    before: str | None = None

    @property
    def layer(self) -> tuple[str, str | None]:
        """What corrections and removals speak of: the kind, and for a package its name."""
        return self.kind, self.name if self.kind == "package" else None

    @property
    def shown(self) -> str:
        """The origin in one short text."""
        if self.kind == "package":
            signed = f", key {self.key}" if self.key else ""
            before = f"; there: {self.before}" if self.before and self.before != "curated" else ""
            return f"package {self.name} {self.version} ({self.publisher}{signed}, {TRUST_WORDS[self.trust]}){before}"
        if self.kind == "archive":
            return f"archive, accepted by {self.by}"
        return {"curated": "curated", "own": "own file"}[self.kind]

    def as_json(self) -> dict[str, Any]:
        """Return the origin as one JSON object."""
        return asdict(self) | {"shown": self.shown}


CURATED = Origin("curated")
OWN = Origin("own")
