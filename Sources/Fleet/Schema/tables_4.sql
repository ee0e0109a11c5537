-- Version 4 of the tables. `hssgw_fleet` stands for the fleet's schema.

-- Each member's last report about itself, for operators. No decision depends on it.
CREATE TABLE hssgw_fleet.figures (
    instance text PRIMARY KEY,
    epoch bigint NOT NULL,
    told timestamptz NOT NULL,
    said jsonb NOT NULL
) WITH (fillfactor = 50);
