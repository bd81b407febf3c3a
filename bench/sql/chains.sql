-- Chains of two or three kinds of problems (data, procedural, substantive), each known later than
-- the one before, within a matter, or a case that has none: how many of these each chain runs in.
WITH found AS (
  SELECT k.kind, p.type, p.node, p.known, coalesce('M ' || c.matter, 'C ' || p.case_id) AS scope
  FROM counted p JOIN cases c USING (case_id) JOIN types k ON k.type = p.type
), data AS (FROM found WHERE kind = 'DATA'), proc AS (FROM found WHERE kind = 'PROCEDURAL'),
subs AS (FROM found WHERE kind = 'SUBSTANTIVE'), pairs AS (
  SELECT a.scope, a.type AS t1, a.node AS n1, b.type AS t2, b.node AS n2
  FROM data a JOIN proc b ON a.scope = b.scope AND a.known < b.known
  UNION ALL SELECT a.scope, a.type, a.node, b.type, b.node
  FROM data a JOIN subs b ON a.scope = b.scope AND a.known < b.known
  UNION ALL SELECT a.scope, a.type, a.node, b.type, b.node
  FROM proc a JOIN subs b ON a.scope = b.scope AND a.known < b.known
), runs AS (
  SELECT scope, t1, n1, t2, n2, NULL AS t3, NULL AS n3 FROM pairs
  UNION ALL SELECT a.scope, a.type, a.node, b.type, b.node, c.type, c.node
  FROM data a JOIN proc b ON a.scope = b.scope AND a.known < b.known
  JOIN subs c ON c.scope = b.scope AND b.known < c.known
)
SELECT t1, n1, t2, n2, t3, n3, count(DISTINCT scope) AS support
FROM runs GROUP BY ALL HAVING support >= 2;
