import NIOCore
import Synchronization
import Transport

/// A complete answer of HSS in memory.
struct SharedAnswer: Sendable {
    let head: ResponseHead
    let body: ByteBuffer
    /// The `Audit-Id` of the request that fetched it.
    let auditID: String
}

/// What a waiting read is called back with.
enum SharedReadOutcome: Sendable {
    case answer(SharedAnswer)
    /// The call failed, and would fail for every exchange.
    case refusal(Refusal)
    /// The leader's caller has left: make the call, also for the others.
    case lead
    /// The answer is too long to be buffered: make a separate call.
    case alone
}

/// The reads under way that others may join, and recently answered polls, for all workers. Only requests of these operations take its lock.
///
/// 1. For each key at most one exchange leads. It ends its call by `finish`, `fail`, `tooLong` or `abandon`, exactly once.
/// 2. If the leader's caller leaves, the first waiting exchange becomes the leader, so no answer depends on another caller's connection.
final class SharedReads: Sendable {
    /// Longest answer that is buffered for others, bytes. Up to here it is read whether the leader's caller takes it or not, so that a slow one
    /// doesn't delay the others.
    static let answerBytes = 128 << 10
    /// How many exchanges may wait for one call; further ones make their own.
    static let followerBound = 1_024
    /// How many recent polls are kept.
    static let recentBound = 1_024

    enum Entrance {
        case lead
        case follow(Int)
        case recent(SharedAnswer, age: Duration)
        case alone
    }

    private struct State {
        var calls: [SharingKey: [(number: Int, waiter: NIOLoopBound<any Waiter>)]] = [:]
        var recent: [SharingKey: (answer: SharedAnswer, time: Duration)] = [:]
        var lastNumber = 0
    }

    private let state = Mutex(State())

    /// Joins a call that is under way, takes its recent answer, or begins one.
    /// - Parameter age: how old an answer may be.
    func enter(_ key: SharingKey, age: Duration, at now: Duration, waiter: NIOLoopBound<any Waiter>) -> Entrance {
        state.withLock { state in
            if let (answer, time) = state.recent[key], now - time <= age { return .recent(answer, age: now - time) }
            guard let followers = state.calls[key] else {
                state.calls[key] = []
                return .lead
            }
            guard followers.count < SharedReads.followerBound else { return .alone }
            state.lastNumber += 1
            state.calls[key]?.append((state.lastNumber, waiter))
            return .follow(state.lastNumber)
        }
    }

    /// - Parameter age: how long the answer may be used for later requests; nil if it may not.
    func finish(_ key: SharingKey, _ answer: SharedAnswer, age: Duration?, at now: Duration) {
        state.withLock { state in
            if let age {
                if state.recent.count >= SharedReads.recentBound { state.recent = state.recent.filter { now - $0.value.time <= age } }
                if state.recent.count < SharedReads.recentBound { state.recent[key] = (answer, now) }
            }
            tell(state.calls.removeValue(forKey: key), .answer(answer))
        }
    }

    func fail(_ key: SharingKey, _ refusal: Refusal) {
        state.withLock { tell($0.calls.removeValue(forKey: key), .refusal(refusal)) }
    }

    func tooLong(_ key: SharingKey) {
        state.withLock { tell($0.calls.removeValue(forKey: key), .alone) }
    }

    /// The leader ends without an answer; the first waiting exchange becomes the leader.
    func abandon(_ key: SharingKey) {
        state.withLock { state in
            guard var followers = state.calls.removeValue(forKey: key), !followers.isEmpty else { return }
            let next = followers.removeFirst().waiter
            state.calls[key] = followers
            next.eventLoop.execute { next.value.wake(.sharedCall(.lead)) }
        }
    }

    /// The caller of a waiting read closed its connection. If it has just become the leader, the next one becomes the leader.
    func leave(_ key: SharingKey, _ number: Int) {
        state.withLock { $0.calls[key]?.removeAll { $0.number == number } }
    }

    private func tell(_ followers: [(number: Int, waiter: NIOLoopBound<any Waiter>)]?, _ outcome: SharedReadOutcome) {
        for (_, waiter) in followers ?? [] { waiter.eventLoop.execute { waiter.value.wake(.sharedCall(outcome)) } }
    }
}
