//: title: {zh: "评查发现的问题，及有无规则、规则是否命中", en: "Problems that reviews found, with the rules about them and whether these fired"}
//: doc:
//:   zh: rules 为发现此类问题并监督该节点的规则，fired 为其中在本案命中的，unconfirmed 为其中未确认（只报告）的；articles 为规则所据法条。
//:   en: "rules find this type and watch this node; fired: those that raised a problem in the case; unconfirmed only report"
//: params:
//:   case: {type: string, default: null, example: C7-2024-000001}
//:   type: {type: string, default: null, example: PR}
//:   kind: {type: string, default: null, example: PROCEDURAL}
//:   since: {type: date, default: null, example: 2024-01-01}
//:   until: {type: date, default: null, example: 2024-06-30}
//:   source: {type: string, default: null, example: demo}
//:   as_of: {type: datetime, default: null}
//: returns:
//:   problem: "string"
//:   review: "string"
//:   case: "string"
//:   type: "string"
//:   zh: "string"
//:   en: "string"
//:   kind: "string"
//:   node: "string"
//:   found: "date"
//:   basis: "string"
//:   articles: "list<string>"
//:   rules: "list<string>"
//:   fired: "list<string>"
//:   unconfirmed: "list<string>"
//: budget: {rows: 100000, ms: 3000}
MATCH (v:Review)<-[:RAISED_BY]-(p:Problem)-[:FOUND_IN]->(c:Case)
MATCH (p)-[:OF_TYPE]->(t:ProblemType)
WHERE p.known <= $as_of
  AND ($case IS NULL OR c.id = $case)
  AND ($type IS NULL OR c.type = $type)
  AND ($kind IS NULL OR t.kind = $kind)
  AND ($since IS NULL OR p.found_on >= $since)
  AND ($until IS NULL OR p.found_on <= $until)
  AND ($source IS NULL OR p.source = $source)
OPTIONAL MATCH (p)-[:LOCATED_AT]->(n:ProcessNode)
OPTIONAL MATCH (t)<-[:FINDS]-(r)
WHERE (r:TimeLimit OR r:DataRule)
  AND (n IS NULL OR NOT EXISTS { MATCH (r)-[:WATCHES]->(:ProcessNode) }
       OR EXISTS { MATCH (r)-[:WATCHES]->(w:ProcessNode) WHERE w.key = n.key })
WITH v, p, c, t, n, r,
     CASE WHEN r IS NULL THEN false
          ELSE EXISTS { MATCH (r)<-[:RAISED_BY]-(q:Problem)-[:FOUND_IN]->(o:Case) WHERE o.key = c.key AND q.known <= $as_of } END AS fired
OPTIONAL MATCH (r)-[:BASED_ON]->(a:LegalArticle)
WITH v, p, c, t, n, collect(DISTINCT a.id) AS articles, collect(DISTINCT r.id) AS rules,
     collect(DISTINCT CASE WHEN fired THEN r.id END) AS fired,
     collect(DISTINCT CASE WHEN r.status = 'unconfirmed' THEN r.id END) AS unconfirmed
RETURN p.id AS problem, v.id AS review, c.id AS case, t.id AS type, t.zh AS zh, t.en AS en,
       t.kind AS kind, n.id AS node, p.found_on AS found, p.basis AS basis, articles, rules,
       fired, unconfirmed
ORDER BY problem, p.source
