/// How much of a request's record must be on stable storage before the exchange may go on (`audit.durability`).
package enum Durability: String, Sendable, CaseIterable {
    /// Every request has a durable request record before HSS receives a byte, and a durable response record before its caller receives the last one.
    case strict
    /// Strict for `write`, `export` and `download`; a `read` has one record, in the kernel before its response ends.
    case strictExports = "strict-exports"
    /// No exchange waits for the disk; records that could not be kept are counted and reported.
    case bestEffort = "best-effort"
}
