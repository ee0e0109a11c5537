import NIOCore

/// The timeouts that the sweep over the active transfers checks.
struct TransferTimeouts {
    let firstByte: TimeAmount
    let idle: TimeAmount
    let total: TimeAmount
    /// How often to check: a timeout is noticed at most an eighth of the shortest timeout too late, and never more than 250 ms.
    let sweepInterval: TimeAmount

    init(_ configuration: TransportConfiguration) {
        firstByte = TimeAmount(configuration.firstByteTimeout)
        idle = TimeAmount(configuration.idleTimeout)
        total = TimeAmount(configuration.totalTimeout)
        let shortest = min(firstByte, idle, total).nanoseconds
        sweepInterval = min(max(.nanoseconds(shortest / 8), .milliseconds(5)), .milliseconds(250))
    }
}
