/// When gateways that share their lines decide alone, because their shared database is unreachable.
extension FlowRules {
    /// How long a request waits for the database at most before its gateway decides alone.
    private static let longestGrace = Duration.seconds(10)
    /// How much later than another gateway one may notice that the database is unreachable.
    private static let noticing = Duration.seconds(3)

    package var grace: Duration { min(Self.longestGrace, longestWait) }

    /// For how long gateways may have decided alone, if the database has been unreachable for one of them since that moment.
    /// - Parameter isSilentFirst: whether they first wait until the calls of the others can't count any more.
    package func timeAlone(since: Duration, at now: Duration, isSilentFirst: Bool) -> Duration {
        let silence = isSilentFirst ? grace + operationSpan - Self.noticing : .zero
        return max(.zero, now - since - max(grace / 2, silence))
    }
}
