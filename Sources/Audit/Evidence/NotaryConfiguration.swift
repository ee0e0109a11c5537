/// When checkpoints are made, and where they are copied.
package struct NotaryConfiguration: Sendable {
    /// After this many records, at the latest.
    package var every: UInt64 = 1_000
    /// After this time, if there is a new record.
    package var interval: Duration = .seconds(10)
    /// Where checkpoints are copied to.
    package var anchors: [any CheckpointAnchor] = []
    /// How old records may become before their segments are removed; nil keeps them for ever.
    package var retention: Duration?
    /// Whether closed segments are compressed.
    package var compresses = true
    /// Components that must have read a record before it may be removed.
    package var guards: [any RetentionGuard] = []
    /// The wall clock.
    package var now: @Sendable () -> Timestamp = { Timestamp.now() }
    /// How often closed segments are checked if no segment is closed meanwhile.
    package var housekeeping: Duration = .seconds(60)

    /// Makes a configuration with the contract's defaults.
    package init() {}
}
