import Audit
import Codecs
import Glibc
import Inquiry
import Synchronization

/// Verifications of this gateway's journal that are run in the background, at the lowest priority: one at a time, the newest few kept.
///
/// A cancelled one is suspended with its progress and can be resumed; after some time it is discarded.
final class VerificationDesk: Sendable {
    enum Phase: String, Sendable {
        case running, cancelled, done, failed
    }

    struct Job: Sendable {
        let id: String
        let instance: String
        let started: Timestamp
        fileprivate(set) var phase = Phase.running
        fileprivate(set) var ended: Timestamp?
        fileprivate(set) var read: UInt64 = 0
        fileprivate(set) var all: UInt64 = 0
        /// The report as JSON.
        fileprivate(set) var report: String?
        /// Whether its thread still has its progress.
        fileprivate(set) var canResume = false
    }

    private struct State {
        var jobs: [Job] = []
        var count = 0
    }

    /// Jobs that are kept.
    private static let mostJobs = 16
    /// How long a cancelled one keeps its progress, and how often it checks whether it may go on, microseconds.
    private static let restingLooks = 6_000
    private static let look: UInt32 = 100_000

    private let state = Mutex(State())
    private let turn: VerificationTurn
    private let instance: String
    private let isInBackground: Bool
    private let verifier: @Sendable () -> JournalVerifier

    /// - Parameter isInBackground: whether threads run at the idle priority: on a busy machine they may take any time.
    init(turn: VerificationTurn, instance: String, isInBackground: Bool = true, verifier: @escaping @Sendable () -> JournalVerifier) {
        (self.turn, self.instance, self.isInBackground, self.verifier) = (turn, instance, isInBackground, verifier)
    }

    var jobs: [Job] { state.withLock { $0.jobs.reversed() } }

    func job(_ id: String) -> Job? { state.withLock { state in state.jobs.first { $0.id == id } } }

    /// Starts one, or returns the running one; nil if another verification is running, or the system can't create a
    /// thread.
    func begin(at now: Timestamp = .now()) -> Job? {
        if let running = jobs.first(where: { $0.phase == .running }) { return running }
        // A suspended one is discarded for the new one.
        state.withLock { state in for index in state.jobs.indices { state.jobs[index].canResume = false } }
        guard turn.take() else { return nil }
        let job = state.withLock { state -> Job in
            state.count += 1
            let job = Job(id: "v-\(state.count)", instance: instance, started: now)
            state.jobs.append(job)
            state.jobs.removeFirst(max(0, state.jobs.count - Self.mostJobs))
            return job
        }
        let thread = BlockingThread { [self] in
            if isInBackground { IndexFollower.yieldToEverybody() }
            run(job.id)
        }
        guard thread != nil else {
            end(job.id) { $0.phase = .failed }
            return nil
        }
        return job
    }

    /// Suspends one; nil if none has that id. One that has ended is not changed.
    func cancel(_ id: String) -> Job? {
        change(id) { job in
            guard job.phase == .running else { return }
            (job.phase, job.canResume, job.ended) = (.cancelled, true, .now())
        }
        return job(id)
    }

    /// Resumes a suspended one; nil if that is not possible.
    func resume(_ id: String) -> Job? {
        // The turn was released when it was suspended.
        guard turn.take() else { return nil }
        let resumed = state.withLock { state -> Job? in
            guard let index = state.jobs.firstIndex(where: { $0.id == id }) else { return nil }
            guard state.jobs[index].phase == .cancelled, state.jobs[index].canResume else { return nil }
            (state.jobs[index].phase, state.jobs[index].ended) = (.running, nil)
            return state.jobs[index]
        }
        if resumed == nil { turn.giveBack() }
        return resumed
    }

    private func change(_ id: String, _ body: (inout Job) -> Void) {
        state.withLock { state in
            guard let index = state.jobs.firstIndex(where: { $0.id == id }) else { return }
            body(&state.jobs[index])
        }
    }

    private func run(_ id: String) {
        var verifier = verifier()
        verifier.observe = { [self] read, all in change(id) { ($0.read, $0.all) = (read, all) } }
        verifier.mayGoOn = { [self] in mayGoOn(id) }
        let report = try? verifier.verify()
        guard !verifier.isStopped else { return }
        let text = report?.json
        end(id) { job in
            (job.phase, job.canResume, job.ended) = (report == nil ? .failed : .done, false, .now())
            job.report = text
            if let size = report?.head.size { (job.read, job.all) = (size, size) }
        }
    }

    /// Ends a job and releases its turn atomically: a client that sees the end may start another at once.
    private func end(_ id: String, _ body: (inout Job) -> Void) {
        state.withLock { state in
            if let index = state.jobs.firstIndex(where: { $0.id == id }) { body(&state.jobs[index]) }
            turn.giveBack()
        }
    }

    /// Called by a job between two batches.
    private enum Bidding {
        case goOn, rest, giveUp
    }

    /// False when the job is to be discarded. While it is suspended, another one may have the turn.
    private func mayGoOn(_ id: String) -> Bool {
        var looks = 0
        while true {
            switch bidding(id, isPatient: looks < Self.restingLooks) {
            case .goOn: return true
            case .rest:
                // Once, when it is suspended; resuming takes the turn again.
                if looks == 0 { turn.giveBack() }
                looks += 1
                usleep(Self.look)
            case .giveUp:
                if looks == 0 { turn.giveBack() }
                return false
            }
        }
    }

    /// Decided atomically: a discarded job can't be resumed at the same moment.
    private func bidding(_ id: String, isPatient: Bool) -> Bidding {
        state.withLock { state in
            guard let index = state.jobs.firstIndex(where: { $0.id == id }) else { return .giveUp }
            guard state.jobs[index].phase != .running else { return .goOn }
            guard state.jobs[index].canResume, isPatient else {
                state.jobs[index].canResume = false
                return .giveUp
            }
            return .rest
        }
    }
}

extension VerificationDesk.Job {
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("id", id)
            json.member("instance", instance)
            json.member("state", phase.rawValue)
            json.member("read", Int64(clamping: read))
            json.member("of", Int64(clamping: all))
            json.member("started", started.description)
            json.member("ended", ended?.description)
            json.key("resumable")
            json.value(canResume)
            if let report {
                json.key("report")
                json.raw(report.utf8)
            }
        }
    }
}
