-- The first-return rate (I10) against every deviation at every node that may be tested, in strata
-- of unit, case type, quarter and parties: exposed and others, with and without the outcome.
-- Nodes that the outcome presupposes are in the table `left_out`. No check has run: nothing is late.
WITH place AS (
  SELECT case_group, seq FROM nodes WHERE node = 'PR11'
), passed_at AS (
  SELECT e.node, e.case_id, min(e.moment) AS moment, any_value(g.returned) AS returned
  FROM known_events e JOIN groups g USING (case_id) WHERE g.hit GROUP BY ALL
), behind AS (
  -- Nodes that tell that the place of the outcome is behind.
  SELECT n.node
  FROM nodes n CROSS JOIN place LEFT JOIN passed_at p ON p.node = n.node
  WHERE n.case_group = place.case_group AND n.seq > place.seq AND NOT n.conditional
  GROUP BY n.node
  HAVING count(*) FILTER (p.moment < p.returned) <= (1 - 0.95) * count(p.case_id)
), windows AS (
  SELECT g.case_id, g.hit,
         CASE WHEN g.hit THEN g.returned
              ELSE least(g.decided, min(e.moment) FILTER (e.node IN (FROM behind))) END AS ends
  FROM groups g JOIN known_events e USING (case_id)
  GROUP BY g.case_id, g.hit, g.returned, g.decided
), parts AS (
  SELECT case_id, count(*) AS parties FROM parties GROUP BY case_id
), everyone AS (
  SELECT w.case_id, w.hit, w.ends, coalesce(c.unit, '–') AS unit, coalesce(c.type, '–') AS type,
         coalesce(year(c.accepted) || 'Q' || quarter(c.accepted), '–') AS quarter,
         CASE WHEN p.parties > 2 THEN '3+' WHEN p.parties = 2 THEN '2' ELSE '1' END AS parties
  FROM windows w JOIN known_cases c USING (case_id) LEFT JOIN parts p USING (case_id)
), tested AS (
  SELECT n.node, n.seq, n.case_group IS NOT DISTINCT FROM place.case_group AS own,
         n.seq IS NOT NULL AND NOT n.conditional AND n.case_group = place.case_group AS ordered
  FROM nodes n CROSS JOIN place
  WHERE n.node NOT IN (FROM left_out)
    AND (n.seq IS NULL OR (n.case_group = place.case_group AND n.seq < place.seq))
), each AS (
  SELECT e.case_id, e.node, e.party, CASE WHEN n.decision THEN '' ELSE e.act END AS what,
         count(*) AS times, min(e.moment) AS moment
  FROM known_events e JOIN windows w USING (case_id) JOIN nodes n USING (node)
  WHERE e.moment < w.ends GROUP BY ALL
), passages AS (
  SELECT case_id, node, max(times) AS times, min(moment) AS moment FROM each GROUP BY ALL
), turns AS (
  SELECT p.case_id, p.node,
         min(n.seq) OVER (PARTITION BY p.case_id ORDER BY p.moment DESC, n.seq DESC) < n.seq AS early
  FROM passages p JOIN nodes n USING (node) CROSS JOIN place
  WHERE n.seq IS NOT NULL AND NOT n.conditional AND n.case_group = place.case_group
), troubled AS (
  SELECT DISTINCT p.case_id, p.node FROM counted p JOIN windows w USING (case_id)
  WHERE p.known < w.ends
), faced AS (
  -- Who reached the outcome, or what decided against it, has got beyond every node before it.
  SELECT e.*, t.node, t.ordered, p.case_id IS NOT NULL AS passed, coalesce(p.times, 0) > 1 AS again,
         coalesce(u.early, false) AS early, b.case_id IS NOT NULL AS problem,
         NOT t.own OR coalesce(t.seq, -1) < place.seq AS reached
  FROM everyone e CROSS JOIN tested t CROSS JOIN place
  LEFT JOIN passages p ON p.case_id = e.case_id AND p.node = t.node
  LEFT JOIN turns u ON u.case_id = e.case_id AND u.node = t.node
  LEFT JOIN troubled b ON b.case_id = e.case_id AND b.node = t.node
), shown AS (
  SELECT *, 'passed' AS deviation, passed AS exposed FROM faced
  WHERE reached OR (ordered AND passed)
  UNION ALL SELECT *, 'skipped', reached AND NOT passed FROM faced
  WHERE ordered AND (reached OR passed)
  UNION ALL SELECT *, 'out_of_order', early FROM faced WHERE ordered AND passed
  UNION ALL SELECT *, 'repeated', again FROM faced WHERE passed
  UNION ALL SELECT *, 'late', false FROM faced WHERE passed
  UNION ALL SELECT *, 'problem', problem FROM faced WHERE passed
)
SELECT node, deviation, unit, type, quarter, parties,
       count(*) FILTER (exposed AND hit), count(*) FILTER (exposed AND NOT hit),
       count(*) FILTER (NOT exposed AND hit), count(*) FILTER (NOT exposed AND NOT hit)
FROM shown GROUP BY ALL;
