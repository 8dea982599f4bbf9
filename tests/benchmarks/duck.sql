-- The same outputs as Lifetide's build, from the same events, as a DuckDB user would write them.
-- {events}: the Parquet files of the events table; {as_of}: a date; {critical}: from five gaps on, how much longer the
-- last two gaps are on average than those before them, at most, while the rate stands still.
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
SELECT order_id, sold.source_id, order_date, gross, discount, gross - discount - coalesce(amount, 0) AS net_revenue,
    coalesce(taken.units, 0) >= sold.units AS is_void
FROM sold LEFT JOIN taken USING (order_id);

-- First sold, first returned, within the order that a credit names and by product: both sides are laid out as
-- stretches of units, and a credit falls on the sales that it overlaps.
CREATE OR REPLACE TABLE refund_matches AS
WITH of_credits AS (
    SELECT event_id AS credit_event_id, order_id AS credit_order_id, coalesce(refunds_order_id, order_id) AS order_id,
        product_id, event_date AS credit_date, event_at, abs(quantity) AS quantity, abs(amount) AS amount
    FROM {events} WHERE event_type IN ('order_refunded', 'order_cancelled') AND event_date <= DATE '{as_of}'),
of_sales AS (
    SELECT event_id AS sale_event_id, order_id, product_id, quantity, event_at FROM {events}
    WHERE event_type = 'order_completed' AND state IS NOT NULL AND event_date <= DATE '{as_of}'
        AND order_id IN (SELECT order_id FROM of_credits)),
back AS (
    SELECT *, sum(quantity) OVER w - quantity AS starts FROM of_credits
    WINDOW w AS (PARTITION BY order_id, product_id ORDER BY event_at, credit_event_id)),
laid AS (
    SELECT *, sum(quantity) OVER w - quantity AS starts FROM of_sales
    WINDOW w AS (PARTITION BY order_id, product_id ORDER BY event_at, sale_event_id)),
met AS (
    SELECT credit_event_id, credit_order_id, order_id, credit_date, sale_event_id, amount, back.quantity AS whole,
        greatest(back.starts, laid.starts) - back.starts AS u0,
        least(back.starts + back.quantity, laid.starts + laid.quantity) - back.starts AS u1
    FROM back JOIN laid USING (order_id, product_id)
    WHERE least(back.starts + back.quantity, laid.starts + laid.quantity) > greatest(back.starts, laid.starts)),
-- Cents of the first u of a credit's units, rounded half up in whole numbers.
paid AS (
    SELECT *, (2 * (amount * 100)::HUGEINT * (u1 * 1000)::HUGEINT + (whole * 1000)::HUGEINT)
            // (2 * (whole * 1000)::HUGEINT) AS cents1,
        (2 * (amount * 100)::HUGEINT * (u0 * 1000)::HUGEINT + (whole * 1000)::HUGEINT)
            // (2 * (whole * 1000)::HUGEINT) AS cents0
    FROM met),
firsts AS (SELECT order_id, arg_min(sale_event_id, (event_at, sale_event_id)) AS sale_event_id FROM of_sales GROUP BY 1),
taken AS (SELECT credit_event_id, sum(cents1 - cents0) AS cents FROM paid GROUP BY 1),
parts AS (
    SELECT credit_event_id, sale_event_id, credit_order_id, order_id, credit_date, u1 - u0 AS units,
        cents1 - cents0 AS cents FROM paid
    UNION ALL
    SELECT credit_event_id, firsts.sale_event_id, credit_order_id, order_id, credit_date, 0,
        (amount * 100)::HUGEINT - coalesce(taken.cents, 0)
    FROM of_credits JOIN firsts USING (order_id) LEFT JOIN taken USING (credit_event_id)
    WHERE (amount * 100)::HUGEINT <> coalesce(taken.cents, 0))
SELECT credit_event_id, sale_event_id, any_value(credit_order_id) AS credit_order_id,
    any_value(order_id) AS sale_order_id, any_value(credit_date) AS credit_date, sum(units)::DECIMAL(18, 3) AS units,
    (sum(cents) * 0.01)::DECIMAL(18, 2) AS amount
FROM parts GROUP BY 1, 2;

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

CREATE OR REPLACE TABLE customer_items AS
WITH traded AS (
    SELECT orders.source_id, e.event_date AS local_date, e.product_id, e.category, e.event_at AS told_at, e.event_id,
        CASE WHEN NOT is_void THEN order_id END AS net_order_id, e.quantity AS sold, 0 AS credited,
        e.amount + coalesce(e.discount_amount, 0) AS gross, e.amount AS money
    FROM {events} e JOIN orders USING (order_id)
    WHERE e.event_type = 'order_completed' AND e.state IS NOT NULL AND e.event_date <= DATE '{as_of}' AND e.is_product
    UNION ALL
    SELECT coalesce(orders.source_id, e.source_id), e.event_date, e.product_id, e.category, e.event_at, e.event_id,
        NULL, 0, abs(e.quantity), 0, -abs(e.amount)
    FROM {events} e LEFT JOIN orders ON orders.order_id = coalesce(e.refunds_order_id, e.order_id)
    WHERE e.event_type IN ('order_refunded', 'order_cancelled') AND e.event_date <= DATE '{as_of}' AND e.is_product),
bought AS (
    SELECT source_id, local_date, product_id, count(DISTINCT net_order_id) AS order_count, sum(sold) AS units_sold,
        sum(credited) AS units_credited, sum(gross) AS gross_revenue, sum(money) AS net_revenue,
        arg_max(category, (told_at, event_id)) FILTER (category IS NOT NULL) AS of_line
    FROM traded WHERE source_id IS NOT NULL AND product_id IS NOT NULL GROUP BY 1, 2, 3),
looked AS (
    SELECT source_id, event_date AS local_date, product_id, count(*) FILTER (event_type = 'product_viewed') AS views,
        count(*) FILTER (event_type = 'cart_added') AS carts,
        arg_max(category, (event_at, event_id)) FILTER (category IS NOT NULL) AS of_click
    FROM {events} WHERE state IS NULL AND source_id IS NOT NULL AND event_date <= DATE '{as_of}'
        AND product_id IS NOT NULL AND event_type IN ('page_viewed', 'product_viewed', 'searched', 'cart_added',
            'cart_removed', 'checkout_started', 'order_completed')
    GROUP BY 1, 2, 3 HAVING views > 0 OR carts > 0)
SELECT source_id, local_date, product_id, coalesce(of_line, of_click) AS category,
    coalesce(order_count, 0) AS order_count, coalesce(units_sold, 0) AS units_sold,
    coalesce(units_credited, 0) AS units_credited, coalesce(gross_revenue, 0) AS gross_revenue,
    coalesce(net_revenue, 0) AS net_revenue, coalesce(views, 0) AS views, coalesce(carts, 0) AS carts
FROM bought FULL JOIN looked USING (source_id, local_date, product_id);

CREATE OR REPLACE TABLE customer_state AS
WITH bought AS (
    SELECT source_id, local_date, local_date - lag(local_date) OVER w AS gap,
        local_date - lag(local_date, 2) OVER w AS last_two
    FROM customer_days WHERE order_count > 0 WINDOW w AS (PARTITION BY source_id ORDER BY local_date)),
gaps AS (
    SELECT source_id, min(local_date) AS first_order_date, max(local_date) AS last_order_date, count(gap) AS gap_count,
        coalesce(sum(gap), 0) AS gap_sum_days, max_by(last_two, local_date) AS last_two FROM bought GROUP BY 1)
SELECT source_id AS customer_id, sum(order_count) AS order_count, sum(net_revenue) AS net_revenue,
    sum(visit_count) AS visit_count, any_value(first_order_date) AS first_order_date,
    any_value(last_order_date) AS last_order_date, coalesce(any_value(gap_count), 0) AS gap_count,
    coalesce(any_value(gap_sum_days), 0) AS gap_sum_days, any_value(last_two) AS last_two
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

-- From here on, with what was learned.
CREATE OR REPLACE TABLE customer_profiles AS
WITH limits AS (
    SELECT *, DATE '{as_of}' - last_order_date AS silent, (3 * days + gap_sum_days) / (3 + gap_count) AS baseline
    FROM customer_state, population, cuts, scored),
whole AS (
    SELECT *, floor(cuts[1] * baseline + 1e-6) AS slip, coalesce(gap_count >= 5 AND last_two / 2
            > ({critical})[least(gap_count, 200) - 4] * (gap_sum_days - last_two) / (gap_count - 2), false) AS drop,
        floor(CASE WHEN days < 30 THEN days / 2 ELSE 30 END + 1e-6) AS fresh,
        greatest(floor(cuts[2] * baseline + 1e-6), floor(CASE WHEN days < 30 THEN days / 2 ELSE 30 END + 1e-6),
            floor(cuts[1] * baseline + 1e-6)) AS gone
    FROM limits)
SELECT customer_id, order_count, net_revenue, visit_count,
    CASE WHEN last_order_date IS NULL THEN 'prospect' WHEN silent > gone THEN 'lost'
        WHEN silent > slip OR drop THEN 'slipping_away' WHEN silent <= fresh THEN 'just_ordered' ELSE 'active' END
        AS lifecycle_group,
    CASE WHEN order_count >= 2 THEN 5 - len(list_filter(recency, lambda c: silent > c)) END AS rfm_recency,
    CASE WHEN order_count >= 2 THEN 1 + len(list_filter(frequency, lambda c: order_count > c)) END AS rfm_frequency,
    CASE WHEN order_count >= 2 THEN 1 + len(list_filter(monetary, lambda c: net_revenue::DOUBLE > c)) END
        AS rfm_monetary
FROM whole;

CREATE OR REPLACE TABLE lifecycle_spells AS
WITH bought AS (
    SELECT source_id AS customer_id, local_date AS day, lead(local_date) OVER w AS next_day,
        row_number() OVER w - 1 AS gaps, local_date - first_value(local_date) OVER w AS past,
        local_date - lag(local_date, 2) OVER w AS last_two
    FROM customer_days WHERE order_count > 0 WINDOW w AS (PARTITION BY source_id ORDER BY local_date)),
limits AS (
    SELECT bought.*, floor(cuts[1] * (3 * days + past) / (3 + gaps) + 1e-6)::INT AS slip,
        floor(CASE WHEN days < 30 THEN days / 2 ELSE 30 END + 1e-6)::INT AS fresh,
        floor(cuts[2] * (3 * days + past) / (3 + gaps) + 1e-6)::INT AS gone,
        gaps >= 5 AND last_two / 2 > ({critical})[least(gaps, 200) - 4] * (past - last_two) / (gaps - 2) AS drop
    FROM bought, population, cuts),
stretches AS (
    SELECT customer_id, next_day, unnest([
        {{'g': CASE WHEN drop THEN 'slipping_away' ELSE 'just_ordered' END,
          'r': CASE WHEN drop THEN 'buys_less_often' ELSE 'recent_order' END, 'a': day,
          'b': day + least(fresh + 1, slip + 1)}},
        {{'g': CASE WHEN drop THEN 'slipping_away' ELSE 'active' END,
          'r': CASE WHEN drop THEN 'buys_less_often' ELSE 'on_rhythm' END, 'a': day + least(fresh + 1, slip + 1),
          'b': day + slip + 1}},
        {{'g': 'slipping_away', 'r': 'overdue', 'a': day + slip + 1, 'b': day + greatest(gone, fresh, slip) + 1}},
        {{'g': 'lost', 'r': 'silent_too_long', 'a': day + greatest(gone, fresh, slip) + 1, 'b': NULL}}],
        recursive := true)
    FROM limits),
cut AS (
    SELECT customer_id, g, r, a, least(b, next_day) AS b FROM stretches
    WHERE coalesce(least(b, next_day) > a, true)),
numbered AS (
    SELECT *, sum(starts) OVER (PARTITION BY customer_id ORDER BY a) AS spell FROM (
        SELECT *, CASE WHEN g = lag(g) OVER w AND r = lag(r) OVER w THEN 0 ELSE 1 END AS starts
        FROM cut WINDOW w AS (PARTITION BY customer_id ORDER BY a)))
SELECT customer_id, any_value(g) AS lifecycle_group, min(a) AS valid_from, arg_max_null(b, a) AS valid_to,
    any_value(r) AS reason
FROM numbered GROUP BY customer_id, spell;

CREATE OR REPLACE TABLE base_growth AS
WITH known AS (
    SELECT *, min(valid_from) OVER (PARTITION BY customer_id) AS first_date FROM lifecycle_spells),
begun AS (
    SELECT lifecycle_group, greatest(valid_from, first_date + 31) AS begins, valid_to FROM known
    WHERE valid_to IS NULL OR valid_to > greatest(valid_from, first_date + 31)),
steps AS (
    SELECT first_date AS date, 'new' AS g, 1 AS step FROM known WHERE valid_from = first_date
    UNION ALL SELECT first_date + 31, 'new', -1 FROM known WHERE valid_from = first_date
    UNION ALL SELECT begins, lifecycle_group, 1 FROM begun
    UNION ALL SELECT valid_to, lifecycle_group, -1 FROM begun WHERE valid_to IS NOT NULL),
daily AS (SELECT date, g, sum(step) AS step FROM steps WHERE date <= DATE '{as_of}' GROUP BY 1, 2),
calendar AS (SELECT unnest(range(min(date), DATE '{as_of}' + 1, INTERVAL 1 DAY))::DATE AS date FROM daily)
SELECT date, sum(coalesce(n, 0)) OVER w AS new_count, sum(coalesce(j, 0) + coalesce(a, 0)) OVER w AS active_count,
    sum(coalesce(s, 0)) OVER w AS slipping_away_count, sum(coalesce(l, 0)) OVER w AS lost_count,
    sum(coalesce(j, 0)) OVER w AS just_ordered_count
FROM calendar LEFT JOIN (
    SELECT date, sum(step) FILTER (g = 'new') AS n, sum(step) FILTER (g = 'just_ordered') AS j,
        sum(step) FILTER (g = 'active') AS a, sum(step) FILTER (g = 'slipping_away') AS s,
        sum(step) FILTER (g = 'lost') AS l FROM daily GROUP BY 1) USING (date)
WINDOW w AS (ORDER BY date);
