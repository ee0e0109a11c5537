/// PostgreSQL's SQLSTATE codes (its manual, appendix A) in sentences that say what an operator can do.
enum PostgreSQLCode {
    static func failure(_ code: String) -> SinkFailure {
        if let sentence = sentences[code] { return SinkFailure("\(sentence) (\(code))") }
        let classSentence = classes.first { code.hasPrefix($0.prefix) }
        guard let classSentence else { return SinkFailure("the server answered with SQLSTATE \(code): its own log says more") }
        return SinkFailure("\(classSentence.sentence) (\(code))", isAboutContent: classSentence.isAboutContent)
    }

    private static let sentences = [
        "22P05": "the database's encoding can't hold the records' text: copy into a database with ENCODING 'UTF8'",
        "23502": "a column that isn't ours must have a value: give it a default, or drop its NOT NULL",
        "23503": "a foreign key that isn't ours refuses the records: drop it",
        "23505": "the database has another record of this number: `audit verify-database` says which of both was changed",
        "23514": "a check that isn't ours refuses the records: drop it",
        "25006": "the server is read-only, a standby perhaps: name the primary in the URL (target_session_attrs=read-write)",
        "40001": "another transaction was in the way; it is tried again",
        "40P01": "another transaction was in the way; it is tried again",
        "42501": "the role may not do this: grant it INSERT and SELECT on the tables hssgw_*, or let their owner connect once to make or change them",
        "42703":
            "a column is missing from the tables hssgw_*: put it back, or drop the tables and hssgw_schema so that they are made and filled anew",
        "42804": "a column of the tables hssgw_* has another type than it was made with: change it back",
        "42P01": "a table is missing: restore it from a backup, or drop all tables hssgw_*, hssgw_schema too, so that they are made and filled anew",
        "42P10": "the key of a table hssgw_* is gone: put back PRIMARY KEY (instance, seq)",
        "3F000": "there is no schema to make the tables in: set the role's search_path",
        "53100": "the server's disk is full",
        "53200": "the server has no memory left",
        "53300": "the server has no connection left: raise max_connections, or lower what others use",
        "55P03": "somebody holds a lock on the tables; it is tried again",
        "57014": "the server took too long",
        "57P01": "the server is stopping or starting", "57P02": "the server is stopping or starting", "57P03": "the server is stopping or starting",
        "P0001": "a trigger that isn't ours refuses the records: drop it",
    ]

    private static let classes: [(prefix: String, sentence: String, isAboutContent: Bool)] = [
        ("22", "a value can't be stored", true), ("54", "a value is too large for the server", true),
        ("23", "a constraint that isn't ours refuses the records: drop it", false), ("28", "the server refused the login", false),
        ("3D", "there is no such database", false), ("08", "the connection to the server was lost", false),
        ("53", "the server is out of resources", false), ("57", "somebody at the server ended it", false),
        ("42", "the tables are not as they were made: compare them with docs/audit-record.md", false),
        ("XX", "the server says that its own data is damaged", false),
    ]
}
