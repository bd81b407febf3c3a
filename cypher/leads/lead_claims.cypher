//: title: {zh: "来源称有状态的案件线索", en: "Leads about cases of which a source claims the state"}
//: doc: {zh: ahead 为 as_of 之后各步骤的时间, en: "ahead: when steps later than as_of come to be known"}
//: params:
//:   cases: {type: "list<string>", example: [demo/C7-2024-000001]}
//:   as_of: {type: datetime, default: null}
//: returns: {case: string, lead: string, ahead: any}
//: budget: {rows: 100000, ms: 5000}
UNWIND $cases AS case
MATCH (c:Case {key: case})<-[:ABOUT]-(l:Lead)
WHERE l.state IS NOT NULL
RETURN c.key AS case, l.key AS lead,
       [(l)-[:HAS_STEP]->(s:Step) WHERE s.known > $as_of | s.known] AS ahead
ORDER BY lead
