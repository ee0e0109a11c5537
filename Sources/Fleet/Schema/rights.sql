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
INSERT INTO hssgw_fleet.fleet VALUES (true, hssgw_fleet.timeline(), '-infinity') ON CONFLICT DO NOTHING;
SELECT hssgw_fleet.make_weeks();
