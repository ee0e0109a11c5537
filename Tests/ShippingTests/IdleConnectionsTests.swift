import Synchronization
import Testing

@testable import Shipping

/// Connections between two questions.
@Suite(.timeLimit(.minutes(10))) struct IdleConnectionsTests {
    private final class Connection: Sendable {
        let ended: @Sendable () -> Void
        init(_ ended: @escaping @Sendable () -> Void) { self.ended = ended }
        deinit { ended() }
    }

    private enum Event { case sleeps, wakes, ended }

    @Test func `one task waits for all of them, and the end of the list ends it`() async throws {
        let (events, told) = AsyncStream.makeStream(of: Event.self)
        var list: IdleConnections<Connection>? = IdleConnections(lifetime: .seconds(3_600), most: 2) { _ in
            told.yield(.sleeps)
            defer { told.yield(.wakes) }
            try await Task.sleep(for: .seconds(3_600))
        }
        for _ in 0..<3 { list?.giveBack(.init(url: "here", connection: Connection { told.yield(.ended) }, made: .now)) }
        let kept = try #require(list?.take("here"))
        list?.giveBack(kept)
        var seen: [Event] = []
        var iterator = events.makeAsyncIterator()
        // The third is one too many, and it waits for two.
        for _ in 0..<2 { if let event = await iterator.next() { seen.append(event) } }
        #expect(seen.count { $0 == .ended } == 1 && seen.count { $0 == .sleeps } == 1)
        list = nil
        seen = []
        if let event = await iterator.next() { seen.append(event) }
        #expect(seen == [.ended] || seen == [.wakes])
        while !seen.contains(.wakes), let event = await iterator.next() { seen.append(event) }
        #expect(!seen.contains(.sleeps))
    }

    @Test func `who leads elsewhere or is too old is ended, and the task with the last of them`() async {
        let ended = Mutex(0)
        let (events, told) = AsyncStream.makeStream(of: Event.self)
        let list = IdleConnections<Connection>(lifetime: .seconds(3_600), most: 2) { _ in
            told.yield(.sleeps)
            while ended.withLock({ $0 }) == 0 { await Task.yield() }
            told.yield(.wakes)
        }
        list.giveBack(.init(url: "here", connection: Connection { ended.withLock { $0 += 1 } }, made: .now))
        var iterator = events.makeAsyncIterator()
        #expect(await iterator.next() == .sleeps)
        #expect(list.take("there").map(\.url) == nil && ended.withLock { $0 } == 1)
        #expect(await iterator.next() == .wakes)
        list.giveBack(.init(url: "here", connection: Connection { ended.withLock { $0 += 1 } }, made: .now - .seconds(3_601)))
        #expect(ended.withLock { $0 } == 2 && list.take("here").map(\.url) == nil, "too old to be kept")
    }
}
