import Synchronization

/// The streams of HTTP/2 whose answer is complete and has not left, of all workers together.
///
/// A client that opens no window leaves every answer in the gateway, a few kilobytes for the fifteen bytes of its request. Beyond a number of them
/// refusals have a head only, which needs no window: so what nobody reads is bounded, also for senders that nobody knows.
final class UnreadAnswers: Sendable {
    /// For each connection that may be open. A client may have all of its streams refused at once, so this bounds all connections together.
    private static let perConnection = 4

    private let count = Atomic<Int>(0)

    func began() { count.add(1, ordering: .relaxed) }

    func ended() { count.subtract(1, ordering: .relaxed) }

    /// - Parameter connections: how many may be open.
    func areTooMany(for connections: Int) -> Bool {
        // Bounded: a count of streams in memory.
        count.load(ordering: .relaxed) / Self.perConnection >= connections
    }
}
