//: title: {zh: 正在运行的语句, en: Running statements}
//: doc: {zh: 语句的标记在其事务元数据中（Neo4j）或文本中（本地引擎）, en: A statement's tag stands in its transaction's metadata (Neo4j) or in its text (local engine).}
//: returns: {id: string, mark: string}
//: mode: admin
SHOW TRANSACTIONS YIELD transactionId, currentQuery, metaData
RETURN transactionId AS id, coalesce(metaData.anguan, currentQuery) AS mark
