//: title: {zh: "预警及其线索和评查", en: "Alerts with the leads and reviews that they led to"}
//: doc:
//:   zh: 为装入的预警；acts 为其线索已有的行为，effects 为其中的效果评估；其后的指标值用 anguan indicators 查看。
//:   en: "Alerts as loaded; acts of their leads, and effect checks among them; the value afterwards: anguan indicators"
//: params:
//:   since: {type: date, default: null, example: 2025-01-01}
//:   until: {type: date, default: null, example: 2025-12-31}
//:   source: {type: string, default: null, example: demo}
//:   as_of: {type: date, default: null}
//: returns:
//:   alert: "string"
//:   style: "string"
//:   raised: "date"
//:   indicator: "string"
//:   unit: "string"
//:   period: "string"
//:   numerator: "integer"
//:   denominator: "integer"
//:   leads: "list<string>"
//:   acts: "list<string>"
//:   effects: "list<string>"
//:   reviews: "list<string>"
//: budget: {rows: 100000, ms: 1000}
MATCH (a:Alert)
WHERE a.raised_on <= $as_of
  AND ($since IS NULL OR a.raised_on >= $since)
  AND ($until IS NULL OR a.raised_on <= $until)
  AND ($source IS NULL OR a.source = $source)
OPTIONAL MATCH (a)-[:SIGNALS]->(v:IndicatorValue)
OPTIONAL MATCH (v)-[:OF]->(i:Indicator)
OPTIONAL MATCH (v)-[:FOR]->(u:Unit)
OPTIONAL MATCH (a)-[:GAVE_RISE_TO]->(l:Lead)-[:HAS_STEP]->(s:Step)
WHERE s.at_on <= $as_of
WITH a, v, i, u, collect(DISTINCT l) AS leads, collect(DISTINCT s.act) AS acts,
     collect(DISTINCT s.effect_check) AS effects
RETURN a.id AS alert, a.style AS style, a.raised_on AS raised, i.id AS indicator, u.id AS unit,
       v.period AS period, v.numerator AS numerator, v.denominator AS denominator,
       [x IN leads | x.id] AS leads, acts, effects,
       [(a)-[:GAVE_RISE_TO]->(:Lead)-[:OPENED]->(r:Review) WHERE r.opened <= $as_of | r.id] AS reviews
ORDER BY raised, alert
