//: title: {zh: "法律文书：某来源在一段时间内的行，以及没有日期的行", en: "Legal document: rows of a source in a span of time, and those without a date"}
//: params:
//:   source: {type: string, example: demo}
//:   since: {type: datetime, default: null}
//:   until: {type: datetime, default: null}
//: returns: {key: string, hash: string, batch: string, vanished: string, row: integer,
//:   known: datetime, units: any}
//: budget: {rows: 100000000, ms: 600000}
MATCH (n:Document) WHERE n.source = $source AND n._hash IS NOT NULL
  AND (n.known IS NULL OR
       (($since IS NULL OR n.known >= $since) AND ($until IS NULL OR n.known <= $until)))
RETURN n.key AS key, n._hash AS hash, n._batch AS batch, n._vanished AS vanished, n._row AS row,
       n.known AS known, [] AS units
