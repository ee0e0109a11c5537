package import Audit

/// How a sink is doing.
package struct ShippingFigures: Sendable {
    package let sink: String
    /// How far the sink is behind: the age of the oldest durable record that it has not got; zero when it has all.
    package let lag: Duration
    /// Records that the sink took since the start, repetitions included.
    package let shipped: UInt64
    /// Failed attempts since the start.
    package let errors: UInt64
    /// Records that the sink refused for good since the start.
    package let rejected: UInt64
    /// The record that the sink needs next.
    package let position: SequenceNumber
    package let isConnected: Bool
    /// Whether segments that it has not got are kept.
    package let isRequired: Bool
    /// What has been wrong with it for a while; nothing when it works.
    package let problem: String?
}
