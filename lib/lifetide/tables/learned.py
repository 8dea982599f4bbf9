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
    "model, scope and as_of",
    "model scope as_of",
    Keeping.APPENDED,
    col("model", "string", "name of the model"),
    col("scope", "string", "shop = everyone; past = fitted by a past build, read by that as_of alone"),
    col("as_of", "date", "fitted on what happened up to this local date"),
    col(
        "parameters", "string", "JSON object with all that its answers need; rates per week; errors are standard ones"
    ),
    col("log_likelihood", "double", "at the maximum", "the model has none"),
    col("poisson_deviance", "double", "mean over held-out counts of earlier cut-offs", "not held out"),
    col(
        "horizon_days", "int", "the tested horizon; what lies beyond it is extrapolated by the model", "not held out"
    ),
    col("weight", "double", "share in the orders that are predicted", "the mean itself, or a model of values"),
    col("is_chosen", "boolean", "in use: one model of orders, and the model of values"),
    col(
        "drift",
        "double",
        "by what share it was wrong about a tenth of the customers, beyond chance; widens the limits",
        "not chosen, or not held out",
    ),
    col(
        "proof",
        "string",
        "JSON: what it foretold from the newest earlier cut-off (`tenths`: customers, expected, 80% limits, actual; "
        "`tracking`: days, expected, actual orders)",
        "not chosen, or the log is too short to hold anything out",
    ),
    col("notes", "string", "boundary reports and fall-backs", "nothing to say"),
)
