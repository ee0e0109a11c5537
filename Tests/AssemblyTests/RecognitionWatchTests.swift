import Gateway
import Glibc
import Policy
import Recognition
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

    @Test func `keys that were refused for their directory are in force once that is mended`() async throws {
        try await withRunningParts { parts in
            let key = CallerKey(
                kind: .api, id: "abcdefgh234567ab", caller: "team", created: "2026-11-28T00:00:00.000000Z", digest: String(repeating: "a", count: 64))
            try CallerKeyFile(path: "\(parts.folder.path)/keys").update { list throws(CallerKeyFile.Fault) in list.keys.append(key) }
            #expect(chmod(parts.folder.path, 0o777) == 0)
            let watch = RecognitionWatch(
                configuration: { parts.inForce.current }, endUntrustedConnections: {}, events: parts.events, logger: RunningParts.silent)
            let running = Task { try await watch.run() }
            try await Self.until { try parts.recorded("caller_keys_refused").count == 1 }
            #expect(chmod(parts.folder.path, 0o700) == 0)
            try await Self.until { try parts.recorded("caller_key_created").count == 1 }
            running.cancel()
            _ = try? await running.value
            let refusedCount = try parts.recorded("caller_keys_refused").count
            #expect(refusedCount == 1, "each reason is told once")
        }
    }

    @Test func `a key set that was replaced before the first look is in force for each issuer that has it`() async throws {
        func keys(_ id: String) -> String {
            // The example of RFC 7517, A.1.
            """
            {"keys": [{"kty": "EC", "crv": "P-256", "kid": "\(id)", "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
            "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}]}
            """
        }
        let callers = ["one", "two"].map { name in
            "  - {name: \(name), projects: [north], authenticate: {jwt: {issuer: 'https://\(name).test', audience: a, jwks: jwks.json, claims: {sub: a}}}}"
        }
        try await withRunningParts(RunningParts.policy + "callers:\n" + callers.joined(separator: "\n") + "\n") { parts in
            _ = try parts.folder.file("jwks.json", keys("old"))
            let authorities = try #require(parts.inForce.current.snapshot.recogniser.tokens).authorities
            for authority in authorities { _ = await authority.refresh(now: 0) }
            _ = try parts.folder.file("jwks.json", keys("new"))
            let watch = RecognitionWatch(
                configuration: { parts.inForce.current }, endUntrustedConnections: {}, events: parts.events, logger: RunningParts.silent)
            let running = Task { try await watch.run() }
            try await Self.until { try parts.recorded("key_set_loaded").count == 2 }
            running.cancel()
            _ = try? await running.value
            #expect(authorities.map(\.issuer).sorted() == ["https://one.test", "https://two.test"])
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
