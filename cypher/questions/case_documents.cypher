//: title: {zh: "案件的文书", en: "Documents of a case and the events they prove"}
//: params:
//:   case: {type: string, example: C7-2024-000001}
//:   source: {type: string, default: null, example: demo}
//: returns:
//:   document: "string"
//:   template: "string"
//:   signed: "date"
//:   served: "date"
//:   event: "string"
//:   vanished: "string"
//: budget: {rows: 10000, ms: 50}
MATCH (c:Case {id: $case})
WHERE $source IS NULL OR c.source = $source
MATCH (c)<-[:OF]-(d:Document)
OPTIONAL MATCH (e:Event)-[:EVIDENCED_BY]->(d)
RETURN d.id AS document, d.template AS template, d.signed AS signed, d.served AS served,
       e.id AS event, d._vanished AS vanished
ORDER BY document
