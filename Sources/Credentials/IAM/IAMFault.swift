/// Why an identity service returned no token or keys. It contains no text of the service, which could repeat what was sent, except one line of
/// a canonical request.
package struct IAMFault: Error, Equatable, Sendable {
    /// The service that was called.
    package enum Service: String, Sendable {
        case iam = "IAM"
        case sts = "STS"
        /// Called only by the check of a configuration.
        case hss = "HSS"
        case metadata = "the metadata service"
        case podIdentity = "the pod identity agent"
    }

    /// What is wrong.
    package enum Kind: Equatable, Sendable {
        /// 401: authentication failed. The same secret is never sent again, because that would lock the user.
        case refused
        /// The user is locked, or the access key is.
        case locked
        /// The signature's date is too far from the service's clock.
        case clock
        /// 403: authenticated, but not allowed.
        case forbidden
        /// The domain, agency, project or identity provider named does not exist.
        case notFound
        /// IAM shows the credential no project that has exactly the region's name.
        case noProject(region: String)
        case throttled
        /// Too many passwords of the user were refused lately: the next one isn't sent yet, because that could lock the user.
        case spared
        /// The service itself fails, or refuses for another reason, with this status.
        case failing(status: Int)
        case exchange(IAMExchangeFault)
        /// The answer does not contain the requested data.
        case malformed
        /// A secret on this machine could not be read.
        case secret(SecretFault)
        /// The credential from which this one is obtained has no keys or token.
        case sourceUnavailable
        /// This method of authentication is not set up here; the next one of the chain is tried.
        case notConfigured
        /// This method is only partly set up; the sentence names only variables, files and keys. It ends the search.
        case incomplete(String)
        /// The service's endpoint in the region's own cloud is unknown; no service was called.
        case endpointUnknown(region: String?)
    }

    /// The kind of credential sent to the service.
    package enum Proof: Sendable {
        case key
        case token
    }

    package let service: Service
    package let kind: Kind
    /// Nil for a password or an identity token, which are part of the request itself.
    package let proof: Proof?
    /// The service's error code, if it has the usual form.
    package let code: String?
    /// The `Retry-After` of the service, seconds.
    package let retryAfter: Int?
    /// The host that was called, with the port if it isn't the default. Nil if none was called.
    package let host: String?
    /// The project that HSS was asked about, by its name in the configuration.
    package private(set) var project: String?
    /// If a signature was refused: how the service's canonical request differs from ours.
    package private(set) var difference: CanonicalDifference?

    package init(
        _ service: Service, _ kind: Kind, code: String? = nil, retryAfter: Int? = nil, host: String? = nil, proof: Proof? = nil
    ) {
        self.proof = proof
        self.service = service
        self.kind = kind
        self.code = code
        self.retryAfter = retryAfter
        self.host = host
    }

    /// Whether the service refused a secret of the credential itself, which is not sent again before it was replaced. A key or a token of another
    /// credential that this one is obtained with is suspended or replaced on its own; and a machine may get its agency later.
    var isRefusedSecret: Bool { (kind == .refused || kind == .locked) && proof == nil && service != .metadata }

    /// One word for metrics and records.
    package var word: String {
        switch kind {
        case .refused: "refused"
        case .locked: "locked"
        case .clock: "clock"
        case .forbidden: "forbidden"
        case .notFound, .noProject: "not_found"
        case .throttled: "throttled"
        case .spared: "spared"
        case .failing: "failing"
        case .exchange(.unreachable): "unreachable"
        case .exchange(.untrusted): "untrusted"
        case .exchange(.timedOut): "timed_out"
        case .exchange(.broken): "broken"
        case .malformed: "malformed"
        case .secret: "secret"
        case .sourceUnavailable: "source_unavailable"
        case .notConfigured: "not_configured"
        case .incomplete: "incomplete"
        case .endpointUnknown: "endpoint_unknown"
        }
    }

    /// What is wrong and what to do, in one sentence for the operator. It names the service that was called.
    package var sentence: String {
        let code = code.map { " (\($0))" } ?? ""
        switch kind {
        case .refused: return refusal(code)
        case .locked:
            return "\(who) says that the user or the key is locked after failed attempts\(code): "
                + "wait for the lock to end, or have an administrator unlock it."
        case .clock: return "\(who) refuses the signature's date\(code): set this machine's clock, best by NTP."
        case .forbidden:
            guard let project else {
                return "\(who) knows the credential and does not allow the call\(code): grant its user the permission."
            }
            return "\(who) knows the credential and does not let it read in the project \(project)\(code): "
                + "give its user a role for HSS there, one that reads at least."
        case .notFound: return "\(who) does not know the domain, agency, project or identity provider\(code): correct its name."
        case .noProject(let region):
            return "\(who) shows no project that is called exactly \(region): write the project's `id`; a sub-project such as \(region)_name is only "
                + "reached by its id."
        case .throttled: return "\(who) is asked too often\(code): nothing to do, it is tried again later."
        case .spared:
            return "IAM has refused \(RenewalSchedule.mostRefusals) passwords of this user within a quarter of an hour: the next one is tried when "
                + "that is over, so that the user isn't locked."
        case .failing(let status): return "\(who) answers with status \(status)\(code): try later, or check the endpoint."
        case .exchange(let fault): return broken(fault)
        case .malformed: return "\(who) does not answer as documented: check that the endpoint is the right service."
        case .secret(let fault): return fault.sentence
        case .sourceUnavailable: return "The credential that this one is made from is not available: look at that one first."
        case .notConfigured:
            return "Nothing of the chain is set up here: no keys in the environment, no profile file, no metadata service, no pod identity."
        case .incomplete(let sentence): return sentence
        case .endpointUnknown(let region):
            let key = service == .sts ? "sts" : "iam"
            guard let region else { return "Nothing says which cloud's \(service.rawValue) is meant: add `region` to the credential." }
            return "The \(service.rawValue) of the region \(region) is not known: add `\(key)` under regions.\(region)."
        }
    }

    /// The same fault with the project's name.
    package func naming(project: String) -> IAMFault {
        var fault = self
        fault.project = project
        return fault
    }

    /// The same fault with the difference from the service's canonical request; only for a refused signature (APIGW.0301).
    func comparing(_ difference: @autoclosure () -> CanonicalDifference) -> IAMFault {
        guard code?.hasSuffix("0301") == true else { return self }
        var fault = self
        fault.difference = difference()
        return fault
    }

    /// The service with its host, as the beginning of a sentence.
    private var who: String {
        let name = service.rawValue.prefix(1).uppercased() + service.rawValue.dropFirst()
        return name + (host.map { " (\($0))" } ?? "")
    }

    private func refusal(_ code: String) -> String {
        switch (proof, service) {
        case (.key, _):
            "\(who) refuses the access key or its signature\(code): check that the secret key belongs to the access key, and that the key is active."
                + (difference.map { " " + $0.sentence } ?? "")
        case (.token, _): "\(who) refuses the token\(code): it has ended or was revoked; put a new one in its place."
        case (nil, .iam), (nil, .hss):
            "\(who) refuses the domain, the user's name, the password or the identity token\(code): correct what is wrong; "
                + "it is not tried again before the secret's file changes."
        case (nil, .sts): "\(who) refuses the identity token\(code): check the provider's and the agency's URN, and the token's audience."
        case (nil, .metadata): "\(who) hands out no keys: give the machine an agency in its ECS settings."
        case (nil, .podIdentity): "\(who) refuses the pod's token\(code): check the service account's association."
        }
    }

    private func broken(_ fault: IAMExchangeFault) -> String {
        switch fault {
        case .unreachable: "\(who) can't be reached: check the endpoint, DNS, the proxy and the firewall."
        case .untrusted: "\(who) can't be trusted over TLS: check the endpoint, its certificate and upstream.ca_file."
        case .timedOut: "\(who) does not answer in time: check the network between."
        case .broken: "\(who) breaks off its answer: check what stands between."
        }
    }
}
