"""Money: always with currency and price year; US dollars are the currency of the model."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar, Self

from frankensam.quantities.measured import REMEMBERED_TEXTS
from frankensam.quantities.quantity import Quantity, QuantityRefused, plain
from frankensam.quantities.units import read_money


@dataclass(frozen=True, slots=True)
class Money(Quantity):
    """An amount in US dollars of a price year."""

    price_year: int

    unit: ClassVar[str] = "USD"
    per: ClassVar[str | None] = None
    meaning: ClassVar[str] = "amount of money"
    examples: ClassVar[tuple[str | float, ...]] = ("3 million USD(2024)",)

    @classmethod
    def parse(cls, written: object) -> Self:
        """Return the amount that the text `written` says, with currency and price year."""
        if isinstance(written, bool) or not isinstance(written, str):
            raise QuantityRefused(
                "money needs a currency and a price year", slug="unit-missing", suggestion=f"write for example {cls.examples[0]}"
            )
        amount, price_year = _amount(written, cls.per)
        return cls(amount, price_year)

    @classmethod
    def _validate(cls, value: object, info: Any) -> Self:
        money = value if isinstance(value, cls) else cls.parse(value)
        wanted = (info.context or {}).get("price_year") if info is not None else None
        if wanted is not None and money.price_year != wanted:
            raise QuantityRefused(
                f"the price year is {money.price_year}, the scenario's is {wanted}; amounts of different years are never mixed",
                slug="price-year-mismatch",
                suggestion="convert the amount with a deflator and say so in its basis",
            )
        return money

    def __str__(self) -> str:
        return f"{plain(self.magnitude)} USD({self.price_year}){'/' + self.per if self.per else ''}"


@lru_cache(maxsize=REMEMBERED_TEXTS)
def _amount(text: str, per: str | None) -> tuple[float, int]:
    return read_money(text, per)


class HourlyMoney(Money):
    """US dollars of a price year for one hour of labour."""

    __slots__ = ()
    unit: ClassVar[str] = "USD/hour"
    per: ClassVar[str | None] = "hour"
    meaning: ClassVar[str] = "hourly cost"
    examples: ClassVar[tuple[str | float, ...]] = ("85 USD(2024)/hour",)
