"""Checks of arguments shared by the closed forms."""

from __future__ import annotations

import math

from frankensam.errors import FrankensamError


class ArgumentRefused(FrankensamError):
    """An argument lies outside the domain of a formula."""

    slug = "argument-domain"


def require(condition: bool, rule: str) -> None:
    """Refuse the call with `rule` unless `condition` holds.

    Raises:
        ArgumentRefused: it does not hold.
    """
    if not condition:
        raise ArgumentRefused(rule)


def require_probability(value: float, name: str) -> None:
    """Refuse a value outside 0 to 1."""
    require(math.isfinite(value) and 0.0 <= value <= 1.0, f"{name} is a probability between 0 and 1")


def require_positive(value: float, name: str) -> None:
    """Refuse a value that is not finite and above zero."""
    require(math.isfinite(value) and value > 0.0, f"{name} is above 0")


def require_not_negative(value: float, name: str) -> None:
    """Refuse a value that is not finite or below zero."""
    require(math.isfinite(value) and value >= 0.0, f"{name} is not below 0")


def require_count(value: float, name: str, smallest: int = 0) -> int:
    """Return `value` as an integer not below `smallest`.

    Raises:
        ArgumentRefused: it is no whole number or too small.
    """
    require(math.isfinite(value) and float(value).is_integer() and value >= smallest, f"{name} is a whole number of at least {smallest}")
    return int(value)
