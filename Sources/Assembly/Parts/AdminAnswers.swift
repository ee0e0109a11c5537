import Administration
import Audit
import Codecs
import Gateway
import Policy
import Recognition
import Recollection
import Settings

/// The admin port's answers about the configuration in force.
extension RunningConfiguration {
    /// Which credential may act in which project.
    var credentialProjects: [(credential: String, project: String)] {
        settings.projects.flatMap { project in project.credentials.map { ($0, project.name) } }
    }

    /// Callers with their limits, projects, and the keys in the key file, without their secrets.
    var callersText: String {
        let keys = ((try? CallerKeyFile(path: settings.callerKeys.storeFile).read()) ?? CallerKeyList()).keys.filter { $0.revoked == nil }
        let used = KeyUseFile(directory: settings.audit.directory).read().lastUsed
        var json = JSONWriter()
        json.object { json in
            json.list("callers", settings.callers) { json, caller in
                json.object { json in
                    json.member("name", caller.name)
                    json.object("limits") { json in
                        json.member("requests_per_second", caller.limits.requestsPerSecond.map(Int64.init))
                        json.member("burst", caller.limits.burst.map(Int64.init))
                        json.member("concurrent", caller.limits.concurrent.map(Int64.init))
                        json.member("exports_per_day", caller.limits.exportsPerDay.map(Int64.init))
                    }
                    json.list("require_reason", caller.reasonRequiredFor) { json, kind in json.value(kind.rawValue) }
                    json.list("projects", caller.grantedNames) { json, name in json.value(name) }
                    json.list("keys", keys.filter { $0.caller == caller.name }) { json, key in
                        json.object { json in
                            json.member("id", key.id)
                            json.member("kind", key.kind.rawValue)
                            json.member("made", key.created)
                            json.key("last_used")
                            if let seconds = used[key.id], (0...253_402_300_799).contains(seconds) {
                                json.value(Timestamp(microseconds: seconds * 1_000_000).description)
                            } else {
                                json.null()
                            }
                            json.key("ends")
                            if let ends = key.ends { json.value(ends) } else { json.null() }
                        }
                    }
                }
            }
        }
        return json.text
    }

    /// The same as `hss-gateway explain --json`, with this gateway's memory.
    func explain(_ question: AdminState.Question, _ memory: Memory) -> Result<String, AdminState.Question.Fault> {
        var request = Explanation.Request(
            method: question.method, target: question.path, callerName: question.caller ?? CallerSettings.anonymousName,
            secondsSinceEpoch: question.time.microseconds / 1_000_000)
        request.reason = question.reason
        return .success(ExplanationReport(Explanation(of: request, by: snapshot, memory: memory)).json)
    }
}

extension CallerSettings {
    /// `*` for all projects.
    fileprivate var grantedNames: [String] {
        switch projects {
        case .all: ["*"]
        case .named(let names): names
        }
    }
}
