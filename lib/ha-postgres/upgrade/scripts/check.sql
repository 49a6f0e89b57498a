-- What stands in the way of a copy (`!`), and what has to be known (`-`). :mine is what describe.sql says of the new server.
WITH mine AS (SELECT :'mine'::json AS m),
tables AS (
  SELECT c.* FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
  WHERE relkind IN ('r', 'm') AND nspname !~ '^pg_' AND nspname <> 'information_schema'
)
SELECT '! wal_level is ' || current_setting('wal_level') || ': set it to logical and restart' WHERE current_setting('wal_level') <> 'logical'
UNION ALL SELECT '! ' || current_user || ' is no superuser' WHERE NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
UNION ALL SELECT '! this is a standby' WHERE pg_is_in_recovery()
UNION ALL SELECT '! PostgreSQL ' || current_setting('server_version') || ' is newer than the new server' FROM mine
  WHERE current_setting('server_version_num')::int / 10000 > (m->>'version')::int
UNION ALL SELECT format('! %s is %s here and %s there: postgresql.initdb of the new server decides', what, here, there)
  FROM mine, pg_database d, LATERAL (VALUES ('encoding', pg_encoding_to_char(encoding), m->>'encoding'),
    ('collation', datcollate, m->>'collate'), ('ctype', datctype, m->>'ctype')) v(what, here, there)
  WHERE datname = current_database() AND replace(lower(here), '-', '') <> replace(lower(there), '-', '')
UNION ALL SELECT '! the new server has objects in this database already' FROM mine WHERE (m->>'objects')::int > 0
UNION ALL SELECT '! the new server has no extension ' || extname FROM mine, pg_extension
  WHERE extname NOT IN (SELECT json_array_elements_text(m->'extensions'))
UNION ALL SELECT '! logical replication does not copy hypertables (timescaledb)' FROM pg_extension WHERE extname = 'timescaledb'
UNION ALL SELECT format('! %s large objects are not replicated', count(*)) FROM pg_largeobject_metadata HAVING count(*) > 0
UNION ALL SELECT format('! table %s has neither a primary key nor REPLICA IDENTITY FULL: its updates would fail', t.oid::regclass) FROM tables t
  WHERE relkind = 'r' AND relpersistence = 'p' AND (relreplident = 'n'
    OR relreplident = 'd' AND NOT EXISTS (SELECT FROM pg_index WHERE indrelid = t.oid AND indisprimary AND indimmediate)
    OR relreplident = 'i' AND NOT EXISTS (SELECT FROM pg_index WHERE indrelid = t.oid AND indisreplident))
UNION ALL SELECT format('! %s of %s replication slots are taken: three more are needed for this database', count(*), current_setting('max_replication_slots'))
  FROM pg_replication_slots WHERE slot_name <> 'upgrade_' || (SELECT oid FROM pg_database WHERE datname = current_database())
  HAVING count(*) + 3 > current_setting('max_replication_slots')::int
UNION ALL SELECT format('- the rows of unlogged table %s are not copied', t.oid::regclass) FROM tables t WHERE relpersistence = 'u'
UNION ALL SELECT format('- materialized view %s is made anew after the switch', t.oid::regclass) FROM tables t WHERE relkind = 'm';
