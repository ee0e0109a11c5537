-- Version 2 of the tables. `hssgw_fleet` stands for the fleet's schema.

-- Whether the cloud accepts a key: one row for each key and endpoint, by a digest that reveals nothing about the key.
CREATE TABLE hssgw_fleet.trust (
    credential bytea PRIMARY KEY,
    phase text NOT NULL CHECK (phase IN ('guarded', 'open', 'resting')),
    -- Refusals in a row.
    failures integer NOT NULL,
    -- The number of refusals so far: a success counts only if its request was sent after the last one.
    epoch bigint NOT NULL,
    -- Requests that sign with the key now, an object for each: pass (p), instance (i), epoch of the member (e) and of this row (n), when (at).
    under_way jsonb NOT NULL,
    probe_at timestamptz,
    pause interval NOT NULL,
    changed timestamptz NOT NULL
) WITH (fillfactor = 50);

-- Requests that callers with a concurrency limit have under way, as last reported by each member.
CREATE TABLE hssgw_fleet.slots (
    caller text NOT NULL,
    instance text NOT NULL,
    epoch bigint NOT NULL,
    used bigint NOT NULL,
    told timestamptz NOT NULL,
    PRIMARY KEY (caller, instance)
) WITH (fillfactor = 50);

-- The normalised spelling of an id: letters in lower case and digits, without leading zeros. The same as in the gateway's memory.
CREATE FUNCTION hssgw_fleet.folded(id text) RETURNS text LANGUAGE sql IMMUTABLE STRICT AS $$
    SELECT ltrim(regexp_replace(translate(id, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz') COLLATE "C", '[^a-z0-9]', '', 'g'), '0')
$$;
CREATE INDEX exports_alike ON hssgw_fleet.exports (project, hssgw_fleet.folded(task)) WHERE task IS NOT NULL;
CREATE INDEX files_alike ON hssgw_fleet.files (project, hssgw_fleet.folded(file));
