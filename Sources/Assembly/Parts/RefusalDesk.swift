import Audit
import Logging
import Shipping
import Synchronization

/// Records in the journal that a sink refused some of its records: one event for all of a minute.
///
/// An event is a record itself, and a sink that refuses it would cause the next one: so there is never more than one a minute for a sink, and
/// records refused meanwhile are counted in the next.
final class RefusalDesk: Sendable {
    private static let interval = Duration.seconds(60)
    private static let mostNamed = 32

    private struct State {
        var last: ContinuousClock.Instant?
        var count = 0
        var sequences: [UInt64] = []
    }

    private let sink: String
    private let events: GatewayEvents
    private let state = Mutex(State())

    init(sink: String, events: GatewayEvents) {
        self.sink = sink
        self.events = events
    }

    /// Adds refused records.
    func note(_ records: RefusedRecords, _ logger: Logger) {
        let due = state.withLock { state -> (count: Int, sequences: [UInt64])? in
            state.count = state.count.saturatingSum(records.count)
            state.sequences.append(contentsOf: records.sequences.prefix(Self.mostNamed - min(Self.mostNamed, state.sequences.count)))
            if let last = state.last, .now - last < Self.interval { return nil }
            defer { state = State(last: .now) }
            return (state.count, state.sequences)
        }
        guard let due else { return }
        let numbers = due.sequences.map { String($0) }.joined(separator: " ")
        do throws(Failure) {
            try events.record(
                "records_set_aside", [("sink", sink), ("records", String(due.count)), ("seq", numbers), ("reason", records.reason)])
        } catch {
            logger.error("the event can't be recorded", metadata: ["event": "records_set_aside"])
        }
    }
}
