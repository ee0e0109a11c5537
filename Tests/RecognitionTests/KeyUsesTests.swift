import Crypto
import Foundation
import Policy
import Testing

@testable import Recognition

@Suite struct KeyUsesTests {
    private static let made = "2026-11-28T00:00:00.000000Z"
    private static let end = "2026-11-28T12:00:00.500000Z"
    private static let endSeconds: Int64 = 1_795_867_200

    private static func key() throws -> (APIKey, CallerKey) {
        var generator = SystemRandomNumberGenerator()
        let key = try #require(APIKey(APIKey.generate(using: &generator)))
        let digest = key.digest.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        return (key, CallerKey(kind: .api, id: key.id, caller: "team", created: made, digest: digest, ends: end))
    }

    @Test func `a key is good until the second of its end and its use is noted until then`() throws {
        let (key, listed) = try Self.key()
        #expect(listed.endsAt == Self.endSeconds)
        var list = CallerKeyList()
        list.keys = [listed]
        let uses = KeyUses()
        let table = CallerKeyTable(list, secrets: nil, uses: uses)
        #expect(uses.lastUsed == [:])
        #expect(try table.prove(key, now: Self.endSeconds - 1).endsAt == Self.endSeconds)
        #expect(throws: RecognitionFault.keyEnded(at: Self.endSeconds)) { try table.prove(key, now: Self.endSeconds) }
        #expect(uses.lastUsed == [key.id: Self.endSeconds - 1])
        #expect(table.nextEnds(after: Self.endSeconds - 1) == ["team": Self.endSeconds])
        #expect(table.nextEnds(after: Self.endSeconds) == [:])
        // Another table keeps the known uses, also one without the key: it may never come into force.
        _ = CallerKeyTable(list, secrets: nil, uses: uses)
        _ = CallerKeyTable(CallerKeyList(), secrets: nil, uses: uses)
        #expect(uses.lastUsed == [key.id: Self.endSeconds - 1])
        #expect(try table.prove(key, now: Self.endSeconds - 1).caller == "team")
        uses.retain([key.id])
        #expect(uses.lastUsed.count == 1)
        uses.retain([])
        #expect(uses.lastUsed == [:])
    }

    @Test func `a list keeps ends, and a change of one is a change`() throws {
        let (_, listed) = try Self.key()
        var list = CallerKeyList()
        list.keys = [listed]
        let read = try CallerKeyList(list.text)
        #expect(read == list && read.keys[0].endsAt == Self.endSeconds)
        var later = list
        later.keys[0].ends = nil
        #expect(CallerKeyList.Change.changes(from: list, to: later) == [.endChanged(later.keys[0])])
        #expect(later.keys[0].endsAt == nil)
    }

    @Test func `last uses outlive the process, and a spoilt file costs only what it said`() throws {
        let folder = NSTemporaryDirectory() + "uses-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let file = KeyUseFile(directory: folder)
        #expect(file.read() == KeyUseFile.Content())
        var content = KeyUseFile.Content()
        content.lastUsed = ["a": 5, "b": 7]
        content.told = ["b": .ended, "c": .ending]
        try file.write(content)
        #expect(file.read() == content)
        let path = folder + "/caller-keys.used"
        try (String(contentsOfFile: path, encoding: .utf8) + "x y z\nd 9\ne -4 -\n").write(toFile: path, atomically: true, encoding: .utf8)
        #expect(file.read() == content)
        try "something else\na 5 -\n".write(toFile: path, atomically: true, encoding: .utf8)
        #expect(file.read() == KeyUseFile.Content())
        let uses = KeyUses()
        uses.use(of: "a").note(9)
        uses.adopt(content.lastUsed)
        #expect(uses.lastUsed == ["a": 9, "b": 7])
    }
}
