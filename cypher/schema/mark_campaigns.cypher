//: title: {zh: "专项评查活动：标记来源中已消失的行", en: "Review campaign: mark rows that have vanished from their source"}
//: mode: write
//: params: {keys: {type: "list<string>"}, batch: {type: string, default: null}}
UNWIND $keys AS key
MATCH (n:Campaign {key: key})
SET n._vanished = $batch
