internal import Synchronization

/// The segment that is written, and its lines that are not durable yet. Protected by the journal's outlet lock, which is held during a `write` and
/// never during a sync.
///
/// 1. Lines are written in the order of their numbers, because they are moved from the intake to the segment under this one lock.
/// 2. A line stays in memory until a sync covered it: `retained` begins with the first line that is neither durable nor in flight.
/// 3. Once `failure` is set, only the writer's healing clears it; until then nothing is written.
struct Outlet: Sendable {
    var segment: Segment
    var failure: JournalError?
    var retained: LineChunk
    private var spare: LineChunk

    /// Makes an outlet whose first line has this number.
    init(segment: Segment, next: UInt64) {
        self.segment = segment
        retained = LineChunk(first: next)
        spare = LineChunk(first: next)
    }

    /// The number after the last line that was written to a segment.
    var written: UInt64 { retained.end }

    /// Writes everything in the intake to the segment.
    mutating func drain(_ core: JournalCore) throws(JournalError) {
        if let failure { throw failure }
        core.intake.withLock { $0.exchange(&spare) }
        guard !spare.isEmpty else { return }
        let code = spare.withUnsafeBytes { segment.write($0) }
        retained.add(spare)
        guard code == 0 else {
            let failure = JournalError.writeFailed(segment: segment.name.text, code: code)
            self.failure = failure
            throw failure
        }
    }

    /// Exchanges the retained lines for an empty chunk.
    mutating func exchange(_ empty: inout LineChunk) {
        empty.clear(next: retained.end)
        swap(&empty, &retained)
    }

    /// Puts lines whose sync failed back before those written since.
    mutating func putBack(_ lines: inout LineChunk) {
        if !retained.isEmpty || lines.isEmpty { lines.add(retained) }
        swap(&lines, &retained)
        lines.clear(next: retained.end)
    }
}
