import Credentials
import Settings
import Transport

/// Examines the connections to HSS and the identity services: names, connections, certificates, proxy, and their clocks.
struct NetworkExamination: Sendable {
    let settings: GatewaySettings
    let environment: [String: String]

    /// More than any real configuration has.
    private static let mostEndpoints = 64
    private static let longestConnect = Duration.seconds(10)

    /// One endpoint that the gateway calls.
    struct Endpoint: Sendable {
        let service: String
        let origin: Origin
        var isHSS: Bool { service == "HSS" }
        var subject: String { "\(service) \(origin.hostField)" }
    }

    func findings() async -> [DoctorFinding] {
        let transport: TransportConfiguration
        do throws(Failure) {
            transport = try TransportAssembly.configuration(settings, environment: environment)
        } catch {
            return [DoctorFinding(.configuration, nil, .failure, error.message, "Correct what it names; HSS can't be reached before.")]
        }
        let proxy = ProxyExamination(transport, TransportAssembly.exceptions(settings.upstream, environment))
        var (endpoints, findings) = endpoints()
        findings += await proxy.findings(patience: connectPatience)
        endpoints = Array(endpoints.prefix(Self.mostEndpoints))
        let found = await withTaskGroup(of: (Int, [DoctorFinding]).self) { group in
            for (index, endpoint) in endpoints.enumerated() {
                group.addTask { (index, await look(at: endpoint, transport, proxy)) }
            }
            return await group.reduce(into: [(Int, [DoctorFinding])]()) { $0.append($1) }
        }
        return findings + found.sorted { $0.0 < $1.0 }.flatMap(\.1)
    }

    private var connectPatience: Duration { min(settings.upstream.connectTimeout, Self.longestConnect) }

    /// HSS in each region with a project, and the identity services of each credential; an unknown endpoint is a finding.
    private func endpoints() -> (endpoints: [Endpoint], findings: [DoctorFinding]) {
        var endpoints: [Endpoint] = []
        var findings: [DoctorFinding] = []
        func add(_ service: String, _ origin: Origin) {
            guard !endpoints.contains(where: { $0.service == service && $0.origin.hostField == origin.hostField }) else { return }
            endpoints.append(Endpoint(service: service, origin: origin))
        }
        for region in Set(settings.projects.map(\.region)).sorted() {
            do throws(Failure) {
                add("HSS", try TransportAssembly.origin(of: region, in: settings))
            } catch {
                findings.append(DoctorFinding(.configuration, region, .failure, error.message, "Name the endpoint, or correct the region's name."))
            }
        }
        let regions = IAMRegions(settings, SettingsLoader.gateway.vocabulary)
        for credential in settings.credentials {
            let services = regions.services(of: regions.region(of: credential.name))
            if let iam = services.iam.flatMap({ try? Origin(url: $0) }) { add("IAM", iam) }
            switch credential.source {
            case .trustAgency, .assumedRole: if let sts = services.sts.flatMap({ try? Origin(url: $0) }) { add("STS", sts) }
            default: break
            }
        }
        return (endpoints, findings)
    }

    private func look(at endpoint: Endpoint, _ transport: TransportConfiguration, _ proxy: ProxyExamination) async -> [DoctorFinding] {
        var transport = transport
        // The pin applies to HSS's key only.
        if !endpoint.isHSS { transport.pinnedPublicKey = nil }
        var findings: [DoctorFinding] = []
        let isProxied = proxy.isUsed(for: endpoint.origin.host)
        if !isProxied {
            let lookup = await Blocking.run { [host = endpoint.origin.host] in NameLookup.find(host) }
            guard let lookup else { return [DoctorFinding(.dns, endpoint.subject, .failure, "The system gives no thread.", "Raise its limits.")] }
            findings.append(dns(endpoint, lookup, transport))
            guard !lookup.addresses.isEmpty else { return findings }
            let (port, patience) = (endpoint.origin.port, connectPatience)
            let trial = await Blocking.run { ConnectionTrial.run(lookup.addresses, port: port, patience: patience) }
            if let trial { findings.append(tcp(endpoint, trial)) }
            guard trial?.isReached == true else { return findings }
        }
        let answer = await UpstreamTrial.run(endpoint.origin, transport)
        if endpoint.origin.scheme == .https {
            let chain = await CertificateTrial.run(
                name: endpoint.origin.host, port: endpoint.origin.port, through: isProxied ? proxy.place : nil)
            findings.append(CertificateExamination(endpoint: endpoint, pinned: transport.pinnedPublicKey).finding(answer, chain))
        }
        findings += judge(endpoint, answer, isProxied)
        return findings
    }

    private func dns(_ endpoint: Endpoint, _ lookup: NameLookup, _ transport: TransportConfiguration) -> DoctorFinding {
        let host = endpoint.origin.host
        if HostAddress(text: host) != nil { return DoctorFinding(.dns, endpoint.subject, .ok, "It is an address; no name has to be looked up.") }
        func text(_ answer: NameLookup.Answer) -> String {
            switch answer {
            case .addresses(let list): list.map(\.text).joined(separator: ", ")
            case .none: "none"
            case .failing: "the resolver doesn't answer"
            }
        }
        let message = "IPv4: \(text(lookup.version4)); IPv6: \(text(lookup.version6))."
        guard !lookup.addresses.isEmpty else {
            let isFailing = lookup.version4 == .failing || lookup.version6 == .failing
            return DoctorFinding(
                .dns, endpoint.subject, .failure, "The name leads to no address. \(message)",
                isFailing
                    ? "Check the resolvers in /etc/resolv.conf and the way to them."
                    : "Correct the endpoint's name, or ask who looks after it in DNS.")
        }
        let refused = lookup.addresses.filter { !transport.addresses.allows($0.bytes, for: host) }
        if !refused.isEmpty {
            return DoctorFinding(
                .dns, endpoint.subject, refused.count == lookup.addresses.count ? .failure : .warning,
                "The name leads to \(refused.map(\.text).joined(separator: ", ")), where requests with a signature must not go. \(message)",
                "Write the endpoint under `regions` if a private address is meant; otherwise look at who answers for this name.")
        }
        if lookup.version4 == .failing || lookup.version6 == .failing {
            return DoctorFinding(
                .dns, endpoint.subject, .warning, "One family is not answered, which delays new connections. \(message)",
                "Check the resolvers in /etc/resolv.conf.")
        }
        return DoctorFinding(.dns, endpoint.subject, .ok, message)
    }

    private func tcp(_ endpoint: Endpoint, _ trial: ConnectionTrial) -> DoctorFinding {
        let port = endpoint.origin.port
        let message = "Port \(port): " + trial.results.map { "\($0.address.text) \($0.outcome.sentence)" }.joined(separator: ", ") + "."
        guard trial.isReached else {
            return DoctorFinding(
                .tcp, endpoint.subject, .failure, message,
                trial.results.allSatisfy { $0.outcome == .refused }
                    ? "Nobody listens there: correct the endpoint, or start what should listen."
                    : "Let connections out to it through firewall, security group and network policy, or set upstream.proxy.")
        }
        // A machine without IPv6 has no route to some addresses, and doesn't use them.
        let broken = trial.results.contains { $0.outcome == .timedOut || $0.outcome == .refused }
        return DoctorFinding(
            .tcp, endpoint.subject, broken ? .warning : .ok, message,
            broken ? "Let connections out to every address of the name: those that fail delay the others." : nil)
    }

    /// Findings about the proxy and the clock from the answer; certificates have a finding of their own.
    private func judge(_ endpoint: Endpoint, _ result: Result<UpstreamTrial.Answer, TransportError>, _ isProxied: Bool) -> [DoctorFinding] {
        switch result {
        case .success(let answer): return endpoint.isHSS ? [clock(endpoint, answer)] : []
        case .failure(.tls): return []
        case .failure(.proxy(let status)):
            return [
                DoctorFinding(
                    .proxy, endpoint.subject, .failure, "The proxy lets nothing through to it\(status.map { ": it answers \($0)" } ?? "").",
                    status == 407
                        ? "Write user and password into the proxy's URL: upstream.proxy: { environment: … } keeps them out of the file."
                        : "Have the proxy allow CONNECT to \(endpoint.origin.host):\(endpoint.origin.port), or name the host in NO_PROXY.")
            ]
        case .failure(let error):
            let check: DoctorFinding.Check = endpoint.isHSS ? .hss : .iam
            return [
                DoctorFinding(
                    check, endpoint.subject, .failure, "It doesn't answer as an HTTP service does: \(Self.words(error)).",
                    isProxied ? "Look at the proxy's log for this host." : "Check that the endpoint is the right service, and what stands between.")
            ]
        }
    }

    private static func words(_ error: TransportError) -> String {
        switch error {
        case .timedOut: "nothing came in time"
        case .connectionLost: "the connection was cut"
        case .protocolViolation, .headersTooLarge, .responseTooManyHeaders: "what came is no HTTP"
        case .couldNotConnect, .couldNotResolve: "no connection came about"
        case .addressRefused: "its address is one where requests must not go"
        default: "the call failed"
        }
    }

    private func clock(_ endpoint: Endpoint, _ answer: UpstreamTrial.Answer) -> DoctorFinding {
        guard let offset = answer.offset else {
            return DoctorFinding(
                .clock, endpoint.subject, .warning, "The answer has no `Date`, so that this machine's clock could not be compared.",
                "Check the time with another source, and that the endpoint is HSS itself.")
        }
        let seconds = offset.magnitude
        guard seconds > UInt64(answer.uncertainty) else {
            return DoctorFinding(.clock, endpoint.subject, .ok, "This machine's clock agrees with HSS's to the second.")
        }
        let message = "This machine's clock is \(seconds) s \(offset < 0 ? "ahead of" : "behind") HSS's."
        if seconds >= UInt64(ClockOffset.limit.components.seconds) {
            return DoctorFinding(
                .clock, endpoint.subject, .failure, message + " Signatures are refused from 15 minutes on.",
                "Set the clock, best by NTP (chrony or "
                    + "systemd-timesyncd).")
        }
        let isNotable = seconds >= UInt64(ClockOffset.warning.components.seconds)
        return DoctorFinding(
            .clock, endpoint.subject, isNotable ? .warning : .ok, message,
            isNotable ? "Set the clock, best by NTP (chrony or systemd-timesyncd)." : nil)
    }
}
