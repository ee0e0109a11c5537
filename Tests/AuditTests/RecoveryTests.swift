import Foundation
import Testing

@testable import Audit

/// What a start does with the files of the last run. Crashes are real files as a crash leaves them: torn by hand, or copied while the journal
/// runs.
@Suite struct RecoveryTests {
    static let first = "journal-00000000000000000000.jsonl"

    /// A directory with a cleanly closed journal of `count` response records.
    static func closed(_ count: Int, rotateSize: Int = 256 << 20) throws -> (TemporaryDirectory, TreeHead) {
        let directory = try TemporaryDirectory()
        let journal = try Journal.open(configuration(directory) { $0.rotateSize = rotateSize })
        let probe = ProgressProbe(journal)
        for _ in 0..<count { try journal.appendDurably(journal.record(.response), probe) }
        journal.close()
        return (directory, journal.treeHead)
    }

    /// Opens, closes, and checks what must be true after every start: complete lines, numbers without gaps, the tree of an independent
    /// reader.
    static func reopen(_ directory: TemporaryDirectory, gapless: Bool = true) throws -> [[String: Any]] {
        let journal = try Journal.open(configuration(directory))
        journal.close()
        let records = try directory.records()
        if gapless {
            #expect(records.map { $0["seq"] as? Int } == Array(0..<records.count))
            #expect(try MerkleReference.head(of: directory) == journal.treeHead.text)
        }
        #expect(Int(journal.treeHead.size) == (records.last?["seq"] as? Int ?? -1) + 1)
        return records
    }

    @Test func `goes on where a clean stop left off, and adds nothing`() throws {
        let (directory, head) = try Self.closed(5)
        let journal = try Journal.open(configuration(directory))
        #expect(journal.treeHead == head)
        #expect(try journal.append(journal.record(.response)).value == 5)
        journal.close()
        #expect(try directory.records().count == 6)
        #expect(try directory.segments() == [Self.first])
    }

    @Test(arguments: [true, false], ["", "x", "{\"v\":1,\"seq\":5,\"id\":\"", "\0\0\0\0"])
    func `drops a torn last line after saying so`(withCache: Bool, torn: String) throws {
        let (directory, _) = try Self.closed(5)
        if !withCache { try FileManager.default.removeItem(at: directory.file("frontier")) }
        let whole = try Data(contentsOf: directory.file(Self.first))
        try (whole + Data(torn.utf8)).write(to: directory.file(Self.first))
        let records = try Self.reopen(directory)
        #expect(try Data(contentsOf: directory.file(Self.first)) == whole)
        guard !torn.isEmpty else {
            #expect(records.count == 5)
            return
        }
        #expect(records.count == 6 && records[5]["event"] as? String == "torn_tail")
        let detail = try #require(records[5]["detail"] as? [String: Any])
        #expect(detail["offset"] as? Int == whole.count && detail["bytes"] as? Int == torn.utf8.count)
        #expect(detail["segment"] as? String == Self.first)
    }

    @Test func `survives every length a crash can leave of the last record`() throws {
        let (directory, _) = try Self.closed(2)
        try FileManager.default.removeItem(at: directory.file("frontier"))
        let whole = try Data(contentsOf: directory.file(Self.first))
        let firstLine = try #require(whole.firstIndex(of: 0x0A)) + 1
        for length in stride(from: 0, to: whole.count, by: 61) {
            let crashed = try TemporaryDirectory()
            try FileManager.default.copyItem(atPath: directory.journal, toPath: crashed.journal)
            try whole.prefix(length).write(to: crashed.file(Self.first))
            let kept = length < firstLine ? 0 : 1
            let records = try Self.reopen(crashed)
            let isTorn = length > 0 && length != firstLine
            #expect(records.count == kept + (isTorn ? 1 : 0), "cut at \(length)")
            #expect(!isTorn || records[kept]["event"] as? String == "torn_tail", "cut at \(length)")
        }
    }

    @Test(arguments: [true, false])
    func `closes requests without an end as unknown, once, with what is known of them`(rotating: Bool) throws {
        let directory = try TemporaryDirectory()
        let journal = try Journal.open(configuration(directory) { $0.rotateSize = rotating ? 1_000 : 1 << 20 })
        let probe = ProgressProbe(journal)
        let open = journal.record(.request, path: "/open\",\"gateway\":{\u{2028}")
        var requests = [journal.record(.request), open, journal.record(.request)]
        for request in requests { try journal.appendDurably(request, probe) }
        requests.remove(at: 1)
        try journal.appendDurably(journal.record(.response, id: requests[0].id), probe)
        try journal.appendDurably(journal.record(.refusal, id: requests[1].id), probe)
        for _ in 0..<10 { try journal.appendDurably(journal.record(.response), probe) }
        let crashed = try directory.copy()
        journal.close()

        for directory in [crashed, directory] {
            // Both after a crash and after a stop with an exchange under way, where the frontier cache has to say how far back to read.
            _ = try Self.reopen(directory)
            let records = try Self.reopen(directory)
            let closing = records.filter { $0["outcome"] as? String == "unknown" }
            #expect(closing.count == 1)
            #expect(closing.first?["id"] as? String == open.id.description)
            #expect(closing.first?["path"] as? String == open.path)
            #expect(closing.first?["phase"] as? String == "response")
            #expect((closing.first?["caller"] as? [String: Any])?["name"] as? String == "image-team")
            #expect((closing.first?["gateway"] as? [String: Any])?["instance"] as? String == "gw-1")
        }
    }

    @Test func `loses nothing that was durable when it is copied in the middle of its work`() throws {
        let directory = try TemporaryDirectory()
        let journal = try Journal.open(configuration(directory) { $0.rotateSize = 20_000 })
        let probe = ProgressProbe(journal)
        DispatchQueue.concurrentPerform(iterations: 4) { worker in
            for round in 0..<60 {
                let request = journal.record(.request)
                try? journal.appendDurably(request, probe)
                try? journal.appendDurably(journal.record(.response, id: request.id), probe)
                if worker == 0, round % 6 == 0 {
                    let durable = journal.durable.value
                    guard let crashed = try? directory.copy(), let records = try? Self.reopen(crashed) else {
                        Issue.record("a copy did not open")
                        return
                    }
                    #expect(UInt64(records.count) >= durable)
                    // Every exchange has one closing record.
                    let begun = records.filter { $0["phase"] as? String == "request" }.compactMap { $0["id"] as? String }
                    let ended = records.filter { $0["phase"] as? String == "response" }.compactMap { $0["id"] as? String }
                    #expect(begun.sorted() == ended.sorted())
                }
            }
        }
        journal.close()
    }

    @Test func `goes on in an empty last segment, and drops it when the one before went further`() throws {
        let (directory, _) = try Self.closed(3)
        try Data().write(to: directory.file("journal-00000000000000000003.jsonl"))
        var journal = try Journal.open(configuration(directory))
        #expect(try journal.append(journal.record(.response)).value == 3)
        journal.close()
        #expect(try directory.lines().count == 4)
        #expect(try directory.segments().count == 2)

        let (other, _) = try Self.closed(3)
        try Data().write(to: other.file("journal-00000000000000000002.jsonl"))
        journal = try Journal.open(configuration(other))
        #expect(try journal.append(journal.record(.response)).value == 3)
        journal.close()
        #expect(try Self.reopen(other).count == 4)
        #expect(try other.segments() == [Self.first])
    }

    @Test(arguments: [true, false])
    func `drops lines that a later segment superseded`(withCache: Bool) throws {
        let (directory, head) = try Self.closed(5)
        let lines = try directory.lines()
        // As a healing leaves it when the old segment could not be cut: lines 3 and 4 in both, and a torn one at
        // the end.
        try Data(lines[3...].joined(separator: "\n").utf8 + [0x0A]).write(to: directory.file("journal-00000000000000000003.jsonl"))
        try Data((lines.joined(separator: "\n") + "\n{\"v\":").utf8).write(to: directory.file(Self.first))
        if !withCache { try FileManager.default.removeItem(at: directory.file("frontier")) }
        let journal = try Journal.open(configuration(directory))
        #expect(journal.treeHead.size >= 5)
        journal.close()
        let records = try Self.reopen(directory, gapless: !withCache)
        #expect(withCache || records.count == 5)
        #expect(withCache || journal.treeHead == head)
    }

    @Test func `leaves what somebody put behind the end of a closed segment, and says so`() throws {
        let (directory, _) = try Self.closed(9, rotateSize: 1_500)
        let segments = try directory.segments()
        let path = directory.file(segments[segments.count - 2])
        let content = try Data(contentsOf: path) + Data("{\"forged\":true}\n".utf8)
        try content.write(to: path)
        try FileManager.default.removeItem(at: directory.file("frontier"))
        let records = try Self.reopen(directory, gapless: false)
        let detail = try #require(records.last { $0["event"] as? String == "segment_damaged" }?["detail"] as? [String: Any])
        #expect(detail["segment"] as? String == segments[segments.count - 2] && detail["reason"] as? String == "segment_extended")
        #expect(try Data(contentsOf: path) == content)
    }

    @Test(arguments: ["", "nonsense", "truncated", "edited"])
    func `rebuilds the tree when the frontier cache is absent or damaged`(fault: String) throws {
        let (directory, head) = try Self.closed(9, rotateSize: 1_500)
        let cache = directory.file("frontier")
        let content = try Data(contentsOf: cache)
        switch fault {
        case "": try FileManager.default.removeItem(at: cache)
        case "truncated": try content.dropLast(9).write(to: cache)
        case "edited":
            try Data(String(decoding: content, as: UTF8.self).replacingOccurrences(of: "size ", with: "size 1").utf8).write(to: cache)
        default: try Data(fault.utf8).write(to: cache)
        }
        let records = try Self.reopen(directory)
        let events = records.dropFirst(Int(head.size)).compactMap { $0["event"] as? String }
        #expect(events == (fault.isEmpty ? [] : ["frontier_rebuilt"]))
    }

    @Test func `reads only what follows the frontier cache`() throws {
        let (directory, head) = try Self.closed(9, rotateSize: 1_500)
        let segments = try directory.segments()
        // Damage in a segment that the cache covers is found by the verifier: the start doesn't read it, and its tree is that of the records as
        // written.
        try Data("gone".utf8).write(to: directory.file(segments[0]))
        let journal = try Journal.open(configuration(directory))
        #expect(journal.treeHead == head)
        journal.close()
    }

    @Test func `keeps a damaged line as it stands when records follow it`() throws {
        let (directory, _) = try Self.closed(5)
        var lines = try directory.lines()
        lines[2] = "{\"forged\":true}"
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: directory.file(Self.first))
        try FileManager.default.removeItem(at: directory.file("frontier"))
        let journal = try Journal.open(configuration(directory))
        journal.close()
        #expect(try MerkleReference.head(of: directory) == journal.treeHead.text)
        let records = try directory.records()
        #expect(records.count == 6 && records[5]["event"] as? String == "records_damaged")
        #expect((records[5]["detail"] as? [String: Any])?["from"] as? Int == 2)
    }

    @Test(arguments: [(signed: UInt64(0), event: "torn_tail", left: 2), (signed: 3, event: "records_damaged", left: 5)])
    func `takes a hole of zeros for a sector that a power cut kept from the disk, unless a checkpoint covers it`(
        signed: UInt64, event: String, left: Int
    ) throws {
        let (directory, _) = try Self.closed(5)
        let lines = try directory.lines()
        let behind = lines[..<2].joined(separator: "\n").utf8.count + 1
        var bytes = try Data(contentsOf: directory.file(Self.first))
        for place in (behind + 100)..<(behind + 160) { bytes[place] = 0 }
        try bytes.write(to: directory.file(Self.first))
        try FileManager.default.removeItem(at: directory.file("frontier"))
        let journal = try Journal.open(configuration(directory) { $0.signedSize = signed })
        journal.close()
        let kept = try directory.lines()
        #expect(kept.count == left + 1 && kept[left].contains("\"event\":\"\(event)\""))
        #expect(try MerkleReference.head(of: directory) == journal.treeHead.text)
        guard left == 2 else { return }
        let detail = try #require(try directory.records().last?["detail"] as? [String: Any])
        #expect(detail["lines"] as? Int == 3)
        // What had to be removed is kept unchanged.
        #expect(try Data(contentsOf: directory.file(try #require(detail["kept_as"] as? String))) == bytes[behind...])
    }

    @Test func `keeps whole lines that it has to drop, in a file beside`() throws {
        let (directory, _) = try Self.closed(5)
        let lines = try directory.lines()
        let without = lines[..<2] + lines[3...]
        try Data((without.joined(separator: "\n") + "\n").utf8).write(to: directory.file(Self.first))
        try FileManager.default.removeItem(at: directory.file("frontier"))
        let records = try Self.reopen(directory)
        #expect(records.count == 3)
        let kept = try #require((records[2]["detail"] as? [String: Any])?["kept_as"] as? String)
        #expect(try String(contentsOf: directory.file(kept), encoding: .utf8) == lines[3...].joined(separator: "\n") + "\n")
    }

    @Test(arguments: [true, false])
    func `never gives the number of a lost record twice`(whole: Bool) throws {
        let (directory, _) = try Self.closed(5)
        let data = try Data(contentsOf: directory.file(Self.first))
        if whole {
            try FileManager.default.removeItem(at: directory.file(Self.first))
        } else {
            try data.dropLast(20).write(to: directory.file(Self.first))
        }
        let records = try Self.reopen(directory, gapless: false)
        let missing = try #require(records.first { $0["event"] as? String == "records_missing" })
        #expect((missing["detail"] as? [String: Int]) == ["from": whole ? 0 : 4, "to": 4])
        #expect(missing["seq"] as? Int ?? 0 >= 5)
    }

    @Test func `counts a missing segment's records as missing`() throws {
        let (directory, head) = try Self.closed(9, rotateSize: 1_500)
        let segments = try directory.segments()
        try FileManager.default.removeItem(at: directory.file(segments[1]))
        try FileManager.default.removeItem(at: directory.file("frontier"))
        let records = try Self.reopen(directory, gapless: false)
        let event = try #require(records.last)
        #expect(event["event"] as? String == "records_missing" && event["seq"] as? Int == Int(head.size))
        let to = try #require(Int(segments[2].dropFirst(8).prefix(20))) - 1
        #expect(event["detail"] as? [String: Int] == ["from": Int(segments[1].dropFirst(8).prefix(20)) ?? -1, "to": to])
    }
}
