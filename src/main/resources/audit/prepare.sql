-- A letter's id says its event, or the place of a record that could not be read, with the record's timestamp behind
-- it in letters of this version. Of an order that stands in the topic more than once, the first record counts.
ANALYZE audit_placed; ANALYZE audit_event; ANALYZE audit_committed;
CREATE TEMP TABLE audit_order AS
    SELECT DISTINCT ON (order_id) * FROM audit_placed ORDER BY order_id, tail, part, off;
CREATE TEMP TABLE audit_known_letter AS
    SELECT id, service, %1$s AS place, max(attempt) AS attempt FROM (
        SELECT id, service, attempt FROM audit_letter
        UNION ALL SELECT orderflow_id, service, attempt FROM redrive.dead_letter) l
     GROUP BY id, service;
ANALYZE audit_order; ANALYZE audit_known_letter; ANALYZE audit_redriven;
