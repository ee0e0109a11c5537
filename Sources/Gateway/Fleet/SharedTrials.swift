import Codecs
package import Credentials
import Crypto
import Fleet
import NIOCore
import NIOPosix
import Synchronization

/// Keys that are not proven are tried by all gateways together: each asks the database for permission to sign one more request, and reports the
/// outcome.
///
/// 1. At most two requests with a pass are under way in the whole fleet. Two refusals in a row end that, so that two reach the cloud; if a
///    proven key is revoked, the requests that were sent before the first refusal was known are refused, and one more.
/// 2. The outcome of a pass is reported, and repeated until the database has it, before the next query.
/// 3. While the database is unreachable each gateway uses its own trust window, like a single gateway.
package final class SharedTrials: SharedTrust {
    /// Between two queries while the limit is reached; a notification usually comes first.
    private static let looks: [TimeAmount] = [.milliseconds(250), .milliseconds(500), .seconds(1)]
    /// Polls until the waiters are called back to ask again.
    private static let mostLooks = 30
    /// The most outcomes that are stored until they can be reported. Those beyond that end when the member's
    /// epoch does.
    private static let mostUntold = 64

    private struct Untold: Sendable, Equatable {
        let mark: SharedTrustMark
        let pass: String?
        let end: Trial.End
    }

    private struct State {
        var listeners: [SharedTrustMark: [@Sendable (Bool) -> Bool]] = [:]
        /// Queries that wait for a free pass, by notification.
        var waiting: [String: [UInt64: @Sendable () -> Void]] = [:]
        var last: UInt64 = 0
        var untold: [Untold] = []
    }

    private let fleet: SharedState
    private let key: [UInt8]?
    private let loop: any EventLoop
    private let state = Mutex(State())

    /// - Parameter key: bytes that all gateways have and the database doesn't; nil without.
    package init(_ fleet: SharedState, key: [UInt8]?) {
        self.fleet = fleet
        self.key = key
        loop = MultiThreadedEventLoopGroup.singleton.any()
        fleet.member.wakes.listen { [weak self] payload in
            if payload.hasPrefix("t") { self?.wasNotified(payload) }
        }
    }

    /// The name of a key in the database.
    private func name(_ mark: SharedTrustMark) -> [UInt8] {
        guard let key else { return mark.bytes }
        return Array(HMAC<SHA256>.authenticationCode(for: mark.bytes, using: SymmetricKey(data: key)))
    }

    // MARK: - Asking

    package func ask(_ mark: SharedTrustMark, then: @escaping @Sendable (SharedTrustAdmission) -> Void) {
        let pass = (0..<16).map { _ in UInt8.random(in: .min ... .max) }.hexadecimal
        loop.execute { [self] in attempt(mark, pass, look: 0, then) }
    }

    private func attempt(_ mark: SharedTrustMark, _ pass: String, look: Int, _ then: @escaping @Sendable (SharedTrustAdmission) -> Void) {
        guard !fleet.isLocal else { return then(.alone) }
        // The outcomes of earlier requests are reported first: this query may wait for one of them.
        if let untold = state.withLock({ $0.untold.first }) {
            return fleet.member.triedKey(name(untold.mark), pass: untold.pass, untold.end) { [self] result in
                guard case .success = result else { return then(.alone) }
                // Exactly this one: several queries may have reported it at the same time.
                state.withLock { state in
                    if let place = state.untold.firstIndex(of: untold) { state.untold.remove(at: place) }
                }
                loop.execute { [self] in attempt(mark, pass, look: look, then) }
            }
        }
        fleet.member.tryKey(name(mark), pass: pass) { [self] result in
            switch result {
            case .success(.open): then(.open)
            case .success(.pass): then(.pass(SharedTrustPass(mark: mark, id: pass)))
            case .success(.rest(let microseconds)): then(.rest(.microseconds(microseconds)))
            case .success(.wait) where look < Self.mostLooks: wait(mark, look: look) { [self] in attempt(mark, pass, look: look + 1, then) }
            case .success(.wait): then(.busy)
            case .success(.fenced): then(.alone)
            case .failure:
                // The statement may have been executed all the same.
                keep(Untold(mark: mark, pass: pass, end: .silent))
                then(.alone)
            }
        }
    }

    /// Calls back once: when the key's state has changed, or when it is time to poll.
    private func wait(_ mark: SharedTrustMark, look: Int, _ action: @escaping @Sendable () -> Void) {
        let title = name(mark).hexadecimal
        let number = state.withLock { state in
            state.last += 1
            state.waiting[title, default: [:]][state.last] = action
            return state.last
        }
        loop.scheduleTask(in: Self.looks[min(look, Self.looks.count - 1)]) { [self] in
            let action = state.withLock { state in
                defer { if state.waiting[title]?.isEmpty == true { state.waiting[title] = nil } }
                return state.waiting[title]?.removeValue(forKey: number)
            }
            action?()
        }
    }

    // MARK: - Reporting

    package func end(_ pass: SharedTrustPass, _ outcome: SharedTrustOutcome, then: @escaping @Sendable (_ isProven: Bool) -> Void) {
        let end: Trial.End =
            switch outcome {
            case .proven: .proven
            case .refused: .refused
            case .silent: .silent
            }
        tell(Untold(mark: pass.mark, pass: pass.id, end: end)) { then($0 == .open) }
    }

    package func wasRefused(_ mark: SharedTrustMark) {
        tell(Untold(mark: mark, pass: nil, end: .refused)) { _ in }
    }

    private func tell(_ end: Untold, then: @escaping @Sendable (Trial.Phase) -> Void) {
        fleet.member.triedKey(name(end.mark), pass: end.pass, end.end) { [self] result in
            switch result {
            case .success(let phase): then(phase)
            case .failure: keep(end)
            }
        }
    }

    private func keep(_ end: Untold) {
        state.withLock { state in
            if state.untold.count < Self.mostUntold { state.untold.append(end) }
        }
    }

    // MARK: - Notifications

    package func watch(_ mark: SharedTrustMark, _ listener: @escaping @Sendable (_ isProven: Bool) -> Bool) {
        state.withLock { $0.listeners[mark, default: []].append(listener) }
    }

    package func after(_ span: Duration, _ action: @escaping @Sendable () -> Void) {
        loop.scheduleTask(in: TimeAmount(span), action)
    }

    /// `t`, the key's name in hexadecimal, a colon, its phase.
    private func wasNotified(_ payload: String) {
        let parts = payload.dropFirst().split(separator: ":")
        guard parts.count == 2 else { return }
        let (title, isProven) = (String(parts[0]), parts[1] == Trial.Phase.open.rawValue)
        let (waiting, marks) = state.withLock { ($0.waiting.removeValue(forKey: title) ?? [:], Array($0.listeners.keys)) }
        for look in waiting.values { loop.execute(look) }
        guard let mark = marks.first(where: { name($0).hexadecimal == title }) else { return }
        let listeners = state.withLock { $0.listeners.removeValue(forKey: mark) ?? [] }
        let interested = listeners.filter { $0(isProven) }
        state.withLock { state in
            guard !interested.isEmpty || state.listeners[mark] != nil else { return }
            state.listeners[mark, default: []] += interested
        }
    }
}
