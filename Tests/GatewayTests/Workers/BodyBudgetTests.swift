import Testing

@testable import Gateway

@Suite struct BodyBudgetTests {
    private static let piece = 32 << 10

    /// How many pieces of a body are accepted before there is no room.
    private static func fill(_ loan: inout BodyLoan, atMost most: Int = .max) -> Int {
        var count = 0
        while count < most, loan.extend(by: piece) { count += 1 }
        return count
    }

    @Test func `gives a large body three quarters, small ones the rest, and takes everything back`() {
        let budget = BodyBudget(capacity: 32 * Self.piece)
        do {
            var large = BodyLoan(budget, isProven: true)
            #expect(Self.fill(&large) == 24)
            #expect(budget.bytes == 24 * Self.piece)
            for _ in 0..<3 {
                var small = BodyLoan(budget, isProven: true)
                #expect(Self.fill(&small, atMost: 2) == 2, "a small body finds room")
            }
            #expect(Self.fill(&large) == 0)
        }
        #expect(budget.bytes == 0)
    }

    @Test func `gives bodies of unknown senders a quarter until they are known`() {
        let budget = BodyBudget(capacity: 32 * Self.piece)
        do {
            var first = BodyLoan(budget, isProven: false)
            var second = BodyLoan(budget, isProven: false)
            #expect(Self.fill(&first) == 8)
            #expect(Self.fill(&second) == 0)
            first.prove()
            #expect(Self.fill(&second) == 8)
            #expect(budget.bytes == 16 * Self.piece)
        }
        #expect(budget.bytes == 0)
    }

    @Test func `stays exact when many take and give back at once`() async {
        let budget = BodyBudget(capacity: 64 * Self.piece)
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<32 {
                group.addTask {
                    for _ in 0..<200 {
                        var loan = BodyLoan(budget, isProven: number % 2 == 0)
                        _ = Self.fill(&loan, atMost: 4)
                    }
                }
            }
        }
        #expect(budget.bytes == 0)
        var unknown = BodyLoan(budget, isProven: false)
        #expect(Self.fill(&unknown) == 16)
    }
}
