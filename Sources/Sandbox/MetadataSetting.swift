/// How the ECS metadata service behaves (emulator notes, section 6).
package enum MetadataSetting: Sendable, Equatable {
    /// Issues a session token and, for it, keys.
    case tokens
    /// Has no session tokens and answers their path with this status; keys are returned without.
    case tokenless(status: Int)
    /// The machine has no agency: 401 with the sentence that the SDKs search for.
    case withoutAgency
}
