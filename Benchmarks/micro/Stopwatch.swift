/// Runs one function many times, in rounds.
enum Stopwatch {
    private static let rounds = 9

    static func time(_ name: String, _ repetitions: Int, _ body: () throws -> Void) rethrows {
        for _ in 0..<repetitions / 10 { try body() }
        var nanoseconds: [Double] = []
        for _ in 0..<rounds {
            nanoseconds.append(try Self.nanoseconds { for _ in 0..<repetitions { try body() } } / Double(repetitions))
        }
        report(name, nanoseconds)
    }

    /// How long one run takes.
    static func nanoseconds(_ body: () throws -> Void) rethrows -> Double {
        let start = ContinuousClock.now
        try body()
        let (seconds, attoseconds) = (ContinuousClock.now - start).components
        return Double(seconds) * 1e9 + Double(attoseconds) / 1e9
    }

    /// One line for the durations of several rounds.
    static func report(_ name: String, _ rounds: [Double]) {
        let sorted = rounds.sorted()
        let median = sorted[sorted.count / 2]
        let spread = (sorted[sorted.count - 1] - sorted[0]) / median
        print("{\"name\":\"\(name)\",\"ns\":\(Int(median.rounded())),\"spread\":\(Double(Int(spread * 100)) / 100)}")
    }
}

/// Uses results in a way that the optimiser can't remove.
enum Sink {
    @inline(never)
    static func take<Value>(_ value: Value) {}
}
