"""What is learned by scikit-learn: the trained scorer of orders to come."""

from lifetide.learners.scorer import Scorer, learned, scorer_from
from lifetide.learners.threads import one_thread

__all__ = ["Scorer", "learned", "one_thread", "scorer_from"]
