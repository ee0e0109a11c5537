import Synchronization

/// How long the journal's syncs took. Written by the journal's thread, read by the admin port.
package final class SyncDurations: Sendable {
    private let histogram = Mutex(Histogram())

    package init() {}

    package func record(_ duration: Duration) {
        histogram.withLock { $0.record(duration) }
    }

    package var reading: Histogram { histogram.withLock { $0 } }
}
