package import Audit

/// Copies checkpoints to the central database, each on a connection of its own: they come seconds apart.
package struct PostgreSQLAnchor: CheckpointAnchor {
    package let name: String
    private let instance: String
    private let url: @Sendable () throws(SinkFailure) -> String
    private let stop = StopSignal()

    package init(name: String, instance: String, url: @escaping @Sendable () throws(SinkFailure) -> String) {
        self.name = name
        self.instance = instance
        self.url = url
    }

    package func publish(_ checkpoint: SignedCheckpoint) throws(CheckpointAnchorFailure) {
        do throws(SinkFailure) {
            let connection = try PostgreSQLConnection(url: try url(), stop: stop)
            try CentralSchema.prepare(connection)
            try CentralCheckpoint.insert(checkpoint.note, of: instance, connection)
        } catch {
            throw CheckpointAnchorFailure(error.reason)
        }
    }
    package func abandon() { stop.stop(within: .zero) }
}
