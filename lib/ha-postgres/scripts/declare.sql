-- Makes the declared roles and databases true, and changes only what differs. :wanted is roles.json.

-- Patroni makes its own two only when the cluster is born: not if that was cut off, nor under another name later.
SELECT format('CREATE ROLE %I', name)
  FROM json_array_elements_text(json_build_array(:'wanted'::json->'logins'->>'replication', :'wanted'::json->'logins'->>'rewind')) name
  WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec

SELECT format('ALTER ROLE %I WITH LOGIN REPLICATION', rolname)
  FROM pg_roles WHERE rolname = :'wanted'::json->'logins'->>'replication' AND NOT (rolcanlogin AND rolreplication) \gexec

SELECT format('ALTER ROLE %I WITH LOGIN', rolname)
  FROM pg_roles WHERE rolname = :'wanted'::json->'logins'->>'rewind' AND NOT rolcanlogin \gexec

-- What pg_rewind calls on the server it copies from (its documentation, "Notes").
SELECT format('GRANT EXECUTE ON FUNCTION pg_catalog.%s TO %I', f::regprocedure, r.rolname)
  FROM pg_roles r, unnest(ARRAY['pg_ls_dir(text,boolean,boolean)', 'pg_stat_file(text,boolean)', 'pg_read_binary_file(text)',
    'pg_read_binary_file(text,bigint,bigint,boolean)']) f
  WHERE r.rolname = :'wanted'::json->'logins'->>'rewind' AND NOT has_function_privilege(r.rolname, f, 'EXECUTE') \gexec
SELECT format('CREATE ROLE %I', r->>'name')
  FROM json_array_elements(:'wanted'::json->'roles') r
  WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = r->>'name') \gexec

SELECT format('ALTER ROLE %I WITH %s %s %s CONNECTION LIMIT %s', r->>'name',
    CASE WHEN (r->>'login')::bool THEN 'LOGIN' ELSE 'NOLOGIN' END,
    CASE WHEN (r->>'createdb')::bool THEN 'CREATEDB' ELSE 'NOCREATEDB' END,
    CASE WHEN (r->>'createrole')::bool THEN 'CREATEROLE' ELSE 'NOCREATEROLE' END,
    r->>'connectionLimit')
  FROM json_array_elements(:'wanted'::json->'roles') r JOIN pg_roles p ON p.rolname = r->>'name'
  WHERE (p.rolcanlogin, p.rolcreatedb, p.rolcreaterole, p.rolconnlimit)
    IS DISTINCT FROM ((r->>'login')::bool, (r->>'createdb')::bool, (r->>'createrole')::bool, (r->>'connectionLimit')::int) \gexec

SELECT format('CREATE DATABASE %I OWNER %I', d->>'name', d->>'owner')
  FROM json_array_elements(:'wanted'::json->'databases') d
  WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = d->>'name') \gexec

SELECT format('ALTER DATABASE %I OWNER TO %I', d->>'name', d->>'owner')
  FROM json_array_elements(:'wanted'::json->'databases') d JOIN pg_database p ON p.datname = d->>'name'
  WHERE pg_get_userbyid(p.datdba) <> d->>'owner' \gexec

-- The pooler asks for the password of whoever logs in there, and never learns that of a login that may do more than applications do:
-- a superuser's, replication's, or that of pg_rewind, which may read the server's files. Names are those of PgBouncer's documentation.
SELECT 'CREATE SCHEMA pooler' WHERE :'wanted'::json->>'pooler' IS NOT NULL AND to_regnamespace('pooler') IS NULL \gexec

SELECT format('CREATE OR REPLACE FUNCTION pooler.user_lookup(IN i_username text, OUT uname text, OUT phash text) RETURNS record
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS %L', body)
  FROM (VALUES ($body$
    SELECT usename::text, CASE WHEN valuntil < now() THEN NULL ELSE passwd END FROM pg_shadow
      WHERE usename = i_username AND NOT usesuper AND NOT userepl AND NOT has_function_privilege(usename, 'pg_read_binary_file(text)', 'EXECUTE')
  $body$)) lookup(body)
  WHERE :'wanted'::json->>'pooler' IS NOT NULL
    AND NOT EXISTS (SELECT FROM pg_proc WHERE oid = to_regprocedure('pooler.user_lookup(text)') AND prosecdef AND prosrc = body) \gexec

SELECT 'REVOKE ALL ON FUNCTION pooler.user_lookup(text) FROM PUBLIC'
  FROM pg_proc WHERE oid = to_regprocedure('pooler.user_lookup(text)') AND has_function_privilege('public', oid, 'EXECUTE') \gexec

SELECT format('GRANT USAGE ON SCHEMA pooler TO %1$I; GRANT EXECUTE ON FUNCTION pooler.user_lookup(text) TO %1$I', rolname)
  FROM pg_roles WHERE rolname = :'wanted'::json->>'pooler'
    AND NOT (has_schema_privilege(rolname, 'pooler', 'USAGE') AND has_function_privilege(rolname, 'pooler.user_lookup(text)', 'EXECUTE')) \gexec

-- Last, since a role that nobody made is an error, and all else shall be done by then.
SELECT format('GRANT %I TO %I', m.role, r->>'name')
  FROM json_array_elements(:'wanted'::json->'roles') r, json_array_elements_text(r->'memberOf') m(role)
  WHERE NOT EXISTS (SELECT FROM pg_auth_members WHERE roleid = to_regrole(quote_ident(m.role)) AND member = to_regrole(quote_ident(r->>'name'))) \gexec
