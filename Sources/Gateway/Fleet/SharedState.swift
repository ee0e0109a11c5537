package import Fleet
import NIOCore
import Policy
import Synchronization

/// What several gateways have to agree about, as exchanges ask for it. A gateway that is alone has none of this, and its memory decides.
///
/// 1. Nothing here blocks an event loop: answers come back to the loop that asked.
/// 2. A positive answer of this gateway's own memory ("yours") needs no question. A negative one is never given from it alone.
package final class SharedState: Sendable {
    /// What holds for whom while the database is away.
    package struct Terms: Sendable {
        /// Which signatures are known to all gateways before the call goes on.
        package enum Signatures: Sendable { case changes, all, none }

        package var signatures = Signatures.changes
        /// Whether this gateway decides alone while the database is away.
        package var exportsAlone = false
        package var ownersAlone = false
        package var signaturesAlone = false
        /// How operations with a pace go on.
        package enum Paced: Sendable {
            /// Each gateway at its part of the pace.
            case part
            /// Each gateway at the whole pace.
            case whole
            case refuse
        }

        package var paced = Paced.part
        /// Whether `/readyz` fails while the database is away.
        package var isNeededToBeReady = false
        /// How long members may have different configurations before that is said.
        package var driftGrace = Duration.seconds(600)

        package init() {}
    }

    package let member: FleetMember
    package let terms: Terms
    /// Files that the database was told of, so that each poll need not tell it again.
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
    /// The most that are remembered; then all are told anew.
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
    /// Signatures of reads, which the database is told of in batches: that one was used twice is known afterwards, and no read waits for it.
    package final class ReadSignatures: Sendable {
        /// How long a batch gathers.
        private static let pace: TimeAmount = .milliseconds(100)
        /// The most of a batch; what comes beyond while the database is slow is known to this gateway alone.
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

        /// How many were used on another gateway before, and how many the database was not told of.
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
                    case .success(let fresh): state.repeated += UInt64(max(0, Int64(uses.count) - fresh))
                    case .failure: state.untold += UInt64(uses.count)
                    }
                }
            }
        }
    }
}

extension Refusal {
    /// The database can't be asked, or doesn't know yet.
    static let fleetUnavailable = Refusal(
        .fleetUnavailable, "What the gateways share can't be reached, so that this request can't be decided now.",
        hint: "Send it again after Retry-After; nothing was sent to HSS. The operator looks at the check `fleet` of /readyz."
    )

    /// An export whose end nobody knows.
    static let exportUnknown = Refusal(
        .exportUnknown, "An export was sent under this Idempotency-Key, and nobody knows whether HSS made a task.",
        hint: "Look for its task in the console, and use a new key if there is none; the operator can settle it."
    )
}
