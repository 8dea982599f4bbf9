"""BG/NBD: a customer may leave after each repeat purchase; for comparison with the literature only.

One-time buyers have had no chance of leaving, so their P(alive) is 1: it ranks below chance on real logs.
Source: Fader, Hardie and Lee, "Counting Your Customers" the Easy Way, Marketing Science 24(2), 2005, 275–284.
"""

from __future__ import annotations

from lifetide.ltv.beta_geometric import BetaGeometric, fit_beta_geometric, no_dropout_note
from lifetide.ltv.histories import Histories
from lifetide.ltv.nbd import Nbd, fit_nbd


def fit_bg_nbd(of: Histories) -> BetaGeometric | Nbd:
    """The model of highest likelihood; NBD, with a note, where no dropout is found."""
    return fit_beta_geometric(of, "bg_nbd", first_can_be_last=False) or fit_nbd(of, no_dropout_note())
