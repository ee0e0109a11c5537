import PostgreSQL

/// The tables for the journals of a fleet, created when they are missing. `docs/audit-record.md` describes them.
package enum CentralSchema {
    /// The version that this program uses. A database with a newer one is not changed.
    static let version: Int64 = 5

    /// The advisory lock under which one gateway at a time creates tables. The number is arbitrary and fixed.
    private static let lockNumber = 7_526_752_397_670_251_361

    /// Creates what is missing. A role that may only insert and select can use tables that another role
    /// created.
    static func prepare(_ connection: PostgreSQLConnection) throws(SinkFailure) {
        if try installed(connection) == version { return }
        try connection.run("BEGIN")
        // Indexes over all records may take longer than any other statement.
        try connection.run("SET LOCAL statement_timeout = 0")
        connection.patience = Self.changePatience
        defer { connection.patience = PostgreSQLConnection.usualPatience }
        try connection.run("SELECT pg_advisory_xact_lock(\(lockNumber))")
        for step in steps[Int(try installed(connection))...] {
            for statement in step { try connection.run(statement) }
        }
        try connection.run("COMMIT")
    }

    /// The version of the existing tables; 0 when there are none.
    private static func installed(_ connection: PostgreSQLConnection) throws(SinkFailure) -> Int64 {
        guard try connection.run("SELECT to_regclass('hssgw_schema')").first?.text(0) != nil else { return 0 }
        guard let found = try connection.run("SELECT max(version) FROM hssgw_schema").first?.integer(0), found >= 0 else { return 0 }
        guard found <= version else { throw SinkFailure("the tables were made by a newer version") }
        return found
    }

    /// The steps from each version to the next, from an empty database on.
    private static let steps = [first, beginnings, boundedIndexes, rollups, cuts]

    /// The longest that one step may take: an index over some hundred million records.
    private static let changePatience = Duration.seconds(3_600)

    /// Identifiers that callers choose are indexed by their hash, since an entry of a B-tree is limited to 2,704 bytes; and records that the
    /// tables refuse have a table of their own, so that the copy can still be verified.
    private static let boundedIndexes = [
        "DROP INDEX IF EXISTS hssgw_records_request", "DROP INDEX IF EXISTS hssgw_records_upstream", "DROP INDEX IF EXISTS hssgw_records_task",
        "CREATE INDEX hssgw_records_request ON hssgw_records USING hash (request_id) WHERE request_id IS NOT NULL",
        "CREATE INDEX hssgw_records_upstream ON hssgw_records USING hash (upstream_request_id) WHERE upstream_request_id IS NOT NULL",
        "CREATE INDEX hssgw_records_task ON hssgw_records USING hash (task_id) WHERE task_id IS NOT NULL",
        "CREATE INDEX hssgw_records_file ON hssgw_records USING hash (file_id) WHERE file_id IS NOT NULL",
        """
        CREATE TABLE hssgw_set_aside (
            instance text NOT NULL, seq bigint NOT NULL, leaf text NOT NULL, reason text NOT NULL, received_at timestamptz NOT NULL DEFAULT now(),
            PRIMARY KEY (instance, seq)
        )
        """,
        "INSERT INTO hssgw_schema (version) VALUES (3)",
    ]

    /// Counts of the records by minute, ten minutes, hour and day (`CentralRollups`). Roles that may write or read records may do the same
    /// here.
    private static let rollups = [
        """
        CREATE TABLE hssgw_rollup_groups (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, digest text NOT NULL UNIQUE, phase text NOT NULL, caller text NOT NULL,
            operation text NOT NULL, kind text NOT NULL, project_name text NOT NULL, project_id text NOT NULL, outcome text NOT NULL,
            error_code text NOT NULL, source text NOT NULL, credential text NOT NULL
        )
        """,
        """
        CREATE TABLE hssgw_rollups (
            instance text NOT NULL, step integer NOT NULL, slot bigint NOT NULL, grp bigint NOT NULL, count bigint NOT NULL, bytes bigint NOT NULL,
            durations text NOT NULL, waits text NOT NULL, longest bigint NOT NULL, PRIMARY KEY (instance, step, slot, grp)
        )
        """,
        "CREATE TABLE hssgw_counted (instance text PRIMARY KEY, next bigint NOT NULL)",
        rights(on: "hssgw_rollups, hssgw_rollup_groups, hssgw_counted"),
        "INSERT INTO hssgw_schema (version) VALUES (4)",
    ]

    /// The same counts by fewer columns (`RollupCut`), so that a plot reads few rows; `hssgw_counted.cuts` is the number up to which they count,
    /// which gateways and readers of an older version don't use. And indexes for the console's first page: events, exports and downloads.
    private static let cuts = [
        """
        CREATE TABLE hssgw_rollup_cuts (
            instance text NOT NULL, cut integer NOT NULL, step integer NOT NULL, slot bigint NOT NULL, grp bigint NOT NULL, count bigint NOT NULL,
            bytes bigint NOT NULL, durations text NOT NULL, waits text NOT NULL, longest bigint NOT NULL,
            PRIMARY KEY (instance, cut, step, slot, grp)
        )
        """,
        "ALTER TABLE hssgw_counted ADD COLUMN cuts bigint",
        "CREATE INDEX hssgw_records_events ON hssgw_records (time_us, instance, seq) WHERE phase = 'event'",
        "CREATE INDEX hssgw_records_exports ON hssgw_records (kind, time_us, instance, seq) WHERE kind IN ('export', 'download')",
        rights(on: "hssgw_rollup_cuts"),
        "INSERT INTO hssgw_schema (version) VALUES (5)",
    ]

    /// Gives roles that may write or read records the same rights on other tables.
    private static func rights(on tables: String) -> String {
        """
        DO $$ DECLARE given record; BEGIN
            FOR given IN SELECT DISTINCT g.grantee, g.privilege_type FROM information_schema.role_table_grants g
                WHERE to_regclass(format('%I.%I', g.table_schema, g.table_name)) = to_regclass('hssgw_records')
                    AND g.grantee <> current_user AND g.privilege_type IN ('INSERT', 'SELECT')
            LOOP
                EXECUTE format('GRANT %s ON \(tables) TO %s',
                    CASE given.privilege_type WHEN 'SELECT' THEN 'SELECT' ELSE 'INSERT, UPDATE, DELETE' END,
                    CASE given.grantee WHEN 'PUBLIC' THEN 'PUBLIC' ELSE quote_ident(given.grantee) END);
            END LOOP;
        END $$
        """
    }

    /// An existing step is never changed: a later column has a step of its own.
    static let first = [
        "CREATE TABLE IF NOT EXISTS hssgw_schema (version integer PRIMARY KEY, installed_at timestamptz NOT NULL DEFAULT now())",
        """
        CREATE TABLE hssgw_records (
            instance text NOT NULL, seq bigint NOT NULL, time_us bigint NOT NULL, phase text NOT NULL, id text NOT NULL, request_id text,
            upstream_request_id text, caller text, operation text, kind text, project_name text, project_id text, outcome text, status integer,
            error_code text, task_id text, file_id text, line text NOT NULL,
            PRIMARY KEY (instance, seq)
        )
        """,
        "CREATE INDEX hssgw_records_time ON hssgw_records (time_us, instance, seq)",
        "CREATE INDEX hssgw_records_caller ON hssgw_records (caller, time_us)",
        "CREATE INDEX hssgw_records_operation ON hssgw_records (operation, time_us)",
        "CREATE INDEX hssgw_records_id ON hssgw_records (id)",
        "CREATE INDEX hssgw_records_request ON hssgw_records (request_id)",
        "CREATE INDEX hssgw_records_upstream ON hssgw_records (upstream_request_id) WHERE upstream_request_id IS NOT NULL",
        "CREATE INDEX hssgw_records_task ON hssgw_records (task_id) WHERE task_id IS NOT NULL",
        """
        CREATE TABLE hssgw_checkpoints (
            instance text NOT NULL, size bigint NOT NULL, root text NOT NULL, note text NOT NULL, received_at timestamptz NOT NULL DEFAULT now(),
            PRIMARY KEY (instance, size, root)
        )
        """,
        "INSERT INTO hssgw_schema (version) VALUES (1)",
    ]

    /// The beginning of a copy that could not begin with record 0, with the evidence about the records before; and an index on downloads'
    /// digests.
    private static let beginnings = [
        """
        CREATE TABLE hssgw_beginnings (
            instance text NOT NULL, seq bigint NOT NULL, removed text NOT NULL, received_at timestamptz NOT NULL DEFAULT now(),
            PRIMARY KEY (instance, seq)
        )
        """,
        // The expression of `audit trail --file`; it must be the same as the reader's
        // (RecordColumns.central).
        #"""
        CREATE INDEX hssgw_records_download ON hssgw_records
            ((substring(line from '"response_body":\{"bytes":[0-9]+,"sha256":"([0-9a-f]{64})"'))) WHERE kind = 'download'
        """#,
        "INSERT INTO hssgw_schema (version) VALUES (2)",
    ]
}
