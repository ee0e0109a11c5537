package import Audit

/// The state of a sink.
package struct ShippingFigures: Sendable {
    package let sink: String
    /// The lag of the sink: the age of the oldest durable record that it doesn't have; zero when it has all.
    package let lag: Duration
    /// Records that the sink accepted since the start, including repetitions.
    package let shipped: UInt64
    /// Failed attempts since the start.
    package let errors: UInt64
    /// Records that the sink refused permanently since the start.
    package let rejected: UInt64
    /// The record that the sink needs next.
    package let position: SequenceNumber
    package let isConnected: Bool
    /// Whether segments that it doesn't have are kept.
    package let isRequired: Bool
    /// A fault that has lasted for a while; nil when it works.
    package let problem: String?
}
