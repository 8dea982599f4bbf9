"""The flow: from events to what is known about each customer. This is the table of contents; subjects do the work.

events → sale lines, parts of credits → orders, refund_matches → customer_days, customer_items (with clicks)
days, links of ids → person days → purchase days → customer_state → learned parameters
state × ltv_models → worth; state, worth × parameters × what is known of people → customer_profiles
purchase days × parameters → lifecycle_spells → base_growth; moments → transitions, stage_metrics
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lifetide.customers.behaviour import behaviour_days, behaviour_items, clicks
from lifetide.customers.days import customer_days, without_money
from lifetide.customers.items import customer_items
from lifetide.customers.known import answers_on, consents_on, contacts, of_person, referred_on, with_acquisition_cost
from lifetide.customers.people import Links, links_in_force, person_days, purchase_days, resolved
from lifetide.customers.prices import with_price_sensitivity
from lifetide.customers.profiles import profiles, with_has_email, with_ordering
from lifetide.customers.state import acquisition_channels, by_category, customer_state, in_groups, with_signed_up
from lifetide.events.instants import local_date
from lifetide.lifecycle.groups import with_rhythm
from lifetide.lifecycle.learning import learned_rhythm
from lifetide.lifecycle.moments import moments
from lifetide.lifecycle.rate_drop import is_rate_drop
from lifetide.lifecycle.rhythm import rhythm_of
from lifetide.lifecycle.spells import lifecycle_spells
from lifetide.lifecycle.stages import stage_limits_of, with_last_return, with_stage
from lifetide.lifecycle.ticket import is_ticket_decline
from lifetide.ltv.classes import with_classes
from lifetide.ltv.worth import with_sums
from lifetide.metrics.base_growth import base_growth
from lifetide.metrics.monthly import monthly
from lifetide.metrics.periods import Period
from lifetide.metrics.stage_metrics import audience_metrics, stage_metrics
from lifetide.metrics.transitions import REPORTED, STOOD, reported_on, transitions
from lifetide.orders.lines import credit_lines, events_until, order_events, sale_lines
from lifetide.orders.margin import with_margin, without_margin
from lifetide.orders.orders import net_orders, orders, voided_orders
from lifetide.orders.refunds import credit_parts, refund_matches
from lifetide.policy import IdentityPolicy, Policy, WorthPolicy
from lifetide.rfm.champions import with_champions
from lifetide.rfm.cuts import rfm_cuts_of
from lifetide.rfm.learning import learned_rfm_cuts
from lifetide.rfm.scores import with_rfm
from lifetide.vocabulary import LearnedMethod, ParameterScope

__all__ = [
    "Known", "Links", "Shop", "Trade", "audiences_by_period", "base_growth", "clicked", "clicks", "credit_lines",
    "customer_days", "customer_items", "customer_profiles", "done_by_month", "flows", "in_groups",
    "learned_parameters", "lifecycle_spells", "links", "matched", "order_events", "orders", "people", "purchases",
    "refund_matches", "rhythm_of", "segment_flows", "sold", "stages_by_period", "state", "stood_on", "told",
    "with_silent",
]  # fmt: skip


@dataclass(frozen=True)
class Known:
    """What the shop sends at all; the rest is null, never zero."""

    money: bool = True
    discounts: bool = True
    clicks: bool = False
    margin: bool = False


@dataclass(frozen=True)
class Shop:
    """What the shop keeps besides its events; None = it sends no such table."""

    products: DataFrame
    identities: DataFrame
    customers: DataFrame | None = None
    consents: DataFrame | None = None
    surveys: DataFrame | None = None
    acquisition_costs: DataFrame | None = None
    referrals: DataFrame | None = None
    timezone: str = "UTC"


@dataclass(frozen=True)
class Trade:
    """What happened up to as_of: sale lines, parts of credit lines, clicks (None = the shop sends none)."""

    sales: DataFrame
    parts: DataFrame
    clicks: DataFrame | None = None


def told(events: DataFrame, as_of: date, known: Known) -> DataFrame:
    """The events up to as_of with an order's money."""
    return order_events(events_until(events, as_of), has_clicks=known.clicks)


def clicked(events: DataFrame, as_of: date, known: Known) -> DataFrame | None:
    """Clicks up to as_of; None where the shop sends none."""
    return clicks(events_until(events, as_of)) if known.clicks else None


def sold(told_: DataFrame, shop: Shop, known: Known, policy: WorthPolicy) -> DataFrame:
    """Sale lines of the events with an order's money."""
    lines = sale_lines(told_)
    return with_margin(lines, shop.products, policy, units="quantity") if known.margin else without_margin(lines)


def matched(sales: DataFrame, credits_: DataFrame, shop: Shop, known: Known, policy: WorthPolicy) -> DataFrame:
    """Parts of the credit lines, on the sale lines that they meet."""
    parts = credit_parts(sales, credits_)
    return with_margin(parts, shop.products, policy, units="units") if known.margin else without_margin(parts)


def days(orders_: DataFrame, traded: Trade, known: Known) -> DataFrame:
    """customer_days."""
    clicked = None if traded.clicks is None else behaviour_days(traded.clicks)
    found = customer_days(net_orders(orders_), traded.sales, traded.parts, clicked)
    if not known.money:
        return without_money(found)
    return found if known.margin else without_margin(found)


def items(orders_: DataFrame, traded: Trade, shop: Shop, known: Known) -> DataFrame:
    """customer_items."""
    clicked = None if traded.clicks is None else behaviour_items(traded.clicks)
    found = customer_items(voided_orders(orders_), traded.sales, traded.parts, shop.products, clicked)
    return _with_money(found, known)


def links(shop: Shop, as_of: date, policy: IdentityPolicy) -> DataFrame:
    """One row per source_id that is linked to a person at the end of as_of."""
    days_ = {"linked_on": "valid_from", "unlinked_on": "valid_to"}
    dated = shop.identities.withColumns({on: local_date(F.col(at), shop.timezone) for on, at in days_.items()})
    return links_in_force(dated, as_of, policy)


def purchases(customer_days_: DataFrame, links_: Links, policy: Policy) -> DataFrame:
    """One row per customer × purchase day, with `is_rate_drop` and `is_ticket_decline` as known on that day."""
    by_person = person_days(customer_days_, links_, policy.identity)
    bought = purchase_days(by_person, policy.stages.ticket_orders)
    drop = is_rate_drop(F.col("gap_count"), F.col("recency_days"), F.col("last_two_gap_days"), policy.lifecycle)
    decline = is_ticket_decline(F.col("last_values"), policy.stages)
    return bought.withColumns({"is_rate_drop": drop, "is_ticket_decline": decline}).drop("last_values")


def state(
    orders_: DataFrame,
    customer_days_: DataFrame,
    customer_items_: DataFrame,
    purchases_: DataFrame,
    links_: Links,
    *,
    shop: Shop,
    known: Known,
    policy: Policy,
    as_of: date,
) -> DataFrame:
    """customer_state; people who signed up and did nothing are in it."""
    by_person = person_days(customer_days_, links_, policy.identity)
    categories = by_category(resolved(customer_items_, links_, policy.identity))
    dated = net_orders(orders_).where(F.col("source_id").isNotNull()).withColumn("local_date", F.col("order_date"))
    channels = acquisition_channels(resolved(dated, links_, policy.identity))
    return with_silent(customer_state(by_person, purchases_, categories, channels), links_, shop, known, as_of)


def with_silent(state_: DataFrame, links_: Links, shop: Shop, known: Known, as_of: date) -> DataFrame:
    """customer_state, and in it the people who signed up and did nothing."""
    if shop.customers is None:
        return state_
    signed_up = _contacts(shop, shop.customers, links_, as_of)
    return with_signed_up(state_, signed_up, knows_money=known.money, knows_clicks=known.clicks)


def people(shop: Shop, links_: Links, as_of: date) -> DataFrame | None:
    """One row per person with anything known besides events: has_email, consents, nps_score; None = nothing sent."""
    zone = shop.timezone
    found = [] if shop.customers is None else [_contacts(shop, shop.customers, links_, as_of)]
    if shop.consents is not None:
        dated = of_person(shop.consents, links_).withColumn("changed_on", local_date(F.col("changed_at"), zone))
        found.append(consents_on(dated, as_of))
    if shop.surveys is not None:
        found.append(answers_on(_answers(shop, shop.surveys, links_), as_of))
    return reduce(lambda known, one: known.join(one, "customer_id", "full"), found) if found else None


def _answers(shop: Shop, surveys: DataFrame, links_: Links) -> DataFrame:
    return of_person(surveys, links_).withColumn("answered_on", local_date(F.col("answered_at"), shop.timezone))


def _contacts(shop: Shop, customers: DataFrame, links_: Links, as_of: date) -> DataFrame:
    signed_up = local_date(F.col("signed_up_at"), shop.timezone)
    return contacts(of_person(customers, links_).withColumn("signed_up_on", signed_up), as_of)


def learned_parameters(
    state_: DataFrame,
    purchases_: DataFrame,
    policy: Policy,
    *,
    as_of: date,
    scope: ParameterScope,
    groups: Mapping[str, float] | None = None,
) -> DataFrame:
    """learned_parameters without intervals; `groups` = intervals by main category, and then `purchases_` has it."""
    silent = state_.withColumn("days_since_last_order", F.date_diff(F.lit(as_of), "last_order_date"))
    learned = learned_rhythm(state_, purchases_, policy.lifecycle, groups).unionByName(
        learned_rfm_cuts(silent, policy.rfm, "days_since_last_order")
    )
    return learned.select(
        "name", F.lit(str(scope)).alias("scope"), F.lit(as_of).alias("as_of"),
        F.col("value").cast("double").alias("value"),
        F.lit(None).cast("double").alias("lower"), F.lit(None).cast("double").alias("upper"),
        "method", F.col("sample_count").cast("bigint").alias("sample_count"),
        (F.col("method") == str(LearnedMethod.PINNED)).alias("is_pinned"),
    )  # fmt: skip


def customer_profiles(
    state_: DataFrame,
    parameters: Mapping[str, float],
    policy: Policy,
    *,
    as_of: date,
    parameters_as_of: date,
    known: Known,
    shop: Shop | None = None,
    people_: DataFrame | None = None,
) -> DataFrame:
    """customer_profiles for as_of: one narrow pass over customer_state (ltv.worth beside it) joined with people."""
    limits, cuts = stage_limits_of(parameters), rfm_cuts_of(parameters)
    # What looks into arrays first and side by side: Spark compiles all that follows into one loop.
    ordering = with_ordering(state_, as_of, knows_discounts=known.discounts, knows_money=known.money)
    ordering = with_price_sensitivity(with_champions(ordering, cuts, policy.rfm, as_of), parameters)
    ordering = with_last_return(ordering, limits, as_of)
    if people_ is not None:
        ordering = ordering.join(people_, "customer_id", "left")
    ordering = with_has_email(ordering, is_asked=shop is not None and shop.customers is not None)
    if shop is not None and shop.acquisition_costs is not None:
        ordering = with_acquisition_cost(ordering, shop.acquisition_costs)
    rhythmic = with_rhythm(ordering, rhythm_of(parameters), policy.lifecycle, as_of)
    segmented = with_rfm(with_stage(rhythmic, limits, policy.stages), cuts, policy.rfm)
    return profiles(with_classes(with_sums(segmented), parameters), as_of=as_of, parameters_as_of=parameters_as_of)


def stood_on(
    purchases_: DataFrame, days_: Sequence[date], parameters: Mapping[str, float], policy: Policy
) -> DataFrame:
    """Where each customer stood at the end of the days; `purchases_` as `in_groups` gives them."""
    rhythm, limits = rhythm_of(parameters), stage_limits_of(parameters)
    return moments(purchases_, days_, rhythm, limits, policy.lifecycle, policy.stages)


def done_by_month(
    customer_days_: DataFrame, links_: Links, shop: Shop, periods: Sequence[Period], policy: Policy, as_of: date
) -> DataFrame:
    """What each customer did in each month of the periods and of the year before them."""
    answers = None
    if shop.surveys is not None:
        answers = _answers(shop, shop.surveys, links_).where(F.col("answered_on") <= F.lit(as_of))
    return monthly(person_days(customer_days_, links_, policy.identity), answers, periods)


def flows(stood: DataFrame, periods: Sequence[Period], known: Known) -> DataFrame:
    """Transitions between lifecycle groups and between stages; `stood` with the months of `done_by_month`."""
    return _with_money(transitions(stood, periods, STOOD), known)


def segment_flows(snapshots: DataFrame, months: DataFrame, periods: Sequence[Period], known: Known) -> DataFrame:
    """Transitions between segments of snapshots (as_of, customer_id, rfm_segment); both ends of a period have one."""
    return _with_money(transitions(reported_on(snapshots, months), periods, REPORTED), known)


def stages_by_period(
    stood: DataFrame, links_: Links, shop: Shop, periods: Sequence[Period], known: Known
) -> DataFrame:
    """stage_metrics of stages; `stood` with the months of `done_by_month`."""
    return _with_money(stage_metrics(stood, _referred(shop, links_), periods), known)


def audiences_by_period(
    stood: DataFrame, members: DataFrame, links_: Links, shop: Shop, periods: Sequence[Period], known: Known
) -> DataFrame:
    """stage_metrics of audiences; `members` as `audience_metrics` takes them."""
    return _with_money(audience_metrics(stood, members, _referred(shop, links_), periods), known)


def _referred(shop: Shop, links_: Links) -> DataFrame | None:
    if shop.referrals is None:
        return None
    dated = local_date(F.col("referred_at"), shop.timezone).alias("referred_on")
    return referred_on(of_person(shop.referrals.select(F.col("referred_id").alias("customer_id"), dated), links_))


def _with_money(found: DataFrame, known: Known) -> DataFrame:
    return found if known.money else without_money(found)
