"""What any forecast of raids has to beat: three ways of drawing past days as they were."""

from __future__ import annotations

import numpy as np

from frankensam.raids.record import Counts

RECENT_DAYS = 28


def climatology(history: Counts, days: int, members: int, random: np.random.Generator) -> Counts:
    """Return stretches of the whole history, each as likely as the other, shape (members, days, classes)."""
    known = np.isfinite(history).all(axis=1)
    whole = np.flatnonzero(np.convolve(~known, np.ones(days, dtype=int))[days - 1 : history.shape[0]] == 0)
    first = random.choice(whole, size=members)
    return history[first[:, None] + np.arange(days)]


def last_days(history: Counts, days: int, members: int, random: np.random.Generator) -> Counts:
    """Return days drawn with replacement from the last `RECENT_DAYS` days, shape (members, days, classes)."""
    recent = history[-RECENT_DAYS:]
    recent = recent[np.isfinite(recent).all(axis=1)]
    return recent[random.integers(0, recent.shape[0], (members, days))]


def same_weekdays(history: Counts, days: int, members: int, random: np.random.Generator) -> Counts:
    """Return for each day to come a day of the same weekday drawn from the whole history, shape (members, days, classes)."""
    drawn = np.empty((members, days, history.shape[1]))
    size = history.shape[0]
    for ahead in range(days):
        past = history[(size + ahead) % 7 :: 7]
        past = past[np.isfinite(past).all(axis=1)]
        drawn[:, ahead] = past[random.integers(0, past.shape[0], members)]
    return drawn


BASELINES = {"climatology": climatology, "last_28_days": last_days, "same_weekdays": same_weekdays}
