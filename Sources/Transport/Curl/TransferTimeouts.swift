import NIOCore

/// The timeouts that the sweep over the active transfers watches.
struct TransferTimeouts {
    let firstByte: TimeAmount
    let idle: TimeAmount
    let total: TimeAmount
    /// How often to look: a timeout is noticed late by an eighth of the shortest at most, and never later than 250 ms.
    let sweepInterval: TimeAmount

    init(_ configuration: TransportConfiguration) {
        firstByte = TimeAmount(configuration.firstByteTimeout)
        idle = TimeAmount(configuration.idleTimeout)
        total = TimeAmount(configuration.totalTimeout)
        let shortest = min(firstByte, idle, total).nanoseconds
        sweepInterval = min(max(.nanoseconds(shortest / 8), .milliseconds(5)), .milliseconds(250))
    }
}
