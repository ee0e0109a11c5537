import Testing

@testable import Gateway

@Suite struct PageBudgetTests {
    private static let capacity = 1_600
    private let bodies = BodyBudget(capacity: PageBudgetTests.capacity)

    @Test func `pages have a quarter of the bodies' bytes, and one caller a quarter of that`() {
        let pages = PageBudget(bodies)
        var held = [pages.lend(60, to: "a")]
        #expect(pages.lend(60, to: "a") == nil && pages.hasRoom(for: "a"), "100 for one caller")
        held.append(pages.lend(40, to: "a"))
        #expect(!pages.hasRoom(for: "a") && pages.hasRoom(for: "b"))
        for caller in ["b", "c", "d"] { held.append(pages.lend(100, to: caller)) }
        #expect(held.allSatisfy { $0 != nil } && pages.bytes == 400 && bodies.bytes == 400)
        #expect(pages.lend(1, to: "e") == nil && !pages.hasRoom(for: "e"), "400 for all")
        held.removeFirst()
        #expect(pages.bytes == 340 && bodies.bytes == 340 && pages.lend(60, to: "e") != nil)
        held = []
        #expect(pages.bytes == 0 && bodies.bytes == 0)
    }

    @Test func `a page that is larger than all of that has room alone`() {
        let pages = PageBudget(bodies)
        let large = pages.lend(5_000, to: "a")
        #expect(large != nil && bodies.bytes == 5_000)
        #expect(pages.lend(10, to: "a") == nil && pages.lend(10, to: "b") == nil)
        withExtendedLifetime(large) {}
    }

    @Test func `pages have no room that bodies use`() {
        let pages = PageBudget(bodies)
        var body = BodyLoan(bodies, isProven: true)
        #expect(body.extend(by: 60) && body.extend(by: 1_500))
        let first = pages.lend(10, to: "a")
        #expect(first != nil && pages.lend(60, to: "b") == nil && pages.lend(20, to: "b") != nil)
        withExtendedLifetime(first) {}
    }
}
