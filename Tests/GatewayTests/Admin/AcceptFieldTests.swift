import Testing

@testable import Administration

@Suite struct AcceptFieldTests {
    private static let offers = ["application/json", "text/csv", "text/plain"]

    @Test(
        arguments: [
            (nil, 0), ("", 0), ("nonsense", 0), ("text/csv", 1), ("TEXT/CSV ; q=0.3", 1), ("text/*", 1), ("*/*", 0), ("text/csv, */*", 1),
            ("text/csv;q=0", nil), ("text/csv;q=0, */*", 0), ("text/csv;q=0.000, text/*", 2), ("application/json;q=0.5, text/plain;q=0.501", 2),
            ("image/png", nil), ("*/*;q=0", nil), ("text/csv;q=2", 0), ("text/csv;q=1.001, text/plain", 2),
            ("text/csv;q=0.1234, text/plain;q=0.1", 2),
            ("text/csv;header=absent;q=0.4, text/plain;q=0.3", 1), ("text/csv;q=0.5, text/csv;q=0.9, text/plain;q=0.7", 1),
        ] as [(String?, Int?)])
    func `knows what is liked best, and takes q=0 for a no`(text: String?, best: Int?) {
        #expect(AcceptField(text).best(of: Self.offers) == best)
    }
}
