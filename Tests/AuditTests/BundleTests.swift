import Foundation
import Testing

@testable import Audit

@Suite(.timeLimit(.minutes(10))) struct BundleTests {
    private func bundle(_ fixture: EvidenceFixture, _ sequences: [UInt64] = [3, 9, 10]) throws -> EvidenceBundle {
        try EvidenceBundle(of: sequences, in: fixture.directory.journal, keys: fixture.keys, subject: "export task <t>", by: "test")
    }

    @Test(arguments: [false, true])
    func `proves its records by itself, as a page and as JSON`(isPage: Bool) throws {
        let fixture = try EvidenceFixture()
        try fixture.fill(40)
        let bundle = try bundle(fixture)
        let text = isPage ? bundle.html : bundle.json
        for trusted in [[], try fixture.keys] {
            let verification = BundleVerification(text, trusting: trusted)
            #expect(verification.exitCode == 0 && verification.proven == 3, "\(verification.text)")
            #expect(verification.text.contains("note:") == trusted.isEmpty)
        }
        #expect(BundleVerification(text, trusting: [NoteSigner(name: "hss-gateway/gw-1").verifier]).exitCode == 9)
        let json = isPage ? try #require(text.firstMatch(of: /(?s)id="bundle">\n(.*?)<\/script>/)).1 : text[...]
        let document = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
        #expect((document["records"] as? [[String: Any]])?.compactMap { $0["seq"] as? Int } == [3, 9, 10])
        #expect(!json.contains("<"))
    }

    @Test(arguments: [false, true])
    func `one byte changed is noticed wherever it is, and in a record it is named with it`(isPage: Bool) throws {
        let fixture = try EvidenceFixture()
        try fixture.fill(40)
        let bundle = try bundle(fixture)
        let text = Array((isPage ? bundle.html : bundle.json).utf8)
        let lines = String(decoding: text, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        var (place, line) = (0, 0)
        var owner: [Int?] = []
        for content in lines {
            let sequence = content.prefixMatch(of: /{"seq":([0-9]+),/).flatMap { Int($0.1) }
            // The newline belongs to the neighbouring record as well.
            owner += Array(repeating: sequence, count: content.utf8.count) + [nil]
            (place, line) = (place + content.utf8.count + 1, line + 1)
        }
        // Of the records every third byte, of the rest every 29th; with HSSGW_TEST_LONG=1 each of the records, and every seventh of the rest.
        let isLong = ProcessInfo.processInfo.environment["HSSGW_TEST_LONG"] != nil
        for index in text.indices where index % (owner[index] == nil ? (isLong ? 7 : 29) : (isLong ? 1 : 3)) == 0 {
            var changed = text
            changed[index] ^= 1
            let verification = BundleVerification(String(decoding: changed, as: UTF8.self), trusting: [])
            #expect(verification.exitCode == 9, "byte \(index)")
            if let sequence = owner[index], verification.problems.first?.hasPrefix("record \(sequence) ") != true {
                Issue.record("byte \(index) of record \(sequence): \(verification.problems)")
            }
        }
    }

    @Test func `a record that was taken out, put twice or moved is noticed`() throws {
        let fixture = try EvidenceFixture()
        try fixture.fill(40)
        let lines = try bundle(fixture).json.split(separator: "\n").map(String.init)
        #expect(lines.count == 5)
        for (changed, problem) in [
            ([0, 1, 3, 4], "record 9 is missing"), ([0, 1, 1, 3, 4], "record 3 stands where the head doesn't name it"),
            ([0, 2, 1, 3, 4], "record 9 stands where the head doesn't name it"),
        ] {
            let verification = BundleVerification(changed.map { lines[$0] }.joined(separator: "\n") + "\n", trusting: [])
            #expect(verification.problems.contains { $0 == problem }, "\(verification.problems)")
        }
        for text in ["", "{}", "<html></html>", "not a bundle", lines[0]] { #expect(BundleVerification(text, trusting: []).exitCode == 9) }
    }

    @Test func `a record that no checkpoint covers is in no bundle`() throws {
        let fixture = try EvidenceFixture()
        try fixture.fill(10)
        let end = try fixture.verify().head.size
        #expect(throws: Prover.Fault.noCheckpoint) { try bundle(fixture, [end]) }
    }
}
