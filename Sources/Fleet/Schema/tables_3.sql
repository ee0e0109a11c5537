-- Version 3 of the tables. `hssgw_fleet` stands for the fleet's schema.

-- Which request used a signature, and on which gateway: only that one may release it. Those of reads and of older gateways have neither.
ALTER TABLE hssgw_fleet.signatures ADD COLUMN pass uuid, ADD COLUMN instance text;
