-- Empties all tables, those that extensions fill too: their rows come with the copy. Triggers and foreign keys have no say.
SET session_replication_role = replica;
SELECT 'TRUNCATE ' || string_agg(c.oid::regclass::text, ', ') || ' CASCADE' FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
  WHERE relkind IN ('r', 'p') AND relpersistence <> 't' AND nspname !~ '^pg_' AND nspname <> 'information_schema' HAVING count(*) > 0 \gexec
