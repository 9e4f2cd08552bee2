"""What is refused because it can be read in more than one way; every refusal lists the readings."""

from __future__ import annotations

import re

from frankensam.quantities.quantity import QuantityRefused


def refuse_unclear_number(text: str) -> None:
    """Refuse a number with a thousands mark, a decimal comma, a range, or digits that are not ASCII."""


def refuse_unclear_unit(word: str) -> None:
    """Refuse a unit word that stands for several units."""


def refuse_unclear_money(text: str) -> None:
    """Refuse an amount whose currency, price year or multiplier is not clear."""
