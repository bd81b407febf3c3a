//: title: {zh: "检查用：案件的文书、案卡项目等", en: "For a check: documents, card fields, participants, property and notices of cases"}
//: doc:
//:   zh: >-
//:     documents 为 [编号, 种类, 签发, 送达, 事件编号]；fields 为 [当事人键, 项目, 值, 填录时刻, 依据, 审批]；
//:     properties 为 [编号, 流转[[种类, 日期]]]；notices 为 [编号, 发出, 回复日期[]]。
//:   en: >-
//:     documents are [id, template, signed, served, event id]; fields [party key, field, value,
//:     entered, basis, approved by]; properties [id, movements [[kind, date]]]; notices [id,
//:     issued, dates of replies].
//: params:
//:   cases: {type: "list<string>", example: [demo/C7-2024-000001]}
//: returns:
//:   key: "string"
//:   documents: "any"
//:   fields: "any"
//:   participants: "list<string>"
//:   properties: "any"
//:   notices: "any"
//: budget: {rows: 100000, ms: 10000}
UNWIND $cases AS key
MATCH (c:Case {key: key})
RETURN c.key AS key,
       [(c)<-[:OF]-(d:Document) |
         [d.id, d.template, d.signed, d.served,
          [(d)<-[:EVIDENCED_BY]-(e:Event) | e.id]]] AS documents,
       [(c)<-[:ON]-(f:FieldValue) |
         [[(f)-[:ON]->(p:Party) | p.key], f.field, f.value, f.known, f.basis,
          f.approved_by]] AS fields,
       [(c)<-[:TAKES_PART_IN]-(t:Participant) | t.kind] AS participants,
       [(c)<-[:SEIZED_IN]-(o:Property) |
         [o.id, [(o)<-[:MOVED]-(v:PropertyMovement) | [v.kind, v.at_on]]]] AS properties,
       [(c)<-[:FOUND_IN]-(:Problem)<-[:CORRECTS]-(:Correction)-[:ISSUED_AS]->(n:Notice) |
         [n.id, n.issued, [(n)<-[:ANSWERS]-(r:Reply) | r.at]]] AS notices
