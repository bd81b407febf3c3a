//: title: {zh: "所给案件所属各案的全部案件", en: "All cases of the matters that the given cases belong to"}
//: params:
//:   cases: {type: "list<string>", example: [demo/C7-2024-000001]}
//: returns:
//:   key: "string"
//:   matter: "string"
//:   source: "string"
//: budget: {rows: 10000000, ms: 10000}
UNWIND $cases AS key
MATCH (:Case {key: key})-[:PART_OF]->(m:Matter)<-[:PART_OF]-(c:Case)
RETURN DISTINCT c.key AS key, m.key AS matter, c.source AS source
ORDER BY matter, key
