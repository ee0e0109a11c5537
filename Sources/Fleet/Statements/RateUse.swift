import PostgreSQL

/// What a caller with a rate limit has sent through one member.
package struct RateUse: Sendable {
    /// When a caller's bucket will be full again, over the whole fleet.
    package struct Level: Sendable {
        /// Ten minutes: no fleet lets so much through before its members hear of each other, so a row that says more is not believed.
        static let longest: Int64 = 600_000_000_000

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
                let (now, isTooLate) = clock.multipliedReportingOverflow(by: 1_000)
                let (fullIn, isTooFar) = full.subtractingReportingOverflow(now)
                guard !isTooLate, !isTooFar, fullIn <= RateUse.Level.longest else { return nil }
                return RateUse.Level(caller: caller, fullIn: fullIn)
            }
        }
    }
}
