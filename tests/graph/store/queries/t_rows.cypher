//: title: {zh: 若干行, en: Some rows}
//: params: {n: {type: integer, example: 10}}
//: returns: {i: integer, half: number, name: string, even: boolean, tags: "list<string>", data: map}
UNWIND range(1, $n) AS i
RETURN i, i / 2.0 AS half, 'row ' + toString(i) AS name, i % 2 = 0 AS even, ['a', 'b'] AS tags, {i: i} AS data
