import NIOHTTP1
import Testing

@testable import Gateway

@Suite struct BrowserOriginTests {
    private static func isForeign(_ fields: [(String, String)], host: String = "gateway.corp:8080") -> Bool {
        InboundFields(HTTPHeaders(fields)).browser.isForeign(to: host)
    }

    @Test(arguments: [
        [], [("Sec-Fetch-Site", "same-origin")], [("sec-fetch-site", "none")], [("Origin", "http://gateway.corp:8080")],
        [("Origin", "http://GATEWAY.corp:8080"), ("Sec-Fetch-Site", "same-origin")],
    ])
    func `lets programs and the gateway's own pages pass`(fields: [(String, String)]) {
        #expect(!Self.isForeign(fields))
    }

    @Test(arguments: [
        [("Sec-Fetch-Site", "cross-site")], [("SEC-FETCH-SITE", "Cross-Site")], [("Sec-Fetch-Site", "same-site")], [("Sec-Fetch-Site", "")],
        [("Sec-Fetch-Site", "none"), ("Sec-Fetch-Site", "none")], [("Sec-Fetch-Site", "same-origin"), ("Origin", "https://evil.example")],
        [("Origin", "null")], [("Origin", "")], [("Origin", "http://gateway.corp")], [("Origin", "https://gateway.corp:8443")],
        [("Origin", "http://gateway.corp.evil.example:8080")], [("Origin", "http://evil@gateway.corp:8080")],
        [("Origin", "file://")], [("Origin", "http://gateway.corp:8080 http://evil.example")], [("Origin", "chrome-extension://gateway.corp:8080")],
        [("Origin", "http://gateway.corp:8080"), ("Origin", "http://evil.example")],
    ])
    func `takes every other page for a foreign one`(fields: [(String, String)]) {
        #expect(Self.isForeign(fields))
    }

    @Test func `knows a scheme's own port`() {
        #expect(!Self.isForeign([("Origin", "https://gateway.corp")], host: "gateway.corp:443"))
        #expect(!Self.isForeign([("Origin", "http://[::1]")], host: "[::1]"))
        #expect(Self.isForeign([("Origin", "http://[::1]:3000")], host: "[::1]:8080"))
    }
}
