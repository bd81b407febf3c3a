//: title: {zh: "记下案件下次会变的日期", en: "Note the next day on which the results of cases change"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MATCH (c:Case {key: row.key})
SET c._next = row.next
