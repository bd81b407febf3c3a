//: title: {zh: 既未处置也未成线索的预警, en: Alerts without a disposition and without a lead}
//: params: {source: {type: string, default: null, example: demo}, as_of: {type: datetime, default: null}}
//: returns: {alert: string, source: string, style: string, indicator: string, raised: date}
//: budget: {rows: 100000, ms: 1000}
MATCH (a:Alert)
WHERE a.known <= $as_of AND ($source IS NULL OR a.source = $source)
  AND NOT EXISTS { MATCH (a)-[:GAVE_RISE_TO]->(:Lead)-[:HAS_STEP]->(s:Step) WHERE s.known <= $as_of }
  AND NOT EXISTS { MATCH (a)<-[:RAISED_BY]-(:Problem)-[:DISPOSED_AS]->(d:Disposition) WHERE d.known <= $as_of }
OPTIONAL MATCH (a)-[:SIGNALS]->(:IndicatorValue)-[:OF]->(i:Indicator)
RETURN a.id AS alert, a.source AS source, a.style AS style, i.id AS indicator, a.raised_on AS raised
ORDER BY alert, source
