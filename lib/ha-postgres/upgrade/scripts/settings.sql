-- Statements for what belongs to this database or its roles and is in no dump of its schema: settings, and who may connect.
-- Some settings are lists, whose elements are quoted already (pg_dump knows them as GUC_LIST_QUOTE).
SELECT format('ALTER %s SET %I TO %s;',
    CASE WHEN setrole = 0 THEN format('DATABASE %I', current_database())
      ELSE format('ROLE %I', rolname) || CASE WHEN setdatabase = 0 THEN '' ELSE format(' IN DATABASE %I', current_database()) END END,
    name, CASE WHEN name IN ('search_path', 'temp_tablespaces', 'session_preload_libraries', 'local_preload_libraries') THEN value ELSE quote_literal(value) END)
FROM pg_db_role_setting s LEFT JOIN pg_roles r ON r.oid = setrole,
  unnest(setconfig) c, LATERAL (VALUES (split_part(c, '=', 1), substr(c, strpos(c, '=') + 1))) v(name, value)
WHERE (setdatabase = 0 AND setrole <> 0 OR setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database()))
  AND name NOT LIKE 'cdk8s\_stateful.%' AND name <> 'default_transaction_read_only'
ORDER BY 1;

SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC;', datname) FROM pg_database WHERE datname = current_database() AND datacl IS NOT NULL;
SELECT format('GRANT %s ON DATABASE %I TO %s%s;', privilege_type, datname,
    CASE WHEN grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END, CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
FROM pg_database, aclexplode(datacl) WHERE datname = current_database() ORDER BY 1;
