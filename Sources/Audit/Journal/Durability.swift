/// How much of a request's record must be on stable storage before the exchange may go on (`audit.durability`).
package enum Durability: String, Sendable, CaseIterable {
    /// Every request has a durable request record before HSS sees a byte, and a durable response record before its caller sees the last one.
    case strict
    /// Strict for `write`, `export` and `download`; a `read` has one record, in the kernel before its response ends.
    case strictExports = "strict-exports"
    /// No exchange waits for the disk; what could not be kept is counted and said.
    case bestEffort = "best-effort"
}
