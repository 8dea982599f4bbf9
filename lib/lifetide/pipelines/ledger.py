"""The ledger of members: what the day's evaluation and late news change in what is believed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import reduce

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lifetide.audiences import Audience
from lifetide.audiences.ledger import (
    PAIR,
    Recording,
    believed,
    covers,
    looked_at_again,
    moved,
    recorded,
    reference,
    stretched,
    told,
)
from lifetide.audiences.ranks import universe
from lifetide.audiences.tree import Membership
from lifetide.audiences.waits import has_waits, waited
from lifetide.audiences.words import MembershipType
from lifetide.pipelines.audiences import Evaluated, published_audience
from lifetide.pipelines.calendar import Calendar, versions_on
from lifetide.pipelines.looking_back import past_day
from lifetide.pipelines.news import News, late_news
from lifetide.pipelines.publishing import Run
from lifetide.pipelines.slices import renew
from lifetide.tables import AUDIENCE_HOLDS, AUDIENCE_MEMBERS
from lifetide.vocabulary import EnterReason


@dataclass(frozen=True)
class Day:
    """What a run of the ledger knows before it looks: the day, the versions in force, what is new about them.

    `replay` = earlier days on which everyone is looked at anew, in order; `evaluated` = versions on those of the days
    since the first of them that were evaluated before.
    """

    on: date
    audiences: Mapping[str, Audience]
    versions: dict[str, int]
    calendar: Calendar
    replay: tuple[date, ...] = ()
    evaluated: Mapping[date, dict[str, int]] = field(default_factory=dict)

    @property
    def replayed(self) -> dict[date, dict[str, int]]:
        """The versions on each day of the replay: as evaluated, else as evaluated next, else those in force."""
        found = {}
        after = self.versions
        for one in reversed(self.replay):
            after = self.evaluated.get(one, after)
            found[one] = after
        return found

    @property
    def references(self) -> dict[str, str]:
        """key@version by key."""
        return {key: f"{key}@{version}" for key, version in self.versions.items()}

    @property
    def begun(self) -> dict[str, EnterReason]:
        """References that the first day looked at is the first of."""
        return self.calendar.begun(self.versions, self.begins)

    @property
    def begins(self) -> date:
        """The first day that everyone is looked at on."""
        return self.replay[0] if self.replay else self.on

    @property
    def first_days(self) -> dict[str, date]:
        """The first day by key that an audience of that name was evaluated on, the days of this run among them."""
        before = self.calendar.first_days
        return {key: min(before.get(key, self.begins), self.begins) for key in self.versions}

    @property
    def waits(self) -> dict[str, Membership]:
        """The waits of those that have some, by reference."""
        return {
            self.references[key]: one.membership for key, one in self.audiences.items() if has_waits(one.membership)
        }

    @property
    def static(self) -> list[str]:
        """References of audiences whose members are found once."""
        is_static = (key for key, one in self.audiences.items() if one.membership.type is MembershipType.STATIC)
        return [self.references[key] for key in is_static]

    @property
    def frozen(self) -> list[str]:
        """Those whose members were found on an earlier day."""
        begun = self.begun
        return [one for one in self.static if one not in begun]


@dataclass(frozen=True)
class Recorded:
    """The ledger as it will stand: `stretches` as believed, `holding` = those of the rules without waits."""

    stretches: DataFrame
    holding: DataFrame
    customers: int


def record(run: Run, day: Day, evaluated: Evaluated) -> Recorded:
    """Stages the rows of the ledger that the day changes."""
    held_now = run.aside("holding", told(evaluated.rows, day.references, day.on))
    now = held_now.rows
    members = believed(run.store.read(AUDIENCE_MEMBERS))
    holds = _holds(run.store.read(AUDIENCE_HOLDS))
    of_waits = F.col("reference").isin(list(day.waits))
    raw = members.where(~of_waits).select(*PAIR, "valid_from", "valid_to")
    if day.waits:
        raw = raw.unionByName(holds.where(of_waits).select(*PAIR, "valid_from", "valid_to"))
    observed = _observed(run, day, now, raw)
    if day.waits:
        observed = _with_pending(observed, members.where(of_waits), raw, day.on)
    pairs = _pairs(run, day, evaluated.profiles, observed, raw)
    if day.waits:
        held = pairs.where(of_waits).select(*PAIR, F.explode(F.concat("kept", "renewed")).alias("one"))
        before = holds.join(pairs.select(*PAIR), list(PAIR), "left_semi").where(of_waits)
        holding = renew(run, AUDIENCE_HOLDS, before.select(*AUDIENCE_HOLDS.column_names), _as_holds(held)).whole
        holds = _holds(holding)
    recording = Recording(run.context.now(), run.outcome.run_id, day.on, day.versions, day.begun, day.begins)
    changes = recorded(pairs, members, recording)
    staged = run.stage(AUDIENCE_MEMBERS, changes, "merge")
    stretches = _as_it_will_stand(members, staged)
    return Recorded(stretches, stretches.where(~of_waits).select(*PAIR, "valid_from", "valid_to").unionByName(
        holds.where(of_waits).select(*PAIR, "valid_from", "valid_to")), held_now.count)  # fmt: skip


def _observed(run: Run, day: Day, now: DataFrame, raw: DataFrame) -> DataFrame:
    """Whom the day moves, and the people of late news on every evaluated day since; in a replay everyone."""
    if day.replay:
        return _replayed(run, day, now, raw)
    observed = moved(now, raw, day.on)
    news = None if day.calendar.last is None else late_news(run, day.calendar.last)
    if news is None or day.calendar.last is None:
        return observed
    earliest = day.calendar.last - timedelta(days=run.context.settings.policy.audiences.restate_days)
    if news.first < earliest:
        run.outcome.notes.append(
            f"news reaches back to {news.first}: memberships before {earliest} stay as they were believed "
            "(policy.audiences.restate_days)"
        )
    versions = versions_on(run.store, max(news.first, earliest), day.on)
    if not versions:
        return observed
    then = [_then(run, one, known, news, day) for one, known in versions.items()]
    told_ = reduce(DataFrame.unionByName, then, now)
    again = looked_at_again(told_, news.people, raw, [*versions, day.on])
    run.outcome.notes.append(
        f"news of {news.count:,} people: their memberships on {len(versions)} evaluated days since {min(versions)} "
        "are looked at again"
    )
    return observed.join(news.people, "customer_id", "left_anti").unionByName(again)


def _replayed(run: Run, day: Day, now: DataFrame, raw: DataFrame) -> DataFrame:
    """Everyone on every day of the replay; members of static audiences are found on the first of them."""
    days = [*day.replay, day.on]
    versions = day.replayed
    then = [_then(run, one, versions[one], None, day) for one in day.replay]
    told_ = reduce(DataFrame.unionByName, then, now)
    everyone = told_.select("customer_id").unionByName(raw.select("customer_id")).distinct()
    again = looked_at_again(told_, run.aside("everyone", everyone).rows, raw, days)
    if not day.static:
        return again
    return again.where(~F.col("reference").isin(day.static) | (F.col("day") == F.lit(day.begins)))


def _then(run: Run, day: date, versions: Mapping[str, int], news: News | None, today: Day) -> DataFrame:
    """What the versions of a past day say of the people on it, by today's knowledge."""
    references = {key: f"{key}@{version}" for key, version in versions.items()}
    current = today.references
    audiences = {
        key: today.audiences[key] if current.get(key) == one else published_audience(run.store, one)
        for key, one in references.items()
    }
    found = past_day(run, day, audiences, news, today.on)
    return run.aside(f"then_{day}", told(found, references, day)).rows


def _with_pending(observed: DataFrame, members: DataFrame, raw: DataFrame, day: date) -> DataFrame:
    """In addition members whom the waits alone keep: the day may be the one on which these are over."""
    held = raw.where(covers(day))
    kept = members.where(covers(day)).join(held, list(PAIR), "left_anti").join(observed, list(PAIR), "left_anti")
    return observed.unionByName(kept.select(*PAIR, F.lit(day).alias("day"), F.lit(False).alias("is_in")))


def _pairs(run: Run, day: Day, profiles: DataFrame, observed: DataFrame, raw: DataFrame) -> DataFrame:
    """One row per customer × audience looked at, as `recorded` wants it. Static members stay while they are there."""
    each = [F.when(~universe(one.include), F.lit(day.references[key])) for key, one in day.audiences.items()]
    outside = F.filter(F.array(*each).cast("array<string>"), lambda one: one.isNotNull())
    here = profiles.select("customer_id", outside.alias("outside"), F.lit(True).alias("is_here"))
    seen = observed.join(here, "customer_id", "left")
    if day.frozen:
        stays = F.col("reference").isin(day.frozen) & F.coalesce("is_here", F.lit(False))
        seen = seen.where(~stays)
    looked_at = run.aside("observed", seen).rows
    found = stretched(looked_at, raw)
    if not day.waits:
        return found.withColumns({"wanted": F.col("renewed"), "since": F.col("first")})
    of_waits = F.col("reference").isin(list(day.waits))
    wanted = F.when(of_waits, waited(F.concat("kept", "renewed"), day.waits, day.on)).otherwise(F.col("renewed"))
    return run.aside("pairs", found.withColumns({"wanted": wanted, "since": F.when(~of_waits, F.col("first"))})).rows


def _holds(holds: DataFrame) -> DataFrame:
    return holds.withColumns(
        {"reference": reference(), "valid_from": F.col("held_from"), "valid_to": F.col("held_to")}
    )


def _as_holds(held: DataFrame) -> DataFrame:
    split = F.split("reference", "@")
    return held.select(
        split[0].alias("audience_key"), split[1].cast("int").alias("version"), "customer_id",
        F.col("one.valid_from").alias("held_from"), F.col("one.valid_to").alias("held_to"),
    )  # fmt: skip


def _as_it_will_stand(members: DataFrame, changes: DataFrame) -> DataFrame:
    """The stretches that will be believed once the changes are written."""
    key = ["audience_key", "version", "customer_id", "valid_from", "recorded_from"]
    ended = changes.where(F.col("recorded_to").isNotNull()).select(*key)
    begun = believed(changes)
    return members.join(ended, key, "left_anti").unionByName(begun.select(*members.columns))
