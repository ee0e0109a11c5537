internal import Synchronization

/// The moments of a batch at which the writer meets the threads that append.
extension JournalCore {
    /// Hands everything over to the kernel, and takes the lines that are to become durable into `flight`. Gives the segment they are in: event
    /// loops may go on writing to it while it is synced.
    func handOver(_ flight: inout LineChunk) throws(JournalError) -> Segment {
        try outlet.withLock { outlet throws(JournalError) in
            try outlet.drain(self)
            outlet.exchange(&flight)
            return outlet.segment
        }
    }

    /// Notes that what is in flight is durable, in a segment that a sync covered up to `length`.
    func land(_ flight: LineChunk, length: Int) {
        outlet.withLock { $0.segment.markDurable(length) }
        durable.store(flight.end, ordering: .releasing)
        intake.withLock { $0.release(flight.count) }
    }
}
