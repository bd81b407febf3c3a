//: title: {zh: "发现问题之后改动的案卡项目", en: "Card fields changed after a problem was found in the case, with basis or order"}
//: doc:
//:   zh: 同一案件、同一当事人、同一项目在发现之前已有值 was，其后填录为 now；corrections 为当日已发出的、针对本案问题的纠正。
//:   en: "was: the value before it, now: entered after a problem was found; corrections: issued by then about the case"
//: params:
//:   case: {type: string, default: null, example: C7-2024-000001}
//:   unit: {type: string, default: null, example: U01}
//:   source: {type: string, default: null, example: demo}
//:   as_of: {type: date, default: null}
//: returns:
//:   case: "string"
//:   party: "string"
//:   field: "string"
//:   was: "string"
//:   now: "string"
//:   entered: "date"
//:   basis: "string"
//:   approved_by: "string"
//:   found: "date"
//:   problems: "list<string>"
//:   corrections: "list<string>"
//: budget: {rows: 100000, ms: 5000}
MATCH (c:Case)<-[:FOUND_IN]-(p:Problem)
WHERE p.found_on <= $as_of AND ($case IS NULL OR c.id = $case)
  AND ($source IS NULL OR c.source = $source)
  AND ($unit IS NULL OR EXISTS { MATCH (c)-[:HANDLED_AT]->(w:Unit) WHERE w.id = $unit })
WITH c, collect(p) AS problems, min(p.found_on) AS earliest
MATCH (c)<-[:ON]-(f:FieldValue)
WHERE f.entered_on > earliest AND f.entered_on <= $as_of
MATCH (c)<-[:ON]-(g:FieldValue)
WHERE g.field = f.field AND g.key <> f.key AND g.entered_on <= f.entered_on
OPTIONAL MATCH (f)-[:ON]->(q:Party)
OPTIONAL MATCH (g)-[:ON]->(o:Party)
WITH c, problems, f, g, q, o
WHERE coalesce(q.key, '') = coalesce(o.key, '')
WITH c, problems, f, g, q ORDER BY g.entered_on, g.key
WITH c, problems, f, q, collect(g) AS before
WITH c, f, q, before[size(before) - 1] AS g, [p IN problems WHERE p.found_on < f.entered_on] AS problems
WHERE any(p IN problems WHERE p.found_on >= g.entered_on)
OPTIONAL MATCH (c)<-[:FOUND_IN]-(:Problem)<-[:CORRECTS]-(k:Correction)
WHERE k.issued <= f.entered_on
WITH c, f, q, g, problems, collect(DISTINCT k.id) AS corrections
RETURN c.id AS case, q.id AS party, f.field AS field, g.value AS was, f.value AS now,
       f.entered_on AS entered, f.basis AS basis, f.approved_by AS approved_by,
       reduce(d = null, p IN problems | CASE WHEN d IS NULL OR p.found_on > d THEN p.found_on ELSE d END) AS found,
       [p IN problems | p.id] AS problems, corrections
ORDER BY case, field, entered, f.key
