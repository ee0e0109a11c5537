import Testing

@testable import Gateway

@Suite struct LocalAuthorityTests {
    @Test(arguments: [
        "localhost", "localhost:9090", "LOCALHOST", "127.0.0.1:9090", "10.1.2.3", "[::1]:9090", "[fe80::1%eth0]", "[::ffff:127.0.0.1]",
        "console.localhost:1", "gateway:9090",
    ])
    func `answers to addresses and to this machine`(authority: String) {
        #expect(LocalAuthority.isLocal(authority))
    }

    @Test(arguments: [
        "", "attacker.example", "attacker.example:9090", "127.0.0.1.attacker.example", "localhost.attacker.example", "1.2.3", "1.2.3.400",
        "[::1].attacker.example", "[attacker.example]", "[]",
    ])
    func `answers to nobody's name`(authority: String) {
        #expect(!LocalAuthority.isLocal(authority))
    }
}
