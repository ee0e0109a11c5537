/// Divides the descriptors that the process may open (RLIMIT_NOFILE) among their users, so that none can use up another's: callers can't keep
/// the journal from its next segment, nor the admin port from answering.
///
/// All values are numbers of descriptors.
package struct DescriptorBudget: Sendable, Equatable {
    /// Callers' connections that are served.
    package let connections: Int
    /// Connections beyond those that are accepted only to be answered with 503.
    package let turnedAway: Int
    /// Connections of the admin port.
    package let admin: Int
    /// Connections to HSS, hence also requests under way.
    package let upstream: Int

    /// Journal, index, event loops, libcurl, identity services, sinks.
    private static let own = 96
    private static let ownOfWorker = 16
    private static let mostAdmin = 64
    /// A process that may open fewer is not started: its own needs alone come close.
    package static let fewest = 128
    private static let mostTurnedAway = 64

    /// - Parameters:
    ///   - limit: what the process may open.
    ///   - connections: the configured number (`limits.connections`).
    ///   - inFlight: requests under way at a time (`limits.in_flight`).
    package init(limit: Int, connections: Int, inFlight: Int, workers: Int) {
        // A very small limit is divided in proportion; the process needs about 45 before the first
        // connection.
        let rest = max(0, limit - min(Self.own + Self.ownOfWorker * workers, limit / 4 * 3))
        admin = min(max(rest / 8, 2), Self.mostAdmin)
        let left = max(0, rest - admin)
        let wanted = connections.addingReportingOverflow(Self.mostTurnedAway)
        let callers = min(wanted.overflow ? .max : wanted.partialValue, max(left / 2, left.subtractingReportingOverflow(inFlight).partialValue))
        turnedAway = min(Self.mostTurnedAway, max(1, callers / 8))
        self.connections = max(1, min(connections, callers - turnedAway))
        upstream = max(1, left - callers)
    }
}
