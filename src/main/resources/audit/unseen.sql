-- What was placed before the oldest record that is left may have left the topic, however late it was done.
-- Clocks and appends may differ by a moment. Where status passed orders, nobody knows when those were placed.
SELECT count(DISTINCT e.order_id) AS unseen, (array_agg(DISTINCT e.order_id::text))[1\:20] AS unseen_ids
  FROM (%s) e
 WHERE e.at >= :since
   AND NOT EXISTS (SELECT FROM audit_order o WHERE o.order_id = e.order_id)
   AND NOT EXISTS (SELECT FROM status.orders p WHERE p.order_id = e.order_id
                      AND p.placed_at < CAST(:since AS timestamptz) + interval '1 second')
   AND (EXISTS (SELECT FROM status.orders p WHERE p.order_id = e.order_id AND p.placed_at IS NOT NULL)
        OR NOT EXISTS (SELECT FROM delivery.gap g WHERE g.service = 'status' AND g.topic = :orders))
   AND NOT EXISTS (
        SELECT FROM audit_redriven d WHERE d.service = :service AND d.order_id = e.order_id)
