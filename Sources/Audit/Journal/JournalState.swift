/// Whether the journal can be written.
package enum JournalState: Sendable, Hashable {
    /// It can.
    case healthy
    /// It cannot, and tries to.
    case failing(since: Timestamp, reason: JournalError)
    /// It was closed.
    case closed
}
