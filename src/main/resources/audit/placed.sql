-- An order that could not be read and was corrected is an order of the one service that it went back to.
SELECT count(*) AS accepted,
       count(*) FILTER (WHERE fate = 'done') AS done,
       count(*) FILTER (WHERE fate = 'parked') AS parked,
       count(*) FILTER (WHERE fate = 'in flight') AS in_flight,
       count(*) FILTER (WHERE fate = 'skipped') AS skipped,
       count(*) FILTER (WHERE fate = 'lost') AS lost,
       count(*) FILTER (WHERE wrong) AS wrong,
       count(*) FILTER (WHERE twice) AS twice,
       (array_agg(order_id::text) FILTER (WHERE fate = 'lost'))[1\:20] AS lost_ids,
       (array_agg(order_id::text) FILTER (WHERE wrong))[1\:20] AS wrong_ids,
       (array_agg(order_id::text) FILTER (WHERE twice))[1\:20] AS twice_ids
  FROM (
    SELECT o.order_id,
           CASE WHEN r.order_id IS NOT NULL AND NOT r.parked
                     THEN CASE WHEN %2$s THEN 'done' ELSE 'lost' END
                WHEN r.parked AND l.id IS NOT NULL THEN 'parked'
                WHEN o.off >= coalesce(c.off, 0) THEN 'in flight'
                WHEN s.service IS NOT NULL THEN 'skipped'
                ELSE 'lost' END AS fate,
           coalesce(NOT r.parked AND (%3$s), false) AS wrong,
           coalesce(%2$s AND (r.order_id IS NULL OR r.parked OR l.attempt >= r.attempt), false) AS twice
      FROM (
        SELECT p.order_id, p.part, p.off, coalesce(d.lines, p.lines) AS lines,
               coalesce(d.pieces, p.pieces) AS pieces, coalesce(d.customer, p.customer) AS customer,
               d.letter
          FROM audit_order p LEFT JOIN audit_corrected d ON d.order_id = p.order_id
         WHERE NOT p.tail
        UNION ALL
        SELECT d.order_id, d.part, d.off, d.lines, d.pieces, d.customer, d.letter FROM audit_corrected d
         WHERE NOT EXISTS (SELECT FROM audit_order p WHERE p.order_id = d.order_id)) o
      LEFT JOIN delivery.receipts r
        ON r.service = :service AND r.order_id = o.order_id AND r.event = 'order-placed'
      %1$s
      LEFT JOIN audit_committed c ON c.service = :service AND c.topic = :orders AND c.part = o.part
      LEFT JOIN LATERAL (SELECT g.service FROM delivery.gap g
                          WHERE g.kind = 'skipped' AND g.over_at IS NULL AND g.service = :service AND g.topic = :orders
                            AND g.record_partition = o.part
                            AND o.off >= g.from_offset AND o.off < g.to_offset LIMIT 1) s ON true
      LEFT JOIN audit_known_letter l
        ON l.service = :service
       AND l.id = coalesce(o.letter, :service || '/' || o.order_id || '/order-placed')) judged
