import CLinux
import Glibc
package import NIOCore

/// What has connected to a listener and is not accepted yet. The kernel resets all of it when the listener is closed, with the requests that were
/// sent on it. Used on the listener's event loop.
package struct AcceptQueue {
    /// Turns of the event loop that emptying the queue may take: each accepts several, and the queue has `Listener.backlog` at most. It is not
    /// emptied while as many connections are open as may be.
    private static let mostTurns = 1_000

    private let descriptor: NIOBSDSocket.Handle

    /// Nil when the channel has no socket, or none any more.
    private init?(of channel: any Channel) {
        guard channel.isActive else { return nil }
        let found = try? channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) { $0 }
        guard let found else { return nil }
        descriptor = found
    }

    /// Lets nobody in any more, with or without root's rights. Who tries to connect is told that nobody listens once the listener is closed, since
    /// TCP tries again after a second.
    private func dropNewcomers() { _ = clinux_drop_newcomers(descriptor) }

    private var isEmpty: Bool {
        var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&request, 1, 0) <= 0
    }

    /// Lets in who has connected to a listener already, and nobody else. False if somebody still waits.
    package static func letIn(from listener: any Channel, isTCP: Bool) async -> Bool {
        for turn in 0..<mostTurns {
            let isEmpty = try? await listener.eventLoop.submit {
                guard let queue = AcceptQueue(of: listener) else { return true }
                if isTCP, turn == 0 { queue.dropNewcomers() }
                return queue.isEmpty
            }.get()
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
    /// Lets in who has connected already, and nobody else. A socket that this process has from another one stays open there, and so does its queue.
    func emptyQueue() async {
        guard !isInherited else { return }
        // Nobody finds a Unix socket without its file.
        file?.remove()
        _ = await AcceptQueue.letIn(from: channel, isTCP: file == nil)
    }
}
