-- On the source: its tables are published, and what an attempt before has left of a slot is gone.
SELECT format('CREATE PUBLICATION %I FOR ALL TABLES', :'name') WHERE NOT EXISTS (SELECT FROM pg_publication WHERE pubname = :'name') \gexec
SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = :'slot' AND NOT active;
