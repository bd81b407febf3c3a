//: title: {zh: 已有最终结果而无反馈的评查, en: Final reviews without feedback}
//: doc: {zh: 反馈指启动该评查或由该评查产生的线索有反馈步骤或带反馈的终结, en: "feedback: a step with feedback in a lead that opened the review or grew from it"}
//: params: {source: {type: string, default: null, example: demo}, as_of: {type: date, default: null}}
//: returns: {review: string, source: string, case: string, lead: string, finished: date}
//: budget: {rows: 100000, ms: 1000}
MATCH (v:Review)-[:OF]->(c:Case)
WHERE v.finished <= $as_of AND ($source IS NULL OR v.source = $source)
  AND NOT EXISTS { MATCH (v)<-[:OPENED]-(:Lead)-[:HAS_STEP]->(s:Step) WHERE s.feedback IS NOT NULL AND s.at_on <= $as_of }
  AND NOT EXISTS { MATCH (v)-[:GAVE_RISE_TO]->(:Lead)-[:HAS_STEP]->(s:Step) WHERE s.feedback IS NOT NULL AND s.at_on <= $as_of }
OPTIONAL MATCH (v)<-[:OPENED]-(l:Lead)
RETURN v.id AS review, v.source AS source, c.id AS case, l.id AS lead, v.finished AS finished
ORDER BY review, source
