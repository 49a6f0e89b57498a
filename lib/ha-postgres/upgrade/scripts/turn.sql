-- On the source, from closed to :to, or to open again where that is empty; one such transaction after the other.
BEGIN;
SELECT pg_advisory_xact_lock(hashtext('cdk8s_stateful.upgrade'));
SELECT split_part(step, ':', 1) = 'fenced' AS closed, split_part(step, ':', 2) AS connections, step = :'to' AS done, :'to' = '' AS opens
FROM (SELECT coalesce((SELECT split_part(s, '=', 2) FROM pg_db_role_setting r JOIN pg_database d ON d.oid = setdatabase, unnest(setconfig) s
  WHERE datname = :'db' AND setrole = 0 AND s LIKE 'cdk8s\_stateful.upgrade=%'), '') AS step) noted \gset
\if :done
\elif :closed
  \if :opens
    ALTER DATABASE :"db" RESET cdk8s_stateful.upgrade;
    ALTER DATABASE :"db" RESET default_transaction_read_only;
    ALTER DATABASE :"db" CONNECTION LIMIT :connections;
  \else
    ALTER DATABASE :"db" SET cdk8s_stateful.upgrade = :'to';
  \endif
\else
  DO $$BEGIN RAISE 'the source is not closed'; END$$;
\endif
COMMIT;
