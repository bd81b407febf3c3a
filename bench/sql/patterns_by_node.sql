-- Counted problems by type and node: distinct cases, handlers and months, and problems.
SELECT p.type, p.node, count(DISTINCT p.case_id), count(DISTINCT c.handler),
       count(DISTINCT date_trunc('month', p.found)), count(*)
FROM counted p JOIN cases c USING (case_id) GROUP BY p.type, p.node;
