import Foundation
import Testing

@testable import Audit

@Suite(.timeLimit(.minutes(10))) struct BackupTests {
    private func keys(_ fixture: EvidenceFixture) -> [JournalBackup.Key] {
        [.init(path: fixture.key.path, name: "checkpoint.key"), .init(path: fixture.key.publicPath, name: "checkpoint.key.pub")]
    }

    @discardableResult
    private func back(up fixture: EvidenceFixture) throws -> JournalBackup.Summary {
        var backup = try JournalBackup(of: fixture.directory.journal, to: fixture.directory.path + "/backup")
        return try backup.run(keys: keys(fixture), trusting: fixture.keys)
    }

    private func restore(_ fixture: EvidenceFixture, to directory: String) throws -> VerificationReport {
        let restore = JournalRestore(from: fixture.directory.path + "/backup", to: directory)
        let places = [
            JournalBackup.Key(path: directory + "/checkpoint.key", name: "checkpoint.key"),
            JournalBackup.Key(path: directory + "/checkpoint.key.pub", name: "checkpoint.key.pub"),
        ]
        return try restore.run(places: places, trusting: restore.publicKeys)
    }

    @Test func `copies a journal that is being written, adds only what is new, and the copy verifies each time`() throws {
        let fixture = try EvidenceFixture()
        try fixture.fill(120)
        try fixture.run({ $0.compresses = true }) { journal, notary, probe in
            var kept = 0
            for round in 0..<4 {
                for number in 0..<40 { try journal.appendDurably(journal.record(.response, path: "/v5/p/\(round)/\(number)"), probe) }
                _ = try journal.append(journal.record(.response, path: "/not/durable"))
                try journal.write()
                let summary = try back(up: fixture)
                #expect(summary.report.fault == nil && summary.report.signed > 0 && summary.kept >= kept, "\(summary.report.text)")
                kept = summary.kept
            }
            #expect(kept > 3)
            // A second backup only has to copy the segment that is being written.
            #expect(try back(up: fixture).files < 8)
        }
        let sums = try run("sh", ["-c", "cd \(fixture.directory.path)/backup && sha256sum --quiet -c SHA256SUMS && find . -perm /077"])
        #expect(sums.status == 0 && sums.output == "", "\(sums.output)")
    }

    @Test func `restores what a start goes on with, and the journal says so once`() throws {
        let fixture = try EvidenceFixture()
        try fixture.fill(120)
        try back(up: fixture)
        let lines = try fixture.directory.lines()
        let other = try TemporaryDirectory()
        let report = try restore(fixture, to: other.journal)
        #expect(report.exitCode == 0 && report.head.size == UInt64(lines.count))
        #expect(try other.lines() == lines)
        #expect(throws: BackupFault.occupied(path: other.journal)) { try restore(fixture, to: other.journal) }
        for _ in 0..<2 {
            let key = try CheckpointKey.load(path: other.journal + "/checkpoint.key", instance: "new-name", journal: other.journal)
            #expect(key.signer.verifier == fixture.key.signer.verifier)
            let journal = try Journal.open(configuration(other) { $0.signedSize = key.signedSize(other.journal) })
            _ = try Notary.start(journal, key: key, NotaryConfiguration())
            try journal.appendDurably(journal.record(.response), ProgressProbe(journal))
            journal.close()
        }
        let events = try other.records().filter { $0["event"] as? String == "journal_restored" }
        #expect(events.count == 1 && (events[0]["detail"] as? [String: Int]) == ["tree_size": lines.count])
        var verifier = JournalVerifier(directory: other.journal, keys: try fixture.keys)
        #expect(try verifier.verify().exitCode == 0)
    }

    @Test func `a backup that stopped between its sums and its names is finished by whoever comes next`() throws {
        let fixture = try EvidenceFixture()
        try fixture.fill(120)
        try back(up: fixture)
        let folder = fixture.directory.path + "/backup/journal/"
        let names = ["checkpoint", try #require(try fixture.directory.segments().last)]
        let other = try TemporaryDirectory()
        for finishes in [{ _ = try restore(fixture, to: other.journal) }, { try back(up: fixture) }] {
            // The sums name the new content, and the names still have the old one.
            for name in names {
                rename(folder + name, folder + name + ".next")
                try Data("old".utf8).write(to: URL(fileURLWithPath: folder + name))
            }
            try Data("half of an earlier attempt".utf8).write(to: URL(fileURLWithPath: folder + "checkpoints/1.next"))
            try finishes()
            let left = try run("sh", ["-c", "cd \(folder)/.. && sha256sum --quiet -c SHA256SUMS && find . -name '*.next'"])
            #expect(left.status == 0 && left.output == "", "\(left.output)")
        }
    }

    @Test func `keeps what retention has removed, and a gap is named`() throws {
        let fixture = try EvidenceFixture()
        try fixture.fill(120)
        try back(up: fixture)
        let first = try fixture.directory.segments()[0]
        try fixture.run({
            $0.retention = .zero
            $0.now = { Timestamp(microseconds: Timestamp.now().microseconds + 1_000_000_000) }
        }) { _, notary, _ in
            var rounds = 0
            while notary.figures.removed == 0, rounds < 3_000 {
                usleep(10_000)
                rounds += 1
            }
        }
        let summary = try back(up: fixture)
        #expect(summary.report.first == 0 && summary.report.fault == nil, "\(summary.report.text)")
        #expect(access("\(fixture.directory.path)/backup/journal/\(first)", F_OK) == 0)
        // A new backup begins where the journal does.
        var late = try JournalBackup(of: fixture.directory.journal, to: fixture.directory.path + "/late")
        #expect(try late.run(keys: [], trusting: fixture.keys).report.first > 0)
    }

    @Test func `copies nothing of a broken journal and restores nothing from a backup that was touched`() throws {
        let fixture = try EvidenceFixture()
        try fixture.fill(120)
        try back(up: fixture)
        let number = try fixture.target()
        try fixture.edit(number) { lines, at in lines[at] = lines[at].replacing("image-team", with: "other-team") }
        let fault = #expect(throws: BackupFault.self) { try back(up: fixture) }
        #expect(fault?.concernsEvidence == true && fault?.sentence.contains("record \(number) was changed") == true)
        let other = try TemporaryDirectory()
        #expect(try restore(fixture, to: other.journal).exitCode == 0, "the backup is still good")

        let nothing = try TemporaryDirectory()
        let stranger = #expect(throws: BackupFault.self) {
            try JournalRestore(from: nothing.path, to: other.journal + "-2").run(places: [], trusting: [])
        }
        #expect(stranger?.sentence == "\(nothing.path) holds no backup: name a directory that `audit backup` wrote.")

        let segment = fixture.directory.path + "/backup/journal/" + (try fixture.directory.segments()[1])
        try Data(contentsOf: URL(fileURLWithPath: segment)).dropLast(1).write(to: URL(fileURLWithPath: segment))
        let second = try TemporaryDirectory()
        let damage = #expect(throws: BackupFault.self) { try restore(fixture, to: second.journal) }
        #expect(damage?.concernsEvidence == true)
        #expect(access(second.journal, F_OK) != 0, "nothing is written")
    }
}
