import Recognition
import Policy
import Testing

@testable import Assembly

@Suite(.timeLimit(.minutes(10))) struct RecognitionWatchTests {
    @Test func `notices keys that are made and revoked, puts them into force and records each change once`() async throws {
        try await withRunningParts { parts in
            let watch = RecognitionWatch(
                configuration: { parts.inForce.current }, endUntrustedConnections: {}, events: parts.events, logger: RunningParts.silent)
            let running = Task { try await watch.run() }
            let store = CallerKeyFile(path: "\(parts.folder.path)/keys")
            let key = CallerKey(
                kind: .api, id: "abcdefgh234567ab", caller: "team", created: "2026-11-28T00:00:00.000000Z", digest: String(repeating: "a", count: 64))
            try store.update { list throws(CallerKeyFile.Fault) in list.keys.append(key) }
            try await Self.until { try parts.recorded("caller_key_created").count == 1 }
            try store.update { list throws(CallerKeyFile.Fault) in try Self.revoke(key.id, in: &list) }
            try await Self.until { try parts.recorded("caller_key_revoked").count == 1 }
            let createdCount = try parts.recorded("caller_key_created").count
            #expect(createdCount == 1)
            running.cancel()
            _ = try? await running.value
        }
    }

    /// Ends by the suite's limit.
    private static func until(_ isTrue: () throws -> Bool) async throws {
        while try !isTrue() { try await Task.sleep(for: .milliseconds(20)) }
    }

    private static func revoke(_ id: String, in list: inout CallerKeyList) throws(CallerKeyFile.Fault) {
        guard let index = list.keys.firstIndex(where: { $0.id == id }) else { throw CallerKeyFile.Fault(place: id, sentence: "is gone") }
        list.keys[index].revoked = "2026-11-28T00:00:01.000000Z"
    }
}
