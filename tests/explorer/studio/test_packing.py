from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from lifetide.explorer.studio.bits import everyone, of_positions, packed, positions, size
from lifetide.explorer.studio.cache import PackedFiles
from lifetide.explorer.studio.columns import Coded, Numeric
from lifetide.explorer.studio.packing import arrow_of, column_of
from lifetide.explorer.studio.slices import slices_of
from lifetide.explorer.studio.sources import in_memory

MANY = 200_003


def test_a_set_remembers_its_rows_and_has_no_bits_beyond_the_last():
    flags = np.arange(MANY) % 3 == 0
    words = packed(MANY, lambda part: flags[part])
    assert size(words) == 66_668
    assert positions(words, MANY)[:3].tolist() == [0, 3, 6]
    assert size(everyone(MANY)) == MANY
    assert size(everyone(64)) == 64
    assert size(everyone(MANY) & ~words) == MANY - 66_668
    assert positions(of_positions(np.array([5, 199_999]), MANY), MANY).tolist() == [5, 199_999]


def test_money_becomes_cents_and_what_is_missing_stays_missing():
    given = [Decimal("19.99"), None, Decimal("-0.01"), Decimal("12345678.00")]
    column = column_of(pa.chunked_array([pa.array(given[:2], pa.decimal128(18, 2)),
                                         pa.array(given[2:], pa.decimal128(18, 2))]))  # fmt: skip
    assert isinstance(column, Numeric)
    assert column.values.tolist() == [1999, 0, -1, 1_234_567_800]
    assert column.values.dtype == np.int32
    assert positions(column.missing, 4).tolist() == [1]


def test_what_lies_under_a_missing_amount_is_not_taken_for_it():
    """Arrow leaves any bytes where a value is missing; a sum by digits would count them."""
    cents = pa.py_buffer(np.array([[150, 0], [999, 0]], np.int64))
    first_is_known = pa.py_buffer(np.array([0b01], np.uint8))
    given = pa.Array.from_buffers(pa.decimal128(38, 2), 2, [first_is_known, cents])  # as wide as it is read: no copy
    column = column_of(pa.chunked_array([given]))
    assert isinstance(column, Numeric)
    assert column.values.tolist() == [150, 0]


def test_a_sliced_column_of_arrow_is_read_from_its_own_start():
    whole = pa.array([Decimal(1), Decimal(2), Decimal(3)], pa.decimal128(18, 2))
    column = column_of(pa.chunked_array([whole.slice(1)]))
    assert isinstance(column, Numeric)
    assert column.values.tolist() == [200, 300]


def test_words_keep_the_order_of_the_vocabulary_and_others_follow():
    column = column_of(pa.chunked_array([pa.array(["b", None, "zebra", "a", "ant"])]), words=("b", "a"))
    assert isinstance(column, Coded)
    assert column.labels == ("b", "a", "ant", "zebra")
    assert column.codes.tolist() == [1, 0, 4, 2, 3]


def test_dates_booleans_and_doubles():
    days = column_of(pa.chunked_array([pa.array([date(1970, 1, 2), None])]))
    truth = column_of(pa.chunked_array([pa.array([True, None, False])]))
    doubles = column_of(pa.chunked_array([pa.array([0.1, None, float("nan")])]))
    assert isinstance(days, Numeric)
    assert isinstance(doubles, Numeric)
    assert isinstance(truth, Coded)
    assert days.values.tolist() == [1, 0]
    assert (truth.labels, truth.codes.tolist()) == (("false", "true"), [2, 0, 1])
    assert (doubles.values.tolist(), positions(doubles.missing, 3).tolist()) == ([0.1, 0.0, 0.0], [1, 2])


@pytest.mark.parametrize(
    ("given", "type_"),
    [
        ([Decimal("19.99"), None, Decimal("-0.01"), Decimal("-12345678901.00")], pa.decimal128(18, 2)),
        ([3, None, -4_000_000_000], pa.int64()),
        ([date(1969, 12, 31), None, date(2026, 6, 30)], pa.date32()),
        ([0.1, None, -2.5], pa.float64()),
        ([True, None, False], pa.bool_()),
        (["x", None, "ant", "x"], pa.string()),
        ([7], pa.int64()),
    ],
)
def test_a_packed_column_is_given_back_to_arrow_as_it_came(given: list[object], type_: pa.DataType):
    back = arrow_of(column_of(pa.chunked_array([pa.array(given, type_)])))
    assert (back.to_pylist(), back.null_count) == (given, given.count(None))
    assert back.type in (type_, pa.dictionary(pa.int32(), type_))


@pytest.mark.parametrize("lowest", [0, -500, 1_000_000])
def test_a_sum_by_digits_is_the_sum(lowest: int):
    dice = np.random.default_rng(5)
    values = lowest + dice.integers(0, 1 << 28, MANY)
    flags = dice.random(MANY) < 0.3
    slices = slices_of(Numeric(values, column_of(pa.chunked_array([pa.array([1])])).kind))
    members = packed(MANY, lambda part: flags[part])
    assert slices.total(members, size(members)) == int(values[flags].sum())


def test_a_column_that_is_packed_for_the_first_time_is_looked_up_in_its_file_from_then_on(tmp_path: Path):
    """Where there are files, its numbers and digits take memory page by page, as on every later opening."""
    table = pa.table({"order_count": np.arange(300), "customer_id": [str(one) for one in range(300)]})
    source = in_memory(table, "Shop", date(2026, 6, 30))
    source.files = PackedFiles(tmp_path)
    column, digits = source.column("order_count"), source.slices("order_count")
    assert isinstance(column, Numeric)
    assert column.values.tolist() == list(range(300))
    assert isinstance(column.values, np.memmap)
    assert digits.total(everyone(300), 300) == 44_850
    assert isinstance(digits.digits[0], np.memmap)
    assert not isinstance(source.column("customer_id").codes, np.memmap)  # who a customer is is not kept there


def test_packed_columns_are_read_back_as_they_were_and_half_a_column_is_none(tmp_path: Path):
    files = PackedFiles(tmp_path / "slice")
    money = column_of(pa.chunked_array([pa.array([Decimal("1.50"), None], pa.decimal128(18, 2))]))
    words = column_of(pa.chunked_array([pa.array(["x", "y"])]))
    assert files.load("money") is None
    for name, column in (("money", money), ("words", words)):
        files.keep(name, column)
    back, text = files.load("money"), files.load("words")
    assert isinstance(back, Numeric)
    assert isinstance(text, Coded)
    assert (back.values.tolist(), back.scale, size(back.missing)) == ([150, 0], 2, 1)
    assert (text.codes.tolist(), text.labels) == ([1, 2], ("x", "y"))
    (tmp_path / "slice" / "money.npy").write_bytes(b"half")
    assert files.load("money") is None
