"""Randomness without a state: each number is a hash of the seed, a purpose and keys, whatever the partitioning."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass

from pyspark.sql import Column
from pyspark.sql import functions as F

Key = Column | str
MOST_TRIALS = 1_000_000


@dataclass(frozen=True)
class Dice:
    """Columns of random numbers. The same seed, purpose and keys give the same number; others an independent one."""

    seed: int

    def uniform(self, purpose: str, *keys: Key) -> Column:
        """Evenly on (0, 1), both ends excluded: the upper 52 bits of xxHash64 and a half. A text key is SQL."""
        salt = self._salt(purpose)
        if all(isinstance(key, str) for key in keys):  # the same as below in one call to Spark, which saves seconds
            hashed = f"xxhash64({salt}L, {', '.join(map(str, keys))})"
            return F.expr(f"(shiftrightunsigned({hashed}, 12) + 0.5D) * {2.0**-52!r}D")
        bits = F.shiftrightunsigned(F.xxhash64(F.lit(salt), *keys), 12)
        return (bits + F.lit(0.5)) * F.lit(2.0**-52)

    def is_so(self, share: float, purpose: str, *keys: Key) -> Column:
        """True with probability `share`."""
        return self.uniform(purpose, *keys) < share

    def below(self, limit: int, purpose: str, *keys: Key) -> Column:
        """A whole number from 0 to limit - 1."""
        return F.floor(self.uniform(purpose, *keys) * limit).cast("int")

    def one_of(self, values: Sequence[str], purpose: str, *keys: Key) -> Column:
        """One of the texts, each as likely."""
        return F.get(F.array(*(F.lit(value) for value in values)), self.below(len(values), purpose, *keys))

    def exponential(self, purpose: str, *keys: Key) -> Column:
        """Mean 1, by inversion: -ln U."""
        return -F.log(self.uniform(purpose, *keys))

    def gamma(self, shape: int, purpose: str, *keys: Key) -> Column:
        """Gamma(shape, 1) of whole shape: the sum of that many exponentials, as -ln(U₁ ⋯ Uₖ)."""
        return -F.log(_product([self.uniform(f"{purpose} {one}", *keys) for one in range(shape)]))

    def erlang(self, shape: Column, largest: int, purpose: str, *keys: Key) -> Column:
        """Gamma(shape, shape), mean 1, where the shape is a column of whole numbers from 1 to `largest`."""
        drawn = [self.uniform(f"{purpose} {one}", *keys) for one in range(largest)]
        factors = [F.when(shape > place, one).otherwise(1.0) for place, one in enumerate(drawn)]
        return -F.log(_product(factors)) / shape

    def beta(self, a: int, b: int, purpose: str, *keys: Key) -> Column:
        """Beta(a, b) of whole a and b: X / (X + Y) with X ~ Gamma(a), Y ~ Gamma(b)."""
        x, y = self.gamma(a, f"{purpose} a", *keys), self.gamma(b, f"{purpose} b", *keys)
        return 1.0 / (1.0 + y / x)

    def normal(self, purpose: str, *keys: Key) -> Column:
        """Standard normal (Box and Muller 1958): √(-2 ln U) cos 2πV."""
        radius = F.sqrt(2.0 * self.exponential(f"{purpose} radius", *keys))
        return radius * F.cos(2 * math.pi * self.uniform(f"{purpose} angle", *keys))

    def trials(self, success: Column | float, purpose: str, *keys: Key) -> Column:
        """Trials up to the first success (geometric, 1 or more), by inversion: ⌈ln U / ln(1 - p)⌉, capped."""
        failure = F.log1p(-success) if isinstance(success, Column) else F.lit(math.log1p(-success))
        count = F.ceil(F.log(self.uniform(purpose, *keys)) / failure)
        return F.least(F.greatest(count, F.lit(1)), F.lit(MOST_TRIALS)).cast("int")

    def _salt(self, purpose: str) -> int:
        digest = hashlib.blake2b(f"{self.seed}:{purpose}".encode(), digest_size=8).digest()
        return int.from_bytes(digest, "big") >> 1  # a bigint, and no minus sign to write


def _product(factors: Sequence[Column]) -> Column:
    product = factors[0]
    for factor in factors[1:]:
        product = product * factor
    return product
