SELECT count(*) AS accepted,
       count(*) FILTER (WHERE fate = 'parked') AS parked,
       count(*) FILTER (WHERE fate = 'in flight') AS in_flight,
       count(*) FILTER (WHERE fate = 'skipped') AS skipped,
       count(*) FILTER (WHERE fate = 'lost') AS lost,
       (array_agg(place) FILTER (WHERE fate = 'lost'))[1\:20] AS lost_ids
  FROM (
    SELECT u.place, CASE WHEN EXISTS (SELECT FROM audit_known_letter l WHERE l.service = :service
                                       AND l.place = :service || '/' || u.place) THEN 'parked'
                         WHEN u.off >= coalesce(c.off, 0) THEN 'in flight'
                         WHEN EXISTS (SELECT FROM delivery.gap g
                                       WHERE g.kind = 'skipped' AND g.over_at IS NULL AND g.service = :service AND g.topic = :orders
                                         AND g.record_partition = u.part
                                         AND u.off >= g.from_offset AND u.off < g.to_offset) THEN 'skipped'
                         ELSE 'lost' END AS fate
      FROM (SELECT part, off, :orders || '-' || part || '@' || off AS place
              FROM audit_unreadable WHERE NOT tail) u
      LEFT JOIN audit_committed c ON c.service = :service AND c.topic = :orders AND c.part = u.part
     WHERE NOT EXISTS (SELECT FROM audit_corrected d WHERE %s = :service || '/' || u.place)) judged
