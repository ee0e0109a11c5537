import PostgreSQL

/// What a caller with a rate has sent through one member.
package struct RateUse: Sendable {
    package let caller: String
    /// Requests since the member last said so.
    package let spent: Int64
    /// Nanoseconds between two requests at its rate.
    package let interval: Int64

    package init(caller: String, spent: Int64, interval: Int64) {
        self.caller = caller
        self.spent = spent
        self.interval = interval
    }
}

/// When a caller's bucket will be full again, as the whole fleet has used it.
package struct RateLevel: Sendable {
    package let caller: String
    /// From the server's clock on, nanoseconds; negative when it is full.
    package let fullIn: Int64
}

extension Statement where Answer == [RateLevel] {
    static func rates(_ uses: [RateUse]) -> Statement {
        Statement(
            "rates_sync",
            [
                .list("text", uses.map(\.caller)), .list("bigint", uses.map { String($0.spent) }), .list("bigint", uses.map { String($0.interval) }),
            ]
        ) { rows throws(FleetFault) in
            rows.compactMap { row in
                guard let caller = row.text(0), let full = row.integer(1), let clock = row.integer(2) else { return nil }
                return RateLevel(caller: caller, fullIn: full &- clock &* 1_000)
            }
        }
    }
}

/// Requests that a caller with a limit on them has under way at one member.
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
