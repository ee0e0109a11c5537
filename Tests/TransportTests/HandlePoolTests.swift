import Testing

@testable import Transport

@Suite struct HandlePoolTests {
    private func pool(of count: Int, alwaysKept: Int = 4, releasedAtOnce: Int = 8) -> HandlePool<Int> {
        var pool = HandlePool<Int>(alwaysKept: alwaysKept, releasedAtOnce: releasedAtOnce)
        for handle in 0..<count { pool.giveBack(handle) }
        // The first call only begins to count.
        #expect(pool.releaseUnneeded().isEmpty)
        return pool
    }

    @Test func `takes the handle that was given back last`() {
        var pool = pool(of: 3)
        #expect([pool.take(), pool.take(), pool.take(), pool.take()] == [2, 1, 0, nil])
    }

    @Test func `keeps all that a wave of requests needs each time`() {
        var pool = pool(of: 20)
        for _ in 0..<100 {
            let wave = (0..<20).compactMap { _ in pool.take() }
            #expect(wave.count == 20)
            for handle in wave { pool.giveBack(handle) }
            #expect(pool.releaseUnneeded().isEmpty)
        }
        #expect(pool.count == 20)
    }

    @Test func `releases what nobody needed, the oldest first and a few at a time`() {
        var pool = pool(of: 20)
        #expect(pool.releaseUnneeded() == Array(0..<8))
        #expect(pool.releaseUnneeded() == Array(8..<16))
        #expect(!pool.isTooLarge)
        #expect(pool.releaseUnneeded().isEmpty)
        #expect([pool.take(), pool.take(), pool.take(), pool.take(), pool.take()] == [19, 18, 17, 16, nil])
    }

    @Test func `keeps as many as were needed at the same time since the last release`() {
        var pool = pool(of: 20)
        let wave = (0..<17).compactMap { _ in pool.take() }
        for handle in wave { pool.giveBack(handle) }
        #expect(pool.releaseUnneeded() == Array(0..<3))
        #expect(pool.isTooLarge)
    }

    @Test func `gives all at the end`() {
        var pool = pool(of: 5)
        #expect(pool.takeAll() == [0, 1, 2, 3, 4])
        #expect(pool.take() == nil && pool.releaseUnneeded().isEmpty && !pool.isTooLarge)
    }
}
