"""MBG/NBD: a customer may leave after each purchase, the first included; gives p_alive and p_order.

Source: Batislam, Denizel and Filiztekin, Empirical validation and comparison of models for customer base analysis,
International Journal of Research in Marketing 24 (2007), 201–209.
"""

from __future__ import annotations

from lifetide.ltv.beta_geometric import BetaGeometric, fit_beta_geometric, no_dropout_note
from lifetide.ltv.histories import Histories
from lifetide.ltv.nbd import Nbd, fit_nbd


def fit_mbg_nbd(of: Histories) -> BetaGeometric | Nbd:
    """The model of highest likelihood; NBD, with a note, where no dropout is found."""
    return fit_beta_geometric(of, "mbg_nbd", first_can_be_last=True) or fit_nbd(of, no_dropout_note())
