internal import Synchronization

/// Finished spans on their way to the collector. Bounded: further spans are counted and dropped.
package final class SpanBuffer: Sendable {
    /// Maximum number of waiting spans; each has some hundred bytes.
    package static let capacity = 4_096

    private let waiting = Mutex<[FinishedSpan]>([])
    private let lost = Atomic<UInt64>(0)
    private let sent = Atomic<UInt64>(0)

    package init() {}

    /// Keeps a span, or counts it as dropped if the buffer is full.
    package func add(_ span: FinishedSpan) {
        let isKept = waiting.withLock { waiting in
            guard waiting.count < Self.capacity else { return false }
            waiting.append(span)
            return true
        }
        if !isKept { countDropped(1) }
    }

    /// Removes and returns the oldest spans, at most this many.
    package func take(_ most: Int) -> [FinishedSpan] {
        waiting.withLock { waiting in
            let taken = Array(waiting.prefix(most))
            waiting.removeFirst(taken.count)
            return taken
        }
    }

    package var count: Int { waiting.withLock { $0.count } }

    /// Counts spans that the collector did not get.
    package func countDropped(_ spans: Int) { lost.wrappingAdd(UInt64(spans), ordering: .relaxed) }
    package func countExported(_ spans: Int) { sent.wrappingAdd(UInt64(spans), ordering: .relaxed) }

    package var dropped: UInt64 { lost.load(ordering: .relaxed) }
    package var exported: UInt64 { sent.load(ordering: .relaxed) }
}
