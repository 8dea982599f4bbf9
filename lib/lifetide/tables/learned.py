"""Tables of what was learned from the shop."""

from __future__ import annotations

from lifetide.tables.model import Keeping, col, table
from lifetide.vocabulary import LearnedMethod

NO_INTERVAL = "pinned, a default, or too few customers for it"

LEARNED_PARAMETERS = table(
    "learned_parameters",
    "parameter, scope and as_of",
    "name scope as_of",
    Keeping.APPENDED,
    col("name", "string", "cut75, rfm_recency_cut_1, group_interval_days: NAME of a main category and so on"),
    col("scope", "string", "shop = everyone; past = learned by a past build, read by that as_of alone"),
    col("as_of", "date", "learned from what happened up to this local date"),
    col("value", "double", "the value in use"),
    col("lower", "double", "lower end of its 90% interval", NO_INTERVAL),
    col("upper", "double", "upper end of its 90% interval", NO_INTERVAL),
    col("method", "string", "how the value came about", words=LearnedMethod),
    col("sample_count", "bigint", "gaps or customers it rests on"),
    col("is_pinned", "boolean", "true where policy pins the value"),
)

LTV_MODELS = table(
    "ltv_models",
    "model and as_of",
    "model as_of",
    Keeping.APPENDED,
    col("model", "string", "name of the model"),
    col("as_of", "date", "fitted on what happened up to this local date"),
    col("parameters", "string", "JSON object"),
    col("log_likelihood", "double", "at the maximum", "the model has none"),
    col("poisson_deviance", "double", "mean over held-out counts", "not held out"),
    col("horizon_days", "int", "the tested horizon", "not held out"),
    col("weight", "double", "share in the chosen mean"),
    col("is_chosen", "boolean", "in use"),
    col("notes", "string", "boundary reports and fall-backs", "nothing to say"),
    is_later=True,
)
