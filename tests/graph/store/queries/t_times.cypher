//: title: {zh: 时间值, en: Times as given and as stored}
//: params: {key: {type: string, example: demo/C-1}, at: {type: datetime, example: "2024-01-01T00:00:00Z"}, day: {type: date, example: 2024-01-01}}
//: returns: {at: datetime, day: date, stored: datetime, stored_on: date, same: boolean, before: boolean}
MATCH (c:Case {key: $key})
RETURN $at AS at, $day AS day, c.accepted AS stored, c.accepted_on AS stored_on,
       c.accepted = $at AS same, c.accepted < $at AS before
