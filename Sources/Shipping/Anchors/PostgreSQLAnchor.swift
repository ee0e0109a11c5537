package import Audit

/// Copies checkpoints to the central database, on a connection of each its own: they come seconds apart.
package struct PostgreSQLAnchor: CheckpointAnchor {
    package let name: String
    private let instance: String
    private let url: @Sendable () throws(SinkFailure) -> String

    package init(name: String, instance: String, url: @escaping @Sendable () throws(SinkFailure) -> String) {
        self.name = name
        self.instance = instance
        self.url = url
    }

    package func publish(_ checkpoint: SignedCheckpoint) throws(AnchorFailure) {
        do throws(SinkFailure) {
            let connection = try PostgreSQLConnection(url: try url(), stop: StopSignal())
            try CentralSchema.prepare(connection)
            try CentralCheckpoint.insert(checkpoint.note, of: instance, connection)
        } catch {
            throw AnchorFailure(error.reason)
        }
    }
}
