//: title: {zh: "待检查的案件", en: "Cases to check: all, or those that something has changed for"}
//: doc:
//:   zh: 给出 batch 时，只取该批次以后触及的、以及 day 当日或以前结果会变的案件；同一案的案件相邻。
//:   en: >-
//:     With batch, only cases touched by later batches, and those whose result changes by day.
//:     Cases of one matter stand together.
//: params:
//:   source: {type: string, default: null, example: demo}
//:   unit: {type: string, default: null, example: U01}
//:   type: {type: string, default: null, example: PR}
//:   case: {type: string, default: null, example: C7-2024-000001}
//:   batch: {type: string, default: null, example: B00001}
//:   day: {type: date, default: null}
//: returns:
//:   key: "string"
//:   matter: "string"
//:   source: "string"
//: budget: {rows: 10000000, ms: 10000}
MATCH (c:Case)
WHERE ($source IS NULL OR c.source = $source)
  AND ($type IS NULL OR c.type = $type)
  AND ($case IS NULL OR c.id = $case)
  AND ($unit IS NULL OR EXISTS { MATCH (c)-[:HANDLED_AT]->(u:Unit) WHERE u.id = $unit })
  AND ($batch IS NULL OR c._batch > $batch OR c._touched > $batch OR c._next <= $day)
OPTIONAL MATCH (c)-[:PART_OF]->(m:Matter)
RETURN c.key AS key, coalesce(m.key, c.key) AS matter, c.source AS source
ORDER BY matter, key
