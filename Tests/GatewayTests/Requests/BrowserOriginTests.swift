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

    @Test(arguments: ["sec-fetch-dest", "Sec-Fetch-User", "Sec-CH-UA"])
    func `knows a browser by what only browsers send`(name: String) {
        #expect(InboundFields(HTTPHeaders([(name, "x")])).comesFromBrowser)
        // As `fetch` of Node.js sends it.
        #expect(!InboundFields(HTTPHeaders([("User-Agent", "node"), ("Sec-Fetch-Mode", "cors")])).comesFromBrowser)
    }

    @Test func `knows a browser that says nothing of its page`() {
        func isBrowser(_ userAgent: String) -> Bool { InboundFields(HTTPHeaders([("User-Agent", userAgent)])).comesFromBrowser }
        #expect(isBrowser("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"))
        #expect(isBrowser("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"))
        #expect(isBrowser("mozilla/4.0 (compatible; MSIE 6.0)"))
        #expect(!isBrowser("Mozilla/5.0 (Windows NT; Windows NT 10.0; en-US) WindowsPowerShell/5.1.22621.4391"))
        for program in ["curl/8.5.0", "", "huaweicloud-usdk-python/3.0"] { #expect(!isBrowser(program)) }
        #expect(!InboundFields(HTTPHeaders()).comesFromBrowser && InboundFields(HTTPHeaders([("Origin", "null")])).comesFromBrowser)
    }
}
