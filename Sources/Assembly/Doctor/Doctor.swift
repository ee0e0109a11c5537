import Audit
import Credentials
import Glibc
package import Settings

/// Examines everything that a gateway with these settings needs; it changes and creates nothing: `hss-gateway doctor`.
///
/// 1. A key or a password is tried once, as `config check --connect` does.
/// 2. Every wait has a bound; blocking calls run on a thread of their own.
package struct Doctor: Sendable {
    package let settings: GatewaySettings
    package let environment: [String: String]
    /// The configuration's file, where there is one.
    package let file: String?

    /// Fetches the secrets that are in stores.
    private let stores: SecretStores

    package init(settings: GatewaySettings, environment: [String: String], file: String?, stores: SecretStores) {
        self.stores = stores
        self.settings = settings
        self.environment = environment
        self.file = file
    }

    /// All findings, in no particular order.
    package func examine() async -> [DoctorFinding] {
        // All other examinations read what this fetches.
        let settings = settings
        let stores = stores
        let unread = Set(await Blocking.run { stores.fetch(settings).map(\.path) } ?? [])
        async let network = NetworkExamination(settings: settings, environment: environment).findings()
        async let credentials = CredentialExamination(settings: settings, environment: environment).findings()
        async let sinks = SinkExamination(settings: settings).findings()
        async let gateway = RunningGatewayExamination(settings: settings).findings()
        var findings = LimitExamination(settings: settings).findings()
        findings += await FileExamination(settings: settings, file: file, unread: unread).findings()
        findings += stores.outcomes(settings).map(Self.finding)
        findings += JournalExamination(settings: settings.audit).findings()
        findings += SurroundingsExamination(settings: settings, environment: environment).findings()
        let tried = await credentials.map { Self.withoutStore($0, unread) }
        return (await findings + network + tried + sinks + gateway).map { $0.naming(stores) }
    }

    /// A secret that a store does not return is an empty file to later examinations, which would report the wrong fault.
    private static func withoutStore(_ finding: DoctorFinding, _ unread: Set<String>) -> DoctorFinding {
        guard finding.check == .secrets, unread.contains(where: { finding.message.contains("\($0) ") }) else { return finding }
        return DoctorFinding(
            .secrets, finding.subject, .failure, "It was not tried: its secret is in a store that doesn't give it.",
            "Look at the finding about the store.")
    }

    private static func finding(_ outcome: (reference: StoreReference, fault: StoreFault?)) -> DoctorFinding {
        guard let fault = outcome.fault else {
            return DoctorFinding(.secrets, "\(outcome.reference)", .ok, "The store gives it.")
        }
        return DoctorFinding(
            .secrets, "\(outcome.reference)", .failure, fault.sentence,
            fault.isOfStore ? "Mend the store, or the way to it under secret_stores." : "Write the secret to the store, or correct the reference.")
    }
}

/// Blocking calls, on a thread of their own.
enum Blocking {
    /// Runs it; nil when the system can't create a thread.
    static func run<Value: Sendable>(_ action: @escaping @Sendable () -> Value) async -> Value? {
        await withCheckedContinuation { continuation in
            let thread = BlockingThread { continuation.resume(returning: action()) }
            if thread == nil { continuation.resume(returning: nil) }
        }
    }
}

/// Queries the gateway that runs with this configuration, if one does.
struct RunningGatewayExamination: Sendable {
    let settings: GatewaySettings

    private static let patienceSeconds = 3

    /// A token that may read: the operator's, or the first named one that is available.
    private var token: Secret? {
        ([settings.admin.token].compactMap(\.self) + settings.admin.tokens.map(\.token)).lazy.compactMap { try? CredentialAssembly.secret($0) }.first
    }

    private static func answer(of client: ProbeClient) -> Result<(status: Int, body: String), Failure> {
        do throws(Failure) {
            return .success(try client.get("/readyz?verbose"))
        } catch {
            return .failure(error)
        }
    }

    private static func asksForACertificate(_ address: ListenAddress) -> DoctorFinding {
        DoctorFinding(
            .gateway, "\(address)", .ok,
            "The admin port asks for a client certificate, and the doctor has none: whether a gateway is ready is not known.",
            "Ask it with `hss-gateway health --certificate-file` and `--private-key-file`.")
    }

    func findings() async -> [DoctorFinding] {
        let address = settings.admin.address
        // With port 0 the actual port is unknown.
        guard address.port != 0 else { return [] }
        let tls: ProbeTLS?
        do throws(Failure) {
            // The doctor has only the server's files, not a client's.
            if settings.admin.tls?.clientAuthorityFile != nil { return [Self.asksForACertificate(address)] }
            tls = try settings.admin.tls.map { tls throws(Failure) in try ProbeTLS(showing: tls.certificateFile) }
        } catch {
            return [DoctorFinding(.gateway, "\(address)", .warning, error.message, "Correct admin.tls; `config check` says what is wrong there.")]
        }
        let client = ProbeClient(address: address, patienceSeconds: Self.patienceSeconds, token: token, tls: tls)
        let result = await Blocking.run { Self.answer(of: client) }
        let answer: (status: Int, body: String)
        switch result {
        case .success(let heard): answer = heard
        case .failure(let fault) where client.isOpen:
            return [
                DoctorFinding(
                    .gateway, "\(address)", .warning, "Something listens here that is no gateway of this configuration: \(fault.message)",
                    "See who it is, or start the gateway anew where `admin` was changed.")
            ]
        case .failure, nil:
            return [DoctorFinding(.gateway, "\(address)", .ok, "No gateway answers here: none runs with this configuration.")]
        }
        guard answer.status != 200 else { return [DoctorFinding(.gateway, "\(address)", .ok, "The running gateway is ready.")] }
        guard answer.status == 503 else {
            return [DoctorFinding(.gateway, "\(address)", .ok, "Something answers with status \(answer.status); whether it is ready is not known.")]
        }
        let failing = answer.body.split(separator: "\n").filter { $0.hasPrefix("[-]") }.joined(separator: " ")
        return [
            DoctorFinding(
                .gateway, "\(address)", .failure, "The running gateway is not ready: \(failing)", "Mend what it names; it recovers by itself.")
        ]
    }
}
