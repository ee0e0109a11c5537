package import Policy

extension CredentialPass {
    /// Vouches for one request, in exchange for a permit: nothing else makes a credential act towards HSS.
    package func vouch(
        for request: borrowing CredentialRequest, spending permit: consuming Permit, at time: SigningTime
    ) throws(CredentialError) -> CredentialHeaders {
        try material.headers(for: request, at: time)
    }
}
