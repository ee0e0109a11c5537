import Foundation
import Policy
import Synchronization
import Testing

@testable import Credentials

@Suite struct StoredCredentialTests {
    private static let time = SigningTime(secondsSinceEpoch: 0)

    private static func token(_ credential: StoredCredential) -> String? {
        guard case .token(let secret) = credential.materialAtHand() else { return nil }
        return secret.withBytes { String(decoding: $0, as: UTF8.self) }
    }

    private static func accessKeyTail(_ credential: StoredCredential) -> String? { credential.materialAtHand()?.accessKeyTail }

    @Test func `takes a renamed file at the second look`() throws {
        let folder = try TemporaryFolder()
        try folder.replace("token", with: "first")
        let credential = try StoredCredential.token(.file(path: folder.path("token")))
        #expect(credential.look(uptime: .seconds(1)) == nil)
        try folder.replace("token", with: "other")
        #expect(credential.look(uptime: .seconds(2)) == nil)
        #expect(Self.token(credential) == "first")
        #expect(credential.look(uptime: .seconds(3)) == .rotated(accessKeyTail: nil))
        #expect(Self.token(credential) == "other")
        #expect(credential.look(uptime: .seconds(4)) == nil)
    }

    @Test func `follows the swapped link of a Kubernetes volume`() throws {
        let folder = try TemporaryFolder()
        let files = FileManager.default
        for (version, key) in [("v1", "AAAAAAAAAAAA1111"), ("v2", "BBBBBBBBBBBB2222")] {
            try files.createDirectory(atPath: folder.path(version), withIntermediateDirectories: false)
            try folder.replace("\(version)/ak", with: key)
            try folder.replace("\(version)/sk", with: "secret of \(key)")
        }
        try files.createSymbolicLink(atPath: folder.path("..data"), withDestinationPath: "v1")
        for name in ["ak", "sk"] { try files.createSymbolicLink(atPath: folder.path(name), withDestinationPath: "..data/\(name)") }
        let credential = try StoredCredential.accessKey(id: .file(path: folder.path("ak")), secretKey: .file(path: folder.path("sk")))
        #expect(Self.accessKeyTail(credential) == "1111")

        try files.createSymbolicLink(atPath: folder.path("..data_tmp"), withDestinationPath: "v2")
        #expect(rename(folder.path("..data_tmp"), folder.path("..data")) == 0)
        #expect(credential.look(uptime: .seconds(1)) == nil)
        #expect(credential.look(uptime: .seconds(2)) == .rotated(accessKeyTail: "2222"))
        #expect(Self.accessKeyTail(credential) == "2222")
    }

    @Test func `never joins one key's id with another key's secret`() throws {
        let folder = try TemporaryFolder()
        try folder.replace("ak", with: "AAAAAAAAAAAA1111")
        try folder.replace("sk", with: "one")
        let credential = try StoredCredential.accessKey(id: .file(path: folder.path("ak")), secretKey: .file(path: folder.path("sk")))
        try folder.replace("ak", with: "BBBBBBBBBBBB2222")
        for second in 1...5 {
            #expect(credential.look(uptime: .seconds(second)) == nil)
            #expect(Self.accessKeyTail(credential) == "1111")
        }
        try folder.replace("sk", with: "two")
        #expect(credential.look(uptime: .seconds(6)) == nil)
        #expect(credential.look(uptime: .seconds(7)) == .rotated(accessKeyTail: "2222"))
    }

    @Test func `takes a single corrected file when the grace period is over`() throws {
        let folder = try TemporaryFolder()
        try folder.replace("ak", with: "AAAAAAAAAAAA1111")
        try folder.replace("sk", with: "mistyped")
        let credential = try StoredCredential.accessKey(id: .file(path: folder.path("ak")), secretKey: .file(path: folder.path("sk")))
        try folder.replace("sk", with: "right")
        #expect(credential.look(uptime: .seconds(1)) == nil)
        #expect(credential.look(uptime: .seconds(1) + StoredCredential.gracePeriod - .nanoseconds(1)) == nil)
        #expect(credential.look(uptime: .seconds(1) + StoredCredential.gracePeriod) == .rotated(accessKeyTail: "1111"))
    }

    @Test func `keeps the old material when the new one is unusable, and says so once`() throws {
        let folder = try TemporaryFolder()
        try folder.replace("token", with: "first")
        let credential = try StoredCredential.token(.file(path: folder.path("token")))
        try folder.replace("token", with: "two\nlines")
        let origin = SecretOrigin.file(path: folder.path("token"))
        #expect(credential.look(uptime: .seconds(1)) == nil)
        #expect(credential.look(uptime: .seconds(2)) == .rotationFailed(SecretFault(origin: origin, reason: .lineBreak)))
        #expect(credential.look(uptime: .seconds(3)) == nil)
        #expect(Self.token(credential) == "first")
        try FileManager.default.removeItem(atPath: folder.path("token"))
        #expect(credential.look(uptime: .seconds(4)) == nil)
        #expect(credential.look(uptime: .seconds(5)) == .rotationFailed(SecretFault(origin: origin, reason: .missing)))
        try folder.replace("token", with: "second")
        #expect(credential.look(uptime: .seconds(6)) == nil)
        #expect(credential.look(uptime: .seconds(7)) == .rotated(accessKeyTail: nil))
        #expect(Self.token(credential) == "second")
    }

    @Test(.timeLimit(.minutes(10)))
    func `signs without a gap while files are replaced`() async throws {
        let folder = try TemporaryFolder()
        try folder.replace("ak", with: "key-0")
        try folder.replace("sk", with: "secret-0")
        let stored = try StoredCredential.accessKey(id: .file(path: folder.path("ak")), secretKey: .file(path: folder.path("sk")))
        let credential = Credential(name: "c", source: stored)
        let target = try RequestTarget(originForm: "/v5/p/x")
        @Sendable func request() -> CredentialRequest { CredentialRequest(method: "GET", target: target, host: "h") }
        let rounds = 20
        let expected = try Set(
            (0...rounds).map { round in
                let pair = AccessKeyPair(accessKeyID: "key-\(round)", secretKey: Secret("secret-\(round)"))
                return try #require(try Fields(.signingKey(SigningKey(pair)), request(), at: Self.time)["Authorization"])
            })
        let flag = Flag()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                while !flag.isSet.load(ordering: .acquiring) {
                    var authorization = ""
                    try #require(stored.materialAtHand()).headers(for: request(), at: Self.time).forEachField { name, value in
                        if name.description == "Authorization" { authorization = String(decoding: value, as: UTF8.self) }
                    }
                    #expect(expected.contains(authorization))
                    await Task.yield()
                }
            }
            for round in 1...rounds {
                try folder.replace("ak", with: "key-\(round)")
                _ = credential.refresh(uptime: .seconds(10 * round))
                try folder.replace("sk", with: "secret-\(round)")
                _ = credential.refresh(uptime: .seconds(10 * round + 1))
                #expect(!credential.refresh(uptime: .seconds(10 * round + 2)).isEmpty)
            }
            flag.isSet.store(true, ordering: .releasing)
            try await group.waitForAll()
        }
    }

    @Test func `a broker looks after every credential by name`() throws {
        let folder = try TemporaryFolder()
        try folder.replace("token", with: "first")
        let watched = Credential(name: "watched", source: try StoredCredential.token(.file(path: folder.path("token"))))
        let fixed = Credential(name: "fixed", source: try StoredCredential.token(.value(Secret("t"))))
        let broker = ConfiguredCredentials([watched, fixed])
        try folder.replace("token", with: "other")
        #expect(broker.refresh(uptime: .seconds(1)).isEmpty)
        let events = broker.refresh(uptime: .seconds(2))
        #expect(events.map(\.name) == ["watched"])
        #expect(events.map(\.event) == [.rotated(accessKeyTail: nil)])
    }
}

/// Signals the signing task that the files will not change any more.
private final class Flag: Sendable {
    let isSet = Atomic<Bool>(false)
}

extension CredentialSource {
    /// The event of checking stored secrets.
    fileprivate func look(uptime: Duration) -> CredentialEvent? { refresh(uptime: uptime).first }
}
