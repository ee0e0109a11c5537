/// What HSS answers when an operation succeeds.
package enum ResponseKind: Sendable, CaseIterable {
    case jsonObject
    case file
}
