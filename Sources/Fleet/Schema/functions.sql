-- The functions: what a gateway may do, each in one transaction. They are replaced by every migration.
-- `hssgw_fleet` stands for the fleet's schema. The end of the migration makes them run as their owner, with a fixed search path.

-- The server's timeline: another one after a failover.
CREATE OR REPLACE FUNCTION hssgw_fleet.timeline() RETURNS text LANGUAGE sql STABLE AS $$
    SELECT substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)
$$;

CREATE OR REPLACE FUNCTION hssgw_fleet.schema_now() RETURNS integer LANGUAGE sql STABLE AS $$
    SELECT max(version) FROM hssgw_fleet.schema_version
$$;

CREATE OR REPLACE FUNCTION hssgw_fleet.is_alive(i text, e bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM hssgw_fleet.members m WHERE m.instance = i AND m.epoch = e AND m.seen > clock_timestamp() - interval '10 s')
$$;

-- Whether the data is complete: every live member has reported its journal on this timeline. A member that can't is waited for 15 s.
CREATE OR REPLACE FUNCTION hssgw_fleet.is_settled() RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT coalesce((SELECT f.timeline = hssgw_fleet.timeline() AND NOT EXISTS (
        SELECT FROM hssgw_fleet.members m
        WHERE m.seen > clock_timestamp() - interval '10 s' AND m.pushed_timeline <> f.timeline
            AND greatest(m.started, f.since) > clock_timestamp() - interval '15 s')
    FROM hssgw_fleet.fleet f), false)
$$;

-- Partitions of exports from five weeks ago to two weeks ahead.
CREATE OR REPLACE FUNCTION hssgw_fleet.make_weeks() RETURNS void LANGUAGE plpgsql AS $$
DECLARE monday date; title text;
BEGIN
    FOR n IN -6..2 LOOP
        monday := date_trunc('week', clock_timestamp() AT TIME ZONE 'UTC')::date + 7 * n;
        title := 'exports_' || to_char(monday, 'YYYYMMDD');
        IF to_regclass('hssgw_fleet.' || title) IS NULL THEN
            EXECUTE format('CREATE TABLE IF NOT EXISTS hssgw_fleet.%I PARTITION OF hssgw_fleet.exports FOR VALUES FROM (%L) TO (%L)',
                title, monday, monday + 7);
        END IF;
    END LOOP;
END $$;

-- The server's clock stepped back: members with a heartbeat by the new time go on, and the others count as gone. Callers' buckets are moved
-- back as well, so that callers don't wait for so long. Of two that notice it at once the second finds nothing to do.
CREATE OR REPLACE FUNCTION hssgw_fleet.heed_clock() RETURNS void LANGUAGE plpgsql AS $$
DECLARE ahead interval; now_ns bigint; step_ns bigint;
BEGIN
    SELECT least(max(q.seen), timestamptz '9999-01-01') - clock_timestamp() INTO ahead
        FROM (SELECT m.seen FROM hssgw_fleet.members m WHERE m.seen > clock_timestamp() + interval '10 s' ORDER BY m.instance FOR UPDATE) q;
    IF ahead IS NULL THEN RETURN; END IF;
    UPDATE hssgw_fleet.members m SET seen = clock_timestamp() WHERE m.seen > clock_timestamp() + interval '10 s';
    -- No clock jumps that far: the row was edited.
    IF ahead > interval '100 years' THEN RETURN; END IF;
    now_ns := (extract(epoch FROM clock_timestamp()) * 1000000)::bigint * 1000;
    step_ns := (extract(epoch FROM ahead) * 1000000)::bigint * 1000;
    UPDATE hssgw_fleet.rates r SET full_again = greatest(now_ns, r.full_again - step_ns)
        WHERE r.caller IN (SELECT q.caller FROM hssgw_fleet.rates q WHERE q.full_again > now_ns ORDER BY q.caller FOR UPDATE);
END $$;

-- A member starts or restarts. The calls that it had under way before have an unknown end.
CREATE OR REPLACE FUNCTION hssgw_fleet.join_fleet(i text, v text, cfg text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE e bigint := nextval('hssgw_fleet.epochs');
BEGIN
    PERFORM hssgw_fleet.make_weeks();
    PERFORM hssgw_fleet.heed_clock();
    INSERT INTO hssgw_fleet.members AS m (instance, epoch, started, seen, version, config)
        VALUES (i, e, clock_timestamp(), clock_timestamp(), v, cfg)
        ON CONFLICT (instance) DO UPDATE SET epoch = e, started = clock_timestamp(), seen = clock_timestamp(), version = v, config = cfg;
    UPDATE hssgw_fleet.exports x SET state = 'unknown' WHERE x.instance = i AND x.epoch < e AND x.state = 'open';
    UPDATE hssgw_fleet.keys k SET state = 'unknown' WHERE k.instance = i AND k.epoch < e AND k.state = 'open';
    RETURN e;
END $$;

-- A member's heartbeat, every two seconds. `verdict`: alive, superseded by a newer start of the same instance, or lapsed. Notices a
-- failover.
CREATE OR REPLACE FUNCTION hssgw_fleet.beat(
    i text, e bigint, v text, cfg text, how text, off bigint,
    OUT verdict text, OUT timeline text, OUT pushed_timeline text, OUT pushed_seq bigint, OUT settled boolean,
    OUT members bigint, OUT configs bigint, OUT open_exports bigint, OUT unknown_exports bigint
) LANGUAGE plpgsql AS $$
DECLARE own hssgw_fleet.members; now_line text := hssgw_fleet.timeline();
BEGIN
    SET LOCAL synchronous_commit = off;
    UPDATE hssgw_fleet.fleet f SET timeline = now_line, since = clock_timestamp() WHERE f.timeline <> now_line;
    -- The row was deleted: as after a failover.
    IF NOT EXISTS (SELECT FROM hssgw_fleet.fleet) THEN
        INSERT INTO hssgw_fleet.fleet VALUES (true, now_line, clock_timestamp()) ON CONFLICT DO NOTHING;
        UPDATE hssgw_fleet.members m SET pushed_timeline = '' WHERE m.pushed_timeline <> '';
    END IF;
    PERFORM hssgw_fleet.heed_clock();
    UPDATE hssgw_fleet.members m SET seen = clock_timestamp(), version = v, config = cfg, mode = how, clock_offset_us = off
        WHERE m.instance = i AND m.epoch = e AND m.seen > clock_timestamp() - interval '10 s'
        RETURNING m.* INTO own;
    IF own.instance IS NULL THEN
        -- Another process with this name is alive, or none is: then the member may join again.
        verdict := CASE WHEN EXISTS (SELECT FROM hssgw_fleet.members m
            WHERE m.instance = i AND m.epoch <> e AND m.seen > clock_timestamp() - interval '10 s') THEN 'superseded' ELSE 'lapsed' END;
        RETURN;
    END IF;
    verdict := 'alive';
    timeline := now_line;
    pushed_timeline := own.pushed_timeline;
    pushed_seq := own.pushed_seq;
    settled := hssgw_fleet.is_settled();
    SELECT count(*), count(DISTINCT m.config) INTO members, configs FROM hssgw_fleet.members m WHERE m.seen > clock_timestamp() - interval '10 s';
    -- Calls whose member is gone have an unknown end.
    UPDATE hssgw_fleet.exports x SET state = 'unknown'
        WHERE x.state = 'open' AND x.begun < clock_timestamp() - interval '30 s' AND NOT hssgw_fleet.is_alive(x.instance, x.epoch);
    SELECT count(*) FILTER (WHERE x.state = 'open'), count(*) FILTER (WHERE x.state = 'unknown') INTO open_exports, unknown_exports
        FROM hssgw_fleet.exports x WHERE x.state IN ('open', 'unknown') AND x.begun > clock_timestamp() - interval '24 h';
END $$;

-- A member leaves in an orderly way: the others need not wait for ten seconds.
CREATE OR REPLACE FUNCTION hssgw_fleet.leave_fleet(i text, e bigint) RETURNS boolean LANGUAGE sql AS $$
    WITH gone AS (UPDATE hssgw_fleet.members m SET seen = clock_timestamp() - interval '1 hour' WHERE m.instance = i AND m.epoch = e RETURNING 1)
    SELECT EXISTS (SELECT FROM gone)
$$;

-- A member's report about itself, for operators. A text that is longer than any member's report is not stored.
CREATE OR REPLACE FUNCTION hssgw_fleet.figures_tell(i text, e bigint, f jsonb) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    SET LOCAL synchronous_commit = off;
    IF NOT hssgw_fleet.is_alive(i, e) OR octet_length(f::text) > 8192 THEN RETURN false; END IF;
    INSERT INTO hssgw_fleet.figures AS q VALUES (i, e, clock_timestamp(), f)
        ON CONFLICT (instance) DO UPDATE SET epoch = excluded.epoch, told = excluded.told, said = excluded.said;
    RETURN true;
END $$;

-- An export asks whether it may be sent. Verdicts: go, replay, wait, conflict, unknown, day_full, recovering,
-- fenced. A repetition with the same id, after a connection was lost, finds the row that the first attempt
-- made. With `go`, `total` is how many exports the caller has made today, including this one.
CREATE OR REPLACE FUNCTION hssgw_fleet.export_begin(
    i text, e bigint, x uuid, c text, p text, o text, day_limit integer, k bytea, r bytea, OUT verdict text, OUT task text, OUT total bigint, OUT first uuid
) LANGUAGE plpgsql AS $$
DECLARE
    today date := (clock_timestamp() AT TIME ZONE 'UTC')::date;
    monday date := date_trunc('week', clock_timestamp() AT TIME ZONE 'UTC')::date;
    known hssgw_fleet.keys;
    counter integer;
BEGIN
    IF NOT hssgw_fleet.is_alive(i, e) THEN verdict := 'fenced'; RETURN; END IF;
    IF NOT hssgw_fleet.is_settled() THEN verdict := 'recovering'; RETURN; END IF;
    IF EXISTS (SELECT FROM hssgw_fleet.exports q WHERE q.id = x AND q.week >= monday - 7) THEN verdict := 'go'; RETURN; END IF;
    IF k IS NOT NULL THEN
        -- Of two at the same time the second waits here for the first one's commit and then sees its row.
        INSERT INTO hssgw_fleet.keys VALUES (k, r, x, 'open', i, e, NULL, NULL, clock_timestamp() + interval '24 h') ON CONFLICT (key) DO NOTHING;
        IF NOT FOUND THEN
            SELECT * INTO known FROM hssgw_fleet.keys q WHERE q.key = k FOR UPDATE;
            -- Its export failed at this moment.
            IF known.key IS NULL THEN verdict := 'wait'; RETURN; END IF;
            IF known.expires > clock_timestamp() THEN
                IF known.request <> r THEN verdict := 'conflict'; RETURN; END IF;
                IF known.state = 'made' THEN verdict := 'replay'; task := known.task; total := known.total; first := known.export_id; RETURN; END IF;
                IF known.state = 'open' AND hssgw_fleet.is_alive(known.instance, known.epoch) THEN verdict := 'wait'; RETURN; END IF;
                -- The member with the call is gone while the call was under way: HSS may have created a task. No export is
                -- tried again under this key.
                UPDATE hssgw_fleet.keys q SET state = 'unknown' WHERE q.key = k AND q.state = 'open';
                UPDATE hssgw_fleet.exports q SET state = 'unknown' WHERE q.id = known.export_id AND q.state = 'open';
                verdict := 'unknown';
                RETURN;
            END IF;
            UPDATE hssgw_fleet.keys q SET request = r, export_id = x, state = 'open', instance = i, epoch = e, task = NULL, total = NULL,
                expires = clock_timestamp() + interval '24 h' WHERE q.key = k;
        END IF;
    END IF;
    -- Every export counts, so that a limit that is configured in the middle of a day applies to the whole
    -- day.
    IF day_limit IS NOT NULL AND day_limit < 1 THEN counter := NULL;
    ELSE
        INSERT INTO hssgw_fleet.days AS y VALUES (c, today, 1)
            ON CONFLICT (caller, day) DO UPDATE SET used = y.used + 1 WHERE day_limit IS NULL OR y.used < day_limit
            RETURNING y.used INTO counter;
    END IF;
    IF counter IS NULL THEN
        IF k IS NOT NULL THEN DELETE FROM hssgw_fleet.keys q WHERE q.key = k AND q.export_id = x; END IF;
        verdict := 'day_full';
        RETURN;
    END IF;
    INSERT INTO hssgw_fleet.exports (id, week, day, instance, epoch, caller, project, operation, key, request, state, counted, begun)
        VALUES (x, monday, today, i, e, c, p, o, k, r, 'open', true, clock_timestamp());
    verdict := 'go';
    total := counter;
END $$;

-- An export ended: made, failed or unknown. Each step happens once, even if it is reported several times. `counts`: whether HSS may have
-- executed it.
CREATE OR REPLACE FUNCTION hssgw_fleet.export_end(x uuid, how text, counts boolean, t text, n bigint) RETURNS text LANGUAGE plpgsql AS $$
DECLARE ended hssgw_fleet.exports; was_counted boolean;
BEGIN
    SELECT q.counted INTO was_counted FROM hssgw_fleet.exports q WHERE q.id = x AND q.state IN ('open', 'unknown') FOR UPDATE;
    IF NOT FOUND THEN RETURN 'known'; END IF;
    UPDATE hssgw_fleet.exports q SET state = how, task = t, total = n, ended = clock_timestamp(), counted = was_counted AND counts
        WHERE q.id = x RETURNING q.* INTO ended;
    IF was_counted AND NOT counts THEN
        UPDATE hssgw_fleet.days y SET used = y.used - 1 WHERE y.caller = ended.caller AND y.day = ended.day AND y.used > 0;
    END IF;
    IF ended.key IS NOT NULL THEN
        IF how = 'failed' THEN
            DELETE FROM hssgw_fleet.keys q WHERE q.key = ended.key AND q.export_id = x;
        ELSE
            UPDATE hssgw_fleet.keys q SET state = how, task = t, total = n WHERE q.key = ended.key AND q.export_id = x;
        END IF;
        PERFORM pg_notify('hssgw_fleet', 'k' || encode(ended.key, 'hex'));
    END IF;
    RETURN 'ended';
END $$;

-- Whose task or file is it? A request that names none may be about any of the project. `doubt`: it can't be said that it has no owner, because an export of another caller of its project has no known end,
-- or because a member has not reported its journal yet. `others`: whether another caller has any task in the
-- project.
CREATE OR REPLACE FUNCTION hssgw_fleet.owners_of(p text, t text, f text, c text, OUT owners text[], OUT doubt boolean, OUT others boolean)
LANGUAGE plpgsql STABLE AS $$
DECLARE named text := t;
BEGIN
    IF f IS NOT NULL THEN SELECT q.task INTO named FROM hssgw_fleet.files q WHERE q.project = p AND q.file = f; END IF;
    IF named IS NOT NULL THEN
        SELECT array_agg(DISTINCT q.caller) INTO owners FROM hssgw_fleet.exports q WHERE q.project = p AND q.task = named AND q.state = 'made';
    END IF;
    -- It isn't documented how HSS compares ids: one that is spelled like a known one stands for that, and one that is no plain text may
    -- stand for any.
    IF owners IS NULL AND coalesce(t, f) ~ '^[A-Za-z0-9._-]*$' THEN
        SELECT array_agg(DISTINCT q.caller) INTO owners FROM hssgw_fleet.exports q WHERE q.project = p AND q.state = 'made' AND (
            hssgw_fleet.folded(q.task) = hssgw_fleet.folded(coalesce(t, f)) OR q.task IN (
                SELECT z.task FROM hssgw_fleet.files z WHERE z.project = p AND hssgw_fleet.folded(z.file) = hssgw_fleet.folded(coalesce(t, f))));
        -- If several are alike, it is unknown which one HSS uses.
        IF owners <> ARRAY[c] THEN owners := array_remove(owners, c); END IF;
    ELSIF owners IS NULL THEN
        others := EXISTS (SELECT FROM hssgw_fleet.exports q WHERE q.project = p AND q.task IS NOT NULL AND q.caller <> c LIMIT 1);
    END IF;
    doubt := owners IS NULL AND (NOT hssgw_fleet.is_settled() OR EXISTS (
        SELECT FROM hssgw_fleet.exports q WHERE q.project = p AND q.caller <> c AND q.state IN ('open', 'unknown')
            AND q.begun > clock_timestamp() - interval '24 h'));
END $$;

-- A poll named a file. The first poll decides: a later one can't move the file to another task.
CREATE OR REPLACE FUNCTION hssgw_fleet.file_of(p text, t text, f text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE named text;
BEGIN
    INSERT INTO hssgw_fleet.files VALUES (p, f, t, clock_timestamp()) ON CONFLICT DO NOTHING;
    SELECT q.task INTO named FROM hssgw_fleet.files q WHERE q.project = p AND q.file = f;
    RETURN named;
END $$;

-- The exports and files of a journal, rows of one JSON array, some of which may be missing here. Repeating it changes
-- nothing.
CREATE OR REPLACE FUNCTION hssgw_fleet.export_push(i text, e bigint, said jsonb) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    q jsonb; made bigint := 0; x uuid; d timestamptz; monday date; counts boolean; k bytea; r bytea;
    oldest date := date_trunc('week', clock_timestamp() AT TIME ZONE 'UTC')::date - 42;
BEGIN
    IF NOT hssgw_fleet.is_alive(i, e) THEN RETURN NULL; END IF;
    FOR q IN SELECT * FROM jsonb_array_elements(said) LOOP
        IF q->>'file' IS NOT NULL THEN
            INSERT INTO hssgw_fleet.files VALUES (q->>'project', q->>'file', q->>'task', to_timestamp((q->>'begun')::float8)) ON CONFLICT DO NOTHING;
            CONTINUE;
        END IF;
        x := (q->>'id')::uuid;
        d := to_timestamp((q->>'begun')::float8);
        counts := (q->>'counts')::boolean;
        monday := date_trunc('week', d AT TIME ZONE 'UTC')::date;
        IF EXISTS (SELECT FROM hssgw_fleet.exports z WHERE z.id = x) OR q->>'state' = 'failed' OR monday < oldest
            OR monday > oldest + 56 THEN
            PERFORM hssgw_fleet.export_end(x, q->>'state', counts, q->>'task', (q->>'total')::bigint);
            CONTINUE;
        END IF;
        k := decode(q->>'key', 'hex');
        r := decode(q->>'request', 'hex');
        INSERT INTO hssgw_fleet.exports (id, week, day, instance, epoch, caller, project, operation, key, request, state, counted, task, total, begun,
                ended)
            VALUES (x, monday, (d AT TIME ZONE 'UTC')::date, i, e, q->>'caller', q->>'project', q->>'operation', k, r, q->>'state', counts,
                q->>'task', (q->>'total')::bigint, d, clock_timestamp());
        IF counts AND (d AT TIME ZONE 'UTC')::date >= (clock_timestamp() AT TIME ZONE 'UTC')::date - 1 THEN
            INSERT INTO hssgw_fleet.days AS y VALUES (q->>'caller', (d AT TIME ZONE 'UTC')::date, 1)
                ON CONFLICT (caller, day) DO UPDATE SET used = y.used + 1;
        END IF;
        IF k IS NOT NULL AND r IS NOT NULL AND d > clock_timestamp() - interval '24 h' THEN
            -- A row that has run out, and is not deleted yet, is of an earlier use of the key.
            INSERT INTO hssgw_fleet.keys AS y VALUES (k, r, x, q->>'state', i, e, q->>'task', (q->>'total')::bigint, d + interval '24 h')
                ON CONFLICT (key) DO UPDATE SET request = excluded.request, export_id = excluded.export_id, state = excluded.state,
                    instance = excluded.instance, epoch = excluded.epoch, task = excluded.task, total = excluded.total, expires = excluded.expires
                WHERE y.expires <= clock_timestamp();
        END IF;
        made := made + 1;
    END LOOP;
    RETURN made;
END $$;

-- The member has reported its journal up to that record.
CREATE OR REPLACE FUNCTION hssgw_fleet.pushed(i text, e bigint, line text, seq bigint) RETURNS boolean LANGUAGE sql AS $$
    WITH done AS (
        UPDATE hssgw_fleet.members m SET pushed_timeline = line, pushed_seq = seq
        WHERE m.instance = i AND m.epoch = e AND line = hssgw_fleet.timeline() RETURNING 1)
    SELECT EXISTS (SELECT FROM done)
$$;

-- Replaces a line's state, if the caller has seen the last version and its time differs from the server's by at most 50 ms. Verdicts: stored,
-- moved, clock, fenced.
CREATE OR REPLACE FUNCTION hssgw_fleet.line_put(
    i text, e bigint, l text, v bigint, s bytea, at_us bigint, pacing boolean, OUT verdict text, OUT version bigint, OUT state bytea
) LANGUAGE plpgsql AS $$
BEGIN
    -- Durable before anyone is notified: a turn that is lost in a crash of the server would be given twice.
    SELECT q.version, q.state INTO version, state FROM hssgw_fleet.lines q WHERE q.line = l;
    IF NOT hssgw_fleet.is_alive(i, e) THEN verdict := 'fenced'; RETURN; END IF;
    IF abs((extract(epoch FROM clock_timestamp()) * 1000000)::bigint - at_us) > 50000 THEN verdict := 'clock'; RETURN; END IF;
    IF v = 0 THEN
        INSERT INTO hssgw_fleet.lines AS q VALUES (l, 1, s, pacing, clock_timestamp()) ON CONFLICT DO NOTHING RETURNING q.version INTO version;
    ELSE
        UPDATE hssgw_fleet.lines q SET version = q.version + 1, state = s, paced = pacing, changed = clock_timestamp()
            WHERE q.line = l AND q.version = v RETURNING q.version INTO version;
    END IF;
    IF FOUND THEN
        verdict := 'stored';
        state := NULL;
        PERFORM pg_notify('hssgw_fleet', 'l' || l);
        RETURN;
    END IF;
    verdict := 'moved';
    SELECT q.version, q.state INTO version, state FROM hssgw_fleet.lines q WHERE q.line = l;
END $$;

-- Reads a line; without its state if `v` is its version.
CREATE OR REPLACE FUNCTION hssgw_fleet.line_get(l text, v bigint, OUT version bigint, OUT state bytea) LANGUAGE sql STABLE AS $$
    SELECT q.version, CASE WHEN q.version <> v THEN q.state END FROM hssgw_fleet.lines q WHERE q.line = l
$$;

-- What a member gets with each heartbeat, whether or not a notification came: lines that are held to a pace (l), keys that were revoked
-- (r).
CREATE OR REPLACE FUNCTION hssgw_fleet.heard() RETURNS TABLE (kind text, name text) LANGUAGE sql STABLE AS $$
    SELECT 'l', q.line FROM hssgw_fleet.lines q WHERE q.paced UNION ALL SELECT 'r', q.key_id FROM hssgw_fleet.revocations q
$$;

-- The same, and keys that are not proven any more (t, with the phase), and how many requests callers with a limit have under way
-- elsewhere (c).
CREATE OR REPLACE FUNCTION hssgw_fleet.news(i text) RETURNS TABLE (kind text, name text, number bigint) LANGUAGE sql STABLE AS $$
    SELECT h.kind, h.name, NULL::bigint FROM hssgw_fleet.heard() h
    UNION ALL
    (SELECT 't', encode(q.credential, 'hex') || ':' || q.phase, NULL FROM hssgw_fleet.trust q
        WHERE q.phase <> 'open' AND q.changed > clock_timestamp() - interval '1 day' ORDER BY q.changed DESC LIMIT 1000)
    UNION ALL
    SELECT 'c', q.caller, sum(q.used)::bigint FROM hssgw_fleet.slots q
        WHERE q.instance <> i AND q.used > 0 AND q.told > clock_timestamp() - interval '10 s' AND hssgw_fleet.is_alive(q.instance, q.epoch)
        GROUP BY q.caller
$$;

-- The right to sign one request with a key that is not proven: two at a time in the whole fleet. Verdicts: open, pass, probe, wait, rest, fenced.
-- A proof of a key counts for ten minutes, and as long as a member is alive that was alive then. A repetition with the same pass finds it.
CREATE OR REPLACE FUNCTION hssgw_fleet.trust_pass(i text, e bigint, c bytea, pass text, OUT verdict text, OUT wait_us bigint)
LANGUAGE plpgsql AS $$
DECLARE r hssgw_fleet.trust; busy jsonb; known timestamptz := clock_timestamp();
BEGIN
    IF NOT hssgw_fleet.is_alive(i, e) THEN verdict := 'fenced'; RETURN; END IF;
    INSERT INTO hssgw_fleet.trust VALUES (c, 'guarded', 0, 0, '[]', NULL, interval '60 s', known) ON CONFLICT DO NOTHING;
    SELECT * INTO r FROM hssgw_fleet.trust q WHERE q.credential = c FOR UPDATE;
    IF r.phase = 'open' AND r.changed > known - interval '10 min' AND EXISTS (
        SELECT FROM hssgw_fleet.members m WHERE m.seen > known - interval '10 s' AND m.started <= r.changed) THEN
        verdict := 'open';
        RETURN;
    END IF;
    -- The requests of a member that is gone are removed; a live member reports itself how its requests ended.
    SELECT coalesce(jsonb_agg(x), '[]') INTO busy FROM jsonb_array_elements(r.under_way) x
        WHERE x->>'p' <> pass AND hssgw_fleet.is_alive(x->>'i', (x->>'e')::bigint) AND (x->>'at')::timestamptz > known - interval '1 hour';
    -- No pause is that long: the server's clock stepped back.
    IF r.phase = 'resting' AND known < r.probe_at AND r.probe_at < known + interval '10 min' THEN
        verdict := 'rest';
        wait_us := (extract(epoch FROM r.probe_at - known) * 1000000)::bigint;
        RETURN;
    END IF;
    IF r.phase = 'resting' AND jsonb_array_length(busy) > 0 THEN
        verdict := 'rest';
        wait_us := 5000000;
        RETURN;
    END IF;
    IF jsonb_array_length(busy) >= 2 THEN verdict := 'wait'; RETURN; END IF;
    UPDATE hssgw_fleet.trust q SET under_way = busy || jsonb_build_object('p', pass, 'i', i, 'e', e, 'at', known, 'n', r.epoch) WHERE q.credential = c;
    verdict := CASE r.phase WHEN 'resting' THEN 'probe' ELSE 'pass' END;
END $$;

-- The outcome of a request: proven, refused or silent. A refusal may come without a pass, from a request that was sent while the key was
-- proven. Repeated for one pass it counts once. Returns the phase.
CREATE OR REPLACE FUNCTION hssgw_fleet.trust_end(c bytea, pass text, how text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE r hssgw_fleet.trust; own jsonb; is_fresh boolean;
BEGIN
    INSERT INTO hssgw_fleet.trust VALUES (c, 'guarded', 0, 0, '[]', NULL, interval '60 s', clock_timestamp()) ON CONFLICT DO NOTHING;
    SELECT * INTO r FROM hssgw_fleet.trust q WHERE q.credential = c FOR UPDATE;
    SELECT x INTO own FROM jsonb_array_elements(r.under_way) x WHERE x->>'p' = pass;
    IF pass IS NOT NULL AND own IS NULL THEN RETURN r.phase; END IF;
    SELECT coalesce(jsonb_agg(x), '[]') INTO r.under_way FROM jsonb_array_elements(r.under_way) x WHERE x->>'p' IS DISTINCT FROM pass;
    is_fresh := (own->>'n')::bigint = r.epoch;
    IF how = 'refused' THEN
        r.epoch := r.epoch + 1;
        r.failures := r.failures + 1;
        IF r.phase = 'resting' THEN
            IF is_fresh THEN r.pause := least(r.pause * 2, interval '300 s'); END IF;
            r.probe_at := greatest(r.probe_at, clock_timestamp() + r.pause);
        ELSE
            r.phase := CASE WHEN r.failures >= 2 THEN 'resting' ELSE 'guarded' END;
            IF r.phase = 'resting' THEN r.probe_at := clock_timestamp() + r.pause; END IF;
        END IF;
        r.changed := clock_timestamp();
    ELSIF how = 'proven' AND is_fresh THEN
        r.phase := 'open';
        r.failures := 0;
        r.probe_at := NULL;
        r.pause := interval '60 s';
        r.changed := clock_timestamp();
    ELSIF r.phase = 'resting' AND own IS NOT NULL THEN
        -- A probe that proved nothing, because HSS could not be reached or had a fault of its own.
        r.probe_at := greatest(r.probe_at, clock_timestamp() + interval '5 s');
    END IF;
    UPDATE hssgw_fleet.trust q SET phase = r.phase, failures = r.failures, epoch = r.epoch, under_way = r.under_way, probe_at = r.probe_at,
        pause = r.pause, changed = r.changed WHERE q.credential = c;
    PERFORM pg_notify('hssgw_fleet', 't' || encode(c, 'hex') || ':' || r.phase);
    RETURN r.phase;
END $$;

-- Reports how many requests callers with a limit have under way at this member; returns how many they have
-- elsewhere.
CREATE OR REPLACE FUNCTION hssgw_fleet.slots_sync(i text, e bigint, c text[], n bigint[]) RETURNS TABLE (who text, elsewhere bigint)
LANGUAGE plpgsql AS $$
BEGIN
    SET LOCAL synchronous_commit = off;
    IF NOT hssgw_fleet.is_alive(i, e) THEN RETURN; END IF;
    INSERT INTO hssgw_fleet.slots AS s SELECT u.a, i, e, u.b, clock_timestamp() FROM unnest(c, n) AS u(a, b) ORDER BY 1
        ON CONFLICT (caller, instance) DO UPDATE SET epoch = excluded.epoch, used = excluded.used, told = excluded.told;
    RETURN QUERY SELECT u.a, coalesce((SELECT sum(s.used) FROM hssgw_fleet.slots s WHERE s.caller = u.a AND s.instance <> i
        AND s.told > clock_timestamp() - interval '10 s' AND hssgw_fleet.is_alive(s.instance, s.epoch)), 0)::bigint FROM unnest(c) AS u(a);
END $$;

CREATE OR REPLACE FUNCTION hssgw_fleet.revoke_key(k text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO hssgw_fleet.revocations (key_id) VALUES (k) ON CONFLICT DO NOTHING;
    PERFORM pg_notify('hssgw_fleet', 'r' || k);
    RETURN true;
END $$;

-- A request uses its signature. Verdicts: fresh, used. This releases nothing, so it needs no fence. A repetition with the same pass finds it.
CREATE OR REPLACE FUNCTION hssgw_fleet.signature_take(i text, k text, s bytea, dated_us bigint, p uuid) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO hssgw_fleet.signatures VALUES (k, s, to_timestamp(dated_us / 1000000.0), p, i) ON CONFLICT DO NOTHING;
    IF FOUND OR EXISTS (SELECT FROM hssgw_fleet.signatures q WHERE q.key_id = k AND q.mark = s AND q.pass = p) THEN RETURN 'fresh'; END IF;
    RETURN 'used';
END $$;

-- The gateway refused the request that used a signature, and nothing of it was sent to the cloud: the same bytes may be used again. Verdicts:
-- given, missing, fenced. If this is not reported, or lost in a crash, the signature stays used: it is refused until its date is too old.
CREATE OR REPLACE FUNCTION hssgw_fleet.signature_give_back(i text, e bigint, k text, s bytea, p uuid) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    SET LOCAL synchronous_commit = off;
    IF NOT hssgw_fleet.is_alive(i, e) THEN RETURN 'fenced'; END IF;
    DELETE FROM hssgw_fleet.signatures q WHERE q.key_id = k AND q.mark = s AND q.pass = p AND q.instance = i;
    RETURN CASE WHEN FOUND THEN 'given' ELSE 'missing' END;
END $$;

-- Whether this is the first use of a signature, as gateways with schema version 2 ask. Their signatures are never
-- released.
CREATE OR REPLACE FUNCTION hssgw_fleet.signature_use(k text, m bytea, dated_us bigint) RETURNS boolean LANGUAGE sql AS $$
    WITH one AS (
        INSERT INTO hssgw_fleet.signatures VALUES (k, m, to_timestamp(dated_us / 1000000.0)) ON CONFLICT DO NOTHING RETURNING 1)
    SELECT EXISTS (SELECT FROM one)
$$;

-- Signatures of reads, reported in batches: they are known afterwards, and no request waits for that.
CREATE OR REPLACE FUNCTION hssgw_fleet.signatures_used(k text[], m bytea[], dated_us bigint[]) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE fresh bigint;
BEGIN
    SET LOCAL synchronous_commit = off;
    INSERT INTO hssgw_fleet.signatures SELECT a, b, to_timestamp(d / 1000000.0) FROM unnest(k, m, dated_us) AS u(a, b, d) ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS fresh = ROW_COUNT;
    RETURN fresh;
END $$;

-- What callers with a rate limit have sent since the member's last report, for all of them in one call; returns when each bucket will be
-- full again.
CREATE OR REPLACE FUNCTION hssgw_fleet.rates_sync(c text[], spent bigint[], interval_ns bigint[]) RETURNS TABLE (who text, full_ns bigint)
LANGUAGE plpgsql AS $$
DECLARE now_ns bigint := (extract(epoch FROM clock_timestamp()) * 1000000)::bigint * 1000;
BEGIN
    SET LOCAL synchronous_commit = off;
    PERFORM hssgw_fleet.heed_clock();
    -- In the same order for all members, to prevent deadlocks.
    RETURN QUERY INSERT INTO hssgw_fleet.rates AS r SELECT u.a, now_ns + u.n * u.w FROM unnest(c, spent, interval_ns) AS u(a, n, w) ORDER BY 1
        ON CONFLICT (caller) DO UPDATE SET full_again = greatest(now_ns, r.full_again) + (excluded.full_again - now_ns)
        RETURNING r.caller, r.full_again;
END $$;

-- Drops rows that have expired. Called by any member, once an hour; one at a time, a thousand rows of a table
-- at once.
CREATE OR REPLACE FUNCTION hssgw_fleet.retain() RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE title text;
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtextextended('hssgw_fleet.retain', 0)) THEN RETURN false; END IF;
    PERFORM hssgw_fleet.make_weeks();
    -- The planner may test every table of the database first, so that the condition must bear any name.
    -- A table that somebody reads, as a backup does, is dropped another time: whoever waits for its lock holds up
    -- those that come after him.
    PERFORM set_config('lock_timeout', '100ms', true);
    FOR title IN SELECT c.relname FROM pg_inherits h JOIN pg_class c ON c.oid = h.inhrelid
        WHERE h.inhparent = 'hssgw_fleet.exports'::regclass AND c.relname ~ '^exports_[0-9]{8}$'
            AND right(c.relname, 8) COLLATE "C" < to_char(date_trunc('week', clock_timestamp() AT TIME ZONE 'UTC')::date - 42, 'YYYYMMDD') LOOP
        BEGIN
            EXECUTE format('DROP TABLE hssgw_fleet.%I', title);
        EXCEPTION WHEN lock_not_available THEN NULL;
        END;
    END LOOP;
    DELETE FROM hssgw_fleet.keys WHERE ctid = ANY (ARRAY(
        SELECT q.ctid FROM hssgw_fleet.keys q WHERE q.expires < clock_timestamp() LIMIT 1000));
    DELETE FROM hssgw_fleet.signatures WHERE ctid = ANY (ARRAY(
        SELECT q.ctid FROM hssgw_fleet.signatures q WHERE q.dated < clock_timestamp() - interval '40 min' LIMIT 1000));
    DELETE FROM hssgw_fleet.files WHERE ctid = ANY (ARRAY(
        SELECT q.ctid FROM hssgw_fleet.files q WHERE q.made < clock_timestamp() - interval '35 days' LIMIT 1000));
    DELETE FROM hssgw_fleet.days WHERE day < (clock_timestamp() AT TIME ZONE 'UTC')::date - 3;
    DELETE FROM hssgw_fleet.rates WHERE full_again < ((extract(epoch FROM clock_timestamp()) - 3600) * 1000000)::bigint * 1000;
    DELETE FROM hssgw_fleet.trust WHERE changed < clock_timestamp() - interval '30 days';
    DELETE FROM hssgw_fleet.slots WHERE told < clock_timestamp() - interval '1 hour';
    DELETE FROM hssgw_fleet.figures WHERE told < clock_timestamp() - interval '30 days';
    DELETE FROM hssgw_fleet.members WHERE seen < clock_timestamp() - interval '30 days';
    RETURN true;
END $$;

-- An operator settles an export with an unknown end.
CREATE OR REPLACE FUNCTION hssgw_fleet.export_resolve(x uuid, t text, why text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE how text := CASE WHEN t IS NULL THEN 'failed' ELSE 'made' END; result text;
BEGIN
    IF NOT EXISTS (SELECT FROM hssgw_fleet.exports q WHERE q.id = x) THEN RETURN 'missing'; END IF;
    IF NOT EXISTS (SELECT FROM hssgw_fleet.exports q WHERE q.id = x AND q.state = 'unknown') THEN RETURN 'settled'; END IF;
    result := hssgw_fleet.export_end(x, how, t IS NOT NULL, t, NULL);
    -- It was settled by another statement at this moment.
    IF result <> 'ended' THEN RETURN 'settled'; END IF;
    UPDATE hssgw_fleet.exports q SET note = why WHERE q.id = x;
    RETURN result;
END $$;

-- Lists for operators.
CREATE OR REPLACE FUNCTION hssgw_fleet.member_list() RETURNS TABLE (
    instance text, epoch bigint, alive boolean, started_us bigint, seen_us bigint, version text, config text, mode text, clock_offset_us bigint,
    is_pushed boolean) LANGUAGE sql STABLE AS $$
    SELECT m.instance, m.epoch, m.seen > clock_timestamp() - interval '10 s', (extract(epoch FROM m.started) * 1000000)::bigint,
        (extract(epoch FROM m.seen) * 1000000)::bigint, m.version, m.config, m.mode, m.clock_offset_us, m.pushed_timeline = hssgw_fleet.timeline()
    FROM hssgw_fleet.members m ORDER BY m.instance
$$;

-- The reports of the members' present starts about themselves, with their age.
CREATE OR REPLACE FUNCTION hssgw_fleet.figures_list() RETURNS TABLE (instance text, age_us bigint, said text) LANGUAGE sql STABLE AS $$
    SELECT q.instance, (extract(epoch FROM clock_timestamp() - least(greatest(q.told, '1970-01-01'), clock_timestamp())) * 1000000)::bigint,
        q.said::text
    FROM hssgw_fleet.figures q JOIN hssgw_fleet.members m ON m.instance = q.instance AND m.epoch = q.epoch
    WHERE octet_length(q.said::text) <= 8192 ORDER BY q.instance LIMIT 1000
$$;

CREATE OR REPLACE FUNCTION hssgw_fleet.line_list() RETURNS TABLE (line text, version bigint, paced boolean, changed_us bigint, state bytea)
LANGUAGE sql STABLE AS $$
    SELECT q.line, q.version, q.paced, (extract(epoch FROM q.changed) * 1000000)::bigint, q.state FROM hssgw_fleet.lines q ORDER BY q.line
$$;

CREATE OR REPLACE FUNCTION hssgw_fleet.export_list(wanted text) RETURNS TABLE (
    id uuid, state text, caller text, project text, operation text, task text, instance text, begun_us bigint) LANGUAGE sql STABLE AS $$
    SELECT q.id, q.state, q.caller, q.project, q.operation, q.task, q.instance, (extract(epoch FROM q.begun) * 1000000)::bigint
    FROM hssgw_fleet.exports q WHERE q.state = wanted AND q.begun > clock_timestamp() - interval '35 days' ORDER BY q.begun DESC LIMIT 1000
$$;
