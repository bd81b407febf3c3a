//: title: {zh: 线索及其步骤, en: Leads with their steps}
//: params: {keys: {type: "list<string>", default: null}, route: {type: string, default: null}, source: {type: string, default: null}, as_of: {type: datetime, default: null}}
//: returns: {key: string, lead: string, source: string, route: string, claimed: string, case: string, case_key: string, case_closed: date, steps: "list<map>"}
//: budget: {rows: 1000000, ms: 5000}
MATCH (l:Lead)
WHERE ($keys IS NULL OR l.key IN $keys) AND ($route IS NULL OR l.route = $route)
  AND ($source IS NULL OR l.source = $source)
OPTIONAL MATCH (l)-[:ABOUT]->(c:Case)
OPTIONAL MATCH (l)-[:HAS_STEP]->(s:Step)
WHERE s.known <= $as_of
OPTIONAL MATCH (s)-[:BY]->(p:Person)
WITH l, c, s, p ORDER BY l.key, s.at_on, s.key
WITH l, c, [x IN collect(CASE WHEN s IS NULL THEN null ELSE {by: p.id, props: properties(s)} END) WHERE x IS NOT NULL] AS steps
RETURN l.key AS key, l.id AS lead, l.source AS source, l.route AS route, l.state AS claimed,
       c.id AS case, c.key AS case_key, c.closed AS case_closed, steps
ORDER BY key
