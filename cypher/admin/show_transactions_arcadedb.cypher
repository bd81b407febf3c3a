//: title: {zh: 正在运行的语句（本地引擎）, en: Running statements on the local engine}
//: doc: {zh: 语句的标记在其文本中, en: A statement's tag stands in its text.}
//: returns: {id: string, mark: string}
//: mode: admin
SHOW TRANSACTIONS YIELD transactionId, currentQuery RETURN transactionId AS id, currentQuery AS mark
