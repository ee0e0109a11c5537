import NIOCore
import Synchronization

/// The open connections of a listener, so that stopping can cut them.
final class ConnectionSet: Sendable {
    private struct State {
        var channels: [Int: any Channel] = [:]
        var accepted = 0
    }

    private let state = Mutex(State())

    /// Adds a connection until it closes; returns its number, counted from 1.
    func insert(_ channel: any Channel) -> Int {
        let number = state.withLock { state in
            state.accepted += 1
            state.channels[state.accepted] = channel
            return state.accepted
        }
        channel.closeFuture.whenComplete { [self] _ in
            state.withLock { $0.channels[number] = nil }
        }
        return number
    }

    /// Closes all that are open.
    func closeAll() {
        let channels = state.withLock { Array($0.channels.values) }
        for channel in channels { channel.close(promise: nil) }
    }
}
