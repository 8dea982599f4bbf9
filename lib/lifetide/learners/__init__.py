"""What is learned by scikit-learn: the trained scorer of orders to come."""

from lifetide.learners.scorer import Scorer, learned, scorer_from

__all__ = ["Scorer", "learned", "scorer_from"]
