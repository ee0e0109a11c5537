import CLinux
import Glibc
import NIOCore

/// What has connected to a listener and is not accepted yet. The kernel resets all of it when the listener is closed, with the requests that were
/// sent on it. Used on the listener's event loop.
struct AcceptQueue {
    private let descriptor: NIOBSDSocket.Handle

    /// Nil when the channel has no socket, or none any more.
    init?(of channel: any Channel) {
        guard channel.isActive else { return nil }
        let found = try? channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) { $0 }
        guard let found else { return nil }
        descriptor = found
    }

    /// Lets nobody in any more. Who tries to connect is told that nobody listens once the listener is closed, since TCP tries again after a second.
    func dropNewcomers() { _ = clinux_drop_newcomers(descriptor) }

    var isEmpty: Bool {
        var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&request, 1, 0) <= 0
    }
}

extension Listener.Bound {
    /// Turns of the event loop that emptying the queue may take: each accepts several, and the queue has `Listener.backlog` at most. It is not
    /// emptied while as many connections are open as may be.
    private static let mostTurns = 1_000

    /// Lets in who has connected already, and nobody else. A socket that this process has from another one stays open there, and so does its queue.
    func emptyQueue() async {
        guard !isInherited else { return }
        // Nobody finds a Unix socket without its file.
        file?.remove()
        let isTCP = file == nil
        for turn in 0..<Self.mostTurns {
            let isEmpty = try? await channel.eventLoop.submit { [channel] in
                guard let queue = AcceptQueue(of: channel) else { return true }
                if isTCP, turn == 0 { queue.dropNewcomers() }
                return queue.isEmpty
            }.get()
            guard isEmpty == false else { return }
        }
    }
}
