import PostgreSQL

/// Requests that a caller with a concurrency limit has under way at one member.
package struct SlotUse: Sendable {
    package let caller: String
    package let used: Int

    package init(caller: String, used: Int) {
        self.caller = caller
        self.used = used
    }
}

extension Statement where Answer == [SlotUse] {
    /// - Returns: what they have under way at the other members.
    static func slots(_ uses: [SlotUse], _ member: MemberName) -> Statement {
        Statement(
            "slots_sync", member.arguments + [.list("text", uses.map(\.caller)), .list("bigint", uses.map { String($0.used) })]
        ) { rows throws(FleetFault) in
            rows.compactMap { row in
                guard let caller = row.text(0), let used = row.integer(1) else { return nil }
                return SlotUse(caller: caller, used: Int(clamping: used))
            }
        }
    }
}
