//: title: {zh: "消除：问题的根据已不存在", en: "Close problems whose ground is gone; they are never deleted"}
//: mode: write
//: params: {rows: {type: "list<map>"}}
UNWIND $rows AS row
MATCH (p:Problem {key: row.key})
SET p.closed = row.closed, p.closed_on = row.closed_on, p.closed_offset = row.closed_offset,
    p.closed_reason = row.reason, p._hash = row.hash
