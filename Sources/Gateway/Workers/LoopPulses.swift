import NIOCore

/// Whether event loops run that serve no callers: those of the admin port, of identity services and of sinks. One that hangs takes half of the
/// admin port, or every renewal of a credential, from a gateway that otherwise looks well.
final class LoopPulses: Sendable {
    private let pulses: [Pulse]
    private let rounds: [RepeatedTask]

    /// A loop without work wakes up this often.
    private static let pace = TimeAmount.seconds(1)

    init(_ loops: [any EventLoop]) {
        let pulses = loops.map { _ in Pulse() }
        self.pulses = pulses
        rounds = zip(loops, pulses).map { loop, pulse in
            loop.scheduleRepeatedTask(initialDelay: .zero, delay: Self.pace) { _ in pulse.beat() }
        }
    }

    var count: Int { pulses.count }

    /// Number of loops that haven't run for this long.
    func silent(for bound: TimeAmount) -> Int { pulses.count { $0.isSilent(for: bound) } }

    /// The loops outlive the data port, or end after it.
    func stop() {
        for round in rounds { round.cancel() }
    }
}
