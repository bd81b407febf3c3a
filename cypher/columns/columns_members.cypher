//: title: {zh: "列式投影：人员所在部门", en: "For the columns: the department of each member of staff"}
//: doc:
//:   zh: 仅用于说明事件由哪个部门办理，人员从不列出。
//:   en: "only to tell in which department an event was done; persons are never listed"
//: params:
//:   source: {type: string, default: null, example: demo}
//: returns:
//:   person: "string"
//:   department: "string"
//: budget: {rows: 1000000, ms: 1000}
MATCH (p:Person)-[:MEMBER_OF]->(d:Department)
WHERE $source IS NULL OR p.source = $source
RETURN p.key AS person, d.id AS department
