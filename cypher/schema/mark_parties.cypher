//: title: {zh: "涉案人员（案中人）：标记来源中已消失的行", en: "Party: a person in a case: mark rows that have vanished from their source"}
//: mode: write
//: params: {keys: {type: "list<string>"}, batch: {type: string, default: null}}
UNWIND $keys AS key
MATCH (n:Party {key: key})
SET n._vanished = $batch
