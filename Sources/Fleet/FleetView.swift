import PostgreSQL

/// Reads a fleet's state for operators, with the role of its gateways.
package struct FleetView {
    private let session: Session
    private let schema: String

    /// Connects.
    /// - Parameter url: a secret.
    package init(url: String, fleet: String) throws(FleetFault) {
        schema = FleetSchema.name(of: fleet)
        session = try Session(url: url, schema: schema, stop: WakeBell(), by: Uptime.now + .seconds(5))
    }

    private func ask<Answer>(_ statement: Statement<Answer>) throws(FleetFault) -> Answer {
        try statement.decode(try session.run(statement.sql(in: schema), statement.arguments.map(\.text), by: Uptime.now + .seconds(10)))
    }

    /// Ends a caller's key on every gateway.
    package func revoke(_ key: String) throws(FleetFault) { _ = try ask(.revoke(key)) }

    /// The version of the schema. Like the questions below it blocks for at most 10 s, and throws if the database is unreachable or refuses.
    package func version() throws(FleetFault) -> Int { Int(try ask(Statement<Int64>.schemaVersion())) }
    /// The gateways that have joined.
    package func members() throws(FleetFault) -> [MemberState] { try ask(.members()) }
    /// The shared queues.
    package func lines() throws(FleetFault) -> [LineState] { try ask(.lines()) }
    /// The exports in a state: `open`, or `unknown` after a crash of their gateway.
    package func exports(in state: String) throws(FleetFault) -> [ExportState] { try ask(.exports(in: state)) }

    /// What the role may do to tables, which should be nothing: the names of those that it may read or change.
    package func exposedTables() throws(FleetFault) -> [String] {
        let rows = try session.run(
            """
            SELECT c.relname FROM pg_class c WHERE c.relnamespace = to_regnamespace($1) AND c.relkind IN ('r', 'p')
            AND has_table_privilege(c.oid, 'SELECT, INSERT, UPDATE, DELETE') ORDER BY 1
            """, [schema], by: Uptime.now + .seconds(10))
        return rows.compactMap { $0.text(0) }
    }

    /// The role that logged in.
    package func role() throws(FleetFault) -> String {
        try session.run("SELECT current_user", [], by: Uptime.now + .seconds(10)).first?.text(0) ?? ""
    }
}
