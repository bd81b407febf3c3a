//: title: {zh: "案件的线索", en: "Leads that grew from a case or its problems, with their steps counted"}
//: params:
//:   case: {type: string, example: C7-2024-000001}
//:   source: {type: string, default: null, example: demo}
//:   as_of: {type: datetime, default: null}
//: returns:
//:   lead: "string"
//:   route: "string"
//:   problem: "string"
//:   steps: "integer"
//:   first_on: "date"
//:   last_on: "date"
//:   vanished: "string"
//: budget: {rows: 10000, ms: 50}
MATCH (c:Case {id: $case})
WHERE $source IS NULL OR c.source = $source
OPTIONAL MATCH (c)<-[:ABOUT]-(a:Lead)
WITH c, collect(DISTINCT a) AS about
OPTIONAL MATCH (c)<-[:FOUND_IN]-(:Problem)-[:GAVE_RISE_TO]->(b:Lead)
WITH c, about, collect(DISTINCT b) AS grown
UNWIND about + [x IN grown WHERE NOT x IN about] AS l
OPTIONAL MATCH (c)<-[:FOUND_IN]-(p:Problem)-[:GAVE_RISE_TO]->(l)
WITH l, min(p.id) AS problem
OPTIONAL MATCH (l)-[:HAS_STEP]->(s:Step)
WHERE s.known <= $as_of
WITH l, problem, count(s) AS steps, min(s.at_on) AS first_on, max(s.at_on) AS last_on
RETURN l.id AS lead, l.route AS route, problem, steps, first_on, last_on,
       l._vanished AS vanished
ORDER BY lead
