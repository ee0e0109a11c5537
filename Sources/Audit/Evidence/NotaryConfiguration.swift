/// When checkpoints are made, and where they go.
package struct NotaryConfiguration: Sendable {
    /// After this many records, at the latest.
    package var every: UInt64 = 1_000
    /// After this time, when there is a new record.
    package var interval: Duration = .seconds(10)
    /// Where checkpoints are copied to.
    package var anchors: [any CheckpointAnchor] = []
    /// How old records may be before their segments are removed; nothing means that they stay.
    package var retention: Duration?
    /// Whether closed segments are compressed.
    package var compresses = true
    /// Who else must have got a record before it may be removed.
    package var guards: [any RetentionGuard] = []
    /// The wall clock.
    package var now: @Sendable () -> Timestamp = { Timestamp.now() }
    /// How often closed segments are looked after when none is closed meanwhile.
    package var housekeeping: Duration = .seconds(60)

    /// Makes a configuration with the contract's defaults.
    package init() {}
}

/// Figures of the evidence, for metrics.
package struct NotaryFigures: Sendable, Hashable {
    /// The size that the newest checkpoint covers.
    package var size: UInt64 = 0
    /// When it was made.
    package var time: Timestamp?
    /// Checkpoints made since the start.
    package var checkpoints: UInt64 = 0
    /// Checkpoints that could not be kept.
    package var failures: UInt64 = 0
    /// Segments compressed since the start.
    package var compressed: UInt64 = 0
    /// Segments removed since the start.
    package var removed: UInt64 = 0
    /// Segments past the retention that stay because a guard still needs them.
    package var held: UInt64 = 0
    /// The anchors' own figures.
    package var anchors: [AnchorFigures] = []
}
