//: title: {zh: "违反某期限规则的案件", en: "Cases with a problem raised by a deadline rule"}
//: params:
//:   rule: {type: string, example: demo/enddate}
//:   as_of: {type: datetime, default: null}
//: returns:
//:   case: "string"
//: budget: {rows: 1000000, ms: 4000}
MATCH (r:DeadlineRule {key: $rule})<-[:RAISED_BY]-(p:Problem)-[:FOUND_IN]->(c:Case)
WHERE p.known <= $as_of
RETURN DISTINCT c.key AS case
