//: title: {zh: "案件的来源", en: "Sources that hold cases, with their number"}
//: returns:
//:   source: "string"
//:   cases: "integer"
//: budget: {rows: 1000, ms: 500}
MATCH (c:Case)
RETURN c.source AS source, count(*) AS cases
ORDER BY source
