-- What a server has, for check.sql on the other.
SELECT json_build_object(
  'version', current_setting('server_version_num')::int / 10000,
  'encoding', pg_encoding_to_char(encoding),
  'collate', datcollate,
  'ctype', datctype,
  'extensions', (SELECT json_agg(name) FROM pg_available_extensions),
  'objects', (SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
    WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = c.oid AND deptype = 'e')))
FROM pg_database WHERE datname = current_database();
