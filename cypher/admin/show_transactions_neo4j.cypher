//: title: {zh: 正在运行的语句（Neo4j）, en: Running statements on Neo4j}
//: doc: {zh: 语句的标记在其事务元数据中, en: A statement's tag stands in the metadata of its transaction.}
//: returns: {id: string, mark: string}
//: mode: admin
SHOW TRANSACTIONS YIELD transactionId, metaData RETURN transactionId AS id, metaData.anguan AS mark
