import NIOCore

/// The open connections of one worker, with the bound that all workers share.
final class ConnectionRegistry {
    private var connections: [ObjectIdentifier: ConnectionHandler] = [:]
    private let capacity: Int
    private var emptied: EventLoopPromise<Void>?

    init(capacity: Int) {
        self.capacity = capacity
    }

    var count: Int { connections.count }
    var isFull: Bool { connections.count > capacity }

    /// False when it is known already.
    func insert(_ connection: ConnectionHandler) -> Bool {
        connections.updateValue(connection, forKey: ObjectIdentifier(connection)) == nil
    }

    func remove(_ connection: ConnectionHandler) {
        connections.removeValue(forKey: ObjectIdentifier(connection))
        if connections.isEmpty { emptied?.succeed() }
    }

    /// Succeeds when the last connection has gone.
    func whenEmpty(on loop: any EventLoop) -> EventLoopFuture<Void> {
        if connections.isEmpty { return loop.makeSucceededVoidFuture() }
        let promise = emptied ?? loop.makePromise()
        emptied = promise
        return promise.futureResult
    }

    /// A copy, because what is done to a connection may close it.
    var all: [ConnectionHandler] { Array(connections.values) }
}
