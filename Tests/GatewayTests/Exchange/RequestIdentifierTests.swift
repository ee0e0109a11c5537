import Testing

@testable import Gateway

@Suite struct RequestIdentifierTests {
    @Test(arguments: ["a", "0", ".", "A-z_0.9", String(repeating: "x", count: 128)])
    func `keeps what is safe everywhere`(text: String) {
        #expect(RequestIdentifier.isSane(text))
    }

    @Test(arguments: ["", " ", "a b", "a\n", "a/b", "a:b", "a\"", "é", "a\u{301}", "\u{0}", "a,b", String(repeating: "x", count: 129)])
    func `keeps nothing else`(text: String) {
        #expect(!RequestIdentifier.isSane(text))
    }
}
