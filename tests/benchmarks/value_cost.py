"""What models of orders to come cost on a million customers: fits against the package lifetimes, and Spark's part.

    python tests/benchmarks/value_cost.py [--customers N] [--lifetimes PYTHON] [--spark]

Simulates N customers whose rates and chances of leaving are those that BG/NBD finds on CDNOW, and prints CPU seconds
of its fit on one thread: Lifetide's on the distinct histories with their counts, lifetimes' on the customers, as its
users call it, and on the same histories and counts. PYTHON is an interpreter of its own that has lifetimes 0.11.3
(numpy < 2, scipy < 1.12, pandas < 2.1); without it that column is left out, and said so. `--spark` lays the customers
as customer_state and times its compression, the driver's scoring and the join back. Exit code 1 where lifetimes takes
less than 15 times the CPU of Lifetide's fit of the same model.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.sql import functions as F

from lifetide.learners import one_thread
from lifetide.ltv.bg_nbd import fit_bg_nbd
from lifetide.ltv.choosing import MOST_GRID_TUPLES, MOST_TUPLES
from lifetide.ltv.compressing import compressed, history_of, with_history
from lifetide.ltv.gamma_gamma import GammaGamma
from lifetide.ltv.grid import fit_grid
from lifetide.ltv.histories import Histories, coarse, distinct, histories
from lifetide.ltv.mbg_nbd import fit_mbg_nbd
from lifetide.ltv.mean_model import Mean
from lifetide.ltv.order_model import Fit, OrderModel
from lifetide.ltv.pareto_nbd import fit_pareto_nbd
from lifetide.ltv.scoring import scores
from lifetide.ltv.worth import with_worth
from lifetide.pipelines.valuing import TYPES
from lifetide.policy import WorthPolicy
from lifetide.session import default_places, spark_session
from lifetide.storage import columns, given_columns

SPAN, BAR = 365, 15.0
AS_OF = date(2026, 1, 1)
THEIRS = """
import sys, time
import numpy as np, pandas as pd
from lifetimes import BetaGeoFitter
told = pd.read_csv(sys.argv[1])
began = time.process_time()
fitted = BetaGeoFitter().fit(told["frequency"], told["recency"], told["tenure"], weights=told["customers"])
print(time.process_time() - began, *fitted.params_.round(4).tolist())
"""


def simulated(customers: int, seed: int = 20260101) -> dict[str, Any]:
    """x, t_x, T in days and the sum of ln gaps: gamma rates (.2426, 4.4136 weeks), beta leaving (.7929, 2.4259)."""
    dice = np.random.default_rng(seed)
    tenure = dice.integers(30, SPAN, customers)
    rate, leaves = dice.gamma(0.2426, 1 / (7 * 4.4136), customers), dice.beta(0.7929, 2.4259, customers)
    last, count, logs = np.zeros(customers), np.zeros(customers), np.zeros(customers)
    here = np.ones(customers, dtype=bool)
    while here.any():
        gap = np.maximum(1, np.ceil(dice.exponential(1 / np.maximum(rate, 1e-9))))
        here &= last + gap <= tenure
        last, count = np.where(here, last + gap, last), count + here
        logs += np.where(here, np.log(gap), 0.0)
        here &= dice.random(customers) >= leaves
    return {"frequency": count, "recency_days": last, "tenure_days": tenure, "log_gap_sum": logs.round(3)}


def timed(what: str, work: Callable[[], Any]) -> tuple[float, Any]:
    """CPU seconds of one thread, printed, and the answer."""
    began = time.process_time()
    found = work()
    seconds = time.process_time() - began
    print(f"| {what} | {seconds:.2f} s |", flush=True)
    return seconds, found


def of_lifetimes(python: str, of: Histories, what: str) -> float:
    """CPU seconds of BetaGeoFitter, in weeks."""
    told = {name: getattr(of, name) for name in ("frequency", "recency", "tenure", "customers")}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "histories.csv"
        pd.DataFrame(told).to_csv(path, index=False)
        command = [python, "-W", "ignore", "-c", THEIRS, str(path)]
        threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
        done = subprocess.run(command, capture_output=True, text=True, env=threads, check=False)
    if done.returncode:
        raise SystemExit(f"lifetimes failed: {done.stderr.strip().splitlines()[-1]}")
    seconds, *parameters = done.stdout.split()
    print(f"| lifetimes BG/NBD on {what} ({' '.join(parameters)}) | {float(seconds):.2f} s |", flush=True)
    return float(seconds)


def state_of(told: dict[str, Any]) -> pa.Table:
    """What the models read of customer_state; every purchase day is worth 50."""
    days = told["frequency"] + 1
    first = np.datetime64(AS_OF) - told["tenure_days"].astype("timedelta64[D]")
    return pa.table(
        {
            "customer_id": np.arange(len(days)).astype(str),
            "gap_count": told["frequency"].astype(np.int32),
            "gap_sum_days": told["recency_days"].astype(np.int64),
            "log_gap_sum": told["log_gap_sum"],
            "first_order_date": first,
            "last_order_date": first + told["recency_days"].astype("timedelta64[D]"),
            "order_day_count": days.astype(np.int32),
            "value": days * 50,
        }
    )


def spark_part(told: dict[str, Any], model: OrderModel) -> None:
    """Compression, scoring and joining back of the same customers, from a stored customer_state."""
    places = default_places(os.environ)
    session = spark_session(
        "value-cost", cache=places.cache, java_home=places.java_home, search_path=places.search_path, memory="3g"
    )
    values = GammaGamma(4.0, 4.0, 40.0, Fit({}, float("nan")))
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "state.parquet")
        pq.write_table(state_of(told), path, row_group_size=100_000)
        money = F.col("value").cast("decimal(18,2)")
        unknown = F.lit(None).cast("decimal(18,2)")
        state = session.read.parquet(path).withColumns(
            {"order_value_sum": money, "net_revenue": money, "margin": unknown}
        )
        began = time.monotonic()
        found = columns(compressed(with_history(state, AS_OF)), at_most=5_000_000)
        size, seconds = len(found["frequency"]), time.monotonic() - began
        print(f"| Spark compresses {len(told['frequency']):,} customers to {size:,} histories | {seconds:.1f} s |")
        with one_thread():
            what = "the driver scores them (three horizons, variance, limits)"
            _, answers = timed(what, lambda: scores(found, model, values))
        began = time.monotonic()
        scored = given_columns(session, {**found, **answers}, TYPES)
        valued = with_worth(state, scored, history_of(AS_OF), values, WorthPolicy())
        valued.write.format("noop").mode("overwrite").save()
        print(f"| Spark joins the answers back and works out the money | {time.monotonic() - began:.1f} s |")
    session.stop()


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints a table."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--customers", type=int, default=1_000_000, metavar="N")
    words.add_argument("--lifetimes", metavar="PYTHON", help="an interpreter with lifetimes 0.11.3")
    words.add_argument("--spark", action="store_true", help="compression, scoring and joining back as well")
    asked = words.parse_args(arguments)
    told = simulated(asked.customers)
    plain = histories({name: told[name] for name in ("frequency", "recency_days", "tenure_days")})
    of, _ = distinct(plain)
    print(f"{asked.customers:,} customers, {len(of):,} distinct x, t_x, T\n\n| CPU of one thread | |\n|---|---|")
    with one_thread():
        ours, bg = timed("Lifetide BG/NBD", lambda: fit_bg_nbd(of))
        print(f"| its parameters | {', '.join(f'{name} {value:.4f}' for name, value in bg.fit.parameters.items())} |")
        timed("Lifetide MBG/NBD", lambda: fit_mbg_nbd(of))
        full, _ = distinct(histories(told))
        few, fewer = coarse(full, MOST_TUPLES), coarse(full, MOST_GRID_TUPLES)
        _, pareto = timed(f"Lifetide Pareto/NBD on {len(few):,} cells", lambda: fit_pareto_nbd(few))
        _, grid = timed(f"Lifetide grid on {len(fewer):,} cells", lambda: fit_grid(fewer, (1,), "grid"))
        _, grid_k = timed("Lifetide grid with regular buyers", lambda: fit_grid(fewer, (1, 2, 3, 5), "grid_k"))
    theirs = None
    if asked.lifetimes:
        theirs = of_lifetimes(asked.lifetimes, plain, "the customers")
        same = of_lifetimes(asked.lifetimes, of, "the histories")
        print(f"\nOn the same histories lifetimes ÷ Lifetide: {same / ours:.1f}.", end=" ")
    if theirs is None:
        print("\nlifetimes was not measured: name an interpreter that has it with --lifetimes PYTHON.")
    else:
        verdict = "holds" if theirs >= BAR * ours else "MISSED"
        print(f"{asked.customers:,} customers, lifetimes ÷ Lifetide: {theirs / ours:.1f} (bar {BAR:g}): {verdict}")
    if asked.spark:
        print("\n| wall time, two cores; CPU for the driver | |\n|---|---|")
        spark_part(told, Mean((pareto, grid, grid_k), Fit({}, float("nan"))))
    return int(theirs is not None and theirs < BAR * ours)


if __name__ == "__main__":
    sys.exit(main())
