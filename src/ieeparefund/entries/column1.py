"""The ordinary (column 1) rate of duty of a line, as far as an all-in heading needs it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from ieeparefund.errors import FieldError
from ieeparefund.money import Money, exact_dollars, exactly, round_to_cents

__all__ = ["Column1Rate"]

_NONE = Decimal(0)


@dataclass(frozen=True, slots=True)
class Column1Rate:
    """A column-1 rate: ad valorem, specific, or both (compound).

    `ad_valorem` is per cent of the customs value (2.5 = 2.5 per cent); `specific` is US dollars for each
    unit of `quantity`. A free rate is `Column1Rate()`. Nothing below zero is accepted (`FieldError`).
    """

    ad_valorem: Decimal = _NONE
    specific: Decimal = _NONE
    quantity: Decimal | None = None

    def __post_init__(self) -> None:
        for name in ("ad_valorem", "specific", "quantity"):
            given: Money | None = getattr(self, name)
            if given is None and name == "quantity":
                continue
            value = exact_dollars(given, name) if given is not None else _NONE
            if value < 0:
                raise FieldError(
                    f"{name} is {value}, below zero.",
                    remedy="Give the quantity of the line."
                    if name == "quantity"
                    else "Give the rate of the HTSUS.",
                    column=name,
                    value=str(given),
                )
            object.__setattr__(self, name, value)
        if self.specific and self.quantity is None:
            raise FieldError(
                "a specific rate needs the quantity of the line.",
                remedy="Pass quantity in the unit of the rate.",
                column="quantity",
            )

    @exactly
    def duty(self, value: Decimal) -> Decimal:
        """Return the column-1 duty in dollars on a customs value, rounded half up to cents once."""
        return round_to_cents(value * self.ad_valorem / 100 + self.specific * (self.quantity or _NONE))

    @exactly
    def ad_valorem_equivalent(self, value: Decimal) -> Decimal | None:
        """Return the duty as per cent of the customs value, unrounded; `None` where the value is zero.

        This is what is compared with 15 per cent on the all-in headings (HTSUS chapter 99 U.S. note 2(v)).
        """
        if value == 0:
            return None
        return self.ad_valorem + self.specific * (self.quantity or _NONE) * 100 / value
