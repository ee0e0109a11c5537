/// The written form of a duration: `500ms`, `30s`, `5m`, `24h`, `400d`.
package enum DurationText {
    /// Ten years: longer than any sensible timeout or retention, and far from any overflow.
    static let longest = Duration.seconds(3650 * 86_400)

    /// Milliseconds per unit, the largest first.
    static let units: [(suffix: String, milliseconds: Int)] = [
        ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1),
    ]

    /// Reads a duration; nil when it isn't one or is longer than `longest`.
    package static func parse(_ text: String) -> Duration? {
        guard let quantity = Quantity(text), let unit = units.first(where: { $0.suffix == quantity.unit }) else { return nil }
        let (milliseconds, overflow) = quantity.count.multipliedReportingOverflow(by: unit.milliseconds)
        guard !overflow, milliseconds <= Int(longest.components.seconds) * 1_000 else { return nil }
        return .milliseconds(milliseconds)
    }

    /// The largest unit that divides the duration.
    static func render(_ duration: Duration) -> String {
        let parts = duration.components
        // 1e15 attoseconds are one millisecond, the finest unit that can be written.
        let milliseconds = Int(parts.seconds) * 1_000 + Int(parts.attoseconds / 1_000_000_000_000_000)
        for unit in units where milliseconds % unit.milliseconds == 0 {
            return "\(milliseconds / unit.milliseconds)\(unit.suffix)"
        }
        return "\(milliseconds)ms"
    }
}
