-- The same in the cases of the first-return rate (I10) and in its comparison.
WITH each AS (
  SELECT hit, node, case_id, party, CASE WHEN n.decision THEN '' ELSE act END AS what,
         count(*) AS times
  FROM known_events JOIN groups USING (case_id) JOIN nodes n USING (node) GROUP BY ALL
), most AS (
  SELECT hit, node, case_id, max(times) AS times FROM each GROUP BY ALL
)
SELECT hit, node, count(*), count(*) FILTER (times > 1) FROM most GROUP BY hit, node;
