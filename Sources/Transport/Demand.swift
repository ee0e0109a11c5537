/// What the receiver of a body wants next.
package enum Demand: Sendable {
    /// More, as soon as it arrives.
    case `continue`
    /// Nothing until ``Transfer/resume()``. The bytes just handed over count as taken.
    case pause
}
