"""Every figure on every page, for everyone and two audiences of the demo, equals DuckDB on the published tables."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import duckdb_extension_delta
import pytest

from explorer.studio.reading import Row, page, tables
from lifetide import Studio
from lifetide.explorer.names import CUSTOMER_STAGE_NAMES, GROUP_NAMES, SEGMENT_NAMES
from lifetide.explorer.sheets import report_sheet
from lifetide.explorer.studio.assets import page_sheet
from lifetide.explorer.studio.pages.book import PAGES
from lifetide.vocabulary import CustomerStage, LifecycleGroup, RfmSegment

pytestmark = pytest.mark.delta

AS_OF = date(2011, 12, 9)
MONTH = (date(2011, 11, 1), date(2011, 11, 30))
NEEDED = ("customer_profiles", "lifecycle_spells", "customer_state", "customer_days", "transitions", "base_growth",
          "learned_parameters", "audience_classes", "audience_overview", "audience_members", "audience_definitions",
          "ltv_models")  # fmt: skip
RULES: dict[str, list[dict[str, Any]]] = {
    "everyone": [],
    "slipping": [{"id": "a", "field": "lifecycle_group", "operator": "in", "value": ["slipping_away"]}],
    "often": [
        {"id": "a", "field": "order_count", "operator": ">=", "value": 4},
        {"id": "b", "field": "days_since_last_order", "operator": "between", "value": [10, 120]},
    ],
}
WHERE = {
    "everyone": "true",
    "slipping": "lifecycle_group = 'slipping_away'",
    "often": "order_count >= 4 AND days_since_last_order BETWEEN 10 AND 120",
}
NEW_DAYS = 30


@pytest.fixture(scope="module")
def duck(demo_folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    extension = next(Path(duckdb_extension_delta.__file__).parent.rglob("delta.duckdb_extension"))
    made = duckdb.connect()
    made.execute(f"LOAD '{extension}'")
    for name in NEEDED:
        made.execute(f"CREATE TABLE {name} AS SELECT * FROM delta_scan('{demo_folder}/warehouse/{name}')")
    yield made
    made.close()


@pytest.fixture(scope="module")
def opened(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Studio:
    return Studio(demo_folder, audiences=tmp_path_factory.mktemp("audiences"))


@pytest.fixture(params=RULES)
def case(request: pytest.FixtureRequest, opened: Studio) -> tuple[Studio, str]:
    """The studio with an audience on the desk, and the same people in SQL."""
    rules = RULES[request.param]
    opened.session.draft = {"id": "root", "combinator": "and", "rules": rules}
    return opened, f"SELECT * FROM customer_profiles WHERE as_of = DATE '{AS_OF}' AND ({WHERE[request.param]})"


def columns(case: tuple[Studio, str]) -> list[str]:
    """The SQL of the crowds that a page shows, in the order of its columns."""
    everyone = f"SELECT * FROM customer_profiles WHERE as_of = DATE '{AS_OF}'"
    return [case[1], everyone] if case[0].session.draft["rules"] else [everyone]


def names(case: tuple[Studio, str]) -> list[str]:
    return ["Audience", "Everyone"][-len(columns(case)) :]


def asked(duck: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[Any, ...]]:
    return duck.sql(sql).fetchall()


def numbers(rows: list[Row], *places: int) -> dict[str, tuple[float, ...]]:
    return {row[0]: tuple(float(row[place]) for place in places) for row in rows}


def is_predicted(duck: duckdb.DuckDBPyConnection) -> bool:
    return bool(asked(duck, "SELECT count(ltv_predicted_365d) FROM customer_profiles")[0][0])


def worth_of(duck: duckdb.DuckDBPyConnection) -> str:
    """What a customer is worth: with the prediction where one is published."""
    return "ltv_total" if is_predicted(duck) else "ltv_historic"


def test_the_figures_per_customer(case: tuple[Studio, str], duck: duckdb.DuckDBPyConnection) -> None:
    shown = {row[0]: row[1:] for row in tables(case[0], "overview")["Figures per customer"]}
    found = [
        asked(duck, f"""SELECT count(*), avg({worth_of(duck)}), sum(order_count),
                sum(order_value_sum), sum(annual_orders), sum(annual_revenue), count_if(lifecycle_group = 'lost'),
                avg(ltv_predicted_365d) FROM ({sql})""")[0]
        for sql in columns(case)
    ]  # fmt: skip
    for place, (count, worth, orders, money, year, revenue, lost, predicted) in enumerate(found):
        expected = {
            "Customers": count, "Lifetime value": worth, "Value so far": worth, "Predicted, next year": predicted,
            "Average orders": orders / count, "Average basket": money / orders, "Orders in a year": year / count,
            "Revenue in a year": revenue / count, "Lost": lost / count,
        }  # fmt: skip
        for name, cells in shown.items():
            assert float(cells[place]) == pytest.approx(float(expected[name]), rel=1e-12), name
        assert len(shown) >= 7
    if len(found) == 2:
        for cells in shown.values():
            mine, everyones, ratio = (float(cell) if cell != "–" else None for cell in cells)
            assert ratio is None or ratio == pytest.approx(mine / everyones)


def test_the_basket_is_that_of_the_published_overview_to_the_cent(
    opened: Studio, duck: duckdb.DuckDBPyConnection
) -> None:
    """Of everyone, and of those who are slipping away, whom audience_classes has as a class of everyone."""
    opened.session.draft = {"id": "root", "combinator": "and", "rules": RULES["slipping"]}
    slipping, everyone, _ = next(
        row[1:] for row in tables(opened, "overview")["Figures per customer"] if row[0] == "Average basket"
    )
    found = asked(
        duck,
        """SELECT average_basket_size FROM audience_classes WHERE audience_key IS NULL
        AND kind = 'lifecycle_group' AND class_value = 'slipping_away'
        UNION ALL SELECT average_basket_size FROM audience_overview WHERE audience_key IS NULL""",
    )
    assert [round(Decimal(one), 2) for one in (slipping, everyone)] == [row[0] for row in found]


def test_the_classes_and_their_money(case: tuple[Studio, str], duck: duckdb.DuckDBPyConnection) -> None:
    shown = tables(case[0], "overview")
    kinds: list[tuple[str, str, dict[Any, str]]] = [
        ("Lifecycle groups", "lifecycle_group", dict(GROUP_NAMES)),
        ("Customer stages", "customer_stage", dict(CUSTOMER_STAGE_NAMES)),
    ]
    for table, column, labels in kinds:
        for place, sql in enumerate(columns(case)):
            counts = dict(asked(duck, f"SELECT {column}, count(*) FROM ({sql}) GROUP BY 1"))
            total = sum(counts.values())
            expected = {name: (counts.get(str(word), 0), counts.get(str(word), 0) / total)
                        for word, name in labels.items()}  # fmt: skip
            assert numbers(shown[table], 1 + 2 * place, 2 + 2 * place) == expected
    assert ("Potential by lifecycle group" in shown) is is_predicted(duck)
    for place, sql in enumerate(columns(case)):
        query = "sum(ltv_historic), sum(annual_revenue), sum(ltv_predicted_365d)"
        found = asked(duck, f"SELECT lifecycle_group, {query} FROM ({sql}) GROUP BY 1")
        sums = {row[0]: tuple(float(one or 0) for one in row[1:]) for row in found}
        mine = [sums.get(str(group), (0.0, 0.0, 0.0)) for group in LifecycleGroup]
        money = shown["Money by lifecycle group"]
        assert [tuple(map(float, row[1 + 2 * place : 3 + 2 * place])) for row in money] == [one[:2] for one in mine]
        for name, at in (("Value so far by lifecycle group", 0), ("Potential by lifecycle group", 2)):
            if name in shown:
                by_name = numbers(shown[name], 1 + 2 * place)
                assert by_name == {
                    GROUP_NAMES[group]: (one[at],) for group, one in zip(LifecycleGroup, mine, strict=True)
                }


def states(sql: str, days: list[date]) -> str:
    """Each member's group at the end of each of the days, and whether they were new then."""
    asked_days = ", ".join(f"DATE '{day}'" for day in days)
    return f"""SELECT day, s.customer_id, lifecycle_group, first + {NEW_DAYS} >= day AS is_new
        FROM lifecycle_spells s JOIN (SELECT unnest([{asked_days}]) AS day) ON valid_from <= day
        AND (valid_to IS NULL OR valid_to > day) JOIN (SELECT customer_id FROM ({sql})) USING (customer_id)
        JOIN (SELECT customer_id, min(valid_from) AS first FROM lifecycle_spells GROUP BY 1) USING (customer_id)"""


def test_the_base_at_month_ends_and_who_was_active(case: tuple[Studio, str], duck: duckdb.DuckDBPyConnection) -> None:
    then = [date(2010, 12, 9), date(2011, 6, 9), date(2011, 9, 9), date(2011, 11, 9), AS_OF]
    shown = tables(case[0], "overview")
    for name, sql in zip(names(case), columns(case), strict=True):
        base = shown[f"Customer base at month ends: {name}"]
        active = shown[f"Active customers now and before: {name}"]
        days = [date.fromisoformat(row[0]) for row in base]
        assert (len(days), days[0], len(active)) == (13, AS_OF, 5)
        query = """count_if(is_new), count_if(NOT is_new AND lifecycle_group IN ('just_ordered', 'active')),
            count_if(NOT is_new AND lifecycle_group = 'slipping_away'),
            count_if(NOT is_new AND lifecycle_group = 'lost'), count(*)"""
        rows = asked(duck, f"SELECT day, {query} FROM ({states(sql, sorted({*days, *then}))}) GROUP BY 1")
        found = {row[0]: row[1:] for row in rows}
        assert [tuple(map(int, row[1:])) for row in base] == [found[day] for day in days]
        counts = [found.get(day, (0, 0))[1] for day in then]
        assert [0 if row[2] == "–" else int(row[2]) for row in active] == counts


def test_the_fourteen_segments(case: tuple[Studio, str], duck: duckdb.DuckDBPyConnection) -> None:
    rows = {row[0]: row for row in tables(case[0], "segments")["Segments"]}
    for place, sql in enumerate(columns(case)):
        found = {row[0]: row[1:] for row in asked(
            duck, f"SELECT rfm_segment, count(*), sum(ltv_historic) FROM ({sql}) GROUP BY 1")}  # fmt: skip
        total = sum(count for count, _ in found.values())
        for segment in RfmSegment:
            count, money = found.get(str(segment), (0, 0))
            cells = rows[SEGMENT_NAMES[segment]][2 + 5 * place : 7 + 5 * place]
            assert (int(cells[0]), float(cells[2])) == (count, float(money))
            assert float(cells[1]) == pytest.approx(count / total)
            assert cells[3:] == ("–", "–")  # the demo has one snapshot


def test_the_rhythm(case: tuple[Studio, str], duck: duckdb.DuckDBPyConnection) -> None:
    shown = tables(case[0], "rhythm")
    values = {
        "How long they wait": "SELECT unnest(last_gaps) / baseline_interval_days AS value FROM customer_state s "
        "JOIN ({sql}) p USING (customer_id)",
        "How overdue they are": "SELECT overdue_ratio AS value FROM ({sql})",
        "How far apart they buy": "SELECT own_interval_days AS value FROM ({sql}) WHERE order_day_count >= 2",
    }
    for name, query in values.items():
        edges = [float(row[0].split(" ")[0]) for row in shown[name]]
        step = edges[1]
        for place, sql in enumerate(columns(case)):
            found = dict(
                asked(
                    duck,
                    f"""SELECT least(floor(value / {step!r}), {len(edges) - 1}) AS bin, count(*)
                FROM ({query.format(sql=sql)}) WHERE value IS NOT NULL GROUP BY 1""",
                )
            )
            assert [int(row[1 + place]) for row in shown[name]] == [found.get(at, 0) for at in range(len(edges))]
            if name == "How long they wait":
                total = sum(found.values())
                longer = [sum(n for at, n in found.items() if at >= start) / total for start in range(len(edges))]
                curve = [float(row[1 + place]) for row in shown["How many gaps were longer"]]
                assert curve == pytest.approx(longer)


def test_the_customer_categories(case: tuple[Studio, str], duck: duckdb.DuckDBPyConnection) -> None:
    shown = tables(case[0], "overview")
    at = 4 if len(columns(case)) == 2 else 3
    kinds = [name for name in ("lifecycle_group", "importance", "loyalty", "price_sensitivity") if
             asked(duck, f"SELECT count({name}) FROM customer_profiles")[0][0]]  # fmt: skip
    assert {f"By {'life cycle' if kind == 'lifecycle_group' else kind.replace('_', ' ')}" for kind in kinds} <= set(
        shown
    )
    for kind in kinds:
        name = "By life cycle" if kind == "lifecycle_group" else f"By {kind.replace('_', ' ')}"
        found = asked(
            duck,
            f"""SELECT {kind}, count(*), avg({worth_of(duck)}),
            avg(ltv_predicted_365d), sum(order_count), sum(order_value_sum), sum(annual_orders), sum(annual_revenue),
            count_if(lifecycle_group = 'lost') FROM ({case[1]}) WHERE {kind} IS NOT NULL GROUP BY {kind}""",
        )
        members = sum(row[1] for row in found)
        by_word = {word.replace("_", " ").capitalize(): row for word, *row in found}
        for label, count, share, *cells in shown[name]:
            word = label.replace("-", " ").capitalize()
            if int(count) == 0:
                assert word not in by_word
                continue
            n, worth, predicted, orders, money, year, revenue, lost = by_word[word]
            basket = money / orders if orders else None
            ahead = [predicted] if is_predicted(duck) else []
            figures = [worth, *ahead, orders / n, basket, year / n, revenue / n, lost / n]
            assert (float(count), float(share)) == (n, pytest.approx(n / members))
            read = [None if cell == "–" else float(cell) for cell in cells[at - 3 :]]
            assert read == [None if one is None else pytest.approx(float(one)) for one in figures], (name, label)


def test_the_moves_of_the_month(case: tuple[Studio, str], duck: duckdb.DuckDBPyConnection) -> None:
    shown = tables(case[0], "flows")
    for name, sql in zip(names(case), columns(case), strict=True):
        eve, end = (states(sql, [day]) for day in (MONTH[0] - timedelta(days=1), MONTH[1]))
        found = asked(
            duck,
            f"""SELECT e.lifecycle_group, b.lifecycle_group, count(*) FROM ({end}) b
            LEFT JOIN ({eve}) e USING (customer_id) GROUP BY 1, 2""",
        )
        started: dict[Any, int] = {}
        for start, _, count in found:
            started[start] = started.get(start, 0) + count
        label = {str(group): text for group, text in GROUP_NAMES.items()} | {None: "Newcomers"}
        expected = {(label[start], label[stop]): (count, count / started[start]) for start, stop, count in found}
        cells = {row[:2]: (int(row[2]), float(row[3])) for row in shown[f"Moves of {name}"]}
        assert cells == expected
    stages = asked(
        duck,
        f"""SELECT from_value, to_value, customer_count FROM transitions
        WHERE kind = 'stage' AND period_start = DATE '{MONTH[0]}'""",
    )
    label = {str(stage): text for stage, text in CUSTOMER_STAGE_NAMES.items()} | {None: "Newcomers"}
    assert {row[:2]: int(row[2]) for row in shown["Moves between stages"]} == {
        (label[start], label[stop]): count for start, stop, count in stages
    }
    assert set(CustomerStage) == set(CUSTOMER_STAGE_NAMES)


@pytest.mark.parametrize("who", ["12347", "12346", "17850"])
def test_one_customer(opened: Studio, duck: duckdb.DuckDBPyConnection, who: str) -> None:
    shown = tables(opened, "customer", customer=who)
    found = asked(
        duck,
        f"""SELECT local_date, order_count, order_value, refunded_amount, net_revenue
        FROM customer_days WHERE source_id = '{who}' AND (order_count > 0 OR net_revenue <> 0) ORDER BY 1 DESC""",
    )
    rows = shown["Days with orders or money"]
    assert [tuple(map(float, row[1:])) for row in rows] == [tuple(map(float, row[1:])) for row in found]
    profile = duck.sql(f"SELECT * FROM customer_profiles WHERE customer_id = '{who}'").fetchall()[0]
    names = [one[0] for one in duck.sql("SELECT * FROM customer_profiles LIMIT 0").description]
    known = {name: value for name, value in zip(names, profile, strict=True) if value is not None}
    cells = {row[0]: row[1] for table in shown.values() for row in table if len(row) == 2}
    assert len(cells) >= len(known) - 3  # as_of, customer_id and parameters_as_of stand in the heading
    assert cells["Orders"] == str(known["order_count"])
    assert cells["Value so far"] == str(known["ltv_historic"])
    named = duck.sql(
        f"""SELECT d.name FROM audience_members m JOIN audience_definitions d USING (audience_key, version)
        WHERE m.customer_id = '{who}' AND m.recorded_to IS NULL AND m.valid_to IS NULL"""
    ).fetchall()
    assert sorted(row[0] for row in shown.get("Audiences they are in", [])) == sorted(row[0] for row in named)


def test_what_the_pages_draw_has_its_style_there(opened: Studio) -> None:
    """A class that the report styles and the studio does not would be drawn black, or not laid out."""
    of_studio, of_report = (set(re.findall(r"\.([a-z][\w-]*)", sheet)) for sheet in (page_sheet(), report_sheet()))
    drawn = "".join(page(opened, name, customer="12347") for name in PAGES)
    classes = {one for each in re.findall(r'class="([^"]+)"', drawn) for one in each.split()}
    assert {"spark", "rates", "told", "f-mark"} <= classes
    assert (classes & of_report) - of_studio == set()


def test_of_more_spells_than_memory_holds_everyones_growth_is_the_published_one(
    demo_folder: Path, tmp_path: Path, duck: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lifetide.explorer.studio.history.MOST_SPELLS", 100)
    studio = Studio(demo_folder, audiences=tmp_path)
    base = tables(studio, "overview")["Customer base at month ends: Everyone"]
    found = asked(
        duck,
        """SELECT new_count, active_count, slipping_away_count, lost_count FROM base_growth
        WHERE audience_key IS NULL ORDER BY date DESC LIMIT 1""",
    )
    assert tuple(map(int, base[0][1:5])) == found[0]
    assert "Moves of Everyone" not in tables(studio, "flows")
    assert tables(studio, "flows")["Moves between stages"]


def test_what_was_foretold_of_held_out_days_is_that_of_the_model_in_use(
    case: tuple[Studio, str], duck: duckdb.DuckDBPyConnection
) -> None:
    """Everyone's, whichever audience is on the desk."""
    ((told,),) = asked(duck, "SELECT proof FROM ltv_models WHERE is_chosen AND proof IS NOT NULL")
    proof = json.loads(told)
    shown = tables(case[0], "rhythm")["Orders after the cut-off"]
    assert [tuple(row) for row in shown] == [
        (f"{days} days", f"{expected:,.0f}", f"{actual:,.0f}") for days, expected, actual in proof["tracking"]
    ]
    assert len(shown) == 8
