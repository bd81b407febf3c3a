//: title: {zh: "案件的事件由哪个部门办理", en: "Events of cases and the department of each: where it was done, else of whom did it"}
//: params:
//:   source: {type: string, default: null, example: demo}
//:   as_of: {type: datetime, default: null}
//: returns:
//:   case: "string"
//:   department: "string"
//:   node: "string"
//:   day: "date"
//:   at: "datetime"
//:   event: "string"
//: budget: {rows: 1000000, ms: 8000}
MATCH (n:ProcessNode)<-[:AT]-(e:Event)-[:OF]->(c:Case)
WHERE e.known <= $as_of AND ($source IS NULL OR c.source = $source)
OPTIONAL MATCH (e)-[:DONE_IN]->(d:Department)
OPTIONAL MATCH (e)-[:BY]->(:Person)-[:MEMBER_OF]->(m:Department)
WITH c, n, e, coalesce(d.id, m.id) AS department
WHERE department IS NOT NULL
RETURN c.key AS case, department, n.id AS node, e.occurred_on AS day, e.occurred AS at,
       e.key AS event
