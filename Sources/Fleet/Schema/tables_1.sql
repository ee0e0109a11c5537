-- Version 1 of the tables. They are made once and only ever added to. `hssgw_fleet` stands for the fleet's schema.

CREATE TABLE hssgw_fleet.schema_version (version integer PRIMARY KEY, installed_at timestamptz NOT NULL DEFAULT now());

-- One row: the server's timeline as it was last seen. A timeline that differs is a failover, and part of the rows may be lost.
CREATE TABLE hssgw_fleet.fleet (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    timeline text NOT NULL,
    since timestamptz NOT NULL
);

-- The members. `epoch` fences: after a newer start of an instance, or ten seconds without a heartbeat, changes of the old epoch fail.
CREATE SEQUENCE hssgw_fleet.epochs;
CREATE TABLE hssgw_fleet.members (
    instance text PRIMARY KEY,
    epoch bigint NOT NULL,
    started timestamptz NOT NULL,
    seen timestamptz NOT NULL,
    version text NOT NULL,
    config text NOT NULL,
    mode text NOT NULL DEFAULT 'shared',
    clock_offset_us bigint NOT NULL DEFAULT 0,
    -- Up to which record its journal has been reported here, and on which timeline.
    pushed_seq bigint NOT NULL DEFAULT 0,
    pushed_timeline text NOT NULL DEFAULT ''
) WITH (fillfactor = 50);

-- Exports. A row is the state of one: open, then made, failed or unknown. Partitioned by week, so that old ones are dropped as
-- partitions and not deleted row by row.
CREATE TABLE hssgw_fleet.exports (
    id uuid NOT NULL,
    week date NOT NULL,
    day date NOT NULL,
    instance text NOT NULL,
    epoch bigint NOT NULL,
    caller text NOT NULL,
    project text NOT NULL,
    operation text NOT NULL,
    key bytea,
    request bytea,
    state text NOT NULL CHECK (state IN ('open', 'made', 'failed', 'unknown')),
    counted boolean NOT NULL,
    task text,
    total bigint,
    begun timestamptz NOT NULL,
    ended timestamptz,
    note text,
    PRIMARY KEY (id, week)
) PARTITION BY RANGE (week);
CREATE INDEX exports_task ON hssgw_fleet.exports (project, task) WHERE task IS NOT NULL;
CREATE INDEX exports_undecided ON hssgw_fleet.exports (project, caller) WHERE state IN ('open', 'unknown');
CREATE INDEX exports_holder ON hssgw_fleet.exports (instance, epoch) WHERE state = 'open';

-- Which task a file belongs to. The first poll that named it decides.
CREATE TABLE hssgw_fleet.files (
    project text NOT NULL,
    file text NOT NULL,
    task text NOT NULL,
    made timestamptz NOT NULL,
    PRIMARY KEY (project, file)
);
CREATE INDEX files_made ON hssgw_fleet.files (made);

-- Idempotency keys, by a digest of caller and key. They span weeks, so they have a table of their own.
CREATE TABLE hssgw_fleet.keys (
    key bytea PRIMARY KEY,
    request bytea NOT NULL,
    export_id uuid NOT NULL,
    state text NOT NULL,
    instance text NOT NULL,
    epoch bigint NOT NULL,
    task text,
    total bigint,
    expires timestamptz NOT NULL
);
CREATE INDEX keys_expires ON hssgw_fleet.keys (expires);

-- How many exports a caller made on a day, UTC.
CREATE TABLE hssgw_fleet.days (
    caller text NOT NULL,
    day date NOT NULL,
    used integer NOT NULL,
    PRIMARY KEY (caller, day)
) WITH (fillfactor = 50);

-- The rate of each caller with a limit: when its bucket will be full again, nanoseconds since 1970 (generic cell rate algorithm).
CREATE TABLE hssgw_fleet.rates (
    caller text PRIMARY KEY,
    full_again bigint NOT NULL
) WITH (fillfactor = 50);

-- Queues for HSS's quota: the state of the pure state machine, replaced by compare-and-set on the version.
CREATE TABLE hssgw_fleet.lines (
    line text PRIMARY KEY,
    version bigint NOT NULL,
    state bytea NOT NULL,
    paced boolean NOT NULL,
    changed timestamptz NOT NULL
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);

-- Signatures that were used, by the first half of each.
CREATE TABLE hssgw_fleet.signatures (
    key_id text NOT NULL,
    mark bytea NOT NULL,
    dated timestamptz NOT NULL,
    PRIMARY KEY (key_id, mark)
);
CREATE INDEX signatures_dated ON hssgw_fleet.signatures (dated);

-- Caller keys that were revoked for the whole fleet. A row can only revoke a right, never grant one.
CREATE TABLE hssgw_fleet.revocations (
    key_id text PRIMARY KEY,
    revoked timestamptz NOT NULL DEFAULT clock_timestamp()
);
