//: title: {zh: 清空, en: "Delete everything, or all but the nodes of one source, in portions"}
//: mode: write
//: params: {portion: {type: integer, example: 10000}, kept: {type: string, default: "", example: rulebook}}
//: returns: {n: integer}
MATCH (n)
WHERE $kept = '' OR coalesce(n.source, '') <> $kept
WITH n LIMIT $portion
DETACH DELETE n
RETURN count(*) AS n
