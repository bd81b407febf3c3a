//: title: {zh: "来源对问题状态的说法", en: "What sources claim of the state of problems, with what is recorded"}
//: doc:
//:   zh: status 按处置推得；said 为最后一次处置之日；corrected 为纠正办结日期，replied 为对通知书的回复日期。
//:   en: >-
//:     status is derived from dispositions; said is the date of the last one; corrected are dates on
//:     which corrections were closed, replied those of replies to notices.
//: params:
//:   source: {type: string, default: null, example: demo}
//:   as_of: {type: datetime, default: null}
//: returns:
//:   key: "string"
//:   problem: "string"
//:   source: "string"
//:   claimed: "string"
//:   case: "string"
//:   found: "date"
//:   status: "string"
//:   said: "date"
//:   corrected: "any"
//:   replied: "any"
//: budget: {rows: 1000000, ms: 5000}
MATCH (p:Problem)-[:FOUND_IN]->(c:Case)
WHERE p.state IS NOT NULL AND p.known <= $as_of AND ($source IS NULL OR p.source = $source)
OPTIONAL MATCH (p)-[:DISPOSED_AS]->(s:Disposition) WHERE s.known <= $as_of
WITH p, c, s ORDER BY s.known, s.key
WITH p, c, collect(s.status) AS words, collect(s.at_on) AS days
RETURN p.key AS key, p.id AS problem, p.source AS source, p.state AS claimed, c.key AS case,
       p.found_on AS found,
       CASE WHEN size(words) > 0 THEN words[size(words) - 1] ELSE 'HIT' END AS status,
       CASE WHEN size(days) > 0 THEN days[size(days) - 1] ELSE null END AS said,
       [(p)<-[:CORRECTS]-(k:Correction) WHERE k.closed IS NOT NULL | k.closed] AS corrected,
       [(p)<-[:CORRECTS]-(:Correction)-[:ISSUED_AS]->(:Notice)<-[:ANSWERS]-(r:Reply)
         WHERE r.at IS NOT NULL | r.at] AS replied
ORDER BY key
