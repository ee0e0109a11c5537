/// How often something happened within the last 24 hours, or since the start: counted by the hour, so that up to an hour at the beginning may be
/// missing.
package struct DailyCount: Sendable, Equatable {
    /// By the hour since the machine's start; at most `hours` of them.
    private var counts: [Int64: UInt64] = [:]
    private static let hours: Int64 = 24

    package init() {}

    mutating func count(at uptime: Duration) {
        let hour = Self.hour(uptime)
        if counts[hour] == nil { counts = counts.filter { $0.key > hour - Self.hours } }
        counts[hour, default: 0] += 1
    }

    func adding(_ other: DailyCount) -> DailyCount {
        var sum = self
        sum.counts.merge(other.counts, uniquingKeysWith: +)
        return sum
    }

    package func total(at uptime: Duration) -> UInt64 {
        let hour = Self.hour(uptime)
        return counts.reduce(0) { $1.key > hour - Self.hours && $1.key <= hour ? $0 + $1.value : $0 }
    }

    private static func hour(_ uptime: Duration) -> Int64 { uptime.components.seconds / 3_600 }
}
