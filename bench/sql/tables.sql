-- The tables of a native package, read from its CSV files below the variable `folder`.
CREATE OR REPLACE TABLE cases AS
SELECT "case" AS case_id, type, unit, department, handler, matter,
       CAST(CAST(accepted AS TIMESTAMP) AS DATE) AS accepted, CAST(accepted AS TIMESTAMP) AS known
FROM read_csv(getvariable('folder') || '/cases.csv', header = true, all_varchar = true);

CREATE OR REPLACE TABLE events AS
SELECT event, "case" AS case_id, node, CAST(occurred AS TIMESTAMP) AS moment,
       CAST(CAST(occurred AS TIMESTAMP) AS DATE) AS day,
       CAST(coalesce(recorded, occurred) AS TIMESTAMP) AS known,
       coalesce(outcome, '') AS act, coalesce(party, '') AS party, person
FROM read_csv(getvariable('folder') || '/events.csv', header = true, all_varchar = true);

CREATE OR REPLACE TABLE parties AS
SELECT party, "case" AS case_id
FROM read_csv(getvariable('folder') || '/parties.csv', header = true, all_varchar = true);

CREATE OR REPLACE TABLE persons AS
SELECT person, department
FROM read_csv(getvariable('folder') || '/persons.csv', header = true, all_varchar = true);

CREATE OR REPLACE TABLE problems AS
SELECT problem, type, "case" AS case_id, node, CAST(CAST(found AS TIMESTAMP) AS DATE) AS found,
       CAST(found AS TIMESTAMP) AS known
FROM read_csv(getvariable('folder') || '/problems.csv', header = true, all_varchar = true);

CREATE OR REPLACE TABLE dispositions AS
SELECT disposition, problem, status, CAST("at" AS TIMESTAMP) AS known
FROM read_csv(getvariable('folder') || '/dispositions.csv', header = true, all_varchar = true);

-- What the questions share: what is known by then, and problems whose status then counts.
CREATE OR REPLACE VIEW known_cases AS
SELECT * FROM cases WHERE known IS NULL OR known <= getvariable('as_of');

CREATE OR REPLACE VIEW known_events AS
SELECT * FROM events SEMI JOIN known_cases USING (case_id) WHERE known <= getvariable('as_of');

CREATE OR REPLACE VIEW counted AS
WITH said AS (
  SELECT problem, arg_max(status, (known, disposition)) AS status
  FROM dispositions WHERE known <= getvariable('as_of') GROUP BY problem
)
SELECT p.*
FROM problems p SEMI JOIN known_cases USING (case_id) LEFT JOIN said USING (problem)
WHERE p.known <= getvariable('as_of') AND coalesce(said.status, 'HIT') IN ('HIT', 'CONFIRMED');

CREATE OR REPLACE VIEW groups AS
SELECT case_id, bool_or(node = 'PR11') AS hit, min(moment) FILTER (node = 'PR11') AS returned,
       min(moment) FILTER (node = 'PR22') AS decided, min(day) FILTER (node = 'PR22') AS day
FROM known_events WHERE node IN ('PR11', 'PR22') GROUP BY case_id HAVING bool_or(node = 'PR22');
