import Foundation
import Testing

@testable import Sandbox

@Suite struct IAMServiceTests {
    @Test func `makes a token with the scope asked for`() async throws {
        try await RunningSandbox.with { running async throws in
            let user = #"{"name":"sandbox-user","password":"sandbox-password","domain":{"name":"sandbox-domain"}}"#
            let body =
                #"{"auth":{"identity":{"methods":["password"],"password":{"user":\#(user)}},"scope":{"project":{"name":"cn-north-4"}}}}"#
            let response = try running.iam("POST", "/v3/auth/tokens?nocatalog=true", body)
            let described = try #require(response.json["token"] as? [String: Any])
            #expect(response.status == 201)
            #expect(response.header("X-Subject-Token")?.hasPrefix("MII") == true)
            #expect(response.header("X-Subject-Token")?.count == 3_072)
            #expect(response.header("X-IAM-Trace-Id") != nil)
            #expect(described["expires_at"] as? String == "2026-11-24T08:15:30.000000Z")
            #expect((described["project"] as? [String: Any])?["id"] as? String == RunningSandbox.project)
            #expect(described["catalog"] == nil && described["domain"] == nil)
        }
    }

    @Test func `refuses a domain token where a project is needed`() async throws {
        try await RunningSandbox.with { running async throws in
            let token = try running.token(scope: #"{"domain":{"name":"sandbox-domain"}}"#)
            #expect(try running.hss("GET", "/host-management/hosts", token: token).status == 403)
        }
    }

    @Test(arguments: [
        (IAMErrorForm.keystone, #"{"error":{"code":401,"message":"The username or password is wrong.","title":"Unauthorized"}}"#),
        (.iam, #"{"error_msg":"The username or password is wrong.","error_code":"IAM.0062"}"#),
    ])
    func `refuses a wrong password and locks the user after five`(form: IAMErrorForm, text: String) async throws {
        try await RunningSandbox.with(RunningSandbox.configured { $0.identityErrorForm = form }) { running async throws in
            let user = #"{"name":"sandbox-user","password":"wrong","domain":{"name":"sandbox-domain"}}"#
            let body = #"{"auth":{"identity":{"methods":["password"],"password":{"user":\#(user)}}}}"#
            for _ in 0..<5 { #expect(try running.iam("POST", "/v3/auth/tokens", body).text == text) }
            #expect(try running.iam("POST", "/v3/auth/tokens", body).text.contains("Account locked."))
        }
    }

    @Test(arguments: ["", "{}", #"{"auth":{"identity":{"methods":["magic"]}}}"#, #"{"auth":{"identity":{"methods":["password"]}}}"#])
    func `refuses a body it can't use`(body: String) async throws {
        try await RunningSandbox.with { running async throws in
            let response = try running.iam("POST", "/v3/auth/tokens", body)
            #expect(response.status == 400)
            #expect(response.text == #"{"error":{"code":400,"message":"The request body is invalid","title":"Bad Request"}}"#)
        }
    }

    @Test func `shows, checks and revokes tokens`() async throws {
        try await RunningSandbox.with { running async throws in
            let (one, other) = (try running.token(), try running.token())
            let headers = [("X-Auth-Token", one), ("X-Subject-Token", other)]
            #expect(try running.iam("GET", "/v3/auth/tokens", headers: headers).status == 200)
            #expect(try running.iam("HEAD", "/v3/auth/tokens", headers: headers).header("X-Subject-Token") == other)
            #expect(try running.iam("DELETE", "/v3/auth/tokens", headers: headers).status == 204)
            #expect(try running.iam("GET", "/v3/auth/tokens", headers: headers).status == 404)
            #expect(try running.hss("GET", "/host-management/hosts", token: other).status == 401)
            #expect(try running.hss("GET", "/host-management/hosts", token: one).status == 200)
        }
    }

    @Test func `finds exactly one project by the region's name`() async throws {
        try await RunningSandbox.with { running async throws in
            let headers = [("X-Auth-Token", try running.token())]
            let found = try running.iam("GET", "/v3/projects?name=cn-north-4", headers: headers).json["projects"] as? [[String: Any]]
            #expect(found?.map { $0["id"] as? String } == [RunningSandbox.project])
            let none = try running.iam("GET", "/v3/projects?name=cn-east-3", headers: headers).json["projects"] as? [Any]
            #expect(none?.isEmpty == true)
            #expect(try running.iam("GET", "/v3/projects?name=cn-north-4").status == 401)
            #expect(try running.iam("GET", "/v3/auth/domains", headers: headers).status == 200)
            #expect(try running.iam("GET", "/v5/caller-identity", headers: headers).json["account_id"] != nil)
        }
    }

    @Test(arguments: [(899, 400), (900, 201), (86_400, 201), (86_401, 400)])
    func `hands out temporary keys for the time that IAM allows`(seconds: Int, status: Int) async throws {
        try await RunningSandbox.with { running async throws in
            let identity = #"{"methods":["token"],"token":{"duration_seconds":\#(seconds)}}"#
            let response = try running.iam(
                "POST", "/v3.0/OS-CREDENTIAL/securitytokens", #"{"auth":{"identity":\#(identity)}}"#,
                headers: [("X-Auth-Token", try running.token())])
            #expect(response.status == status)
            guard status == 201 else { return }
            let keys = try #require(response.json["credential"] as? [String: String])
            #expect(Set(keys.keys) == ["access", "secret", "securitytoken", "expires_at"])
        }
    }

    @Test func `knows the other ways to keys`() async throws {
        try await RunningSandbox.with { running async throws in
            let federated = try running.iam(
                "POST", "/v3.0/OS-AUTH/id-token/tokens", #"{"auth":{"id_token":{"id":"eyJ"}}}"#, headers: [("X-Idp-Id", "cce")])
            #expect(federated.status == 201 && federated.header("X-Subject-Token") != nil)
            let role = #"{"provider_urn":"p","agency_urn":"a","agency_session_name":"s","id_token":"eyJ","duration_seconds":3600}"#
            let assumed = try running.iam("POST", "/v5/agencies/assume-with-oidc", role).json["credentials"] as? [String: String]
            #expect(assumed?["expiration"] == "2026-11-23T09:15:30.000000Z")
            // A trust agency is assumed with a signature; a token is not accepted.
            let trusted = #"{"agency_urn":"iam::a:agency:r","agency_session_name":"s"}"#
            #expect(try running.iam("POST", "/v5/agencies/assume", trusted).status == 401)
            #expect(try running.iam("POST", "/v5/agencies/assume", trusted, headers: [("X-Auth-Token", try running.token())]).status == 401)
            #expect(try running.iam("GET", "/openstack/latest/securitykey").status == 401)
            let session = try running.iam("PUT", "/meta-data/latest/api/token", headers: [("X-Metadata-Token-Ttl-Seconds", "21600")])
            let keys = try running.iam("GET", "/openstack/latest/securitykey", headers: [("X-Metadata-Token", session.text)])
            #expect(keys.json["credential"] != nil)
            #expect(try running.iam("POST", "/podid", "{}", headers: [("Authorization", "jwt")]).json["credential"] != nil)
        }
    }

    @Test(arguments: [(MetadataSetting.tokenless(status: 404), 404, 200), (.withoutAgency, 200, 401)])
    func `plays the moods of the metadata service`(setting: MetadataSetting, token: Int, keys: Int) async throws {
        try await RunningSandbox.with(RunningSandbox.configured { $0.metadata = setting }) { running async throws in
            #expect(
                try running.iam("PUT", "/meta-data/latest/api/token", headers: [("X-Metadata-Token-Ttl-Seconds", "60")]).status == token)
            #expect(try running.iam("GET", "/openstack/latest/securitykey").status == keys)
        }
    }

    @Test func `checks identity tokens, pods, providers and agencies once it was told what they are`() async throws {
        try await RunningSandbox.with { running async throws in
            let terms = #"{"id_token":"good","pod_token":"pod","identity_provider":"cce","agency":"reader","key_lifetime":60,"token_lifetime":30}"#
            #expect(try running.iam("POST", "/sandbox/terms", terms).status == 204)
            func federate(_ token: String, _ provider: String) throws -> Int {
                try running.iam(
                    "POST", "/v3.0/OS-AUTH/id-token/tokens", #"{"auth":{"id_token":{"id":"\#(token)"}}}"#, headers: [("X-Idp-Id", provider)]
                ).status
            }
            #expect(try federate("good", "cce") == 201)
            #expect(try federate("bad", "cce") == 401)
            #expect(try federate("good", "other") == 404)
            func assume(_ token: String) throws -> RawResponse {
                let role = #"{"provider_urn":"p","agency_urn":"a","agency_session_name":"s","id_token":"\#(token)","duration_seconds":3600}"#
                return try running.iam("POST", "/v5/agencies/assume-with-oidc", role)
            }
            #expect(try assume("bad").status == 401)
            let keys = try assume("good").json["credentials"] as? [String: String]
            #expect(keys?["expiration"] == "2026-11-23T08:16:30.000000Z", "the shorter lifetime")
            #expect(try running.iam("POST", "/podid", "{}", headers: [("Authorization", "other")]).status == 401)
            #expect(try running.iam("POST", "/podid", "{}", headers: [("Authorization", "pod")]).status == 200)
            let identity = #"{"methods":["assume_role"],"assume_role":{"agency_name":"writer","domain_name":"sandbox-domain"}}"#
            let headers = [("X-Auth-Token", try running.token())]
            let refused = try running.iam("POST", "/v3.0/OS-CREDENTIAL/securitytokens", #"{"auth":{"identity":\#(identity)}}"#, headers: headers)
            #expect(refused.status == 404)
            #expect(try running.iam("POST", "/sandbox/terms", #"{"token_lifetime":"long"}"#).status == 400)
        }
    }

    @Test func `a changed password ends the tokens of the old one`() async throws {
        try await RunningSandbox.with { running async throws in
            let token = try running.token()
            #expect(try running.iam("POST", "/sandbox/terms", #"{"password":"another"}"#).status == 204)
            #expect(try running.hss("GET", "/host-management/hosts", token: token).json["error_code"] as? String == "APIGW.0307")
            let user = #"{"name":"sandbox-user","password":"another","domain":{"name":"sandbox-domain"}}"#
            let body = #"{"auth":{"identity":{"methods":["password"],"password":{"user":\#(user)}}}}"#
            #expect(try running.iam("POST", "/v3/auth/tokens", body).status == 201)
        }
    }
}
