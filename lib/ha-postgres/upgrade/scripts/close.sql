-- On the source: nobody but superusers comes in, and what comes in reads only. The limit of before is part of the note.
SELECT format('ALTER DATABASE %I SET cdk8s_stateful.upgrade = %L', datname, 'fenced:' || datconnlimit) FROM pg_database d
  WHERE datname = :'db' AND NOT EXISTS (SELECT FROM pg_db_role_setting, unnest(setconfig) s
    WHERE setdatabase = d.oid AND setrole = 0 AND s LIKE 'cdk8s\_stateful.upgrade=%') \gexec
ALTER DATABASE :"db" CONNECTION LIMIT 0;
ALTER DATABASE :"db" SET default_transaction_read_only = on;
