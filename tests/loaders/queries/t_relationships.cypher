//: title: {zh: 全部关系及其属性, en: All relationships with their properties}
//: returns: {type: string, source: string, source_key: string, target: string, target_key: string, props: map}
MATCH (a)-[r]->(b)
RETURN type(r) AS type, labels(a)[0] AS source, a.key AS source_key, labels(b)[0] AS target,
       b.key AS target_key, properties(r) AS props
