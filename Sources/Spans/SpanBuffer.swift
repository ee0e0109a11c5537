internal import Synchronization

/// A span that is over, as it is exported.
package struct FinishedSpan: Sendable {
    /// The kinds that are made here, with the numbers that OTLP gives them.
    package enum Kind: Int, Sendable {
        case `internal` = 1
        case server = 2
        case client = 3
    }

    /// The value of an attribute.
    package enum Value: Sendable, Hashable {
        case text(String)
        case integer(Int64)
        case flag(Bool)
    }

    package let name: String
    package let kind: Kind
    package let traceID: TraceID
    package let spanID: UInt64
    package let parentID: UInt64?
    package let state: TraceState?
    /// Since 1970.
    package let startNanoseconds: UInt64
    package let endNanoseconds: UInt64
    package let attributes: [(name: String, value: Value)]
    package let isFailed: Bool
}

/// Finished spans on their way to the collector. Bounded: what finds no room is counted and gone.
package final class SpanBuffer: Sendable {
    /// As many spans as may wait; each is some hundred bytes.
    package static let capacity = 4_096

    private let waiting = Mutex<[FinishedSpan]>([])
    private let lost = Atomic<UInt64>(0)
    private let sent = Atomic<UInt64>(0)

    package init() {}

    package func add(_ span: FinishedSpan) {
        let isKept = waiting.withLock { waiting in
            guard waiting.count < Self.capacity else { return false }
            waiting.append(span)
            return true
        }
        if !isKept { countDropped(1) }
    }

    /// The oldest ones, at most this many; they are whoever asks' from now on.
    package func take(_ most: Int) -> [FinishedSpan] {
        waiting.withLock { waiting in
            let taken = Array(waiting.prefix(most))
            waiting.removeFirst(taken.count)
            return taken
        }
    }

    package var count: Int { waiting.withLock { $0.count } }

    package func countDropped(_ spans: Int) { lost.wrappingAdd(UInt64(spans), ordering: .relaxed) }
    package func countExported(_ spans: Int) { sent.wrappingAdd(UInt64(spans), ordering: .relaxed) }

    package var dropped: UInt64 { lost.load(ordering: .relaxed) }
    package var exported: UInt64 { sent.load(ordering: .relaxed) }
}
