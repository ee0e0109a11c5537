/// How much of a connection's output has reached its caller, as far as that can be known: a lower bound that only grows.
///
/// It is updated while an answer is under way and when the connection fails, since a closed socket can't be queried. It is not used for an
/// answer that leaves in one piece.
struct OutputReceipt {
    /// Bytes passed to the channel, over the connection's whole life, including those that came after it had
    /// closed.
    private var handed = 0
    private var received = 0
    /// Whether a part of an answer was passed on, and not yet all of it.
    private(set) var isUnderWay = false

    /// An answer begins.
    mutating func begin() { isUnderWay = false }

    /// - Parameter endsAnswer: whether these are the last bytes of the answer. They may still be on their way, but their arrival isn't
    ///   checked any more: the closing record is written already.
    mutating func hand(_ bytes: Int, endsAnswer: Bool) {
        // Bounded: a connection lives no 2^63 bytes.
        handed += bytes
        if endsAnswer { isUnderWay = false } else if bytes > 0 { isUnderWay = true }
    }

    /// - Parameter backlog: the value of `SocketBacklog` after everything that was passed on so far.
    mutating func look(_ backlog: Int?) {
        if let backlog { received = max(received, handed - backlog) }
    }

    /// Bytes passed on that may never have reached the caller.
    var missing: Int { handed - received }
}
