import Synchronization

/// How far the cloud's clock is ahead of this machine's, learned from answers and shared by all workers.
package final class ClockOffset: Sendable {
    /// From this offset on the operator is warned.
    package static let warning = Duration.seconds(60)
    /// From this offset on the gateway isn't ready: the cloud refuses signatures from 15 minutes on (protocol page a.8).
    package static let limit = Duration.seconds(600)
    /// At most one answer per this interval is evaluated.
    private static let observationIntervalMicroseconds: Int64 = 500_000

    private let estimate: Mutex<ClockEstimate>
    private let published = Atomic<Int64>(0)
    private let confirmed = Atomic<Int64>(0)
    private let isUndecided = Atomic<Bool>(false)
    private let lastObservation = Atomic<Int64>(.min)

    package init() {
        estimate = Mutex(ClockEstimate())
    }

    /// - Parameter answersNeeded: how many answers must agree before this machine's clock is considered wrong.
    package init(answersNeeded: Int) {
        estimate = Mutex(ClockEstimate(needed: answersNeeded))
    }

    /// Microseconds to add to this machine's clock for signatures.
    package var microseconds: Int64 { published.load(ordering: .relaxed) }

    /// The offset that several answers agree on.
    package var duration: Duration { .microseconds(confirmed.load(ordering: .relaxed)) }

    /// The time to put into a signature.
    package func signingTime(wallMicroseconds: Int64) -> SigningTime {
        SigningTime(secondsSinceEpoch: (wallMicroseconds + microseconds) / 1_000_000)
    }

    /// Whether the `Date` of an answer should be read: at most once per interval, unless a signature was refused or answers disagree.
    package func wantsObservation(receivedMicroseconds: Int64, isSuspect: Bool) -> Bool {
        let last = lastObservation.load(ordering: .relaxed)
        return isSuspect || isUndecided.load(ordering: .relaxed) || last == .min || receivedMicroseconds < last
            || receivedMicroseconds - last >= Self.observationIntervalMicroseconds
    }

    /// Adds the `Date` field of an answer, with this machine's wall clock at the sending of the request and the arrival of the answer.
    package func observe(date: UnsafeRawBufferPointer, sentMicroseconds: Int64, receivedMicroseconds: Int64, isSuspect: Bool) {
        guard let seconds = ServiceTime.seconds(http: date) else { return }
        observe(
            seconds: seconds, sent: .microseconds(sentMicroseconds), received: .microseconds(receivedMicroseconds), isSuspect: isSuspect)
    }

    func observe(seconds: Int64, sent: Duration, received: Duration, isSuspect: Bool) {
        lastObservation.store(received.microseconds, ordering: .relaxed)
        let seen = estimate.withLock { estimate in
            estimate.observe(date: seconds, sent: sent, received: received, isSuspect: isSuspect)
            return estimate
        }
        published.store(seen.offset, ordering: .relaxed)
        confirmed.store(seen.confirmedOffset, ordering: .relaxed)
        isUndecided.store(seen.isUndecided, ordering: .relaxed)
    }
}
