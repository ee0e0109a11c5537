-- Version 4 of the tables. `hssgw_fleet` stands for the fleet's schema.

-- What each member last said of itself, for operators to look at. Nothing is decided by it.
CREATE TABLE hssgw_fleet.figures (
    instance text PRIMARY KEY,
    epoch bigint NOT NULL,
    told timestamptz NOT NULL,
    said jsonb NOT NULL
) WITH (fillfactor = 50);
