"""What a model foretells of histories, for several horizons in one go."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import numpy as np

from lifetide.ltv.histories import Floats, Histories
from lifetide.ltv.mean_model import Mean
from lifetide.ltv.order_model import OrderModel, Outlook


@runtime_checkable
class AtOnce(Protocol):
    """A model that answers everything in one pass."""

    def outlook(self, of: Histories, weeks: Sequence[float]) -> Outlook:
        """As `outlook`."""


def outlook(model: OrderModel, of: Histories, weeks: Sequence[float]) -> Outlook:
    """The answers of a model for ascending horizons, coherent to the last bit.

    P(order) is at most 1 and never falls with the horizon, and no more orders are expected than there can be.
    """
    found = _answers(model, of, weeks)
    p_order = np.minimum(np.maximum.accumulate(np.stack(found.p_order), axis=0), 1.0)
    expected = np.maximum(np.maximum.accumulate(np.stack(found.expected), axis=0), p_order)
    return Outlook(np.clip(found.p_alive, 0.0, 1.0), tuple(p_order), tuple(expected), found.variance)


def _answers(model: OrderModel, of: Histories, weeks: Sequence[float]) -> Outlook:
    if isinstance(model, Mean):
        return _mean([_answers(member, of, weeks) for member in model.members])
    if isinstance(model, AtOnce):
        return model.outlook(of, weeks)
    p_order = tuple(model.p_order(of, one) for one in weeks)
    expected = tuple(model.expected_orders(of, one) for one in weeks)
    return Outlook(model.p_alive(of), p_order, expected, model.variance(of, weeks[-1]))


def _mean(found: Sequence[Outlook]) -> Outlook:
    """Of the equal mixture: its second moment is the mean of theirs."""

    def mean(each: Sequence[Floats]) -> Floats:
        whole: Floats = np.mean(each, axis=0)
        return whole

    def by_horizon(each: Sequence[tuple[Floats, ...]]) -> tuple[Floats, ...]:
        return tuple(mean(one) for one in zip(*each, strict=True))

    expected = by_horizon([one.expected for one in found])
    squares = mean([one.variance + one.expected[-1] ** 2 for one in found])
    return Outlook(
        mean([one.p_alive for one in found]),
        by_horizon([one.p_order for one in found]),
        expected,
        np.maximum(squares - expected[-1] ** 2, 0.0),
    )
