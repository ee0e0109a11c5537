import Audit
import Glibc
import Synchronization

/// Keeps the index behind a running journal, on a thread of its own that the kernel lets run when nobody else wants the processor: reading
/// never takes time from a request. While it lags, readers look into the journal itself.
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

    /// Between looks for new records, microseconds; and after a problem, which another try may not have.
    private static let pause: UInt32 = 200_000
    private static let pausesAfterProblem = 25
    /// Percent of the disk that must be free: the last of it belongs to the journal, which stops strict work at 5.
    private static let leastFreePercent: UInt64 = 10

    /// - Parameter durable: the number behind the newest record that can't be taken back.
    package init(directory: String, durable: @escaping @Sendable () -> UInt64) {
        self.directory = directory
        self.durable = durable
    }

    deinit { stop() }

    /// The number behind the newest record in the index, and what keeps it from growing.
    package var progress: (indexed: UInt64, problem: InquiryError?) { state.withLock { ($0.indexed, $0.problem) } }

    /// Starts the thread; without one to have, readers go without an index.
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

    /// What the thread runs. It doesn't keep the follower alive by itself.
    private static func follow(_ follower: () -> IndexFollower?) {
        var writer: IndexWriter?
        while let next = follower()?.step(writer) {
            writer = next.writer
            for _ in 0..<next.pauses where follower()?.isStopping == false { usleep(pause) }
        }
    }

    /// Whether the index may grow. Without room readers look into the journal itself.
    private var hasRoom: Bool {
        var status = statvfs()
        guard statvfs(directory, &status) == 0, status.f_blocks > 0 else { return true }
        return UInt64(status.f_bavail) * 100 / UInt64(status.f_blocks) >= Self.leastFreePercent
    }

    /// Whether the index had better wait.
    private var isBusy: Bool {
        let length = durable()
        return state.withLock { $0.pace.isBusy(at: length, .now) }
    }

    private var isStopping: Bool { state.withLock { $0.isStopping } }

    /// One look: what there is to index, indexed. Nothing when it is time to end.
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

    /// SCHED_IDLE (linux/sched.h), which Glibc's module doesn't show.
    private static let idlePolicy: Int32 = 5

    /// The policy of sched(7) for background work, for this thread alone.
    package static func yieldToEverybody() {
        var parameters = sched_param()
        sched_setscheduler(0, idlePolicy, &parameters)
    }
}
