import PostgreSQL

/// A member as shown to operators.
package struct MemberState: Sendable, Hashable {
    package let instance: String
    package let epoch: Int64
    package let isAlive: Bool
    /// Microseconds since 1970.
    package let started: Int64
    package let seen: Int64
    package let version: String
    package let configuration: String
    package let mode: String
    package let clockOffset: Int64
    /// Whether it has reported its journal on the present timeline.
    package let hasPushed: Bool
}

extension Statement where Answer == [MemberState] {
    static func members() -> Statement {
        Statement("member_list", []) { rows throws(FleetFault) in
            rows.map { row in
                MemberState(
                    instance: row.text(0) ?? "", epoch: row.integer(1) ?? 0, isAlive: row.flag(2), started: row.integer(3) ?? 0,
                    seen: row.integer(4) ?? 0, version: row.text(5) ?? "", configuration: row.text(6) ?? "", mode: row.text(7) ?? "",
                    clockOffset: row.integer(8) ?? 0, hasPushed: row.flag(9))
            }
        }
    }
}
