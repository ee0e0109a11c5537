import Audit
import Glibc
import Synchronization

/// Adds new records of a running journal to the index, on a thread of the scheduler's idle priority: it
/// takes no processor time from requests. While the index is behind, readers read the journal itself.
package final class IndexFollower: Sendable {
    private struct State: Sendable {
        var isStopping = false
        var problem: InquiryError?
        var indexed: UInt64 = 0
        var pace = JournalPace()
    }

    private let directory: String
    private let durable: @Sendable () -> UInt64
    private let state = Mutex(State())
    private let thread: Mutex<BlockingThread?> = Mutex(nil)

    /// Time between two checks for new records, and after a failure before the next attempt, microseconds.
    private static let pause: UInt32 = 200_000
    private static let pausesAfterProblem = 25
    /// Percent of the disk that must be free: the rest is reserved for the journal, which stops strict requests at
    /// 5.
    private static let leastFreePercent: UInt64 = 10

    /// - Parameter durable: the number after the newest durable record.
    package init(directory: String, durable: @escaping @Sendable () -> UInt64) {
        self.directory = directory
        self.durable = durable
    }

    deinit { stop() }

    /// The number after the newest record in the index, and why the index can't grow.
    package var progress: (indexed: UInt64, problem: InquiryError?) { state.withLock { ($0.indexed, $0.problem) } }

    /// Starts the thread; if the system has none, readers work without an index.
    package func start() {
        let started = BlockingThread { [weak self] in
            IndexFollower.yieldToEverybody()
            IndexFollower.follow { self }
        }
        thread.withLock { $0 = started }
    }

    /// Ends the thread after its current transaction. Idempotent.
    package func stop() {
        state.withLock { $0.isStopping = true }
        let running = thread.withLock { thread in
            defer { thread = nil }
            return thread
        }
        running?.join()
    }

    /// The thread's function. It doesn't retain the follower.
    private static func follow(_ follower: () -> IndexFollower?) {
        var writer: IndexWriter?
        while let next = follower()?.step(writer) {
            writer = next.writer
            for _ in 0..<next.pauses where follower()?.isStopping == false { usleep(pause) }
        }
    }

    /// Whether there is enough disk space for the index to grow. Otherwise readers read the journal itself.
    private var hasRoom: Bool {
        var status = statvfs()
        guard statvfs(directory, &status) == 0, status.f_blocks > 0 else { return true }
        return UInt64(status.f_bavail) * 100 / UInt64(status.f_blocks) >= Self.leastFreePercent
    }

    /// Whether the index should wait, since the journal grows fast.
    private var isBusy: Bool {
        let length = durable()
        return state.withLock { $0.pace.isBusy(at: length, .now) }
    }

    private var isStopping: Bool { state.withLock { $0.isStopping } }

    /// Indexes new records. Nil when the follower is being stopped.
    private func step(_ current: IndexWriter?) -> (writer: IndexWriter?, pauses: Int)? {
        guard !isStopping else { return nil }
        guard hasRoom else { return (current, Self.pausesAfterProblem) }
        do throws(InquiryError) {
            let writer: IndexWriter
            if let current, !current.isGone { writer = current } else { writer = try IndexWriter(journal: directory) }
            if current === writer, isBusy { return (writer, 1) }
            if current !== writer || durable() > progress.indexed {
                let next = try writer.catchUp { !self.isStopping && !self.isBusy }
                let hasCaughtUp = next >= durable()
                state.withLock { state in
                    state.indexed = next
                    if hasCaughtUp { state.pace.caughtUp() }
                }
            }
            state.withLock { $0.problem = nil }
            return (writer, 1)
        } catch {
            state.withLock { $0.problem = error }
            return (nil, Self.pausesAfterProblem)
        }
    }

    /// SCHED_IDLE (linux/sched.h), which Glibc's module doesn't export.
    private static let idlePolicy: Int32 = 5

    /// The policy of sched(7) for background work, for this thread alone.
    package static func yieldToEverybody() {
        var parameters = sched_param()
        sched_setscheduler(0, idlePolicy, &parameters)
    }
}
