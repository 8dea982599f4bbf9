"""Tables that tell what Lifetide itself did."""

from __future__ import annotations

from lifetide.tables.model import Keeping, col, table
from lifetide.vocabulary import RunStatus, Severity

NOT_JUDGED = "no audience large enough was evaluated shortly before by the same rule"

RUNS = table(
    "runs",
    "run of a job, written last",
    "run_id",
    Keeping.APPENDED,
    col("run_id", "string", "the run"),
    col("job", "string", "ingest, build, fit, audiences, withdraw, maintain, sample"),
    col("as_of", "date", "the local date it speaks of", "the job has none"),
    col("status", "string", "how it ended", words=RunStatus),
    col("is_current", "boolean", "a build that wrote the tables without an as_of", "not a build"),
    col("batch", "string", "the batch it brought or took out", "no batch"),
    col("started_at", "timestamp", "start"),
    col("finished_at", "timestamp", "end"),
    col("seconds", "double", "between the two"),
    col("fingerprint", "string", "hash of policy and release: the same inputs and fingerprint give the same rows"),
    col(
        "source_fingerprints",
        "map<string,string>",
        "what each source was, as JSON: files or Delta version, mapping, columns, whether refused rows wait",
        "nothing was read",
    ),
    col("input_versions", "map<string,bigint>", "Delta version of each table it read"),
    col("output_versions", "map<string,bigint>", "Delta version of each table it published"),
    col("row_counts", "map<string,bigint>", "rows written per table, and counts of the input"),
    col(
        "knows",
        "array<string>",
        "what the shop sends at all: money, discounts, clicks, margin; the rest is null",
        "not a build",
    ),
    col("filtered_count", "bigint", "rows that a mapping's `where` left out", "nothing was read"),
    col("rejected_count", "bigint", "rows refused", "nothing was read"),
    col("message", "string", "why it was refused or failed, without any person's data", "it did not"),
)

CHECK_RESULTS = table(
    "check_results",
    "check of a run",
    "run_id table_name check_name",
    Keeping.APPENDED,
    col("run_id", "string", "the run"),
    col("table_name", "string", "the table that was checked; run_metrics = figures of the whole run"),
    col("check_name", "string", "the expectation and its columns"),
    col("severity", "string", "critical blocks, warning reports", words=Severity),
    col("success", "boolean", "it held"),
    col("observed", "string", "what was seen, counts only", "it held"),
    col("why", "string", "why the expectation is there"),
)

RUN_METRICS = table(
    "run_metrics",
    "run: figures that no table suite can say; judged by its suite, kept in check_results",
    "run_id",
    Keeping.APPENDED,
    col("run_id", "string", "the run"),
    col("job", "string", "ingest, build or audiences"),
    col("rejected_share", "double", "refused rows ÷ rows read", "not an ingest"),
    col(
        "lost_row_count",
        "bigint",
        "rows read less events, re-deliveries, filtered and rejected",
        "not an ingest",
    ),
    col(
        "daily_revenue_ratio",
        "double",
        "highest daily sales of the new days ÷ median of the 28 trading days before",
        "fewer than 7 days before",
    ),
    col("money_orders_difference", "double", "Σ orders - Σ events up to as_of", "not a build"),
    col("money_people_difference", "double", "Σ customers' historic value + guests' - Σ orders", "not a build"),
    col(
        "missing_customer_share",
        "double",
        "customers of the snapshot before who are gone ÷ all of them",
        "no snapshot before",
    ),
    col(
        "group_flip_share",
        "double",
        "customers whose group changed without an order ÷ those in both, per day",
        "no snapshot before",
    ),
    col(
        "largest_segment_share",
        "double",
        "share of buyers in the largest RFM segment",
        "not a build, or no buyer",
    ),
    col(
        "expected_orders_ratio",
        "double",
        "Σ expected orders of the coming year ÷ net orders of the last one",
        "not a build, no order, or a log of less than a year",
    ),
    col(
        "value_total_difference",
        "double",
        "Σ total value - Σ historic - Σ predicted of buyers",
        "not a build, or no buyer's value is known",
    ),
    col("least_audience_ratio", "double", "members ÷ those of the evaluation before, the least", NOT_JUDGED),
    col("largest_audience_ratio", "double", "members ÷ those of the evaluation before, the most", NOT_JUDGED),
    col("audience_flip_share", "double", "entries and exits ÷ members before, per day, all audiences", NOT_JUDGED),
    col("emptied_audience_count", "bigint", "audiences that had members and have none", NOT_JUDGED),
    col(
        "audience_difference_count", "bigint", "members that overview or classes count otherwise", "not of audiences"
    ),
)
