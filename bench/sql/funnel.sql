-- The same in the last quarter that has any: what a funnel is drawn from.
WITH cells AS (
  SELECT c.unit, year(g.day) || 'Q' || quarter(g.day) AS period, g.hit
  FROM groups g JOIN known_cases c USING (case_id)
)
SELECT unit, count(*) FILTER (hit), count(*)
FROM cells WHERE period = (SELECT max(period) FROM cells) GROUP BY unit;
