"""Numbers, money, days and dates as people read them; the same everywhere in the report."""

from __future__ import annotations

import math
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

SYMBOLS = {"GBP": "£", "EUR": "€", "USD": "$", "JPY": "¥", "INR": "₹"}
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
MINUS = "−"

Number = int | float | Decimal


def whole(value: Number) -> str:
    """1,234 (rounded half up; a true minus sign)."""
    rounded = int(Decimal(str(value)).quantize(Decimal(1), ROUND_HALF_UP))
    return f"{MINUS if rounded < 0 else ''}{abs(rounded):,}"


def short(value: Number) -> str:
    """950, 12.3k, 8.3m: three figures at most."""
    size = abs(float(value))
    sign = MINUS if value < 0 else ""
    for limit, unit in ((1e9, "bn"), (1e6, "m"), (1e3, "k")):
        if size >= limit * 0.9995:
            scaled = size / limit
            digits = f"{scaled:.0f}" if scaled >= 99.95 else f"{scaled:.1f}".removesuffix(".0")
            return f"{sign}{digits}{unit}"
    return f"{sign}{size:.0f}" if size >= 10 or size == int(size) else f"{sign}{size:.1f}"


def money(value: Number, currency: str) -> str:
    """£1,234: whole units of the currency."""
    return _with_symbol(whole(value), currency)


def exact_money(value: Decimal, currency: str) -> str:
    """£1,234.56: to the cent."""
    return _with_symbol(f"{MINUS if value < 0 else ''}{abs(value):,.2f}", currency)


def short_money(value: Number, currency: str) -> str:
    """£8.3m."""
    return _with_symbol(short(value), currency)


def _with_symbol(digits: str, currency: str) -> str:
    sign, digits = (MINUS, digits[1:]) if digits.startswith(MINUS) else ("", digits)
    return f"{sign}{SYMBOLS[currency]}{digits}" if currency in SYMBOLS else f"{sign}{currency} {digits}"


def ratio(part: Number, everything: Number) -> float:
    """Part ÷ everything, 0 where there is nothing; never a negative share."""
    return max(0.0, float(part) / float(everything)) if everything and everything > 0 else 0.0


def percent(part: Number, everything: Number) -> str:
    """39%, 8.4%, <0.1%, and 0% for nothing only; 100% for everything only."""
    share = ratio(part, everything) * 100
    if share == 0:
        return "0%"
    if share < 0.1:
        return "<0.1%"
    if share < 10:
        return f"{share:.1f}".removesuffix(".0") + "%"
    if 99.5 <= share < 100:
        return ">99%"
    return f"{share:.0f}%"


def times(value: float) -> str:
    """1.62×."""
    return f"{value:.2f}×"


def plain(value: float) -> str:
    """52, 7.5: one decimal at most, none above ten."""
    return whole(value) if value >= 10 or value == int(value) else f"{value:.1f}"


def counted(value: Number, one: str, many: str | None = None) -> str:
    """1 customer, 2,310 customers."""
    shown = plain(value) if isinstance(value, float) else whole(value)
    return f"{shown} {one if shown == '1' else many or one + 's'}"


def day(value: date) -> str:
    """9 December 2011."""
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def short_day(value: date) -> str:
    """9 Dec 2011."""
    return f"{value.day} {MONTHS[value.month - 1][:3]} {value.year}"


def month(value: date) -> str:
    """Dec 2011."""
    return f"{MONTHS[value.month - 1][:3]} {value.year}"


def change(now: int, then: int) -> str:
    """+8% or −3%, against a figure from before; 'no change'."""
    if now == then:
        return "no change"
    if then == 0:
        return f"+{whole(now)}"
    share = abs(now - then) / then * 100
    if now and 99 < share < 100:
        return f"{MINUS}{min(share, 99.9):.1f}%"
    digits = "<0.1" if share < 0.1 else f"{share:.1f}".removesuffix(".0") if share < 10 else f"{share:,.0f}"
    return f"{'+' if now > then else MINUS}{digits}%"


def nice_step(span: float, wanted: int) -> float:
    """A step of 1, 2, 2.5 or 5 times a power of ten that cuts `span` into about `wanted` pieces."""
    if span <= 0:
        return 1.0
    raw = span / max(1, wanted)
    power: float = 10.0 ** math.floor(math.log10(raw))
    return next(power * step for step in (1, 2, 2.5, 5, 10) if raw <= power * step * (1 + 1e-9))


def ticks(top: float, wanted: int = 4) -> list[float]:
    """Round values from 0 to at least `top`; counts get whole steps."""
    step = max(1.0, nice_step(top, wanted))
    step = math.ceil(step) if step < 5 else step
    return [step * place for place in range(math.ceil(max(top, 1) / step - 1e-9) + 1)]
