package import Audit
import Synchronization

/// Who tried the admin port with a wrong token, and who read the evidence: kept as events of the journal, and in sum, so that neither can fill it.
///
/// 1. The first wrong token is an event at once; those of the following minute are counted, and one event says how many they were.
/// 2. A reader is an event when it begins to read. It ends when nothing was read for half an hour.
package final class AdminWitness: Sendable {
    /// The event that sums up wrong tokens.
    static let refusedToken = "admin_token_refused"
    /// How long wrong tokens are summed up before they become an event, microseconds.
    private static let summing: Int64 = 60_000_000
    /// How long a reader may pause before it counts as a new one, microseconds.
    private static let pause: Int64 = 1_800_000_000
    /// Readers that are kept apart; there are as many as tokens.
    private static let mostReaders = 256

    private struct Failures {
        var count: Int64 = 0
        var first: Timestamp?
        var last: Timestamp?
    }

    private struct State {
        var failures = Failures()
        /// When the last event about failures was written.
        var told: Timestamp?
        var readers: [String: Timestamp] = [:]
    }

    private let journal: Journal
    private let state = Mutex(State())
    private let total = Atomic<Int>(0)

    package init(journal: Journal) {
        self.journal = journal
    }

    /// Wrong tokens since the start.
    package var failures: Int { total.load(ordering: .relaxed) }

    func tokenWasWrong(at now: Timestamp = .now()) {
        total.wrappingAdd(1, ordering: .relaxed)
        let sum = state.withLock { state -> Failures? in
            state.failures.count += 1
            state.failures.first = state.failures.first ?? now
            state.failures.last = now
            return AdminWitness.due(&state, at: now)
        }
        if let sum { tell(sum, at: now) }
    }

    /// Writes what was counted and not told yet, when its time has come or at the end.
    func settle(at now: Timestamp = .now(), isEnd: Bool = false) {
        let sum = state.withLock { state in AdminWitness.due(&state, at: now, isEnd: isEnd) }
        if let sum { tell(sum, at: now) }
    }

    private static func due(_ state: inout State, at now: Timestamp, isEnd: Bool = false) -> Failures? {
        guard state.failures.count > 0 else { return nil }
        // Bounded: both are times of this machine's clock, far from the ends of 64 bits.
        if !isEnd, let told = state.told, now.microseconds - told.microseconds < summing, now >= told { return nil }
        defer { state.failures = Failures() }
        state.told = now
        return state.failures
    }

    /// Somebody read the journal's evidence.
    /// - Parameter reader: the name of the token, or that none is asked for.
    func evidenceWasRead(by reader: String, path: String, at now: Timestamp = .now()) {
        let isNew = state.withLock { state in
            let last = state.readers[reader]
            if state.readers.count >= AdminWitness.mostReaders, last == nil { state.readers.removeAll() }
            state.readers[reader] = now
            // Bounded: both are times of this machine's clock, far from the ends of 64 bits.
            return last.map { now.microseconds - $0.microseconds > AdminWitness.pause } ?? true
        }
        guard isNew else { return }
        record("evidence_read", at: now) { detail in
            detail.add("reader", .string(String(decoding: Array(reader.utf8.prefix(256)), as: UTF8.self)))
            detail.add("path", .string(String(decoding: Array(path.utf8.prefix(256)), as: UTF8.self)))
        }
    }

    private func tell(_ sum: Failures, at now: Timestamp) {
        record(Self.refusedToken, at: now) { detail in
            detail.add("count", .integer(sum.count))
            if let first = sum.first { detail.add("first", .string("\(first)")) }
            if let last = sum.last { detail.add("last", .string("\(last)")) }
        }
    }

    /// What can't be recorded now is counted by the metric all the same; the journal's own state says why.
    private func record(_ event: String, at now: Timestamp, _ fill: (inout FieldObject) -> Void) {
        var detail = FieldObject()
        fill(&detail)
        guard (try? journal.append(Record(event: event, id: journal.identifiers.next(at: now), time: now, detail: detail))) != nil else { return }
        try? journal.write()
    }
}
