/// The time from the moment for which a line's state is computed until the database stores it; on a slow machine or network it is longer than the
/// tolerance of the database. Measured with the database's clock in every answer; a small one is ignored.
struct StoreLead: Sendable {
    /// The database accepts a state whose time differs by at most 50 ms.
    private static let little = Duration.milliseconds(20)
    /// Longer times are outliers: a delay, or a clock that jumped.
    private static let most = Duration.milliseconds(500)

    private var average = Duration.zero

    var span: Duration { average > Self.little ? average : .zero }

    mutating func observe(_ delay: Duration) {
        guard delay > .zero, delay < Self.most else { return }
        // Rather too small: a state that arrives too early waits for its moment.
        average = average == .zero ? delay : delay < average ? (average + delay) / 2 : (average * 3 + delay) / 4
    }
}
