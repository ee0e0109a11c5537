package import Fleet
import Synchronization

/// How long the fleet's statements take, and how they end.
package final class StatementDurations: Sendable {
    /// The figures of one kind of statement.
    package struct Figures: Sendable {
        package var durations = Histogram()
        package var succeeded: UInt64 = 0
        package var failed: UInt64 = 0
    }

    private let figures = Mutex<[String: Figures]>([:])

    package init() {}

    package func note(_ statement: String, _ duration: Duration, _ fault: FleetFault?) {
        figures.withLock { figures in
            figures[statement, default: Figures()].durations.record(duration)
            if fault == nil { figures[statement]?.succeeded += 1 } else { figures[statement]?.failed += 1 }
        }
    }

    package var reading: [String: Figures] { figures.withLock { $0 } }
}
