//: title: {zh: "检察院：去掉行的关系 SUBORDINATE_TO（Unit）", en: "Procuratorate: remove the rows' relationships SUBORDINATE_TO to Unit"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Unit {key: key})
MATCH (n)-[r:SUBORDINATE_TO]->(t:Unit)
DELETE r
