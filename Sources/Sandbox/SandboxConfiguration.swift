/// The configuration of the stand-in before it starts.
package struct SandboxConfiguration: Sendable {
    /// Where HSS listens.
    package var hssAddress = SandboxAddress()
    /// Where IAM, STS, the metadata service and the controls listen.
    package var iamAddress = SandboxAddress()
    /// The users that exist; at least one.
    package var accounts: [SandboxAccount]
    /// The moment, as time since 1970-01-01T00:00:00Z; `POST /sandbox/clock` shifts it.
    package var clock: @Sendable () -> Duration = { SandboxClock.systemTime() }
    /// Threads that serve connections.
    package var threads = 1
    /// Flow control.
    package var throttle = ThrottleSetting.off
    /// How often a poller answers `running` before the task is done.
    package var pollsUntilDone = 2
    /// Rows that an export without filters finds; at most `ExportedTable.mostRows`.
    package var exportRows = 24
    /// The seed of the exported rows.
    package var seed: UInt64 = 20_261_123
    /// How files are returned.
    package var download = DownloadSetting()
    /// The answer for a foreign project.
    package var projectMismatch = ProjectMismatchAnswer.projectUnavailable
    /// The language of HSS's messages if a request doesn't specify one.
    package var messageLanguage = MessageLanguage.chinese
    /// Accepts only the canonical query: sorted values, `k=`.
    package var strictQuery = false
    /// The lifetime of IAM's tokens: 24 hours in the cloud.
    package var tokenLifetime = Duration.seconds(86_400)
    /// The length of IAM's tokens in bytes: 2 to 10 kB are usual.
    package var tokenByteCount = 3_072
    /// The shape of IAM's errors.
    package var identityErrorForm = IAMErrorForm.keystone
    /// How the ECS metadata service behaves.
    package var metadata = MetadataSetting.tokens

    /// A stand-in with these users and the cloud's usual behaviour.
    package init(accounts: [SandboxAccount]) {
        precondition(!accounts.isEmpty, "a sandbox without accounts could answer nothing but 401")
        self.accounts = accounts
    }
}
