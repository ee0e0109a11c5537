/// Runs one thing many times, in rounds.
enum Stopwatch {
    private static let rounds = 9

    static func time(_ name: String, _ repetitions: Int, _ body: () throws -> Void) rethrows {
        for _ in 0..<repetitions / 10 { try body() }
        var nanoseconds: [Double] = []
        for _ in 0..<rounds {
            let start = ContinuousClock.now
            for _ in 0..<repetitions { try body() }
            let (seconds, attoseconds) = (ContinuousClock.now - start).components
            nanoseconds.append((Double(seconds) * 1e9 + Double(attoseconds) / 1e9) / Double(repetitions))
        }
        nanoseconds.sort()
        let median = nanoseconds[rounds / 2]
        let spread = (nanoseconds[rounds - 1] - nanoseconds[0]) / median
        print("{\"name\":\"\(name)\",\"ns\":\(Int(median.rounded())),\"spread\":\(Double(Int(spread * 100)) / 100)}")
    }
}

/// Takes results where the optimiser can't see that nobody looks at them.
enum Sink {
    @inline(never)
    static func take<Value>(_ value: Value) {}
}
