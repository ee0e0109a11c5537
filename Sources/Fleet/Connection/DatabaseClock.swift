/// Estimates the database's clock as this machine's uptime plus an offset, from every answer. It has no clock: times are passed in.
///
/// An answer bounds the offset: the server read its clock after the statement was sent and before the answer came. The estimate is the middle,
/// which is wrong by at most half of that time. So a quick answer is more accurate than a slow one, and an old one becomes less accurate as clocks
/// drift.
struct DatabaseClock: Sendable {
    /// Quartz clocks drift apart by up to a few ten-thousandths.
    private static let drift = 0.000_2

    /// What a server's clock can say, microseconds since 1970: years of four digits. Sums and differences of such numbers fit into 64 bits.
    static let range: Range<Int64> = 0..<253_402_300_800_000_000

    /// What is added to the uptime, microseconds.
    private(set) var offset: Int64?
    /// The largest possible error of the estimate when it was made, microseconds.
    private var error: Int64 = .max
    private var learnt = Duration.zero
    /// How often the server's clock has jumped forward by more than an error of the estimate: periods that it measured then
    /// ended too early.
    private(set) var leaps: UInt64 = 0
    /// When that happened last, by this machine's uptime.
    private(set) var leapt: Duration?
    private static let leap: Int64 = 1_000_000

    /// - Parameters:
    ///   - clock: the server's clock, microseconds since 1970, within `range`.
    ///   - sent: the uptime when the statement left.
    ///   - received: the uptime when its answer came.
    mutating func observe(_ clock: Int64, sent: Duration, received: Duration) {
        let (low, high) = (sent.microseconds, max(received.microseconds, sent.microseconds))
        let fresh = (high - low) / 2 + 1
        let age = Double(max(0, (received - learnt).microseconds))
        let present = error == .max ? Double.infinity : Double(error) + age * Self.drift
        let estimate = clock - (low + fresh - 1)
        // An answer that the present estimate can't explain: one of the clocks jumped.
        let hasJumped = offset.map { Double(abs($0 - estimate)) > present + Double(fresh) } ?? true
        guard hasJumped || Double(fresh) <= present else { return }
        if let offset, hasJumped, estimate.subtractingReportingOverflow(offset).partialValue > Self.leap {
            leaps += 1
            leapt = received
        }
        (offset, error, learnt) = (estimate, fresh, received)
    }

    /// The server's clock now, microseconds since 1970; nil before the first answer.
    func time(at uptime: Duration) -> Int64? { offset.map { $0 + uptime.microseconds } }
}
