import Testing

@testable import Gateway

@Suite struct AuthorityTests {
    @Test(
        arguments: [
            ("gw", "gw", nil), ("GW.Internal", "gw.internal", nil), ("gw:8080", "gw", 8080), ("gw:", "gw", nil), ("gw:00080", "gw", 80),
            ("127.0.0.1:1", "127.0.0.1", 1), ("[::1]", "[::1]", nil), ("[::1]:65535", "[::1]", 65_535), ("[FE80::A]:", "[fe80::a]", nil),
            ("[::ffff:10.0.0.1]:80", "[::ffff:10.0.0.1]", 80),
        ] as [(String, String, Int?)])
    func `splits host and port`(text: String, host: String, port: Int?) {
        let authority = Authority(text)
        #expect(authority?.host == host)
        #expect(authority?.port == port)
    }

    @Test(arguments: [
        "", ":", ":80", "gw:65536", "gw:0", "gw:-1", "gw:+1", "gw:8 0", "gw:000080", "gw:80:80", "a b", "a@b", "a/b", "a%62", "a,b", "a;b",
        "[]", "[", "]", "[]:80", "[::1", "::1", "[::1]80", "[::1]x", "[::g]", "[fe80::1%25eth0]", "[[::1]]", "[::1]:80:80", "bücher",
        "gw\u{0}",
    ])
    func `refuses what is no host with an optional port`(text: String) {
        #expect(Authority(text) == nil)
    }

    /// A combining mark forms one `Character` with the character before it; parsers that count bytes see it separately.
    @Test(arguments: ["[\u{301}::1]", "[::1]\u{301}", "[::1]:\u{301}80", "gw:\u{301}80", "gw\u{301}:80", "[::1\u{301}]:80"])
    func `refuses marks that hide in a Character`(text: String) {
        #expect(Authority(text) == nil)
    }
}
