//: title: {zh: "案件问题的纠正", en: "Corrections of the problems of a case"}
//: params:
//:   case: {type: string, example: C7-2024-000001}
//:   source: {type: string, default: null, example: demo}
//: returns:
//:   correction: "string"
//:   problems: "list<string>"
//:   lead: "string"
//:   form: "string"
//:   root_cause: "string"
//:   issued: "date"
//:   closed: "date"
//:   vanished: "string"
//: budget: {rows: 10000, ms: 50}
MATCH (c:Case {id: $case})
WHERE $source IS NULL OR c.source = $source
MATCH (c)<-[:FOUND_IN]-(p:Problem)<-[:CORRECTS]-(k:Correction)
WITH k, collect(DISTINCT p.id) AS problems
OPTIONAL MATCH (l:Lead)-[:OPENED]->(k)
RETURN k.id AS correction, problems, l.id AS lead, k.form AS form, k.root_cause AS root_cause,
       k.issued AS issued, k.closed AS closed, k._vanished AS vanished
ORDER BY correction
