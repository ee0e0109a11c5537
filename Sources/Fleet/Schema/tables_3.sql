-- Version 3 of the tables. `hssgw_fleet` stands for the fleet's schema.

-- Which request took a signature, and on which gateway: that one alone may give it back. Those of reads and of older gateways have neither.
ALTER TABLE hssgw_fleet.signatures ADD COLUMN pass uuid, ADD COLUMN instance text;
