//: title: {zh: 批次清单, en: The batches of the store}
//: returns: {batch: string, source: string, state: string, hash: string, data_to: datetime, profile: string, report: string, files: string, rulebook: string, undoes: string, undone: string}
//: budget: {rows: 10000, ms: 50}
MATCH (b:Batch)
RETURN b.id AS batch, b.source AS source, b.state AS state, b.hash AS hash, b.data_to AS data_to,
       b.profile AS profile, b.report AS report, b.files AS files, b.rulebook AS rulebook,
       b.undoes AS undoes, b.undone AS undone
ORDER BY batch
