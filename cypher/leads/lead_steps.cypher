//: title: {zh: 线索及其步骤, en: Leads with their steps}
//: doc: {zh: 节点指线索所源问题的节点或步骤所引节点；起止日期指线索的第一步, en: "node: of the problem that the lead grew from, or named by a step; since and until: the lead's first step"}
//: params:
//:   keys: {type: "list<string>", default: null, example: [demo/L7-2024-000147]}
//:   route: {type: string, default: null, example: R1}
//:   unit: {type: string, default: null, example: U01}
//:   node: {type: string, default: null, example: PR11}
//:   type: {type: string, default: null, example: P11}
//:   since: {type: date, default: null, example: 2024-01-01}
//:   until: {type: date, default: null, example: 2024-06-30}
//:   source: {type: string, default: null, example: demo}
//:   as_of: {type: datetime, default: null}
//: returns: {key: string, lead: string, source: string, route: string, claimed: string, unit: string, case: string, case_key: string, case_closed: date, steps: "list<map>"}
//: budget: {rows: 1000000, ms: 5000}
MATCH (l:Lead)
WHERE ($keys IS NULL OR l.key IN $keys) AND ($route IS NULL OR l.route = $route)
  AND ($source IS NULL OR l.source = $source)
  AND ($unit IS NULL OR EXISTS { MATCH (l)-[:RAISED_AT]->(w:Unit) WHERE w.id = $unit })
  AND ($type IS NULL OR EXISTS { MATCH (l)<-[:GAVE_RISE_TO]-(:Problem)-[:OF_TYPE]->(t:ProblemType) WHERE t.id = $type })
  AND ($node IS NULL
       OR EXISTS { MATCH (l)<-[:GAVE_RISE_TO]-(:Problem)-[:LOCATED_AT]->(n:ProcessNode) WHERE n.id = $node }
       OR EXISTS { MATCH (l)-[:HAS_STEP]->(r:Step) WHERE r.node = $node AND r.known <= $as_of })
OPTIONAL MATCH (l)-[:ABOUT]->(c:Case)
OPTIONAL MATCH (l)-[:RAISED_AT]->(u:Unit)
OPTIONAL MATCH (l)-[:HAS_STEP]->(s:Step)
WHERE s.known <= $as_of
OPTIONAL MATCH (s)-[:BY]->(p:Person)
WITH l, c, u, s, p ORDER BY l.key, s.at_on, s.key
WITH l, c, u, min(s.at_on) AS first,
     [x IN collect(CASE WHEN s IS NULL THEN null ELSE {by: p.id, props: properties(s)} END) WHERE x IS NOT NULL] AS steps
WHERE ($since IS NULL OR first >= $since) AND ($until IS NULL OR first <= $until)
RETURN l.key AS key, l.id AS lead, l.source AS source, l.route AS route, l.state AS claimed,
       u.id AS unit, c.id AS case, c.key AS case_key, c.closed AS case_closed, steps
ORDER BY lead, source
