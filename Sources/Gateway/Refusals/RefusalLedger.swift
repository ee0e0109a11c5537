import Audit
import NIOCore
import Synchronization

/// The refusals of all workers: which of them get their own record, and the summary records of the others.
final class RefusalLedger: Sendable {
    private let journal: Journal
    private let tally = Mutex(RefusalTally())

    init(journal: Journal) {
        self.journal = journal
    }

    /// Counts a refusal.
    /// - Parameters:
    ///   - rate: nil if its source has its own limits, so that only the share of the disk bounds it.
    /// - Returns: the summary record that will count it; nil if it gets its own record.
    func take(_ errorCode: String, of source: RefusalSource, at time: Timestamp, rate: RefusalRate?) -> RecordID? {
        let hasRoom = journal.takesRefusals
        guard rate != nil || !hasRoom else { return nil }
        let now = Self.now
        return tally.withLock { tally in
            tally.take(errorCode, of: source, at: time, now: now, rate: hasRoom ? rate : nil) { journal.identifiers.next(at: time) }
        }
    }

    /// Appends the summary records if they are due.
    func flushIfDue() {
        let now = Self.now
        if tally.withLock({ $0.due.map { $0 <= now } ?? false }) { flush() }
    }

    /// Appends the summary records. Sums that the journal doesn't accept stay and are tried again.
    ///
    /// They are appended one by one, each under the tally's lock: a refusal on another thread waits for one record at most, and is counted in the sum
    /// that is being recorded or in the next one.
    func flush() {
        let now = Self.now
        let sums = tally.withLock { $0.begin() }
        for sum in sums { tally.withLock { $0.record(sum, now: now) { (try? journal.append(Self.record(of: $0))) != nil } } }
        tally.withLock { $0.forget(now: now) }
        guard !sums.isEmpty else { return }
        // The journal recovers from a failure here: it has the records.
        try? journal.write()
    }

    private static var now: Int64 { Int64(clamping: NIODeadline.now().uptimeNanoseconds) }

    private static func record(of sum: RefusalTally.Sum) -> Record {
        var record = Record(
            event: Record.refusalSumEvent, id: sum.id, time: .now(),
            detail: [
                "error_code": .string(sum.errorCode), "source": .string(sum.source.text), "count": .integer(sum.count),
                "first": .string(sum.first.description), "last": .string(sum.last.description),
            ])
        record.errorCode = sum.errorCode
        switch sum.source {
        case .address(let address): record.caller = Record.Caller(name: nil, address: address)
        case .caller(let name): record.caller = Record.Caller(name: name)
        case .others: break
        }
        return record
    }
}
