/// What an upstream was too slow with.
package enum TimeoutPhase: Sendable, Equatable {
    case connect
    case firstByte
    case idle
    case total
}
