//: title: {zh: "案件所属的案（同一事实）", en: "The matter of each case that has one"}
//: params:
//:   source: {type: string, default: null, example: demo}
//: returns:
//:   case: "string"
//:   matter: "string"
//: budget: {rows: 1000000, ms: 3000}
MATCH (c:Case)-[:PART_OF]->(m:Matter)
WHERE $source IS NULL OR c.source = $source
RETURN c.key AS case, m.key AS matter
