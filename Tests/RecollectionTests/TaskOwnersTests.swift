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
}
