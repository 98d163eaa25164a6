-- What the service acted on: of several redrives, the one that its receipt counts.
DROP TABLE IF EXISTS audit_corrected;
CREATE TEMP TABLE audit_corrected AS
    SELECT DISTINCT ON (d.order_id) d.* FROM audit_redriven d
      LEFT JOIN delivery.receipts r
        ON r.service = d.service AND r.order_id = d.order_id AND r.event = 'order-placed'
     WHERE d.service = '%s' AND d.lines IS NOT NULL AND NOT d.tail
     ORDER BY d.order_id, d.attempt = r.attempt DESC NULLS LAST, d.attempt DESC;
ANALYZE audit_corrected;
