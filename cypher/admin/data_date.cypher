//: title: {zh: 库的数据日期, en: Data date of the store}
//: returns: {data_to: datetime}
//: mode: admin
MATCH (b:Batch) RETURN max(b.data_to) AS data_to
