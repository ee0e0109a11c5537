import Foundation
import Policy
import Testing

@testable import Credentials

@Suite struct SecretTests {
    static let canary = "CANARY-q8Zr5vT1-NEVER-SHOW"

    /// All text representations of a value in Swift.
    private static func renderings(_ value: Any) -> String {
        var dumped = ""
        dump(value, to: &dumped)
        let children = Mirror(reflecting: value).children.map { "\($0)" }.joined()
        let optional: Any? = value
        return [
            "\(value)", String(describing: value), String(reflecting: value), "\([value])", "\(String(describing: optional))",
            "\(["k": value])",
            dumped, children,
        ].joined(separator: "\n")
    }

    @Test func `never shows in any text that Swift makes of a value`() async throws {
        let secret = Secret(Self.canary)
        let pair = AccessKeyPair(accessKeyID: "HPUAEXAMPLEACCESSKEY", secretKey: secret, securityToken: secret)
        let key = SigningKey(pair)
        let request = CredentialRequest(method: "GET", target: try RequestTarget(originForm: "/v5/p/x"), host: "h")
        let time = SigningTime(secondsSinceEpoch: 0)
        let stored = try StoredCredential.accessKey(id: .value(Secret("AK")), secretKey: .value(secret), securityToken: .value(secret))
        let credential = Credential(name: "c", source: stored)
        let values: [Any] = [
            secret, pair, key, SecretSource.value(secret), CredentialMaterial.token(secret), CredentialMaterial.signingKey(key), stored,
            credential,
            ConfiguredCredentials([credential]), SecretPart(source: .value(secret), format: .text),
            try CredentialMaterial.token(secret).headers(for: request, at: time),
            try CredentialMaterial.signingKey(key).headers(for: request, at: time), try #require(credential.materialAtHand()),
            try #require(try CredentialMaterial.signingKey(key).explain(request, at: time)),
        ]
        for value in values {
            let text = Self.renderings(value)
            #expect(!text.contains(Self.canary), "\(type(of: value))")
            #expect(!text.contains(String(Array(Self.canary.utf8).description.dropFirst().dropLast())), "\(type(of: value))")
        }
        #expect("\(secret)" == "<secret>")
        #expect(String(reflecting: secret) == "<secret>")
    }

    @Test func `never shows in an error`() throws {
        let folder = try TemporaryFolder()
        for content in [Self.canary + "\n" + Self.canary, " " + Self.canary, Self.canary + "\u{1}", Self.canary + "é"] {
            try folder.replace("token", with: content)
            let fault = #expect(throws: SecretFault.self) { try StoredCredential.token(.file(path: folder.path("token"))) }
            let text = Self.renderings(try #require(fault)) + (fault?.sentence ?? "")
            #expect(!text.contains(Self.canary))
            #expect(text.contains(folder.path("token")))
        }
    }

    @Test(arguments: [("", "", true), ("a", "a", true), ("a", "b", false), ("a", "aa", false), ("secret", "Secret", false)])
    func `compares by content`(first: String, second: String, areEqual: Bool) {
        #expect(Secret(first).isEqual(to: Secret(second)) == areEqual)
    }
}
