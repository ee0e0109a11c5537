/// The state of the stand-in, each part with its own lock.
struct SandboxParts: Sendable {
    let configuration: SandboxConfiguration
    let clock: SandboxClock
    let ledger = Ledger()
    let faults = FaultPlan()
    let credentials: CredentialDirectory
    let tokens: TokenRegistry
    let keyLockouts = LockoutLedger()
    /// It isn't documented how many wrong passwords lock a user; five, for fifteen minutes, is IAM's default
    /// policy.
    let passwordLockouts = LockoutLedger(failuresUntilLock: 5, lockTime: .seconds(900))
    let throttle: Throttle
    let tasks: ExportTasks
    let metadataSessions = MetadataSessions()
    let terms: LiveTerms

    /// Fresh state for a configuration.
    init(_ configuration: SandboxConfiguration) {
        self.configuration = configuration
        clock = SandboxClock(source: configuration.clock)
        credentials = CredentialDirectory(accounts: configuration.accounts)
        tokens = TokenRegistry(tokenByteCount: configuration.tokenByteCount)
        throttle = Throttle(setting: configuration.throttle)
        terms = LiveTerms(configuration)
        tasks = ExportTasks(pollsUntilDone: configuration.pollsUntilDone)
    }

    /// The authentication.
    var gate: AuthenticationGate {
        AuthenticationGate(
            credentials: credentials, tokens: tokens, lockouts: keyLockouts,
            verifier: SignatureVerifier(strictQuery: configuration.strictQuery))
    }

    /// Resets everything to the state after the start.
    func reset() {
        clock.setOffset(.zero)
        ledger.removeAll()
        faults.removeAll()
        credentials.removeTemporaryKeys()
        tokens.removeAll()
        keyLockouts.removeAll()
        passwordLockouts.removeAll()
        throttle.removeAll()
        tasks.removeAll()
        metadataSessions.removeAll()
        terms.reset()
    }
}
