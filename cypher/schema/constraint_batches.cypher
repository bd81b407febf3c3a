//: title: {zh: "批次：键唯一", en: "Batch of loaded rows: unique key"}
//: mode: admin
CREATE CONSTRAINT batches_key IF NOT EXISTS FOR (n:Batch) REQUIRE n.key IS UNIQUE
