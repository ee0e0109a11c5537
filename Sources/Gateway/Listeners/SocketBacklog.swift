import CLinux
import NIOCore

/// What of a connection's output has not reached the caller.
enum SocketBacklog {
    /// Bytes in the channel's own buffer, and in the kernel's as far as the caller's machine has not acknowledged them (TCP) or its program has
    /// not read them (Unix sockets, with some overhead of the kernel's). Under TLS they are encrypted bytes, which are a few more. So it is
    /// never less than what is missing.
    ///
    /// Nil when it can't be known any more: the socket is closed, or the other end of a Unix socket is.
    static func bytes(of channel: any Channel, isUnix: Bool) -> Int? {
        guard channel.isActive, let buffered = try? channel.syncOptions?.getOption(.bufferedWritableBytes) else { return nil }
        let pipeline = channel.pipeline.syncOperations
        let found = try? pipeline.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) { socket in
            isUnix ? clinux_unread_bytes(socket) : clinux_unacknowledged_bytes(socket)
        }
        guard let inKernel = found, inKernel >= 0 else { return nil }
        // Bounded: both are lengths of buffers in memory.
        return buffered + Int(inKernel)
    }
}

/// How much of a connection's output has reached its caller, as far as that can be known: a lower bound that only grows.
///
/// It is looked at while an answer is under way and when the connection fails, since nobody can ask a socket that is closed. An answer that
/// leaves in one piece is never looked at.
struct OutputReceipt {
    /// Bytes handed to the channel, over the connection's whole life; those that came too late for it included.
    private var handed = 0
    private var received = 0
    /// Whether a part of the answer under way was handed over.
    private(set) var isUnderWay = false

    /// An answer begins.
    mutating func begin() { isUnderWay = false }

    mutating func hand(_ bytes: Int) {
        // Bounded: a connection lives no 2^63 bytes.
        handed += bytes
        if bytes > 0 { isUnderWay = true }
    }

    /// - Parameter backlog: what `SocketBacklog` says, after everything that was handed over so far.
    mutating func look(_ backlog: Int?) {
        if let backlog { received = max(received, handed - backlog) }
    }

    /// Bytes handed over that may never have reached the caller.
    var missing: Int { handed - received }
}
