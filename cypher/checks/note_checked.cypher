//: title: {zh: "记下案件的计数和下次会变的日期", en: "Note what was counted of cases, and the next day on which their results change"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MATCH (c:Case {key: row.key})
SET c._next = row.next, c._tally = row.tally
