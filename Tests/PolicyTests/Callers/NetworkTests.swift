import Testing

@testable import Policy

@Suite struct NetworkTests {
    @Test(arguments: [
        ("10.0.0.0/8", "10.255.255.255", true), ("10.0.0.0/8", "11.0.0.0", false), ("10.0.0.0/8", "9.255.255.255", false),
        ("192.0.2.128/25", "192.0.2.127", false), ("192.0.2.128/25", "192.0.2.128", true), ("192.0.2.7", "192.0.2.7", true),
        ("192.0.2.7", "192.0.2.6", false), ("192.0.2.7/32", "192.0.2.7", true), ("192.0.2.6/31", "192.0.2.7", true),
        ("0.0.0.0/0", "255.255.255.255", true), ("0.0.0.0/0", "::1", false), ("0.0.0.0/0", "::", false),
        ("0.0.0.0/0", "::ffff:1.2.3.4", true),
        ("10.0.0.0/8", "::ffff:10.1.2.3", true), ("10.0.0.0/8", "::ffff:a01:203", true), ("10.0.0.0/8", "::10.1.2.3", false),
        ("::ffff:10.0.0.0/104", "10.1.2.3", true), ("::ffff:10.0.0.0/104", "11.1.2.3", false), ("::/0", "1.2.3.4", true),
        ("::/0", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", true), ("::1", "::1", true), ("::1/128", "::2", false),
        ("::1", "127.0.0.1", false),
        ("fd00::/8", "fdff::1", true), ("fd00::/8", "fe00::1", false), ("2001:db8::/32", "2001:DB8:ffff::", true),
        ("2001:db8::/32", "2001:db9::", false), ("2001:db8:0:1::/64", "2001:db8:0:1:ffff::", true),
        ("2001:db8:0:1::/64", "2001:db8:0:2::", false),
        ("2001:db8::8000:0:0:0/65", "2001:db8::8000:0:0:1", true), ("2001:db8::8000:0:0:0/65", "2001:db8::7fff:0:0:1", false),
        ("2001:db8:0:2::/63", "2001:db8:0:3:ffff::", true), ("2001:db8:0:2::/63", "2001:db8:0:1::", false),
    ])
    func `holds exactly the addresses of its prefix`(network: String, address: String, holds: Bool) throws {
        #expect(try #require(Network(network)).contains(try #require(NetworkAddress(address))) == holds)
    }

    @Test(arguments: [
        "10.0.0.7/8", "192.0.2.1/31", "0.0.0.1/0", "128.0.0.0/0", "192.0.2.128/24", "fd00::1/8", "::1/0", "::1/127", "2001:db8:0:1::/63",
        "2001:db8::1/64", "::ffff:10.0.0.1/104",
    ])
    func `refuses host bits, which two readers take for different networks`(text: String) {
        #expect(Network(text) == nil)
    }

    @Test(arguments: [
        "", "/", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/08", "10.0.0.0/8/8", "10.0.0.0/ 8",
        " 10.0.0.0/8",
        "10.0.0/8", "10/8", "010.0.0.0/8", "10.0.0.0.0/8", "10.0.0.256", "0x0a.0.0.0/8", "::/129", "[::]/0", "fe80::1%eth0",
        "::ffff:10.0.0.0/129",
        "localhost", "10.0.0.0/8\n", "１0.0.0.0/8",
    ])
    func `refuses what is no network`(text: String) {
        #expect(Network(text) == nil)
    }

    @Test func `means the same network whatever its spelling`() {
        #expect(Network("192.0.2.7") == Network("192.0.2.7/32"))
        #expect(Network("::ffff:10.0.0.0/104") == Network("10.0.0.0/8"))
        #expect(Network("2001:DB8::/32") == Network("2001:db8:0:0::/32"))
    }
}
