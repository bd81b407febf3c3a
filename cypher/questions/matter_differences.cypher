//: title: {zh: "同一案前后各件之间的不同", en: "Where earlier cases of the same matter differ: charges, measures, cause"}
//: doc:
//:   zh: 同一人以身份假名认定；was 为前件所载，now 为本件所载。不同未必矛盾，由人判断。
//:   en: "One person by pseudonym; was: in the earlier case, now: in this one. To differ is not to contradict."
//: params:
//:   case: {type: string, example: C7-2024-000001}
//:   source: {type: string, default: null, example: demo}
//: returns:
//:   earlier: "string"
//:   type: "string"
//:   party: "string"
//:   earlier_party: "string"
//:   about: "string"
//:   was: "list<string>"
//:   now: "list<string>"
//: budget: {rows: 10000, ms: 200}
MATCH (c:Case {id: $case})-[:PART_OF]->(:Matter)<-[:PART_OF]-(o:Case)
WHERE o.key <> c.key AND o.accepted_on <= c.accepted_on AND ($source IS NULL OR c.source = $source)
MATCH (c)-[:HAS_PARTY]->(p:Party), (o)-[:HAS_PARTY]->(q:Party)
WHERE q.identity = p.identity
OPTIONAL MATCH (p)-[:CHARGED_WITH]->(g:Charge)
WITH c, o, p, q, collect(DISTINCT g.code) AS charges
OPTIONAL MATCH (q)-[:CHARGED_WITH]->(g:Charge)
WITH c, o, p, q, charges, collect(DISTINCT g.code) AS charged
OPTIONAL MATCH (p)-[:UNDER]->(m:Measure)
WITH c, o, p, q, charges, charged, collect(DISTINCT m.kind) AS measures
OPTIONAL MATCH (q)-[:UNDER]->(m:Measure)
WITH c, o, p, q, charges, charged, measures, collect(DISTINCT m.kind) AS measured
UNWIND [{about: 'CHARGE', was: charged, now: charges},
        {about: 'MEASURE', was: measured, now: measures},
        {about: 'CAUSE', was: [x IN [o.cause] WHERE x IS NOT NULL], now: [x IN [c.cause] WHERE x IS NOT NULL]}] AS d
WITH c, o, p, q, d
WHERE any(x IN d.was WHERE NOT x IN d.now) OR any(x IN d.now WHERE NOT x IN d.was)
RETURN o.id AS earlier, o.type AS type, p.id AS party, q.id AS earlier_party, d.about AS about,
       d.was AS was, d.now AS now
ORDER BY earlier, party, earlier_party, about
