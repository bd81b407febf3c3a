//: title: {zh: 删除一批节点, en: Delete a batch of nodes}
//: params: {limit: {type: integer, default: 5000}}
//: returns: {deleted: integer}
//: mode: admin
MATCH (n) WITH n LIMIT $limit DETACH DELETE n RETURN count(*) AS deleted
