import Codecs
import Foundation
import Synchronization
import Testing

@testable import Audit

@Suite struct NotaryTests {
    @Test func `signs by count, on rotation and at the end, and a second run goes on`() throws {
        let fixture = try EvidenceFixture()
        try fixture.fill(40)
        let segments = try fixture.directory.segments()
        let sizes = try fixture.checkpointFiles().compactMap(SegmentName.number)
        for name in segments.dropFirst() { #expect(sizes.contains(UInt64(name.dropFirst(8).prefix(20)) ?? 0)) }
        #expect(sizes.count >= segments.count)
        let first = try fixture.verify()
        #expect(first.exitCode == 0 && first.checkpoints == sizes.count + 1 && first.signed == first.head.size)
        try fixture.fill(10)
        let second = try fixture.verify()
        #expect(second.exitCode == 0 && second.head.size >= first.head.size + 10)
        #expect(
            SignedCheckpoint(note: try String(contentsOfFile: fixture.directory.journal + "/checkpoint", encoding: .utf8))?.origin
                == "hss-gateway/gw-1")
    }

    @Test func `signs by time what the count has not reached`() throws {
        let fixture = try EvidenceFixture()
        let anchor = TestAnchor()
        try fixture.run({
            $0.every = 1_000
            $0.interval = .milliseconds(20)
            $0.anchors = [anchor]
        }) { journal, _, probe in
            try journal.appendDurably(journal.record(.response), probe)
            #expect(anchor.wait { _, published in published.last?.head.size == 1 })
        }
    }

    @Test func `tells once of an anchor that fails, tries again, and needs only the newest checkpoint`() throws {
        let fixture = try EvidenceFixture()
        let anchor = TestAnchor()
        anchor.setBroken(true)
        try fixture.run({
            $0.anchors = [anchor]
            $0.interval = .milliseconds(20)
        }) { journal, notary, probe in
            for _ in 0..<20 { try journal.appendDurably(journal.record(.response), probe) }
            #expect(anchor.wait { attempts, _ in attempts >= 2 })
            #expect((notary.figures.anchors.first?.failures ?? 0) >= 1)
            anchor.setBroken(false)
            #expect(anchor.wait { _, published in !published.isEmpty })
            #expect(journal.isHealthy)
        }
        #expect(anchor.checkpoints.count < 5)
        let events = try fixture.directory.records().compactMap { $0["event"] as? String }
        #expect(events.filter { $0 == "anchor_failed" }.count == 1)
    }

    @Test func `changes its key in an event that both keys sign, so that either key leads to the other`() throws {
        let fixture = try EvidenceFixture()
        try fixture.fill(20)
        let old = try fixture.keys
        let new = try CheckpointKey.rotate(path: fixture.key.path)
        #expect(throws: CheckpointKeyFault.self) { try CheckpointKey.rotate(path: fixture.key.path) }
        let anchor = TestAnchor()
        try fixture.run({
            $0.anchors = [anchor]
            $0.interval = .milliseconds(10)
        }) { journal, _, probe in
            try journal.appendDurably(journal.record(.response), probe)
            #expect(anchor.wait { _, published in published.contains { $0.signer(among: [new]) != nil } })
        }
        try fixture.fill(20)
        let both = try #require(anchor.checkpoints.first { $0.signer(among: [new]) != nil })
        #expect(both.signer(among: old) != nil)
        for keys in [old, [new], try fixture.keys] {
            let report = try fixture.verify(keys)
            #expect(report.exitCode == 0, "\(report.text)")
        }
        #expect(try fixture.verify([NoteSigner(name: "hss-gateway/gw-1").verifier]).fault?.kind == .forgedCheckpoint)
        #expect(try String(contentsOfFile: fixture.key.path, encoding: .utf8).split(separator: "\n").count == 1)
        let status = try FileManager.default.attributesOfItem(atPath: fixture.key.path)
        #expect(status[.posixPermissions] as? Int == 0o600)
    }

    @Test func `gives no number twice that was signed, when the end of the journal is gone`() throws {
        let fixture = try EvidenceFixture()
        try fixture.fill(20)
        let signed = try fixture.verify().head.size
        try FileManager.default.removeItem(atPath: fixture.directory.journal + "/frontier")
        try fixture.edit(Int(signed) - 1) { lines, at in lines.remove(at: at) }
        let key = try CheckpointKey.load(path: fixture.key.path, instance: "")
        let journal = try Journal.open(configuration(fixture.directory) { $0.signedSize = key.signedSize(fixture.directory.journal) })
        journal.close()
        let records = try fixture.directory.records()
        let event = try #require(records.first { $0["event"] as? String == "records_missing" })
        #expect(event["seq"] as? Int == Int(signed))
        #expect(try fixture.verify().fault?.first == signed - 1)
    }

    @Test func `compresses closed segments so that gzip reads them, and removes old ones so that the rest stays provable`() throws {
        let fixture = try EvidenceFixture()
        try fixture.fill(120)
        let lines = try fixture.directory.lines()
        let plain = try fixture.directory.segments()
        let before = try fixture.verify().head
        final class Watch: RetentionGuard {
            let name = "test"
            let oldestNeeded: SequenceNumber
            init(_ number: UInt64) { oldestNeeded = SequenceNumber(number) }
        }
        let third = try #require(UInt64(plain[2].dropFirst(8).prefix(20)))
        // As a compression leaves it that was killed.
        try "records".write(toFile: fixture.directory.journal + "/" + plain[0] + ".gz.new", atomically: false, encoding: .utf8)
        try fixture.run({
            $0.compresses = true
            $0.retention = .zero
            $0.guards = [Watch(third)]
            $0.now = { Timestamp(microseconds: Timestamp.now().microseconds + 1_000_000_000) }
        }) { _, notary, _ in
            var rounds = 0
            while notary.figures.compressed < UInt64(plain.count - 3), rounds < 3_000 {
                usleep(10_000)
                rounds += 1
            }
        }
        let names = try FileManager.default.contentsOfDirectory(atPath: fixture.directory.journal).filter { $0.hasPrefix("journal-") }.sorted()
        #expect(names.first == plain[2] + ".gz")
        let (status, output) = try run("sh", ["-c", "zcat \(fixture.directory.journal)/*.gz"])
        #expect(
            status == 0 && output.split(separator: "\n").map(String.init) == Array(lines[Int(third)...].prefix(output.split(separator: "\n").count)))
        let report = try fixture.verify()
        #expect(report.exitCode == 0 && report.first == third && report.head.size > before.size, "\(report.text)")
        let prover = Prover(directory: fixture.directory.journal)
        #expect(throws: Prover.Fault.removed(before: third)) { try prover.inclusion(of: 3) }
        for sequence in [third, third + 5, before.size - 1] { _ = try prover.inclusion(of: sequence) }
        _ = try prover.consistency(from: third)
        try fixture.removeHashes()
        _ = try Prover(directory: fixture.directory.journal).inclusion(of: third + 5)
        // A start without its cache reads the tree from the evidence of the removed segments.
        try FileManager.default.removeItem(atPath: fixture.directory.journal + "/frontier")
        try fixture.fill(3)
        let again = try fixture.verify()
        #expect(again.exitCode == 0 && again.first == third, "\(again.text)")
    }

    @Test func `finds what is done to a closed segment while others are compressed`() throws {
        /// Asked between the check of the closed segments and the compression.
        final class Meddler: RetentionGuard {
            let name = "test"
            private let path: String
            private let isDone = Mutex(false)
            init(path: String) { self.path = path }
            var oldestNeeded: SequenceNumber {
                isDone.withLock { isDone in
                    if !isDone { isDone = truncate(path, 1_000_000) == 0 }
                }
                return SequenceNumber(0)
            }
        }
        let fixture = try EvidenceFixture()
        try fixture.fill(120)
        let names = try DirectoryListing.segments(under: fixture.directory.journal)
        let victim = try #require(names.first)
        #expect(Compressor.compress(victim, in: fixture.directory.journal) { false } == nil)
        try fixture.run({
            $0.compresses = true
            $0.retention = .zero
            $0.housekeeping = .milliseconds(10)
            $0.guards = [Meddler(path: fixture.directory.file(victim.compressed.text).path)]
            $0.now = { Timestamp(microseconds: Timestamp.now().microseconds + 1_000_000_000) }
        }) { journal, notary, _ in
            var rounds = 0
            while journal.damage == nil || notary.figures.compressed < UInt64(names.count - 2), rounds < 3_000 {
                usleep(10_000)
                rounds += 1
            }
            #expect(notary.figures.compressed >= UInt64(names.count - 2))
        }
        let events = try fixture.directory.records().filter { $0["event"] as? String == "segment_damaged" }
        let details = events.compactMap { $0["detail"] as? [String: Any] }
        #expect(details.map { $0["segment"] as? String } == [victim.compressed.text])
        #expect(details.map { $0["reason"] as? String } == ["segment_extended"])
    }

    @Test func `stops taking requests before the disk is full, says so, and goes on when there is room`() throws {
        final class Disk: Sendable {
            let free = Mutex(0.5)
        }
        let (directory, disk) = (try TemporaryDirectory(), Disk())
        let journal = try Journal.open(configuration(directory) { $0.freeSpace = { _ in disk.free.withLock { $0 } } })
        defer { journal.close() }
        for (free, space, event) in [
            (0.19, Journal.Space.low, "disk_space_low"), (0.04, .critical, "disk_space_critical"), (0.6, .ample, "disk_space_ample"),
        ] {
            disk.free.withLock { $0 = free }
            journal.core.space.withLock { $0.next = .now }
            journal.checkSpace()
            #expect(journal.space == space && journal.freeSpace == free)
            if space == .critical {
                #expect(throws: JournalError.diskNearlyFull(freePerMille: 40)) { try journal.append(journal.record(.request)) }
            } else {
                _ = try journal.append(journal.record(.request))
            }
            let probe = ProgressProbe(journal)
            try journal.appendDurably(journal.record(.response), probe)
            #expect(try directory.records().contains { $0["event"] as? String == event })
        }
    }

    @Test func `reads and writes keys and notes as C2SP has them`() throws {
        // The example of golang.org/x/mod/sumdb/note's documentation.
        let key = try #require(NoteSigner("PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"))
        #expect(key.verifier.text == "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
        #expect(!"\(key)".contains("AYEKFALV"))
        let text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
        let note = try #require(SignedNote.make(text, [key]))
        let known = "\u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
        #expect(note == text + "\n" + known)
        #expect(SignedNote(note)?.isSigned(by: key.verifier) == true)
        #expect(SignedNote(note.replacing("answer", with: "anwser"))?.isSigned(by: key.verifier) == false)
        #expect(NoteVerifier("PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW") == nil)
        for length in 0..<40 {
            let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 37) }
            #expect(Base64.encode(bytes) == Data(bytes).base64EncodedString() && Base64.decode(Base64.encode(bytes)) == bytes)
        }
    }
}
