"""Arrow columns → columns in memory: text to codes, money to cents, dates to days."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from lifetide.explorer.studio.bits import Words, of_flags, unpacked
from lifetide.explorer.studio.columns import TRUTH, Coded, Column, Kind, Numeric, code_type, narrow

MOST_DIGITS = 18  # of a decimal that fits an integer of 64 bits


def column_of(array: pa.ChunkedArray, words: tuple[str, ...] = ()) -> Column:
    """The packed column; `words` are the labels to start with, in their own order (others follow, sorted)."""
    kind = array.type
    if pa.types.is_boolean(kind):
        return _truths(array)
    if pa.types.is_decimal(kind):
        return _decimals(array, kind.scale)
    if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
        return _integers(array.cast(pa.date32()).cast(pa.int32()), Kind.DATE, 0)
    if pa.types.is_integer(kind):
        return _integers(array, Kind.SCALED, 0)
    if pa.types.is_floating(kind):
        return _doubles(array)
    return _texts(array, words)


def arrow_of(column: Column) -> pa.Array:
    """The column as Arrow holds it: what `column_of` packs to the same column."""
    if isinstance(column, Coded):
        missing = column.codes == 0
        if column.labels == TRUTH:
            return pa.array(column.codes == 2, mask=missing)
        places = pa.array(column.codes.astype(np.int32) - 1, mask=missing)
        return pa.DictionaryArray.from_arrays(places, pa.array(column.labels, pa.string()))
    is_missing = None if column.missing is None else unpacked(column.missing, column.count)
    if column.kind is Kind.DOUBLE:
        return pa.array(column.values, mask=is_missing)
    if column.kind is Kind.DATE:
        return pa.array(column.values.astype(np.int32), mask=is_missing).cast(pa.date32())
    whole = column.values.astype(np.int64)
    if not column.scale:
        return pa.array(whole, mask=is_missing)
    both = np.stack([whole, whole >> 63], axis=1)  # a decimal of 128 bits
    known = None if is_missing is None else pa.py_buffer(np.packbits(~is_missing, bitorder="little"))
    kind = pa.decimal128(MOST_DIGITS, column.scale)
    return pa.Array.from_buffers(kind, len(whole), [known, pa.py_buffer(both)])


def is_packable(kind: pa.DataType) -> bool:
    """True for the types that `column_of` knows."""
    plain = kind.value_type if pa.types.is_dictionary(kind) else kind
    return any(
        test(plain)
        for test in (
            pa.types.is_boolean, pa.types.is_decimal, pa.types.is_date, pa.types.is_timestamp, pa.types.is_integer,
            pa.types.is_floating, pa.types.is_string, pa.types.is_large_string, pa.types.is_null,
        )
    )  # fmt: skip


def _texts(array: pa.ChunkedArray, words: tuple[str, ...]) -> Coded:
    encoded = array.cast(pa.string()).dictionary_encode().unify_dictionaries()
    found: list[str] = encoded.chunk(0).dictionary.to_pylist() if encoded.num_chunks else []
    labels = (*words, *sorted(set(found) - set(words)))
    place = {label: code for code, label in enumerate(labels, start=1)}
    table = np.zeros(len(found) + 1, code_type(len(labels)))
    table[: len(found)] = [place[one] for one in found]
    codes = np.empty(len(array), table.dtype)
    start = 0
    for chunk in encoded.chunks:
        indices = chunk.indices.fill_null(len(found)).to_numpy(zero_copy_only=False)
        codes[start : start + len(indices)] = table[indices]
        start += len(indices)
    return Coded(codes, labels)


def _truths(array: pa.ChunkedArray) -> Coded:
    codes = np.array([1, 2, 0], np.uint8)  # of false, of true, of null
    return Coded(codes[_numpy(array.cast(pa.uint8()).fill_null(2))], TRUTH)


def _decimals(array: pa.ChunkedArray, scale: int) -> Numeric:
    """Unscaled integers, read from the lower half of each 128-bit value; nulls leave whatever there, so 0 instead."""

    def halves(chunk: pa.Array) -> npt.NDArray[Any]:
        wide = chunk.cast(pa.decimal128(38, scale))
        both = np.frombuffer(wide.buffers()[1], np.int64)[2 * wide.offset : 2 * (wide.offset + len(wide))]
        return np.where(_plain(wide.is_null()), 0, both[::2]) if wide.null_count else both[::2]

    return Numeric(_by_chunk(array, halves), Kind.SCALED, scale, _missing(array))


def _integers(array: pa.ChunkedArray, kind: Kind, scale: int) -> Numeric:
    return Numeric(_by_chunk(array, lambda chunk: _plain(chunk.fill_null(0))), kind, scale, _missing(array))


def _by_chunk(array: pa.ChunkedArray, whole: Callable[[pa.Array], npt.NDArray[Any]]) -> npt.NDArray[Any]:
    """Integers, narrow at once: eight bytes of each customer are never held."""
    return np.concatenate([np.empty(0, np.int8), *(narrow(whole(chunk)) for chunk in array.chunks)])


def _doubles(array: pa.ChunkedArray) -> Numeric:
    """NaN is taken as missing: no measure of a customer is one."""
    plain = _numpy(array.cast(pa.float64()).fill_null(float("nan")))
    is_nan = np.isnan(plain)
    if not is_nan.any():
        return Numeric(plain, Kind.DOUBLE)
    return Numeric(np.where(is_nan, 0.0, plain), Kind.DOUBLE, 0, of_flags(is_nan))


def _missing(array: pa.ChunkedArray) -> Words | None:
    if not array.null_count:
        return None
    return of_flags(_numpy(array.is_null()))


def _numpy(array: pa.ChunkedArray) -> npt.NDArray[Any]:
    found: npt.NDArray[Any] = array.to_numpy()
    return found


def _plain(chunk: pa.Array) -> npt.NDArray[Any]:
    found: npt.NDArray[Any] = chunk.to_numpy(zero_copy_only=False)
    return found
