import PostgreSQL

/// What a member has said of itself, for operators to look at. It is that member's word: whoever reads it checks it, and decides nothing by it.
package struct ToldFigures: Sendable, Hashable {
    /// The longest that is kept, bytes of JSON; the database's function has the same.
    package static let longest = 8_192

    package let instance: String
    /// How long ago, by the database's clock.
    package let age: Duration
    /// An object of JSON.
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
    /// - Parameter figures: an object of JSON.
    static func tell(_ figures: String, of member: MemberName) -> Statement {
        Statement("figures_tell", member.arguments + [.json(figures)]) { rows throws(FleetFault) in try rows.one().flag(0) }
    }
}
