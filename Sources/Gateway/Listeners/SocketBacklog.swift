import CLinux
import NIOCore

/// Finds out how much of a connection's output has not reached the caller, and whether input waits to be read. Used on the channel's
/// event loop.
struct SocketBacklog {
    /// Getting it from the channel takes a cast that costs 14 thousand instructions, so it is stored. It stays the channel's own for as long as the
    /// channel is active: NIO changes that state in the step in which it closes the socket, and makes no calls in between.
    private let descriptor: NIOBSDSocket.Handle
    private let isUnix: Bool

    /// Nil when the channel has no socket, or none any more.
    init?(of channel: any Channel, isUnix: Bool) {
        let found = try? channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) { $0 }
        guard let found else { return nil }
        descriptor = found
        self.isUnix = isUnix
    }

    /// Bytes in the channel's own buffer, and in the kernel's as far as the caller's machine has not acknowledged them (TCP) or its program has
    /// not read them (Unix sockets, with some overhead of the kernel's). Under TLS they are encrypted bytes, which are a few more. So the
    /// result is never less than the missing bytes.
    ///
    /// Nil when it can't be known any more: the socket is closed, or the other end of a Unix socket is.
    /// - Parameter channel: the one that this was created for.
    func bytes(of channel: any Channel) -> Int? {
        guard channel.isActive, let buffered = try? channel.syncOptions?.getOption(.bufferedWritableBytes) else { return nil }
        let inKernel = isUnix ? clinux_unread_bytes(descriptor) : clinux_unacknowledged_bytes(descriptor)
        guard inKernel >= 0 else { return nil }
        // Bounded: both are lengths of buffers in memory.
        return buffered + Int(inKernel)
    }

    /// Whether bytes have arrived that this process has not read. The end of the caller's stream doesn't
    /// count.
    func hasInput(of channel: any Channel) -> Bool {
        channel.isActive && clinux_unread_input(descriptor) > 0
    }
}
