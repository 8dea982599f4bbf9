"""What is said about columns that are not what they were."""

from __future__ import annotations

from lifetide.pipelines.drift import drift

BEFORE = {"order": "string", "price": "double", "placed": "timestamp"}


def test_columns_that_stayed_are_not_spoken_of() -> None:
    assert drift(BEFORE, dict(reversed(BEFORE.items()))) == []


def test_every_change_is_told_at_once() -> None:
    now = {"order": "bigint", "when": "timestamp", "colour": "string"}
    assert drift(BEFORE, now) == [
        "renamed placed to when (timestamp)",
        "gained colour (string)",
        "lost price (double)",
        "retyped order from string to bigint",
    ]


def test_a_column_that_might_be_either_of_two_is_not_called_renamed() -> None:
    assert drift({"a": "string"}, {"b": "string", "c": "string"}) == [
        "gained b (string)", "gained c (string)", "lost a (string)",
    ]  # fmt: skip
