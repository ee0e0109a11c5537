import Testing

@testable import Audit

@Suite struct LineChunkTests {
    private static let line = [UInt8](repeating: UInt8(ascii: "x"), count: 999) + [UInt8(ascii: "\n")]

    private func add(_ lines: Int, to chunk: inout LineChunk) {
        for _ in 0..<lines { chunk.addLine(bound: Self.line.count) { $0.put(Self.line) } }
    }

    @Test func `keeps its memory as long as its lines need a good part of it`() {
        var chunk = LineChunk(first: 1)
        add(2_000, to: &chunk)
        let capacity = chunk.capacity
        #expect(capacity >= 2_000_000)
        for turn in 1...3 {
            chunk.clear(next: UInt64(turn) * 2_001)
            #expect(chunk.capacity == capacity)
            add(500, to: &chunk)
        }
    }

    @Test func `gives its memory back once its lines need little of it, and not because it was empty for a while`() {
        var chunk = LineChunk(first: 1)
        add(2_000, to: &chunk)
        let capacity = chunk.capacity
        for _ in 1...3 { chunk.clear(next: 2_001) }
        #expect(chunk.capacity == capacity)

        add(100, to: &chunk)
        chunk.clear(next: 2_101)
        #expect(chunk.capacity == 0)

        add(1, to: &chunk)
        #expect(chunk.capacity == LineChunk.initialCapacity)
        chunk.clear(next: 2_102)
        #expect(chunk.capacity == LineChunk.initialCapacity)
    }

    @Test func `keeps no memory beyond its limit`() {
        var chunk = LineChunk(first: 1)
        add(LineChunk.reuseLimit / Self.line.count + 1, to: &chunk)
        chunk.clear(next: 5_000)
        #expect(chunk.capacity == 0)
        #expect(chunk.first == 5_000)
    }
}
