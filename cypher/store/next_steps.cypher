//: title: {zh: 重建线索的步骤顺序, en: Rebuild the order of steps of leads}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (:Lead {key: key})-[:HAS_STEP]->(e:Step)
WITH key, e ORDER BY key, e.at_on, e.at IS NOT NULL, e.at, e.key
WITH key, collect(e) AS es
WHERE size(es) > 1
UNWIND range(0, size(es) - 2) AS i
WITH es[i] AS a, es[i + 1] AS b
MERGE (a)-[:NEXT]->(b)
