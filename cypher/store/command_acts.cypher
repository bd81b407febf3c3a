//: title: {zh: "经命令录入的处置", en: "Dispositions entered by command"}
//: params: {until: {type: datetime, example: "2025-06-30T00:00:00+08:00"}}
//: returns: {key: string, props: map, problem: string, person: string}
//: budget: {rows: 1000000, ms: 10000}
MATCH (d:Disposition)
WHERE d._hash IS NULL AND d.entered <= $until
RETURN d.key AS key, properties(d) AS props,
       [(d)<-[:DISPOSED_AS]-(p:Problem) | p.key][0] AS problem,
       [(d)-[:BY]->(x:Person) | x.key][0] AS person
ORDER BY key
