import Audit
import Testing

@testable import Shipping

@Suite struct SyslogTests {
    private static let line =
        #"{"v":1,"seq":7,"id":"01a20afd-a6dc-7000-8a16-e68d45e0ae06","phase":"response","#
        + #""time":"2026-11-24T00:38:45.215632Z","outcome":"failure","gateway":{"instance":"gw-1"}}"#

    private static func message(_ line: String, limit: Int) -> String {
        let bytes = Array(line.utf8).withUnsafeBytes { SyslogMessage(hostname: "gw 1", processID: 9).bytes(7, $0, limit: limit) }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func `names the record in its structured data and carries the line as it is`() {
        #expect(
            Self.message(Self.line, limit: 8_192)
                == "<108>1 2026-11-24T00:38:45.215632Z gw_1 hss-gateway 9 response [hssgw@32473 instance=\"gw_1\" seq=\"7\"] \(Self.line)")
    }

    @Test func `cuts a long line on a whole character and says so`() {
        for limit in 200..<260 {
            let long = #"{"v":1,"seq":7,"phase":"event","time":"2026-11-24T00:38:45.215632Z","x":"\#(String(repeating: "€", count: 200))"}"#
            let message = Self.message(long, limit: limit)
            #expect(message.utf8.count <= limit && message.utf8.count > limit - 3, "\(limit)")
            #expect(message.contains("truncated=\"1\""))
            #expect(!message.contains("\u{FFFD}"))
        }
    }
}
