internal import Glibc
internal import Synchronization

/// Makes record identifiers that grow strictly within a process, even if the clock stands still or is set back.
///
/// A new millisecond draws fresh random bits; within one millisecond the 62 low bits count up (RFC 9562 section 6.2, method 2), so that the system's
/// random source is asked at most once per millisecond and not once per request.
package final class RecordIDGenerator: Sendable {
    private struct Last {
        var milliseconds: UInt64 = 0
        var counter: UInt64 = 0
        var random: UInt64 = 0
    }

    private static let randomMask = (UInt64(1) << 62) - 1
    private static let variant = UInt64(0b10) << 62

    private let last = Mutex(Last())
    private let random: @Sendable () -> UInt64

    /// Makes a generator whose random bits are the kernel's.
    package convenience init() {
        let words = RandomWords()
        self.init { words.next() }
    }

    /// Makes a generator; `random` gives 64 unpredictable bits.
    package init(random: @escaping @Sendable () -> UInt64) {
        self.random = random
    }

    /// The next identifier, stamped with `time` unless an earlier one was stamped later.
    package func next(at time: Timestamp) -> RecordID {
        let milliseconds = UInt64(time.microseconds) / 1_000
        return last.withLock { last in
            if milliseconds > last.milliseconds {
                last.milliseconds = milliseconds
                last.counter = 0
                last.random = random() & Self.randomMask
            } else if last.random < Self.randomMask {
                last.random += 1
            } else {
                // 2^62 identifiers in a millisecond don't happen, but a random start near the end does: carry into the 12 bits above,
                // and from those into the time.
                last.random = 0
                last.counter += 1
                last.milliseconds += last.counter >> 12
                last.counter &= 0xFFF
            }
            return RecordID(high: last.milliseconds << 16 | 0x7000 | last.counter, low: Self.variant | last.random)
        }
    }
}

/// Random words from the kernel, drawn many at a time: while requests come singly, each comes in a millisecond of its own, and one in fifteen of its
/// system calls would be for this.
private final class RandomWords: Sendable {
    /// getentropy(3) gives no more than 256 bytes at a time.
    private static let drawnBytes = 256

    private let drawn = Mutex<[UInt64]>([])

    func next() -> UInt64 {
        drawn.withLock { drawn in
            if let word = drawn.popLast() { return word }
            drawn = [UInt64](repeating: 0, count: Self.drawnBytes / MemoryLayout<UInt64>.size)
            if drawn.withUnsafeMutableBytes({ getentropy($0.baseAddress, $0.count) }) != 0 { drawn = [] }
            // Where the kernel refuses that, the standard library asks it in another way or ends the process.
            return drawn.popLast() ?? UInt64.random(in: .min ... .max)
        }
    }
}
