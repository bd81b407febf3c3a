//: title: {zh: 清空, en: "Delete everything, in portions"}
//: mode: admin
//: params: {portion: {type: integer, example: 10000}}
//: returns: {n: integer}
MATCH (n)
WITH n LIMIT $portion
DETACH DELETE n
RETURN count(*) AS n
