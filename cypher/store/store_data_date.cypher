//: title: {zh: 数据日期, en: The data date of the store}
//: returns: {data_date: datetime}
//: budget: {rows: 1, ms: 20}
MATCH (b:Batch)
WHERE b.data_to IS NOT NULL AND b.undone IS NULL
RETURN max(b.data_to) AS data_date
