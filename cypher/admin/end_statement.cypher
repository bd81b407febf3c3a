//: title: {zh: 终止一条语句, en: End one statement}
//: mode: admin
//: params: {id: {type: string, example: neo4j-transaction-1}}
TERMINATE TRANSACTION $id
