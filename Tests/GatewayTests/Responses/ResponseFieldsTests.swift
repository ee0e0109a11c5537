import Testing

@testable import Gateway

@Suite struct ResponseFieldsTests {
    private static func passes(_ name: String) -> Bool {
        Array(name.utf8).withUnsafeBytes { ResponseFields.passesAlways($0) }
    }

    @Test(arguments: [
        "Connection", "Keep-Alive", "TE", "Trailer", "Upgrade", "Transfer-Encoding", "Proxy-Connection", "Proxy-Authenticate",
        "Proxy-Authentication-Info", "Set-Cookie", "Set-Cookie2", "Alt-Svc", "Audit-Id", "X-Request-Id", "X-HSSGW-Source", "Content-Length",
        "Refresh", "Clear-Site-Data", "Report-To", "Reporting-Endpoints", "NEL",
        "X-Auth-Token", "X-Subject-Token", "X-Service-Token", "X-Security-Token", "Authorization", "Proxy-Authorization", "Authentication-Info",
    ])
    func `drops what belongs to the hop, to a session or to the gateway`(name: String) {
        for spelling in [name, name.lowercased(), name.uppercased()] { #expect(!Self.passes(spelling), "\(spelling)") }
    }

    @Test(arguments: [
        "", "T", "TEA", "Content-Type", "Content-Encoding", "Content-Disposition", "Content-Range", "ETag", "Last-Modified", "Date",
        "Server",
        "Retry-After", "Location", "Vary", "Cache-Control", "WWW-Authenticate", "X-Apig-Ratelimit-Api", "X-Connection", "Cookie",
        "Upgrades",
        "Content_Length", "Set-Cookie3", "X-Request-Id2", "Strict-Transport-Security",
    ])
    func `passes everything else`(name: String) {
        #expect(Self.passes(name))
    }
}
