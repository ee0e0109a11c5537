import Settings
import Testing
import Transport

@testable import Assembly

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
            ("a.example, b.example", "a.example,b.example", 0), ("*.corp.example", ".corp.example", 0), ("*", "*", 0),
            ("host.example:8443", "host.example", 1), ("[2001:db8::1]:443,2001:db8::2", "2001:db8::1,2001:db8::2", 1),
            ("10.0.0.0/8,169.254.169.254", "10.0.0.0/8,169.254.169.254", 0), ("*.corp.example:443", ".corp.example", 1),
            ("a*.example,b.example", "b.example", 1), ("", "", 0), ("host:99999", "", 1), ("https://a.example", "", 1),
            ("<local>,b.example", "b.example", 1), ("a.example;b.example", "", 1), ("my_host,b.example.", "my_host,b.example.", 0),
            ("10.0.0.0/33,fd00::/8,[2001:db8::3]", "fd00::/8,2001:db8::3", 1),
        ] as [(String, String, Int)])
    func `translates the exceptions of the proxy into what libcurl knows, and says where they differ`(
        written: String, text: String, warnings: Int
    ) {
        let exceptions = ProxyExceptions(written)
        #expect(exceptions.text == text)
        #expect(exceptions.warnings.count == warnings, "\(exceptions.warnings)")
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
