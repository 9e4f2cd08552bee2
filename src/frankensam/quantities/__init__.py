"""Quantities with units: each kind is a type of its own, so a count cannot stand where a rate belongs.

Every kind keeps its magnitude in one canonical unit, the unit of the compiled
arrays (days, hours, kilometres, US dollars of a stated price year). What is
read is a written text such as ``12 week``; `parse` gives the value or raises
`QuantityRefused` with the rule broken and, where one is plausible, a
suggestion. `str` of a quantity is a text that parses back to an equal one.
"""

from __future__ import annotations

from frankensam.quantities.dates import PartialDate
from frankensam.quantities.measured import (
    Count,
    DayRate,
    Duration,
    Height,
    Interval,
    LabourHours,
    LabourRate,
    LegLength,
    Length,
    MeasuredQuantity,
    Moment,
    PositiveCount,
    PositiveDuration,
    PositiveLabourHours,
    Speed,
)
from frankensam.quantities.money import HourlyMoney, Money
from frankensam.quantities.plain import Factor, Fraction, LearningSlope, PlainNumber, Probability, Real
from frankensam.quantities.quantity import Quantity, QuantityRefused

__all__ = [
    "Count",
    "DayRate",
    "Duration",
    "Factor",
    "Fraction",
    "Height",
    "HourlyMoney",
    "Interval",
    "LabourHours",
    "LabourRate",
    "LearningSlope",
    "LegLength",
    "Length",
    "MeasuredQuantity",
    "Moment",
    "Money",
    "PartialDate",
    "PlainNumber",
    "PositiveCount",
    "PositiveDuration",
    "PositiveLabourHours",
    "Probability",
    "Quantity",
    "QuantityRefused",
    "Real",
    "Speed",
]
