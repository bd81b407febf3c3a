//: title: {zh: "线索：去掉行的关系 GAVE_RISE_TO（Review）", en: "Lead: remove the rows' relationships GAVE_RISE_TO to Review"}
//: mode: write
//: params: {keys: {type: "list<string>"}}
UNWIND $keys AS key
MATCH (n:Lead {key: key})
MATCH (t:Review)-[r:GAVE_RISE_TO]->(n)
DELETE r
