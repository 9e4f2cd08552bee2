"""Lanchester's laws: square law in time, and the stochastic square law as exact fractions."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from frankensam.analytics.arguments import require, require_count, require_positive

LARGEST_DUEL = 400


@dataclass(frozen=True, slots=True)
class SquareLawEnd:
    """How a fight to the finish ends: when, who is left ("x", "y" or "none"), and how many."""

    time: float
    winner: str
    survivors: float


def square_law(x: float, y: float, y_kills_x: float, x_kills_y: float) -> SquareLawEnd:
    """Return the end of dx/dt = -a y, dy/dt = -b x (Lanchester 1916).

    `y_kills_x` is a, `x_kills_y` is b. The invariant b x^2 - a y^2 decides; the time
    is artanh of the ratio of the weaker to the stronger side's strength over sqrt(ab).
    """
    for value, name in ((x, "x"), (y, "y"), (y_kills_x, "y_kills_x"), (x_kills_y, "x_kills_y")):
        require_positive(value, name)
    strength_x, strength_y = x * math.sqrt(x_kills_y), y * math.sqrt(y_kills_x)
    if strength_x == strength_y:
        return SquareLawEnd(math.inf, "none", 0.0)
    weaker, stronger = sorted((strength_x, strength_y))
    time = math.atanh(weaker / stronger) / math.sqrt(y_kills_x * x_kills_y)
    left = math.sqrt(stronger**2 - weaker**2)
    winner = "x" if strength_x > strength_y else "y"
    return SquareLawEnd(time, winner, left / math.sqrt(x_kills_y if winner == "x" else y_kills_x))


def stochastic_square_law_win(red: int, blue: int) -> Fraction:
    """Return red's chance to win when the next loss is red's with probability blue / (red + blue).

    Exact recursion P(r, b) = (r P(r, b - 1) + b P(r - 1, b)) / (r + b) (Brown 1963).
    """
    r_all, b_all = require_count(red, "red"), require_count(blue, "blue")
    require(r_all + b_all > 0, "a fight needs somebody")
    require(max(r_all, b_all) <= LARGEST_DUEL, f"exact fractions are kept up to {LARGEST_DUEL} a side")
    row = [Fraction(0)] * (b_all + 1)
    for r in range(1, r_all + 1):
        row[0] = Fraction(1)
        for b in range(1, b_all + 1):
            row[b] = (r * row[b - 1] + b * row[b]) / (r + b)
    return row[b_all] if r_all else Fraction(0)
