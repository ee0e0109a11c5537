import Foundation
import Logging
import Synchronization
import Testing

@testable import Assembly

/// A pipe that is only read by the test.
private final class FullPipe: Sendable {
    let reading: Int32
    let writing: Int32
    private static let filler = UInt8(ascii: ".")

    /// - Parameter isFull: filled to the last byte, so that writes block.
    init(isFull: Bool) throws {
        var ends: [Int32] = [-1, -1]
        try #require(pipe(&ends) == 0)
        (reading, writing) = (ends[0], ends[1])
        guard isFull else { return }
        _ = fcntl(writing, F_SETFL, O_NONBLOCK)
        var byte = Self.filler
        while write(writing, &byte, 1) == 1 {}
        _ = fcntl(writing, F_SETFL, 0)
    }

    deinit {
        close(reading)
        close(writing)
    }

    /// Lines, without the filling of the pipe, up to the one with that ending.
    func lines(through ending: String) -> [String] { lines { $0.last?.hasSuffix(ending) == true } }

    /// The same, until all lines have come.
    func lines(until isAll: ([String]) -> Bool) -> [String] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(reading, &chunk, chunk.count)
            guard count > 0 else { break }
            bytes += chunk[..<count].drop { bytes.isEmpty && $0 == Self.filler }
            guard bytes.last == UInt8(ascii: "\n") else { continue }
            let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
            if isAll(lines) { return lines }
        }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }
}

@Suite(.timeLimit(.minutes(10))) struct LogOutputTests {
    private static func output(_ pipe: FullPipe) -> LogOutput { LogOutput(descriptor: pipe.writing) { "lost \($0)" } }

    @Test func `never blocks whoever logs, counts what it drops, and says so once somebody reads`() throws {
        let pipe = try FullPipe(isFull: true)
        let output = Self.output(pipe)
        let line = String(repeating: "x", count: 1_000)
        // Four times the size of the buffer. A write that blocks would end this test by its time limit.
        let written = 4 * LogOutput.capacity / line.utf8.count
        for number in 0..<written { output.write("\(number) \(line)") }
        let dropped = output.dropped
        #expect(dropped > 0)
        // Reported in two parts if the thread took its first lines late.
        func lost(_ line: String) -> UInt64? { line.hasPrefix("lost ") ? UInt64(line.dropFirst(5)) : nil }
        let lines = pipe.lines { $0.compactMap(lost).reduce(0, +) == dropped }
        let numbers = lines.filter { lost($0) == nil }.map { Int($0.prefix { $0 != " " }) }
        #expect(UInt64(numbers.count) + dropped == UInt64(written), "each line is either there or counted")
        #expect(numbers == Array(0..<numbers.count), "the oldest are kept, in their order")
        #expect(output.flush(within: .seconds(20)))
        output.write("after")
        #expect(pipe.lines(through: "after") == ["after"], "what was dropped is said once")
    }

    @Test func `a delivery that nobody reads takes no room from the log and is withdrawn for a newer one`() throws {
        let pipe = try FullPipe(isFull: true)
        let output = Self.output(pipe)
        output.write("first")
        for number in 0..<50 { #expect(!output.deliver("checkpoint \(number)", within: .zero)) }
        output.write("second")
        #expect(output.dropped == 0)
        let reader = Mutex<[String]>([])
        let isDelivered = Atomic<Bool>(false)
        let thread = Thread {
            reader.withLock { $0 = pipe.lines(through: "checkpoint 50") }; isDelivered.store(true, ordering: .releasing)
        }
        thread.start()
        while !output.deliver("checkpoint 50", within: .seconds(1)) {}
        while !isDelivered.load(ordering: .acquiring) { sched_yield() }
        let lines = reader.withLock { $0 }
        #expect(lines.filter { !$0.hasPrefix("checkpoint") } == ["first", "second"])
        #expect(lines.count <= 4, "of fifty deliveries at most the one that was under way came out")
        #expect(lines.last == "checkpoint 50")
    }

    @Test func `lines of several threads stay whole`() throws {
        let pipe = try FullPipe(isFull: false)
        let output = Self.output(pipe)
        let threads = 4
        let each = 200
        let ended = Atomic<Int>(0)
        for number in 0..<threads {
            Thread {
                for _ in 0..<each { output.write(String(repeating: "\(number)", count: 20 * (number + 1))) }
                if ended.add(1, ordering: .acquiringAndReleasing).newValue == threads { output.write("end") }
            }.start()
        }
        let lines = pipe.lines(through: "end")
        #expect(lines.count == threads * each + 1)
        #expect(lines.dropLast().allSatisfy { line in line.allSatisfy { $0 == line.first } && line.count % 20 == 0 })
    }

    @Test func `goes on when the other end is closed, and ends its wait`() throws {
        signal(SIGPIPE, SIG_IGN)
        var ends: [Int32] = [-1, -1]
        try #require(pipe(&ends) == 0)
        close(ends[0])
        let output = LogOutput(descriptor: ends[1]) { "lost \($0)" }
        for _ in 0..<10 { output.write("nobody") }
        #expect(output.flush(within: .seconds(20)))
        #expect(output.dropped == 10)
        let start = ContinuousClock.now
        #expect(!output.deliver("nobody", within: .seconds(60)))
        #expect(ContinuousClock.now - start < .seconds(30), "a closed end is not waited for")
        close(ends[1])
    }
}
