import Gateway
import Recognition
package import Settings

/// What `config check` finds in the files for recognising callers, listeners and services, beyond their existence.
package enum RecognitionCheck {
    /// Reads the files; a file that several settings name is reported at the first of them.
    package static func problems(_ settings: GatewaySettings) async -> [SettingsProblem] {
        var problems: [SettingsProblem] = []
        func report(_ path: String, _ message: String) {
            guard let file = settings.files.first(where: { $0.path == path }) else { return }
            problems.append(SettingsProblem(.unusableFile, file.site, message))
        }
        // A secret in a store that was not fetched is examined by the doctor.
        func isFetched(_ path: String?) -> Bool { path.map { !StoreReference.isMeant(by: $0) } ?? true }
        for tls in settings.listeners.compactMap(\.tls) + (settings.admin.tls.map { [$0] } ?? [])
        where [tls.certificateFile, tls.privateKeyFile, tls.clientAuthorityFile].allSatisfy(isFetched) {
            do throws(ListenerTLS.Fault) {
                _ = try ListenerTLS(ListenerTLS.Files(tls))
            } catch {
                report(error.path, "\(error.path) \(error.sentence)")
            }
        }
        for path in Set(settings.files.filter { $0.role == .authorities }.map(\.path)) {
            do throws(ListenerTLS.Fault) {
                _ = try ListenerTLS.authorities(path)
            } catch {
                report(path, "\(error.path) \(error.sentence)")
            }
        }
        for case .file(let path) in Set(settings.callers.compactMap { $0.authentication.jwt?.keySet }) where isFetched(path) {
            do throws(VerificationKeys.Fault) {
                _ = try await VerificationKeys(json: KeySetFile.read(path))
            } catch {
                report(path, "\(path) \(error.sentence)")
            }
        }
        do throws(CallerKeyFile.Fault) {
            _ = try RecognitionAssembly.table(settings.callerKeys)
        } catch {
            let isMaster = error.place.hasPrefix(settings.callerKeys.masterKeyFile)
            report(isMaster ? settings.callerKeys.masterKeyFile : settings.callerKeys.storeFile, "\(error.place) \(error.sentence)")
        }
        return problems
    }
}

extension ListenerTLS.Files {
    package init(_ tls: ListenerSettings.TLS) {
        self.init(certificate: tls.certificateFile, privateKey: tls.privateKeyFile, clientAuthority: tls.clientAuthorityFile)
    }
}
