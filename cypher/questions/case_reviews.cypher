//: title: {zh: "案件的质量评查", en: "Quality reviews of a case"}
//: params:
//:   case: {type: string, example: C7-2024-000001}
//:   source: {type: string, default: null, example: demo}
//: returns:
//:   review: "string"
//:   kind: "string"
//:   opened: "date"
//:   finished: "date"
//:   result_category: "string"
//:   lead: "string"
//:   problems: "list<string>"
//:   vanished: "string"
//: budget: {rows: 10000, ms: 50}
MATCH (c:Case {id: $case})
WHERE $source IS NULL OR c.source = $source
MATCH (c)<-[:OF]-(r:Review)
OPTIONAL MATCH (l:Lead)-[:OPENED]->(r)
OPTIONAL MATCH (p:Problem)-[:RAISED_BY]->(r)
WITH r, l, collect(DISTINCT p.id) AS problems
RETURN r.id AS review, r.kind AS kind, r.opened AS opened, r.finished AS finished,
       r.result_category AS result_category, l.id AS lead, problems,
       r._vanished AS vanished
ORDER BY review
