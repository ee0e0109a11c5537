import PostgreSQL

/// What a caller with a rate limit has sent through one member.
package struct RateUse: Sendable {
    /// When a caller's bucket will be full again, over the whole fleet.
    package struct Level: Sendable {
        package let caller: String
        /// Relative to the server's clock, nanoseconds; negative when it is full.
        package let fullIn: Int64
    }

    package let caller: String
    /// Requests since the member's last report.
    package let spent: Int64
    /// Nanoseconds between two requests at its rate.
    package let interval: Int64

    package init(caller: String, spent: Int64, interval: Int64) {
        self.caller = caller
        self.spent = spent
        self.interval = interval
    }
}

extension Statement where Answer == [RateUse.Level] {
    static func rates(_ uses: [RateUse]) -> Statement {
        Statement(
            "rates_sync",
            [
                .list("text", uses.map(\.caller)), .list("bigint", uses.map { String($0.spent) }), .list("bigint", uses.map { String($0.interval) }),
            ]
        ) { rows throws(FleetFault) in
            rows.compactMap { row in
                guard let caller = row.text(0), let full = row.integer(1), let clock = row.integer(2) else { return nil }
                return RateUse.Level(caller: caller, fullIn: full &- clock &* 1_000)
            }
        }
    }
}
