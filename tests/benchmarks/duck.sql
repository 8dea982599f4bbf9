-- The same outputs as Lifetide's build, from the same events, as a DuckDB user would write them.
-- {events}: the Parquet files of the events table; {as_of}: a date.
CREATE OR REPLACE TABLE sold AS
SELECT order_id, min_by(source_id, (event_at, event_id)) AS source_id, min(event_date) AS order_date,
    sum(quantity) AS units, sum(amount + coalesce(discount_amount, 0)) AS gross,
    sum(coalesce(discount_amount, 0)) AS discount
FROM {events} WHERE event_type = 'order_completed' AND state IS NOT NULL AND event_date <= DATE '{as_of}' GROUP BY 1;

CREATE OR REPLACE TABLE credited AS
SELECT coalesce(refunds_order_id, order_id) AS order_id, product_id, event_date, source_id,
    sum(-quantity) AS units, sum(-amount) AS amount
FROM {events} WHERE event_type IN ('order_refunded', 'order_cancelled') AND event_date <= DATE '{as_of}'
GROUP BY 1, 2, 3, 4;

-- A product's units come back up to what was sold of it in the order that the credit names.
CREATE OR REPLACE TABLE taken AS
WITH lines AS (
    SELECT order_id, product_id, sum(quantity) AS units FROM {events}
    WHERE event_type = 'order_completed' AND state IS NOT NULL AND event_date <= DATE '{as_of}'
        AND order_id IN (SELECT order_id FROM credited) GROUP BY 1, 2),
back AS (SELECT order_id, product_id, sum(units) AS units, sum(amount) AS amount FROM credited GROUP BY 1, 2)
SELECT order_id, sum(least(back.units, coalesce(lines.units, 0))) AS units, sum(amount) AS amount
FROM back LEFT JOIN lines USING (order_id, product_id) GROUP BY 1;

CREATE OR REPLACE TABLE orders AS
SELECT order_id, sold.source_id, order_date, gross - discount - coalesce(amount, 0) AS net_revenue,
    coalesce(taken.units, 0) >= sold.units AS is_void
FROM sold LEFT JOIN taken USING (order_id);

CREATE OR REPLACE TABLE visits AS
WITH daily AS (
    SELECT source_id, session_id, event_date, count(*) FILTER (event_type = 'product_viewed') AS views,
        count(*) FILTER (event_type = 'searched') AS searches, count(*) FILTER (event_type = 'cart_added') AS carts
    FROM {events} WHERE state IS NULL AND source_id IS NOT NULL AND event_date <= DATE '{as_of}'
        AND event_type IN ('page_viewed', 'product_viewed', 'searched', 'cart_added', 'cart_removed',
            'checkout_started', 'order_completed')
    GROUP BY 1, 2, 3)
SELECT source_id, event_date, count(*) FILTER (begins) AS visits, sum(views) AS views, sum(searches) AS searches,
    sum(carts) AS carts
FROM (SELECT *, coalesce(lag(event_date) OVER (PARTITION BY source_id, session_id ORDER BY event_date)
        <> event_date - 1, true) AS begins FROM daily) GROUP BY 1, 2;

CREATE OR REPLACE TABLE customer_days AS
WITH placed AS (
    SELECT source_id, order_date AS local_date, count(*) AS order_count, sum(net_revenue) AS order_value
    FROM orders WHERE NOT is_void GROUP BY 1, 2),
money AS (
    SELECT source_id, local_date, sum(amount) AS net_revenue FROM (
        SELECT orders.source_id, e.event_date AS local_date, e.amount FROM {events} e JOIN orders USING (order_id)
        WHERE e.event_type = 'order_completed' AND e.state IS NOT NULL AND e.event_date <= DATE '{as_of}'
        UNION ALL
        SELECT coalesce(orders.source_id, credited.source_id), credited.event_date, -amount
        FROM credited LEFT JOIN orders USING (order_id))
    GROUP BY 1, 2)
SELECT source_id, local_date, coalesce(order_count, 0) AS order_count, coalesce(order_value, 0) AS order_value,
    coalesce(net_revenue, 0) AS net_revenue, coalesce(visits, 0) AS visit_count, coalesce(views, 0) AS views,
    coalesce(searches, 0) AS searches, coalesce(carts, 0) AS carts
FROM money FULL JOIN placed USING (source_id, local_date)
    FULL JOIN (SELECT *, event_date AS local_date FROM visits) USING (source_id, local_date)
WHERE source_id IS NOT NULL;

CREATE OR REPLACE TABLE customer_state AS
WITH bought AS (
    SELECT source_id, local_date,
        local_date - lag(local_date) OVER (PARTITION BY source_id ORDER BY local_date) AS gap
    FROM customer_days WHERE order_count > 0),
gaps AS (
    SELECT source_id, min(local_date) AS first_order_date, max(local_date) AS last_order_date, count(gap) AS gap_count,
        coalesce(sum(gap), 0) AS gap_sum_days FROM bought GROUP BY 1)
SELECT source_id AS customer_id, sum(order_count) AS order_count, sum(net_revenue) AS net_revenue,
    sum(visit_count) AS visit_count, any_value(first_order_date) AS first_order_date,
    any_value(last_order_date) AS last_order_date, coalesce(any_value(gap_count), 0) AS gap_count,
    coalesce(any_value(gap_sum_days), 0) AS gap_sum_days
FROM customer_days LEFT JOIN gaps USING (source_id) GROUP BY 1;

CREATE OR REPLACE TABLE population AS
SELECT quantile_cont(gap_sum_days / gap_count, 0.5) AS days FROM customer_state WHERE gap_count > 0;

CREATE OR REPLACE TABLE cuts AS
WITH gaps AS (
    SELECT local_date - lag(local_date) OVER w AS gap, row_number() OVER w - 2 AS before,
        lag(local_date) OVER w - first_value(local_date) OVER w AS past
    FROM customer_days WHERE order_count > 0 WINDOW w AS (PARTITION BY source_id ORDER BY local_date))
SELECT quantile_cont(gap / ((3 * days + past) / (3 + before)), [0.75, 0.95]) AS cuts
FROM gaps, population WHERE gap IS NOT NULL;

CREATE OR REPLACE TABLE scored AS
SELECT quantile_cont(DATE '{as_of}' - last_order_date, [0.2, 0.4, 0.6, 0.8]) AS recency,
    quantile_cont(order_count, [0.2, 0.4, 0.6, 0.8]) AS frequency,
    quantile_cont(net_revenue::DOUBLE, [0.2, 0.4, 0.6, 0.8]) AS monetary
FROM customer_state WHERE order_count >= 2;

CREATE OR REPLACE TABLE customer_profiles AS
WITH limits AS (
    SELECT *, DATE '{as_of}' - last_order_date AS silent, (3 * days + gap_sum_days) / (3 + gap_count) AS baseline
    FROM customer_state, population, cuts, scored),
whole AS (
    SELECT *, floor(cuts[1] * baseline + 1e-6) AS slip,
        floor(CASE WHEN days < 30 THEN days / 2 ELSE 30 END + 1e-6) AS fresh,
        greatest(floor(cuts[2] * baseline + 1e-6), floor(CASE WHEN days < 30 THEN days / 2 ELSE 30 END + 1e-6),
            floor(cuts[1] * baseline + 1e-6)) AS gone
    FROM limits)
SELECT customer_id, order_count, net_revenue, visit_count,
    CASE WHEN last_order_date IS NULL THEN 'prospect' WHEN silent > gone THEN 'lost'
        WHEN silent > slip THEN 'slipping_away' WHEN silent <= fresh THEN 'just_ordered' ELSE 'active' END
        AS lifecycle_group,
    CASE WHEN order_count >= 2 THEN 5 - len(list_filter(recency, lambda c: silent > c)) END AS rfm_recency,
    CASE WHEN order_count >= 2 THEN 1 + len(list_filter(frequency, lambda c: order_count > c)) END AS rfm_frequency,
    CASE WHEN order_count >= 2 THEN 1 + len(list_filter(monetary, lambda c: net_revenue::DOUBLE > c)) END
        AS rfm_monetary
FROM whole;
