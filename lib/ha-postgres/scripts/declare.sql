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

-- Last, since a role that nobody made is an error, and all else shall be done by then.
SELECT format('GRANT %I TO %I', m.role, r->>'name')
  FROM json_array_elements(:'wanted'::json->'roles') r, json_array_elements_text(r->'memberOf') m(role)
  WHERE NOT EXISTS (SELECT FROM pg_auth_members WHERE roleid = to_regrole(quote_ident(m.role)) AND member = to_regrole(quote_ident(r->>'name'))) \gexec
