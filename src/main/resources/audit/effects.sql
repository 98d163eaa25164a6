-- Of what an added service wrote the time is not known: it is judged only where nothing has left the topic.
SELECT string_agg(format('SELECT order_id, timestamptz ''epoch'' AS at FROM %I.%I', table_schema, table_name),
                  ' UNION ALL ' ORDER BY table_name)
  FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
 WHERE table_schema = :service AND column_name = 'order_id' AND udt_name = 'uuid'
   AND table_type = 'BASE TABLE'
