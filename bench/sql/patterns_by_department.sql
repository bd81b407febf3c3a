-- The same by type, node and department.
SELECT p.type, p.node, c.department, count(DISTINCT p.case_id), count(DISTINCT c.handler),
       count(DISTINCT date_trunc('month', p.found)), count(*)
FROM counted p JOIN cases c USING (case_id) GROUP BY p.type, p.node, c.department;
