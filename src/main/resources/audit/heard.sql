SELECT count(*) AS lost, (array_agg(id))[1\:20] AS lost_ids
  FROM (
    SELECT DISTINCT e.order_id || '/' || e.event AS id
      FROM audit_event e
      LEFT JOIN delivery.receipts r
        ON r.service = :service AND r.order_id = e.order_id AND r.event = e.event
      JOIN audit_committed c
        ON c.service = :service AND c.topic = :events AND c.part = e.part AND c.off > e.off
     WHERE e.event IN (:hears) AND r.order_id IS NULL
       AND NOT EXISTS (SELECT FROM audit_known_letter l WHERE l.service = :service
            AND l.place = :service || '/' || :events || '-' || e.part || '@' || e.off)) missing
