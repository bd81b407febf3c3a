-- Per node: cases that passed it, and those in which one act there came twice for one party.
WITH each AS (
  SELECT node, case_id, party, CASE WHEN n.decision THEN '' ELSE act END AS what, count(*) AS times
  FROM known_events JOIN nodes n USING (node) GROUP BY ALL
), most AS (
  SELECT node, case_id, max(times) AS times FROM each GROUP BY ALL
)
SELECT node, count(*), count(*) FILTER (times > 1) FROM most GROUP BY node;
