import Glibc
import Synchronization
import Testing

@testable import Audit
@testable import Recollection

@Suite struct MemoryTests {
    private static let history: [Exchange] = [
        Exchange(task: "t1"), Exchange(caller: "b", task: "t2"), Exchange(caller: "b", kind: .read, task: "t1", file: "f1"),
        Exchange(kind: .read, task: "t1"), Exchange(kind: .download, file: "f1"), Exchange(status: 400, outcome: .failure),
        Exchange(caller: "b", phase: .refusal, status: 429, outcome: .refused, attempts: nil), Exchange(task: "quote\"\\\ttab"),
        Exchange(kind: .read, task: "nobody's", file: "f9"), Exchange(status: 502, outcome: .failure, attempts: 2),
    ]

    /// The memory's content, as the snapshot contains it.
    private static func content(_ memories: Memories) -> [String] {
        memories.sections.flatMap { section in
            var lines = [type(of: section).title]
            section.forEachLine { lines.append($0.encoded) }
            return lines
        }
    }

    private static func fill(_ memory: Memory, _ folder: JournalFolder, _ history: [Exchange] = history) throws {
        for exchange in history {
            _ = try memory.append(exchange.record(folder.journal.identifiers), to: folder.journal)
        }
    }

    @Test func `knows the same after a restart as before, from the journal alone`() throws {
        let folder = try JournalFolder()
        let memory = Memory()
        try Self.fill(memory, folder)
        let recall = try folder.recall()
        #expect(recall.source == .journal)
        #expect(Self.content(recall.memories) == memory.recall(Self.content))
        #expect(memory.recall { $0.tasks.owners(ofFile: "f1", in: "p1") } == ["a"], "the file is the creator's, whoever polled")
        #expect(memory.recall { $0.tasks.owners(ofFile: "f9", in: "p1") } == nil)
        #expect(memory.recall { $0.tasks.owners(ofTask: "t1", in: "p2") } == nil, "another project's tasks are others")
    }

    @Test func `goes on from a snapshot, and reads only what follows it`() throws {
        let folder = try JournalFolder()
        let memory = Memory()
        try Self.fill(memory, folder)
        let keeper = MemoryKeeper(memory, journal: folder.journal, directory: folder.path)
        keeper.look()
        folder.journal.close()
        #expect(keeper.finish() == 0)
        try folder.reopen()
        try Self.fill(memory, folder, [Exchange(caller: "c", task: "t3")])
        let recall = try folder.recall()
        #expect(recall.source == .snapshot)
        #expect(recall.replayed == 1)
        #expect(Self.content(recall.memories) == memory.recall(Self.content))
    }

    @Test(arguments: ["torn", "edited", "empty", "noise"]) func `reads everything again when the snapshot is damaged`(how: String) throws {
        let folder = try JournalFolder()
        let memory = Memory()
        try Self.fill(memory, folder)
        let keeper = MemoryKeeper(memory, journal: folder.journal, directory: folder.path)
        keeper.look()
        folder.journal.close()
        keeper.finish()
        let text = try #require(MemoryFile(directory: folder.path).load())
        let damaged =
            switch how {
            case "torn": String(text.dropLast(20))
            case "edited": text.replacing("\ta\t", with: "\tb\t")
            case "empty": ""
            default: "what\n"
            }
        #expect(damaged != text)
        try MemoryFile(directory: folder.path).store(damaged)
        try folder.reopen()
        let recall = try folder.recall()
        #expect(recall.source == .damagedSnapshot)
        #expect(Self.content(recall.memories) == memory.recall(Self.content))
    }

    @Test func `takes no snapshot of another journal`() throws {
        let (mine, other) = (try JournalFolder(), try JournalFolder())
        let memory = Memory()
        try Self.fill(memory, other)
        let keeper = MemoryKeeper(memory, journal: other.journal, directory: other.path)
        keeper.look()
        other.journal.close()
        keeper.finish()
        let text = try #require(MemoryFile(directory: other.path).load())
        try Self.fill(Memory(), mine, [Exchange(caller: "z", task: "z1")] + Self.history)
        try MemoryFile(directory: mine.path).store(text)
        let recall = try mine.recall()
        #expect(recall.source == .foreignSnapshot)
        #expect(recall.memories.tasks.owners(ofTask: "z1", in: "p1") == ["z"])
    }

    @Test func `saves nothing that the disk doesn't have yet`() throws {
        let folder = try JournalFolder()
        let memory = Memory()
        try Self.fill(memory, folder)
        let keeper = MemoryKeeper(memory, journal: folder.journal, directory: folder.path)
        keeper.look()
        #expect(access(folder.snapshot, F_OK) != 0, "the first look only takes a copy")
        folder.journal.close()
        keeper.look()
        #expect(access(folder.snapshot, F_OK) == 0)
    }

    @Test func `a snapshot is written anew when it is old enough for its length, and at the end`() throws {
        let folder = try JournalFolder()
        let memory = Memory()
        // 3,000 tasks with long names: some 700 KB.
        try Self.fill(memory, folder, (0..<3_000).map { Exchange(task: String(repeating: "t", count: 200) + "\($0)") })
        let keeper = MemoryKeeper(memory, journal: folder.journal, directory: folder.path)
        let start = ContinuousClock.now
        keeper.look(at: start)
        try folder.sync()
        keeper.look(at: start)
        let first = try #require(MemoryFile(directory: folder.path).load())
        #expect((600_000..<2_000_000).contains(first.utf8.count))
        try Self.fill(memory, folder, [Exchange(caller: "c", task: "new")])
        try folder.sync()
        for _ in 0..<2 { keeper.look(at: start + .seconds(2)) }
        #expect(MemoryFile(directory: folder.path).load() == first, "too soon")
        for _ in 0..<2 { keeper.look(at: start + .seconds(10)) }
        let second = MemoryFile(directory: folder.path).load()
        #expect(second != first)
        try Self.fill(memory, folder, [Exchange(caller: "d", task: "newer")])
        folder.journal.close()
        keeper.finish()
        #expect(MemoryFile(directory: folder.path).load() != second, "at the end")
    }

    @Test func `reads back each part of a record that it was given`() throws {
        let folder = try JournalFolder()
        var facts: [RecordFact] = []
        for exchange in Self.history {
            let record = exchange.record(folder.journal.identifiers)
            if RecordFact.isMemorable(record.kind, joinsExport: record.export != nil) { facts.append(RecordFact(record)) }
            _ = try folder.journal.append(record)
        }
        try folder.journal.write()
        var read: [RecordFact] = []
        var reader = JournalReader(directory: folder.path)
        try reader.forEachRecord { _, line in
            if let fact = RecordFact(line: line) { read.append(fact) }
            return true
        }
        #expect(read == facts)
    }

    @Test func `a clock that is ahead makes no key old, neither in memory nor in a snapshot`() throws {
        let folder = try JournalFolder()
        let wall = Mutex(Timestamp.now())
        let clock = BelievedClock(newest: wall.withLock { $0 }) { wall.withLock { $0 } }
        let memory = Memory(clock: clock)
        try Self.fill(memory, folder, [Exchange(task: "t1")])
        wall.withLock { $0 = Timestamp(microseconds: $0.microseconds + 90 * 86_400_000_000) }
        #expect(memory.copy(of: folder.journal).memories.tasks.owners(ofTask: "t1", in: "p1") == ["a"])
        #expect(memory.now.since(.now()) < .seconds(60))
    }
}
