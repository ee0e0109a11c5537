import Audit
import Glibc
import Synchronization

/// Writes log lines to a descriptor that may block for any time: a full pipe, a stopped terminal, a hanging service.
///
/// 1. `write` never waits. A line is kept in a buffer of `capacity` bytes, or it is dropped and counted.
/// 2. One thread, which does nothing else, writes to the descriptor; lines keep their order and are never cut or mixed.
/// 3. As soon as lines can be written again, a line says how many were dropped.
/// 4. `deliver` uses no buffer: it blocks the calling thread until its line is written or its timeout is over.
final class LogOutput: Sendable {
    /// Bytes of lines that wait, the batch that is being written included.
    static let capacity = 256 << 10
    /// One `write` holds at most this many bytes if it holds several lines: the kernel writes so many into a pipe at once (pipe(7), PIPE_BUF),
    /// so another process that writes to the same pipe can't stand in the middle of a line.
    private static let together = 4_096

    private struct State {
        var waiting: [UInt8] = []
        /// Bytes of the batch that the thread is writing.
        var underWay = 0
        var dropped: UInt64 = 0
        /// Dropped lines that have not been reported in the log yet.
        var unsaid: UInt64 = 0
        var delivery = Delivery.none
        /// Whether the newest write failed: the other end is closed.
        var isBroken = false
        /// Whether the thread sleeps and has to be woken.
        var isIdle = false
    }

    private enum Delivery {
        case none
        case waiting([UInt8])
        case underWay
        case ended(isWritten: Bool)
    }

    private let descriptor: Int32
    private let describeLoss: @Sendable (UInt64) -> String
    private let state = Mutex(State())
    /// Wakes the thread that writes.
    private let bell: Doorbell?
    /// Wakes threads that wait for a delivery or for an empty buffer.
    private let progress: Doorbell?
    private let hasThread = Atomic<Bool>(false)

    /// - Parameters:
    ///   - descriptor: stays open as long as the process lives.
    ///   - describeLoss: the line that says how many lines were dropped, without its line end.
    init(descriptor: Int32, describeLoss: @escaping @Sendable (UInt64) -> String) {
        self.descriptor = descriptor
        self.describeLoss = describeLoss
        bell = try? Doorbell()
        progress = try? Doorbell()
        guard bell != nil, progress != nil else { return }
        // The thread retains this output: it lives as long as the process.
        hasThread.store(BlockingThread { [self] in run() } != nil, ordering: .releasing)
    }

    /// Lines that were dropped.
    var dropped: UInt64 { state.withLock { $0.dropped } }

    /// Takes one line, without its line end. Never blocks.
    func write(_ line: String) {
        let wakes = state.withLock { state in
            let count = line.utf8.count + 1
            guard count <= Self.capacity - state.underWay - state.waiting.count, hasThread.load(ordering: .acquiring) else {
                state.dropped += 1
                state.unsaid += 1
                return false
            }
            state.waiting.append(contentsOf: line.utf8)
            state.waiting.append(UInt8(ascii: "\n"))
            defer { state.isIdle = false }
            return state.isIdle
        }
        if wakes { bell?.ring() }
    }

    /// Writes one line in its turn and waits until the descriptor has taken it. One caller at a time.
    /// - Returns: false when that took longer than `patience`, or `isAbandoned` became true; the line may still come out later.
    func deliver(_ line: String, within patience: Duration, isAbandoned: () -> Bool = { false }) -> Bool {
        let bytes = Array(line.utf8) + [UInt8(ascii: "\n")]
        let isTaken = state.withLock { state in
            // An earlier delivery is still stuck in the descriptor.
            if case .underWay = state.delivery { return false }
            state.delivery = .waiting(bytes)
            return true
        }
        guard isTaken, hasThread.load(ordering: .acquiring) else { return false }
        bell?.ring()
        var isWritten = false
        let hasEnded = wait(patience, unless: isAbandoned) { state in
            guard case .ended(let result) = state.delivery else { return false }
            state.delivery = .none
            isWritten = result
            return true
        }
        return hasEnded && isWritten
    }

    /// Waits until everything that was taken is written, but no longer than `patience`: the last act of a process.
    @discardableResult
    func flush(within patience: Duration) -> Bool {
        wait(patience) { $0.waiting.isEmpty && $0.underWay == 0 }
    }

    /// How often a wait checks its condition, in case a signal woke another waiter.
    private static let slice = Duration.milliseconds(50)

    private func wait(_ patience: Duration, unless isAbandoned: () -> Bool = { false }, for isDone: (inout State) -> Bool) -> Bool {
        let end = ContinuousClock.now + patience
        while true {
            if state.withLock({ isDone(&$0) }) { return true }
            let left = ContinuousClock.now.duration(to: end)
            guard left > .zero, !isAbandoned() else {
                // A line that the thread has not taken yet is removed: a newer one will follow.
                state.withLock { state in
                    if case .waiting = state.delivery { state.delivery = .none }
                }
                return false
            }
            progress?.wait(min(left, Self.slice))
        }
    }

    // MARK: - The thread

    private func run() {
        while true {
            let batch = take()
            if batch.isEmpty {
                bell?.wait(nil)
                continue
            }
            let lost = writeOut(batch.lines)
            // Losses are not reported on a descriptor whose other end is closed.
            let isSaid = lost == 0 && batch.loss > 0 && writeOut(Array(describeLoss(batch.loss).utf8) + [UInt8(ascii: "\n")]) == 0
            let isDelivered = batch.delivery.isEmpty || writeOut(batch.delivery) == 0
            state.withLock { state in
                state.underWay = 0
                state.dropped += lost
                state.unsaid += lost
                if isSaid { state.unsaid -= batch.loss }
                state.isBroken = lost > 0 || batch.loss > 0 && !isSaid
                if !batch.delivery.isEmpty { state.delivery = .ended(isWritten: isDelivered) }
            }
            progress?.ring()
        }
    }

    /// The next batch.
    private struct Batch {
        var lines: [UInt8] = []
        /// How many dropped lines are reported after these.
        var loss: UInt64 = 0
        var delivery: [UInt8] = []

        var isEmpty: Bool { lines.isEmpty && loss == 0 && delivery.isEmpty }
    }

    private func take() -> Batch {
        state.withLock { state in
            var batch = Batch()
            swap(&batch.lines, &state.waiting)
            if !batch.lines.isEmpty || !state.isBroken { batch.loss = state.unsaid }
            if case .waiting(let bytes) = state.delivery { (batch.delivery, state.delivery) = (bytes, .underWay) }
            state.underWay = batch.lines.count
            state.isIdle = batch.isEmpty
            return batch
        }
    }

    /// Writes whole lines, several at once where they are short.
    /// - Returns: how many lines could not be written because the other end is closed.
    private func writeOut(_ lines: [UInt8]) -> UInt64 {
        lines.withUnsafeBytes { bytes in
            var rest = bytes
            while !rest.isEmpty {
                let piece = Self.wholeLines(of: rest)
                guard writePiece(piece) else { return rest.reduce(into: 0) { if $1 == UInt8(ascii: "\n") { $0 += 1 } } }
                rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(piece.count))
            }
            return 0
        }
    }

    private static func wholeLines(of bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        let newline = UInt8(ascii: "\n")
        let end = bytes.prefix(together).lastIndex(of: newline) ?? bytes.firstIndex(of: newline) ?? bytes.count - 1
        return UnsafeRawBufferPointer(rebasing: bytes[...end])
    }

    /// Blocks until all of it is written; false when the other end is closed.
    private func writePiece(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var rest = bytes
        while !rest.isEmpty {
            let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
            if count > 0 {
                rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
            } else if count < 0, errno == EAGAIN {
                // Another process that shares the descriptor made it non-blocking.
                var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&request, 1, -1)
            } else if count == 0 || errno != EINTR {
                return false
            }
        }
        return true
    }
}
