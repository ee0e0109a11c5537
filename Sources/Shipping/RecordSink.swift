package import Audit

/// A place that records are copied to. Used by one shipper, on its thread alone; every call may block up to a bound of its own.
package protocol RecordSink: AnyObject {
    /// How much is handed over at once.
    var bounds: RecordBatch.Bounds { get }

    /// Connects, and says which record is needed next.
    /// - Parameter kept: the next record according to the position file.
    func open(from kept: SequenceNumber, in journal: JournalView) throws(SinkFailure) -> SequenceNumber

    /// Hands records over; returns when the sink has them, as far as it can tell.
    /// - Returns: those of them that the sink can't take, which are passed over.
    func deliver(_ batch: RecordBatch) throws(SinkFailure) -> RefusedRecords

    /// Hands the journal's newest checkpoint over, where the sink keeps them.
    func deliver(checkpoint note: String) throws(SinkFailure)

    /// Called from time to time while there is nothing to ship, for maintenance.
    func idle() throws(SinkFailure)

    /// Closes the connection; `open` is called before the next use.
    func close()
}

extension RecordSink {
    package func deliver(checkpoint note: String) throws(SinkFailure) {}
    package func idle() throws(SinkFailure) {}
}
