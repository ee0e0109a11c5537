import Foundation
import Testing

@testable import Audit

/// One intact journal and one for each kind of tampering: the verifier's result, with and without the stored hashes of the leaves.
@Suite struct TamperingTests {
    typealias Kind = VerificationReport.Kind

    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        /// The expected result with the hashes, and without them.
        let kinds: (exact: Kind, rough: Kind)
        /// Tampers, and returns the record that must be named.
        let tamper: @Sendable (EvidenceFixture) throws -> Int
        var testDescription: String { name }
    }

    private static func edit(_ edit: @escaping @Sendable (inout [String], Int, Int) -> Int) -> @Sendable (EvidenceFixture) throws -> Int {
        { fixture in
            let number = try fixture.target()
            var named = number
            try fixture.edit(number) { lines, at in named = edit(&lines, at, number) }
            return named
        }
    }

    /// Replaces the second checkpoint.
    private static func forge(_ forge: @escaping @Sendable (SignedCheckpoint) throws -> String) -> @Sendable (EvidenceFixture) throws -> Int {
        { fixture in
            let store = CheckpointStore(directory: fixture.directory.journal)
            let size = store.sizes()[1]
            let old = try #require(store.checkpoint(size))
            try forge(old).write(toFile: store.path(size), atomically: true, encoding: .utf8)
            return Int(size)
        }
    }

    static let cases: [Case] = [
        Case(
            name: "a value changed", kinds: (.changed, .changed),
            tamper: edit { lines, at, number in
                lines[at].replace("image-team", with: "image-term")
                return number
            }),
        Case(
            name: "a record that is no JSON any more", kinds: (.changed, .changed),
            tamper: edit { lines, at, number in
                lines[at].removeLast()
                return number
            }),
        Case(
            name: "a record removed", kinds: (.removed, .removed),
            tamper: edit { lines, at, number in
                lines.remove(at: at)
                return number
            }),
        Case(
            name: "a record removed and those behind it renumbered", kinds: (.changed, .changed),
            tamper: edit { lines, at, number in
                lines.remove(at: at)
                for index in at..<lines.count { lines[index] = renumbered(lines[index], number + index - at) }
                lines.append(renumbered(lines[lines.count - 1], number + lines.count - at))
                return number
            }),
        Case(
            name: "a record inserted", kinds: (.inserted, .inserted),
            tamper: edit { lines, at, number in
                lines.insert(lines[at].replacing("/v5/p/", with: "/v5/q/"), at: at)
                return number
            }),
        Case(
            name: "two records swapped", kinds: (.reordered, .reordered),
            tamper: edit { lines, at, number in
                lines.swapAt(at, at + 1)
                return number
            }),
        Case(
            name: "a record twice", kinds: (.duplicated, .duplicated),
            tamper: edit { lines, at, number in
                lines.insert(lines[at], at: at + 1)
                return number + 1
            }),
        Case(name: "the end cut off", kinds: (.cutTail, .cutTail)) { fixture in
            let number = try fixture.target()
            for name in try fixture.directory.segments() where Int(name.dropFirst(8).prefix(20)) ?? 0 > number {
                try FileManager.default.removeItem(at: fixture.directory.file(name))
            }
            try fixture.edit(number) { lines, at in lines.removeSubrange(at...) }
            return number
        },
        Case(name: "a segment gone", kinds: (.missingSegment, .missingSegment)) { fixture in
            let name = try fixture.directory.segments()[1]
            try FileManager.default.removeItem(at: fixture.directory.file(name))
            return Int(name.dropFirst(8).prefix(20)) ?? 0
        },
        Case(
            name: "the end of a middle segment cut off", kinds: (.cutTail, .cutTail),
            tamper: edit { lines, at, number in
                lines.removeSubrange(at...)
                return number
            }),
        Case(
            name: "a checkpoint with another root", kinds: (.forgedCheckpoint, .forgedCheckpoint),
            tamper: forge { old in old.note.replacing(old.head.root.base64, with: MerkleTree().root.base64) }),
        Case(
            name: "a checkpoint by another key", kinds: (.forgedCheckpoint, .forgedCheckpoint),
            tamper: forge { old in try #require(SignedCheckpoint.make(old.head, origin: old.origin, [NoteSigner(name: old.origin)])).note }),
        Case(
            name: "a checkpoint of another journal", kinds: (.otherLog, .otherLog),
            tamper: forge { old in
                try #require(SignedCheckpoint.make(old.head, origin: "hss-gateway/other", [NoteSigner(name: "hss-gateway/other")])).note
            }),
    ]

    /// Without the hashes, a record whose number is right can only be located between two checkpoints.
    @Test(arguments: cases, [true, false]) func `names the first bad record and what happened to it`(tampering: Case, hasHashes: Bool) throws {
        let fixture = try EvidenceFixture()
        try fixture.fill(60)
        #expect(try fixture.verify().exitCode == 0)
        let number = UInt64(try tampering.tamper(fixture))
        if !hasHashes { try fixture.removeHashes() }
        let report = try fixture.verify()
        let fault = try #require(report.fault, "\(report.text)")
        let isNamed = hasHashes ? fault.first == number : fault.first <= number + 1 && number <= fault.last + 1
        #expect(fault.kind == (hasHashes ? tampering.kinds.exact : tampering.kinds.rough) && isNamed, "\(number): \(report.text)")
        #expect(report.exitCode == 9)
    }

    @Test func `catches a history that was written anew with the true key, by a checkpoint from elsewhere only`() throws {
        let (truth, forgery) = (try EvidenceFixture(), try EvidenceFixture())
        try truth.fill(40)
        let anchor = try String(contentsOfFile: truth.directory.journal + "/checkpoint", encoding: .utf8)
        for name in ["key", "key.pub"] {
            try FileManager.default.removeItem(atPath: forgery.directory.path + "/" + name)
            try FileManager.default.copyItem(atPath: truth.directory.path + "/" + name, toPath: forgery.directory.path + "/" + name)
        }
        try forgery.fill(50)
        let alone = try forgery.verify()
        #expect(alone.exitCode == 0)
        #expect(alone.remarks.contains { $0.contains("no checkpoint from outside") })
        let report = try forgery.verify(elsewhere: [("anchor", anchor)])
        #expect(report.fault?.kind == .rewritten, "\(report.text)")
        #expect(try truth.verify(elsewhere: [("anchor", anchor)]).isAnchored)
        #expect(
            try truth.verify(elsewhere: [("anchor", anchor.replacing("hss-gateway/gw-1\n", with: "hss-gateway/gw-2\n"))]).fault?.kind == .otherLog)
    }

    @Test func `says which records no checkpoint covers, and that half a line at the end is none`() throws {
        let fixture = try EvidenceFixture()
        try fixture.fill(20)
        let copy = try fixture.directory.copy()
        let last = try #require(try fixture.directory.segments().last)
        let path = copy.journal + "/" + last
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let line = try #require(text.split(separator: "\n").last).description
        let number = try fixture.verify().head.size
        try (text + renumbered(line, Int(number)) + "\n{\"v\":1,\"se").write(toFile: path, atomically: true, encoding: .utf8)
        var verifier = JournalVerifier(directory: copy.journal, keys: try fixture.keys)
        let report = try verifier.verify()
        #expect(report.exitCode == 10 && report.head.size == number + 1 && report.signed == number)
        #expect(report.remarks.contains { $0.contains("10 bytes") })
        var blind = JournalVerifier(directory: copy.journal, keys: [])
        let unsigned = try blind.verify()
        #expect(unsigned.exitCode == 10 && unsigned.checkpoints == 0)
    }

    /// Appends bytes to the first segment; returns its name and the first number of the next.
    private func append(_ fixture: EvidenceFixture, _ text: (_ genuine: [String], _ first: Int) -> String) throws -> (name: String, first: Int) {
        let segments = try fixture.directory.segments()
        let first = try #require(Int(segments[1].dropFirst(8).prefix(20)))
        let path = fixture.directory.file(segments[0])
        let lines = try String(contentsOf: path, encoding: .utf8)
        try Data((lines + text(try fixture.directory.lines(), first)).utf8).write(to: path)
        return (segments[0], first)
    }

    static let behindTheEnd: [@Sendable (_ genuine: [String], _ first: Int) -> String] =
        [0, -1, 5_000].map { shift in
            { genuine, first in renumbered(String(genuine[first].dropLast()) + ",\"forged\":1}", first + shift) + "\n" }
        } + [
            { _, _ in "\n" }, { _, _ in "x" }, { genuine, first in genuine[first] + "\nx" },
            { genuine, first in genuine[first...].joined(separator: "\n") + "\n{}\n" },
        ]

    @Test(arguments: behindTheEnd.indices)
    func `gives nobody what was put behind the end of a closed segment, and calls the journal broken`(kind: Int) throws {
        let fixture = try EvidenceFixture()
        try fixture.fill(60)
        let genuine = try fixture.directory.lines()
        let segments = try fixture.directory.segments()
        let (name, first) = try append(fixture, Self.behindTheEnd[kind])
        var reader = JournalReader(directory: fixture.directory.journal)
        var given: [String] = []
        try reader.forEachRecord { _, line in
            given.append(String(decoding: line, as: UTF8.self))
            return true
        }
        #expect(given == genuine)
        let report = try fixture.verify()
        let fault = try #require(report.fault, "\(report.text)")
        #expect(report.exitCode == 9 && fault.kind == .appended && fault.first == UInt64(first) - 1 && fault.file == name)
        #expect(report.head.size == UInt64(genuine.count) && report.text.contains("behind the end of \(name)"))
        // Compressed, it still exists.
        let compressed = try #require(SegmentName(name))
        #expect(Compressor.compress(compressed, in: fixture.directory.journal, isCancelled: { false }) == nil)
        #expect(try fixture.verify().fault?.kind == .appended)
        // Without the next segment it is a larger fault, unless the records of that segment are in the
        // appended bytes.
        try FileManager.default.removeItem(at: fixture.directory.file(segments[1]))
        let other = try #require(try fixture.verify().fault)
        #expect((other.kind == .appended) == (kind == Self.behindTheEnd.count - 1))
    }

    static let leftovers: [@Sendable (_ genuine: [String], _ first: Int) -> String] = [
        { genuine, first in genuine[first] + "\n" }, { genuine, first in genuine[first] + "\n" + genuine[first + 1].prefix(40) },
        { genuine, first in String(genuine[first].prefix(20)) + String(repeating: "\0", count: 30) + genuine[first].dropFirst(50) },
        { _, _ in String(repeating: "\0", count: 4_096) },
    ]

    @Test(arguments: leftovers.indices) func `knows what a failed write of its own leaves behind a segment's end`(kind: Int) throws {
        let fixture = try EvidenceFixture()
        try fixture.fill(40)
        let (name, first) = try append(fixture, Self.leftovers[kind])
        let report = try fixture.verify()
        #expect(report.exitCode == 0 && report.remarks.contains { $0.hasPrefix("\(name) goes on behind record \(first - 1)") }, "\(report.text)")
    }

    @Test func `knows the torn end that the next segment tells of, and nothing longer`() throws {
        let fixture = try EvidenceFixture()
        try fixture.fill(10)
        let name = try #require(try fixture.directory.segments().last)
        let path = fixture.directory.file(name)
        let whole = try String(contentsOf: path, encoding: .utf8)
        try Data((whole + "{\"v\":1,\"seq").utf8).write(to: path)
        try fixture.fill(5)
        #expect(try fixture.verify().remarks.allSatisfy { !$0.contains("goes on") })
        // The cut was lost.
        try Data((whole + "{\"v\":1,\"seq").utf8).write(to: path)
        #expect(try fixture.verify().exitCode == 0)
        try Data((whole + "{\"v\":1,\"seqx").utf8).write(to: path)
        #expect(try fixture.verify().fault?.kind == .appended)
    }

    @Test func `takes an empty segment at the end for none, and names files that are no part`() throws {
        let fixture = try EvidenceFixture()
        try fixture.fill(20)
        let size = Int(try fixture.verify().head.size)
        let last = try #require(try fixture.directory.segments().last)
        let text = try String(contentsOf: fixture.directory.file(last), encoding: .utf8)
        let line = renumbered(try #require(text.split(separator: "\n").last).description, size)
        try Data((text + line + "\n").utf8).write(to: fixture.directory.file(last))
        try Data().write(to: fixture.directory.file(SegmentName(first: UInt64(size)).text))
        let report = try fixture.verify()
        #expect(report.exitCode == 10 && report.head.size == UInt64(size) + 1, "what a start would take for records is judged as such")
        let hiding = SegmentName(first: UInt64(size) - 2).text
        try Data().write(to: fixture.directory.file(hiding))
        let fault = try #require(try fixture.verify().fault)
        #expect(fault.kind == .inserted && fault.first == UInt64(size) - 2 && fault.file == hiding)
        try FileManager.default.removeItem(at: fixture.directory.file(hiding))
        let strange = ["displaced-x", "journal-7.jsonl", "journal-99999999999999999999.jsonl", "torn-x"]
        for name in strange { try Data("x".utf8).write(to: fixture.directory.file(name)) }
        #expect(try fixture.verify().remarks.contains("no part of the journal, and read by nobody: " + strange.joined(separator: ", ")))
    }

    @Test func `takes a torn checkpoint for none`() throws {
        let fixture = try EvidenceFixture()
        try fixture.fill(20)
        try Data().write(to: fixture.directory.file("checkpoints/" + fixture.checkpointFiles()[1]))
        let report = try fixture.verify()
        #expect(report.exitCode == 0 && report.remarks.contains { $0.contains("torn") })
    }
}
