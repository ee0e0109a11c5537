import Audit
import Credentials
import NIOCore
import Policy
import Transport

extension OutboundRequest {
    /// The last change before a request is sent: the gateway's own credential goes on, paid for with the permit.
    mutating func inject(
        _ pass: CredentialPass, spending permit: consuming Permit, _ decision: Exchange.Decision, at time: SigningTime
    ) throws(Refusal) {
        let request = CredentialRequest(
            method: method, target: decision.target, host: origin.hostField, contentType: fields.first(named: "Content-Type"),
            region: fields.first(named: "region"), projectID: decision.route.project.id, payload: payloadHash
        )
        do throws(CredentialError) {
            let headers = try pass.vouch(for: request, spending: permit, at: time)
            headers.forEachField { name, value in
                fields.append(name, UnsafeRawBufferPointer(value))
            }
        } catch {
            throw Refusal(error, credential: pass.credential.name)
        }
    }

    private var payloadHash: PayloadHash {
        body.map { body in body.withUnsafeReadableBytes { PayloadHash(of: $0) } } ?? .empty
    }
}

extension Refusal {
    fileprivate init(_ error: CredentialError, credential: String) {
        switch error {
        case .notAtHand, .secret: self = .credentialUnavailable(credential, retryAfter: .seconds(1))
        case .request: self.init(.badRequest, "The request can't be signed unambiguously.", hint: "Use visible ASCII in header values.")
        }
    }
}
