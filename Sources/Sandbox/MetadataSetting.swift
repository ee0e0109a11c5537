/// How the ECS metadata service behaves (emulator notes, section 6).
package enum MetadataSetting: Sendable, Equatable {
    /// Hands out a session token and, against it, keys.
    case tokens
    /// Knows no session tokens and answers their path with this status; keys come without.
    case tokenless(status: Int)
    /// The machine has no agency: 401 with the sentence that the SDKs look for.
    case withoutAgency
}
