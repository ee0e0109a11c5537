import PostgreSQL

/// What a member has reported about itself, for operators. It is unverified: readers check it, and no decision depends on it.
package struct ToldFigures: Sendable, Hashable {
    /// The longest that is kept, bytes of JSON; the database's function has the same.
    package static let longest = 8_192

    package let instance: String
    /// Its age, by the database's clock.
    package let age: Duration
    /// A JSON object.
    package let said: [UInt8]
}

extension Statement where Answer == [ToldFigures] {
    static func figures() -> Statement {
        Statement("figures_list", []) { rows throws(FleetFault) in
            rows.map { row in
                ToldFigures(instance: row.text(0) ?? "", age: .microseconds(max(0, row.integer(1) ?? 0)), said: row.bytes(2) ?? [])
            }
        }
    }
}

extension Statement where Answer == Bool {
    /// - Parameter figures: a JSON object.
    static func tell(_ figures: String, of member: MemberName) -> Statement {
        Statement("figures_tell", member.arguments + [.json(figures)]) { rows throws(FleetFault) in try rows.one().flag(0) }
    }
}
