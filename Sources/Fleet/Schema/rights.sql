-- Who may do what. `hssgw_fleet` stands for the fleet's schema.
REVOKE ALL ON SCHEMA hssgw_fleet FROM PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA hssgw_fleet FROM PUBLIC;
GRANT USAGE ON SCHEMA hssgw_fleet TO hssgw_gateway;
DO $$
DECLARE f regprocedure;
BEGIN
    FOR f IN SELECT p.oid::regprocedure FROM pg_proc p WHERE p.pronamespace = 'hssgw_fleet'::regnamespace LOOP
        EXECUTE format('ALTER FUNCTION %s SECURITY DEFINER SET search_path = hssgw_fleet, pg_temp', f);
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO hssgw_gateway', f);
    END LOOP;
END $$;
-- Views for auditors and consoles, without digests; these roles see nothing else of the schema.
CREATE OR REPLACE VIEW hssgw_fleet.exports_view AS
    SELECT id, state, caller, project, operation, task, total, counted, instance, begun, ended, note FROM hssgw_fleet.exports;
CREATE OR REPLACE VIEW hssgw_fleet.files_view AS SELECT project, file, task, made FROM hssgw_fleet.files;
CREATE OR REPLACE VIEW hssgw_fleet.days_view AS SELECT caller, day, used FROM hssgw_fleet.days;
CREATE OR REPLACE VIEW hssgw_fleet.members_view AS
    SELECT instance, epoch, started, seen, seen > clock_timestamp() - interval '10 s' AS alive, version, config AS shared_sha256, mode,
        clock_offset_us, pushed_seq, pushed_timeline FROM hssgw_fleet.members;
CREATE OR REPLACE VIEW hssgw_fleet.lines_view AS SELECT line, version, paced, changed FROM hssgw_fleet.lines;
CREATE OR REPLACE VIEW hssgw_fleet.revocations_view AS SELECT key_id, revoked FROM hssgw_fleet.revocations;
GRANT USAGE ON SCHEMA hssgw_fleet TO hssgw_reader;
GRANT SELECT ON hssgw_fleet.exports_view, hssgw_fleet.files_view, hssgw_fleet.days_view, hssgw_fleet.members_view, hssgw_fleet.lines_view,
    hssgw_fleet.revocations_view TO hssgw_reader;
INSERT INTO hssgw_fleet.fleet VALUES (true, hssgw_fleet.timeline(), '-infinity') ON CONFLICT DO NOTHING;
SELECT hssgw_fleet.make_weeks();
