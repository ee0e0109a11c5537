import Synchronization

/// Lets one verification run at a time.
final class VerificationTurn: Sendable {
    private let isTaken = Atomic<Bool>(false)

    /// True for the caller that may run.
    func take() -> Bool { isTaken.compareExchange(expected: false, desired: true, ordering: .acquiringAndReleasing).exchanged }

    func giveBack() { isTaken.store(false, ordering: .releasing) }
}
