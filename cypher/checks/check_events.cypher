//: title: {zh: "检查用：案件的节点事件", en: "For a check: events of cases at nodes of the rulebook"}
//: doc:
//:   zh: events 为 [编号, 节点, 行为, 时刻, 日期, 时差, 可见时刻, 录入日期, 当事人键, 日数]。
//:   en: >-
//:     events are [id, node, act, instant, date, offset, known, recorded on, party key, days].
//: params:
//:   cases: {type: "list<string>", example: [demo/C7-2024-000001]}
//: returns:
//:   key: "string"
//:   events: "any"
//: budget: {rows: 100000, ms: 10000}
UNWIND $cases AS key
MATCH (c:Case {key: key})<-[:OF]-(e:Event)-[:AT]->(n:ProcessNode)
WHERE n.source = 'rulebook'
OPTIONAL MATCH (e)-[:CONCERNS]->(p:Party)
RETURN c.key AS key,
       collect([e.id, n.id, e.outcome, e.occurred, e.occurred_on, e.occurred_offset, e.known,
                e.recorded_on, p.key, e.attr_days]) AS events
