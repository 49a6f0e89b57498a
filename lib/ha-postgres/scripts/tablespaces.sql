-- Makes the declared tablespaces true. :wanted is a list of { name, owner, location }; start.sh has made the folders.
SELECT format('CREATE TABLESPACE %I OWNER %I LOCATION %L', w->>'name', w->>'owner', w->>'location')
  FROM json_array_elements(:'wanted'::json) w
  WHERE NOT EXISTS (SELECT FROM pg_tablespace WHERE spcname = w->>'name') \gexec

SELECT format('ALTER TABLESPACE %I OWNER TO %I', w->>'name', w->>'owner')
  FROM json_array_elements(:'wanted'::json) w JOIN pg_tablespace t ON t.spcname = w->>'name'
  WHERE pg_get_userbyid(t.spcowner) <> w->>'owner' \gexec
