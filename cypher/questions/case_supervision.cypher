//: title: {zh: "三种监督对一个案件所做的，按时间", en: "What the supervisions did about a case, in time order"}
//: doc:
//:   zh: what 为 FOUND、DISPOSED、STEP、CORRECTION、CORRECTED、NOTICE、REPLY、REVIEW、REVIEWED、CARD；said 为其类型、结论、行为或项目。
//:   en: "said: the problem's type, the disposition, the lead's act, the form, the result or the card field"
//: params:
//:   case: {type: string, example: C7-2024-000001}
//:   source: {type: string, default: null, example: demo}
//:   as_of: {type: date, default: null}
//: returns:
//:   at: "date"
//:   what: "string"
//:   id: "string"
//:   said: "string"
//:   supervision: "string"
//: budget: {rows: 100000, ms: 200}
MATCH (c:Case {id: $case})
WHERE $source IS NULL OR c.source = $source
WITH [(c)<-[:FOUND_IN]-(p:Problem)-[:OF_TYPE]->(t:ProblemType) | {at: p.found_on, what: 'FOUND', id: p.id, said: t.id, by: coalesce(p.found_by, t.kind)}]
   + [(c)<-[:FOUND_IN]-(p:Problem)-[:DISPOSED_AS]->(s:Disposition) | {at: s.at_on, what: 'DISPOSED', id: p.id, said: s.status, by: null}]
   + [(c)<-[:ABOUT]-(l:Lead)-[:HAS_STEP]->(s:Step) | {at: s.at_on, what: 'STEP', id: l.id, said: s.act, by: l.route}]
   + [(c)<-[:FOUND_IN]-(:Problem)-[:GAVE_RISE_TO]->(l:Lead)-[:HAS_STEP]->(s:Step) | {at: s.at_on, what: 'STEP', id: l.id, said: s.act, by: l.route}]
   + [(c)<-[:FOUND_IN]-(:Problem)<-[:CORRECTS]-(k:Correction) | {at: k.issued, what: 'CORRECTION', id: k.id, said: k.form, by: null}]
   + [(c)<-[:FOUND_IN]-(:Problem)<-[:CORRECTS]-(k:Correction) | {at: k.closed, what: 'CORRECTED', id: k.id, said: k.root_cause, by: null}]
   + [(c)<-[:FOUND_IN]-(:Problem)<-[:CORRECTS]-(:Correction)-[:ISSUED_AS]->(x:Notice) | {at: x.issued, what: 'NOTICE', id: x.id, said: x.form, by: 'PROCEDURAL'}]
   + [(c)<-[:FOUND_IN]-(:Problem)<-[:CORRECTS]-(:Correction)-[:ISSUED_AS]->(x:Notice)<-[:ANSWERS]-(r:Reply) | {at: r.at, what: 'REPLY', id: r.id, said: r.result, by: null}]
   + [(c)<-[:OF]-(v:Review) | {at: v.opened, what: 'REVIEW', id: v.id, said: v.kind, by: 'SUBSTANTIVE'}]
   + [(c)<-[:OF]-(v:Review) | {at: v.finished, what: 'REVIEWED', id: v.id, said: v.result_category, by: 'SUBSTANTIVE'}]
   + [(c)<-[:ON]-(f:FieldValue) | {at: f.entered_on, what: 'CARD', id: f.id, said: f.field, by: 'DATA'}] AS all
UNWIND all AS x
WITH x WHERE x.at <= $as_of
RETURN DISTINCT x.at AS at, x.what AS what, x.id AS id, x.said AS said, x.by AS supervision
ORDER BY at, what, id, coalesce(said, '')
