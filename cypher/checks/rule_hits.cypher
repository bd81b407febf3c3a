//: title: {zh: "某规则的命中与处置", en: "Problems that a rule raised, by their status"}
//: params:
//:   rule: {type: string, example: rulebook/TL-060}
//:   as_of: {type: datetime, default: null}
//: returns:
//:   status: "string"
//:   closed: "boolean"
//:   n: "integer"
//: budget: {rows: 100, ms: 2000}
MATCH (r {key: $rule})<-[:RAISED_BY]-(p:Problem)
WHERE p.known <= $as_of
OPTIONAL MATCH (p)-[:DISPOSED_AS]->(s:Disposition) WHERE s.known <= $as_of
WITH p, s ORDER BY s.known, s.key
WITH p, collect(s.status) AS said
WITH p.closed_on IS NOT NULL AS closed,
     CASE WHEN size(said) > 0 THEN said[size(said) - 1]
     WHEN p.closed_on IS NOT NULL AND coalesce(p.closed, $as_of) <= $as_of THEN 'CLOSED'
     ELSE 'HIT' END AS status
RETURN status, closed, count(*) AS n
ORDER BY status, closed
