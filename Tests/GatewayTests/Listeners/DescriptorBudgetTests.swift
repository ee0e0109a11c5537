import Gateway
import Testing

@Suite struct DescriptorBudgetTests {
    @Test func `gives callers what is configured where there is enough`() {
        let budget = DescriptorBudget(limit: 65_536, connections: 10_000, inFlight: 4_096, workers: 8)
        #expect(budget.connections == 10_000)
        #expect(budget.upstream >= 4_096)
        #expect(budget.admin == 64)
    }

    @Test(arguments: [64, 100, 200, 256, 1_024, 4_096, 65_536, 1 << 20, Int.max], [1, 2, 16, 64])
    func `never gives away more than there is, and something to everybody`(limit: Int, workers: Int) {
        for connections in [1, 16, 10_000, 1_000_000] {
            for inFlight in [1, 4_096, 1_000_000] {
                let budget = DescriptorBudget(limit: limit, connections: connections, inFlight: inFlight, workers: workers)
                #expect(budget.connections >= 1 && budget.connections <= connections)
                #expect(budget.turnedAway >= 1 && budget.admin >= 2 && budget.upstream >= 1)
                let own = min(96 + 16 * workers, limit / 4 * 3)
                let (sum, overflow) = (budget.connections + budget.turnedAway).addingReportingOverflow(budget.upstream)
                #expect(!overflow && sum <= limit - own - budget.admin)
            }
        }
    }

    @Test func `lets callers and their calls have as much of a small limit`() {
        let budget = DescriptorBudget(limit: 1_024, connections: 10_000, inFlight: 4_096, workers: 2)
        #expect(budget.connections + budget.turnedAway == budget.upstream)
    }
}
