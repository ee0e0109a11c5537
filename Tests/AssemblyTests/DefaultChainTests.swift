import Credentials
import Testing

@testable import Assembly

/// The variables of the environment, as `default_chain` reads them.
@Suite struct DefaultChainTests {
    private static let text = """
        credentials:
          - { name: chain, type: default_chain }
        projects:
          - { name: north, id: n1, region: REGION, credential: chain }

        """

    private static let sts = ["HUAWEICLOUD_OIDC_PROVIDER_URN": "p", "HUAWEICLOUD_OIDC_AGENCY_URN": "a"]

    private func chain(_ environment: [String: String]) throws -> DefaultChain {
        let settings = try Fixture.settings(Self.text.replacing("REGION", with: "cn-north-4"))
        return try CredentialAssembly(for: settings, Fixture.surroundings(environment: environment)).defaultChain()
    }

    private func sentence<Content>(_ way: DefaultChain.Way<Content>) -> String? {
        if case .incomplete(let sentence) = way { sentence } else { nil }
    }

    @Test func `reads the SDK's variable for the token's file, and hands on what narrows the keys`() throws {
        let more = [
            "TOKEN_FILE": "/t", "SESSION_NAME": "nightly", "DURATION_SECONDS": "900", "POLICY": #"{"Version":"5.0"}"#, "POLICY_IDS": "id1, id2,",
        ]
        let environment = Self.sts.merging(more.map { ("HUAWEICLOUD_OIDC_\($0.key)", $0.value) }) { $1 }
        guard case .ready(let (role, token)) = try chain(environment).assumedRole, case .file("/t") = token else {
            Issue.record("not ready")
            return
        }
        #expect(role.sessionName == "nightly" && role.duration == .seconds(900) && role.policy == #"{"Version":"5.0"}"#)
        #expect(role.policyIDs == ["id1", "id2"])
    }

    @Test func `the token itself counts before its file, as in the SDK`() throws {
        let both = Self.sts.merging(["HUAWEICLOUD_OIDC_ID_TOKEN": "jwt", "HUAWEICLOUD_OIDC_TOKEN_FILE": "/t"]) { $1 }
        guard case .ready(let (_, token)) = try chain(both).assumedRole, case .environment("HUAWEICLOUD_OIDC_ID_TOKEN") = token else {
            Issue.record("not the variable")
            return
        }
    }

    @Test(arguments: [
        (["HUAWEICLOUD_OIDC_PROVIDER_URN": "p"], "HUAWEICLOUD_OIDC_AGENCY_URN"), (sts, "HUAWEICLOUD_OIDC_TOKEN_FILE"),
        (sts.merging(["HUAWEICLOUD_OIDC_ID_TOKEN_FILE": "/t"]) { $1 }, "HUAWEICLOUD_OIDC_TOKEN_FILE"),
        (["HUAWEICLOUD_OIDC_POLICY": "{}"], "HUAWEICLOUD_OIDC_PROVIDER_URN"),
        (sts.merging(["HUAWEICLOUD_OIDC_TOKEN_FILE": "/t", "HUAWEICLOUD_OIDC_DURATION_SECONDS": "1h"]) { $1 }, "HUAWEICLOUD_OIDC_DURATION_SECONDS"),
    ])
    func `an agency that is named in part is incomplete, by the name of what is missing`(environment: [String: String], name: String) throws {
        let sentence = sentence(try chain(environment).assumedRole)
        #expect(sentence?.contains(name) == true, "\(sentence ?? "")")
    }

    @Test func `so are an identity provider and a pod's agent`() throws {
        #expect(sentence(try chain(["HUAWEICLOUD_SDK_IDP_ID": "i"]).federation)?.contains("HUAWEICLOUD_SDK_ID_TOKEN_FILE") == true)
        #expect(sentence(try chain(["HUAWEICLOUD_SDK_ID_TOKEN_FILE": "/t"]).federation)?.contains("HUAWEICLOUD_SDK_IDP_ID") == true)
        let url = ["HC_CONTAINER_CREDENTIALS_FULL_URI": "http://169.254.1.1/v1"]
        #expect(sentence(try chain(url).pod)?.contains("HC_CONTAINER_AUTHORIZATION_TOKEN_FILE") == true)
    }

    @Test(arguments: ["cn-north-4", "eu-west-101"])
    func `an agency of a cloud whose STS nobody knows keeps the gateway from starting`(region: String) throws {
        let settings = try Fixture.settings(Self.text.replacing("REGION", with: region))
        let environment = Self.sts.merging(["HUAWEICLOUD_OIDC_TOKEN_FILE": "/t"]) { $1 }
        var message = ""
        do throws(Failure) {
            _ = try CredentialAssembly.credentials(settings, Fixture.surroundings(environment: environment))
        } catch {
            message = error.message
        }
        #expect(message.contains("regions.eu-west-101") == (region == "eu-west-101"))
        let named = environment.merging(["HUAWEICLOUD_SDK_STS_ENDPOINT": "https://sts.example"]) { $1 }
        _ = try CredentialAssembly.credentials(settings, Fixture.surroundings(environment: named))
    }
}
