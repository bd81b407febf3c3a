//: title: {zh: "某规则的命中是怎样处置的", en: "What was decided on the problems that a rule raised, and why"}
//: doc: {zh: 不列处置人, en: who decided is not listed}
//: params:
//:   rule: {type: string, example: rulebook/Q04}
//:   status: {type: string, default: null, example: RULE_FALSE}
//:   source: {type: string, default: null, example: demo}
//:   as_of: {type: datetime, default: null}
//: returns:
//:   problem: "string"
//:   case: "string"
//:   status: "string"
//:   at: "date"
//:   reason: "string"
//:   values: "string"
//: budget: {rows: 100000, ms: 2000}
MATCH (r {key: $rule})<-[:RAISED_BY]-(p:Problem)-[:DISPOSED_AS]->(s:Disposition)
MATCH (p)-[:FOUND_IN]->(c:Case)
WHERE s.known <= $as_of AND ($status IS NULL OR s.status = $status)
  AND ($source IS NULL OR p.source = $source)
RETURN p.id AS problem, c.id AS case, s.status AS status, s.at_on AS at, s.reason AS reason,
       s.values AS values
ORDER BY at, problem, s.key
