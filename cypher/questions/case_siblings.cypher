//: title: {zh: "同案其他案件", en: "Sibling cases: of the same matter, before or after it"}
//: params:
//:   case: {type: string, example: C7-2024-000001}
//:   source: {type: string, default: null, example: demo}
//:   as_of: {type: datetime, default: null}
//: returns:
//:   case: "string"
//:   type: "string"
//:   matter: "string"
//:   relation: "string"
//:   accepted: "date"
//:   problems: "integer"
//: budget: {rows: 10000, ms: 50}
MATCH (c:Case {id: $case})
WHERE $source IS NULL OR c.source = $source
OPTIONAL MATCH (c)-[:PART_OF]->(m:Matter)<-[:PART_OF]-(o:Case)
WHERE o.key <> c.key
WITH c, [x IN collect({o: o, m: m.id, r: 'SAME_MATTER'}) WHERE x.o IS NOT NULL] AS same
OPTIONAL MATCH (c)-[:FOLLOWS]->(b:Case)
WITH c, same, [x IN collect({o: b, m: null, r: 'FOLLOWS'}) WHERE x.o IS NOT NULL] AS before
OPTIONAL MATCH (c)<-[:FOLLOWS]-(a:Case)
WITH same, before, [x IN collect({o: a, m: null, r: 'FOLLOWED_BY'}) WHERE x.o IS NOT NULL] AS after
UNWIND same + before + after AS x
WITH x, x.o AS o
WHERE o.known IS NULL OR o.known <= $as_of
OPTIONAL MATCH (o)<-[:FOUND_IN]-(p:Problem)
WHERE p.known <= $as_of
WITH x.r AS relation, x.m AS matter, o, count(p) AS problems
RETURN o.id AS case, o.type AS type, matter, relation, o.accepted_on AS accepted, problems
ORDER BY case, relation
