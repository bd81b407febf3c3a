//: title: {zh: "交还装载的租约", en: "Give the lease of loads back"}
//: mode: write
//: params: {holder: {type: string}}
MATCH (s:Store {key: 'lease'})
WHERE s.holder = $holder
DELETE s
