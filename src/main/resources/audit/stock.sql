SELECT coalesce(s.sku, q.sku) AS sku, coalesce(s.reserved, 0) AS reserved, coalesce(q.quantity, 0) AS orders
  FROM inventory.stock s
  FULL JOIN (
    SELECT l.key COLLATE "C" AS sku, sum(l.value::bigint) AS quantity
      FROM inventory.reservation r, jsonb_each_text(r.lines) l WHERE r.state = 'reserved' GROUP BY 1) q
    ON q.sku = s.sku
