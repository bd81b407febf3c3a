//: title: {zh: 案件已审结而未移送评查的待结案线索, en: Parked leads that were not promoted though the case is closed}
//: params: {source: {type: string, default: null, example: demo}, as_of: {type: date, default: null}}
//: returns: {lead: string, source: string, case: string, parked: date, closed: date}
//: budget: {rows: 100000, ms: 1000}
MATCH (c:Case)<-[:ABOUT]-(l:Lead {route: 'R1'})-[:HAS_STEP]->(p:Step)
WHERE c.closed <= $as_of AND p.at_on <= $as_of AND ($source IS NULL OR l.source = $source)
  AND (p.act = 'ACCEPT_REPLY'
       OR (p.act = 'DECIDE_DISPUTE' AND p.result IS NOT NULL AND p.result <> 'CLOSED'))
  AND NOT EXISTS { MATCH (l)-[:HAS_STEP]->(s:Step) WHERE s.act IN ['PROMOTE', 'WITHDRAW'] AND s.at_on <= $as_of }
RETURN l.id AS lead, l.source AS source, c.id AS case, min(p.at_on) AS parked, c.closed AS closed
ORDER BY lead, source
