-- Hand-overs of matters (a case without one stands for itself) between departments, of whom did
-- the event: number, matters, longest and median wait in days.
WITH steps AS (
  SELECT coalesce('M ' || c.matter, 'C ' || c.case_id) AS scope, m.department, e.day,
         lag(m.department) OVER w AS came_from, lag(e.day) OVER w AS left_on
  FROM known_events e JOIN cases c USING (case_id) JOIN persons m USING (person)
  WHERE m.department IS NOT NULL
  WINDOW w AS (PARTITION BY scope ORDER BY e.day, e.moment, e.case_id, e.event)
)
SELECT came_from, department, count(*), count(DISTINCT scope), max(day - left_on),
       median(day - left_on)
FROM steps WHERE came_from <> department GROUP BY came_from, department;
