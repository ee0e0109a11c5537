import NIOCore
import Policy
import Synchronization

@testable import Fleet
@testable import Gateway

/// The row of one line, and what happens to the statements of those who ask for it.
final class SharedRow: Sendable {
    enum Condition: Sendable {
        case answers
        /// It can't be reached: each statement fails at once.
        case refuses
        /// It executes nothing and says nothing.
        case isSilent
        /// It executes each statement, and the answer is lost.
        case losesAnswers
        /// Whoever asks hangs in a system call and has not even a fault until that returns.
        case hangs
    }

    struct State: Sendable {
        var version: Int64 = 0
        var bytes: [UInt8]?
        var condition = Condition.answers
    }

    let state = Mutex(State())

    var condition: Condition {
        get { state.withLock { $0.condition } }
        set { state.withLock { $0.condition = newValue } }
    }
}

/// A gateway's way to that row, in an event loop's time.
final class LineDatabaseInMemory: LineDatabase {
    /// How far the database's clock is ahead of the loop's.
    static let ahead = Duration.seconds(1_800_000_000)
    static let patience = Duration.seconds(1)
    private static let beat = TimeAmount.milliseconds(250)

    private struct State {
        var absences = AbsenceLog()
        var awaySince: Duration?
        var random: SplitMix64
        var notified: [@Sendable (String) -> Void] = []
    }

    private let row: SharedRow
    private let loop: any EventLoop
    private let members: Int
    private let state: Mutex<State>
    private let others = Mutex<[LineDatabaseInMemory]>([])

    init(_ row: SharedRow, on loop: any EventLoop, members: Int, seed: UInt64) {
        self.row = row
        self.loop = loop
        self.members = members
        state = Mutex(State(random: SplitMix64(seed: seed)))
        loop.scheduleRepeatedTask(initialDelay: Self.beat, delay: Self.beat) { [weak self] _ in self?.noteBeat() }
    }

    /// Who hears that the line moved.
    func tell(_ others: [LineDatabaseInMemory]) { self.others.withLock { $0 = others } }

    private var now: Duration { .nanoseconds(Int64(loop.now.uptimeNanoseconds)) }

    private func noteBeat() {
        switch row.condition {
        case .answers, .hangs: note(isAway: false)
        case .refuses, .isSilent, .losesAnswers: note(isAway: true)
        }
    }

    private func note(isAway: Bool) {
        let now = now
        state.withLock { state in
            state.awaySince = isAway ? state.awaySince ?? now : nil
            state.absences.note(isAway: isAway, at: now)
        }
    }

    private func someWay() -> TimeAmount { .microseconds(Int64(500 + state.withLock { $0.random.next() } % 4_500)) }

    // MARK: - Statements

    private func ask<Value: Sendable>(_ execute: @escaping @Sendable () -> Value, then: @escaping FleetMember.Answer<Value>) {
        let fault = FleetFault.unavailable("away")
        if let since = state.withLock({ $0.awaySince }), now - since > Self.patience { return then(.failure(fault)) }
        let fail: @Sendable (TimeAmount) -> Void = { [self] wait in
            loop.scheduleTask(in: wait) { [self] in
                note(isAway: true)
                then(.failure(fault))
            }
        }
        loop.scheduleTask(in: someWay()) { [self] in
            switch row.condition {
            case .answers:
                let value = execute()
                loop.scheduleTask(in: someWay()) { [self] in
                    guard row.condition == .answers else { return fail(.zero) }
                    note(isAway: false)
                    then(.success(value))
                }
            case .refuses: fail(.zero)
            case .isSilent: fail(TimeAmount(Self.patience))
            case .losesAnswers:
                _ = execute()
                fail(someWay())
            case .hangs: hang { fail(.zero) }
            }
        }
    }

    private func hang(_ then: @escaping @Sendable () -> Void) {
        loop.scheduleTask(in: .milliseconds(100)) { [self] in if row.condition == .hangs { hang(then) } else { then() } }
    }

    func put(
        _ line: String, over version: Int64, _ bytes: [UInt8], at time: Int64, isPaced: Bool, then: @escaping FleetMember.Answer<LineState.Answer>
    ) {
        ask(
            { [self] in
                let clock = self.time ?? 0
                let verdict: LineState.Verdict = row.state.withLock { row in
                    guard row.version == version else { return .moved(LineState.Stored(version: row.version, state: row.bytes)) }
                    guard abs(time - clock) <= 50_000 else { return .clock(LineState.Stored(version: row.version, state: row.bytes)) }
                    (row.version, row.bytes) = (version + 1, bytes)
                    return .stored(version: row.version)
                }
                if case .stored = verdict { for other in others.withLock({ $0 }) { other.wasNotified(line) } }
                return LineState.Answer(verdict: verdict, clock: clock)
            }, then: then)
    }

    func line(_ name: String, since version: Int64, then: @escaping FleetMember.Answer<LineState.Stored>) {
        ask(
            { [self] in
                row.state.withLock { row in LineState.Stored(version: row.version, state: row.version == version ? nil : row.bytes) }
            }, then: then)
    }

    private func wasNotified(_ line: String) {
        loop.scheduleTask(in: someWay()) { [self] in
            for listener in state.withLock({ $0.notified }) { listener("l" + line) }
        }
    }

    // MARK: - What is known of it

    var time: Int64? { (now + Self.ahead).microseconds }
    let upheavals: UInt64 = 0
    let lastUpheaval: Duration? = nil
    var absences: AbsenceLog { state.withLock { $0.absences } }
    var mostMembers: Int? { members }
    var isCountedByOthers: Bool { state.withLock { $0.awaySince != nil } }
    func line(_ name: String, isReadable: Bool) {}
    func whenPaced(_ listener: @escaping @Sendable ([String]) -> Void) {}
    func whenNotified(_ listener: @escaping @Sendable (String) -> Void) { state.withLock { $0.notified.append(listener) } }
}
