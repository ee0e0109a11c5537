import Testing

@testable import Codecs

@Suite struct SyslogAddressTests {
    @Test(arguments: [
        ("tls://logs.example:6514", SyslogAddress.tls(host: "logs.example", port: 6514)), ("logs.example", .tls(host: "logs.example", port: 6514)),
        ("tls://[::1]:1", .tls(host: "::1", port: 1)), ("tcp://h", .tcp(host: "h", port: 601)), ("udp://h:514", .udp(host: "h", port: 514)),
        ("unix:///dev/log", .unix(path: "/dev/log")),
    ])
    func `reads addresses`(text: String, address: SyslogAddress) {
        #expect(SyslogAddress(text) == address)
    }

    @Test(arguments: ["", "http://h", "tls://", "tls://h:0", "tls://h:x", "tls://h:70000", "unix://relative", "tls://u@h", "tls://[::1", "tcp://h/p"])
    func `refuses what is no address`(text: String) {
        #expect(SyslogAddress(text) == nil)
    }
}
