package import Audit
import Synchronization

/// Records wrong tokens and readers of the evidence as events of the journal, in bounded number, so that neither can fill it.
///
/// 1. The first wrong token of a source (`NetworkAddress.sourceNetwork`) is an event at once; those of the following minute are counted, and one
///    event contains their number. A bounded number of sources is counted separately, all others together.
/// 2. A reader is an event when it begins to read. It ends when nothing was read for half an hour.
package final class AdminAccessLog: Sendable {
    /// The event that sums up wrong tokens.
    static let refusedToken = "admin_token_refused"
    /// The name in events for sources beyond the bound, and for connections whose address is unknown.
    static let others = "others"
    /// The period after which summed-up wrong tokens become an event, microseconds.
    private static let summing: Int64 = 60_000_000
    /// Sources of wrong tokens that are counted separately at a time. Each costs at most two events a minute.
    static let mostSources = 32
    /// How long a reader may pause before it counts as a new one, microseconds.
    private static let pause: Int64 = 1_800_000_000
    /// Readers that are distinguished; there are as many as tokens.
    private static let mostReaders = 256

    /// Wrong tokens of one source that are in no event yet.
    private struct Failures {
        var count: Int64 = 0
        var first: Timestamp
        var last: Timestamp
        /// When the last event about this source was written; nil before the first.
        var told: Timestamp?

        /// Whether another event about the source may be written.
        func isDue(at now: Timestamp) -> Bool {
            guard let told, now >= told else { return true }
            // Bounded: both are times of this machine's clock, far from the ends of 64 bits.
            return now.microseconds - told.microseconds >= AdminAccessLog.summing
        }

        mutating func add(at now: Timestamp) {
            if count == 0 { first = now }
            // Bounded: it counts requests.
            count += 1
            last = now
        }

        mutating func wasTold(at now: Timestamp) {
            (count, told) = (0, now)
        }
    }

    private struct State {
        var failures: [String: Failures] = [:]
        var readers: [String: Timestamp] = [:]

        mutating func add(_ source: String, at now: Timestamp) {
            if failures[source] == nil, failures.count >= AdminAccessLog.mostSources {
                failures = failures.filter { $0.value.count > 0 || !$0.value.isDue(at: now) }
            }
            let isRoom = failures[source] != nil || failures.count < AdminAccessLog.mostSources
            failures[isRoom ? source : AdminAccessLog.others, default: Failures(first: now, last: now)].add(at: now)
        }

        /// Removes and returns the sums that are due, or all of them.
        mutating func take(at now: Timestamp, isEnd: Bool) -> [(source: String, sum: Failures)] {
            let due = failures.filter { $0.value.count > 0 && (isEnd || $0.value.isDue(at: now)) }
            for source in due.keys { failures[source]?.wasTold(at: now) }
            return due.map { (source: $0.key, sum: $0.value) }.sorted { ($0.sum.first, $0.source) < ($1.sum.first, $1.source) }
        }
    }

    private let journal: Journal
    private let state = Mutex(State())
    private let total = Atomic<Int>(0)

    package init(journal: Journal) {
        self.journal = journal
    }

    /// Wrong tokens since the start.
    package var failures: Int { total.load(ordering: .relaxed) }

    /// - Parameter source: the network that the token came from; nil when it is unknown.
    func tokenWasWrong(from source: String?, at now: Timestamp = .now()) {
        total.wrappingAdd(1, ordering: .relaxed)
        let due = state.withLock { state in
            state.add(source ?? Self.others, at: now)
            return state.take(at: now, isEnd: false)
        }
        tell(due, at: now)
    }

    /// Writes counts that are in no event yet, when they are due or at the end.
    func settle(at now: Timestamp = .now(), isEnd: Bool = false) {
        tell(state.withLock { state in state.take(at: now, isEnd: isEnd) }, at: now)
    }

    /// The journal's evidence was read.
    /// - Parameter reader: the name of the token, or that none is required.
    func evidenceWasRead(by reader: String, path: String, at now: Timestamp = .now()) {
        let isNew = state.withLock { state in
            let last = state.readers[reader]
            if state.readers.count >= AdminAccessLog.mostReaders, last == nil { state.readers.removeAll() }
            state.readers[reader] = now
            // Bounded: both are times of this machine's clock, far from the ends of 64 bits.
            return last.map { now.microseconds - $0.microseconds > AdminAccessLog.pause } ?? true
        }
        guard isNew else { return }
        record("evidence_read", at: now) { detail in
            detail.add("reader", .string(String(decoding: Array(reader.utf8.prefix(256)), as: UTF8.self)))
            detail.add("path", .string(String(decoding: Array(path.utf8.prefix(256)), as: UTF8.self)))
        }
    }

    private func tell(_ sums: [(source: String, sum: Failures)], at now: Timestamp) {
        for (source, sum) in sums {
            record(Self.refusedToken, at: now) { detail in
                detail.add("source", .string(source))
                detail.add("count", .integer(sum.count))
                detail.add("first", .string("\(sum.first)"))
                detail.add("last", .string("\(sum.last)"))
            }
        }
    }

    /// If it can't be recorded now, the metric counts it anyway; the state of the journal shows why.
    private func record(_ event: String, at now: Timestamp, _ fill: (inout FieldObject) -> Void) {
        var detail = FieldObject()
        fill(&detail)
        guard (try? journal.append(Record(event: event, id: journal.identifiers.next(at: now), time: now, detail: detail))) != nil else { return }
        try? journal.write()
    }
}
