/// What the writer tells its listeners, once for each batch.
package enum JournalProgress: Sendable, Hashable {
    /// Every record before this number is on stable storage.
    case durable(upTo: SequenceNumber)
    /// Records before this number that are not durable yet will not be soon. They stay in memory and are written when the disk recovers;
    /// an exchange that waited for one has to be refused or cut.
    case failed(upTo: SequenceNumber, reason: JournalError)
}
