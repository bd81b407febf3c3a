//: title: {zh: "取得装载的租约", en: "Take the lease of loads, where it is free, one's own, or stale"}
//: doc: {zh: "以服务器时钟计，毫秒", en: "by the server's clock, in milliseconds"}
//: mode: write
//: params: {holder: {type: string}, stale: {type: integer}}
//: returns: {holder: string}
MERGE (s:Store {key: 'lease'})
SET s.id = 'lease',
    s.holder = CASE WHEN s.holder IS NULL OR s.beat < timestamp() - $stale THEN $holder ELSE s.holder END
SET s.beat = CASE WHEN s.holder = $holder THEN timestamp() ELSE s.beat END
RETURN s.holder AS holder
