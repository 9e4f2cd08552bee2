"""Numbers of a scenario with what they rest on: parameters, fixed numbers, duration laws, bases."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Generic, LiteralString, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, GetJsonSchemaHandler, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError

from frankensam.glossary import AllocationRule, BasisKind, DurationFamily, ItemKind, LearningTheory, SiteKind, ThreatClass
from frankensam.quantities import Duration, Moment, PositiveDuration, Quantity


class StrictModel(BaseModel):
    """Frozen, strict, without unknown keys, NaN or infinity."""

    model_config = ConfigDict(
        frozen=True,
        strict=True,
        extra="forbid",
        allow_inf_nan=False,
        use_attribute_docstrings=True,
        validate_by_name=False,
        validate_by_alias=True,
        serialize_by_alias=True,
    )


def refused(rule: str, suggestion: str | None = None, *, slug: LiteralString, at: str | None = None) -> PydanticCustomError:
    """Return the error to raise in a validator: `rule` broken, under `slug`; `at` names the key inside that is to blame."""
    # the texts go in as context, because the message of a custom error is a template
    return PydanticCustomError(slug, "{rule}", {"rule": rule, "suggestion": suggestion, "at": at})


class Reference:
    """Marks a text as the id of an entity of the named section; `checks` follows it."""

    __slots__ = ("section",)

    def __init__(self, section: str) -> None:
        self.section = section


class Basis(StrictModel):
    """What a number rests on: exactly one of a catalogue claim, a citation, an assumption."""

    claim: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    """Id of a fact in the catalogue."""
    citation: Annotated[str, Field(min_length=1, max_length=200), Reference("sources")] | None = None
    """Key of a source under `sources`."""
    assumption: Annotated[str, Field(min_length=3, max_length=2_000)] | None = None
    """The reason, in words."""
    note: Annotated[str, Field(min_length=1, max_length=2_000)] | None = None
    """How the number follows from the claim or citation."""

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if sum(value is not None for value in (self.claim, self.citation, self.assumption)) != 1:
            raise refused("a basis is exactly one of claim, citation and assumption", slug="basis-not-one")
        return self

    @property
    def kind(self) -> BasisKind:
        """Which of the three it is."""
        if self.claim is not None:
            return BasisKind.CLAIM
        return BasisKind.CITATION if self.citation is not None else BasisKind.ASSUMPTION

    @property
    def text(self) -> str:
        """The id, key or reason."""
        return self.claim or self.citation or self.assumption or ""


class Distribution(StrEnum):
    """How an uncertain parameter is drawn over its range."""

    UNIFORM = "uniform"
    TRIANGULAR = "triangular"
    LOGUNIFORM = "loguniform"


# Controlled words are written as text, which strict models would otherwise not take for a member of the enumeration.
DistributionWord = Annotated[Distribution, Field(strict=False)]
ThreatClassWord = Annotated[ThreatClass, Field(strict=False)]
SiteKindWord = Annotated[SiteKind, Field(strict=False)]
ItemKindWord = Annotated[ItemKind, Field(strict=False)]
LearningTheoryWord = Annotated[LearningTheory, Field(strict=False)]
AllocationRuleWord = Annotated[AllocationRule, Field(strict=False)]

Q = TypeVar("Q", bound=Quantity | Moment)


def _scalar_as_value(data: Any) -> Any:
    return data if isinstance(data, (Mapping, BaseModel)) else {"value": data}


class _Number(StrictModel):
    """A number that may be written bare, or as a mapping with more about it."""

    bare_key: ClassVar[str] = "value"
    """Key that a bare number stands under."""

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Describe both forms for editors."""
        whole = handler(schema)
        bare = handler.resolve_ref_schema(whole)["properties"][cls.bare_key]
        return {"anyOf": [bare, whole]}


class Fixed(_Number, Generic[Q]):
    """A number that belongs to the structure: it has a basis, but no range.

    A bare value stands for ``{value: ...}``.
    """

    value: Q
    """The number."""
    basis: Basis | None = None
    """What it rests on; absent: the basis of the enclosing section."""

    @model_validator(mode="before")
    @classmethod
    def _bare_value(cls, data: Any) -> Any:
        if isinstance(data, Mapping) and "range" in data:
            raise refused(
                "this number is part of the structure and cannot have a range",
                "make variants that differ in it",
                slug="range-on-fixed",
                at="range",
            )
        return _scalar_as_value(data)


class Parameter(_Number, Generic[Q]):
    """A number of the model; with a range it is uncertain and drawn once per design point.

    A bare value stands for ``{value: ...}``.
    """

    value: Q
    """Best estimate; the mode of a triangular distribution."""
    range: tuple[Q, Q] | None = None
    """Smallest and largest plausible value; absent: certain."""
    distribution: DistributionWord | None = None
    """How it is drawn over the range; triangular with mode `value` when absent."""
    basis: Basis | None = None
    """What it rests on; absent: the basis of the enclosing section."""
    note: Annotated[str, Field(min_length=1, max_length=2_000)] | None = None
    """Remark for readers."""

    @model_validator(mode="before")
    @classmethod
    def _bare_value(cls, data: Any) -> Any:
        return _scalar_as_value(data)

    @model_validator(mode="after")
    def _range_holds_value(self) -> Self:
        check_range(self.value, self.range, self.distribution)
        return self

    @property
    def uncertain(self) -> bool:
        """Whether it is drawn at each design point."""
        return self.range is not None


def check_range(value: Quantity | Moment, bounds: tuple[Any, Any] | None, distribution: Distribution | None) -> None:
    """Refuse a reversed or empty range, a value outside it, a distribution without it."""
    if bounds is None:
        if distribution is not None:
            raise refused("a distribution needs a range", slug="distribution-without-range")
        return
    low, best, high = (_comparable(quantity) for quantity in (bounds[0], value, bounds[1]))
    if None in (low, best, high) or len({type(low), type(best), type(high)}) > 1:
        raise refused("a range and its value are all dates or all durations", slug="range-mixed", at="range")
    if low > high:
        raise refused(
            "the range is reversed: its first value is the larger one",
            f"write [{bounds[1]}, {bounds[0]}]",
            slug="range-reversed",
            at="range",
        )
    if low == high:
        raise refused("a range needs two different values", "leave the range out if the number is certain", slug="range-empty", at="range")
    if not low <= best <= high:
        raise refused(f"the value {value} lies outside its range [{bounds[0]}, {bounds[1]}]", slug="value-outside-range", at="value")
    if distribution is Distribution.LOGUNIFORM and not (isinstance(low, float) and low > 0):
        raise refused("a loguniform distribution needs a range above zero", slug="range-not-positive", at="range")


def _comparable(quantity: Quantity | Moment) -> Any:
    if isinstance(quantity, Moment):
        return quantity.value.magnitude if isinstance(quantity.value, Duration) else quantity.value
    return quantity.magnitude


class Lognormal(StrictModel):
    """A lognormal duration by mean and coefficient of variation."""

    mean: PositiveDuration
    """Mean."""
    cv: Annotated[float, Field(gt=0, le=10)]
    """Standard deviation over mean."""


class DurationLaw(_Number):
    """A duration drawn anew at each event; exactly one of the four families.

    A bare duration stands for ``{fixed: ...}``. The range, if any, is of the
    fixed value or the mean, and makes that an uncertain parameter.
    """

    bare_key: ClassVar[str] = "fixed"

    fixed: Duration | None = None
    """Always this long."""
    uniform: tuple[Duration, Duration] | None = None
    """Anything between the two, equally likely."""
    exponential: Duration | None = None
    """Exponential with this mean."""
    lognormal: Lognormal | None = None
    """Lognormal with this mean and coefficient of variation."""
    range: tuple[Duration, Duration] | None = None
    """Smallest and largest plausible fixed value or mean; absent: certain."""
    distribution: DistributionWord | None = None
    """How that is drawn over the range; triangular when absent."""
    basis: Basis | None = None
    """What it rests on; absent: the basis of the enclosing section."""
    note: Annotated[str, Field(min_length=1, max_length=2_000)] | None = None
    """Remark for readers."""

    @model_validator(mode="before")
    @classmethod
    def _bare_value(cls, data: Any) -> Any:
        return data if isinstance(data, (Mapping, BaseModel)) else {"fixed": data}

    @model_validator(mode="after")
    def _one_family(self) -> Self:
        given = [name for name in DurationFamily if getattr(self, name.value) is not None]
        if len(given) != 1:
            raise refused(f"a duration law is exactly one of {', '.join(DurationFamily)}", slug="duration-family")
        if self.uniform is not None:
            if self.range is not None:
                raise refused(
                    "a uniform duration has no range: its two bounds are given", "use another family with a range", slug="duration-family"
                )
            if not self.uniform[0].magnitude < self.uniform[1].magnitude:
                raise refused("the bounds of a uniform duration are reversed or equal", slug="range-reversed", at="uniform")
        check_range(self.centre, self.range, self.distribution)
        if self.lognormal is not None and self.range is not None and not self.range[0].magnitude > 0:
            raise refused("the mean of a lognormal duration is above zero", slug="range-not-positive", at="range")
        return self

    @property
    def family(self) -> DurationFamily:
        """Which of the four it is."""
        return next(name for name in DurationFamily if getattr(self, name.value) is not None)

    @property
    def centre(self) -> Duration:
        """The fixed value, or the mean of the distribution."""
        if self.uniform is not None:
            return Duration((self.uniform[0].magnitude + self.uniform[1].magnitude) / 2)
        if self.lognormal is not None:
            return Duration(self.lognormal.mean.magnitude)
        centre = self.fixed or self.exponential
        assert centre is not None, "validated: exactly one family"
        return centre

    @property
    def uncertain(self) -> bool:
        """Whether its centre is drawn at each design point."""
        return self.range is not None
