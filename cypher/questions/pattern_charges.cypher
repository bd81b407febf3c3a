//: title: {zh: "案件的罪名与案由", en: "Charges and cause of the cases of a source"}
//: doc:
//:   zh: charges 为各当事人的罪名，[罪名代码或名称, 阶段]；没有的阶段为空值。
//:   en: "charges of the parties: [code, else name, stage]; stage null where it is not said"
//: params:
//:   source: {type: string, default: null, example: demo}
//: returns:
//:   case: "string"
//:   cause: "string"
//:   charges: "any"
//: budget: {rows: 10000000, ms: 10000}
MATCH (c:Case)
WHERE $source IS NULL OR c.source = $source
RETURN c.key AS case, c.cause AS cause,
       [(c)-[:HAS_PARTY]->(:Party)-[:CHARGED_WITH]->(x:Charge) |
         [coalesce(x.code, x.name), x.stage]] AS charges
