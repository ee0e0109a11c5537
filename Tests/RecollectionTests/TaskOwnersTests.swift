import Testing

@testable import Audit
@testable import Recollection

@Suite struct TaskOwnersTests {
    private static func owners(_ exchanges: [Exchange]) -> TaskOwners {
        let identifiers = RecordIDGenerator()
        var owners = TaskOwners()
        for exchange in exchanges { owners.note(RecordFact(exchange.record(identifiers))) }
        return owners
    }

    @Test func `gives a task to whom HSS named it, and to nobody who only asked`() {
        let owners = Self.owners([
            Exchange(task: "t"), Exchange(caller: "b", kind: .read, task: "t"), Exchange(caller: "b", status: 500, outcome: .failure, task: "u"),
        ])
        #expect(owners.owners(ofTask: "t", in: "p1") == ["a"])
        #expect(owners.owners(ofTask: "u", in: "p1") == nil)
        #expect(owners.hasOwners(otherThan: "b", in: "p1") && !owners.hasOwners(otherThan: "a", in: "p1"))
    }

    @Test func `lets two callers share a task that HSS gave to both`() {
        let owners = Self.owners([Exchange(task: "t"), Exchange(caller: "b", task: "t"), Exchange(task: "t")])
        #expect(owners.owners(ofTask: "t", in: "p1") == ["a", "b"])
    }

    @Test func `takes an id in another spelling for the one that it is like`() {
        let owners = Self.owners([
            Exchange(task: "Task-07"), Exchange(kind: .read, task: "Task-07", file: "File_A"), Exchange(caller: "b", task: "007"),
        ])
        for id in ["task-07", "TASK_07", "Task07", "00Task-07"] {
            #expect(owners.standing(ofTask: id, in: "p1", for: "a") == .own, "\(id)")
            #expect(owners.standing(ofTask: id, in: "p1", for: "b") == .others, "\(id)")
            #expect(owners.standing(ofTask: id, in: "p2", for: "b") == .unclaimed, "\(id)")
        }
        #expect(owners.standing(ofTask: "7", in: "p1", for: "a") == .others && owners.standing(ofTask: "7", in: "p1", for: "b") == .own)
        #expect(owners.standing(ofFile: "file_a", in: "p1", for: "b") == .others && owners.standing(ofFile: "file_a", in: "p1", for: "a") == .own)
        // An id that is no plain text may stand for any.
        for id in ["Task-07 ", "Task\u{2010}07", "Ｔask-07", "Task-07\u{0}", "a/b"] {
            #expect(owners.standing(ofTask: id, in: "p1", for: "a") == .others, "\(id)")
            #expect(owners.standing(ofTask: id, in: "p2", for: "a") == .unclaimed, "\(id)")
        }
        #expect(owners.standing(ofTask: "elsewhere", in: "p1", for: "a") == .unclaimed)
    }

    @Test func `moves no file from one task to another`() {
        let owners = Self.owners([
            Exchange(task: "t"), Exchange(caller: "b", task: "u"), Exchange(kind: .read, task: "t", file: "f"),
            Exchange(caller: "b", kind: .read, task: "u", file: "f"),
        ])
        #expect(owners.owners(ofFile: "f", in: "p1") == ["a"])
    }

    @Test func `forgets what is older than a month, its files too`() {
        let start = Timestamp(microseconds: 1_795_392_000_000_000)
        let later = Timestamp(microseconds: start.microseconds + 31 * 86_400_000_000)
        var owners = Self.owners([
            Exchange(task: "old", time: start), Exchange(kind: .read, task: "old", file: "f", time: start), Exchange(task: "new", time: later),
        ])
        owners.forget(asOf: later)
        #expect(owners.owners(ofTask: "old", in: "p1") == nil && owners.owners(ofFile: "f", in: "p1") == nil)
        #expect(owners.owners(ofTask: "new", in: "p1") == ["a"])
        #expect(owners.count == 1)
    }

    @Test func `holds no more than its bound, the newest`() {
        var owners = TaskOwners()
        for number in 0..<(TaskOwners.limit + 10) {
            var fact = RecordFact(id: RecordID(high: 0, low: 0), phase: .response, time: Timestamp(microseconds: 1))
            (fact.outcome, fact.kind, fact.caller, fact.project, fact.taskID) = (.success, .export, "a", "p", "t\(number)")
            owners.note(fact)
        }
        #expect(owners.count == TaskOwners.limit)
        #expect(owners.owners(ofTask: "t9", in: "p") == nil && owners.owners(ofTask: "t10", in: "p") == ["a"])
        #expect(owners.hasOwners(otherThan: "b", in: "p"))
    }

    @Test func `keeps a bounded number of files of a task`() {
        let files = (0..<100).map { Exchange(kind: .read, task: "t", file: "f\($0)") }
        let owners = Self.owners([Exchange(task: "t")] + files)
        #expect(owners.owners(ofFile: "f\(TaskOwners.fileLimit - 1)", in: "p1") == ["a"])
        #expect(owners.owners(ofFile: "f\(TaskOwners.fileLimit)", in: "p1") == nil)
    }

    /// The same course of events in every run.
    private struct Chance: RandomNumberGenerator {
        private var state: UInt64 = 14

        mutating func next() -> UInt64 {
            // Knuth's multiplier for linear congruences; the upper bits are the good ones.
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ state >> 32
        }
    }

    /// What `TaskOwners` must know, in a form without any index.
    private struct Plain {
        var tasks: [(id: String, owners: [String], files: [String], made: Int64)] = []

        mutating func note(_ task: String, _ caller: String, _ file: String?, at time: Int64) {
            let known = tasks.firstIndex { $0.id == task }
            switch (known, file) {
            case (nil, nil): tasks.append((task, [caller], [], time))
            case (let index?, nil): if !tasks[index].owners.contains(caller) { tasks[index].owners.append(caller) }
            case (let index?, let file?): if !tasks.contains(where: { $0.files.contains(file) }) { tasks[index].files.append(file) }
            case (nil, _?): break
            }
        }

        func standing(of id: String, isFile: Bool, for caller: String) -> TaskOwners.Standing {
            let exact = tasks.first { isFile ? $0.files.contains(id) : $0.id == id }
            if let exact { return exact.owners.contains(caller) ? .own : .others }
            let alike = tasks.filter { ([$0.id] + $0.files).contains { $0.lowercased() == id.lowercased() } }.flatMap(\.owners)
            return alike.isEmpty ? .unclaimed : alike.contains { $0 != caller } ? .others : .own
        }
    }

    @Test func `knows after any course of events what a plain list of the tasks knows`() throws {
        var (chance, mistakes) = (Chance(), [String]())
        for _ in 0..<10 {
            var (owners, plain, copy) = (TaskOwners(), Plain(), TaskOwners())
            let ids = ["a1", "A1", "b", "B", "c3", "C3", "d", "e"]
            for step in 0..<200 {
                let (task, caller) = (ids.randomElement(using: &chance) ?? "", ["x", "y", "z"].randomElement(using: &chance) ?? "")
                let file = Bool.random(using: &chance) ? ids.randomElement(using: &chance) : nil
                var fact = RecordFact(id: RecordID(high: 0, low: 0), phase: .response, time: Timestamp(microseconds: Int64(step) * 1_000_000))
                (fact.outcome, fact.kind, fact.caller, fact.project) = (.success, file == nil ? .export : .read, caller, "p")
                (fact.taskID, fact.fileID) = (task, file)
                owners.note(fact)
                plain.note(task, caller, file, at: fact.time.microseconds)
                if step % 20 == 19 {
                    let now = Timestamp(microseconds: 30 * 86_400_000_000 + Int64(step - 30) * 1_000_000)
                    owners.forget(asOf: now)
                    plain.tasks.removeAll { now.microseconds - $0.made > 30 * 86_400_000_000 }
                }
                if step == 100 { copy = owners }
                guard step % 4 == 3 else { continue }
                for (id, caller) in ids.flatMap({ id in ["x", "y", "nobody"].map { (id, $0) } }) {
                    let found = (owners.standing(ofTask: id, in: "p", for: caller), owners.standing(ofFile: id, in: "p", for: caller))
                    let right = (plain.standing(of: id, isFile: false, for: caller), plain.standing(of: id, isFile: true, for: caller))
                    if found != right { mistakes.append("step \(step), \(id) for \(caller): \(found) in place of \(right)") }
                }
                let isOwned = plain.tasks.contains { $0.owners.contains { $0 != "x" } }
                if owners.count != plain.tasks.count || owners.hasOwners(otherThan: "x", in: "p") != isOwned { mistakes.append("step \(step)") }
            }
            #expect(mistakes.isEmpty)
            var (restored, lines) = (TaskOwners(), [SavedLine]())
            owners.forEachLine { lines.append($0) }
            let areRestored = lines.allSatisfy { restored.restore($0) }
            var again: [SavedLine] = []
            restored.forEachLine { again.append($0) }
            #expect(areRestored && again == lines && lines.count == plain.tasks.count)
            #expect(copy.count > 0)
        }
    }
}
