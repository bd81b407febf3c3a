//: title: {zh: "问题：行的现有属性和所指的键", en: "Problem (finding): present properties of rows, and the keys they name"}
//: params: {keys: {type: "list<string>", example: [demo/x]}}
//: returns: {key: string, props: map, named: any}
//: budget: {rows: 100000, ms: 2000}
UNWIND $keys AS key
MATCH (n:Problem {key: key})
RETURN n.key AS key, properties(n) AS props,
       [(n)-[:OF_TYPE]->(t:ProblemType) | ['type', t.key]] +
       [(n)-[:FOUND_IN]->(t:Case) | ['case', t.key]] +
       [(n)-[:LOCATED_AT]->(t:ProcessNode) | ['node', t.key]] +
       [(n)-[:ABOUT]->(t:Event) | ['event', t.key]] +
       [(n)-[:ABOUT]->(t:Document) | ['document', t.key]] +
       [(n)-[:CONCERNS]->(t:Party) | ['party', t.key]] +
       [(n)-[:RAISED_BY]->(t:DataRule) | ['raised_by_rule', t.key]] +
       [(n)-[:RAISED_BY]->(t:TimeLimit) | ['raised_by_limit', t.key]] +
       [(n)-[:RAISED_BY]->(t:MonitoringRule) | ['raised_by_monitoring', t.key]] +
       [(n)-[:RAISED_BY]->(t:DeadlineRule) | ['raised_by_deadline', t.key]] +
       [(n)-[:RAISED_BY]->(t:Review) | ['raised_by_review', t.key]] +
       [(n)-[:RAISED_BY]->(t:Alert) | ['raised_by_alert', t.key]] +
       [(n)-[:RAISED_BY]->(t:Person) | ['raised_by_person', t.key]] AS named
