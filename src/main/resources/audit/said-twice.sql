SELECT service, count(*) AS twice, (array_agg(order_id || '/' || event))[1\:20] AS twice_ids
  FROM (
    SELECT order_id, event, min(service) AS service FROM audit_event
     GROUP BY order_id, event HAVING min(hash) <> max(hash)) e
 GROUP BY service
