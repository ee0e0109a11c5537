import CLinux
import Glibc
package import NIOCore

/// The connections to a listener that the kernel has established and the gateway has not accepted yet. When the listener is closed the kernel resets
/// them, and the requests that were sent on them are lost. Used on the listener's event loop.
package struct AcceptQueue {
    /// Turns of the event loop that emptying the queue may take: each accepts several, and the queue has `Listener.backlog` at most. It is not
    /// emptied while as many connections are open as may be.
    private static let mostTurns = 1_000
    /// How long handshakes that had begun before newcomers were dropped get to end: the kernel on a busy processor takes milliseconds for one from
    /// the same machine, a network a round trip.
    private static let handshakePause = Duration.milliseconds(30)

    private let descriptor: NIOBSDSocket.Handle

    /// Nil when the channel has no socket, or none any more.
    private init?(of channel: any Channel) {
        guard channel.isActive else { return nil }
        let found = try? channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) { $0 }
        guard let found else { return nil }
        descriptor = found
    }

    /// From now on the kernel drops the first packet of each new connection, whether or not this process is root's. The client's TCP sends it again
    /// after a second; if the listener is closed by then, the connection is refused.
    private func dropNewcomers() { _ = clinux_drop_newcomers(descriptor) }

    private var isEmpty: Bool {
        var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&request, 1, 0) <= 0
    }

    /// Accepts the connections that are already established or nearly so, and no later ones. False if some are left.
    package static func letIn(from listener: any Channel, isTCP: Bool) async -> Bool {
        if isTCP {
            try? await listener.eventLoop.submit { AcceptQueue(of: listener)?.dropNewcomers() }.get()
            guard await isEmptied(listener) else { return false }
            try? await Task.sleep(for: handshakePause)
        }
        return await isEmptied(listener)
    }

    /// Waits until the queue is empty; false if that takes too long.
    private static func isEmptied(_ listener: any Channel) async -> Bool {
        for _ in 0..<mostTurns {
            let isEmpty = try? await listener.eventLoop.submit { AcceptQueue(of: listener)?.isEmpty ?? true }.get()
            guard isEmpty == false else { return true }
        }
        return false
    }

    /// Returns when each loop has done its pending work, and the resulting work on the other loops. A new connection passes between its listener's
    /// loop and its own three times.
    package static func settle(_ loops: [any EventLoop]) async {
        for _ in 0..<3 {
            for loop in loops { try? await loop.submit {}.get() }
        }
    }
}

extension Listener.Bound {
    /// Accepts the connections that are already established, and no later ones. Not needed for a socket that another process made: it stays open
    /// there, and so does its queue.
    func emptyQueue() async {
        guard !isInherited else { return }
        // Nobody finds a Unix socket without its file.
        file?.remove()
        _ = await AcceptQueue.letIn(from: channel, isTCP: file == nil)
    }
}
