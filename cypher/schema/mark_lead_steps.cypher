//: title: {zh: "线索步骤：标记来源中已消失的行", en: "Step of a lead: mark rows that have vanished from their source"}
//: mode: write
//: params: {keys: {type: "list<string>"}, batch: {type: string, default: null}}
UNWIND $keys AS key
MATCH (n:Step {key: key})
SET n._vanished = $batch
