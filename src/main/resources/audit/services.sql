WITH RECURSIVE s AS (
    (SELECT service FROM delivery.receipts ORDER BY service LIMIT 1)
    UNION ALL
    SELECT (SELECT r.service FROM delivery.receipts r WHERE r.service > s.service ORDER BY 1 LIMIT 1)
      FROM s WHERE s.service IS NOT NULL)
SELECT service FROM s WHERE service IS NOT NULL
