-- Tables and sequences with their columns, one a line, in an order that no locale changes; without those of extensions.
SELECT format('%s (%s)', c.oid::regclass, string_agg(format('%I %s', attname, format_type(atttypid, atttypmod)), ', ' ORDER BY attname COLLATE "C"))
  COLLATE "C" AS line
FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace LEFT JOIN pg_attribute a ON attrelid = c.oid AND attnum > 0 AND NOT attisdropped
WHERE relkind IN ('r', 'p', 'S') AND relpersistence <> 't' AND nspname !~ '^pg_' AND nspname <> 'information_schema'
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.classid = 'pg_catalog.pg_class'::regclass AND deptype = 'e')
GROUP BY c.oid ORDER BY line;
