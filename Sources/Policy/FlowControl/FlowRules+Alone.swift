/// When gateways that share their lines decide for themselves, because the database that they share can't be asked.
extension FlowRules {
    /// How long a request waits for the database at most before its gateway decides alone.
    private static let longestGrace = Duration.seconds(10)
    /// By how much one gateway may notice later than another that the database is away.
    private static let noticing = Duration.seconds(3)

    package var grace: Duration { min(Self.longestGrace, longestWait) }

    /// For how long gateways may have decided for themselves, when the database has been away since that moment for one of them.
    /// - Parameter isSilentFirst: whether they first let pass what the others may have used.
    package func timeAlone(since: Duration, at now: Duration, isSilentFirst: Bool) -> Duration {
        let silence = isSilentFirst ? grace + operationSpan - Self.noticing : .zero
        return max(.zero, now - since - max(grace / 2, silence))
    }
}
