import Settings
import Testing

@testable import Assembly

@Suite struct OwnListenersTests {
    private static func check(listen: String, hss: String) throws {
        try OwnListeners.checkEndpoints(
            try Fixture.settings(
                """
                listeners:
                  - { name: internal, address: "\(listen)", anonymous: true }
                regions:
                  cn-north-4: { hss: "\(hss)" }

                """ + Fixture.projects))
    }

    @Test(arguments: [
        ("127.0.0.1:8080", "http://127.0.0.1:8080"), ("0.0.0.0:8080", "http://127.0.0.1:8080"), ("[::]:8080", "http://127.0.0.1:8080"),
        ("127.0.0.1:8080", "http://localhost:8080"), ("0.0.0.0:443", "https://localhost"),
        ("127.0.0.1:8080", "http://[::ffff:127.0.0.1]:8080"), ("[::ffff:127.0.0.1]:8080", "http://127.0.0.1:8080"),
        ("127.0.0.1:8443", "https://0.0.0.0:8443"), ("[::1]:8443", "https://[::]:8443"),
    ])
    func `refuses an endpoint that is a listener of this gateway`(listen: String, hss: String) {
        #expect { try Self.check(listen: listen, hss: hss) } throws: { error in
            let failure = error as? Failure
            return failure?.code == .badConfiguration && failure?.message.contains("internal") == true
                && failure?.message.contains("cn-north-4") == true
        }
    }

    @Test(arguments: [
        ("127.0.0.1:8080", "http://127.0.0.1:8081"), ("127.0.0.2:8080", "http://127.0.0.1:8080"), ("0.0.0.0:8443", "https://192.0.2.1:8443"),
        ("127.0.0.1:0", "http://127.0.0.1:9"),
    ])
    func `takes an endpoint that leads elsewhere`(listen: String, hss: String) throws {
        try Self.check(listen: listen, hss: hss)
    }
}
