import Policy
import Testing

@Suite struct SharedLineRaceTests {
    /// The shortest configurable period, and more callers than get a turn within a few of them. Statements and answers take up to that long.
    @Test(arguments: [8, 25])
    func `three gateways use the whole of a fast pace, however long a statement takes, and never more`(way: Int) {
        let quota = Quota(limit: 5, period: .seconds(1))
        var race = SharedLineRace(quota: quota, gateways: 3, callers: 24, way: .milliseconds(way))
        race.run(until: .seconds(24))
        // From then on nothing of the first burst remains.
        let steady = race.arrivals.count { $0 >= .seconds(4) }
        let most = race.arrivals.indices.map { first in race.arrivals[first...].prefix { $0 < race.arrivals[first] + quota.period }.count }.max()
        print("shared line: statements of up to \(2 * way) ms: \(steady) of 100 calls, \(race.conflicts) conflicts, most in a period \(most ?? 0)")
        #expect(steady >= 96)
        #expect(most == quota.limit)
    }
}
