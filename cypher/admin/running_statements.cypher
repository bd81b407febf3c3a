//: title: {zh: 正在运行的语句, en: Statements that run now}
//: mode: admin
SHOW TRANSACTIONS
