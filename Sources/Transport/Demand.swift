/// What the receiver of a body wants next.
package enum Demand: Sendable {
    /// More, when there is more.
    case `continue`
    /// Nothing until ``Transfer/resume()``. The bytes just handed over count as taken.
    case pause
}
