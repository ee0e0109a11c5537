import Foundation
import Testing

@testable import Sandbox

@Suite struct AuthenticationGateTests {
    private static let target = "/v5/\(RunningSandbox.project)/vulnerability/vulnerabilities"

    @Test(
        arguments: [
            ([], "x-auth-token not found"), ([("X-Auth-Token", "nonsense")], "decrypt token fail"),
            ([("Authorization", "Bearer abc")], "decrypt token fail"),
            ([("Authorization", "SDK-HMAC-SHA256 Access=NOBODY, SignedHeaders=x-sdk-date, Signature=00")], "ak NOBODY not exist"),
            (
                [("Authorization", "SDK-HMAC-SHA256 Credential=AK/20261123/r/s/sdk_request, SignedHeaders=host, Signature=00")],
                "verify aksk signature fail"
            ),
            (
                [("Authorization", "V11-HMAC-SHA256 Credential=AK/20261123/r/s, SignedHeaders=host, Signature=00")],
                "verify aksk signature fail"
            ),
        ] as [([(String, String)], String)])
    func `refuses bad credentials in the words of the cloud`(headers: [(String, String)], detail: String) async throws {
        try await RunningSandbox.with { running async throws in
            let response = try running.send(running.hssPort, RunningSandbox.bytes("GET", Self.target, headers))
            #expect(response.status == 401)
            #expect(response.json["error_code"] as? String == "APIGW.0301")
            #expect(response.json["error_msg"] as? String == "Incorrect IAM authentication information: \(detail)")
            #expect(response.json["request_id"] as? String == response.header("X-Request-Id"))
            #expect(response.header("X-Request-Id")?.count == 32)
        }
    }

    @Test func `refuses a signature and a token together and marks it`() async throws {
        try await RunningSandbox.with { running async throws in
            let token = try running.token()
            let headers = SignatureVector.all[0].headers + [("X-Auth-Token", token)]
            let response = try running.send(
                running.hssPort, RunningSandbox.bytes("POST", SignatureVector.all[0].target, headers, SignatureVector.all[0].body))
            #expect(response.status == 401)
            #expect(running.sandbox.ledger.entries.last?.notes == [.bothCredentials])
        }
    }

    @Test func `answers a wrong signature with its own canonical request`() async throws {
        try await RunningSandbox.with { running async throws in
            var vector = SignatureVector.all[0]
            vector.body += " "
            let message = try running.send(vector).json["error_msg"] as? String ?? ""
            #expect(
                message.contains("verify aksk signature fail, canonicalRequest:POST|/v5/\(RunningSandbox.project)/image/baseline/export/|"))
        }
    }

    @Test func `locks an access key after five failures, for five minutes, even for right signatures`() async throws {
        let clock = HandClock()
        try await RunningSandbox.with(RunningSandbox.configured { $0.clock = { clock.now } }) { running async throws in
            let good = SignatureVector.all[0]
            var bad = good
            bad.body += " "
            for _ in 0..<4 { #expect(try running.send(bad).status == 401) }
            #expect(try running.send(good).status == 200)
            for _ in 0..<5 { #expect(try running.send(bad).text.contains("verify aksk signature fail")) }
            #expect(try running.send(good).text.contains("AK access failed to reach the limit,forbidden"))
            clock.advance(by: .seconds(299))
            #expect(try running.send(good).status == 401)
            clock.advance(by: .seconds(1))
            #expect(try running.send(good).status == 200)
        }
    }

    @Test func `tells an expired token from a superseded one`() async throws {
        try await RunningSandbox.with { running async throws in
            let token = try running.token()
            #expect(try running.hss("GET", "/vulnerability/vulnerabilities", token: token).status == 200)
            running.sandbox.supersedeTokens()
            #expect(try running.hss("GET", "/vulnerability/vulnerabilities", token: token).json["error_code"] as? String == "APIGW.0307")
            let second = try running.token()
            try running.iam("POST", "/sandbox/clock", #"{"offset":86400}"#)
            let expired = try running.hss("GET", "/vulnerability/vulnerabilities", token: second)
            #expect(expired.status == 401)
            #expect(expired.text.contains("token expires, expires_at: 2026-11-24T08:15:30.000000Z"))
        }
    }

    @Test func `wants the security token of temporary keys`() async throws {
        try await RunningSandbox.with(RunningSandbox.configured { $0.accounts[0].securityToken = "issued-with-the-keys" }) {
            running async throws in
            let vector = SignatureVector.all[0]
            let refused = try running.send(vector)
            #expect(
                refused.json["error_msg"] as? String
                    == "Incorrect IAM authentication information: ak \(SignatureVector.accessKey) not exist")
            let headers = vector.headers + [("X-Security-Token", "issued-with-the-keys")]
            let accepted = try running.send(running.hssPort, RunningSandbox.bytes(vector.method, vector.target, headers, vector.body))
            #expect(accepted.status == 200)
        }
    }
}
