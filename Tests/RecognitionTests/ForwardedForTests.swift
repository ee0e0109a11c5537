import Policy
import Testing

@testable import Recognition

@Suite struct ForwardedForTests {
    private static let trusted = [Network("10.0.0.0/8"), Network("fd00::/8")].compactMap { $0 }

    @Test(
        arguments: [
            (["192.0.2.1"], "192.0.2.1"), (["192.0.2.1, 10.1.1.1"], "192.0.2.1"), (["203.0.113.9, 192.0.2.1, 10.1.1.1, 10.2.2.2"], "192.0.2.1"),
            (["203.0.113.9", "192.0.2.1"], "192.0.2.1"), (["10.1.1.1"], "10.1.1.1"), (["192.0.2.1:4711"], "192.0.2.1"),
            (["[2001:db8::1]:80"], "2001:db8::1"), (["2001:db8::1, fd00::2"], "2001:db8::1"), (["not an address, 192.0.2.1"], "192.0.2.1"),
        ] as [([String], String)])
    func `takes the last address that no trusted proxy has`(values: [String], client: String) throws {
        #expect(try ForwardedFor.client(values, trusted: Self.trusted)?.text == client)
    }

    @Test func `leaves a proxy's own requests to the proxy`() throws {
        #expect(try ForwardedFor.client([], trusted: Self.trusted) == nil)
        #expect(try ForwardedFor.client([""], trusted: Self.trusted) == nil)
    }

    @Test(arguments: [
        "unknown", "192.0.2.1,", "192.0.2.1, x, 10.1.1.1", "_hidden", "300.1.1.1", "192.0.2.1:a", "192.0.2.1:", "[2001:db8::1]x", "[192.0.2.1",
    ])
    func `believes nothing where the proxy wrote no address`(value: String) {
        #expect(throws: RecognitionFault.unreadableForwarding) { try ForwardedFor.client([value], trusted: Self.trusted) }
    }
}
