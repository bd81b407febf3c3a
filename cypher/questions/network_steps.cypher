//: title: {zh: "线索的步骤由哪个部门办理", en: "Steps of leads with the department of whom did them"}
//: params:
//:   source: {type: string, default: null, example: demo}
//:   as_of: {type: datetime, default: null}
//: returns:
//:   lead: "string"
//:   route: "string"
//:   act: "string"
//:   department: "string"
//:   day: "date"
//:   at: "datetime"
//:   step: "string"
//: budget: {rows: 1000000, ms: 5000}
MATCH (l:Lead)-[:HAS_STEP]->(s:Step)
WHERE s.known <= $as_of AND ($source IS NULL OR l.source = $source)
OPTIONAL MATCH (s)-[:BY]->(:Person)-[:MEMBER_OF]->(d:Department)
RETURN l.key AS lead, l.route AS route, s.act AS act, d.id AS department, s.at_on AS day,
       s.at AS at, s.key AS step
