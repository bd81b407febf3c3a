//: title: {zh: 截止时间, en: The as_of that a query receives}
//: params: {as_of: {type: datetime, default: null}}
//: returns: {as_of: datetime}
RETURN $as_of AS as_of
