/// The configuration of a journal.
package struct JournalConfiguration: Sendable {
    /// The directory that holds the segments; created with mode 0700 if it is missing.
    package var directory: String
    /// Whether it records calls to the cloud or to the sandbox. A journal of the other nature is not opened.
    package var nature = JournalNature.real
    /// The name tag every record carries.
    package var gateway: Record.Gateway
    /// A segment longer than this many bytes is followed by a new one.
    package var rotateSize = 256 << 20
    /// A segment older than this is followed by a new one.
    package var rotateAge: Duration = .seconds(86_400)
    /// The longest time until a record is synced if no exchange asks for a sync.
    package var syncInterval: Duration = .milliseconds(100)
    /// How many bytes of records that are not yet durable may be kept in memory, while the disk is slow or fails.
    package var pendingLimit = 64 << 20
    /// How long to wait after a failed attempt to write again; doubled after each, up to `healDelayLimit`.
    package var healDelay: Duration = .milliseconds(100)
    /// The longest wait between two attempts to write again.
    package var healDelayLimit: Duration = .seconds(2)
    /// Below this free part of the disk an event and a metric warn.
    package var lowSpace = 0.20
    /// Below this free part no request is accepted that must be recorded before it is sent.
    package var criticalSpace = 0.05
    /// The part of the disk that records of refusals may take, before they no longer get records of their own.
    package var refusalShare = 0.05
    /// The size of the file system that a path is on, bytes.
    package var capacity: @Sendable (String) -> Int? = FreeSpace.capacity
    /// The free part of the file system that a path is on.
    package var freeSpace: @Sendable (String) -> Double? = FreeSpace.fraction
    /// The size that a signed checkpoint covers: numbers before it have been used, even if the segments no longer have them.
    package var signedSize: UInt64 = 0
    /// The wall clock of the journal's own records.
    package var now: @Sendable () -> Timestamp = { Timestamp.now() }
    /// Makes the identifiers of the journal's own records; shared with the gateway, so that all identifiers grow strictly.
    package var identifiers = RecordIDGenerator()
    /// Called with notices of the journal, for the operator's log, on any thread and without a lock; must return quickly.
    package var observe: (@Sendable (JournalNotice) -> Void)?
    /// Called on the writer's thread with the time each sync took, for metrics.
    package var observeSync: (@Sendable (Duration) -> Void)?

    /// Makes a configuration with the defaults of the contract.
    package init(directory: String, gateway: Record.Gateway) {
        self.directory = directory
        self.gateway = gateway
    }
}
