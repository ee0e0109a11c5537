import Testing

@testable import Transport

@Suite struct OriginTests {
    @Test(arguments: [
        (url: "https://hss.cn-north-4.example", host: "hss.cn-north-4.example", port: 443, field: "hss.cn-north-4.example"),
        (url: "HTTPS://HSS.Example:443/", host: "hss.example", port: 443, field: "hss.example"),
        (url: "https://hss.example:8443", host: "hss.example", port: 8443, field: "hss.example:8443"),
        (url: "http://127.0.0.1", host: "127.0.0.1", port: 80, field: "127.0.0.1"),
        (url: "http://127.0.0.1:443/", host: "127.0.0.1", port: 443, field: "127.0.0.1:443"),
        (url: "http://[::1]:8080", host: "::1", port: 8080, field: "[::1]:8080"),
        (url: "https://[2001:DB8::1]", host: "2001:db8::1", port: 443, field: "[2001:db8::1]"),
    ])
    func `has one form`(_ row: (url: String, host: String, port: Int, field: String)) throws {
        let origin = try Origin(url: row.url)
        #expect(origin.host == row.host)
        #expect(origin.port == row.port)
        #expect(origin.hostField == row.field)
        #expect(try Origin(url: origin.url) == origin)
    }

    @Test(
        arguments: [
            ("ftp://a", .scheme), ("a.example", .scheme), ("https:a", .scheme), ("", .scheme), ("https://", .host), ("https:///", .host),
            ("https://a b", .host), ("https://a%41", .host), ("https://ü", .host), ("https://[::1", .host), ("https://[]", .host),
            ("https://[::1]x", .host), ("https://a\r\n", .host), ("https://a\0", .host), ("https://a:", .port), ("https://a:0", .port),
            ("https://a:65536", .port), ("https://a:+1", .port), ("https://a:1:2", .port), ("https://[::1]:", .port),
            ("https://user@a", .notAnOrigin), ("https://a/b", .notAnOrigin), ("https://a?b", .notAnOrigin), ("https://a#b", .notAnOrigin),
            ("https://a\\b", .notAnOrigin),
        ] as [(String, Origin.Invalid)])
    func `refuses what is more, or less, than an origin`(url: String, fault: Origin.Invalid) {
        #expect(throws: fault) { try Origin(url: url) }
    }
}
