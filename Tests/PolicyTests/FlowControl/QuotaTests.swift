import Policy
import Testing

@Suite struct QuotaTests {
    private static func quota(_ limit: Int, _ seconds: Int) -> Quota { Quota(limit: limit, period: .seconds(seconds)) }

    @Test(arguments: [
        (quota(600, 60), quota(10, 1), quota(10, 1)),
        (quota(5, 60), quota(10, 1), quota(5, 60)),
        (quota(100, 60), quota(5, 1), quota(1, 1)),
        (quota(30, 60), quota(5, 1), Quota(limit: 1, period: .seconds(2))),
        (quota(500, 60), quota(10, 1), quota(8, 1)),
        (quota(5, 60), quota(5, 60), quota(5, 60)),
        (quota(5, 60), quota(3, 60), quota(3, 60)),
        (quota(Int.max / 2, 86_400), quota(2, 1), quota(2, 1)),
    ])
    func `one pace keeps two quotas, whichever is asked first`(one: Quota, other: Quota, both: Quota) {
        #expect(one.keeping(other) == both)
        #expect(other.keeping(one) == both)
    }

    /// A caller that uses the pace fully never exceeds either quota, in any span of its period.
    @Test func `never lets more through than either of the two`() {
        for (limit, period) in [(7, 3), (15, 10), (10, 1), (600, 60), (31, 7), (1, 5)] {
            for (otherLimit, otherPeriod) in [(5, 1), (10, 7), (5, 60), (99, 10), (2, 3)] {
                let pair = [Self.quota(limit, period), Self.quota(otherLimit, otherPeriod)]
                let pace = pair[0].keeping(pair[1])
                // As early as the pace allows: its whole limit at once, then again after each period.
                let calls = (0..<2_000).map { pace.period * ($0 / pace.limit) }
                for quota in pair {
                    for start in calls.indices.prefix(200) {
                        let inSpan = calls[start...].prefix { $0 < calls[start] + quota.period }.count
                        #expect(inSpan <= quota.limit, "\(pace) for \(quota)")
                    }
                }
            }
        }
    }
}
