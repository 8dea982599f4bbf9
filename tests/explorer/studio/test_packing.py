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
from lifetide.explorer.studio.packing import column_of
from lifetide.explorer.studio.slices import slices_of

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


@pytest.mark.parametrize("lowest", [0, -500, 1_000_000])
def test_a_sum_by_digits_is_the_sum(lowest: int):
    dice = np.random.default_rng(5)
    values = lowest + dice.integers(0, 1 << 28, MANY)
    flags = dice.random(MANY) < 0.3
    slices = slices_of(Numeric(values, column_of(pa.chunked_array([pa.array([1])])).kind))
    members = packed(MANY, lambda part: flags[part])
    assert slices.total(members, size(members)) == int(values[flags].sum())


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
