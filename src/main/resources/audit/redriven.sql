SELECT count(DISTINCT d.letter) AS redriven,
       count(*) FILTER (WHERE missing) AS lost, (array_agg(d.letter) FILTER (WHERE missing))[1\:20] AS lost_ids
  FROM (
    SELECT d.letter, d.off < coalesce(c.off, 0) AND l.id IS NULL
           AND NOT coalesce(NOT r.parked OR r.attempt >= d.attempt, false) AS missing
      FROM audit_redriven d
      LEFT JOIN audit_committed c ON c.service = d.service AND c.topic = d.topic AND c.part = d.part
      LEFT JOIN delivery.receipts r
        ON r.service = d.service AND r.order_id = d.order_id AND r.event = d.event
      LEFT JOIN audit_known_letter l ON l.id = d.letter AND l.attempt >= d.attempt
     WHERE d.service = :service AND NOT d.tail) d
