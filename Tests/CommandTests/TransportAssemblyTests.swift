import Settings
import Testing
import Transport

@testable import hss_gateway

@Suite struct TransportAssemblyTests {
    @Test func `prefers the file's endpoint to the built-in one`() throws {
        let text = Fixture.projects + "regions:\n  cn-north-4: { hss: \"http://127.0.0.1:9\" }\n"
        let settings = try Fixture.settings(text)
        #expect(try TransportAssembly.origin(of: "cn-north-4", in: settings).hostField == "127.0.0.1:9")
        #expect(try TransportAssembly.origin(of: "cn-north-1", in: settings).hostField == "hss.cn-north-1.myhuaweicloud.com")
        #expect(try TransportAssembly.origin(of: "cn-north-1", in: settings).scheme == .https)
        #expect { try TransportAssembly.origin(of: "nowhere-1", in: settings) } throws: {
            ($0 as? Failure)?.message.contains("nowhere-1") == true
        }
    }

    @Test(
        arguments: [
            (["HTTPS_PROXY": "http://p:1"], "http://p:1", nil), (["https_proxy": "http://p:2", "no_proxy": "a,b"], "http://p:2", "a,b"),
            (["HTTP_PROXY": "http://p:3", "ALL_PROXY": "http://p:4"], nil, nil), (["HTTPS_PROXY": ""], nil, nil),
        ] as [([String: String], String?, String?)])
    func `honours the egress proxy of the environment`(environment: [String: String], proxy: String?, exceptions: String?) throws {
        let settings = try Fixture.settings(Fixture.projects)
        let configuration = try TransportAssembly.configuration(settings.upstream, environment: environment)
        #expect(configuration.proxy == proxy)
        #expect(configuration.noProxy == exceptions)
    }
}
