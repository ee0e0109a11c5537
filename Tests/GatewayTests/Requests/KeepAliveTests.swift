import NIOHTTP1
import Testing

@testable import Gateway

@Suite struct KeepAliveTests {
    @Test(
        arguments: [
            (HTTPVersion.http1_1, [], true),
            (.http1_1, ["close"], false),
            (.http1_1, ["Close"], false),
            (.http1_1, ["x-any ,\t CLOSE "], false),
            (.http1_1, ["keep-alive", "close"], false),
            (.http1_1, ["close, keep-alive"], false),
            (.http1_1, ["keep-alive"], true),
            (.http1_1, ["closed"], true),
            (.http1_1, ["Upgrade, HTTP2-Settings"], false),
            (.http1_0, [], false),
            (.http1_0, ["Keep-Alive"], true),
            (.http1_0, ["keep-alive, close"], false),
            (.http1_0, ["x-keep-alive"], false),
        ] as [(HTTPVersion, [String], Bool)])
    func `keeps the connection as RFC 9112 section 9.3 says`(version: HTTPVersion, options: [String], keeps: Bool) {
        let head = HTTPRequestHead(version: version, method: .GET, uri: "/", headers: HTTPHeaders(options.map { ("Connection", $0) }))
        #expect(KeepAlive.isWanted(by: head, InboundFields(head.headers)) == keeps)
    }
}
