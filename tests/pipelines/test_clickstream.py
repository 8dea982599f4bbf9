"""The shipped clickstream, mapped by its settings alone: visitors and buyers, and no money anywhere."""

from __future__ import annotations

import shutil
from datetime import date

import duckdb
import pytest
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lifetide.pipelines.build import build
from lifetide.pipelines.ingest import ingest
from lifetide.shipped import CLICKSTREAM
from lifetide.tables import CUSTOMER_PROFILES, EVENTS, ORDERS, REJECTED_EVENTS
from pipelines.small_shop import SmallShop

pytestmark = pytest.mark.delta
AS_OF = date(2024, 6, 30)
LOG = f"'{CLICKSTREAM / 'retentioneering.parquet'}'"


@pytest.fixture(scope="module")
def shop(spark, tmp_path_factory) -> SmallShop:
    made = SmallShop(spark, tmp_path_factory.mktemp("clickstream") / "shop", gates=False)
    shutil.copytree(CLICKSTREAM, made.folder)
    ingest(made.context(), today=date(2024, 7, 1), batch="clicks")
    build(made.context(), as_of=AS_OF)
    return made


@pytest.fixture(scope="module")
def profiles(shop: SmallShop) -> DataFrame:
    return shop.context().store.read(CUSTOMER_PROFILES).cache()


def test_every_row_is_an_event_but_for_identical_ones(shop: SmallShop) -> None:
    assert shop.context().store.read(REJECTED_EVENTS).isEmpty()
    distinct = duckdb.sql(f"SELECT count(*) FROM (SELECT DISTINCT * FROM {LOG})").fetchone()
    assert shop.context().store.read(EVENTS).count() == distinct[0]


def test_visitors_and_buyers_are_segmented_without_a_price(profiles: DataFrame) -> None:
    segments = {row.rfm_segment: row["count"] for row in profiles.groupBy("rfm_segment").count().collect()}
    assert segments.pop("engaged_visitor") == 252
    assert segments.pop("loyal_visitor") == 20
    assert segments.pop("first_time") == 224
    assert sum(segments.values()) == 104
    assert profiles.where("order_count > 1 AND rfm_reason <> 'no_revenue'").isEmpty()
    assert profiles.where("rfm_monetary <> rfm_frequency").isEmpty()


def test_money_that_nobody_sent_is_null_and_not_zero(shop: SmallShop, profiles: DataFrame) -> None:
    money = ("ltv_historic", "order_value_sum", "average_order_value", "annual_revenue", "monetary_value",
             "refund_share")  # fmt: skip
    assert profiles.agg(*(F.count(name).alias(name) for name in money)).first().asDict() == dict.fromkeys(money, 0)
    orders = shop.context().store.read(ORDERS)
    assert orders.agg(F.count("*"), F.count("net_revenue"), F.count("gross_revenue")).first() == (470, 0, 0)


def test_visits_are_the_sessions_of_the_log(profiles: DataFrame) -> None:
    visits = profiles.agg(F.sum("visit_count"), F.count_if(F.col("last_visit_date").isNull())).first()
    assert tuple(visits) == (3605, 0)


@pytest.mark.prove  # builds again
def test_a_person_who_left_an_address_since_is_a_reason_to_build_again(shop: SmallShop) -> None:
    assert build(shop.context(), as_of=AS_OF).status == "unchanged"
    with (shop.folder / "customers.csv").open("a", encoding="utf-8") as file:
        file.write("user_0002,user0002@example.org\n")
    ingest(shop.context(), today=date(2024, 7, 1), batch="one more address")
    assert build(shop.context(), as_of=AS_OF).status == "published"
    found = shop.context().store.read(CUSTOMER_PROFILES).where("customer_id = 'user_0002'").first()
    assert found.has_email
