import Audit

/// The tables of the index. It is a projection of the journal and may be deleted at any time; with another version it is rebuilt.
///
/// 1. `record` has the times and positions of records, 64 in a row (`RecordBlock`). The line stays in the journal.
/// 2. `facet` holds what thousands of records have in common, each combination once, and `facet_block` which records these are (`FacetBlock`).
///    However filters are combined, a page is a merge of the records of the matching facets, so no combination of filters reads records that are
///    not on the page.
/// 3. `mark` finds single exchanges: 32 bits of the hash of a request id, task id, file id or digest (`MarkTable`).
/// 4. `span` has the earliest and the latest time of 4,096 records each, which converts a range of time into a range of numbers, even if the clock
///    was set.
/// 5. `rollup` counts exchanges by minute, ten minutes, hour and day and by `rollup_group`: all dimensions by which they may be distinguished. Each
///    is counted once for each `RollupCut`, so that a query reads only rows for the dimensions that it needs: the cost of a plot of a month doesn't
///    depend on the number of records. Histograms are text, so that the rows of two spans can be added.
enum IndexSchema {
    /// An arbitrary number, so that a foreign file isn't mistaken for an index (`PRAGMA application_id`).
    static let applicationID: Int64 = 0x4853_5349
    static let version: Int64 = 4
    /// Records of one row of `span`, as a power of two.
    static let spanShift: UInt64 = 12

    /// The members of a facet, in the order of its columns. A change needs another `version`.
    static let facetFields: [RecordField] = [.phase, .operation, .kind, .callerName, .projectName, .projectID, .outcome]

    /// Members' columns as a list in SQL.
    static func columns(_ fields: [RecordField]) -> String { fields.map(\.databaseColumn).joined(separator: ", ") }

    /// The condition that members' columns have given values.
    static func equalities(_ fields: [RecordField]) -> String { fields.map { $0.databaseColumn + " = ?" }.joined(separator: " AND ") }

    /// That many placeholders.
    static func placeholders(_ count: Int) -> String { repeatElement("?", count: count).joined(separator: ", ") }

    private static func definitions(_ fields: [RecordField]) -> String {
        fields.map { $0.databaseColumn + " TEXT NOT NULL" }.joined(separator: ", ")
    }

    static let statements = [
        """
        CREATE TABLE facet (id INTEGER PRIMARY KEY, \(definitions(facetFields)), first INTEGER NOT NULL, last INTEGER NOT NULL,
          UNIQUE (\(columns(facetFields))))
        """,
        "CREATE TABLE record (block INTEGER PRIMARY KEY, rows BLOB NOT NULL)",
        """
        CREATE TABLE facet_block (facet INTEGER NOT NULL, block INTEGER NOT NULL, slots BLOB NOT NULL, PRIMARY KEY (facet, block)) WITHOUT ROWID
        """,
        """
        CREATE TABLE mark (level INTEGER NOT NULL, block INTEGER NOT NULL, low INTEGER NOT NULL, entries BLOB NOT NULL,
          PRIMARY KEY (level, block, low)) WITHOUT ROWID
        """,
        """
        CREATE TABLE rollup_group (id INTEGER PRIMARY KEY, cut INTEGER NOT NULL,
          \(RollupGroup.columns.map { "\($0) TEXT NOT NULL" }.joined(separator: ", ")), UNIQUE (cut, \(RollupGroup.columns.joined(separator: ", "))))
        """,
        """
        CREATE TABLE rollup (cut INTEGER NOT NULL, step INTEGER NOT NULL, slot INTEGER NOT NULL, grp INTEGER NOT NULL, count INTEGER NOT NULL,
          bytes INTEGER NOT NULL, durations TEXT NOT NULL, waits TEXT NOT NULL, longest INTEGER NOT NULL, PRIMARY KEY (cut, step, slot, grp))
          WITHOUT ROWID
        """,
        "CREATE TABLE span (number INTEGER PRIMARY KEY, earliest INTEGER NOT NULL, latest INTEGER NOT NULL)",
        """
        CREATE TABLE state (one INTEGER PRIMARY KEY CHECK (one = 1), first INTEGER NOT NULL, next INTEGER NOT NULL, segment INTEGER NOT NULL,
          place INTEGER NOT NULL, anchor INTEGER NOT NULL, digest TEXT NOT NULL)
        """,
        "INSERT INTO state VALUES (1, 0, 0, 0, 0, 0, '')",
    ]

    static func create(in database: SQLiteConnection) throws {
        try database.execute("PRAGMA application_id = \(applicationID)")
        try database.execute("PRAGMA user_version = \(version)")
        for statement in statements { try database.execute(statement) }
    }

    static func isCurrent(_ database: SQLiteConnection) throws -> Bool {
        let application = try database.integer("PRAGMA application_id")
        let version = try database.integer("PRAGMA user_version")
        return application == applicationID && version == self.version
    }
}
