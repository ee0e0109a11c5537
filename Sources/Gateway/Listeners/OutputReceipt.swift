/// How much of a connection's output has reached its caller, as far as that can be known: a lower bound that only grows.
///
/// It is looked at while an answer is under way and when the connection fails, since nobody can ask a socket that is closed. An answer that
/// leaves in one piece is never looked at.
struct OutputReceipt {
    /// Bytes handed to the channel, over the connection's whole life; those that came too late for it included.
    private var handed = 0
    private var received = 0
    /// Whether a part of an answer was handed over, and not yet all of it.
    private(set) var isUnderWay = false

    /// An answer begins.
    mutating func begin() { isUnderWay = false }

    /// - Parameter endsAnswer: whether these are the last bytes of the answer. They may still be on their way, but nobody asks for them any more: its
    ///   record is kept already.
    mutating func hand(_ bytes: Int, endsAnswer: Bool) {
        // Bounded: a connection lives no 2^63 bytes.
        handed += bytes
        if endsAnswer { isUnderWay = false } else if bytes > 0 { isUnderWay = true }
    }

    /// - Parameter backlog: what `SocketBacklog` says, after everything that was handed over so far.
    mutating func look(_ backlog: Int?) {
        if let backlog { received = max(received, handed - backlog) }
    }

    /// Bytes handed over that may never have reached the caller.
    var missing: Int { handed - received }
}
