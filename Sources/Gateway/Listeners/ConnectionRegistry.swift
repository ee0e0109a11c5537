import NIOCore

/// A connection as the worker's sweep sees it: something with a deadline, which must end before the gateway
/// does.
protocol SweptConnection: AnyObject {
    /// When the sweep acts; nil while the caller has nothing to do.
    var deadline: NIODeadline? { get }
    var origin: ConnectionOrigin { get }
    /// Whether data that it waits for has arrived already, and only this process has not read it yet.
    var hasUnreadInput: Bool { get }
    func deadlineDidPass()
    func beginDraining()
    func cut()
}

/// The open connections of one worker, with its share of the limit.
final class ConnectionRegistry {
    private var connections: [ObjectIdentifier: any SweptConnection] = [:]
    var capacity: Int
    private var emptied: EventLoopPromise<Void>?

    init(capacity: Int) {
        self.capacity = capacity
    }

    var count: Int { connections.count }
    var isFull: Bool { connections.count > capacity }

    /// False when it is known already.
    func insert(_ connection: any SweptConnection) -> Bool {
        connections.updateValue(connection, forKey: ObjectIdentifier(connection)) == nil
    }

    func remove(_ connection: any SweptConnection) {
        connections.removeValue(forKey: ObjectIdentifier(connection))
        if connections.isEmpty { emptied?.succeed() }
    }

    /// Succeeds when the last connection has closed.
    func whenEmpty(on loop: any EventLoop) -> EventLoopFuture<Void> {
        if connections.isEmpty { return loop.makeSucceededVoidFuture() }
        let promise = emptied ?? loop.makePromise()
        emptied = promise
        return promise.futureResult
    }

    /// A copy, because an action on a connection may close it.
    var all: [any SweptConnection] { Array(connections.values) }
}
