import Foundation
import Testing

@testable import Audit

/// What happens to a journal's key when its file is lost, replaced or forgotten.
@Suite(.timeLimit(.minutes(10))) struct CheckpointKeyTests {
    private func eventually(_ isDone: () throws -> Bool) throws -> Bool {
        let deadline = Date(timeIntervalSinceNow: 30)
        while Date() < deadline {
            if try isDone() { return true }
            usleep(5_000)
        }
        return false
    }

    private func events(_ fixture: EvidenceFixture) throws -> [String] {
        try fixture.directory.records().compactMap { $0["event"] as? String }
    }

    @Test func `a key that vanishes is written back from memory, and an event says so`() throws {
        let fixture = try EvidenceFixture()
        let text = try String(contentsOfFile: fixture.key.path, encoding: .utf8)
        try fixture.run({ $0.interval = .milliseconds(10) }) { journal, _, probe in
            try journal.appendDurably(journal.record(.response), probe)
            for path in [fixture.key.path, fixture.key.publicPath] { try #require(unlink(path) == 0) }
            #expect(try eventually { try events(fixture).contains("checkpoint_key_restored") })
        }
        #expect(try String(contentsOfFile: fixture.key.path, encoding: .utf8) == text)
        #expect(try fixture.verify([fixture.key.signer.verifier]).exitCode == 0)
        for path in [fixture.key.path, fixture.key.publicPath] {
            #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
        }
    }

    @Test func `another key in its place is left alone and signs nothing`() throws {
        let fixture = try EvidenceFixture()
        let foreign = try CheckpointKey.load(path: fixture.directory.path + "/foreign", instance: "gw 1")
        try fixture.run({ $0.interval = .milliseconds(10) }) { journal, _, probe in
            try journal.appendDurably(journal.record(.response), probe)
            try #require(rename(foreign.path, fixture.key.path) == 0)
            #expect(try eventually { try events(fixture).contains("checkpoint_key_ignored") })
        }
        #expect(try events(fixture).count { $0 == "checkpoint_key_ignored" } == 1)
        #expect(try fixture.verify([fixture.key.signer.verifier]).exitCode == 0)
    }

    @Test(arguments: [true, false])
    func `no start makes a key where one has signed before`(hasPublicKeys: Bool) throws {
        let fixture = try EvidenceFixture()
        try fixture.fill(5)
        try #require(unlink(fixture.key.path) == 0)
        if !hasPublicKeys { try #require(unlink(fixture.key.publicPath) == 0) }
        let fault = #expect(throws: CheckpointKeyFault.self) {
            try CheckpointKey.load(path: fixture.key.path, instance: "gw-1", journal: fixture.directory.journal)
        }
        #expect(fault?.sentence.contains("audit key renew") == true)
        #expect(access(fixture.key.path, F_OK) != 0)
    }

    @Test func `a key that is lost for good is renewed under the journal's name, and the journal says so`() throws {
        let fixture = try EvidenceFixture()
        try fixture.fill(20)
        let old = fixture.key.signer.verifier
        #expect(throws: CheckpointKeyFault.self) { try CheckpointKey.renew(path: fixture.key.path, journal: fixture.directory.journal) }
        try #require(unlink(fixture.key.path) == 0)
        let new = try CheckpointKey.renew(path: fixture.key.path, journal: fixture.directory.journal)
        #expect(new.name == old.name && new != old)
        try fixture.run({ $0.interval = .milliseconds(10) }) { journal, _, probe in
            try journal.appendDurably(journal.record(.response), probe)
            #expect(try eventually { try events(fixture).contains("checkpoint_key_lost") })
            #expect(try eventually { try String(contentsOfFile: fixture.key.path, encoding: .utf8).split(separator: "\n").count == 1 })
        }
        let report = try fixture.verify()
        #expect(report.exitCode == 0 && report.remarks.contains { $0.contains("the checkpoint key was lost") }, "\(report.text)")
        // An auditor with only the old key can't know this.
        #expect(try fixture.verify([old]).fault?.kind == .forgedCheckpoint)
        try fixture.fill(3)
        #expect(try events(fixture).count { $0 == "checkpoint_key_lost" } == 1)
    }

    @Test func `the key of another journal is refused`() throws {
        let fixture = try EvidenceFixture()
        try fixture.fill(5)
        let foreign = try CheckpointKey.load(path: fixture.directory.path + "/foreign", instance: "other")
        #expect(throws: CheckpointKeyFault.self) {
            try CheckpointKey.load(path: foreign.path, instance: "gw 1", journal: fixture.directory.journal)
        }
    }

    @Test func `a verifier tells a segment that was cut to nothing from one that is missing`() throws {
        let fixture = try EvidenceFixture()
        try fixture.fill(120)
        let victim = try #require(try fixture.directory.segments().dropFirst().first)
        let path = fixture.directory.file(victim).path
        try #require(truncate(path, 0) == 0)
        let cut = try #require(try fixture.verify().fault)
        #expect(cut.kind == .cutTail && cut.sentence.hasSuffix("the segment \(victim) was cut to nothing"))
        try #require(unlink(path) == 0)
        #expect(try fixture.verify().fault?.kind == .missingSegment)
    }
}
