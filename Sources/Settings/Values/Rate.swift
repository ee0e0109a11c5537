/// A number of events per period, written `5/min`.
package struct Rate: Sendable, Hashable {
    package let count: Int
    package let period: Duration

    package init(count: Int, period: Duration) {
        self.count = count
        self.period = period
    }

    static let periods: [(word: String, period: Duration)] = [
        ("s", .seconds(1)), ("min", .seconds(60)), ("h", .seconds(3600)), ("d", .seconds(86_400)),
    ]

    /// Reads a rate; nil when it isn't one. Zero is accepted here, and refused elsewhere if it makes no sense.
    package init?(text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let quantity = Quantity(String(parts[0])), quantity.unit.isEmpty else { return nil }
        guard let match = Self.periods.first(where: { $0.word == parts[1] }) else { return nil }
        count = quantity.count
        period = match.period
    }
}

extension Rate: CustomStringConvertible {
    package var description: String {
        let word = Self.periods.first { $0.period == period }?.word ?? DurationText.render(period)
        return "\(count)/\(word)"
    }
}
