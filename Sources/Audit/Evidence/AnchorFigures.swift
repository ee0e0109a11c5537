/// Figures of one anchor, for metrics.
package struct AnchorFigures: Sendable, Hashable {
    /// The anchor's name.
    package let name: String
    /// Checkpoints copied.
    package var published: UInt64 = 0
    /// Attempts that failed.
    package var failures: UInt64 = 0
    /// The size that the newest copied checkpoint covers.
    package var size: UInt64 = 0
    /// How long the oldest checkpoint that this anchor doesn't have yet has waited; zero when it has the newest.
    package var lag: Duration = .zero
}
