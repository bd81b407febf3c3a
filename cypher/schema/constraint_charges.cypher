//: title: {zh: "罪名：键唯一", en: "Charge against a party: unique key"}
//: mode: admin
CREATE CONSTRAINT charges_key IF NOT EXISTS FOR (n:Charge) REQUIRE n.key IS UNIQUE
