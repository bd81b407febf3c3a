//: title: {zh: "列式投影：问题、处置与后续的数量", en: "For the columns: how many problems, dispositions and follow-ups a source has"}
//: doc:
//:   zh: >-
//:     corrections、reviews、leads 为问题与纠正、评查、线索之间的联系数，leads 含启动评查的线索；
//:     corrected 为其中已办结的纠正。
//:   en: >-
//:     corrections, reviews, leads: ties of problems to these, leads with those that opened such a
//:     review; corrected: ties to corrections that are closed.
//: params:
//:   source: {type: string, default: null, example: demo}
//: returns:
//:   cases: "integer"
//:   problems: "integer"
//:   closed: "integer"
//:   dispositions: "integer"
//:   corrections: "integer"
//:   corrected: "integer"
//:   reviews: "integer"
//:   leads: "integer"
//: budget: {rows: 1, ms: 3000}
OPTIONAL MATCH (p:Problem)
WHERE $source IS NULL OR p.source = $source
WITH count(p) AS problems, count(p.closed_on) AS closed
OPTIONAL MATCH (s:Disposition)
WHERE $source IS NULL OR s.source = $source
WITH problems, closed, count(s) AS dispositions
OPTIONAL MATCH (k:Correction)-[:CORRECTS]->(p:Problem)
WHERE $source IS NULL OR p.source = $source
WITH problems, closed, dispositions, count(k) AS corrections, count(k.closed) AS corrected
OPTIONAL MATCH (v:Review)<-[:RAISED_BY]-(p:Problem)
WHERE $source IS NULL OR p.source = $source
WITH problems, closed, dispositions, corrections, corrected, count(v) AS reviews
OPTIONAL MATCH (o:Lead)-[:OPENED]->(:Review)<-[:RAISED_BY]-(p:Problem)
WHERE $source IS NULL OR p.source = $source
WITH problems, closed, dispositions, corrections, corrected, reviews, count(o) AS opened
OPTIONAL MATCH (l:Lead)<-[:GAVE_RISE_TO]-(p:Problem)
WHERE $source IS NULL OR p.source = $source
WITH problems, closed, dispositions, corrections, corrected, reviews, opened,
     count(l) AS raised
OPTIONAL MATCH (c:Case)
WHERE $source IS NULL OR c.source = $source
RETURN count(c) AS cases, problems, closed, dispositions, corrections, corrected, reviews,
       opened + raised AS leads
