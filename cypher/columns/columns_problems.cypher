//: title: {zh: "列式投影：问题", en: "For the columns: problems of a source, or of the given cases"}
//: doc:
//:   zh: >-
//:     joined 为问题所依据或所引出的对象（事件、文书、案卡项目、线索、评查、纠正）；dispositions 为
//:     [结论, 时刻, 键]；corrected 为已办结的纠正的日期。
//:   en: >-
//:     joined: what the problem rests on or led to (event, document, field, leads, reviews,
//:     corrections); dispositions: [status, known, key]; corrected: dates of closed corrections.
//: params:
//:   source: {type: string, default: null, example: demo}
//:   cases: {type: "list<string>", default: null, example: [demo/C7-2024-000001]}
//: returns:
//:   problem: "string"
//:   case: "string"
//:   type: "string"
//:   kind: "string"
//:   node: "string"
//:   found_by: "string"
//:   found: "date"
//:   known: "datetime"
//:   closed_on: "date"
//:   closed: "datetime"
//:   timed: "boolean"
//:   joined: "list<string>"
//:   values: "string"
//:   dispositions: "any"
//:   corrected: "any"
//: budget: {rows: 10000000, ms: 10000}
MATCH (t:ProblemType)<-[:OF_TYPE]-(p:Problem)-[:FOUND_IN]->(c:Case)
WHERE ($source IS NULL OR p.source = $source) AND ($cases IS NULL OR c.key IN $cases)
OPTIONAL MATCH (p)-[:LOCATED_AT]->(n:ProcessNode)
RETURN p.key AS problem, c.key AS case, t.id AS type, t.kind AS kind, n.key AS node,
       coalesce(p.found_by, t.kind) AS found_by, p.found_on AS found, p.known AS known,
       p.closed_on AS closed_on, p.closed AS closed,
       EXISTS { MATCH (p)-[:RAISED_BY]->(r) WHERE r:TimeLimit OR r:DeadlineRule } AS timed,
       [(p)-[:ABOUT]->(e:Event) | 'event ' + e.key] +
       [(p)-[:ABOUT]->(d:Document) | 'document ' + d.key] +
       [(p)-[:GAVE_RISE_TO]->(l:Lead) | 'lead ' + l.key] +
       [(p)-[:RAISED_BY]->(v:Review) | 'review ' + v.key] +
       [(p)-[:RAISED_BY]->(:Review)<-[:OPENED]-(o:Lead) | 'lead ' + o.key] +
       [(p)<-[:CORRECTS]-(k:Correction) | 'correction ' + k.key] AS joined,
       p.values AS values,
       [(p)-[:DISPOSED_AS]->(s:Disposition) | [s.status, s.known, s.key]] AS dispositions,
       [(p)<-[:CORRECTS]-(f:Correction)
         WHERE f.closed IS NOT NULL | f.closed] AS corrected
