import Audit
import Settings
import Shipping

/// Creates the notary, which signs the journal, from the settings.
struct EvidenceAssembly {
    let settings: AuditSettings

    /// The size that was signed before this start.
    func signedSize() throws(Failure) -> UInt64 {
        do throws(CheckpointKeyFault) {
            return try CheckpointKey.found(path: settings.checkpoint.keyFile, journal: settings.directory)?.signedSize(settings.directory) ?? 0
        } catch {
            throw Failure(.auditNotWritable, error.sentence)
        }
    }

    /// Starts signing; creates the key at the first start.
    /// - Parameter clock: says which segments are old enough to be removed.
    func start(_ journal: Journal, by clock: BelievedClock, guards: [any RetentionGuard] = []) throws(Failure) -> Notary {
        var configuration = NotaryConfiguration()
        configuration.now = { clock.now }
        configuration.every = UInt64(settings.checkpoint.every)
        configuration.interval = settings.checkpoint.interval
        configuration.retention = settings.retention
        configuration.compresses = settings.compression == .gzip
        for setting in settings.checkpoint.anchors { configuration.anchors.append(try anchor(setting)) }
        configuration.guards = guards
        do throws(CheckpointKeyFault) {
            let key = try CheckpointKey.load(path: settings.checkpoint.keyFile, instance: Instance.name, journal: settings.directory)
            return try start(journal, key, configuration)
        } catch {
            throw Failure(.auditNotWritable, error.sentence)
        }
    }

    private func start(_ journal: Journal, _ key: CheckpointKey, _ configuration: NotaryConfiguration) throws(CheckpointKeyFault) -> Notary {
        do throws(JournalError) {
            return try Notary.start(journal, key: key, configuration)
        } catch {
            throw CheckpointKeyFault(sentence: "Checkpoints can't be made: \(error.sentence)")
        }
    }

    private func anchor(_ setting: AuditSettings.Anchor) throws(Failure) -> any CheckpointAnchor {
        switch setting {
        case .standardError: return StandardErrorAnchor()
        case .file(let path): return FileAnchor(path: path)
        case .http(let name, let url, let headersFile, let authorityFile):
            return HTTPAnchor(name: name, endpoint: try SinkEndpoints.endpoint(url, headersFile: headersFile, authorityFile: authorityFile))
        case .syslog(let name, let syslog):
            return SyslogAnchor(name: name, instance: Instance.name, target: try SinkEndpoints.target(syslog, of: "anchor \(name)"))
        case .postgresql(let name, let file):
            return PostgreSQLAnchor(name: name, instance: Instance.name) { () throws(SinkFailure) in try SecretText.read(file) }
        }
    }
}
