import Audit
package import Codecs

extension ExportTrail {
    /// The most polls whose times are listed one by one: the first and the last ones.
    private static let mostTimes = 100

    /// The trail as one JSON object.
    ///
    /// - Parameter withRecords: adds each record as it stands in the journal.
    package func write(to json: inout JSONWriter, withRecords: Bool) {
        json.open()
        json.member("task_id", taskID)
        json.member("state", state.rawValue)
        json.member("waited_us", waited)
        json.member("record_total_num", rows)
        json.list("file_ids", fileIDs) { json, id in json.value(id) }
        if let creation {
            json.key("created")
            Self.write(creation, to: &json) { json in
                json.member("operation", creation[.operation])
                json.member("project", creation[.projectName])
                json.member("project_id", creation[.projectID])
                json.member("enterprise_project_id", creation[.enterpriseValue])
                json.object("asked_for") { json in
                    json.member("query", creation[.query])
                    json.member("body_bytes", creation.integer(.requestBytes))
                    json.member("body_sha256", creation[.requestSHA256])
                    if let fields = creation.raw(.requestFields) {
                        json.key("body")
                        json.raw(fields)
                    }
                }
            }
        }
        json.object("polls") { json in
            json.member("count", Int64(polls.count))
            json.member("first", polls.first?[.time])
            json.member("last", polls.last?[.time])
            json.list("at", polls.prefix(Self.mostTimes / 2) + polls.dropFirst(Self.mostTimes / 2).suffix(Self.mostTimes / 2)) { json, poll in
                json.value(poll[.time] ?? "")
            }
        }
        json.list("downloads", downloads) { json, download in
            Self.write(download, to: &json) { json in
                json.member("file_id", download[.fileID])
                json.member("bytes", download.integer(.responseBytes))
                json.member("sha256", download[.responseSHA256])
                json.member("error", download[.upstreamError])
            }
        }
        writeCoverage(to: &json)
        if withRecords { json.records(steps.map(\.record)) }
        json.close()
    }

    /// Whether another gateway may have recorded more steps, and how far each gateway's records had been copied.
    private func writeCoverage(to json: inout JSONWriter) {
        guard mayHaveMore || isOfCopies else { return }
        json.key("may_have_more")
        json.value(mayHaveMore)
        guard case .copies(let members, let time) = coverage else { return }
        json.list("shipped", members) { json, member in
            json.object { json in
                json.member("instance", member.instance)
                json.member("last_seq", member.end - 1)
                json.member("newest", member.newest.description)
                json.member("behind_seconds", member.age(at: time))
            }
        }
    }

    private var isOfCopies: Bool {
        if case .copies = coverage { true } else { false }
    }

    /// What is written of each step: who, when, why, and how it ended.
    private static func write(_ record: JournalRecord, to json: inout JSONWriter, _ more: (inout JSONWriter) -> Void) {
        json.open()
        json.member("instance", record.instance)
        json.member("seq", Int64(record.sequence))
        json.member("id", record[.id])
        json.member("time", record[.time])
        json.member("caller", record[.callerName])
        json.member("address", record[.callerAddress])
        json.member("reason", record[.reason])
        json.member("rule", record[.rule])
        json.member("outcome", record[.outcome])
        json.member("status", record.integer(.status))
        json.member("error_code", record[.errorCode])
        more(&json)
        json.close()
    }
}
