//: title: {zh: "列式投影：问题与处置的数量", en: "For the columns: how many problems, closed ones and dispositions a source has"}
//: params:
//:   source: {type: string, default: null, example: demo}
//: returns:
//:   cases: "integer"
//:   problems: "integer"
//:   closed: "integer"
//:   dispositions: "integer"
//: budget: {rows: 1, ms: 3000}
OPTIONAL MATCH (p:Problem)
WHERE $source IS NULL OR p.source = $source
WITH count(p) AS problems, count(p.closed_on) AS closed
OPTIONAL MATCH (s:Disposition)
WHERE $source IS NULL OR s.source = $source
WITH problems, closed, count(s) AS dispositions
OPTIONAL MATCH (c:Case)
WHERE $source IS NULL OR c.source = $source
RETURN count(c) AS cases, problems, closed, dispositions
