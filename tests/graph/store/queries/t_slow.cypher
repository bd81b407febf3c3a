//: title: {zh: 很慢的查询, en: A query that runs for hours}
//: params: {n: {type: integer, example: 1000000}}
//: returns: {n: integer}
UNWIND range(1, $n) AS a
UNWIND range(1, $n) AS b
WITH a, b
WHERE (a * b) % 7 = 8
RETURN count(*) AS n
