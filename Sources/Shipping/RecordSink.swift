package import Audit

/// A place that records are copied to. Used by one shipper, on its thread alone; every call may block up to a bound of its own.
package protocol RecordSink: AnyObject {
    /// The limits of one batch.
    var bounds: RecordBatch.Bounds { get }

    /// Connects, and returns which record is needed next.
    /// - Parameter kept: the next record according to the position file.
    func open(from kept: SequenceNumber, in journal: JournalView) throws(SinkFailure) -> SequenceNumber

    /// Passes records on; returns when the sink has them, as far as it can tell.
    /// - Returns: the records that the sink refuses, which are skipped.
    func deliver(_ batch: RecordBatch) throws(SinkFailure) -> RefusedRecords

    /// Passes the journal's newest checkpoint on, if the sink stores them.
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
