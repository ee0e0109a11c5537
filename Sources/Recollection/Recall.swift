package import Audit

/// Rebuilds memory from the journal: from a snapshot and the records after it, or from all records that can still matter.
package struct Recall: Sendable {
    /// The source of the memory.
    package enum Source: String, Sendable {
        /// A snapshot, and the records after it.
        case snapshot
        /// Only the journal: there was no snapshot.
        case journal
        /// Only the journal: the snapshot was incomplete or edited.
        case damagedSnapshot = "journal, the snapshot is damaged"
        /// Only the journal: the snapshot covers records that this journal doesn't have.
        case foreignSnapshot = "journal, the snapshot is of another journal"
    }

    package let source: Source
    /// How many memorable records were read back.
    package let replayed: Int
    /// Memory as of the journal's last record.
    package let memories: Memories

    /// Reads the present state. Blocks, so it must not be called on an event loop.
    package init(directory: String, asOf now: Timestamp) throws(JournalError) {
        let (source, snapshot) = try Self.snapshot(in: directory)
        var memories = snapshot?.memories ?? Memories()
        // Bounded: times have years of four digits.
        let horizon = Timestamp(microseconds: max(0, now.microseconds - Self.microseconds(Memories.span)))
        let start: SequenceNumber
        if let snapshot { start = snapshot.upTo } else { start = try JournalReader.start(since: horizon, in: directory) }
        var reader = JournalReader(directory: directory, from: start)
        var replayed = 0
        try reader.forEachRecord { _, line in
            guard let fact = RecordFact(line: line) else { return true }
            memories.note(fact)
            replayed += 1
            return true
        }
        memories.forget(asOf: now)
        self.source = source
        self.replayed = replayed
        self.memories = memories
    }

    private static func snapshot(in directory: String) throws(JournalError) -> (Source, MemorySnapshot?) {
        guard let text = MemoryFile(directory: directory).load() else { return (.journal, nil) }
        guard let snapshot = MemorySnapshot(decoding: text) else { return (.damagedSnapshot, nil) }
        guard snapshot.upTo.value > 0 else { return (.snapshot, snapshot) }
        let last = SequenceNumber(snapshot.upTo.value - 1)
        guard let leaf = try JournalReader.leaf(of: last, in: directory), leaf == snapshot.last else { return (.foreignSnapshot, nil) }
        return (.snapshot, snapshot)
    }

    private static func microseconds(_ duration: Duration) -> Int64 {
        // Bounded: a span is one of ours.
        duration.components.seconds * 1_000_000
    }
}
