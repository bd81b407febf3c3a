//: title: {zh: 终止语句, en: End a running statement}
//: params: {id: {type: string, example: neo4j-transaction-1}}
//: mode: admin
TERMINATE TRANSACTION $id
