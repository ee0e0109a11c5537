import PostgreSQL

extension Statement where Answer == Int64 {
    static func join(_ instance: String, version: String, configuration: String) -> Statement {
        Statement("join_fleet", [.text(instance), .text(version), .text(configuration)]) { rows throws(FleetFault) in
            guard let epoch = try rows.one().integer(0) else { throw .refused("the server gave no epoch") }
            return epoch
        }
    }

    /// The version of the schema.
    static func schemaVersion() -> Statement {
        Statement("schema_now", []) { rows throws(FleetFault) in try rows.one().integer(0) ?? 0 }
    }
}

extension Statement where Answer == Bool {
    static func leave(_ member: MemberName) -> Statement {
        Statement("leave_fleet", member.arguments) { rows throws(FleetFault) in try rows.one().flag(0) }
    }

    /// - Returns: false when the timeline is another one by now.
    static func pushed(_ member: MemberName, timeline: String, upTo sequence: Int64) -> Statement {
        Statement("pushed", member.arguments + [.text(timeline), .number(sequence)]) { rows throws(FleetFault) in try rows.one().flag(0) }
    }
}

extension Statement where Answer == Bool {
    static func revoke(_ key: String) -> Statement {
        Statement("revoke_key", [.text(key)]) { rows throws(FleetFault) in try rows.one().flag(0) }
    }
}
