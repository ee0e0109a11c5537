package import Policy

extension Credential {
    /// Vouches for one request, without waiting, in exchange for a permit: nothing else makes a credential act.
    ///
    /// - Returns: the fields to add, and the end of the access key that signed, for the record.
    package func vouch(
        for request: CredentialRequest, spending permit: consuming Permit, at time: SigningTime
    ) throws(CredentialError) -> (headers: CredentialHeaders, accessKeyTail: String?) {
        guard let material = materialAtHand(at: time) else { throw .notAtHand }
        return (try material.headers(for: request, at: time), material.accessKeyTail)
    }
}
