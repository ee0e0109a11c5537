import Policy
import Testing

@testable import Recognition

@Suite struct ForwardedForTests {
    private static let trusted = [Network("10.0.0.0/8"), Network("fd00::/8")].compactMap { $0 }

    @Test(
        arguments: [
            (["192.0.2.1"], "192.0.2.1"), (["192.0.2.1, 10.1.1.1"], "192.0.2.1"), (["203.0.113.9, 192.0.2.1, 10.1.1.1, 10.2.2.2"], "192.0.2.1"),
            (["203.0.113.9", "192.0.2.1"], "192.0.2.1"), (["192.0.2.1:4711"], "192.0.2.1"),
            (["[2001:db8::1]:80"], "2001:db8::1"), (["2001:db8::1, fd00::2"], "2001:db8::1"), (["not an address, 192.0.2.1"], "192.0.2.1"),
        ] as [([String], String)])
    func `takes the last address that no trusted proxy has`(values: [String], client: String) throws {
        let sender = try ForwardedFor.sender(values, trusted: Self.trusted)
        #expect(sender == ForwardedFor.Sender(client: NetworkAddress(client), text: client))
    }

    @Test func `leaves a proxy's own requests to the proxy`() throws {
        #expect(try ForwardedFor.sender([], trusted: Self.trusted) == nil)
        #expect(try ForwardedFor.sender([""], trusted: Self.trusted) == nil)
    }

    @Test(
        arguments: [
            (["10.1.1.1"], "10.1.1.1"), (["10.2.2.2, 10.1.1.1"], "10.2.2.2"), (["fd00::2", "[fd00::1]:80"], "fd00::2"),
        ] as [([String], String)])
    func `takes no proxy for a client where each has named only the next`(values: [String], first: String) throws {
        #expect(try ForwardedFor.sender(values, trusted: Self.trusted) == ForwardedFor.Sender(client: nil, text: first))
    }

    @Test(arguments: [
        "unknown", "192.0.2.1,", "192.0.2.1, x, 10.1.1.1", "_hidden", "300.1.1.1", "192.0.2.1:a", "192.0.2.1:", "[2001:db8::1]x", "[192.0.2.1",
    ])
    func `believes nothing where the proxy wrote no address`(value: String) {
        #expect(throws: RecognitionFault.unreadableForwarding) { try ForwardedFor.sender([value], trusted: Self.trusted) }
    }
}
