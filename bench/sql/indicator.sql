-- The first-return rate (I10) by unit and quarter of the first decision: numerator, denominator.
SELECT c.unit, year(g.day) || 'Q' || quarter(g.day), count(*) FILTER (g.hit), count(*)
FROM groups g JOIN known_cases c USING (case_id) GROUP BY ALL;
