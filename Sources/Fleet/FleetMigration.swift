import PostgreSQL

/// Creates a fleet's schema and roles, or migrates them to this program's version. Repeating it is harmless.
package struct FleetMigration {
    /// A script that creates tables takes longer than the statements of a request.
    private static let patience = Duration.seconds(60)
    /// The advisory lock that serializes migrations on one server. The number is arbitrary and fixed.
    private static let lock = 7_526_752_397_670_251_362

    private let session: Session
    private let fleet: String

    /// Connects.
    /// - Parameter url: of a role that may create roles and schemas, a secret.
    package init(url: String, fleet: String) throws(FleetFault) {
        self.fleet = fleet
        session = try Session(url: url, schema: FleetSchema.name(of: fleet), stop: WakeBell(), by: Uptime.now + .seconds(10))
        _ = try run("SET statement_timeout = 0")
    }

    /// What a migration did.
    package struct Report: Sendable {
        package let schema: String
        /// 0 where there was none.
        package let before: Int
        package let after: Int
    }

    /// Runs it as one transaction.
    package func run() throws(FleetFault) -> Report {
        let schema = FleetSchema.name(of: fleet)
        _ = try run("BEGIN")
        _ = try run("SELECT pg_advisory_xact_lock(\(Self.lock))")
        let before = try installed(schema)
        guard before <= FleetSchema.version else {
            throw .refused("the schema \(schema) has version \(before), and this program knows \(FleetSchema.version): use the newer program")
        }
        try makeRoles()
        try makeSchema(schema)
        try session.run(script: FleetSchema.script(from: before, fleet: fleet), by: Uptime.now + Self.patience)
        _ = try run("COMMIT")
        return Report(schema: schema, before: before, after: FleetSchema.version)
    }

    private func run(_ sql: String) throws(FleetFault) -> [Row] { try session.run(sql, [], by: Uptime.now + Self.patience) }

    private func installed(_ schema: String) throws(FleetFault) -> Int {
        guard try run("SELECT to_regclass('\(schema).schema_version')").first?.text(0) != nil else { return 0 }
        return Int(try run("SELECT max(version) FROM \(schema).schema_version").first?.integer(0) ?? 0)
    }

    /// The owner can't log in. Logins of gateways are made members of `hssgw_gateway`, which has no password of its own; those of auditors and
    /// consoles of `hssgw_reader`.
    private func makeRoles() throws(FleetFault) {
        for (role, attribute) in [("hssgw_owner", "NOLOGIN"), ("hssgw_gateway", "LOGIN"), ("hssgw_reader", "NOLOGIN")] {
            let exists = try run("SELECT 1 FROM pg_roles WHERE rolname = '\(role)'").first != nil
            if !exists { _ = try run("CREATE ROLE \(role) \(attribute)") }
        }
        // The role that creates the tables must be able to act as their owner.
        if try run("SELECT 1 WHERE pg_has_role(current_user, 'hssgw_owner', 'MEMBER')").isEmpty { _ = try run("GRANT hssgw_owner TO CURRENT_USER") }
    }

    private func makeSchema(_ schema: String) throws(FleetFault) {
        guard try run("SELECT 1 FROM pg_namespace WHERE nspname = '\(schema)'").isEmpty else { return }
        _ = try run("CREATE SCHEMA \(schema) AUTHORIZATION hssgw_owner")
    }
}
