import Testing

@testable import Administration

@Suite struct RecentCountTests {
    private static let start = ContinuousClock.now

    /// Readings of a counter, each with its time since the start in seconds.
    private static func counts(_ readings: [(seconds: Double, total: UInt64)]) -> [Int64] {
        var recent = RecentCount()
        return readings.map { recent.note($0.total, at: start + .seconds($0.seconds)) }
    }

    @Test func `everything since the first reading counts while that is younger than a minute`() {
        #expect(Self.counts([(0, 5), (10, 25), (20, 26), (60, 30)]) == [0, 20, 21, 25])
    }

    @Test func `what is older than a minute counts no more`() {
        let steady = Self.counts((0...30).map { (Double($0) * 10, UInt64($0) * 100) })
        #expect(steady.dropFirst(6).allSatisfy { $0 == 600 })
        #expect(Self.counts([(0, 0), (10, 1_000), (20, 1_000), (70, 1_000), (80, 1_000)]).last == 0)
    }

    @Test func `readings that came late are brought to a minute`() {
        #expect(Self.counts([(0, 0), (120, 1_000)]) == [0, 500])
        #expect(Self.counts([(0, 0), (50, 0), (115, 650)]).last == 600)
    }

    @Test func `a counter that is smaller than before counts nothing`() {
        #expect(Self.counts([(0, 100), (10, 0)]) == [0, 0])
        #expect(Self.counts([(0, 0), (10, .max)]) == [0, .max])
    }
}
