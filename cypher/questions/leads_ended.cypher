//: title: {zh: "被拒绝、撤回或提前终结的线索及理由", en: "Leads that were rejected, withdrawn or ended early, with the reason"}
//: doc:
//:   zh: alike 为同一路线、行为、来源问题类型的件数；by_handler 表示终结者就是所涉案件的承办人。
//:   en: "alike: how many share route, act and type of origin; by_handler: ended by the handler of the case it is about"
//: params:
//:   acts: {type: "list<string>", default: [REJECT, DECLINE, NO_REVIEW, WATCH, REJECT_CAMPAIGN, WITHDRAW], example: [REJECT, CLOSE]}
//:   route: {type: string, default: null, example: R1}
//:   unit: {type: string, default: null, example: U01}
//:   source: {type: string, default: null, example: demo}
//:   as_of: {type: date, default: null}
//: returns:
//:   lead: "string"
//:   route: "string"
//:   unit: "string"
//:   case: "string"
//:   type: "string"
//:   node: "string"
//:   act: "string"
//:   at: "date"
//:   reason: "string"
//:   by_handler: "boolean"
//:   alike: "integer"
//: budget: {rows: 100000, ms: 2000}
MATCH (l:Lead)-[:HAS_STEP]->(s:Step)
WHERE s.at_on <= $as_of
  AND (s.act IN $acts OR (s.act IN ['DECIDE_DISPUTE', 'DECIDE_OBJECTION'] AND s.result = 'CLOSED'))
  AND ($route IS NULL OR l.route = $route)
  AND ($source IS NULL OR l.source = $source)
  AND ($unit IS NULL OR EXISTS { MATCH (l)-[:RAISED_AT]->(w:Unit) WHERE w.id = $unit })
OPTIONAL MATCH (l)-[:RAISED_AT]->(u:Unit)
OPTIONAL MATCH (l)-[:ABOUT]->(c:Case)
OPTIONAL MATCH (l)<-[:GAVE_RISE_TO]-(p:Problem)
OPTIONAL MATCH (p)-[:OF_TYPE]->(t:ProblemType)
OPTIONAL MATCH (p)-[:LOCATED_AT]->(n:ProcessNode)
WITH l, s, u, c, t, n,
     CASE WHEN c IS NULL THEN false
          ELSE EXISTS { MATCH (c)-[:HANDLED_BY]->(h:Person)<-[:BY]-(x:Step) WHERE x.key = s.key } END AS by_handler
WITH l.route AS route, s.act AS act, t.id AS type,
     collect({lead: l.id, key: s.key, unit: u.id, case: c.id, node: n.id, at: s.at_on, reason: s.reason, by: by_handler}) AS rows
UNWIND rows AS x
RETURN x.lead AS lead, route, x.unit AS unit, x.case AS case, type, x.node AS node, act, x.at AS at,
       x.reason AS reason, x.by AS by_handler, size(rows) AS alike
ORDER BY lead, at, x.key
