package import Fleet
import NIOCore
import Policy
import Synchronization

/// What several gateways have to agree on, as an interface for exchanges. A single gateway has none of this, and decides from its own
/// memory.
///
/// 1. Nothing here blocks an event loop: callbacks run on the loop of the caller.
/// 2. A positive answer of this gateway's own memory ("yours") needs no query. A negative one is never given from it alone.
package final class SharedState: Sendable {
    /// What applies while the database is unreachable.
    package struct Terms: Sendable {
        /// Which signatures must be known to all gateways before the call continues.
        package enum Signatures: Sendable { case changes, all, none }

        package var signatures = Signatures.changes
        /// Whether this gateway decides alone while the database is unreachable.
        package var exportsAlone = false
        package var ownersAlone = false
        package var signaturesAlone = false
        /// How operations with a pace continue.
        package enum Paced: Sendable {
            /// Each gateway with its part of the pace.
            case part
            /// Each gateway with the whole pace.
            case whole
            case refuse
        }

        package var paced = Paced.part
        /// Whether `/readyz` fails while the database is unreachable.
        package var isNeededToBeReady = false
        /// How long members may have different configurations before that is reported.
        package var driftGrace = Duration.seconds(600)

        package init() {}
    }

    package let member: FleetMember
    package let terms: Terms
    /// Files that were reported to the database, so that not every poll has to report them.
    let toldFiles = ToldFiles()
    package let reads: ReadSignatures

    package let durations: StatementDurations

    package init(member: FleetMember, terms: Terms, durations: StatementDurations = StatementDurations()) {
        self.durations = durations
        self.member = member
        self.terms = terms
        reads = ReadSignatures(member)
    }

    /// An operator has ordered that each gateway decides for itself.
    var isLocal: Bool { member.mode == .local }

    /// What the queues before HSS's quota share.
    var queues: SharedQueues {
        SharedQueues(database: member, paced: terms.paced, isLocal: { [member] in member.mode == .local })
    }

    /// By how much an answer may come later than the patience with a statement ends.
    private static let tolerance = Duration.seconds(1)

    /// Asks, and answers on the loop, once. A statement has its deadline, but the thread that should send it may hang in a system call, as where the
    /// database's name is being resolved: no exchange waits for that. What the late answer would have said is what a lost one would have.
    func ask<Value: Sendable>(
        on loop: any EventLoop, _ question: (@escaping FleetMember.Answer<Value>) -> Void,
        then: @escaping @Sendable (Result<Value, FleetFault>) -> Void
    ) {
        let isAnswered = NIOLoopBoundBox(false, eventLoop: loop)
        let answer: @Sendable (Result<Value, FleetFault>) -> Void = { result in
            guard !isAnswered.value else { return }
            isAnswered.value = true
            then(result)
        }
        let limit = loop.scheduleTask(in: TimeAmount(member.configuration.patience + Self.tolerance)) {
            answer(.failure(.unavailable("the database took too long")))
        }
        question { result in
            loop.execute {
                limit.cancel()
                answer(result)
            }
        }
    }
}

/// Files whose task the database knows from this gateway.
final class ToldFiles: Sendable {
    /// The most that are cached; then the cache is emptied, and all are reported again.
    private static let most = 20_000

    private let files = Mutex<Set<String>>([])

    func contains(_ file: String, in project: String) -> Bool { files.withLock { $0.contains("\(project)/\(file)") } }

    func insert(_ file: String, in project: String) {
        files.withLock { files in
            if files.count >= Self.most { files.removeAll() }
            files.insert("\(project)/\(file)")
        }
    }
}

extension SharedState {
    /// Signatures of reads, which are reported to the database in batches: a repeated use is known afterwards, and no read waits for it.
    package final class ReadSignatures: Sendable {
        /// How long a batch is collected.
        private static let pace: TimeAmount = .milliseconds(100)
        /// The largest batch; signatures beyond it while the database is slow are known to this gateway
        /// alone.
        private static let most = 1_000

        private struct State {
            var uses: [SharedSignature] = []
            var isScheduled = false
            var repeated: UInt64 = 0
            var untold: UInt64 = 0
        }

        private let member: FleetMember
        private let state = Mutex(State())

        init(_ member: FleetMember) { self.member = member }

        /// How many were used on another gateway before, and how many could not be reported to the database.
        package var figures: (repeated: UInt64, untold: UInt64) { state.withLock { ($0.repeated, $0.untold) } }

        func add(_ use: SharedSignature, on loop: any EventLoop) {
            let mustSchedule = state.withLock { state in
                guard state.uses.count < Self.most else {
                    state.untold += 1
                    return false
                }
                state.uses.append(use)
                defer { state.isScheduled = true }
                return !state.isScheduled
            }
            if mustSchedule { loop.scheduleTask(in: Self.pace) { [self] in tell() } }
        }

        private func tell() {
            let uses = state.withLock { state in
                state.isScheduled = false
                defer { state.uses = [] }
                return state.uses
            }
            member.tell(uses) { [self] result in
                state.withLock { state in
                    switch result {
                    // The database's number may be any.
                    case .success(let fresh): state.repeated += UInt64(uses.count) - UInt64(min(max(0, fresh), Int64(uses.count)))
                    case .failure: state.untold += UInt64(uses.count)
                    }
                }
            }
        }
    }
}

extension Refusal {
    /// The database is unreachable, or its data is not complete yet.
    static let fleetUnavailable = Refusal(
        .fleetUnavailable, "What the gateways share can't be reached, so that this request can't be decided now.",
        hint: "Send it again after Retry-After; nothing was sent to HSS. The operator looks at the check `fleet` of /readyz."
    )

    /// An export with an unknown end.
    static let exportUnknown = Refusal(
        .exportUnknown, "An export was sent under this Idempotency-Key, and nobody knows whether HSS made a task.",
        hint: "Look for its task in the console, and use a new key if there is none; the operator can settle it."
    )
}
