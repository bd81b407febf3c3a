//: title: {zh: 未处置的规则命中, en: Rule hits without a disposition}
//: params: {source: {type: string, default: null, example: demo}, as_of: {type: datetime, default: null}}
//: returns: {problem: string, source: string, type: string, rule: string, case: string, found: date}
//: budget: {rows: 1000000, ms: 2000}
MATCH (r)<-[:RAISED_BY]-(p:Problem)-[:FOUND_IN]->(c:Case)
WHERE (r:DataRule OR r:MonitoringRule OR r:DeadlineRule) AND p.known <= $as_of
  AND ($source IS NULL OR p.source = $source)
  AND NOT EXISTS { MATCH (p)-[:DISPOSED_AS]->(d:Disposition) WHERE d.known <= $as_of }
MATCH (p)-[:OF_TYPE]->(t:ProblemType)
RETURN p.id AS problem, p.source AS source, t.id AS type, min(r.id) AS rule, c.id AS case, p.found_on AS found
ORDER BY problem, source
