-- What is to be done about the extensions of one database, a statement a line; a line that begins with -- says what cannot be done.
-- :wanted is a list of { name, update }. The agent runs each statement as the first of a new session: TimescaleDB takes no other.
SELECT CASE
    WHEN a.name IS NULL THEN format('-- extension %s is not in the image', w.item->>'name')
    WHEN a.installed_version IS NULL THEN format('CREATE EXTENSION %I CASCADE', a.name)
    ELSE format('ALTER EXTENSION %I UPDATE', a.name)
  END
  FROM json_array_elements(:'wanted'::json) WITH ORDINALITY w(item, position)
  LEFT JOIN pg_available_extensions a ON a.name = w.item->>'name'
  WHERE a.installed_version IS NULL
    OR ((w.item->>'update')::bool AND EXISTS ( -- a way to the image's version, which may also be an older one without any
      SELECT FROM pg_extension_update_paths(a.name) p
        WHERE p.source = a.installed_version AND p.target = a.default_version AND p.path IS NOT NULL))
  ORDER BY w.position;
