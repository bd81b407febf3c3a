//: title: {zh: "来源称其问题有状态的案件", en: "Cases with a problem of which a source claims the state"}
//: params:
//:   source: {type: string, default: null, example: demo}
//: returns: {key: string}
//: budget: {rows: 10000000, ms: 5000}
MATCH (c:Case)<-[:FOUND_IN]-(p:Problem)
WHERE p.state IS NOT NULL AND ($source IS NULL OR p.source = $source)
RETURN DISTINCT c.key AS key
ORDER BY key
