import Testing

@testable import Audit
@testable import Recollection

@Suite struct IdempotentExportsTests {
    private static let start = Timestamp(microseconds: 1_795_392_000_000_000)
    private static let request = String(repeating: "5", count: 64)

    private static func key(_ number: Int) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 64 - digits.utf8.count) + digits
    }

    private static func fact(_ key: Int, _ task: String?, after seconds: Int64 = 0, status: Int = 200) -> RecordFact {
        let time = Timestamp(microseconds: start.microseconds + seconds * 1_000_000)
        var fact = RecordFact(id: RecordID(high: 0x01a2_2a4f_816b_7000, low: 1 << 63 | UInt64(key)), phase: .response, time: time)
        (fact.kind, fact.taskID, fact.status, fact.hasUpstream) = (.export, task, status, true)
        fact.outcome = task != nil ? .success : status == 500 ? .unknown : .failure
        (fact.idempotencyKey, fact.idempotentRequest) = (Self.key(key), request)
        return fact
    }

    private static func later(_ seconds: Int64) -> Timestamp { Timestamp(microseconds: start.microseconds + seconds * 1_000_000) }

    @Test func `knows for a day which task a key created, or that its end is unknown`() {
        var exports = IdempotentExports()
        for fact in [Self.fact(1, "t1"), Self.fact(2, nil, status: 500), Self.fact(3, nil, status: 400)] { exports.note(fact) }
        let made = exports.made(by: Self.key(1), asOf: Self.later(86_400))
        let auditID = RecordID(high: 0x01a2_2a4f_816b_7000, low: 1 << 63 | 1).description
        #expect(made?.taskID == "t1" && made?.request == Self.request && made?.auditID == auditID)
        #expect(exports.made(by: Self.key(1), asOf: Self.later(86_401)) == nil && !exports.isUnknown(Self.key(1), asOf: Self.start))
        #expect(exports.isUnknown(Self.key(2), asOf: Self.later(86_400)) && exports.made(by: Self.key(2), asOf: Self.start) == nil)
        #expect(!exports.isUnknown(Self.key(2), asOf: Self.later(86_401)))
        #expect(exports.made(by: Self.key(3), asOf: Self.start) == nil && !exports.isUnknown(Self.key(3), asOf: Self.start))
        #expect(exports.made(by: "no digest", asOf: Self.start) == nil)
    }

    @Test func `keeps a key that was used again as long as its last use allows`() {
        var exports = IdempotentExports()
        for fact in [Self.fact(1, nil, status: 500), Self.fact(1, "t1", after: 1_000), Self.fact(2, "t2", after: 2_000)] { exports.note(fact) }
        exports.forget(asOf: Self.later(86_900))
        #expect(exports.made(by: Self.key(1), asOf: Self.later(87_000))?.taskID == "t1")
        exports.forget(asOf: Self.later(87_401))
        #expect(exports.made(by: Self.key(1), asOf: Self.start) == nil && exports.made(by: Self.key(2), asOf: Self.start)?.taskID == "t2")
    }

    @Test func `holds no more than its bound, the newest`() {
        var exports = IdempotentExports()
        for number in 0..<(IdempotentExports.limit + 10) { exports.note(Self.fact(number, "t\(number)")) }
        #expect(exports.made(by: Self.key(9), asOf: Self.start) == nil && exports.made(by: Self.key(10), asOf: Self.start)?.taskID == "t10")
        var lines = 0
        exports.forEachLine { _ in lines += 1 }
        #expect(lines == IdempotentExports.limit)
    }

    @Test func `is the same after it was saved and restored, and the copy that was saved stays as it was`() {
        var exports = IdempotentExports()
        for fact in [Self.fact(1, "t1"), Self.fact(2, nil, status: 500), Self.fact(1, "t3", after: 9)] { exports.note(fact) }
        let copy = exports
        exports.note(Self.fact(4, "t4"))
        var (restored, lines, again) = (IdempotentExports(), [SavedLine](), [SavedLine]())
        copy.forEachLine { lines.append($0) }
        let areRestored = lines.allSatisfy { restored.restore($0) }
        restored.forEachLine { again.append($0) }
        #expect(areRestored && again == lines && lines.count == 2)
        #expect(restored.made(by: Self.key(1), asOf: Self.start)?.taskID == "t3" && restored.isUnknown(Self.key(2), asOf: Self.start))
        for place in 0..<6 where place != 2 {
            var damaged = lines[0]
            damaged.fields[place] = "x"
            let isRestored = restored.restore(damaged)
            #expect(!isRestored)
        }
    }
}
