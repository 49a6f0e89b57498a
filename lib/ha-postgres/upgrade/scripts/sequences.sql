-- Statements that bring all sequences to where they are here; replication does not.
SELECT format($$SELECT format('SELECT pg_catalog.setval(%%L, %%s, %%L);', %L, last_value, is_called) FROM %s$$, c.oid::regclass::text, c.oid::regclass)
FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
WHERE relkind = 'S' AND relpersistence <> 't' AND nspname !~ '^pg_'
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.classid = 'pg_catalog.pg_class'::regclass AND deptype = 'e')
ORDER BY c.oid \gexec
